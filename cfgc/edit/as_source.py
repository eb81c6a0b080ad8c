"""An effective value -> what a layer file says to have it: a literal `${` escaped, runtime variables as written."""

from __future__ import annotations

import re
from collections.abc import Callable

from cfgc.model.keypath import KeyPath
from cfgc.model.values import Secret, Unknown, Value, Variable

_UPPER = re.compile(r"_*[A-Z][A-Z0-9_]*")


def as_source(value: Value, path: KeyPath, is_raw: Callable[[KeyPath], bool]) -> Value:
    """The source of a value that holds no secret; where `is_raw`, no reference is looked for and nothing is escaped."""
    if isinstance(value, dict):
        return {key: as_source(item, (*path, key), is_raw) for key, item in value.items()}
    if isinstance(value, list):
        return [as_source(item, (*path, number), is_raw) for number, item in enumerate(value)]
    if isinstance(value, Unknown):
        return "".join(_part(part) for part in value.parts)
    if isinstance(value, str) and not is_raw(path):
        return _escaped(value)
    return value


def _part(part: str | Variable | Secret) -> str:
    if isinstance(part, Variable):
        name = part.name if _UPPER.fullmatch(part.name) else f"env:{part.name}"
        return f"${{{name}{part.operator}{part.operand}}}"
    assert isinstance(part, str)
    return _escaped(part)


def _escaped(text: str) -> str:
    return text.replace("${", "$${")
