"""The `sops` block of a file -> who can decrypt it, and which of its values are encrypted.

It is parsed here because a file's own block says to which server sops sends which credential (THREATS 1.4). Whatever
this module does not know is refused: sops reads JSON names without regard to case, so that an unknown name may be a
known one in disguise. Source of the names: getsops/sops `stores/stores.go`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from cfgc.model.keypath import KeyPath
from cfgc.model.layers import Document
from cfgc.model.values import Marked, Tree, Value
from cfgc.stages.secrets.block import BLOCK
from cfgc.stages.secrets.selection import Selection

DOTENV_PREFIX = "sops_"

_Entry: TypeAlias = "Mapping[str, Any]"


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who can decrypt: the kind of key, its text as `secrets.recipients` writes it, its place in the file."""

    kind: str
    identity: str
    at: KeyPath
    address: str = ""
    """the server that a network key service is asked at, where the file itself names one"""


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a `sops` block says; `problems` are sentences about what is wrong with it, each with its place."""

    recipients: tuple[Recipient, ...]
    selection: Selection
    mac_only_encrypted: bool
    problems: tuple[tuple[KeyPath, str], ...] = ()


def _kms(entry: _Entry) -> str:
    role = f"+{entry['role']}" if entry.get("role") else ""
    profile = f"?profile={entry['aws_profile']}" if entry.get("aws_profile") else ""
    return f"{entry['arn']}{role}{profile}"


def _azure(entry: _Entry) -> str:
    return f"{str(entry['vault_url']).rstrip('/')}/keys/{entry['name']}/{entry.get('version') or ''}"


def _vault(entry: _Entry) -> str:
    return f"{str(entry['vault_address']).rstrip('/')}/v1/{entry['engine_path']}/keys/{entry['key_name']}"


@dataclass(frozen=True, slots=True)
class _Type:
    """One type of key: its fields, those that must be there first, and how its recipient is written."""

    needed: tuple[str, ...]
    other: tuple[str, ...]
    identity: Callable[[_Entry], str]
    address: str = ""


KEY_TYPES: dict[str, _Type] = {
    "age": _Type(("recipient",), (), lambda entry: str(entry["recipient"])),
    "pgp": _Type(("fp",), (), lambda entry: str(entry["fp"])),
    "kms": _Type(("arn",), ("role", "context", "aws_profile"), _kms),
    "gcp_kms": _Type(("resource_id",), (), lambda entry: str(entry["resource_id"])),
    "hckms": _Type(("key_id",), (), lambda entry: str(entry["key_id"])),
    "azure_kv": _Type(("vault_url", "name"), ("version",), _azure, "vault_url"),
    "hc_vault": _Type(("vault_address", "engine_path", "key_name"), (), _vault, "vault_address"),
}

_EVERY_ENTRY = ("enc", "created_at")
_SELECTORS = (
    "unencrypted_suffix",
    "encrypted_suffix",
    "unencrypted_regex",
    "encrypted_regex",
    "unencrypted_comment_regex",
    "encrypted_comment_regex",
)
_NEEDED = ("lastmodified", "mac")
_KNOWN = {*KEY_TYPES, *_SELECTORS, *_NEEDED, "key_groups", "shamir_threshold", "mac_only_encrypted", "version"}


def block_of(document: Document) -> Tree | None:
    """The `sops` block of a document as sops sees it, or none when the document has none."""
    data = content(document)
    if document.file.format == "dotenv":
        return _unflatten(data)
    block = data.get(BLOCK)
    return block if isinstance(block, dict) else None


def content(document: Document) -> Tree:
    """The root map of a document, which may carry a marker."""
    root = document.data
    data: Tree = root.value if isinstance(root, Marked) else root
    return data


def without_block(document: Document) -> Tree:
    """What the document holds besides its `sops` block."""
    data = content(document)
    if document.file.format == "dotenv":
        return {key: value for key, value in data.items() if not key.startswith(DOTENV_PREFIX)}
    return {key: value for key, value in data.items() if key != BLOCK}


def parse_block(block: Tree, document: Document) -> Metadata:
    """A `sops` block -> its meaning. Raises nothing: what cannot be read is a problem, and sops must not run then."""
    reader = _Reader(document.file.format == "dotenv")
    for key in content(document):
        if key != BLOCK and key.casefold() == BLOCK:
            reader.problem((), f"the key `{key}` is a second `{BLOCK}` block to sops", place=(key,))
    reader.names(block, _KNOWN, ())
    for key in _NEEDED:
        if not isinstance(block.get(key), str):
            reader.problem((), f"`{key}` is missing")
    recipients = tuple(reader.recipients(block))
    if not recipients:
        reader.problem((), "it names nobody who could decrypt")
    selection = Selection(**{key: reader.text(block, key) for key in _SELECTORS})
    mac_only = str(block.get("mac_only_encrypted") or "").lower() == "true"
    return Metadata(recipients, selection, mac_only, tuple(reader.problems))


class _Reader:
    """Reads a block and keeps what is wrong with it; paths are inside the block."""

    def __init__(self, flat: bool) -> None:
        self._flat = flat
        self.problems: list[tuple[KeyPath, str]] = []

    def problem(self, path: KeyPath, text: str, *, place: KeyPath | None = None) -> None:
        self.problems.append((self._place(path) if place is None else place, text))

    def names(self, mapping: _Entry, known: set[str], path: KeyPath) -> None:
        for key in mapping:
            if key not in known:
                self.problem((*path, key), f"`{key}` is not known")

    def text(self, block: _Entry, key: str) -> str:
        value = block.get(key)
        if value is None or isinstance(value, str):
            return value or ""
        self.problem((key,), f"`{key}` is no text")
        return ""

    def recipients(self, block: Tree) -> Iterator[Recipient]:
        yield from self._group(block, ())
        for index, group in enumerate(self._list(block, "key_groups", ())):
            path = ("key_groups", index)
            if isinstance(group, dict):
                self.names(group, set(KEY_TYPES), path)
                yield from self._group(group, path)
            else:
                self.problem(path, "a key group is no map")

    def _group(self, group: Tree, path: KeyPath) -> Iterator[Recipient]:
        for kind, key_type in KEY_TYPES.items():
            for index, entry in enumerate(self._list(group, kind, path)):
                recipient = self._recipient(kind, key_type, entry, (*path, kind, index))
                if recipient:
                    yield recipient

    def _recipient(self, kind: str, key_type: _Type, entry: Value, path: KeyPath) -> Recipient | None:
        if not isinstance(entry, dict) or any(not isinstance(entry.get(key), str) for key in key_type.needed):
            self.problem(path, f"a `{kind}` key lacks {' or '.join(f'`{key}`' for key in key_type.needed)}")
            return None
        self.names(entry, {*key_type.needed, *key_type.other, *_EVERY_ENTRY}, path)
        address = str(entry[key_type.address]) if key_type.address else ""
        return Recipient(kind, key_type.identity(entry), self._place((*path, key_type.needed[0])), address)

    def _list(self, mapping: Tree, key: str, path: KeyPath) -> list[Value]:
        value = mapping.get(key)
        if value is None or isinstance(value, list):
            return value or []
        self.problem((*path, key), f"`{key}` is no list")
        return []

    def _place(self, path: KeyPath) -> KeyPath:
        """A path inside the block -> the path inside the file."""
        if not self._flat:
            return (BLOCK, *path)
        steps = [f"list_{step}" if isinstance(step, int) else f"map_{step}" for step in path[1:]]
        return (DOTENV_PREFIX + "__".join((str(path[0]), *steps)),) if path else ()


_SEPARATOR = re.compile(r"__(?=list_\d+(?:__|$)|map_)")
_MAX_STEPS = 8


def _unflatten(data: Tree) -> Tree | None:
    """The `sops_...` lines of a dotenv file as a block: `sops_age__list_0__map_recipient` is `age[0].recipient`."""
    flat = {key[len(DOTENV_PREFIX) :]: value for key, value in data.items() if key.startswith(DOTENV_PREFIX)}
    if not flat:
        return None
    block: dict[Any, Any] = {}
    for key, value in flat.items():
        _put(block, _steps(key), value)
    return {key: _listed(value) for key, value in block.items()}


def _steps(key: str) -> list[Any]:
    name, *rest = _SEPARATOR.split(key)
    if len(rest) > _MAX_STEPS:
        return [key]  # no block is that deep: refused as an unknown name
    return [name, *(int(part[5:]) if part.startswith("list_") else part[4:] for part in rest)]


def _put(into: dict[Any, Any], steps: list[Any], value: Value) -> None:
    for step in steps[:-1]:
        below = into.setdefault(step, {})
        if not isinstance(below, dict):
            below = into[step] = {}
        into = below
    into[steps[-1]] = value


def _listed(value: Value) -> Value:
    """Maps whose keys are numbers become lists."""
    if not isinstance(value, dict):
        return value
    if value and all(isinstance(key, int) for key in value):
        return [_listed(value[key]) for key in sorted(value)]
    return {str(key): _listed(item) for key, item in value.items()}
