"""Edits of layer files that change nothing in an environment, because a higher layer overrides them there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from cfgc.external.git import blob_id
from cfgc.history.changes import changes_between
from cfgc.history.difference import Shadowed
from cfgc.history.sides import Side
from cfgc.model.annotations import Cursor
from cfgc.model.keypath import KeyPath
from cfgc.model.layers import Document
from cfgc.model.values import INCLUDE, Marked, Value
from cfgc.pipeline.compile import Compiled
from cfgc.stages.merge.lives import Fate


def shadowed_edits(before: Side, after: Side, environments: Sequence[str]) -> Iterator[Shadowed]:
    """Each value that was added or changed in a layer file and that a higher layer overrides in an environment.

    What was removed from a file is no line of it any more, and is not among them; nor is what an environment that
    reads a file for the first time finds in it.
    """
    known = _documents(before.compiled(name) for name in before.environments)
    for name in environments:
        compiled = after.compiled(name)
        if compiled is not None:
            seen: set[tuple[object, ...]] = set()
            for document in _documents([compiled]).values():
                if _is_edited(document, known, before):
                    for each in _of_document(known.get(document.file.path), document, compiled, after):
                        if each not in seen:
                            seen.add(each)
                            yield each


def _documents(environments: Iterable[Compiled | None]) -> dict[str, Document]:
    layers = [layer for compiled in environments if compiled for layer in compiled.layers]
    return {document.file.path: document for layer in layers for document in layer.documents}


def _is_edited(document: Document, known: Mapping[str, Document], before: Side) -> bool:
    path, source = document.file.path, before.session.source
    if path in known:
        return known[path].content_id != document.content_id
    return not source.exists(path) or blob_id(source.read(path)) != document.content_id


def _of_document(old: Document | None, new: Document, compiled: Compiled, after: Side) -> Iterator[Shadowed]:
    locator = after.session.locator
    rivals = list(_rivals(new, compiled))
    for path in edited(old.data if old else {}, new.data):
        full = (*new.file.at, *path)
        if not new.file.each and not any(_may_beat(rival, full) for rival in rivals):
            continue
        for fate in compiled.merged.fate(new.file.path, path):
            if not fate.wins and fate.by is not None:
                edit = locator.value(new.file.path, path)
                yield Shadowed(_shown(fate), compiled.environment.name, edit, locator.value(fate.by.file, fate.by.path))


def _rivals(document: Document, compiled: Compiled) -> Iterator[Document]:
    """The documents that may override what an ordinary one says: of its own layer and of those above."""
    own = next(number for number, layer in enumerate(compiled.layers) if layer.name == document.file.layer)
    for number, layer in enumerate(compiled.layers[own:]):
        for each in layer.documents:
            beneath = not number and each.file.each
            if each is not document and not beneath and _near(each.file.at, document.file.at):
                yield each


def _near(one: KeyPath, other: KeyPath) -> bool:
    depth = min(len(one), len(other))
    return one[:depth] == other[:depth]


def _may_beat(rival: Document, path: KeyPath) -> bool:
    """Whether a document might say anything about a path; items of lists may meet those of any layer."""
    depth = len(rival.file.at) + rival.file.each
    if len(path) < depth or any(isinstance(step, int) for step in path):
        return True
    if not _near(rival.file.at, path):
        return False
    value = rival.data
    for step in path[depth:]:
        if not isinstance(value, dict) or INCLUDE in value:
            return True
        if step not in value:
            return False
        value = value[str(step)]
    return True


def edited(old: Value, new: Value) -> Iterator[KeyPath]:
    """The paths of the values that were added or changed in a file; of an added map all its leaves."""
    for change in changes_between(old, new, _NoAnnotations()):
        if change.kind != "removed" and INCLUDE not in change.after:
            yield from _leaves(_at(new, change.after), change.after)


def _leaves(value: Value, path: KeyPath) -> Iterator[KeyPath]:
    if isinstance(value, dict) and value:
        for key, below in value.items():
            if key != INCLUDE:
                yield from _leaves(below, (*path, key))
    else:
        yield path


def _at(value: Value, path: Iterable[object]) -> Value:
    for step in path:
        value = (value.value if isinstance(value, Marked) else value)[step]
    return value


def _shown(fate: Fate) -> KeyPath:
    """The path that lost: a list that is overridden as a whole is named as a whole."""
    if fate.by is not None and any(isinstance(step, int) for step in fate.by.path):
        return fate.path
    first = next((depth for depth, step in enumerate(fate.path) if isinstance(step, int)), len(fate.path))
    return fate.path[:first]


class _NoAnnotations:
    """Inside a file no schema names the identity of list items."""

    def root(self) -> Cursor | None:
        return None

    def get(self, _keyword: str, _path: KeyPath) -> Value:
        return None

    def uses(self, _keyword: str) -> bool:
        return False
