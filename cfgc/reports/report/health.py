"""The health score: a hundred points in six parts. Each gives the share of its things that are as they should be.

Points are rounded down to tenths, the score to whole points, so that full points mean that nothing is left to do.
Where there is nothing to judge (no secret, no waiver) a part gives all its points; where it cannot be judged, because
an environment does not compile, it gives none.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from cfgc.diagnostics import Severity
from cfgc.reports.report.model import Found, Gaps, Health, Part, SealedFile, State, Waived

WEIGHTS = {"valid": 40, "warnings": 10, "gaps": 20, "described": 10, "secrets": 15, "waivers": 5}
MEANS = {
    "valid": "environments without an error",
    "warnings": "components, the project itself among them, without a warning",
    "gaps": "components, the project itself among them, without a gap (notes do not count)",
    "described": "keys that a schema describes",
    "secrets": "secrets that are encrypted, for whom the project says, and not older than is allowed",
    "waivers": "waivers that are not near their end or behind it",
}
ELSEWHERE = frozenset({"undocumented", "plain-text-secret", "recipients-differ", "secret-not-rotated", "waiver-ending"})
"""verdicts that count in another part than `gaps`"""


def part(name: str, good: int, all: int) -> Part:
    """The points for so many good ones of all."""
    weight = WEIGHTS[name]
    return Part(name, weight, good, all, weight * 10 if not all else weight * 10 * good // all, MEANS[name])


def untold(name: str) -> Part:
    """A part that cannot be judged."""
    return Part(name, WEIGHTS[name], 0, 0, 0, MEANS[name])


def valid(environments: Collection[State]) -> Part:
    """The share of environments without an error; a project without environments is not valid."""
    good = sum(not each.errors and each.compiles for each in environments)
    return part("valid", good, len(environments)) if environments else untold("valid")


def warnings(found: Iterable[Found], environments: Iterable[State], components: Collection[str]) -> Part:
    """The share of components without a warning; the project counts as one more."""
    if not all(each.compiles for each in environments):
        return untold("warnings")
    return _free("warnings", (each for each in found if each.severity is Severity.WARNING), components)


def gaps(found: Gaps | None, components: Collection[str]) -> Part:
    """The share of components without a gap that counts here."""
    if found is None:
        return untold("gaps")
    return _free("gaps", (each for each in found.found if each.kind not in ELSEWHERE), components)


def described(found: Gaps | None) -> Part:
    """The share of keys that a schema knows."""
    return untold("described") if found is None else part("described", found.described, found.keys)


def secrets(files: Iterable[SealedFile], gaps: Gaps | None) -> Part:
    """The share of secrets that are as they should be; each one in plain text is one more that is not."""
    if gaps is None:
        return untold("secrets")
    foreign = {each.subject for each in gaps.found if each.kind == "recipients-differ"}
    plain = sum(each.kind == "plain-text-secret" for each in gaps.found)
    good = bad = 0
    for file in files:
        old = sum(each.old for each in file.secrets)
        bad += len(file.secrets) if file.file in foreign else old
        good += 0 if file.file in foreign else len(file.secrets) - old
    return part("secrets", good, good + bad + plain)


def waivers(found: Collection[Waived]) -> Part:
    """The share of waivers that have time left."""
    return part("waivers", sum(each.standing == "in-force" for each in found), len(found))


def health(parts: Iterable[Part]) -> Health:
    """The score of these parts."""
    made = tuple(parts)
    return Health(made, next(each for each in made if each.name == "valid").tenths < WEIGHTS["valid"] * 10)


def _free(name: str, found: Iterable[Found], components: Collection[str]) -> Part:
    """The share of components, and of the project, that no finding is about."""
    units = {*components, ""}
    concerned = {each.component if each.component in units else "" for each in found}
    return part(name, len(units - concerned), len(units))
