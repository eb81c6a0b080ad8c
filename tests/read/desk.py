"""Files in memory, and short ways to read and to show findings."""

from __future__ import annotations

import math

from cfgc.diagnostics import Diagnostic
from cfgc.model.layers import Format, LayerFile
from cfgc.model.values import Marked, Value
from cfgc.stages.read import Reader, read_text
from tests.memory import Memory


def layer_file(path: str, format: Format = "yaml", *, sops: bool = False) -> LayerFile:
    return LayerFile(path, "base", (), format, sops=sops)


def reader(**files: str | bytes) -> Reader:
    """A reader over files named like `web_yaml="..."`."""
    return Reader(Memory({name.replace("_", "."): text for name, text in files.items()}))


def value_of(text: str | bytes, format: Format = "yaml") -> Value:
    """The value of a text that is right."""
    value, findings = read_text(text if isinstance(text, bytes) else text.encode(), "it", format)
    assert findings == []
    return value


def findings_of(text: str | bytes, format: Format = "yaml", *, secret: bool = False) -> list[Diagnostic]:
    """The findings of a text that is wrong; it has no value then."""
    raw = text if isinstance(text, bytes) else text.encode()
    value, findings = read_text(raw, "it", format, secret=secret)
    assert findings
    assert value is None
    return findings


def names_of(text: str | bytes, format: Format = "yaml") -> list[str]:
    return [finding.name for finding in findings_of(text, format)]


def shown(findings: list[Diagnostic]) -> list[str]:
    """Findings as `line:column name`, the other places behind."""
    return [
        " ".join(
            [f"{at.line}:{at.column} {finding.name}"]
            + [f"({other.location.line}:{other.location.column} {other.message})" for other in finding.related]
        )
        for finding in findings
        if (at := finding.location)
    ]


def same(one: Value, other: Value) -> bool:
    """Equality that tells 1, 1.0 and true apart, 0.0 from -0.0, and the order of keys."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, float):
        return one == other and math.copysign(1, one) == math.copysign(1, other)
    if isinstance(one, Marked):
        return (one.name, one.key) == (other.name, other.key) and same(one.value, other.value)
    return bool(one == other)
