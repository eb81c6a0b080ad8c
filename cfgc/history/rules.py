"""Edits of what decides about others: schemas, policies, templates, recipients, settings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from cfgc.external.git import blob_id
from cfgc.history.difference import RuleChange, RuleKind, Status
from cfgc.history.sides import Side
from cfgc.model.project import Project
from cfgc.stages.secrets.sealing import SealedDocument

_KINDS: Mapping[str, RuleKind] = {"schemas": "schema", "policies": "policy", "templates": "template"}
_SETTINGS: Mapping[str, RuleKind] = {"cfgc.yaml": "setting", ".sops.yaml": "recipient"}


def rule_changes(before: Side, after: Side, environments: Sequence[str]) -> Iterator[RuleChange]:
    """The files of rules that differ, and every SOPS file that is encrypted for others than before."""
    old, new = _contents(before), _contents(after)
    for file in sorted({**old, **new}):
        if old.get(file) != new.get(file):
            yield RuleChange(_kind(file), file, _status(file in old, file in new))
    yield from _policy_of_recipients(before.session.project, after.session.project)
    yield from _recipients(before, after, environments)


def _kind(file: str) -> RuleKind:
    return _SETTINGS.get(file) or _KINDS[file.partition("/")[0]]


def _status(was: bool, is_: bool) -> Status:
    return "changed" if was and is_ else "removed" if was else "added"


def _contents(side: Side) -> dict[str, str]:
    """File of rules -> the id of its content."""
    source = side.session.source
    listed = [entry for folder in _KINDS for entry in source.list(folder) if entry.kind == "file"]
    found = {entry.path: entry.oid or blob_id(source.read(entry.path)) for entry in listed}
    for file in _SETTINGS:
        if source.exists(file):
            found[file] = source.content_id(file) or blob_id(source.read(file))
    return found


def _policy_of_recipients(before: Project, after: Project) -> Iterator[RuleChange]:
    """`secrets.recipients` of cfgc.yaml."""
    if before.recipients != after.recipients:
        yield RuleChange("recipient", "cfgc.yaml", "changed", "`secrets.recipients`")


def _recipients(before: Side, after: Side, environments: Sequence[str]) -> Iterator[RuleChange]:
    old, new = _encrypted_for(before, environments), _encrypted_for(after, environments)
    for file in sorted(old.keys() & new.keys()):
        gone, come = old[file] - new[file], new[file] - old[file]
        if gone or come:
            words = [f"+{name}" for name in sorted(come)] + [f"-{name}" for name in sorted(gone)]
            yield RuleChange("recipient", file, "changed", " ".join(words))


def _encrypted_for(side: Side, environments: Sequence[str]) -> dict[str, frozenset[str]]:
    """SOPS file -> those who can decrypt it."""
    compiled = [one for name in environments if (one := side.compiled(name))]
    documents = [each for one in compiled for layer in one.layers for each in layer.documents]
    return {
        each.file.path: frozenset(recipient.identity for recipient in each.metadata.recipients)
        for each in documents
        if isinstance(each, SealedDocument) and each.metadata
    }
