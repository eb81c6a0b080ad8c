"""TOML text -> data through `tomllib`; dates and times stay the text they are written as (SPEC section 2)."""

from __future__ import annotations

import re
import tomllib
from contextlib import suppress
from datetime import date, datetime, time
from math import isfinite
from typing import Final

from cfgc.diagnostics import Diagnostic, Failed, report
from cfgc.model.location import Location
from cfgc.model.values import Value
from cfgc.stages.read.keys import invisible
from cfgc.stages.read.limits import MAX_DIGITS, check_nodes, is_deep
from cfgc.stages.read.nodes import Mapping, Node, Scalar, Sequence
from cfgc.stages.read.text import Text
from cfgc.stages.read.toml_nodes import compose

_LONG: Final = re.compile(rf"(?<![0-9_])[0-9](?:_?[0-9]){{{MAX_DIGITS}}}")
_ODD: Final = re.compile(
    r"[^\t\n\r -~]|\\|[0-9]-[0-9]|[0-9]:[0-9]|[-+=,\[ ](?:inf|nan)\b|[0-9][eE][-+]?[0-9]|(?:\.[^.\n]*+){8}"
)
"""Dates and times, numbers out of range, keys of many parts, characters that a key may not hold."""
_PLACE: Final = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)\Z")

_KEYS: Final = re.compile(r"\('.*'\)|\('[^']*',\)")


def load(text: Text) -> tuple[Value, list[Diagnostic]]:
    """The data of a TOML text and what is wrong with single values; raises `Failed` for what is no TOML.

    Where the text holds nothing that `tomllib` gives in another form, takes too long for or does not look at, its
    data is the answer; else the nodes go along.
    """
    if found := _LONG.search(text.text):
        raise Failed(report("integer-too-long", at=text.location(*found.span()), limit=MAX_DIGITS))
    if not _ODD.search(text.text):
        with suppress(tomllib.TOMLDecodeError, RecursionError):
            data = tomllib.loads(text.text)
            if not is_deep(data, text.text):
                check_nodes(data, len(text.text), text.file)
                return data, []
    root = compose(text)
    findings: list[Diagnostic] = []
    return _converted(text, _loaded(text), root, findings), findings


def _loaded(text: Text) -> Value:
    try:
        return tomllib.loads(text.text)
    except tomllib.TOMLDecodeError as error:
        raise Failed(_syntax(text, str(error))) from None


def _syntax(text: Text, message: str) -> Diagnostic:
    found = _PLACE.search(message)
    end = text.location(len(text.text))
    at = (
        Location(text.file, int(found[1]), int(found[2]), int(found[1]), int(found[2]) + 1)
        if found and found[1]
        else end
    )
    what = _KEYS.sub(lambda keys: "`" + ".".join(re.findall("'([^']*)'", keys[0])) + "`", _PLACE.sub("", message))
    return report("toml-syntax", at=at, what=what[:1].lower() + what[1:])


def _converted(text: Text, value: Value, node: Node, findings: list[Diagnostic]) -> Value:
    if isinstance(value, dict) and isinstance(node, Mapping):
        return _table(text, value, node, findings)
    if isinstance(value, list) and isinstance(node, Sequence):
        return [_converted(text, item, inner, findings) for item, inner in zip(value, node.items, strict=True)]
    if isinstance(value, (datetime, date, time)) and isinstance(node, Scalar):
        return node.text
    if isinstance(value, float) and not isfinite(value):
        findings.append(report("number-out-of-range", at=text.location(node.start, node.end)))
    return value


def _table(text: Text, value: dict[str, Value], node: Mapping, findings: list[Diagnostic]) -> dict[str, Value]:
    result: dict[str, Value] = {}
    for key, inner in node.pairs:
        assert isinstance(key, Scalar)
        if found := invisible(key.text):
            at = text.location(key.start, key.end)
            findings.append(report("invisible-key", at=at, characters=", ".join(found)))
        result[key.text] = _converted(text, value[key.text], inner, findings)
    return result
