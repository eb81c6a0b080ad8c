"""Within one layer a component is written by its own file and by another one above it.

Why: who reads the component's file believes to see all that the layer says about it.
Fix: move the lines into the component's own file.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfgc.diagnostics import Diagnostic, Label, report
from cfgc.model.keypath import KeyPath, show, starts_with
from cfgc.model.layers import Document, Layer
from cfgc.model.location import start_of
from cfgc.model.values import Marked, Value
from cfgc.stages.check.rules.estate import Estate

NAME = "split-component"


def check(estate: Estate) -> Iterator[Diagnostic]:
    """A finding for each component and layer, at the lines in the file that is not the component's own."""
    seen: set[tuple[str, KeyPath]] = set()
    for view in estate.views:
        for layer in view.layers:
            for component in view.components:
                if (layer.name, component) not in seen:
                    seen.add((layer.name, component))
                    yield from _split(estate, layer, component)


def _split(estate: Estate, layer: Layer, component: KeyPath) -> Iterator[Diagnostic]:
    own = [each for each in layer.documents if starts_with(each.file.at, component) and not each.file.each]
    if not own:
        return
    for document in layer.documents:
        inside = _inside(document, component)
        if inside is not None:
            yield report(
                NAME,
                at=estate.locator.key(document.file.path, inside),
                path=component,
                component=show(component),
                related=[Label(start_of(own[0].file.path), "its own file")],
                part=show(component),
                layer=layer.name,
                file=own[0].file.path,
            )


def _inside(document: Document, component: KeyPath) -> KeyPath | None:
    """Where a file that stands above a component writes it; none where it does not."""
    at = document.file.at
    if document.file.each or len(at) >= len(component) or not starts_with(component, at):
        return None
    value: Value = document.data
    for step in component[len(at) :]:
        value = value.value if isinstance(value, Marked) else value
        if not isinstance(value, dict) or step not in value:
            return None
        value = value[step]
    return component[len(at) :]
