"""A difference with the commit behind each of its changes."""

from __future__ import annotations

from cfgc.history.difference import Difference, EnvironmentDifference
from cfgc.history.life.culprits import culprits
from cfgc.history.life.revisions import Archive
from cfgc.history.sides import Sides


def with_commits(difference: Difference, sides: Sides) -> Difference:
    """The difference, its changes with their commits; those that are not committed stay without one."""
    before, after = sides.before.session, sides.after.session
    if after.shelf is None:
        return difference
    archive = Archive(sides.history, after.root, after.shelf, before if sides.before.is_commit else None)
    named = {name: _attributed(each, sides, archive) for name, each in difference.environments.items()}
    return difference._replace(environments=named)


def _attributed(found: EnvironmentDifference, sides: Sides, archive: Archive) -> EnvironmentDifference:
    before, after = sides.before, sides.after
    if not found.changes:
        return found
    compiled = after.compiled(found.name)
    tree = compiled.tree if compiled else {}
    changes = [each.change for each in found.changes]
    commits = culprits(archive, found.name, changes, tree, (before.commit, after.commit))
    attributed = (each._replace(commit=commits.get(each.change.path)) for each in found.changes)
    return found._replace(changes=tuple(attributed))
