"""What stands in plain text although it should be sealed, file by file: no key, no merging, every layer."""

from __future__ import annotations

from collections.abc import Container, Iterator
from collections.abc import Set as AbstractSet

from cfgc.diagnostics import Diagnostic, Failed
from cfgc.model.keypath import KeyPath
from cfgc.model.layers import Document
from cfgc.model.values import Value
from cfgc.pipeline.session import Session
from cfgc.stages.resolve.template import only_references
from cfgc.stages.secrets.creation_rules import check_creation_rules
from cfgc.stages.secrets.plain_text import check_plain_text

_SOPS_RULES = ".sops.yaml"
_ANY_CHILD = "*"


def check_secrets(session: Session, only: Container[str] | None = None) -> list[Diagnostic]:
    """All findings about secrets of every layer file that some environment reads, or of `only` some of them."""
    found: list[Diagnostic] = list(session.findings)
    documents: list[Document] = []
    for files in session.project.files.values():
        for file in files if only is None else [file for file in files if file.path in only]:
            document, problems = session.document(file)
            found += problems
            if document is not None:
                documents.append(document)
    for document in documents:
        found += _plain_text(session, document)
    if session.source.exists(_SOPS_RULES):
        rules, problems = session.data(_SOPS_RULES)
        found += [*problems, *check_creation_rules(rules, documents)]
    return found


def finds_nothing(session: Session, only: AbstractSet[str]) -> bool:
    """Whether there is nothing to say about the secrets of some layer files, all of which the session has."""
    try:
        known = {file.path for files in session.project.files.values() for file in files}
        return only <= known and not check_secrets(session, only) and not session.findings
    except Failed:
        return False


def _plain_text(session: Session, document: Document) -> Iterator[Diagnostic]:
    """The document alone at its place; an `_each` file stands at some child."""
    file = document.file
    at: KeyPath = (*file.at, _ANY_CHILD) if file.each else file.at
    for each in check_plain_text(_nested(at, document.data), session.schemas.annotations, only_references):
        inside = (each.path or ())[len(at) :]
        yield each.but(location=session.locator.value(file.path, inside))


def _nested(at: KeyPath, value: Value) -> Value:
    for step in reversed(at):
        value = {step: value}
    return value
