"""Values that only the shared layers say: every environment has the same, and none has thought of its own."""

from __future__ import annotations

from collections.abc import Iterator

from cfgc.diagnostics import Severity
from cfgc.model.values import Secret
from cfgc.reports.gaps.alike import alike as same
from cfgc.reports.gaps.alike import all_of
from cfgc.reports.gaps.estate import Estate, Node, names
from cfgc.reports.gaps.finders.across import KEYWORD
from cfgc.reports.gaps.gap import Gap, gap


def find(estate: Estate) -> Iterator[Gap]:
    """Not where a schema says `x-cfgc-across`, at the key or above it: then somebody has thought of it."""
    if len(estate.compiled) < 2 or not estate.shared:
        return
    for node in estate.leaves:
        if _only_in_base(estate, node) and not _settled(estate, node):
            yield _gap(estate, node)


def _only_in_base(estate: Estate, node: Node) -> bool:
    if len(node.values) < len(estate.compiled):
        return False
    first, *others = node.values.values()
    return all_of(same(first, other) for other in others) is True and all(
        estate.from_base(name, node.path) for name in node.values
    )


def _settled(estate: Estate, node: Node) -> bool:
    annotations = estate.session.schemas.annotations
    if not annotations.uses(KEYWORD):
        return False
    return any(annotations.get(KEYWORD, node.path[:depth]) for depth in range(len(node.path) + 1))


def _gap(estate: Estate, node: Node) -> Gap:
    place = estate.place(next(iter(node.values)), node.path)
    component = estate.component(node.path)
    if any(isinstance(value, Secret) for value in node.values.values()):
        return gap(
            "only-in-base",
            node.name,
            f"one secret serves {names(node.values)}: `{node.name}` is set in a shared layer alone",
            component=component,
            severity=Severity.WARNING,
            location=place,
            cure="give each environment a secret of its own, in its own layer",
        )
    layers = " and ".join(f"`{layer}`" for layer in sorted(estate.shared))
    return gap("only-in-base", node.name, f"`{node.name}` is set in {layers} only", component=component, location=place)
