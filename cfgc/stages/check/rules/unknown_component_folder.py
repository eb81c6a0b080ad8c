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
    lowest = {document.file.at for document in view.layers[0].documents} if view.layers else set()
    for layer in view.layers[1:]:
        for document in layer.documents:
            at = document.file.at
            if at not in view.components or document.file.each or _below(view, layer.name, at):
                continue
            siblings = [
                str(other[-1]) for other in lowest if other and other[:-1] == at[:-1] and other in view.components
            ]
            meant = closest(str(at[-1]), siblings)
            if meant is not None and meant != at[-1]:
                path = document.file.path
                yield report(NAME, at=start_of(path), file=path, called=show(at), meant=show((*at[:-1], meant)))


def _below(view: View, layer: str, at: KeyPath) -> bool:
    """Whether a lower layer has a file of the same component."""
    for other in view.layers:
        if other.name == layer:
            return False
        if any(document.file.at == at and not document.file.each for document in other.documents):
            return True
    return False
