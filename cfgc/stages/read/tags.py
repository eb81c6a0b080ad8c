"""What a tag may say: the seven of YAML's core schema, and the merge markers of SPEC section 4."""

from __future__ import annotations

import re
from typing import Final, NamedTuple, get_args

from cfgc.diagnostics import Diagnostic, report
from cfgc.model.location import Location
from cfgc.model.text import closest
from cfgc.model.values import MarkerName
from cfgc.stages.read.nodes import Content, Scalar, Sequence
from cfgc.stages.read.scalars import NULLS
from cfgc.stages.read.text import Text

_TAG = re.compile(r"(?:&\S+\s+)?+(![^\s,\[\]{}]*)")
CORE: Final = "tag:yaml.org,2002:"
MERGE: Final = CORE + "merge"
"""Written by `sops` before every `<<` that it keeps; allowed there and nowhere else."""
_CORE_NAMES: Final = ("str", "int", "float", "bool", "null", "map", "seq")
_MARKERS: Final[frozenset[str]] = frozenset(get_args(MarkerName))
_OF_LISTS: Final = frozenset(("append", "prepend", "unique", "by"))


class Marker(NamedTuple):
    """A marker as written: `!by:name` has the key `name`."""

    name: MarkerName
    key: str | None = None


def marker_of(tag: str) -> Marker | None:
    """The marker that a tag is; none for any other tag and for a `!by` without a key."""
    name, colon, key = tag[1:].partition(":")
    if not tag.startswith("!") or name not in _MARKERS or bool(colon and key) is not (name == "by"):
        return None
    return Marker(name, key or None)  # type: ignore[arg-type]


def core_name(tag: str) -> str | None:
    """`int` of `!!int`; none for a tag outside of the core schema."""
    name = tag.removeprefix(CORE)
    return name if tag.startswith(CORE) and name in _CORE_NAMES else None


def unknown_tag(text: Text, node: Content, tag: str) -> Diagnostic:
    """The finding for a tag that cfgc does not know."""
    written = "!!" + tag.removeprefix(CORE) if tag.startswith(CORE) else tag
    meant = closest(written.partition(":")[0], [f"!{name}" for name in sorted(_MARKERS)])
    meant = "!by:KEY" if meant == "!by" else meant
    advice = f"did you mean `{meant}`?" if meant and not text.secret else None
    return report("unknown-tag", at=_at_tag(text, node), tag=text.shown(written), help=advice)


def misused(text: Text, node: Content, marker: Marker, *, item: bool) -> Diagnostic | None:
    """The finding for a marker before a value that it cannot mark; `item` tells a list item."""
    if marker.name in _OF_LISTS and not isinstance(node, Sequence):
        return _misuse(text, node, marker, "joins lists and stands before no list", "write a list after it")
    if marker.name != "unset":
        return None
    if item and isinstance(node, Sequence):
        return _misuse(text, node, marker, "removes a list item and stands before a list", "write the item's key")
    if not item and not (isinstance(node, Scalar) and node.plain and node.text in NULLS):
        return _misuse(text, node, marker, "removes the key and takes no value", "remove the value after it")
    return None


def _misuse(text: Text, node: Content, marker: Marker, what: str, help: str) -> Diagnostic:
    return report("misused-marker", at=_at_tag(text, node), marker=f"!{marker.name}", what=what, help=help)


def _at_tag(text: Text, node: Content) -> Location:
    found = _TAG.match(text.text, node.start)
    return text.location(*found.span(1)) if found else text.location(node.start, node.end)
