"""XML configuration: elements are keys, attributes and texts are leaves. Nothing outside of the file is read."""

from __future__ import annotations

from xml.parsers import expat

from cfgc.reports.scan.outline import Broken, Outline, Path, check_depth


def read(text: str, outline: Outline) -> None:
    """The outline; its one key at the top is the root element. Entities are not expanded: a few may be billions."""
    reader = _Reader(outline)
    try:
        reader.parser.Parse(text.encode(), True)
    except expat.ExpatError as error:
        raise Broken(error.lineno, error.offset + 1, expat.ErrorString(error.code) or "this is not XML") from None
    finally:
        reader.let_go()


class _Reader:
    def __init__(self, outline: Outline) -> None:
        self._outline = outline
        self._path: Path = ()
        self._texts: list[tuple[list[str], int]] = []
        self.parser = expat.ParserCreate("utf-8")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.DefaultHandler = _leave  # with a handler, references to entities are not expanded

    def let_go(self) -> None:
        """The parser and this refer to each other, which keeps both alive until somebody looks for such pairs."""
        del self.parser

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        line = self.parser.CurrentLineNumber
        self._path = (*self._path, name)
        check_depth(self._path, line, self.parser.CurrentColumnNumber + 1)
        self._outline.key(self._path)
        self._texts.append(([], line))
        for key, value in attributes.items():
            self._outline.leaf((*self._path, f"@{key}"), value, line)
        named = attributes.get("key") or attributes.get("name")
        if named and "value" in attributes:
            self._outline.leaf((*self._path, named), attributes["value"], line)

    def _end(self, _name: str) -> None:
        parts, line = self._texts.pop()
        text = "".join(parts).strip()
        if text:
            self._outline.leaf(self._path, text, line)
        self._path = self._path[:-1]

    def _text(self, text: str) -> None:
        if self._texts:
            self._texts[-1][0].append(text)


def _leave(_: str) -> None:
    """What is neither element nor text."""
