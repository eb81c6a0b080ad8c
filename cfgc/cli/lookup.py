"""Key paths that people write: what stands there, and what they may have meant where nothing does."""

from __future__ import annotations

from collections import deque

import click

from cfgc.model.keypath import Item, KeyPath, KeyPathError, Step, parse, show
from cfgc.model.text import closest
from cfgc.model.values import Value

_MOST_NAMES = 2000
_MOST_SHOWN = 4


def path_of(text: str) -> KeyPath:
    """The key path that a person wrote; raises `UsageError`."""
    try:
        return parse(text)
    except KeyPathError as error:
        raise click.UsageError(str(error)) from None


def lookup(tree: Value, path: KeyPath) -> tuple[Value, KeyPath]:
    """The value at a path that a person wrote, and the path with plain indexes; raises `UsageError` for none."""
    value, done = _follow(tree, path)
    if len(done) == len(path):
        return value, done
    missing = (*path[: len(done)], path[len(done)])
    raise click.UsageError(f"there is nothing at `{show(missing)}`.{_advice(value, done, path[len(done) :])}")


def _follow(node: Value, path: KeyPath) -> tuple[Value, KeyPath]:
    """As far as a path leads: what stands there, and the plain path to it."""
    done: list[Step] = []
    for step in path:
        key = _step(node, step)
        if key is None:
            break
        node = node[key]
        done.append(key)
    return node, tuple(done)


def _step(node: Value, step: Step) -> str | int | None:
    if isinstance(node, dict):
        return step if isinstance(step, str) and step in node else None
    if not isinstance(node, list):
        return None
    if isinstance(step, Item):
        return next((index for index, item in enumerate(node) if _name(item, step.key) == step.value), None)
    return step if isinstance(step, int) and -len(node) <= step < len(node) else None


def _name(item: Value, key: str) -> str | None:
    from cfgc.stages.merge.identity import ITSELF, text_of

    return text_of(item if key == ITSELF else item.get(key) if isinstance(item, dict) else None)


def _advice(node: Value, above: KeyPath, rest: KeyPath) -> str:
    """What may be meant by the rest of a path, of which the first step leads nowhere."""
    if isinstance(node, dict):
        near = _near(node, rest) if isinstance(rest[0], str) else None
        return f" Did you mean `{show((*above, *near))}`?" if near else ""
    if not isinstance(node, list):
        return f" What stands at `{show(above)}` is neither a map nor a list."
    if isinstance(rest[0], Item):
        return _items(node, above, rest[0])
    return f" `{show(above)}` has {len(node)} item{'' if len(node) == 1 else 's'}, counted from 0."


def _items(node: list[Value], above: KeyPath, step: Item) -> str:
    names = [name for item in node if (name := _name(item, step.key)) is not None]
    meant = closest(step.value, names)
    if meant is not None:
        return f" Did you mean `{show((*above, Item(step.key, meant)))}`?"
    shown = [show((*above, Item(step.key, name))) for name in names[:_MOST_SHOWN]]
    more = f" and {len(names) - _MOST_SHOWN} more" if len(names) > _MOST_SHOWN else ""
    return f" There are {', '.join(f'`{each}`' for each in shown)}{more}." if shown else ""


def _near(tree: dict[str, Value], path: KeyPath) -> KeyPath | None:
    """The path that exists and is nearest: its first step may be misspelt, or stand deeper than it was looked for."""
    names = _names(tree)
    meant = closest(str(path[0]), list(names))
    if meant is None:
        return None
    written = [(*place, *path[1:]) for place in names[meant]]
    found = [_follow(tree, each) for each in written]
    for each, (_, done) in zip(written, found, strict=True):
        if len(done) == len(each):
            return each
    each, (value, done) = written[0], found[0]
    left = each[len(done) :]
    deeper = _near(value, left) if isinstance(value, dict) and isinstance(left[0], str) else None
    return (*each[: len(done)], *(deeper or ()))


def _names(tree: dict[str, Value]) -> dict[str, list[KeyPath]]:
    """The keys of a map and of the maps below it with their places, the highest first, up to a bounded number."""
    found: dict[str, list[KeyPath]] = {}
    waiting: deque[tuple[KeyPath, dict[str, Value]]] = deque([((), tree)])
    while waiting and len(found) < _MOST_NAMES:
        above, node = waiting.popleft()
        for key, value in node.items():
            found.setdefault(key, []).append((*above, key))
            if isinstance(value, dict):
                waiting.append(((*above, key), value))
    return found
