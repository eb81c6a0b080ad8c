"""Leaves whose keys promise a secret, and whose texts look like one."""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import Final, NamedTuple

from cfgc.reports.scan.outline import Leaf, Outline, Path
from cfgc.reports.scan.secrets.loose import loose_leaves
from cfgc.reports.scan.secrets.placeholders import is_code, is_placeholder, is_random

_PASSWORD: Final = re.compile(
    r"(?i)(?:^|[_.-]|[a-z](?=P))(?:password|passwd|passphrase|passwort|pwd)$|^(?:require)?pass$|_pass$"
)
_SECRET: Final = re.compile(
    r"(?i)(?:secret|token|credentials?|(?:api|access|auth|private|secret|signing|encryption|master|account|license|"
    r"client|webhook|shared|storage|hmac|session|cookie|app)[_.-]?(?:key|secret|salt))s?$"
)
_SHORTEST_PASSWORD: Final = 5
_EXAMPLES: Final = frozenset(("example", "examples"))
"""keys of API descriptions and schemas below which nothing is real"""
_NAMED: Final = frozenset(("secretname", "secretkeyref", "existingsecret"))
"""keys that hold the name of a secret"""
_OWNED: Final = frozenset(("value", "Value", "default"))
"""keys whose value is that of a name beside them, or else of the key above them"""
_NAMING: Final = frozenset(("name", "key", "Name", "Key"))
_ASSIGNED: Final = re.compile(r"(?:^|(?<=[\s\"']))(?:--?)?(?P<name>[A-Za-z_][\w.-]{0,99})=(?P<value>[^\s;&|]{1,500})")
_MOST_ASSIGNED: Final = 100
_LONGEST_KEY: Final = 500
_OF_MANIFESTS: Final = frozenset(("data", "stringData"))


class Hit(NamedTuple):
    """What is suspected: its kind, the leaf that it is or stands in, and itself."""

    kind: str
    leaf: Leaf
    value: str


def by_name(outline: Outline | None, loose: Iterable[Leaf]) -> Iterator[Hit]:
    """What is suspected in an outline, and among `loose` leaves that stand in none."""
    for part in outline.parts() if outline is not None else ():
        yield from _in_document(part)
    for leaf in loose:
        if kind := _kind(leaf.path[-1], leaf.text):
            yield Hit(kind, leaf, leaf.text)


def _in_document(leaves: Sequence[Leaf]) -> Iterator[Hit]:
    manifests = _manifests(leaves)
    names: dict[Path, str] | None = None
    for leaf in leaves:
        path, text = leaf.path, leaf.text
        if not path or not text or leaf.sealed:
            continue
        if manifests and path[-2:-1] and path[-2] in _OF_MANIFESTS and path[:-2] in manifests:
            if _is_value(_decoded(text) if path[-2] == "data" else text):
                yield Hit("Kubernetes Secret in plain text", leaf, text)
        elif _meaning(path[-1]) or "=" in text or "\n" in text:
            names = _names(leaves) if names is None else names
            if _EXAMPLES.isdisjoint(path):
                yield from _of_leaf(leaf, names)


def _names(leaves: Sequence[Leaf]) -> dict[Path, str]:
    """Where a map stands that names its value -> that name."""
    return {leaf.path[:-1]: leaf.text for leaf in leaves if leaf.path[-1:] and leaf.path[-1] in _NAMING}


def _manifests(leaves: Sequence[Leaf]) -> set[Path]:
    """Where a Kubernetes Secret stands: at the root, or as an item of a list."""
    secrets = {leaf.path[:-1] for leaf in leaves if leaf.text == "Secret" and leaf.path[-1:] == ("kind",)}
    if not secrets:
        return secrets
    return {leaf.path[:-1] for leaf in leaves if leaf.path[-1:] == ("apiVersion",)} & secrets


def _of_leaf(leaf: Leaf, names: dict[Path, str]) -> Iterator[Hit]:
    """What the names that a leaf has say, or else what is assigned in its text: in a command, or a file inside."""
    name, meaning = leaf.path[-1], _meaning(leaf.path[-1])
    if meaning == "owned":
        name = (names.get(leaf.path[:-1], "") if not name.isdigit() else "") or _above(leaf.path)
    if meaning and (kind := _kind(name, leaf.text)):
        yield Hit(kind, leaf, leaf.text)
    elif "\n" in leaf.text:
        inner = islice(loose_leaves(leaf.text, None), _MOST_ASSIGNED)
        yield from (Hit(kind, leaf, each.text) for each in inner if (kind := _kind(each.path[-1], each.text)))
    elif "=" in leaf.text:
        assigned = islice(_ASSIGNED.finditer(leaf.text), _MOST_ASSIGNED)
        yield from (Hit(kind, leaf, each["value"]) for each in assigned if (kind := _kind(each["name"], each["value"])))


def _above(path: Path) -> str:
    """The nearest key above that is no number of an item."""
    return next((step for step in reversed(path[:-1]) if not step.isdigit()), "")


def _meaning(key: str) -> str:
    """What a key says of its value: `password`, `secret`, `owned` by a name elsewhere, or nothing."""
    return _known_meaning(key) if len(key) <= _LONGEST_KEY else ""


@lru_cache(maxsize=4096)
def _known_meaning(key: str) -> str:
    if key in _OWNED or key.isdigit():
        return "owned"
    name = key.removeprefix("@").rpartition(".")[2] or key
    if name.lower() in _NAMED:
        return ""
    if _PASSWORD.search(name):
        return "password"
    return "secret" if _SECRET.search(name) else ""


def _kind(name: str, text: str) -> str:
    """What a name and its value together say that it is; empty where they say nothing."""
    promised, value = _meaning(name), text.strip("\"'")
    if promised not in ("password", "secret") or not _is_value(value):
        return ""
    if promised == "password":
        return "password" if len(value) >= _SHORTEST_PASSWORD else ""
    return "secret by its key and its randomness" if is_random(value) else ""


def _is_value(text: str) -> bool:
    return 2 < len(text) <= 10_000 and " " not in text.strip() and not is_placeholder(text) and not is_code(text)


def _decoded(text: str) -> str:
    """What a Kubernetes Secret holds; the text itself where it is no Base64."""
    try:
        return b64decode(text, validate=True).decode()
    except (Error, UnicodeDecodeError, ValueError):
        return text
