"""Files that nobody committed, and that a render behind a rollback reads all the same."""

from __future__ import annotations

from pathlib import Path

from cfgc.diagnostics import Diagnostic, report
from cfgc.edit import Overlay
from cfgc.external.files import WorkTree
from cfgc.external.git.commits import History
from cfgc.history.rollback.plan import Plan
from cfgc.history.rollback.proof import differing, errors_of, first, is_whole, narrowed
from cfgc.history.rollback.reads import in_everybodys_way, reads_of
from cfgc.history.sides import WORKING_TREE, Asked, Side
from cfgc.model.layers import Source
from cfgc.model.location import start_of
from cfgc.pipeline.session import FOLDERS, Session


def untracked(plan: Plan, root: Path, prefix: str) -> list[Diagnostic]:
    """A warning where the working tree, moved to the prepared commit, would not give what was proved.

    Tracked files are those of the commit then, so only others beside them can tell. `root` is the project's folder,
    `prefix` its path in the repository.
    """
    tree = WorkTree(root)
    strange = _listed(tree) - _listed(History(root).files(plan.base))
    if not strange:
        return []
    side = _moved(plan, root, tree, prefix)
    request = plan.request
    read = reads_of(side, side, request.environment, request.components) | in_everybodys_way(side)
    files = sorted(strange & read.all)
    if not files or _as_proved(side, plan):
        return []
    where, names = start_of(files[0]), first([f"`{file}`" for file in files])
    name = request.environment
    return [report("untracked-input", at=where, quotable=False, environment=name, called=name, files=names)]


def _listed(source: Source) -> set[str]:
    return {entry.path for folder in FOLDERS for entry in source.list(folder)}


def _moved(plan: Plan, root: Path, tree: WorkTree, prefix: str) -> Side:
    """The working tree as it will be."""
    after = plan.after.session
    below = f"{prefix}/" if prefix else ""
    changed = [path.removeprefix(below) for path in plan.files if path.startswith(below)]
    files = {path: after.source.read(path) if after.source.exists(path) else None for path in changed}
    session = Session(Overlay(tree, files), root, after.shelf)
    return Side(WORKING_TREE, session, plan.new, Asked((), plan.request.today))


def _as_proved(side: Side, plan: Plan) -> bool:
    name = plan.request.environment
    if not is_whole(side, name) or errors_of(side, plan.after, plan.request):
        return False
    return not differing(narrowed(side.artifacts(name), plan.components), plan.wanted)
