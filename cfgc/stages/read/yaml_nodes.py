"""Events -> nodes: anchors, aliases, depth and node budgets; one document.

An alias costs all that it stands for, and it is counted when it is met, before anything walks it
(THREATS Y01); aliases under `<<` count like others, which also bounds doubling merges (Y02).
"""

from __future__ import annotations

import re
from typing import NamedTuple

from yaml import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from cfgc.diagnostics import Diagnostic, Failed, Label, report
from cfgc.stages.read.limits import MAX_DEPTH, MAX_NODES, Clock
from cfgc.stages.read.nodes import Alias, Content, Mapping, Node, Scalar, Sequence
from cfgc.stages.read.text import Text
from cfgc.stages.read.yaml_events import Event, Events

_COMMENTS = re.compile(r"(?:\s++|#[^\r\n]*+)*+")
_BLOCK_STYLES = ("|", ">")


class _Anchor(NamedTuple):
    node: Content
    size: int
    height: int


def compose(text: Text) -> tuple[Node | None, list[Diagnostic]]:
    """The root node of a YAML text, none when it holds nothing, and the aliases that lead nowhere.

    Raises `Failed` for what is no YAML, for a second document and for a budget that is used up.
    """
    composer = _Composer(text)
    return composer.document(), composer.findings


class _Composer:
    def __init__(self, text: Text) -> None:
        self.findings: list[Diagnostic] = []
        self._text = text
        self._events = Events(text, Clock(text.file, len(text.text)))
        self._anchors: dict[str, _Anchor | int] = {}  # an open one is the offset where it began
        self._nodes = 0
        self._deepest = 0
        self._brackets = 0

    def document(self) -> Node | None:
        self._events.next()
        if not isinstance(self._events.next(), DocumentStartEvent):
            return None
        root = self._node(self._events.next(), 1)
        self._end(self._events.next())
        return None if isinstance(root, Scalar) and root.empty and not root.anchored else root

    def _end(self, event: Event) -> None:
        """Refuses everything but comments after the end of the document; libyaml wants a `---` after a `...`."""
        rest = _COMMENTS.match(self._text.text, event.end_mark.index) if event.explicit else None
        at = rest.end() if rest else len(self._text.text)
        if at == len(self._text.text):
            after = self._events.next()
            at = after.start_mark.index
            if isinstance(after, StreamEndEvent):
                return
        raise Failed(report("several-documents", at=self._text.location(at)))

    def _node(self, event: Event, depth: int) -> Node:
        kind, start = type(event), event.start_mark.index
        if self._brackets:
            self._events.check_question(start)
        if kind is AliasEvent:
            return self._alias(event, depth)
        self._nodes += 1
        if depth > self._deepest or self._nodes > MAX_NODES:
            self._check_budgets(depth, start)
        if event.anchor is not None:
            return self._anchored(event, depth)
        return self._scalar(event) if kind is ScalarEvent else self._collection(event, depth)

    def _scalar(self, event: Event) -> Scalar:
        start, end, style = event.start_mark.index, event.end_mark.index, event.style
        if style == "":
            return Scalar(start, end, self._events.text_of(event), plain=True, tag=event.tag)
        if style in _BLOCK_STYLES:
            end = start + len(self._text.text[start:end].rstrip())
        return Scalar(start, end, self._events.quoted_text_of(event), tag=event.tag)

    def _collection(self, event: Event, depth: int) -> Content:
        self._brackets += bool(event.flow_style)
        make = self._sequence if type(event) is SequenceStartEvent else self._mapping
        node = make(event, depth)
        self._brackets -= bool(event.flow_style)
        return node

    def _sequence(self, event: Event, depth: int) -> Sequence:
        node = Sequence(event.start_mark.index, event.end_mark.index, [], event.tag)
        while not isinstance(following := self._events.next(), SequenceEndEvent):
            node.items.append(self._node(following, depth + 1))
        node.end = _end_of(event, following, node.items)
        return node

    def _mapping(self, event: Event, depth: int) -> Mapping:
        node = Mapping(event.start_mark.index, event.end_mark.index, [], event.tag)
        while not isinstance(following := self._events.next(), MappingEndEvent):
            key = self._node(following, depth + 1)
            node.pairs.append((key, self._node(self._events.next(), depth + 1)))
        node.end = _end_of(event, following, [value for _, value in node.pairs])
        return node

    def _anchored(self, event: Event, depth: int) -> Content:
        before, above = self._nodes, self._deepest
        self._anchors[event.anchor] = event.start_mark.index
        self._deepest = depth
        node = self._scalar(event) if type(event) is ScalarEvent else self._collection(event, depth)
        node.anchored = True
        self._anchors[event.anchor] = _Anchor(node, self._nodes - before + 1, self._deepest - depth)
        self._deepest = max(above, self._deepest)
        return node

    def _alias(self, event: Event, depth: int) -> Node:
        start, end = event.start_mark.index, event.end_mark.index
        anchor = self._anchors.get(event.anchor)
        if isinstance(anchor, _Anchor):
            self._nodes += anchor.size
            self._check_budgets(depth + anchor.height, start)
            return Alias(start, end, anchor.node)
        at, name = self._text.location(start, end), self._text.shown(event.anchor)
        if anchor is None:
            self.findings.append(report("unknown-anchor", at=at, anchor=name))
        else:
            began = Label(self._text.location(anchor), "inside of this")
            self.findings.append(report("recursive-alias", at=at, related=[began], anchor=name))
        return Scalar(start, end, "", plain=True)

    def _check_budgets(self, depth: int, at: int) -> None:
        self._deepest = max(depth, self._deepest)
        if self._nodes > MAX_NODES:
            raise Failed(report("too-many-nodes", at=self._text.location(at), limit=MAX_NODES))
        if depth > MAX_DEPTH:
            raise Failed(report("too-deep", at=self._text.location(at), limit=MAX_DEPTH))


def _end_of(first: Event, last: Event, inner: list[Node]) -> int:
    """Where brackets close; of a block where its last value ends, which is before the next line begins."""
    if inner and not first.flow_style:
        return inner[-1].end
    end: int = last.end_mark.index
    return end
