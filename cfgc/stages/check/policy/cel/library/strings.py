"""The strings extension: positions count code points from 0, and a position outside is an error."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from cfgc.stages.check.policy.cel.leaves import known_items
from cfgc.stages.check.policy.cel.library.format import format_text
from cfgc.stages.check.policy.cel.library.function import CHARACTERS_A_STEP, Function, length
from cfgc.stages.check.policy.cel.values import CelError, Unknowns

_SPACE: Final = (
    "\t\n\v\f\r \x85\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u2028\u2029\u202f\u205f\u3000"
)
"""the white space of Unicode; `str.strip` takes the separators \\x1c to \\x1f besides"""
_LOWER: Final = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
_UPPER: Final = {code + 32: code for code in _LOWER}
_QUOTED: Final = str.maketrans(
    {
        "\a": "\\a", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v", "\\": "\\\\",
        '"': '\\"',
    }
)  # fmt: skip


def _position(text: str, at: int) -> int:
    if 0 <= at <= len(text):
        return at
    raise CelError("the position is outside of the string")


def _char_at(text: str, at: int) -> str:
    return text[_position(text, at) :][:1]


def index_of(text: str, part: str, start: int) -> int:
    return text.find(part, _position(text, start))


def last_index_of(text: str, part: str, start: int) -> int:
    return text.rfind(part, 0, _position(text, start) + len(part))


def _substring(text: str, start: int, end: int) -> str:
    if start > end:
        raise CelError("the substring ends before it starts")
    return text[_position(text, start) : _position(text, end)]


def _replace(text: str, old: str, new: str, count: int = -1) -> str:
    return text.replace(old, new, count)


def _replaced(text: str, old: str, new: str, count: int = -1) -> int:
    found = text.count(old)
    return (len(text) + (found if count < 0 else min(found, count)) * len(new)) // CHARACTERS_A_STEP


def _split(text: str, separator: str, limit: int = -1) -> list[str]:
    if limit == 0:
        return []
    if separator:
        return text.split(separator, limit - 1 if limit > 0 else -1)
    letters = list(text) or [""]
    return letters if limit < 0 or limit >= len(letters) else [*letters[: limit - 1], "".join(letters[limit - 1 :])]


def _join(parts: list[Any], separator: str = "") -> str | Unknowns:
    items = known_items(parts)
    if isinstance(items, Unknowns):
        return items
    if not all(type(item) is str for item in items):
        raise CelError("`join` takes a list of strings")
    return separator.join(items)


def _joined(parts: list[Any], separator: str = "") -> int:
    return (
        len(parts)
        + (sum(len(part) for part in parts if type(part) is str) + len(parts) * len(separator)) // CHARACTERS_A_STEP
    )


def _on_text(name: str, run: Callable[[str], str]) -> Function:
    return Function(name, {(str,): run}, style="member", cost=length)


FUNCTIONS: Final = (
    _on_text("lowerAscii", lambda text: text.translate(_LOWER)),
    _on_text("upperAscii", lambda text: text.translate(_UPPER)),
    _on_text("trim", lambda text: text.strip(_SPACE)),
    _on_text("reverse", lambda text: text[::-1]),
    Function("strings.quote", {(str,): lambda text: f'"{text.translate(_QUOTED)}"'}, cost=length),
    Function("charAt", {(str, int): _char_at}, style="member"),
    Function(
        "substring",
        {(str, int): lambda text, start: _substring(text, start, len(text)), (str, int, int): _substring},
        style="member",
        cost=length,
    ),
    Function("replace", {(str, str, str): _replace, (str, str, str, int): _replace}, style="member", cost=_replaced),
    Function("split", {(str, str): _split, (str, str, int): _split}, style="member", cost=lambda text, *_: len(text)),
    Function("join", {(list,): _join, (list, str): _join}, style="member", cost=_joined),
    Function("format", {(str, list): format_text}, style="member", framed=True),
)
