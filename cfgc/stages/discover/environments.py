"""Environments: their layers in order, their labels (SPEC section 2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import NamedTuple

from cfgc.diagnostics import Diagnostic, Label, report
from cfgc.model.keypath import KeyPath
from cfgc.model.location import Location
from cfgc.model.project import Environment
from cfgc.stages.discover.layout import Layout
from cfgc.stages.discover.names import objection
from cfgc.stages.discover.places import setting
from cfgc.stages.discover.settings import Settings
from cfgc.stages.discover.suggestion import did_you_mean

BASE = "base"


class _Named(NamedTuple):
    """A layer or an environment, and the place that names it."""

    name: str
    place: KeyPath


class _Declared(NamedTuple):
    """An environment as it is written, with its defaults."""

    extends: list[_Named]
    layers: list[_Named]
    labels: Mapping[str, str]
    own_default: bool


class _Sequence(NamedTuple):
    """Layers in an order that somebody asks for, and the place that does."""

    layers: tuple[str, ...]
    place: KeyPath


def environments(settings: Settings, layout: Layout) -> tuple[dict[str, Environment], list[Diagnostic]]:
    """The environments of a project by name, in the order they are written, or the one of their names."""
    written = settings.data.get("environments")
    if written is None:
        return _implied(layout), []
    resolver = _Resolver(settings, layout, written)
    return resolver.resolve(), resolver.findings


def _implied(layout: Layout) -> dict[str, Environment]:
    base = (BASE,) if layout.holds(BASE) else ()
    names = [name for name in layout.environments() if name != BASE and not objection(name)]
    return {name: Environment(name, (*base, name), {}) for name in names}


class _Resolver:
    """Declared environments -> their chains; each mistake is found once."""

    def __init__(self, settings: Settings, layout: Layout, written: Mapping[str, Mapping[str, object] | None]) -> None:
        self.findings: list[Diagnostic] = []
        self._settings = settings
        self._layout = layout
        self._declared = {name: self._read(name, value or {}, written) for name, value in written.items()}
        self._done: dict[str, Environment] = {}
        self._spelt: dict[str, str] = {}

    def resolve(self) -> dict[str, Environment]:
        for name in self._declared:
            self._check_name(name)
            self._check_layers(self._declared[name])
        for name in self._parents_first():
            self._done[name] = self._environment(name)
        return {name: self._done[name] for name in self._declared if name in self._done}

    def _read(self, name: str, value: Mapping[str, object], written: Iterable[str]) -> _Declared:
        place: KeyPath = ("environments", name)
        extends, layers, labels = value.get("extends"), value.get("layers"), value.get("labels")
        if extends is None:
            has_base = name != BASE and (BASE in written or self._layout.holds(BASE))
            parents = [_Named(BASE, place)] if has_base else []
        else:
            parents = _named(extends, (*place, "extends"))
        own = [_Named(name, place)] if layers is None else _named(layers, (*place, "layers"))
        return _Declared(parents, own, labels if isinstance(labels, Mapping) else {}, layers is None)

    def _check_name(self, name: str) -> None:
        if reason := objection(name):
            at = self._settings.key("environments", name)
            self.findings.append(report("bad-name", at=at, called=name, what="an environment", reason=reason))
        other = self._spelt.setdefault(name.casefold(), name)
        if other != name:
            at, first = (self._settings.key("environments", one) for one in (name, other))
            related = [Label(first, "the other spelling")]
            self.findings.append(report("case-twins", at=at, related=related, called=name, other=other))

    def _check_layers(self, declared: _Declared) -> None:
        for named in declared.extends:
            if named.name not in self._declared and not self._layout.holds(named.name):
                self._unknown(named, "environment or layer", [*self._declared, *self._layout.layers()])
        for named in declared.layers if not declared.own_default else ():
            if not self._layout.holds(named.name):
                self._unknown(named, "layer", self._layout.layers())

    def _unknown(self, named: _Named, what: str, known: list[str]) -> None:
        self.findings.append(unknown_layer(setting(named.place), named.name, what, known))

    def _parents_first(self) -> Iterator[str]:
        """The environments in an order in which each comes behind those it extends; those on a cycle never come."""
        known = self._declared.keys()
        waiting = {name: {parent.name for parent in own.extends} & known for name, own in self._declared.items()}
        while ready := [name for name, parents in waiting.items() if not parents & waiting.keys()]:
            yield from ready
            for name in ready:
                del waiting[name]
        while waiting:
            cycle = self._cycle(waiting)
            for name in cycle:
                waiting.pop(name, None)

    def _cycle(self, waiting: Mapping[str, set[str]]) -> list[str]:
        """Some environments that wait for each other, reported, or one that waits for such a cycle."""
        way = [next(iter(waiting))]
        while (parent := self._next(way[-1], waiting)) and parent.name not in way:
            way.append(parent.name)
        if parent is None:
            return way
        cycle = [*way[way.index(parent.name) :], parent.name]
        hops = [(self._hop(child, above), f"`{child}` extends `{above}`") for child, above in pairwise(cycle)]
        related = [Label(at, says) for at, says in hops[1:]]
        way_text = " -> ".join(f"`{name}`" for name in cycle)
        self.findings.append(
            report("environment-cycle", at=hops[0][0], label=hops[0][1], related=related, called=cycle[0], way=way_text)
        )
        return cycle

    def _next(self, name: str, waiting: Mapping[str, set[str]]) -> _Named | None:
        return next((one for one in self._declared[name].extends if one.name in waiting), None)

    def _hop(self, child: str, above: str) -> Location:
        return setting(next(one.place for one in self._declared[child].extends if one.name == above))

    def _environment(self, name: str) -> Environment:
        declared = self._declared[name]
        sequences = [_Sequence(self._above(parent.name), parent.place) for parent in declared.extends]
        sequences += [_Sequence(tuple(one.name for one in declared.layers), ("environments", name, "layers"))]
        layers = tuple(dict.fromkeys(layer for sequence in sequences for layer in sequence.layers))
        self._check_order(name, layers, sequences)
        labels: dict[str, str] = {}
        for parent in declared.extends:
            if parent.name in self._done:
                labels |= self._done[parent.name].labels
        return Environment(name, layers, {**labels, **declared.labels}, setting(("environments", name)))

    def _above(self, parent: str) -> tuple[str, ...]:
        """What extending a name brings: an environment's chain, else the layer of that name."""
        return self._done[parent].layers if parent in self._done else (parent,)

    def _check_order(self, name: str, layers: tuple[str, ...], sequences: list[_Sequence]) -> None:
        """No order that was asked for may be lost: that would be a silent change of who wins."""
        rank = {layer: index for index, layer in enumerate(layers)}
        for sequence in sequences:
            for low, high in pairwise(dict.fromkeys(sequence.layers)):
                if rank[low] > rank[high]:
                    other = next(one for one in sequences if high in one.layers)
                    related = [Label(setting(other.place), f"brings `{high}` first")]
                    self.findings.append(
                        report(
                            "contradictory-layers", at=setting(sequence.place), related=related,
                            called=name, low=low, high=high,
                        )
                    )  # fmt: skip
                    return


def unknown_layer(at: Location, name: str, what: str, known: Iterable[str]) -> Diagnostic:
    """The finding for a name that is none of those known."""
    return report("unknown-layer", at=at, help=did_you_mean(name, known), what=what, called=name)


def _named(value: object, place: KeyPath) -> list[_Named]:
    if isinstance(value, list):
        return [_Named(name, (*place, index)) for index, name in enumerate(value)]
    return [_Named(str(value), place)]
