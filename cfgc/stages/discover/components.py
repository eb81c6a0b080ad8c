"""Components: the subtrees that files are rendered for, and the ways to name them (SPEC sections 1 and 2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from cfgc.diagnostics import Diagnostic, report
from cfgc.model.keypath import KeyPath, show
from cfgc.model.location import Location
from cfgc.model.project import Project
from cfgc.model.values import Tree
from cfgc.stages.discover.glob import ANY, Globs, like, path_like, split, step
from cfgc.stages.discover.names import Twins, objection
from cfgc.stages.discover.suggestion import did_you_mean


def components_of(project: Project, tree: Tree) -> list[KeyPath]:
    """The key paths of a tree that are components: maps that one of the project's globs names, in the tree's order."""
    return list(_walk(tree, (), {split(pattern) for pattern in project.components} - {()}))


def _walk(tree: Tree, path: KeyPath, states: set[Globs]) -> Iterator[KeyPath]:
    for key, value in tree.items():
        if type(value) is not dict:
            continue
        left = step(states, key)
        if () in left:
            yield (*path, key)
        if deeper := left - {()}:
            yield from _walk(value, (*path, key), deeper)


def component_holding(project: Project, path: KeyPath) -> KeyPath | None:
    """The one component that everything at and below a path belongs to, by its path alone; none where it may be others.

    That is: the only one on the way, and no glob reaches deeper.
    """
    globs = [split(pattern) for pattern in project.components]
    found = [path[:depth] for depth in range(1, len(path) + 1) if any(path_like(path[:depth], each) for each in globs)]
    if len(found) != 1 or any(ANY in each or len(each) > len(found[0]) for each in globs):
        return None
    return found[0]


def matches(pattern: str, component: KeyPath) -> bool:
    """Whether a name means a component: a glob over its path, or a glob of one segment over the last of its path.

    `/` and `.` are the same; `*` is any text in one segment, `**` any number of segments. Whether a last segment is
    unique is not asked here: `select_components` does.
    """
    globs = split(pattern)
    if len(globs) == 1 and globs[0] != ANY:
        return like(str(component[-1]), globs[0])
    return bool(globs) and path_like(component, globs)


def select_components(
    names: Sequence[str], known: Sequence[KeyPath], at: Location | None = None
) -> tuple[list[KeyPath], list[Diagnostic]]:
    """The components that names mean, in the order of `known`, and findings for names that mean none or too many."""
    chosen: set[KeyPath] = set()
    findings = []
    for name in names:
        meant = meant_by(name, known)
        if not meant:
            findings.append(_unknown(name, known, at))
        elif len(meant) > 1 and "*" not in name:
            findings.append(ambiguous(name, meant, at))
        else:
            chosen.update(meant)
    return [component for component in known if component in chosen], findings


def meant_by(name: str, known: Iterable[KeyPath]) -> list[KeyPath]:
    """The components that a name may mean: the one whose whole path it is, else all that it matches."""
    found = [component for component in known if matches(name, component)]
    return [component for component in found if is_path_of(name, component)] or found


def is_path_of(name: str, component: KeyPath) -> bool:
    """Whether a name is a component's whole path, written out."""
    return split(name) == tuple((str(name),) for name in component)


def ambiguous(name: str, meant: Sequence[KeyPath], at: Location | None) -> Diagnostic:
    """The finding for a last segment that several components share."""
    paths = ", ".join(f"`{show(component)}`" for component in meant)
    return report("ambiguous-component", at=at, called=name, paths=paths)


def _unknown(name: str, known: Sequence[KeyPath], at: Location | None) -> Diagnostic:
    paths = [show(component) for component in known]
    help_ = did_you_mean(name, [*paths, *(str(component[-1]) for component in known)])
    return report("unknown-component", at=at, called=name, help=help_)


def check_components(components: Iterable[KeyPath]) -> list[Diagnostic]:
    """Findings for components that cannot be folders, at their keys; file names were checked when they were found."""
    findings = []
    twins = Twins()
    for component in components:
        name = str(component[-1])
        if reason := objection(name):
            found = report("bad-name", path=component, blame_key=True, called=name, what="a component", reason=reason)
            findings.append(found)
        elif clash := twins.clash("/".join(map(str, component)), ""):
            findings.append(clash.but(location=None, related=(), path=component, blame_key=True))
    return findings
