"""What names stand for in one source: constants that are texts, and local names of what is imported."""

from __future__ import annotations

from collections.abc import Iterable

from cfgc.reports.scan.grammar import Node, literal, matches, text_of


class Constants:
    """Names that stand for one text in all of a source. A query captures each as `constant` and its text as `text`."""

    def __init__(self, root: Node, language: str, query: str) -> None:
        self._texts: dict[str, str | None] = {}
        for match in matches(root, language, query):
            name, text = text_of(match["constant"][0]), literal(match["text"][0])
            self._texts[name] = text if self._texts.get(name, text) == text else None

    def text(self, node: Node) -> str | None:
        """The text that a literal or the name of a constant stands for; none for what is computed."""
        written = literal(node)
        if "identifier" in node.type or node.type in _MEMBERS:
            return self._texts.get(text_of(node).rpartition(".")[2])
        return written


_MEMBERS = frozenset(("field_access", "selector_expression", "member_expression", "attribute"))


def any_of(names: Iterable[str]) -> str:
    """Names as a query lists them, of those that are plain words."""
    return " ".join(f'"{name}"' for name in sorted(names) if '"' not in name and "\\" not in name)
