"""A layer sets a key that its schema calls `deprecated`.

Why: the key will go, and with it what it does.
Fix: use what the schema's description names instead.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfgc.diagnostics import Diagnostic, report
from cfgc.model.annotations import Cursor
from cfgc.model.keypath import KeyPath, show
from cfgc.model.values import Value
from cfgc.stages.check.rules.estate import Estate

NAME = "deprecated-key"


def check(estate: Estate) -> Iterator[Diagnostic]:
    """A finding for each such key of an environment; the pipeline places it on the line that sets it."""
    if not estate.annotations.uses("deprecated"):
        return
    for view in estate.views:
        for path in _deprecated(view.tree, estate.annotations.root(), ()):
            yield report(NAME, path=path, environment=view.environment.name, key=show(path), blame_key=True)


def _deprecated(value: Value, cursor: Cursor | None, path: KeyPath) -> Iterator[KeyPath]:
    if cursor is None:
        return
    if path and cursor.get("deprecated"):
        yield path
        return
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, item in items:
        yield from _deprecated(item, cursor.step(step), (*path, step))
