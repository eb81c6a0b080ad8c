"""Tree-sitter: the one module that knows it. The extra `cfgc[scan]` brings it and its grammars.

A grammar is loaded when it is met. Its parsers work on a stack of their own, so that no nesting is too deep for them;
what walks a tree here must do the same. A text that is wrong gives a tree all the same, with nodes that say where.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from time import process_time
from typing import Any, TypeAlias

Node: TypeAlias = Any

_GRAMMARS = {
    "go": ("tree_sitter_go", "language"),
    "python": ("tree_sitter_python", "language"),
    "typescript": ("tree_sitter_typescript", "language_typescript"),
    "tsx": ("tree_sitter_typescript", "language_tsx"),
    "javascript": ("tree_sitter_javascript", "language"),
    "java": ("tree_sitter_java", "language"),
    "rust": ("tree_sitter_rust", "language"),
    "hcl": ("tree_sitter_hcl", "language"),
}
_LONGEST = 5.0
"""seconds of the processor; a million ordinary bytes take one"""
_PIECE = 1024
"""bytes given at once; the text of each node is copied from one"""
INSTALL = "install `cfgc[scan]` to read it"


class MissingGrammar(Exception):
    """The extra that brings the grammar is not installed."""


class TooSlow(Exception):
    """The parser seeks its way through a text that is wrong all over, for longer than anybody would wait."""


def parse(text: str, language: str) -> Node:
    """The root node of a text; raises `MissingGrammar` and `TooSlow`."""
    known = _language(language)
    import tree_sitter

    source, end = text.encode("utf-8", "replace"), process_time() + _LONGEST
    try:
        return (
            tree_sitter.Parser(known)
            .parse(lambda at, _: source[at : at + _PIECE], progress_callback=lambda _at, _wrong: process_time() > end)
            .root_node
        )
    except ValueError:
        raise TooSlow from None


def matches(root: Node, language: str, query: str) -> Iterator[dict[str, list[Node]]]:
    """What a query finds: for each match its captures by name."""
    import tree_sitter

    for _, captures in tree_sitter.QueryCursor(_query(language, query)).matches(root):
        yield captures


def text_of(node: Node) -> str:
    """The source of a node."""
    return str(node.text.decode("utf-8", "replace"))


def line_of(node: Node) -> int:
    """The line, from 1, on which a node begins."""
    return int(node.start_point[0]) + 1


def literal(node: Node) -> str | None:
    """The text that a string literal stands for as it is written; none for what is computed."""
    written = text_of(node)
    quote = next((mark for mark in ('"""', "'''", '"', "'", "`") if mark in written[:4]), "")
    computed = any("interpolation" in child.type or child.type == "template_substitution" for child in node.children)
    if "string" not in node.type or not quote or computed:
        return None
    start = written.index(quote) + len(quote)
    return written[start : len(written) - len(quote)]


def first_error(root: Node) -> Node | None:
    """The first node in the text that does not belong there, or that is missing."""
    waiting = [root] if root.has_error else []
    while waiting:
        node = waiting.pop()
        if node.is_error or node.is_missing:
            return node
        waiting += [child for child in reversed(node.children) if child.has_error or child.is_missing]
    return None


@cache
def _language(name: str) -> Any:
    module, function = _GRAMMARS[name]
    try:
        import tree_sitter

        return tree_sitter.Language(getattr(import_module(module), function)())
    except ImportError:
        raise MissingGrammar(name) from None


@cache
def _query(language: str, text: str) -> Any:
    import tree_sitter

    return tree_sitter.Query(_language(language), text)
