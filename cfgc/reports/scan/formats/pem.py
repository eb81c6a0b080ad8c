"""PEM: blocks between `-----BEGIN LABEL-----` and `-----END LABEL-----`, with prose around them (RFC 7468)."""

from __future__ import annotations

import re

from cfgc.reports.scan.outline import Broken, Outline

_BLOCK = re.compile(r"^-----BEGIN (?P<label>[^\r\n-]{1,60})-----[ \t]*$", re.MULTILINE)
_BODY = re.compile(r"(?:\s*+[A-Z][\w-]{1,40}: [^\r\n]*+(?:\r?\n[ \t][^\r\n]*+)*+)*+[A-Za-z0-9+/=\s]*+")


def read(text: str, outline: Outline) -> None:
    """The outline: each kind of block is a key; no block has a leaf. A text without any block is none of ours."""
    at = 0
    while found := _BLOCK.search(text, at):
        outline.key((found["label"],))
        body = _BODY.match(text, found.end())
        at = body.end() if body is not None else found.end()
        if not text.startswith(f"-----END {found['label']}-----", at):
            line, start = text.count("\n", 0, at) + 1, text.rfind("\n", 0, at)
            how = " as it begins" if text[at:].strip() else ""
            raise Broken(line, at - start, f"the block does not end{how}")
