"""Values as YAML lines, in the style of a file."""

from __future__ import annotations

from cfgc.edit.rewrite.lines import Style
from cfgc.edit.rewrite.words import in_line, key_text, marker, scalar
from cfgc.model.values import Value
from cfgc.stages.render.emitters.yaml import string


def entry(head: str, value: Value, pad: str, style: Style, like: str = "") -> list[str]:
    """The lines of an entry whose `head` is `key:` or `-`, without `pad` before the first of them."""
    marks, bare = marker(value)
    if marks.startswith("!unset"):
        return [f"{head} {marks.rstrip() if bare is None else in_line(value)}"]
    if isinstance(bare, dict) and bare:
        if head == "-" and not marks:
            return _compact(_map(bare, pad + "  ", style), pad)
        return [f"{head} {marks}".rstrip(), *_map(bare, pad + style.step, style)]
    if isinstance(bare, list) and bare:
        deeper = pad + (style.dash if head != "-" else style.step)
        return [f"{head} {marks}".rstrip(), *_list(bare, deeper, style)]
    if isinstance(bare, str) and style.literal and _is_literal(bare) and like not in ("'", '"'):
        return [f"{head} {marks}{'|' if bare.endswith(_END) else '|-'}", *_literal(bare, pad + style.step)]
    return [f"{head} {marks}{in_line(bare) if isinstance(bare, (dict, list)) else scalar(bare, like)}"]


_END = "\n"


def _map(value: dict[str, Value], pad: str, style: Style) -> list[str]:
    entries = (entry(key_text(key), item, pad, style) for key, item in value.items())
    return [line for lines in entries for line in _padded(lines, pad)]


def _list(value: list[Value], pad: str, style: Style) -> list[str]:
    return [line for item in value for line in _padded(entry("-", item, pad, style), pad)]


def _padded(lines: list[str], pad: str) -> list[str]:
    return [pad + lines[0], *lines[1:]]


def _compact(lines: list[str], pad: str) -> list[str]:
    """A map that begins on the line of its dash."""
    return [f"- {lines[0][len(pad) + 2 :]}", *lines[1:]]


def _is_literal(value: str) -> bool:
    """Whether a text with line breaks stands better, and exactly, under a `|`."""
    return not string(value) and not value.endswith("\n\n")


def _literal(value: str, pad: str) -> list[str]:
    return [pad + line if line else "" for line in value.removesuffix("\n").split("\n")]
