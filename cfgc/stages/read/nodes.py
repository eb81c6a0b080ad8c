"""What a file says, with positions: the same few nodes for YAML, JSON, TOML and dotenv.

`start` and `end` are offsets in the file's text, the end exclusive. Positions stay offsets until
somebody asks for a line (`Text.location`).
"""

from __future__ import annotations

from typing import TypeAlias


class Scalar:
    """A text. `plain` tells an unquoted one, whose type is read from the text."""

    __slots__ = ("anchored", "end", "plain", "start", "tag", "text")

    def __init__(self, start: int, end: int, text: str, *, plain: bool = False, tag: str | None = None) -> None:
        self.start = start
        self.end = end
        self.text = text
        self.plain = plain
        self.tag = tag
        self.anchored = False

    @property
    def empty(self) -> bool:
        """Whether nothing is written at all: an implicit null."""
        return self.plain and not self.text and self.tag is None


class Sequence:
    """A list."""

    __slots__ = ("anchored", "end", "items", "start", "tag")

    def __init__(self, start: int, end: int, items: list[Node], tag: str | None = None) -> None:
        self.start = start
        self.end = end
        self.items = items
        self.tag = tag
        self.anchored = False


class Mapping:
    """A map: its pairs as written, duplicates and merge keys included.

    `named` is for whoever looks for keys again and again: the first pair of each, once somebody has asked.
    """

    __slots__ = ("anchored", "end", "named", "pairs", "start", "tag")

    def __init__(self, start: int, end: int, pairs: list[tuple[Node, Node]], tag: str | None = None) -> None:
        self.start = start
        self.end = end
        self.pairs = pairs
        self.tag = tag
        self.anchored = False
        self.named: dict[str, tuple[Node, Node]] | None = None


class Alias:
    """`*name`: stands for the node that the anchor named when the alias was read."""

    __slots__ = ("end", "start", "target")

    def __init__(self, start: int, end: int, target: Content) -> None:
        self.start = start
        self.end = end
        self.target = target


Content: TypeAlias = "Scalar | Sequence | Mapping"
Node: TypeAlias = "Scalar | Sequence | Mapping | Alias"


def content(node: Node) -> Content:
    """The node itself, or what an alias stands for."""
    return node.target if isinstance(node, Alias) else node
