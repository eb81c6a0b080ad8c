"""What in a file is encrypted, and by what."""

from __future__ import annotations

import re

from cfgc.reports.scan.outline import Outline

_SOPS = re.compile(r"ENC\[AES256_GCM,data:")
_WHOLE: tuple[tuple[str, bytes], ...] = (
    ("age", b"age-encryption.org/v1\n"),
    ("age", b"-----BEGIN AGE ENCRYPTED FILE-----"),
    ("PGP", b"-----BEGIN PGP MESSAGE-----"),
    ("Ansible Vault", b"$ANSIBLE_VAULT;"),
    ("git-crypt", b"\0GITCRYPT\0"),
    ("PEM", b"-----BEGIN ENCRYPTED PRIVATE KEY-----"),
)


def sealed_whole(raw: bytes) -> str:
    """How a file is encrypted as a whole, empty for one that is not."""
    head = raw[:4096].lstrip()
    found = next((how for how, mark in _WHOLE if head.startswith(mark)), "")
    return "PEM" if not found and b"Proc-Type: 4,ENCRYPTED" in head and head.startswith(b"-----BEGIN") else found


def sealed_values(text: str, outline: Outline | None) -> dict[str, int]:
    """How -> how many values of a text are encrypted one by one."""
    found = {"SOPS": len(_SOPS.findall(text)) if "ENC[" in text else 0}
    if outline is not None:
        found["Ansible Vault"] = sum(leaf.sealed for leaf in outline.leaves)
        if "SealedSecret" in outline.values("kind"):
            found["Sealed Secrets"] = sum(leaf.path[:2] == ("spec", "encryptedData") for leaf in outline.leaves)
    return {how: count for how, count in found.items() if count}


def pem_role(text: str) -> str:
    """What the blocks of a PEM file are."""
    names = re.findall(r"-----BEGIN ([A-Z0-9 ]{1,60})-----", text)
    if any(name.endswith("PRIVATE KEY") for name in names):
        return "private key"
    if any("REQUEST" in name for name in names):
        return "certificate request"
    if any("CERTIFICATE" in name for name in names):
        return "certificate"
    return "public key" if any(name.endswith("PUBLIC KEY") for name in names) else "PEM file"
