"""Nodes -> plain data: types, tags, markers, duplicate keys, merge keys. The same for every format.

All findings of a file are collected; where a value is wrong, null stands for it.
"""

from __future__ import annotations

from typing import Final

from cfgc.diagnostics import Diagnostic, Label, report
from cfgc.model.values import INCLUDE, Marked, Value
from cfgc.stages.read import tags
from cfgc.stages.read.keys import invisible, quoted
from cfgc.stages.read.limits import MAX_DIGITS
from cfgc.stages.read.merge_keys import merge_into, sources
from cfgc.stages.read.nodes import Alias, Content, Mapping, Node, Scalar, Sequence, content
from cfgc.stages.read.scalars import BOOLEANS, NULLS, NumberError, finite, resolve
from cfgc.stages.read.text import Text

MERGE_KEY: Final = "<<"


class Builder:
    """Builds the data of one file; an alias gives the very object that its anchor gave."""

    def __init__(self, text: Text, *, markers: bool) -> None:
        self.findings: list[Diagnostic] = []
        self.marked = False
        self._text = text
        self._markers = markers
        self._shared: dict[int, Value] = {}

    def value(self, node: Node, *, item: bool = False) -> Value:
        """The value of a node; `item` tells that it stands in a list."""
        if isinstance(node, Alias):
            return self._shared_value(node.target)
        value = self._plain(node) if node.tag is None else self._tagged(node, node.tag, item=item)
        if node.anchored:
            self._shared[id(node)] = value
        return value

    def _shared_value(self, target: Content) -> Value:
        if id(target) not in self._shared:  # a key, so far
            self.value(target)
        return self._shared[id(target)]

    def _plain(self, node: Content) -> Value:
        if isinstance(node, Scalar):
            return self._resolved(node) if node.plain else node.text
        if isinstance(node, Sequence):
            return [self.value(item, item=True) for item in node.items]
        return self._mapping(node)

    def _resolved(self, node: Scalar) -> Value:
        try:
            return resolve(node.text)
        except NumberError as error:
            self._report(error.rule, node, limit=MAX_DIGITS)
            return None

    def _mapping(self, node: Mapping) -> dict[str, Value]:
        result: dict[str, Value] = {}
        first: dict[str, Node] = {}
        for key, value in node.pairs:
            name = self._key(key)
            if name is None:
                self.value(value)
            elif name in first:
                self._duplicate(name, first[name], key)
                self.value(value)
            elif name == INCLUDE:
                first[name] = key
                self._merge(result, value)
            else:
                first[name] = key
                result[name] = self.value(value)
        return result

    def _key(self, node: Node) -> str | None:
        """The key as text, `INCLUDE` for a merge key; none for what is no key."""
        key = content(node)
        if not isinstance(key, Scalar):
            self._report("key-not-text", node, what="a list" if isinstance(key, Sequence) else "a map")
            return None
        merge = key.plain and key.text == MERGE_KEY
        if merge and key.tag in (None, tags.MERGE):
            return INCLUDE
        if key.tag not in (None, tags.CORE + "str"):
            self._report("key-not-text", node, what="a value with a tag")
        if found := invisible(key.text):
            self._report("invisible-key", node, characters=", ".join(found))
            return None
        return key.text

    def _duplicate(self, name: str, first: Node, second: Node) -> None:
        shown = MERGE_KEY if name == INCLUDE else quoted(name)
        other = Label(self._text.location(first.start, first.end), "first here")
        advice = "write one `<<: [*a, *b]`" if name == INCLUDE else None
        if name != INCLUDE and _is_plain(first) is not _is_plain(second):
            advice = 'keep one of them: quotes make no other key, so `1` and `"1"` are the same'
        self._report("duplicate-key", second, label="again here", related=[other], key=shown, help=advice)

    def _merge(self, result: dict[str, Value], node: Node) -> None:
        found = sources(node, self.value(node))
        if isinstance(found, str):
            self._report("wrong-merge", node, what=found)
        else:
            merge_into(result, found)

    def _tagged(self, node: Content, tag: str, *, item: bool) -> Value:
        if marker := tags.marker_of(tag):
            return self._marked(node, marker, item=item)
        name = tags.core_name(tag)
        if name is None:
            self.findings.append(tags.unknown_tag(self._text, node, tag))
            return self._plain(node)
        if isinstance(node, Scalar):
            return self._typed(node, name)
        if name != ("seq" if isinstance(node, Sequence) else "map"):
            self._report("wrong-tag", node, tag=name)
        return self._plain(node)

    def _marked(self, node: Content, marker: tags.Marker, *, item: bool) -> Value:
        if not self._markers:
            self._report("marker-not-here", node, marker=f"!{marker.name}")
            return self._plain(node)
        if wrong := tags.misused(self._text, node, marker, item=item):
            self.findings.append(wrong)
        self.marked = True
        return Marked(marker.name, self._plain(node), marker.key)

    def _typed(self, node: Scalar, name: str) -> Value:
        """The value of a scalar under `!!name`; quotes do not matter then."""
        try:
            fits, value = _typed(node.text, name)
        except NumberError as error:
            self._report(error.rule, node, limit=MAX_DIGITS)
            return None
        if not fits:
            self._report("wrong-tag", node, tag=name)
        return value

    def _report(self, rule: str, node: Node, **facts: object) -> None:
        at = self._text.location(node.start, node.end)
        self.findings.append(report(rule, at=at, **facts))  # type: ignore[arg-type]


def _is_plain(node: Node) -> bool:
    key = content(node)
    return isinstance(key, Scalar) and key.plain


def _typed(text: str, name: str) -> tuple[bool, Value]:
    if name == "str":
        return True, text
    if name == "null":
        return text in NULLS, None
    if name == "bool":
        return text in BOOLEANS, BOOLEANS.get(text)
    if name not in ("int", "float"):
        return False, None
    value = resolve(text) if text else None
    if name == "float" and text.lstrip("+-").isdecimal():
        return True, finite(text)
    return type(value).__name__ == name, value
