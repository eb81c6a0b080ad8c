"""Within one layer a component is written by its own file and by another one above it.

Why: who reads the component's file believes to see all that the layer says about it.
Fix: move the lines into the component's own file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet

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
            new = [component for component in view.components if (layer.name, component) not in seen]
            seen.update((layer.name, component) for component in new)
            yield from _split(estate, layer, new)


def _split(estate: Estate, layer: Layer, components: Sequence[KeyPath]) -> Iterator[Diagnostic]:
    own = _own(layer, frozenset(components))
    parents = {component[:depth] for component in components for depth in range(len(component))}
    above = [each for each in layer.documents if not each.file.each and each.file.at in parents]
    for component, first in own.items() if above else ():
        for document in above:
            inside = _inside(document, component)
            if inside is not None:
                yield report(
                    NAME,
                    at=estate.locator.key(document.file.path, inside),
                    path=component,
                    component=show(component),
                    related=[Label(start_of(first.file.path), "its own file")],
                    part=show(component),
                    layer=layer.name,
                    file=first.file.path,
                )


def _own(layer: Layer, components: AbstractSet[KeyPath]) -> dict[KeyPath, Document]:
    """Component -> the first file of a layer that stands at it or in it."""
    depths = {len(component) for component in components}
    own: dict[KeyPath, Document] = {}
    for document in layer.documents:
        at = document.file.at
        for depth in depths:
            if not document.file.each and len(at) >= depth and at[:depth] in components:
                own.setdefault(at[:depth], document)
    return own


def _inside(document: Document, component: KeyPath) -> KeyPath | None:
    """Where a file that stands above a component writes it; none where it does not."""
    at = document.file.at
    if len(at) >= len(component) or not starts_with(component, at):
        return None
    value: Value = document.data
    for step in component[len(at) :]:
        value = value.value if isinstance(value, Marked) else value
        if not isinstance(value, dict) or step not in value:
            return None
        value = value[step]
    return component[len(at) :]
