"""What of a render has to be done anew where only layer files of some components changed (docs/decisions/0018).

The rule: whatever is not plainly confined to some components is done in full. So is a partial render that has anything
to say: findings are those of a full one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from cfgc.diagnostics import Failed
from cfgc.model.keypath import KeyPath, show
from cfgc.model.manifest import Revision
from cfgc.model.project import Environment
from cfgc.pipeline.compile import Compiled, needs_all
from cfgc.pipeline.render import Rendering, render_environments
from cfgc.pipeline.scope import files_of
from cfgc.pipeline.session import Session
from cfgc.pipeline.wanted import Wanted
from cfgc.stages.discover import component_holding, outputs_for_environment

EVERYTHING = "*"
_LISTED = "environments"


class Last(NamedTuple):
    """One environment as it was rendered last: its source, and the components that more depends on than themselves."""

    source: Revision
    entangled: Collection[str]


class Since(NamedTuple):
    """What was read then, and which of that has changed; project paths."""

    read: Collection[str]
    changed: Collection[str]


def entangled(session: Session, compiled: Compiled) -> list[str]:
    """The components of an environment that something outside of them refers to, or that are none by what they hold.

    `EVERYTHING` where something refers to what holds components.
    """
    known = frozenset(compiled.components)
    above = {path[:depth] for path in known for depth in range(len(path))}
    places = {file.at for file in files_of(session.project, compiled.environment)} - known
    named = {component_holding(session.project, at) for at in places}
    found = {show(path) for path in named if path is not None and path not in known}
    for hop in compiled.resolved.asked:
        owner = compiled.owner(hop.target)
        if owner is not None and owner != compiled.owner(hop.path):
            found.add(show(owner))
        elif owner is None and hop.target in above:
            found.add(EVERYTHING)
    return sorted(found)


def reaches_out(session: Session, compiled: Compiled, components: Collection[KeyPath]) -> bool:
    """Whether something that is compiled for some components refers to what holds them, or to one that is not here."""
    above = {path[:depth] for path in components for depth in range(len(path))}
    return any(
        compiled.owner(hop.target) is None
        and (hop.target in above or component_holding(session.project, hop.target) is not None)
        for hop in compiled.resolved.asked
    )


def render_part(
    session: Session, wanted: Sequence[Wanted], last: Mapping[str, Last], changed: Collection[str], *, sealed: bool
) -> list[Rendering] | None:
    """The same as `render_changed` by a session over those layer files alone that may be concerned."""
    try:
        listed = frozenset(entry.path for entry in session.source.list(_LISTED))
        found = render_changed(session, wanted, last, Since(listed, changed), sealed=sealed)
    except Failed:
        return None
    if found is None or session.changed():
        return None
    return None if any(reaches_out(session, each.compiled, each.compiled.rendered) for each in found) else found


def render_changed(
    session: Session, wanted: Sequence[Wanted], last: Mapping[str, Last], since: Since, *, sealed: bool
) -> list[Rendering] | None:
    """The renderings of those environments that are concerned, of those components that are; none to do all of it."""
    try:
        source = _same_source(session, last, since)
        narrowed = _narrowed(session, wanted, last, since) if source else None
        if narrowed is None:
            return None
        session.known_revision = source
        renderings = render_environments(session, narrowed, sealed=sealed) if narrowed else []
    except Failed:
        return None
    finally:
        session.known_revision = None
    return None if session.findings or any(each.diagnostics for each in renderings) else renderings


def _narrowed(
    session: Session, wanted: Sequence[Wanted], last: Mapping[str, Last], since: Since
) -> list[Wanted] | None:
    concerned = []
    for each in wanted:
        components = _components(session, session.project.environments[each.environment], last[each.environment], since)
        if components is None:
            return None
        if components:
            concerned.append(each.but(components=tuple(show(path) for path in components)))
    return concerned


def _components(session: Session, environment: Environment, last: Last, since: Since) -> list[KeyPath] | None:
    """The components of an environment that changed files are about; none where more may be concerned."""
    files = list(files_of(session.project, environment))
    if any(file.path not in since.read for file in files):
        return None
    mine = [file for file in files if file.path in since.changed]
    found = {None if file.each else component_holding(session.project, file.at) for file in mine}
    components = [path for path in found if path is not None]
    names = {EVERYTHING, *map(show, components)}
    if len(components) < len(found) or (components and not names.isdisjoint(last.entangled)):
        return None
    return None if components and _beyond(session, environment, components) else components


def _beyond(session: Session, environment: Environment, components: Sequence[KeyPath]) -> bool:
    """Whether an output, a template, a policy or a schema looks at more than one of these components."""
    return (
        bool(outputs_for_environment(session.project))
        or needs_all(session, environment, components)
        or any(map(session.schemas.look_beyond, components))
    )


def _same_source(session: Session, last: Mapping[str, Last], since: Since) -> Revision | None:
    """The source of all sets, if it is still the same, and if nothing but layer files and their folders changed."""
    files = {file.path for some in session.project.files.values() for file in some}
    folders = [path for path in since.changed if path not in files]
    if session.findings or not all(_is_listed(session, path) for path in folders):
        return None
    source, *others = {each.source for each in last.values()}
    changed = [path for path in since.changed if path in files]
    if others or not source.id:
        return None if others else source
    if folders and not all(entry.path in since.read for entry in session.source.list(_LISTED)):
        return None  # a file of no layer came: it is not committed
    if not changed:
        return source
    from cfgc.external.git import is_clean

    return source if is_clean(session.root, changed) == source.clean else None


def _is_listed(session: Session, path: str) -> bool:
    """Whether a path is a folder of the layouts, which discovering has looked through again."""
    return (path == _LISTED or path.startswith(f"{_LISTED}/")) and (session.root / path).is_dir()
