"""What a check that found nothing knows of a project: which file is about which component, and what refers to what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cfgc.model.keypath import KeyPath, show
from cfgc.pipeline.compile import Compiled
from cfgc.pipeline.partial import entangled
from cfgc.pipeline.session import Session
from cfgc.pipeline.untouched import NOBODY, ROOT, Component, Known, known_of
from cfgc.stages.discover import component_holding


def known_of_files(session: Session, asked: Iterable[str]) -> Known:
    """What is to be known of layer files that were looked at one by one. Raises `ValueError` for odd names."""
    files = [file for some in session.project.files.values() for file in some]
    return known_of(session, asked, (), [Component(file.path, [], [file.path]) for file in files])


def known_of_environments(session: Session, compiled: Sequence[Compiled], asked: Iterable[str]) -> Known:
    """What is to be known of compiled environments about which there was nothing to say. Raises `ValueError`."""
    have = [frozenset(one.components) for one in compiled]
    components = [
        Component(show(path), [number for number, known in enumerate(have) if path in known], names)
        for path, names in _files_by_component(session).items()
    ]
    known = known_of(session, asked, [one.environment.name for one in compiled], components)
    tied = sorted({name for one in compiled for name in entangled(session, one)})
    return known._replace(entangled=tied, needs=_by_name(hop for one in compiled for hop in needs_of(one)))


def known_by_name(session: Session, names: Sequence[str], needs: Iterable[tuple[str, str]]) -> Known:
    """What is to be known of the layer files of some environments, to list a part of them. Raises `ValueError`."""
    components = [Component(show(path), [], files) for path, files in _files_by_component(session).items()]
    return known_of(session, (ROOT,), names, components)._replace(needs=_by_name(needs))


def needs_of(compiled: Compiled) -> set[tuple[str, str]]:
    """Which component refers to which other one, by name; `NOBODY` for what stands in none."""
    hops = ((compiled.owner(hop.path), compiled.owner(hop.target)) for hop in compiled.resolved.asked)
    return {(show(one) if one else NOBODY, show(other)) for one, other in hops if other and one != other}


def _files_by_component(session: Session) -> dict[KeyPath, list[str]]:
    """The layer files that are about one component alone."""
    found: dict[KeyPath, list[str]] = {}
    owners: dict[KeyPath, KeyPath | None] = {}
    for file in (file for files in session.project.files.values() for file in files if not file.each):
        if file.at not in owners:
            owners[file.at] = component_holding(session.project, file.at)
        if owner := owners[file.at]:
            found.setdefault(owner, []).append(file.path)
    return found


def _by_name(needs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, set[str]] = {}
    for name, other in needs:
        found.setdefault(name, set()).add(other)
    return {name: sorted(others) for name, others in found.items()}
