"""Why an edit is refused, or does not give the wanted value."""

from __future__ import annotations

from cfgc.diagnostics import Diagnostic, Failed, Label, report
from cfgc.edit.change import Change, Plan
from cfgc.edit.items import plain
from cfgc.model.keypath import KeyPath, show
from cfgc.model.location import Location, start_of


def not_exact(path: KeyPath, reason: str, file: str = "", help: str | None = None) -> Failed:
    """The refusal of an edit, in a file or at a path alone."""
    where = start_of(file) if file else None
    return Failed(report("edit-not-exact", at=where, path=path, file=file or show(path), reason=reason, help=help))


def why_missed(plan: Plan, change: Change) -> Diagnostic:
    """Why an edit does not give the wanted value."""
    errors = [found for found in plan.compiled.diagnostics if found.is_error]
    if errors:
        return errors[0]
    place = next(one for one in plan.placed if one.change is change)
    winner = _decides(plan, change)
    if winner is None or winner.file == place.file:
        return not_exact(change.path, "what lower layers say would be merged with it").diagnostics[0]
    layers = {file.path: file.layer for files in plan.after.project.files.values() for file in files}
    return report(
        "edit-shadowed", at=start_of(place.file), related=[Label(winner, "decides")], path=change.path,
        target=show(change.path), layer=place.layer, file=winner.file, goal=plan.compiled.environment.name,
        winner=layers.get(winner.file, ""),
    )  # fmt: skip


def _decides(plan: Plan, change: Change) -> Location | None:
    """The place that decides about a path after the edits."""
    merged = plan.compiled.merged
    path = plain(merged.tree, change.path)
    trace = merged.trace(path)
    if trace is None:
        return merged.place_removal(path)
    return plan.after.locator.value(trace.origin.file, trace.origin.path)
