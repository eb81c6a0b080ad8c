"""Gaps as pages show them: what must be looked at one by one, notes by verdict and component."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from cfgc.diagnostics import Severity
from cfgc.history.views.words import counted
from cfgc.reports.gaps.analysis import Analysis, Row
from cfgc.reports.gaps.gap import VERDICTS, Gap

NO_COMPONENT = "no component"


class Bundle(NamedTuple):
    """The notes of one verdict about one component."""

    verdict: str
    component: str
    gaps: tuple[Gap, ...]

    @property
    def number(self) -> int:
        return len(self.gaps)

    @property
    def environments(self) -> tuple[str, ...]:
        """Those that any of them blames; none when one blames the model."""
        named = [each.environments for each in self.gaps]
        return tuple(dict.fromkeys(name for names in named for name in names)) if all(named) else ()


class Section(NamedTuple):
    """The keys of one component: those that are not the same everywhere, and those that are."""

    component: str
    different: tuple[Row, ...]
    same: tuple[Row, ...]

    @property
    def words(self) -> str:
        """How many keys differ, and of how many that cannot be told sealed."""
        differ = sum(row.alike is False for row in self.different)
        told = f"{differ} of {counted(len(self.different) + len(self.same), 'key')} differ{'s' * (differ == 1)}"
        unclear = len(self.different) - differ
        return f"{told}, {unclear} cannot be told" if unclear else told


def serious(analysis: Analysis) -> list[Gap]:
    """The new errors and warnings, the worst first."""
    return [each for each in analysis.new if each.severity is not Severity.NOTE]


def bundles(analysis: Analysis) -> dict[str, list[Bundle]]:
    """Verdict -> its new notes, by component in their order."""
    found: dict[str, dict[str, list[Gap]]] = {}
    for each in analysis.new:
        if each.severity is Severity.NOTE:
            found.setdefault(each.verdict, {}).setdefault(each.component, []).append(each)
    return {
        verdict: [Bundle(verdict, name, tuple(found[verdict][name])) for name in ordered(analysis, found[verdict])]
        for verdict in VERDICTS
        if verdict in found
    }


def sections(analysis: Analysis) -> list[Section]:
    """The matrix by component, what stands in none last."""
    rows: dict[str, list[Row]] = {}
    for row in analysis.rows:
        rows.setdefault(row.component, []).append(row)
    return [
        Section(
            name,
            tuple(row for row in rows[name] if row.alike is not True),
            tuple(row for row in rows[name] if row.alike is True),
        )
        for name in ordered(analysis, rows)
    ]


def inside(path: str, component: str) -> tuple[str, str]:
    """A key path as its component's and the rest."""
    within = component and path.startswith(component) and path[len(component) :][:1] in (".", "[")
    return (component, path[len(component) :]) if within else ("", path)


def ordered(analysis: Analysis, names: Iterable[str]) -> list[str]:
    """Components as the tree has them, what stands in none last."""
    known = {name: at for at, name in enumerate(analysis.components)}
    return sorted(names, key=lambda name: (known.get(name, len(known)), name))
