"""What a comparison found: the values that every view, `affected` and `rollback` show."""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

from cfgc.diagnostics import Diagnostic
from cfgc.external.git.commits import Commit
from cfgc.history.changes import Change
from cfgc.model.keypath import KeyPath
from cfgc.model.location import Location

Status: TypeAlias = Literal["added", "removed", "changed"]
RuleKind: TypeAlias = Literal["schema", "policy", "template", "recipient", "setting"]


class ValueChange(NamedTuple):
    """A change with its component, the line that causes it, and the commit that made it.

    `origin` is the layer line of the new value; of what was removed the `!unset`, else the line that held it before, on
    the other side then (`origin_before`). No commit: it is not committed yet, or not among the commits compared.
    """

    change: Change
    component: str
    origin: Location | None
    origin_before: bool
    layer: str
    commit: Commit | None = None


class ArtifactChange(NamedTuple):
    """One file of `dist/ENV` that differs, in its sealed form; no bytes on the side that lacks it.

    What is `withheld` may hold in plain text what is a secret on the other side, and has no bytes at all.
    """

    path: str
    component: str
    status: Status
    old: bytes | None
    new: bytes | None
    withheld: bool = False


class EnvironmentDifference(NamedTuple):
    """What differs in one environment; `status` tells one that only one side has.

    `components` are those of the second side.
    """

    name: str
    production: bool
    changes: tuple[ValueChange, ...]
    artifacts: tuple[ArtifactChange, ...]
    components: tuple[str, ...]
    status: Status = "changed"


class Shadowed(NamedTuple):
    """An edit that changes nothing in an environment, and the line that overrides it there."""

    path: KeyPath
    environment: str
    edit: Location
    by: Location


class RuleChange(NamedTuple):
    """A file of rules that was edited: what a reviewer must see first. `detail` says more of recipients."""

    kind: RuleKind
    file: str
    status: Status
    detail: str = ""


class SharedEdit(NamedTuple):
    """An edited file of a layer that several environments share, and those whose values it changes."""

    file: str
    layer: str
    environments: tuple[str, ...]
    production: bool


class Findings(NamedTuple):
    """The findings that only one side has."""

    new: tuple[Diagnostic, ...]
    gone: tuple[Diagnostic, ...]


class Difference(NamedTuple):
    """Everything between two sides. Every value in it is safe to print."""

    before: str
    after: str
    environments: dict[str, EnvironmentDifference]
    shadowed: tuple[Shadowed, ...]
    rules: tuple[RuleChange, ...]
    shared: tuple[SharedEdit, ...]
    findings: Findings

    @property
    def empty(self) -> bool:
        """Whether nothing that is rendered differs."""
        return not any(each.changes or each.artifacts for each in self.environments.values())

    def summary(self) -> dict[str, int]:
        """How many changes there are of each kind, over all environments."""
        kinds = dict.fromkeys(("added", "removed", "changed", "type-changed", "secret-changed"), 0)
        for environment in self.environments.values():
            for each in environment.changes:
                kinds[each.change.kind] += 1
        return {
            **kinds,
            "artifacts": sum(len(each.artifacts) for each in self.environments.values()),
            "shadowed": len(self.shadowed),
            "rules": len(self.rules),
            "new_findings": len(self.findings.new),
            "gone_findings": len(self.findings.gone),
        }
