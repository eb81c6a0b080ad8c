"""Where a character of an expression stands in the policy file: YAML quotes, escapes, folds and indents on the way."""

from __future__ import annotations

import re

from cfgc.model.location import Location

_PROPERTIES = re.compile(r"(?:[!&]\S*\s+)*")
"""a tag or an anchor before the scalar"""
_HEADER = re.compile(r"[|>][-+0-9]*[^\n]*\n")
_ESCAPE = re.compile(r"\\(?:x..|u.{4}|U.{8}|\n[ \t]*|.)", re.DOTALL)


def place_in(text: str, span: Location, value: str, offset: int) -> Location:
    """The place of `value[offset]`, given the file's text and the span of the scalar; the span if it can't be told."""
    raw, start = _cut(text, span)
    at = _align(raw, value, offset)
    if at is None:
        return span
    position = start + at
    line = text.count("\n", 0, position) + 1
    column = position - (text.rfind("\n", 0, position) + 1) + 1
    return Location(span.file, line, column, line, column + 1)


def _cut(text: str, span: Location) -> tuple[str, int]:
    starts = [0, *(found.end() for found in re.finditer("\n", text)), len(text)]
    last = len(starts) - 1
    start = starts[min(span.line - 1, last)] + span.column - 1
    end = starts[min(span.end_line - 1, last)] + span.end_column - 1 if span.end_line else start
    return text[start:end], start


def _align(raw: str, value: str, offset: int) -> int | None:
    """The offset in the scalar's source of a character of its value."""
    properties = _PROPERTIES.match(raw)
    at = properties.end() if properties else 0
    header = _HEADER.match(raw, at)
    style = raw[at] if raw[at : at + 1] in ("'", '"', "|", ">") else ""
    at = header.end() if header else at + len(style)
    done = 0
    while at < len(raw):
        if raw[at].isspace() and not (done < len(value) and value[done].isspace() and done < offset):
            at += 1  # indentation, or the space before the character that is looked for
        elif style == '"' and (escape := re.match(r"\\\n[ \t]*", raw[at:])):
            at += escape.end()
        elif done == offset:
            return at
        elif done < len(value) and value[done].isspace() and raw[at].isspace():
            at, done = _past_space(raw, at), min(_past_space(value, done), offset)
        else:
            width = _width(raw, at, value[done : done + 1], style)
            if not width:
                return None
            at, done = at + width, done + 1
    return len(raw.rstrip()) if done == offset == len(value) else None


def _past_space(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at


def _width(raw: str, at: int, character: str, style: str) -> int:
    """How many characters of the source stand for one of the value; 0 if they are not the same."""
    if style == "'" and raw[at] == "'":
        return 2 if character == "'" else 0
    if style == '"' and raw[at] == "\\":
        found = _ESCAPE.match(raw, at)
        return len(found[0]) if found else 0
    return 1 if raw[at] == character else 0
