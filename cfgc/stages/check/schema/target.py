"""What a schema is held against."""

from __future__ import annotations

from typing import NamedTuple

from cfgc.model.keypath import KeyPath
from cfgc.model.values import Value
from cfgc.stages.check.schema.engines.leaves import Found


class Target(NamedTuple):
    """A value of the tree and the schema file that speaks about it; `leaves` are paths below the value."""

    path: KeyPath
    value: Value
    file: str
    leaves: tuple[Found, ...]
