"""A file or folder of a layer whose name is nearly, but not quite, that of a component or of a folder of components.

Why: a misspelt name makes a second component, or settings that nothing reads, and no error.
Fix: give the file the right name.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfgc.diagnostics import Diagnostic, report
from cfgc.model.keypath import KeyPath, show
from cfgc.model.location import start_of
from cfgc.model.text import closest
from cfgc.stages.check.rules.estate import Estate, View

NAME = "unknown-component-folder"


def check(estate: Estate) -> Iterator[Diagnostic]:
    """A finding for each misspelt folder, and for each component that only an overlay has and a lower one resembles."""
    folders = sorted({pattern.replace("/", ".").split(".")[0] for pattern in estate.project.components} - {"*", "**"})
    for document in estate.documents():
        top = str(document.file.at[0]) if len(document.file.at) > 1 else ""
        meant = closest(top, folders) if top and top not in folders else None
        if meant is not None and not any(estate.matches(pattern, (top,)) for pattern in estate.project.components):
            yield report(NAME, at=start_of(document.file.path), file=document.file.path, called=top, meant=meant)
    for view in estate.views:
        yield from _lonely(view)


def _lonely(view: View) -> Iterator[Diagnostic]:
    """Components that only one overlay's own file makes, beside one of a similar name in a lower layer."""
    components = frozenset(view.components)
    lowest = {document.file.at for document in view.layers[0].documents} & components if view.layers else frozenset()
    siblings: dict[KeyPath, list[str]] = {}
    for path in lowest:
        siblings.setdefault(path[:-1], []).append(str(path[-1]))
    below: set[KeyPath] = set()
    for layer in view.layers:
        own = [document.file for document in layer.documents if not document.file.each]
        for file in own if layer is not view.layers[0] else ():
            if file.at not in components or file.at in below:
                continue
            meant = closest(str(file.at[-1]), siblings.get(file.at[:-1], []))
            if meant is not None and meant != file.at[-1]:
                near = show((*file.at[:-1], meant))
                yield report(NAME, at=start_of(file.path), file=file.path, called=show(file.at), meant=near)
        below.update(file.at for file in own)
