"""The findings of a run as every format shows them: each once, in the order of the files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import KW_ONLY, dataclass
from typing import Any, NamedTuple

from cfgc.diagnostics.diagnostic import Diagnostic, Severity
from cfgc.diagnostics.hush import hushed
from cfgc.model.location import Location
from cfgc.model.text import inline

_FIRST = "passes-only-with-this-change"
"""comes before all others: it is about the rules that these are found by"""

Quote = Callable[[str, int], "str | None"]
"""the text of a line of a file; none if it is not to be shown"""


@dataclass(frozen=True, slots=True)
class Listing:
    """What a renderer is given: findings, source lines, and the environments that were looked at.

    `width` is where long source lines are cut, in columns of a terminal.
    """

    diagnostics: Sequence[Diagnostic]
    quote: Quote
    environments: tuple[str, ...] = ()
    _: KW_ONLY
    color: bool = False
    width: int = 140
    quiet_notes: bool = False
    """show no notes, only how many there are; for people, who ask for them with `-v`"""

    def findings(self) -> list[Finding]:
        """The findings by file, line, column and code, `_FIRST` on top; those of several environments are one."""
        merged: dict[Any, list[Diagnostic]] = {}
        for found in hushed(self.diagnostics):
            merged.setdefault(_identity(found), []).append(found)
        findings = [Finding(same[0], self._ordered({each.environment for each in same})) for same in merged.values()]
        return sorted(findings, key=lambda finding: _order(finding.diagnostic))

    def where(self, finding: Finding) -> str:
        """In which environments a finding stands, if several were looked at."""
        if len(self.environments) < 2 or not finding.environments:
            return ""
        if set(self.environments) <= set(finding.environments):
            return "every environment"
        return ", ".join(finding.environments)

    def _ordered(self, names: set[str]) -> tuple[str, ...]:
        rank = {name: number for number, name in enumerate(self.environments)}
        return tuple(sorted(names - {""}, key=lambda name: (rank.get(name, len(rank)), name)))


class Finding(NamedTuple):
    """A diagnostic and all the environments in which it stands."""

    diagnostic: Diagnostic
    environments: tuple[str, ...]

    @property
    def path(self) -> str:
        """The key path as text that is safe to show; empty if there is none."""
        return inline(self.diagnostic.path_text)

    @property
    def file(self) -> str:
        """The file's name, safe to show; empty if there is none."""
        return inline(self.diagnostic.location.file) if self.diagnostic.location else ""


def counted(findings: Sequence[Finding]) -> dict[Severity, int]:
    """How many findings there are of each severity."""
    return {severity: sum(each.diagnostic.severity is severity for each in findings) for severity in Severity}


def _identity(found: Diagnostic) -> tuple[Any, ...]:
    return (found.code, found.severity, found.message, found.location, found.path, found.component, found.label,
            found.related, found.notes, found.help)  # fmt: skip


def _order(found: Diagnostic) -> tuple[Any, ...]:
    at = found.location or Location("", 0)
    return found.name != _FIRST, at.file, at.line, at.column, found.code, found.path_text, found.message


def one_line(text: str) -> str:
    """A text with every run of white space as one space."""
    return " ".join(text.split())


def shown(listing: Listing, findings: Sequence[Finding]) -> list[Finding]:
    """The findings that a person is shown one by one."""
    return [
        finding for finding in findings if not (listing.quiet_notes and finding.diagnostic.severity is Severity.NOTE)
    ]
