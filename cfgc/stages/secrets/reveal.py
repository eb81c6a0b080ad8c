"""Sealed documents -> the same documents with plain values, decrypted by the real sops (SPEC section 6).

Only encrypted leaves are taken from sops; all else stays as cfgc itself read it. Nothing decrypted is written anywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cfgc.diagnostics import Diagnostic, report
from cfgc.external.hardening import harden
from cfgc.external.sops import Services, Sops, SopsError, find_sops, network_kinds
from cfgc.model.keypath import KeyPath
from cfgc.model.layers import Document, Locator
from cfgc.model.values import Secret, Value
from cfgc.stages.secrets.block import BLOCK
from cfgc.stages.secrets.key_file import check_key_file
from cfgc.stages.secrets.metadata import Recipient
from cfgc.stages.secrets.recipients import Policy, check_recipients
from cfgc.stages.secrets.sealing import SealedDocument
from cfgc.stages.secrets.token import plain_size, type_of

MAX_WORKERS = 8

_NOTHING: Any = object()
"""What sops printed at a path that it did not print."""

_TYPES: dict[str, tuple[type[Any], ...]] = {"int": (int,), "float": (int, float), "bool": (bool,)}


class _MismatchError(Exception):
    """What sops printed does not fit the file; `path` is the place in the file, the text says how."""

    def __init__(self, path: KeyPath, text: str) -> None:
        super().__init__(text)
        self.path = path


@dataclass(frozen=True, slots=True)
class Doors:
    """What revealing needs of the run: the project's files, their positions, its root, and who may decrypt."""

    read: Callable[[str], bytes]
    locator: Locator
    root: Path | None = None
    policy: Policy | None = None


class Revealer:
    """Decrypts the files of a run, each once, several at a time. Keeps the plain text in memory as long as it lives.

    The process leaves no core dump from then on.
    """

    def __init__(self, doors: Doors) -> None:
        self._doors = doors
        self._known: dict[tuple[str, bytes], Document | Diagnostic] = {}

    def reveal(self, documents: Sequence[Document], environment: str) -> tuple[list[Document], list[Diagnostic]]:
        """The documents with plain values in their secrets; one that cannot be decrypted stays sealed, with a finding.

        A file whose recipients are not allowed for the environment never reaches sops; one without a secret need not.
        """
        found: dict[Diagnostic, None] = {}
        closed = [
            document for document in documents if isinstance(document, SealedDocument) and _holds_secret(document.data)
        ]
        fit = [document for document in closed if self._may_open(document, environment, found)]
        opened = self._open_all(fit)
        revealed: list[Document] = []
        for document in documents:
            result = opened.get(id(document), document)
            if isinstance(result, Diagnostic):
                found[result] = None
                result = document
            revealed.append(result)
        if any(recipient.kind == "age" for document in fit for recipient in _recipients(document)):
            found.update(dict.fromkeys(check_key_file(self._doors.root)))
        return revealed, list(found)

    def _may_open(self, document: SealedDocument, environment: str, found: dict[Diagnostic, None]) -> bool:
        refused = check_recipients(document, self._doors.policy, environment, self._doors.locator)
        found.update(dict.fromkeys(refused))
        # a block with problems is not understood: the findings of sealing say so
        understood = document.metadata is not None and not document.metadata.problems
        return understood and not any(finding.is_error for finding in refused)

    def _open_all(self, documents: Sequence[SealedDocument]) -> dict[int, Document | Diagnostic]:
        keys = {id(document): (document.file.path, self._content(document)) for document in documents}
        todo = {keys[id(document)]: document for document in documents if keys[id(document)] not in self._known}
        if todo:
            self._known.update(self._run(todo))
        return {number: self._known[key] for number, key in keys.items()}

    def _content(self, document: SealedDocument) -> bytes:
        try:
            return self._doors.read(document.file.path)
        except OSError:
            return b""  # gone since it was read: sops refuses an empty file

    def _run(
        self, todo: Mapping[tuple[str, bytes], SealedDocument]
    ) -> Iterator[tuple[tuple[str, bytes], Document | Diagnostic]]:
        harden()
        try:
            sops = find_sops(self._doors.root)
        except SopsError as error:
            yield from ((key, self._failed(document, error)) for key, document in todo.items())
            return
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(min(MAX_WORKERS, len(todo))) as pool:
            yield from zip(todo, pool.map(lambda key: self._open(sops, todo[key], key[1]), todo), strict=True)

    def _open(self, sops: Sops, document: SealedDocument, content: bytes) -> Document | Diagnostic:
        try:
            output = sops.decrypt(content, document.file.format, _services(document))
            data = _merged(document.data, _parsed(output), ())
        except SopsError as error:
            return self._failed(document, error)
        except _MismatchError as error:
            file = document.file
            at = self._doors.locator.value(file.path, error.path)
            return report("unexpected-sops-output", at=at, path=(*file.at, *error.path), file=file.path, reason=error)
        return SealedDocument(document.file, data, document.content_id, marked=False, metadata=document.metadata)

    def _failed(self, document: SealedDocument, error: SopsError) -> Diagnostic:
        file = document.file.path
        at = self._doors.locator.key(file, (BLOCK,))
        who = ", ".join(f"`{recipient.identity}`" for recipient in _recipients(document))
        name, facts = _WORDS[error.reason]
        return report(name, at=at, file=file, recipients=who, code=error.code, keys=_where(document), **facts)


_WORDS: dict[str, tuple[str, dict[str, Any]]] = {
    "not-found": ("sops-not-found", {}),
    "too-old": ("sops-too-old", {}),
    "no-key": ("no-key", {}),
    "tampered": ("tampered-value", {}),
    "mac-mismatch": ("mac-mismatch", {}),
    "timed-out": ("sops-failed", {"how": "did not end in time"}),
    "too-much-output": ("sops-failed", {"how": "printed too much"}),
    "crashed": ("sops-failed", {"how": "crashed (exit code 2)"}),
    "failed": ("sops-failed", {"how": "failed"}),
}

_PLACES = {
    "age": "an age identity in `SOPS_AGE_KEY_FILE` (a file), `SOPS_AGE_KEY` or `~/.config/sops/age/keys.txt`",
    "pgp": "a PGP key in the GnuPG keyring (`GNUPGHOME`)",
    "kms": "AWS credentials (`AWS_PROFILE`, `AWS_ACCESS_KEY_ID` ...)",
    "gcp_kms": "Google credentials (`GOOGLE_APPLICATION_CREDENTIALS`)",
    "hckms": "Huawei Cloud credentials (`HUAWEICLOUD_SDK_AK` ...)",
    "azure_kv": "Azure credentials (`AZURE_CLIENT_ID` ...)",
    "hc_vault": "a Vault token (`VAULT_TOKEN`)",
}


def _where(document: SealedDocument) -> str:
    """Where sops looks for the keys of a file's recipients."""
    kinds = dict.fromkeys(recipient.kind for recipient in _recipients(document))
    return "; or ".join(_PLACES[kind] for kind in kinds)


def _holds_secret(value: Value) -> bool:
    if isinstance(value, dict):
        return any(_holds_secret(item) for item in value.values())
    if isinstance(value, list):
        return any(_holds_secret(item) for item in value)
    return isinstance(value, Secret)


def _recipients(document: SealedDocument) -> tuple[Recipient, ...]:
    return document.metadata.recipients if document.metadata else ()


def _services(document: SealedDocument) -> Services:
    recipients = _recipients(document)
    kinds = network_kinds({recipient.kind for recipient in recipients})
    servers = {recipient.address: None for recipient in recipients if recipient.kind == "hc_vault"}
    return Services(kinds, tuple(servers))


def _parsed(output: bytes) -> Value:
    import json

    try:
        return json.loads(output)
    except (ValueError, RecursionError):
        raise _MismatchError((), "is not JSON") from None


def _merged(sealed: Value, plain: Value, path: KeyPath) -> Value:
    """The sealed data with each secret's value taken from what sops printed; raises `_MismatchError`."""
    if isinstance(sealed, Secret):
        return _opened(sealed, plain, path)
    if isinstance(sealed, dict):
        other = plain if isinstance(plain, dict) else {}
        return {key: _merged(item, other.get(key, _NOTHING), (*path, key)) for key, item in sealed.items()}
    if isinstance(sealed, list):
        items = plain if isinstance(plain, list) and len(plain) == len(sealed) else [_NOTHING] * len(sealed)
        return [_merged(item, other, (*path, at)) for at, (item, other) in enumerate(zip(sealed, items, strict=True))]
    return sealed


def _opened(secret: Secret, plain: Value, path: KeyPath) -> Secret:
    if plain is _NOTHING:
        raise _MismatchError(path, "lacks this value")
    stated = type_of(secret)
    wanted: tuple[type[Any], ...] = _TYPES.get(stated, (str,))
    if not isinstance(plain, wanted) or (isinstance(plain, bool) and stated != "bool"):
        raise _MismatchError(path, f"holds a value of another type than `{stated}`")
    if stated == "str" and len(str(plain).encode("utf-8", "surrogatepass")) != plain_size(secret):
        raise _MismatchError(path, "holds a text that is not UTF-8")
    return Secret(secret.token, secret.kind, plain)
