"""A text and its outline -> what in it looks like a secret in plain text: kind, line and key, never the value."""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from cfgc.model.text import cut
from cfgc.model.values import MASK
from cfgc.reports.scan.outline import Leaf, Outline, Path
from cfgc.reports.scan.secrets.forms import compiled
from cfgc.reports.scan.secrets.placeholders import is_code, is_placeholder, is_random

MOST = 200
"""so many of one file are named"""

_PASSWORD = re.compile(r"(?i)(?:^|[_.-]|[a-z](?=P))(?:password|passwd|passphrase|passwort|pwd)$|^pass$|_pass$")
_SECRET = re.compile(
    r"(?i)(?:secret|token|credentials?|(?:api|access|auth|private|secret|signing|encryption|master|account|license|"
    r"client|webhook|shared|storage|hmac|session|cookie|app)[_.-]?(?:key|secret|salt))s?$"
)
_ALLOWED = re.compile(r"cfgc:allow-secret(?::[ \t]*(?P<reason>[^\r\n]{0,200}))?")
_SHORTEST_PASSWORD = 5
_LONGEST_KEY = 200
_LONGEST_NAME = 100
_SWITCH = re.compile(r"[A-Za-z](?=[0-9])|[0-9](?=[A-Za-z])")
_SHORTEST_SECRET = 16
"""no token of any form is shorter"""
_SHORTEST_MADE, _MOST_SWITCHES = 20, 5
"""a name so long that goes so often from letters to digits and back was made by a machine"""
_EXAMPLES = frozenset(("example", "examples"))
"""keys of API descriptions and schemas below which nothing is real"""
_NAMED = frozenset(("secretname", "secretkeyref", "existingsecret"))
"""keys that hold the name of a secret"""


class Suspicion(NamedTuple):
    """What looks like a secret in plain text: its kind, its line, the key path where there is one.

    `allowed` is the reason that a comment `cfgc:allow-secret: REASON` gives on the line or on the one before.
    """

    kind: str
    line: int
    key: str
    allowed: str | None = None


def find_secrets(text: str, outline: Outline | None) -> list[Suspicion]:
    """What is suspected, in order of lines, one a line and kind; a form says more than the name of a key does."""
    starts = [0, *(found.end() for found in re.finditer(r"\n", text))]
    leaves = outline.leaves if outline is not None else []
    by_form = list(_by_form(text, starts, leaves))
    known = {line for _, line, _ in by_form}
    by_name = [(kind, line, key) for kind, line, key in _by_name(outline, leaves) if line not in known]
    allowed = _allowed(text, starts)
    found = sorted({(line, kind, shown) for kind, line, path in (*by_form, *by_name) for shown in [_shown(path)]})
    return [Suspicion(kind, line, key, allowed.get(line)) for line, kind, key in found[:MOST]]


def _by_form(text: str, starts: list[int], leaves: list[Leaf]) -> Iterator[tuple[str, int, Path]]:
    lower = text.lower()
    ordered = sorted(leaves, key=lambda leaf: leaf.line)
    lines = [leaf.line for leaf in ordered]
    taken: list[tuple[int, int]] = []
    for form, pattern in compiled():
        if not any(word in lower for word in form.words):
            continue
        for found in pattern.finditer(text):
            start, end = found.span("s")
            if form.kind in _WITH_ANY_WORD or not is_placeholder(found["s"]):
                if any(start < other_end and other_start < end for other_start, other_end in taken):
                    continue
                taken.append((start, end))
                line = bisect_right(starts, start)
                at = bisect_right(lines, line) - 1
                yield form.kind, line, ordered[at].path if at >= 0 else ()


_WITH_ANY_WORD = frozenset(("private key", "PGP private key", "PuTTY private key"))
"""what follows these words is no text of anybody's"""


def _by_name(outline: Outline | None, leaves: list[Leaf]) -> Iterator[tuple[str, int, Path]]:
    kubernetes = outline is not None and "Secret" in outline.values("kind") and bool(outline.values("apiVersion"))
    for leaf in leaves:
        if leaf.sealed or not leaf.text:
            continue
        if kubernetes and len(leaf.path) == 2 and leaf.path[0] in ("data", "stringData"):
            if _is_value(_decoded(leaf.text) if leaf.path[0] == "data" else leaf.text):
                yield "Kubernetes Secret in plain text", leaf.line, leaf.path
        elif kind := _kind(leaf):
            yield kind, leaf.line, leaf.path


def _kind(leaf: Leaf) -> str:
    """What the name of a leaf's key and its value together say that it is; empty where they say nothing."""
    key = leaf.path[-1] if leaf.path else ""
    if key.isdigit():
        key = next((step for step in reversed(leaf.path) if not step.isdigit()), "")
    promised = _promised(key)
    if not promised or not _is_value(leaf.text) or not _EXAMPLES.isdisjoint(leaf.path):
        return ""
    if promised == "password":
        return "password" if len(leaf.text) >= _SHORTEST_PASSWORD else ""
    return "secret by its key and its randomness" if is_random(leaf.text) else ""


@lru_cache(maxsize=4096)
def _promised(key: str) -> str:
    """`password` or `secret`, where the name of a key says so."""
    name = key.removeprefix("@").rpartition(".")[2] or key
    if name.lower() in _NAMED:
        return ""
    if _PASSWORD.search(name):
        return "password"
    return "secret" if _SECRET.search(name) else ""


def _is_value(text: str) -> bool:
    return 2 < len(text) <= 10_000 and " " not in text.strip() and not is_placeholder(text) and not is_code(text)


def _decoded(text: str) -> str:
    """What a Kubernetes Secret holds; the text itself where it is no Base64."""
    try:
        return b64decode(text, validate=True).decode()
    except (Error, UnicodeDecodeError, ValueError):
        return text


def _allowed(text: str, starts: list[int]) -> dict[int, str]:
    """The lines that a comment speaks of, with its reason."""
    found: dict[int, str] = {}
    for comment in _ALLOWED.finditer(text) if "cfgc:allow-secret" in text else ():
        line = bisect_right(starts, comment.start())
        reason = (comment["reason"] or "").strip().removesuffix("*/").removesuffix("-->").strip()
        found.setdefault(line, reason)
        found[line + 1] = reason
    return found


def shown_name(name: str) -> str:
    """A key or a variable for people: masked where it is a secret itself, of bounded length."""
    if len(name) < _SHORTEST_SECRET:
        return name
    lower = name.lower()
    made = len(name) >= _SHORTEST_MADE and len(_SWITCH.findall(name)) >= _MOST_SWITCHES
    if made or any(pattern.search(name) for form, pattern in compiled() if any(word in lower for word in form.words)):
        return MASK
    return cut(name, _LONGEST_NAME)


def _shown(path: Path) -> str:
    """A key path for people, of bounded length."""
    return cut(".".join(map(shown_name, path)), _LONGEST_KEY)
