"""A plain merge of two values, written apart from cfgc's: the oracle of the laws."""

from __future__ import annotations

from typing import Any

from cfgc.model.values import Marked
from tests.merge.trees import strict


def two_way(low: Any, high: Any, lists: str) -> Any:
    """The upper value merged over the lower, which has no markers any more; `...` is nothing."""
    op, key = None, None
    while isinstance(high, Marked):
        if high.name != "raw" and op is None:
            op, key = high.name, high.key
        high = high.value
    if op == "unset":
        return ...
    if op == "replace" or low is ... or low is None or high is None:
        return by([], high, key, lists) if op == "by" and isinstance(high, list) else fresh(high, lists)
    if isinstance(low, dict) and isinstance(high, dict):
        made = {**low}
        for name, item in high.items():
            made[name] = two_way(low.get(name, ...), item, lists)
        return {name: item for name, item in made.items() if item is not ...}
    if isinstance(low, list) and isinstance(high, list):
        return JOIN[op or lists](low, high, key, lists)
    return low if isinstance(low, (dict, list)) or isinstance(high, (dict, list)) else high


def fresh(value: Any, lists: str) -> Any:
    if isinstance(value, dict):
        return two_way({}, value, lists)
    if isinstance(value, list):
        return [item for item in (two_way(..., item, lists) for item in value) if item is not ...]
    return value


def unique(low: Any, high: Any, _: Any, lists: Any) -> Any:
    made = list(low)
    for item in fresh(high, lists):
        if strict(item) not in map(strict, made):
            made.append(item)
    return made


def by(low: Any, high: Any, key: Any, lists: Any) -> Any:
    made = list(low)

    def identity(item: Any) -> Any:
        while isinstance(item, Marked):
            item = item.value
        named = isinstance(item, dict) and key in item
        return strict(unmark(item[key])) if named else strict(unmark(item)) if key == "." else object()

    for item in high:
        at = [index for index, other in enumerate(made) if identity(other) == identity(item)]
        merged = two_way(made[at[0]] if at else ..., item, lists)
        if at:
            made[at[0] : at[0] + 1] = [] if merged is ... else [merged]
        elif merged is not ...:
            made.append(merged)
    return made


JOIN = {
    "replace": lambda low, high, key, lists: fresh(high, lists),
    "append": lambda low, high, key, lists: low + fresh(high, lists),
    "prepend": lambda low, high, key, lists: fresh(high, lists) + low,
    "unique": unique,
    "by": by,
}


def unmark(value: Any) -> Any:
    """The value without markers; what `!unset` marks is dropped."""
    while isinstance(value, Marked):
        value = value.value
    if isinstance(value, dict):
        return {key: unmark(item) for key, item in value.items() if not unset(item)}
    if isinstance(value, list):
        return [unmark(item) for item in value if not unset(item)]
    return value


def unset(value: Any) -> bool:
    return isinstance(value, Marked) and (value.name == "unset" or unset(value.value))
