"""The text that SOPS puts in place of a value: `ENC[AES256_GCM,data:...,iv:...,tag:...,type:int]`.

Source: getsops/sops `aes/cipher.go`. The type is the one sops saw in the plain file; of JSON every number is a float.
"""

from __future__ import annotations

import base64
import re

from cfgc.model.values import Kind, Secret

OPENING = "ENC[AES256_GCM,"

KINDS: dict[str, Kind] = {
    "str": "string",
    "int": "integer",
    "float": "number",
    "bool": "boolean",
    "time": "string",
    "bytes": "string",
}

_BASE64 = r"[A-Za-z0-9+/]+={0,2}"
_TOKEN = re.compile(rf"ENC\[AES256_GCM,data:({_BASE64}),iv:{_BASE64},tag:{_BASE64},type:([a-z]+)\]")


def parse_token(text: str) -> Secret | None:
    """The sealed secret that a text stands for; none when the text is no token from its first to its last character."""
    found = _TOKEN.fullmatch(text)
    kind = KINDS.get(found[2]) if found else None
    return Secret(text, kind) if kind else None


def type_of(secret: Secret) -> str:
    """The type that sops states in the token: a key of `KINDS`."""
    found = _TOKEN.fullmatch(secret.token)
    return found[2] if found else ""


def plain_size(secret: Secret) -> int:
    """The bytes of the plain text: AES-GCM keeps the length. Raises `ValueError` for data that is not base64."""
    found = _TOKEN.fullmatch(secret.token)
    return len(base64.b64decode(found[1], validate=True)) if found else 0
