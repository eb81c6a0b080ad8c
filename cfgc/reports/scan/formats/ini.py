"""INI and its kin: `[section]`, `key = value`, `key: value`, `key` alone; indented lines go on with a value."""

from __future__ import annotations

import re

from cfgc.reports.scan.outline import Broken, Outline, Path

_SECTION = re.compile(r"\[(?P<name>[^\]\r\n]*+)\]")
_PAIR = re.compile(r"(?P<key>[^=:\s][^=:\r\n]*+)(?:[=:][ \t]*+(?P<value>.*+))?")


def read(text: str, outline: Outline) -> None:
    """The outline; keys before the first section stand at the root."""
    section: Path = ()
    path: Path = ()
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if not line or line[0] in "#;":
            continue
        if raw[0] in " \t" and path and not line.startswith("["):
            outline.leaf(path, line, number)
        elif line[0] == "[":
            section, path = _section(line, number), ()
            outline.key(section)
        elif found := _PAIR.match(line):
            path = (*section, found["key"].strip())
            outline.key(path)
            outline.leaf(path, _value(found["value"]), number)
        else:
            raise Broken(number, 1, "a line without a key")


def _section(line: str, number: int) -> Path:
    found = _SECTION.match(line)
    if found is None:
        raise Broken(number, 1, "the name of a section does not end")
    return (found["name"].strip(),)


def _value(text: str | None) -> str:
    value = re.split(r"\s[#;]", text or "", maxsplit=1)[0].strip()
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1] if quoted else value
