"""Two texts side by side: which parts of two values differ, and the lines of two files in pairs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Literal, NamedTuple, TypeAlias

from cfgc.history.difference import ArtifactChange
from cfgc.model.text import printable

_CONTEXT = 3
_LONGEST = 400
"""lines; two longer values are not searched for what they have in common"""


class Part(NamedTuple):
    """A piece of a value, and whether the other side lacks it."""

    text: str
    differs: bool


class Line(NamedTuple):
    """A line of a file with its number; number 0 where the file has none here."""

    number: int
    parts: tuple[Part, ...]


class Pair(NamedTuple):
    """A line of the old and one of the new file; of a gap between two places neither has any."""

    tag: Literal["same", "differs", "gap"]
    old: Line
    new: Line


Parts: TypeAlias = list[Part]
_NONE = Line(0, ())


def marked(old: str, new: str) -> tuple[Parts, Parts]:
    """The parts of two texts: of two lines what stands between their common ends, else the lines that differ."""
    if "\n" in old or "\n" in new:
        return _marked_lines(old.split("\n"), new.split("\n"))
    start = _common(old, new)
    end = _common(old[start:][::-1], new[start:][::-1])
    return _middle(old, start, end), _middle(new, start, end)


def pairs(found: ArtifactChange) -> list[Pair] | None:
    """The lines of both files around what differs; none where one is no text."""
    old, new = _lines(found.old), _lines(found.new)
    if old is None or new is None:
        return None
    groups = list(SequenceMatcher(None, old, new).get_grouped_opcodes(_CONTEXT))
    made: list[Pair] = []
    for number, group in enumerate(groups):
        if number:
            made.append(Pair("gap", _NONE, _NONE))
        for tag, *span in group:
            made += _pairs(old, new, span, same=tag == "equal")
    return made


def _pairs(old: Sequence[str], new: Sequence[str], span: Sequence[int], *, same: bool) -> Iterator[Pair]:
    start, end, new_start, new_end = span
    for before, after in zip_longest(range(start, end), range(new_start, new_end)):
        if before is None or after is None:
            then = _NONE if before is None else _line(before, [Part(printable(old[before]), False)])
            now = _NONE if after is None else _line(after, [Part(printable(new[after]), False)])
        else:
            texts = marked(printable(old[before]), printable(new[after]))
            then, now = _line(before, texts[0]), _line(after, texts[1])
        yield Pair("same" if same else "differs", then, now)


def _line(index: int, parts: Parts) -> Line:
    return Line(index + 1, tuple(parts))


def _lines(content: bytes | None) -> list[str] | None:
    try:
        text = (content or b"").decode()
    except UnicodeDecodeError:
        return None
    return text.removesuffix("\n").split("\n") if text else []


def _common(old: str, new: str) -> int:
    """How long the common start of two texts is."""
    length = min(len(old), len(new))
    return next((at for at in range(length) if old[at] != new[at]), length)


def _middle(text: str, start: int, end: int) -> Parts:
    stop = len(text) - end
    cuts = (Part(text[:start], False), Part(text[start:stop], True), Part(text[stop:], False))
    return [part for part in cuts if part.text]


def _marked_lines(old: list[str], new: list[str]) -> tuple[Parts, Parts]:
    if max(len(old), len(new)) > _LONGEST:
        return [Part("\n".join(old), False)], [Part("\n".join(new), False)]
    before: Parts = []
    after: Parts = []
    for tag, start, end, new_start, new_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        before += [Part("\n".join(old[start:end]), tag != "equal")] if end > start else []
        after += [Part("\n".join(new[new_start:new_end]), tag != "equal")] if new_end > new_start else []
    return _joined(before), _joined(after)


def _joined(parts: Parts) -> Parts:
    """Every part but the last ends its line."""
    return [*(Part(f"{text}\n", differs) for text, differs in parts[:-1]), *parts[-1:]]
