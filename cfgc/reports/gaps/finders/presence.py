"""Keys that some environments lack, and values of one type here and of another there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cfgc.diagnostics import Label
from cfgc.model.same import type_of
from cfgc.model.values import Secret, Unknown, Value
from cfgc.reports.gaps.estate import Estate, Node, names
from cfgc.reports.gaps.gap import Gap, gap


def find(estate: Estate) -> Iterator[Gap]:
    """At the top of what is missing, and where types begin to differ: what is below says nothing more."""
    for node in estate.nodes:
        if len(node.values) < len(node.around):
            yield _missing(estate, node)
        kinds = _types(node.values)
        if len(kinds) > 1:
            yield _types_differ(estate, node, kinds)


def _missing(estate: Estate, node: Node) -> Gap:
    having, lacking = list(node.values), [name for name in node.around if name not in node.values]
    alone = len(having) == 1
    return gap(
        "only-here" if alone else "not-everywhere",
        node.name,
        f"{names(having)} alone has `{node.name}`"
        if alone
        else f"{names(lacking)} lack{'s' * (len(lacking) == 1)} `{node.name}`, which {names(having)} have",
        component=estate.component(node.path),
        environments=tuple(having if alone else lacking),
        location=estate.place(having[0], node.path),
    )


def _types(values: Mapping[str, Value]) -> dict[str, list[str]]:
    """Type -> the environments that have it; null fits all, and a variable alone may become anything."""
    kinds: dict[str, list[str]] = {}
    for name, value in values.items():
        if value is not None and not (isinstance(value, Unknown) and value.alone):
            kinds.setdefault(_type(value), []).append(name)
    return kinds


def _type(value: Value) -> str:
    # before encryption it was of this kind; of a null nothing is known
    return "number" if isinstance(value, Secret) and value.kind == "integer" else type_of(value)


def _types_differ(estate: Estate, node: Node, kinds: Mapping[str, list[str]]) -> Gap:
    common = max(
        kinds, key=lambda kind: (len(kinds[kind]), any(estate.from_base(name, node.path) for name in kinds[kind]))
    )
    odd = [name for kind, having in kinds.items() if kind != common for name in having]
    said = ", ".join(f"{kind} in {names(having)}" for kind, having in kinds.items())
    place = estate.place(kinds[common][0], node.path)
    return gap(
        "type-differs",
        node.name,
        f"`{node.name}` is of different types: {said}",
        component=estate.component(node.path),
        environments=tuple(odd),
        location=estate.place(odd[0], node.path),
        related=(Label(place, f"{common} here"),) if place else (),
    )
