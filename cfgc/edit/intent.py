"""What an edit means, on plain data: a file's text is right when it reads as this."""

from __future__ import annotations

from typing import Any, Final

from cfgc.edit.change import NotExact
from cfgc.model.keypath import KeyPath, show
from cfgc.model.values import Marked, Value

MISSING: Final[Any] = object()


def get(data: Value, path: KeyPath) -> Value:
    """The value at a path, its own marker with it; `MISSING` for none. Markers on the way are passed."""
    for step in path:
        data = bare(data)
        if isinstance(data, dict) and step in data:
            data = data[str(step)]
        elif isinstance(data, list) and isinstance(step, int) and 0 <= step < len(data):
            data = data[step]
        else:
            return MISSING
    return data


def bare(value: Value) -> Value:
    """A value without its markers."""
    while isinstance(value, Marked):
        value = value.value
    return value


def with_value(data: Value, path: KeyPath, value: Value) -> Value:
    """A copy with the value at a path; maps that are missing on the way are made.

    Raises `NotExact` where something else than a map stands on the way.
    """
    if not path:
        return value
    if isinstance(data, Marked):
        return Marked(data.name, with_value(data.value, path, value), data.key)
    step = path[0]
    if isinstance(data, list) and isinstance(step, int) and 0 <= step <= len(data):
        inner = with_value(data[step], path[1:], value) if step < len(data) else _nested(path[1:], value)
        return [*data[:step], inner, *data[step + 1 :]]
    if not isinstance(data, dict) or not isinstance(step, str):
        raise NotExact(f"`{show(path)}` would stand in something that is no map")
    inner = with_value(data[step], path[1:], value) if step in data else _nested(path[1:], value)
    return {**data, step: inner}


def with_item(data: Value, path: KeyPath, value: Value) -> Value:
    """A copy in which a list has one item more, before the one at a path."""
    above = get(data, path[:-1])
    items, number = bare(above), path[-1]
    assert isinstance(number, int)
    return with_value(data, path[:-1], rewrapped(above, [*items[:number], value, *items[number:]]))


def without(data: Value, path: KeyPath) -> Value:
    """A copy without the key or list item at a path, which is there."""
    above = get(data, path[:-1])
    inside = bare(above)
    if isinstance(inside, list):
        rest: Value = [item for number, item in enumerate(inside) if number != path[-1]]
    else:
        rest = {key: item for key, item in inside.items() if key != path[-1]}
    return with_value(data, path[:-1], rewrapped(above, rest))


def rewrapped(like: Value, value: Value) -> Value:
    """A value with the markers of another."""
    return Marked(like.name, rewrapped(like.value, value), like.key) if isinstance(like, Marked) else value


def nested(path: KeyPath, value: Value) -> Value:
    """A value in maps down to it."""
    return _nested(path, value)


def _nested(path: KeyPath, value: Value) -> Value:
    for step in reversed(path):
        if not isinstance(step, str):
            raise NotExact(f"there is no list for `{show((step,))}`")
        value = {step: value}
    return value


def holds_marker(value: Value) -> bool:
    """Whether a value carries a merge marker, or one stands in it."""
    if isinstance(value, dict):
        return any(map(holds_marker, value.values()))
    return any(map(holds_marker, value)) if isinstance(value, list) else isinstance(value, Marked)
