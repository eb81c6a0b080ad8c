"""What a comparison of two states must report, by definition: no step of cfgc's comparison is used."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from tests.history.states import LAYERS, Sealed, State, leaves

MASK = "********"


class Expected(NamedTuple):
    """What a comparison must report: change texts, shadowed edits, pairs of environment and component."""

    changes: dict[str, set[tuple[str, str, str, str]]]
    shadowed: set[tuple[str, str]]
    affected: set[tuple[str, str]]


def expected(old: State, new: State) -> Expected:
    """What differs between two states."""
    changes: dict[str, set[tuple[str, str, str, str]]] = {}
    affected: set[tuple[str, str]] = set()
    for environment in LAYERS:
        then, now = old.effective(environment), new.effective(environment)
        changes[environment] = set(_compare(then, now))
        for name in {**then["services"], **now["services"]}:
            one, two = then["services"].get(name), now["services"].get(name)
            if _text(one) != _text(two) or (name == "web" and old.banner != new.banner):
                affected.add((environment, f"services.{name}"))
    return Expected(changes, set(_shadowed(old, new)), affected)


def _text(value: Any) -> str:
    return json.dumps(value, default=str)


def _compare(old: Any, new: Any) -> Iterator[tuple[str, str, str, str]]:
    then, now = nodes(old, new, old), nodes(old, new, new)
    for path in {**then, **now}:
        parent = path[:-1]
        if path not in then and parent in then:
            yield _name(path), "added", "null", _shown(now[path])
        elif path not in now and parent in now:
            yield _name(path), "removed", _shown(then[path]), "null"
        elif path in then and path in now:
            yield from _replaced(path, then[path], now[path])


def _replaced(path: tuple[str, ...], old: Any, new: Any) -> Iterator[tuple[str, str, str, str]]:
    if isinstance(old, Sealed) or isinstance(new, Sealed):
        if old != new:
            yield _name(path), "secret-changed", f'"{MASK}"', f'"{MASK}"'
    elif isinstance(old, dict) and isinstance(new, dict):
        return
    elif isinstance(old, list) and isinstance(new, list):
        names = [[item["name"] for item in side if "name" in item] if _named(side) else [] for side in (old, new)]
        if [name for name in names[0] if name in names[1]] != [name for name in names[1] if name in names[0]]:
            yield _name(path), "changed", _shown(old), _shown(new)
    elif old != new:
        kind = "changed" if type(old) is type(new) else "type-changed"
        yield _name(path), kind, _shown(old), _shown(new)


def nodes(old: Any, new: Any, tree: Any) -> dict[tuple[str, ...], Any]:
    """Every path of a tree with what stands there; list items are named if they can be on both sides."""
    found: dict[tuple[str, ...], Any] = {}

    def visit(path: tuple[str, ...], value: Any, others: tuple[Any, Any]) -> None:
        found[path] = value
        if isinstance(value, dict):
            for key, item in value.items():
                visit((*path, f".{key}"), item, tuple(_get(side, key) for side in others))
        elif isinstance(value, list):
            lists = [side for side in others if isinstance(side, list)]
            by_name = len(lists) == 2 and all(_named(side) for side in lists)
            for index, item in enumerate(value):
                step = f"[name={item['name']}]" if by_name else f"[{index}]"
                visit((*path, step), item, tuple(_item(side, item, index, by_name) for side in others))

    visit((), tree, (old, new))
    return found


def _get(value: Any, key: str) -> Any:
    return value.get(key) if isinstance(value, dict) else None


def _item(side: Any, item: Any, index: int, by_name: bool) -> Any:
    if not isinstance(side, list):
        return None
    if by_name:
        return next((each for each in side if each["name"] == item["name"]), None)
    return side[index] if index < len(side) else None


def _named(items: Any) -> bool:
    return all(isinstance(item, dict) and "name" in item for item in items)


def _name(path: tuple[str, ...]) -> str:
    return "".join(path).removeprefix(".")


def _shown(value: Any) -> str:
    def masked(value: Any) -> Any:
        if isinstance(value, Sealed):
            return MASK
        if isinstance(value, dict):
            return {key: masked(item) for key, item in value.items()}
        return [masked(item) for item in value] if isinstance(value, list) else value

    return json.dumps(masked(value))


def _shadowed(old: State, new: State) -> Iterator[tuple[str, str]]:
    """Edited leaves of files that a higher layer sets too; a list is one leaf, `users` is left out of the history."""
    for environment, order in LAYERS.items():
        for rank, layer in enumerate(order):
            for part in ("layers", "secrets"):
                for name, tree in getattr(new, part).get(layer, {}).items():
                    before = leaves(getattr(old, part).get(layer, {}).get(name, {}))
                    for path, value in leaves(tree).items():
                        edited = path not in before or before[path] != value
                        if edited and any(_sets(new, above, name, path) for above in order[rank + 1 :]):
                            yield ".".join(("services", name, *path)), environment


def _sets(state: State, layer: str, name: str, path: tuple[str, ...]) -> bool:
    trees = [state.layers[layer].get(name, {}), state.secrets.get(layer, {}).get(name, {})]
    return any(path in leaves(tree) for tree in trees)
