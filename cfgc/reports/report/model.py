"""The report as values. No text in them comes from a secret; each is escaped where it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple, TypeAlias

from cfgc.diagnostics import Severity

NO_COMPONENT = "(no component)"
NO_OWNER = "(nobody)"


class State(NamedTuple):
    """An environment: whether it compiles, how much it holds, and how many findings are about it."""

    name: str
    production: bool
    compiles: bool
    layers: tuple[str, ...]
    components: int
    keys: int
    artifacts: int
    errors: int
    warnings: int
    notes: int


class Found(NamedTuple):
    """A finding of `cfgc validate`, by its code, or a gap, by its verdict."""

    kind: str
    severity: Severity
    subject: str
    message: str
    component: str
    environments: tuple[str, ...]
    place: str
    cure: str


class Gaps(NamedTuple):
    """What `cfgc gaps` finds. `found` are errors and warnings, notes are only counted.

    `keys` is how many keys the environments have together, `described` how many of them a schema knows.
    """

    verdicts: Mapping[str, int]
    found: tuple[Found, ...]
    notes: int
    keys: int
    described: int


class Sealed(NamedTuple):
    """A secret where it is written. `since` is the day of the last commit that changed its ciphertext.

    Of what is not committed it is empty, and `days` is none. `least`: the clone is shallow, and it may be older.
    `old`: it is older than is allowed.
    """

    path: str
    component: str
    environments: tuple[str, ...]
    since: str = ""
    days: int | None = None
    least: bool = False
    old: bool = False


class SealedFile(NamedTuple):
    """A SOPS file of a layer, who can decrypt it, and its secrets that an environment uses."""

    file: str
    layer: str
    recipients: tuple[str, ...]
    secrets: tuple[Sealed, ...]


Standing: TypeAlias = Literal["ended", "ending", "in-force"]


class Waived(NamedTuple):
    """A waiver of a policy; `left` is how many days it has, less than none once it has run out."""

    policy: str
    component: str
    environment: str
    owner: str
    reason: str
    until: str
    left: int
    standing: Standing
    place: str


class Owner(NamedTuple):
    """Who answers for components, and what is said of these; a name of `NO_OWNER` is nobody."""

    name: str
    components: tuple[str, ...]
    errors: int
    warnings: int
    gaps: int
    waivers: int


class Inventory(NamedTuple):
    """The configuration sources of the repository: path -> role, and the numbers of `cfgc scan`."""

    sources: Mapping[str, str]
    numbers: Mapping[str, int]

    def roles(self) -> dict[str, int]:
        """Role -> how many sources have it, the most common first."""
        counts: dict[str, int] = {}
        for role in self.sources.values():
            counts[role] = counts.get(role, 0) + 1
        return dict(sorted(counts.items(), key=lambda each: (-each[1], each[0])))


class Part(NamedTuple):
    """One part of the score: what share of what is as it should be. `tenths` are tenths of a point."""

    name: str
    weight: int
    good: int
    all: int
    tenths: int
    means: str


class Health(NamedTuple):
    """The score, from 0 to 100, and its parts. `failing`: an environment has an error, whatever the score says."""

    parts: tuple[Part, ...]
    failing: bool

    @property
    def score(self) -> int:
        """Whole points; a hundred only when nothing is missing."""
        return sum(part.tenths for part in self.parts) // 10

    @property
    def grade(self) -> Literal["good", "fair", "poor"]:
        """One word for it."""
        if self.failing or self.score < 60:
            return "poor"
        return "good" if self.score >= 85 else "fair"


class Snapshot(NamedTuple):
    """What one content of a project is like on one day. `commit` is empty without Git; `clean`: it is exactly that.

    `model_errors` counts what is wrong with `cfgc.yaml`, schemas and policies. No gaps: they cannot be told while an
    environment does not compile.
    """

    project: str
    date: str
    commit: str
    clean: bool
    environments: tuple[State, ...]
    findings: tuple[Found, ...]
    model_errors: int
    gaps: Gaps | None
    inventory: Inventory
    secrets: tuple[SealedFile, ...]
    waivers: tuple[Waived, ...]
    owners: tuple[Owner, ...]
    health: Health

    def count(self, severity: Severity) -> int:
        """How many findings are so bad; the same in several environments is one."""
        return sum(each.severity is severity for each in self.findings)
