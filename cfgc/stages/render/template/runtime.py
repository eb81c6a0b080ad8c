"""Values with runtime variables in a template (SPEC section 8).

To a template such a value is its text, `${NAME}`. Where the file is one whose reader expands variables, `.env` or
`.sh`, it is printed in double quotes, what is text in it escaped; where it stands in double quotes already, without.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cfgc.model.keypath import KeyPath
from cfgc.model.values import Variable
from cfgc.stages.render.emitters import Expansion, Sheet, emitter
from cfgc.stages.render.plain import runtime_text
from cfgc.stages.render.template.fault import Fault, named

Part = str | Variable

EXPANDING = {"env": "dotenv", "shell": "shell"}
"""The filters whose readers expand variables, with the format that each writes."""


class Runtime(str):
    """The text of a value with runtime variables, and what it is made of; it stays so through `str()`."""

    parts: tuple[Part, ...]
    path: KeyPath

    @classmethod
    def of(cls, parts: Iterable[Part], path: KeyPath) -> Runtime:
        """The text of these parts, which stand at a key path."""
        known = tuple(parts)
        text = cls(runtime_text(known))
        text.parts, text.path = known, path
        return text

    def __str__(self) -> str:
        return self


class Expanding(str):
    """Printed text in double quotes, in a file whose reader expands it; it stays so through `str()`."""

    path: KeyPath
    filter: str

    @classmethod
    def of(cls, value: Runtime, filter: str) -> Expanding:
        """The value as the format of a filter in `EXPANDING` expands it; raises `Unfit`."""
        line = emitter(EXPANDING[filter]).write({"X": Expansion(value.parts)}, Sheet())
        text = cls(line.partition("=")[2].removesuffix("\n"))
        text.path, text.filter = value.path, filter
        return text

    def __str__(self) -> str:
        return self


def concatenated(texts: Sequence[str], separator: str = "") -> str:
    """The texts as one, which still knows its runtime variables."""
    first = next((text for text in texts if type(text) is Runtime), None)
    if first is None:
        return separator.join(texts)
    parts: list[Part] = []
    for text in texts:
        parts += [separator] if parts and separator else []
        parts += text.parts if type(text) is Runtime else [text]
    return Runtime.of(parts, first.path)


def words_of(value: Runtime) -> str:
    """What of the text is the configuration's, without the `${` and `}` of the variables."""
    return "".join([p if isinstance(p, str) else f"{p.name}{p.operator}{p.operand}" for p in value.parts])


def fitted(piece: str, before: Sequence[str]) -> str:
    """A printed piece as it fits behind the pieces before; raises `Fault` in single quotes, where nothing expands."""
    if type(piece) is not Expanding:
        return piece
    quote = _open_quote(_line_so_far(before))
    if quote == "'":
        reason = "nothing expands a variable in single quotes"
        raise Fault("template-format", piece.path, what=named(piece.path), format=piece.filter, reason=reason)
    return piece[1:-1] if quote else piece


def _line_so_far(pieces: Sequence[str]) -> str:
    line = ""
    for piece in reversed(pieces):
        line = piece[piece.rfind("\n") + 1 :] + line
        if "\n" in piece:
            break
    return line


def _open_quote(line: str) -> str:
    """The quote that is open at the end of a line; a comment has none."""
    if line.lstrip().startswith("#"):
        return ""
    quote, escaped = "", False
    for character in line:
        if escaped:
            escaped = False
        elif character == "\\" and quote != "'":
            escaped = True
        elif character in "'\"" and quote in ("", character):
            quote = "" if quote else character
    return quote
