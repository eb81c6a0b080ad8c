"""INI and its kin: `[section]`, `key = value`, `key: value`, `key` alone; indented lines go on with a value."""

from __future__ import annotations

import re

from cfgc.reports.scan.outline import Broken, Outline, Path

_SECTION = re.compile(r"\[(?P<name>[^\]\r\n]*+)\]")
_PAIR = re.compile(r"(?P<key>[^=:\s][^=:\r\n]*+)(?:[=:][ \t]*+(?P<value>.*+))?")

_HOST = re.compile(
    r"(?P<host>[^\s=:\[\]]++)(?P<variables>(?:[ \t]++[A-Za-z_]\w*+=(?:[^\s\"'=]++|\"[^\"]*+\"|'[^']*+'))++)"
)
_VARIABLE = re.compile(r"(?P<key>[A-Za-z_]\w*)=(?P<value>\"[^\"]*+\"|'[^']*+'|\S++)")


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
            hosts = _HOST.fullmatch(line)
            path = (*section, hosts["host"] if hosts else found["key"].strip())
            outline.key(path)
            if hosts:
                _variables(path, hosts["variables"], number, outline)
            else:
                outline.leaf(path, _value(found["value"]), number)
        else:
            raise Broken(number, 1, "a line without a key")


def _variables(path: Path, text: str, line: int, outline: Outline) -> None:
    """A host of an inventory, with its variables on the same line."""
    for found in _VARIABLE.finditer(text):
        outline.leaf((*path, found["key"]), found["value"].strip("\"'"), line)


def _section(line: str, number: int) -> Path:
    found = _SECTION.match(line)
    if found is None:
        raise Broken(number, 1, "the name of a section does not end")
    return (found["name"].strip(),)


def _value(text: str | None) -> str:
    value = re.split(r"\s[#;]", text or "", maxsplit=1)[0].strip()
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1] if quoted else value
