"""Schemas -> the template, filled by proposing and checking with the same check that `cfgc validate` uses."""

from __future__ import annotations

from collections.abc import Sequence

from cfgc.diagnostics import Diagnostic, report
from cfgc.model.keypath import KeyPath, show
from cfgc.model.text import inline
from cfgc.pipeline.session import Session
from cfgc.reports.docs.shape import Shape, shape_of
from cfgc.reports.docs.template.plan import Entry, Planner
from cfgc.reports.docs.template.text import lines_of

_ROUNDS = 40
NAME = "config_template.yaml"

_HEAD = """\
# Configuration of {project}: every key that its schemas know.
# Made by `cfgc docs` from schemas/: change those, not this file.
#
# It satisfies the schemas as it stands, with placeholders. Copy what you need into a layer, such as base.yaml.
# `#key:` is optional: take the `#` away, there and before the lines of that key. ${{NAME}} is a variable of the process
# that reads the rendered file; put a secret into a *.sops.yaml file instead.
"""


def template(session: Session, components: Sequence[KeyPath]) -> tuple[str, list[Diagnostic]]:
    """The text of the template, and where it does not satisfy the schemas, for want of a placeholder."""
    root = shape_of(session.schemas.bundle())
    entry, problems = _filled(session, root, frozenset(components))
    head = _HEAD.format(project=inline(session.project.name) or "this project")
    text = "\n".join([head.rstrip("\n"), *lines_of(entry)]) + "\n"
    return text, [_unfilled(each) for each in problems]


def _filled(session: Session, root: Shape, components: frozenset[KeyPath]) -> tuple[Entry, list[Diagnostic]]:
    """The plan whose proposals the schemas take, and what they still refuse where there is no other proposal.

    First with all that is optional, then as it stands: what is required must fit in any case.
    """
    choices: dict[KeyPath, int] = {}
    entry, found = Planner(choices, components).plan(root), []
    for everything in (True, False):
        for _ in range(_ROUNDS):
            tree = entry.tree(everything=everything)
            found = [each for each in session.schemas.check(tree, list(components)) if each.is_error]
            if not _refuse(found, entry, choices):
                break
            entry = Planner(choices, components).plan(root)
    return entry, found


def _refuse(found: Sequence[Diagnostic], entry: Entry, choices: dict[KeyPath, int]) -> bool:
    """Count what was refused: at each finding's place, or the nearest above that has another proposal."""
    options = {each.path: each.options for each in entry.below()}
    moved = set()
    for each in found:
        path = each.path or ()
        for depth in range(len(path), -1, -1):
            at = path[:depth]
            if choices.get(at, 0) + 1 < options.get(at, 0):
                moved.add(at)
                break
    for at in moved:
        choices[at] = choices.get(at, 0) + 1
    return bool(moved)


def _unfilled(found: Diagnostic) -> Diagnostic:
    key = show(found.path or ())
    return report("template-unfilled", at=found.location, file=NAME, key=key, reason=found.message)
