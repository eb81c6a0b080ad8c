"""The analysis: the estate, held against itself and its model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from cfgc.diagnostics import Diagnostic, Failed, Severity
from cfgc.model.values import Value
from cfgc.pipeline.compile import Compiled, compile_environment, find_environment
from cfgc.pipeline.session import Session
from cfgc.pipeline.wanted import Wanted
from cfgc.reports.gaps.alike import alike, all_of
from cfgc.reports.gaps.estate import Asked, Estate, Node
from cfgc.reports.gaps.finders import find
from cfgc.reports.gaps.gap import VERDICTS, Gap, Unclear


class Cell(NamedTuple):
    """What an environment has at a key path: a state of `Estate.state`, and the value, safe to show."""

    state: str
    value: Value = None


class Row(NamedTuple):
    """A key over all environments. `alike`: whether all have the same; none where that cannot be told sealed."""

    path: str
    component: str
    alike: bool | None
    cells: Mapping[str, Cell]


class Variable(NamedTuple):
    """A runtime variable, and the components whose values wait for it, by environment; no name: of no component."""

    name: str
    needed: Mapping[str, tuple[str, ...]]


class Analysis(NamedTuple):
    """Everything that the pages show, gaps in their order; nothing in it is secret."""

    environments: tuple[str, ...]
    components: tuple[str, ...]
    date: str
    gaps: tuple[Gap, ...]
    unclear: tuple[Unclear, ...]
    rows: tuple[Row, ...]
    variables: tuple[Variable, ...]
    gone: int = 0
    """entries of the baseline that stand for no gap any more"""

    @property
    def new(self) -> tuple[Gap, ...]:
        """The gaps that the baseline does not have."""
        return tuple(each for each in self.gaps if not each.known)

    def count(self, severity: Severity) -> int:
        """How many new gaps are so bad."""
        return sum(each.severity is severity for each in self.new)

    def counts(self) -> dict[str, int]:
        """Verdict -> how many new gaps have it; only verdicts that some gap has."""
        found = {verdict: sum(each.verdict == verdict for each in self.new) for verdict in VERDICTS}
        return {verdict: number for verdict, number in found.items() if number}


def analyse(session: Session, asked: Asked) -> Analysis:
    """Compile the environments sealed and find their gaps; raises `Failed` where one does not compile."""
    chosen = asked.environments or tuple(session.project.environments)
    for name in chosen:
        find_environment(session, name)
    compiled = _compiled(session, [name for name in session.project.environments if name in chosen])
    estate = Estate(session, compiled, asked)
    found = list(find(estate))
    return Analysis(
        tuple(compiled),
        tuple(estate.components),
        asked.today.isoformat(),
        tuple(sorted((each for each in found if isinstance(each, Gap)), key=lambda each: each.order)),
        tuple(sorted(each for each in found if isinstance(each, Unclear))),
        tuple(_row(estate, node) for node in estate.leaves),
        tuple(_variables(estate)),
    )


def _compiled(session: Session, names: Sequence[str]) -> dict[str, Compiled]:
    """All of the environments: what one alone lacks cannot be told while another is broken."""
    compiled: dict[str, Compiled] = {}
    broken: list[Diagnostic] = []
    for name in names:
        try:
            compiled[name] = compile_environment(session, Wanted(name))
        except Failed as failed:
            broken += failed.diagnostics
    broken += [found for one in compiled.values() for found in one.diagnostics]
    broken += session.findings
    errors = [found for found in broken if found.is_error]
    if errors:
        raise Failed(*errors)
    return compiled


def _row(estate: Estate, node: Node) -> Row:
    first, *others = node.values.values()
    same = all_of(alike(first, other) for other in others) if len(node.values) == len(estate.compiled) else False
    cells = {name: _cell(estate, node, name) for name in estate.compiled}
    return Row(node.name, estate.component(node.path), same, cells)


def _cell(estate: Estate, node: Node, name: str) -> Cell:
    state = estate.state(name, node)
    return Cell(state) if state == "missing" else Cell(state, estate.shown(node.path, node.values[name]))


def _variables(estate: Estate) -> list[Variable]:
    needed: dict[str, dict[str, dict[str, None]]] = {}
    for name, one in estate.compiled.items():
        for use in one.resolved.variables:
            owner = estate.component(use.path)
            needed.setdefault(use.variable, {}).setdefault(name, {})[owner] = None
    return [
        Variable(variable, {name: tuple(owners) for name, owners in needed[variable].items()})
        for variable in sorted(needed)
    ]
