"""Files of a source -> documents, each read once."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from contextlib import suppress
from hashlib import sha1
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from cfgc.diagnostics import Diagnostic, Failed, report
from cfgc.model.layers import Document, Format, LayerFile, Source
from cfgc.model.location import start_of
from cfgc.model.values import Marked, Value, kind_of
from cfgc.stages.read import formats
from cfgc.stages.read.locator import FileLocator

if TYPE_CHECKING:
    from cfgc.stages.read.nodes import Node
    from cfgc.stages.read.text import Text
    from cfgc.stages.read.traps import Trap

T = TypeVar("T")

_CIPHERTEXT = b"ENC[AES256_GCM,"
_AT_ROOT = frozenset(("replace", "raw"))


class Kept(NamedTuple):
    """A document as it was read, and whether a YAML 1.1 reader would take every scalar of its file for the same."""

    document: Document
    findings: list[Diagnostic]
    ordinary: bool


class Shelf:
    """What readers of several contents of a project share: what has the same content is read once."""

    def __init__(self) -> None:
        self.documents: dict[tuple[LayerFile, str], Kept] = {}
        self.nodes: dict[tuple[str, str], tuple[Text, Node | None]] = {}
        """by path and content id: what positions are found in"""
        self.found: dict[tuple[str, LayerFile, str], Any] = {}
        """by a name, the file and its content id: what was found in a document alone"""

    def once(self, what: str, document: Document, find: Callable[[], list[T]]) -> list[T]:
        """`find()`, or what it gave for the same name and document before."""
        key = what, document.file, document.content_id
        if key not in self.found:
            self.found[key] = find()
        found: list[T] = self.found[key]
        return found


class Reader:
    """Reads files and remembers their bytes, so that positions belong to the values that were read.

    One broken file does not hide the next: whatever is wrong with a file comes back as its findings.
    """

    def __init__(self, source: Source, shelf: Shelf | None = None) -> None:
        """`shelf` has the documents that readers of other contents of the project read, for this one to use."""
        self.locator = FileLocator(self)
        self._source = source
        self._shelf = shelf
        self._bytes: dict[str, bytes] = {}
        self._formats: dict[str, Format] = {}
        self._secret: set[str] = set()
        self._ordinary: set[str] = set()
        self._documents: dict[str, tuple[Document | None, list[Diagnostic]]] = {}
        self._data: dict[str, tuple[Value, list[Diagnostic]]] = {}

    def after(self, source: Source, changed: Container[str]) -> Reader:
        """The reader of contents that differ in the `changed` paths alone; of the others it has what was read here."""
        later = Reader(source, self._shelf)
        later._formats.update(self._formats)
        later._secret.update(self._secret)
        later._ordinary.update(path for path in self._ordinary if path not in changed)
        later._documents.update((path, kept) for path, kept in self._documents.items() if path not in changed)
        later._data.update((path, kept) for path, kept in self._data.items() if path not in changed)
        return later

    def read(self, file: LayerFile) -> tuple[Document | None, list[Diagnostic]]:
        """The document of a layer file; none when it has an error. An empty file holds an empty map."""
        known = self._documents.get(file.path)
        if known is None:
            known = self._documents[file.path] = self._document(file) if self._shelf is None else self._shelved(file)
        return known

    def data(self, path: str) -> tuple[Value, list[Diagnostic]]:
        """The data of a schema, a policy or `cfgc.yaml`, of any kind; null when it is empty or has an error."""
        known = self._data.get(path)
        if known is None:
            known = self._data[path] = self._any(path)
        return known

    def fetch(self, files: Iterable[LayerFile]) -> None:
        """Have the bytes of files; what is wrong with one is told when it is read."""
        for file in files:
            with suppress(Failed):
                self._raw(file.path)

    def ordinary(self, files: Iterable[LayerFile]) -> list[Value]:
        """The maps of those files that the native reader takes, and that hold neither reference nor ciphertext.

        Null for the others. The data is JSON-able, and reads back from JSON as it is.
        """
        return [self._ordinary_map(file) for file in files]

    def keep(self, file: LayerFile, data: Value) -> None:
        """Take what `ordinary` gave for a file, here or in another process, for what it holds."""
        self._note(file)
        self._ordinary.add(file.path)
        self._documents[file.path] = Document(file, data, _blob_id(self._raw(file.path)), inert=True), []

    def _ordinary_map(self, file: LayerFile) -> Value:
        if file.format != "yaml" or file.sops or file.path not in self._bytes:
            return None
        raw = self._raw(file.path)
        try:
            parsed = formats.parse(raw, file.path, "yaml", secret=True)
        except Failed:
            return None
        fine = parsed.ordinary and _is_inert(raw) and not parsed.findings
        return parsed.data if fine and type(parsed.data) is dict else None

    def traps(self, path: str) -> list[Trap]:
        """The plain scalars of a YAML file that a YAML 1.1 reader types otherwise; none for a file with an error."""
        if path in self._ordinary or self._format(path) != "yaml":
            return []
        from cfgc.stages.read.traps import trapped

        try:
            return trapped(*self.nodes(path))
        except Failed:
            return []

    def nodes(self, path: str) -> tuple[Text, Node | None]:
        """The text and the root node of a file; raises `Failed`."""
        if self._shelf is None:
            return self._compose(path)
        key = path, self._content_id(path)
        if key not in self._shelf.nodes:
            self._shelf.nodes[key] = self._compose(path)
        return self._shelf.nodes[key]

    def text(self, path: str) -> Text:
        """The text of a file; raises `Failed`."""
        from cfgc.stages.read.text import decode

        raw = self._raw(path)
        return decode(raw, path, secret=self._is_secret(path, raw))

    def _shelved(self, file: LayerFile) -> tuple[Document | None, list[Diagnostic]]:
        """The document that a reader of the same content has read before, or else a new one for the next reader."""
        assert self._shelf is not None
        kept = self._shelf.documents.get((file, self._source.content_id(file.path)))
        if kept is None:
            document, found = self._document(file)
            if document is not None:
                self._shelf.documents[file, document.content_id] = Kept(document, found, file.path in self._ordinary)
            return document, found
        self._note(file)
        if kept.ordinary:
            self._ordinary.add(file.path)
        return kept.document, kept.findings

    def _document(self, file: LayerFile) -> tuple[Document | None, list[Diagnostic]]:
        self._note(file)
        try:
            raw = self._raw(file.path)
            parsed = formats.parse(raw, file.path, file.format, secret=self._is_secret(file.path, raw))
        except Failed as failed:
            return None, list(failed.diagnostics)
        if parsed.ordinary:
            self._ordinary.add(file.path)
        data = {} if parsed.data is None and not self._says_null(file.path) else parsed.data
        findings = parsed.findings
        if type(data) is not dict and not _may_be_root(data):
            findings = [*findings, self._wrong_root(file.path, data)]
        if any(found.is_error for found in findings):
            return None, findings
        return Document(file, data, _blob_id(raw), parsed.marked, parsed.ordinary and _is_inert(raw)), findings

    def _compose(self, path: str) -> tuple[Text, Node | None]:
        text = self.text(path)
        return text, formats.compose(text, self._format(path))[0]

    def _content_id(self, path: str) -> str:
        known = self._documents.get(path)
        if known is not None and known[0] is not None:
            return known[0].content_id
        return self._source.content_id(path) or _blob_id(self._raw(path))

    def _note(self, file: LayerFile) -> None:
        """What a layer says of its file: how to parse it, and whether its lines may be quoted."""
        self._formats[file.path] = file.format
        if file.sops:
            self._secret.add(file.path)

    def _any(self, path: str) -> tuple[Value, list[Diagnostic]]:
        try:
            raw = self._raw(path)
            parsed = formats.parse(raw, path, self._format(path), markers=False, secret=self._is_secret(path, raw))
        except Failed as failed:
            return None, list(failed.diagnostics)
        wrong = any(found.is_error for found in parsed.findings)
        return None if wrong else parsed.data, parsed.findings

    def _raw(self, path: str) -> bytes:
        known = self._bytes.get(path)
        if known is None:
            try:
                known = self._bytes[path] = self._source.read(path)
            except OSError as error:
                reason = error.strerror or "it cannot be read"
                raise Failed(report("unreadable-file", at=start_of(path), file=path, reason=reason)) from None
        return known

    def _is_secret(self, path: str, raw: bytes) -> bool:
        return path in self._secret or ".sops." in path or _CIPHERTEXT in raw

    def _format(self, path: str) -> Format:
        return self._formats.get(path) or formats.format_of(path)

    def _says_null(self, path: str) -> bool:
        return self.nodes(path)[1] is not None

    def _wrong_root(self, path: str, data: Value) -> Diagnostic:
        kind = kind_of(data)
        article = {"integer": "an ", "null": ""}.get(kind, "a ")
        return report("root-not-map", at=self.locator.value(path, ()), kind=article + kind)


def read_text(raw: bytes, name: str, format: Format, *, secret: bool = False) -> tuple[Value, list[Diagnostic]]:
    """The data of a text that is no file of the project: an argument of `merge`, a value of `--set`, decrypted text.

    `name` stands in the findings; one in `<>` has no lines. Null when the text is blank or has an error; of
    a `secret` text no word appears in a finding.
    """
    try:
        parsed = formats.parse(raw, name, format, secret=secret)
    except Failed as failed:
        return None, list(failed.diagnostics)
    wrong = any(found.is_error for found in parsed.findings)
    return None if wrong else parsed.data, parsed.findings


def _may_be_root(data: Value) -> bool:
    return isinstance(data, Marked) and data.name in _AT_ROOT and isinstance(data.value, dict)


def _is_inert(raw: bytes) -> bool:
    """Whether an ordinary text holds neither a reference nor ciphertext: its few escapes can hide none."""
    return b"${" not in raw and _CIPHERTEXT not in raw


def _blob_id(raw: bytes) -> str:
    return sha1(b"blob %d\0" % len(raw) + raw, usedforsecurity=False).hexdigest()
