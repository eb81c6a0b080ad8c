"""What a check that found nothing knows of a project: which file is about which component, and what refers to what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cfgc.model.keypath import KeyPath, show
from cfgc.pipeline.compile import Compiled
from cfgc.pipeline.partial import entangled
from cfgc.pipeline.session import Session
from cfgc.pipeline.untouched import NOBODY, Component, Known, known_of
from cfgc.stages.discover import component_holding


def known_of_files(session: Session, asked: Iterable[str]) -> Known:
    """What is to be known of layer files that were looked at one by one. Raises `ValueError` for odd names."""
    files = [file for some in session.project.files.values() for file in some]
    return known_of(session, asked, (), [Component(file.path, [], [file.path]) for file in files])


def known_of_environments(session: Session, compiled: Sequence[Compiled], asked: Iterable[str]) -> Known:
    """What is to be known of compiled environments about which there was nothing to say. Raises `ValueError`."""
    files: dict[KeyPath, list[str]] = {}
    for some in session.project.files.values():
        for file in some:
            if not file.each and (owner := component_holding(session.project, file.at)):
                files.setdefault(owner, []).append(file.path)
    have = [frozenset(one.components) for one in compiled]
    components = [
        Component(show(path), [number for number, known in enumerate(have) if path in known], names)
        for path, names in files.items()
    ]
    known = known_of(session, asked, [one.environment.name for one in compiled], components)
    tied = sorted({name for one in compiled for name in entangled(session, one)})
    return known._replace(entangled=tied, needs=_needs(compiled))


def _needs(compiled: Iterable[Compiled]) -> dict[str, list[str]]:
    found: dict[str, set[str]] = {}
    for one in compiled:
        for hop in one.resolved.asked:
            source, target = one.owner(hop.path), one.owner(hop.target)
            if target is not None and source != target:
                found.setdefault(show(source) if source else NOBODY, set()).add(show(target))
    return {name: sorted(names) for name, names in found.items()}
