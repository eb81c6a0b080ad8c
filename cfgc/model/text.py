"""Text that is safe to show: no control, bidirectional or zero-width character leaves as itself (THREATS O11)."""

from __future__ import annotations

import re

_UNSAFE = "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
_LONGEST = 500


def printable(text: str) -> str:
    """The text with every unsafe character written as an escape; newlines and tabs stay."""
    return text if text.isascii() and text.isprintable() else re.sub(_UNSAFE, _escape, text)


def inline(text: str) -> str:
    """The text on one line: newlines and tabs become escapes too, so that no name poses as a line of ours."""
    return printable(text).replace("\n", "\\n").replace("\t", "\\t")


def quoted(text: str) -> str:
    """A foreign text inside a message: on one line, and cut to a bounded length."""
    return inline(cut(text, _LONGEST))


def cut(text: str, longest: int) -> str:
    """A text of bounded length."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _escape(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def closest(word: str, words: list[str]) -> str | None:
    """The word meant by a misspelt one, if one is near enough ("did you mean")."""
    import difflib

    found = difflib.get_close_matches(word, words, n=1, cutoff=0.6)
    if found:
        return found[0]
    folded = {known.casefold(): known for known in words}
    return folded.get(word.casefold())
