"""Dockerfiles: instructions are keys; what `ENV` and `ARG` set are leaves below them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cfgc.reports.scan.outline import Broken, Outline

_INSTRUCTION = re.compile(
    "ADD|ARG|CMD|COPY|ENTRYPOINT|ENV|EXPOSE|FROM|HEALTHCHECK|LABEL|MAINTAINER|ONBUILD|RUN|SHELL|STOPSIGNAL|USER|VOLUME|"
    "WORKDIR"
)
_LINE = re.compile(r"(?P<word>[A-Za-z]+)(?:\s+(?P<rest>.*))?", re.DOTALL)
_PAIR = re.compile(r"""(?P<key>[A-Za-z_][\w.-]*+)=(?P<value>(?:"(?:[^"\\]|\\.)*+"|'[^']*+'|[^\s"'\\]|\\.)*+)""")
_BARE = re.compile(r"(?P<key>[A-Za-z_]\w*+)(?:\s++(?P<value>.*+))?", re.DOTALL)
_HEREDOC = re.compile(r"<<-?[\"']?(\w+)[\"']?")


def read(text: str, outline: Outline) -> None:
    """The outline: each instruction once as a key, `FROM` with the image, `ENV` and `ARG` with their variables."""
    for line, number in _instructions(text):
        found = _LINE.fullmatch(line)
        word = found["word"].upper() if found else ""
        if found is None or not _INSTRUCTION.fullmatch(word):
            raise Broken(number, 1, "a line that is no instruction")
        outline.key((word,))
        rest = found["rest"] or ""
        if word in ("ENV", "ARG", "LABEL"):
            _variables(word, rest, number, outline)
        else:
            outline.leaf((word,), rest, number)


def _variables(word: str, rest: str, number: int, outline: Outline) -> None:
    pairs = list(_PAIR.finditer(rest)) or list(filter(None, [_BARE.match(rest)]))
    for found in pairs:
        value = (found["value"] or "").strip()
        outline.leaf((word, found["key"]), value.strip("\"'"), number)


def _instructions(text: str) -> Iterator[tuple[str, int]]:
    """Whole instructions, continued lines joined and here-documents left out, with their first lines."""
    escape = "`" if re.match(r"(?:#[^\n]*\n)*?#\s*escape\s*=\s*`", text) else "\\"
    parts: list[str] = []
    start = 0
    ends: list[str] = []
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if ends:
            if line == ends[0]:
                ends.pop(0)
            continue
        if not line or line[0] == "#":
            continue
        start = start if parts else number
        goes_on = line.endswith(escape)
        parts.append(line.removesuffix(escape))
        if not goes_on:
            whole = " ".join(parts)
            ends = _HEREDOC.findall(whole) if re.match(r"(?i)RUN|COPY|ADD", whole) else []
            yield whole, start
            parts = []
    if parts:
        yield " ".join(parts), start
