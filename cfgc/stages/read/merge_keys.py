"""`<<`: the maps that fill in keys, and the references that will once they are resolved (SPEC sections 3 and 4).

A map's own keys win, wherever they stand; of several maps the earlier wins. Merged keys take the place of the `<<`.
"""

from __future__ import annotations

import re
from typing import Final

from cfgc.model.values import INCLUDE, Value
from cfgc.stages.read.nodes import Node, Scalar, Sequence, content

_REFERENCE: Final = re.compile(r"\$\{[^{}]+\}")


def sources(node: Node, value: Value) -> list[Value] | str:
    """What stands under `<<`: maps, or references as text; or in words what is wrong with it."""
    target = content(node)
    items = value if isinstance(target, Sequence) and isinstance(value, list) else [value]
    if all(isinstance(item, dict) for item in items):
        return items
    if all(isinstance(item, str) for item in items):
        whole = all(_REFERENCE.fullmatch(item) for item in items)
        return items if whole else "text under `<<` must be one reference like `${a.b}`"
    if isinstance(target, Scalar) or not all(isinstance(item, (str, dict)) for item in items):
        return "`<<` takes maps or references"
    return "one `<<` takes maps or references, not both"


def merge_into(result: dict[str, Value], found: list[Value]) -> None:
    """Fills the keys that `result` lacks; references are collected under `INCLUDE`, the map's own first."""
    for source in found:
        if isinstance(source, str):
            _include(result, [source])
            continue
        for key, value in source.items():
            if key == INCLUDE:
                _include(result, value if isinstance(value, list) else [value])
            else:
                result.setdefault(key, value)


def _include(result: dict[str, Value], references: list[str]) -> None:
    before = result.get(INCLUDE, [])
    every = [*(before if isinstance(before, list) else [before]), *references]
    result[INCLUDE] = every[0] if len(every) == 1 else every
