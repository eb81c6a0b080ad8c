"""Who may decrypt: the recipients of a file against what the project allows. Needs no key and comes before sops."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from cfgc.diagnostics import Diagnostic, report
from cfgc.model.layers import Document, Locator
from cfgc.stages.secrets.block import BLOCK
from cfgc.stages.secrets.metadata import Metadata, Recipient
from cfgc.stages.secrets.sealing import SealedDocument

Policy: TypeAlias = Mapping[str, Sequence[str]]
"""`secrets.recipients`: environment or layer -> recipients"""

LOCAL_KINDS = frozenset({"age", "pgp"})
"""Kinds of keys that need no network: allowed where the project says nothing."""

_FINGERPRINT = re.compile(r"(?:pgp:|0x)?([0-9a-f]{40,64})", re.IGNORECASE)


def check_recipients(document: Document, policy: Policy | None, environment: str, locator: Locator) -> list[Diagnostic]:
    """The recipients that a file has and must not have, or lacks.

    A file of a layer is held to what `secrets.recipients` says for that layer, or else for the environment. Without
    the setting age and PGP are allowed and every network key service is refused; with it only what it names.
    """
    if not isinstance(document, SealedDocument) or document.metadata is None:
        return []
    if policy is None:
        return _without_policy(document, document.metadata, locator)
    name = next((name for name in (document.file.layer, environment) if name in policy), None)
    if name is None:
        at = locator.key(document.file.path, (BLOCK,))
        layer = document.file.layer
        return [report("unnamed-recipients", at=at, file=document.file.path, layer=layer, owner=environment)]
    return _with_policy(document, document.metadata, (name, policy[name]), locator)


def _without_policy(document: Document, metadata: Metadata, locator: Locator) -> list[Diagnostic]:
    reason = "without `secrets.recipients` in `cfgc.yaml` only age and PGP keys are"
    return [
        _refused(document, recipient, reason, locator)
        for recipient in metadata.recipients
        if recipient.kind not in LOCAL_KINDS
    ]


def _with_policy(
    document: Document, metadata: Metadata, named: tuple[str, Sequence[str]], locator: Locator
) -> list[Diagnostic]:
    name, texts = named
    allowed = {normal(text): text for text in texts}
    present = {normal(recipient.identity) for recipient in metadata.recipients}
    reason = f"`secrets.recipients` does not name it for `{name}`"
    found = [
        _refused(document, recipient, reason, locator)
        for recipient in metadata.recipients
        if normal(recipient.identity) not in allowed
    ]
    at = locator.key(document.file.path, (BLOCK,))
    for identity, text in allowed.items():
        if identity not in present:
            found.append(report("missing-recipient", at=at, file=document.file.path, recipient=text, owner=name))
    return found


def _refused(document: Document, recipient: Recipient, reason: str, locator: Locator) -> Diagnostic:
    return report(
        "refused-recipient",
        at=locator.value(document.file.path, recipient.at),
        file=document.file.path,
        kind=recipient.kind,
        recipient=recipient.identity,
        reason=reason,
    )


def normal(text: str) -> str:
    """A recipient in one spelling: PGP fingerprints are written in many ways."""
    fingerprint = _FINGERPRINT.fullmatch("".join(text.split()))
    return fingerprint[1].upper() if fingerprint else text.strip()
