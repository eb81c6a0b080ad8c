"""The one way to a secret's plain value. `tests/test_secret_doors.py` lists who may import this."""

from __future__ import annotations

from cfgc.model.values import Secret, Value


def plain_value(secret: Secret) -> Value:
    """The decrypted value; a sealed secret has none, and asking for it is a bug."""
    if not secret.revealed:
        raise LookupError("a sealed secret has no plain value")
    return secret._plain  # noqa: SLF001 - this is the door
