"""A key that lives as long as a run: what workers decrypt is encrypted for it, and nobody between can read it."""

from __future__ import annotations

from typing import Any

from cfgc.external.hardening import harden

_AGE = b"age-encryption.org/"


class Identity:
    """An age identity, which never leaves this process; none for a sealed run, where nothing is decrypted."""

    def __init__(self, *, sealed: bool) -> None:
        self._key: Any = None
        if not sealed:
            from pyrage import x25519

            harden()  # what is opened here is in plain text
            self._key = x25519.Identity.generate()

    @property
    def recipient(self) -> str | None:
        """Who to encrypt for."""
        return None if self._key is None else str(self._key.to_public())

    def open(self, content: bytes) -> bytes:
        """What was encrypted for us; nothing if it was for somebody else, and what is in plain as it is."""
        if self._key is None or not content.startswith(_AGE):
            return content
        import pyrage

        try:
            return bytes(pyrage.decrypt(content, [self._key]))
        except pyrage.DecryptError:
            return b""


def encrypted(content: bytes, recipient: str | None) -> bytes:
    """The same for a recipient alone to read."""
    if recipient is None:
        return content
    import pyrage

    return bytes(pyrage.encrypt(content, [pyrage.x25519.Recipient.from_str(recipient)]))
