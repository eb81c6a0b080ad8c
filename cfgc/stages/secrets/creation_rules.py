"""Files that `.sops.yaml` says are to be encrypted, and that are not (THREATS L16). Needs no key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from cfgc.diagnostics import Diagnostic, report
from cfgc.external import regex
from cfgc.model.keypath import KeyPath
from cfgc.model.layers import Document
from cfgc.model.location import start_of
from cfgc.model.values import Marked, Secret, Value
from cfgc.stages.secrets.sealing import SealedDocument
from cfgc.stages.secrets.selection import Selection

CONFIG = ".sops.yaml"
"""the file that `sops` takes its creation rules from, at the project's root"""


def check_creation_rules(config: Value, documents: Sequence[Document]) -> list[Diagnostic]:
    """The documents in plain text that a creation rule would encrypt. `config` is the content of `.sops.yaml`.

    As for sops the first rule whose `path_regex` fits decides; a rule without one fits every file and says
    nothing about this one, so it is passed over.
    """
    rules = [rule for rule in _rules(config) if isinstance(rule.get("path_regex"), str)]
    return [
        report("unencrypted-by-rule", at=start_of(document.file.path), file=document.file.path, quotable=False)
        for document in documents
        # a file with the name of a SOPS file is reported by `seal`
        if not isinstance(document, SealedDocument) and not document.file.sops and _meant(rules, document)
    ]


def _rules(config: Value) -> list[dict[str, Any]]:
    rules = config.get("creation_rules") if isinstance(config, dict) else None
    return [rule for rule in rules if isinstance(rule, dict)] if isinstance(rules, list) else []


def _meant(rules: Sequence[dict[str, Any]], document: Document) -> bool:
    for rule in rules:
        try:
            if regex.search(rule["path_regex"], document.file.path):
                return _selects(rule, document.data)
        except regex.PatternError:
            continue
    return False


def _selects(rule: dict[str, Any], data: Value) -> bool:
    """Whether the rule would encrypt any value of the file."""
    names = Selection.__dataclass_fields__
    selection = Selection(**{name: rule[name] for name in names if isinstance(rule.get(name), str)})
    return selection.known and any(
        selection.encrypts(path) for path, value in _leaves(data, ()) if value is not None and value != ""
    )


def _leaves(value: Value, path: KeyPath) -> Iterator[tuple[KeyPath, Value]]:
    if isinstance(value, Marked):
        yield from _leaves(value.value, path)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _leaves(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _leaves(item, (*path, index))
    elif not isinstance(value, Secret):
        yield path, value
