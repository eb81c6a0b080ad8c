"""Lines of `NAME=value` -> nodes: the dotenv files that `sops` writes and reads, quotes as python-dotenv reads them.

One variable a line. An unquoted value ends before ` #` and its `\\n` is a line break, which is how `sops`
writes one; inside double quotes the usual escapes hold, inside single quotes only `\\'` and `\\\\`.
"""

from __future__ import annotations

import re
from typing import Final

from cfgc.diagnostics import Diagnostic, report
from cfgc.stages.read.nodes import Mapping, Scalar
from cfgc.stages.read.text import Text

_LINE: Final = re.compile(r"([^\r\n]*+)(?:\r\n|\r|\n|\Z)")
_BLANK: Final = re.compile(r"[ \t]*(?:#.*)?")
_PAIR: Final = re.compile(
    r"""[ \t]*+(?:export[ \t]++)?+([A-Za-z_][A-Za-z0-9_.-]*+)[ \t]*+=[ \t]*+
    (?:'((?:[^'\\]++|\\.)*+)'[ \t]*+(?:\#.*+)?+
      |"((?:[^"\\]++|\\.)*+)"[ \t]*+(?:\#.*+)?+
      |((?!["']).*+))""",
    re.VERBOSE,
)
_COMMENT: Final = re.compile(r"(?:\A|[ \t])#")
_ESCAPE: Final = re.compile(r"\\(.)")
_IN_SINGLE: Final = {"\\": "\\", "'": "'"}
_IN_DOUBLE: Final = {
    **_IN_SINGLE,
    '"': '"',
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "a": "\a",
    "b": "\b",
    "f": "\f",
    "v": "\v",
}


def compose(text: Text) -> tuple[Mapping, list[Diagnostic]]:
    """The root node of a dotenv text, and the lines that are no variable."""
    root = Mapping(0, len(text.text), [])
    findings: list[Diagnostic] = []
    for line in _LINE.finditer(text.text):
        if found := _PAIR.fullmatch(line[1]):
            root.pairs.append(_pair(found, line.start()))
        elif not _BLANK.fullmatch(line[1]):
            findings.append(report("dotenv-syntax", at=text.location(line.start(), line.end(1))))
    return root, findings


def _pair(found: re.Match[str], offset: int) -> tuple[Scalar, Scalar]:
    key = Scalar(offset + found.start(1), offset + found.end(1), found[1])
    group = next(number for number in (2, 3, 4) if found[number] is not None)
    start, end = offset + found.start(group), offset + found.end(group)
    if group == 4:
        written = _without_comment(found[4])
        return key, Scalar(start, start + len(written), written.replace("\\n", "\n"))
    return key, Scalar(start - 1, end + 1, _unescaped(found[group], single=group == 2))


def _without_comment(value: str) -> str:
    comment = _COMMENT.search(value)
    return (value[: comment.start()] if comment else value).rstrip(" \t")


def _unescaped(value: str, *, single: bool) -> str:
    meant = _IN_SINGLE if single else _IN_DOUBLE
    return _ESCAPE.sub(lambda escape: meant.get(escape[1], escape[0]), value)
