"""The mark of a SOPS file."""

from __future__ import annotations

BLOCK = "sops"
"""The key of a SOPS file that says who can decrypt it."""
