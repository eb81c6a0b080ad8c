"""HTML pages as the tests of reports read them."""

from __future__ import annotations

import re
from html.parser import HTMLParser

ACTIVE = {"img", "iframe", "object", "embed", "link", "base", "video", "audio", "foreignobject", "image", "use"}
"""Elements that load or run something."""

_VOID = {"meta", "input", "rect", "col"}


class Page(HTMLParser):
    """A page as elements and texts; fails where an element is closed that is not the open one.

    `wbr`, where a path may break, is no element here, and breaks no text.
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.glued = False
        self.inside: dict[str, str] = {}
        self.words: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.glued = tag == "wbr"
        if self.glued:
            assert attrs == []
            return
        self.elements.append((tag, {name: text or "" for name, text in attrs}))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: text or "" for name, text in attrs}))

    def handle_endtag(self, tag: str) -> None:
        self.glued = False
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in ("script", "style"):
            self.inside[self.open[-1]] = self.inside.get(self.open[-1], "") + data
        elif self.glued:
            self.words[-1] += data
            self.glued = False
        else:
            self.words.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.words))

    def all(self, tag: str) -> list[dict[str, str]]:
        """The attributes of every such element."""
        return [attributes for name, attributes in self.elements if name == tag]
