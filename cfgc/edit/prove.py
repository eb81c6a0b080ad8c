"""Do the environments still pass? An edit may bring no new error, in any of them."""

from __future__ import annotations

from collections.abc import Hashable
from typing import NamedTuple

from cfgc.diagnostics import Diagnostic
from cfgc.edit.change import Plan
from cfgc.edit.items import at
from cfgc.edit.layers import users
from cfgc.model.keypath import KeyPath
from cfgc.model.same import same
from cfgc.pipeline.compile import Compiled
from cfgc.pipeline.session import Session
from cfgc.pipeline.validate import Examined, examine
from cfgc.pipeline.wanted import Wanted


class Proof(NamedTuple):
    """What an edit brings: findings that were not there before, and what it does to other environments."""

    findings: list[Diagnostic]
    others: dict[str, list[KeyPath]]
    """environment -> the edited paths whose value changes there too"""

    @property
    def failed(self) -> bool:
        return any(found.is_error for found in self.findings)


def prove(session: Session, plan: Plan, wanted: Wanted) -> Proof:
    """Check every environment that reads an edited layer, before and after the edit."""
    names = _affected(session, plan)
    after = examine(plan.after, names, wanted)
    compared = names if after.diagnostics or len(names) > 1 else []  # else there is nothing to compare with
    before = examine(session, [name for name in compared if name in session.project.environments], wanted)
    known = {_same_finding(found) for found in before.diagnostics}
    new = [found for found in after.diagnostics if _same_finding(found) not in known]
    return Proof(new, _others(plan, before, after))


def _affected(session: Session, plan: Plan) -> list[str]:
    project = plan.after.project
    if project.environments.keys() != session.project.environments.keys():
        return list(project.environments)
    found = {name for layer in plan.layers for name in users(project, layer)}
    return [name for name in project.environments if name in found]


def _same_finding(found: Diagnostic) -> Hashable:
    """What makes a finding the same before and after: lines move."""
    return found.code, found.path, found.environment, found.component, found.message


def _others(plan: Plan, before: Examined, after: Examined) -> dict[str, list[KeyPath]]:
    found: dict[str, list[KeyPath]] = {}
    for name, compiled in after.compiled.items():
        if name == plan.compiled.environment.name or name not in before.compiled:
            continue
        paths = [each.change.path for each in plan.placed]
        changed = [path for path in dict.fromkeys(paths) if _differs(before.compiled[name], compiled, path)]
        if changed:
            found[name] = changed
    return found


def _differs(one: Compiled, other: Compiled, path: KeyPath) -> bool:
    return not same(at(one.tree, path), at(other.tree, path))
