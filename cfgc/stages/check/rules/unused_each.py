"""An `_each` file whose folder has no child in any environment.

Why: its defaults reach nothing; often the folder was renamed.
Fix: remove it, or move it to the folder that it is meant for.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfgc.diagnostics import Diagnostic, report
from cfgc.model.keypath import KeyPath, show
from cfgc.model.location import start_of
from cfgc.model.values import Value
from cfgc.stages.check.rules.estate import Estate

NAME = "unused-each"


def check(estate: Estate) -> Iterator[Diagnostic]:
    """A finding for each `_each` file that no environment with its layer uses."""
    used: dict[str, bool] = {}
    places: dict[str, KeyPath] = {}
    for view in estate.views:
        for layer in view.layers:
            for document in layer.documents:
                if document.file.each:
                    path = document.file.path
                    places[path] = document.file.at
                    used[path] = used.get(path, False) or bool(_at(view.tree, document.file.at))
    for path, is_used in used.items():
        if not is_used:
            yield report(NAME, at=start_of(path), file=path, folder=show(places[path]))


def _at(tree: Value, path: KeyPath) -> Value:
    for step in path:
        if not isinstance(tree, dict) or step not in tree:
            return None
        tree = tree[step]
    return tree if isinstance(tree, dict) else None
