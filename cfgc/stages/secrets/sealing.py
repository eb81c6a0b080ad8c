"""The documents that hold ciphertext, or should: each leaf is typed, and what is out of place is found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from cfgc.diagnostics import Diagnostic, report
from cfgc.external.regex import PatternError
from cfgc.model.keypath import KeyPath, show
from cfgc.model.layers import Document, Locator
from cfgc.model.location import Location, start_of
from cfgc.model.values import INCLUDE, Marked, Secret, Tree, Value
from cfgc.stages.secrets.block import BLOCK
from cfgc.stages.secrets.metadata import Metadata, block_of, content, parse_block, without_block
from cfgc.stages.secrets.token import OPENING, parse_token, type_of

_SHOWN = 5


@dataclass(slots=True)
class SealedDocument(Document):
    """A SOPS file: encrypted leaves are `Secret`, the `sops` block is parsed and taken out."""

    metadata: Metadata | None = None


def sealed(document: Document, locator: Locator) -> tuple[Document, list[Diagnostic]]:
    """A document with `Secret` leaves for its ciphertext, and its findings."""
    block = block_of(document)
    if block is None:
        return document, [*_not_encrypted(document, locator), *_stray(document, locator)]
    metadata = parse_block(block, document)
    sealing = _Sealing(document, metadata, locator)
    data = sealing.root(document.data, without_block(document))
    found = [*_misnamed(document), *_problems(document, metadata, locator), *sealing.findings()]
    return SealedDocument(document.file, data, document.content_id, metadata=metadata), found


def _misnamed(document: Document) -> Iterator[Diagnostic]:
    if not document.file.sops:
        path = PurePosixPath(document.file.path)
        better = path.with_name(f"{path.stem}.sops{path.suffix}").name
        yield report("misnamed-sops-file", at=start_of(str(path)), file=path, better=better)


def _not_encrypted(document: Document, locator: Locator) -> Iterator[Diagnostic]:
    """A file that is about to be encrypted, or was forgotten; of its markers sops would say nothing."""
    file = document.file.path
    if not document.file.sops:
        return
    yield report("unencrypted-sops-file", at=start_of(file), file=file, quotable=False)
    for path, marker in _markers(document.data, ()):
        at = locator.value(file, path)
        where = (*document.file.at, *path)
        yield report("marker-in-sops-file", at=at, path=where, key=show(path), marker=marker, quotable=False)


def _markers(node: Value, path: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    if isinstance(node, Marked):
        yield path, f"!{node.name}"
        node = node.value
    for step, item in _items(node):
        if step == INCLUDE:
            yield (*path, step), "<<"
        else:
            yield from _markers(item, (*path, step))


def _stray(document: Document, locator: Locator) -> Iterator[Diagnostic]:
    """Ciphertext in a file that no sops will ever decrypt (THREATS L15)."""
    file = document.file.path
    for path in _with_opening(content(document)):
        yield report("stray-ciphertext", at=locator.value(file, path), path=(*document.file.at, *path), file=file)


def _with_opening(data: Value) -> list[KeyPath]:
    """The paths of all texts and keys that hold ciphertext. Every leaf of a project passes here: no recursion."""
    found: list[KeyPath] = []
    rest: list[tuple[Value, KeyPath]] = [(data, ())]
    while rest:
        node, path = rest.pop()
        if type(node) is dict and OPENING in "\n".join(node):
            found.extend((*path, key) for key in node if OPENING in key)
        for step, item in _items(node):
            kind = type(item)
            if kind is str:
                if OPENING in item:
                    found.append((*path, step))
            elif kind is dict or kind is list:
                rest.append((item, (*path, step)))
            elif kind is Marked:
                rest.append(([item.value] if type(item.value) is str else item.value, (*path, step)))
    return found


def _items(node: Value) -> Iterable[tuple[Any, Value]]:
    if type(node) is dict:
        return node.items()
    return enumerate(node) if type(node) is list else ()


def _problems(document: Document, metadata: Metadata, locator: Locator) -> Iterator[Diagnostic]:
    file = document.file.path
    for path, problem in metadata.problems:
        yield report("invalid-sops-block", at=locator.key(file, path), file=file, problem=problem)
    if metadata.mac_only_encrypted:
        yield report("mac-only-encrypted", at=_of_block(document, locator, "mac_only_encrypted"), file=file)


def _of_block(document: Document, locator: Locator, key: str) -> Location:
    path = (f"{BLOCK}_{key}",) if document.file.format == "dotenv" else (BLOCK, key)
    return locator.value(document.file.path, path)


class _Sealing:
    """One walk over a SOPS file: its leaves become secrets, and what should not be there is kept as findings."""

    def __init__(self, document: Document, metadata: Metadata, locator: Locator) -> None:
        self._document = document
        self._selection = metadata.selection
        self._locator = locator
        self._found: list[Diagnostic] = []
        self._unprotected: list[KeyPath] = []

    def findings(self) -> list[Diagnostic]:
        """All findings; values that sops leaves alone are one finding a file."""
        if not self._unprotected:
            return self._found
        first, *others = self._unprotected
        notes = [f"`{show(path)}` too" for path in others[:_SHOWN]]
        return [*self._found, self._report("unprotected-value", first, notes=notes)]

    def root(self, root: Value, data: Tree) -> Value:
        """The root map of the file, sealed."""
        return self.value(Marked(root.name, data) if isinstance(root, Marked) else data, ())

    def value(self, node: Value, path: KeyPath) -> Value:
        """A node of the file, sealed."""
        if isinstance(node, Marked):
            self._add("marker-in-sops-file", path, marker=f"!{node.name}")
            return self.value(node.value, path)
        if isinstance(node, dict):
            return {key: self._entry(key, item, (*path, key)) for key, item in node.items()}
        if isinstance(node, list):
            return [self.value(item, (*path, index)) for index, item in enumerate(node)]
        if isinstance(node, str) and OPENING in node:
            return self._ciphertext(node, path)
        self._plain(node, path)
        return node

    def _entry(self, key: str, item: Value, path: KeyPath) -> Value:
        if key == INCLUDE:
            self._add("marker-in-sops-file", path, marker="<<")
        elif OPENING in key:
            self._add("malformed-ciphertext", path)
        return self.value(item, path)

    def _ciphertext(self, text: str, path: KeyPath) -> Secret:
        secret = parse_token(text)
        if secret is None:
            self._add("malformed-ciphertext", path)
            return Secret(text, "string")
        if self._chosen(path) is False:
            self._add("stray-ciphertext", path)
        if type_of(secret) == "time":
            self._add("retyped-value", path)
        return secret

    def _plain(self, value: Value, path: KeyPath) -> None:
        # sops leaves null and empty text as they are
        if value is not None and value != "" and self._chosen(path):
            self._add("plain-value-in-sops-file", path)
        else:
            self._unprotected.append(path)

    def _chosen(self, path: KeyPath) -> bool | None:
        """Whether sops encrypts the value at a path; none when that cannot be told."""
        try:
            return self._selection.encrypts(path) if self._selection.known else None
        except PatternError:
            return None

    def _add(self, name: str, path: KeyPath, **facts: str) -> None:
        self._found.append(self._report(name, path, **facts))

    def _report(self, name: str, path: KeyPath, *, notes: Iterable[str] = (), **facts: Any) -> Diagnostic:
        file = self._document.file
        at = self._locator.value(file.path, path)
        return report(name, at=at, path=(*file.at, *path), notes=notes, file=file.path, key=show(path), **facts)
