"""Which files an environment reads, on one side."""

from __future__ import annotations

from contextlib import suppress
from typing import NamedTuple

from cfgc.diagnostics import Failed
from cfgc.edit import Overlay
from cfgc.history.sides import Side
from cfgc.model.keypath import KeyPath, starts_with
from cfgc.model.layers import LayerFile, Source
from cfgc.pipeline.compile import compile_environment
from cfgc.pipeline.session import Session
from cfgc.pipeline.wanted import Wanted

SETTINGS = "cfgc.yaml"
_RULES = ("schemas", "policies", "templates")


class Reads(NamedTuple):
    """Project paths: what holds the environment's values, and what decides about them."""

    own: frozenset[str]
    """layer files; of a component those that may say something of it"""
    others: frozenset[str]
    """what else is read for it: what a component refers to, and texts behind `${file:...}`"""
    rules: frozenset[str]
    """schemas, policies, templates"""

    def __or__(self, more: Reads) -> Reads:
        return Reads(self.own | more.own, self.others | more.others, self.rules | more.rules)

    @property
    def all(self) -> frozenset[str]:
        return self.own | self.others | self.rules


_NOTHING = Reads(frozenset(), frozenset(), frozenset())


def reads_of(side: Side, other: Side, environment: str, components: tuple[str, ...]) -> Reads:
    """What an environment reads on one side, also as the settings of the other side would have it.

    A side that cannot be compiled tells what can be told: its files are wanted all the more.
    """
    session = side.session
    settings = other.session.source
    sources: list[Source] = [session.source]
    if settings.exists(SETTINGS):
        sources.append(Overlay(session.source, {SETTINGS: settings.read(SETTINGS)}))
    rules = frozenset(entry.path for folder in _RULES for entry in session.source.list(folder))
    found = Reads(frozenset(), frozenset(), rules)
    for source in sources:
        with suppress(Failed):
            found |= _values(Session(source, session.root, session.shelf), environment, components)
    return found


def in_everybodys_way(side: Side) -> Reads:
    """The files for which a whole project is refused, such as one with a bad name: they concern every environment."""
    try:
        _ = side.session.project
        found = side.session.findings
    except Failed as failed:
        found = list(failed.diagnostics)
    files = {each.location.file for each in found if each.is_error and each.location}
    return _NOTHING._replace(own=frozenset(files - {SETTINGS}))


def _values(session: Session, environment: str, components: tuple[str, ...]) -> Reads:
    known = session.project.environments.get(environment)
    if known is None:
        return _NOTHING
    files = [file for layer in known.layers for file in session.project.files.get(layer, ())]
    try:
        compiled = compile_environment(session, Wanted(environment, components))
    except Failed:
        return _NOTHING._replace(own=frozenset(file.path for file in files))
    texts = {path for path in session.other_inputs if path != SETTINGS and path.partition("/")[0] not in _RULES}
    if compiled.narrowed is None:
        return _NOTHING._replace(own=frozenset(file.path for file in files), others=frozenset(texts))
    read = {document.file.path for layer in compiled.layers for document in layer.documents}
    own = {file.path for file in files if any(_concerns(file, path) for path in compiled.narrowed)}
    return _NOTHING._replace(own=frozenset(own), others=frozenset(read - own | texts))


def _concerns(file: LayerFile, path: KeyPath) -> bool:
    return starts_with(file.at, path) or starts_with(path, file.at)
