"""Which files an environment reads, on one side."""

from __future__ import annotations

from contextlib import suppress
from typing import NamedTuple

from cfgc.diagnostics import Failed
from cfgc.edit import Overlay
from cfgc.history.sides import Side
from cfgc.model.layers import Source
from cfgc.pipeline.compile import compile_environment
from cfgc.pipeline.session import Session
from cfgc.pipeline.wanted import Wanted

SETTINGS = "cfgc.yaml"
_RULES = ("schemas", "policies", "templates")


class Reads(NamedTuple):
    """Project paths: what holds the environment's values, and what decides about them."""

    values: frozenset[str]
    """layer files, and texts behind `${file:...}`"""
    rules: frozenset[str]
    """schemas, policies, templates"""


def reads_of(side: Side, other: Side, environment: str, components: tuple[str, ...]) -> Reads:
    """What an environment reads on one side, also as the settings of the other side would have it.

    A side that cannot be compiled tells what can be told: its files are wanted all the more.
    """
    session = side.session
    settings = other.session.source
    sources: list[Source] = [session.source]
    if settings.exists(SETTINGS):
        sources.append(Overlay(session.source, {SETTINGS: settings.read(SETTINGS)}))
    values: set[str] = set()
    for source in sources:
        with suppress(Failed):
            values |= _values(Session(source, session.root, session.shelf), environment, components)
    rules = {entry.path for folder in _RULES for entry in session.source.list(folder)}
    return Reads(frozenset(values), frozenset(rules))


def _values(session: Session, environment: str, components: tuple[str, ...]) -> set[str]:
    known = session.project.environments.get(environment)
    if known is None:
        return set()
    files = {file.path for layer in known.layers for file in session.project.files.get(layer, ())}
    texts: set[str] = set()
    try:
        compiled = compile_environment(session, Wanted(environment, components))
    except Failed:
        return files
    if components and not compiled.failed:
        files = {document.file.path for layer in compiled.layers for document in layer.documents}
    texts = {path for path in session.other_inputs if path != SETTINGS and path.partition("/")[0] not in _RULES}
    return files | texts
