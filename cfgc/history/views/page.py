"""What every HTML page of ours is made of: one style, one script, and the permission to use nothing but these."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from pathlib import Path


def asset(name: str) -> str:
    """The text of a file beside this one: `page.css`, `page.js`."""
    return Path(__file__).with_name(name).read_text(encoding="utf-8")


def content_policy(style: str, script: str) -> str:
    """The Content-Security-Policy of a page that holds this style sheet and this script (THREATS O12)."""
    return (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"
