"""YAML, any number of documents, with any tags: events of libyaml, which neither recurse nor expand an alias."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from yaml import MarkedYAMLError, YAMLError
from yaml._yaml import CParser
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from cfgc.reports.scan.outline import Broken, Outline, Path, check_depth

_SEALED = frozenset(("!vault", "!vault-encrypted", "!encrypted", "!encrypted/pkcs1-oaep"))


class _Map:
    """A map that is open: where it stands, the keys it has, and the one that waits for its value."""

    __slots__ = ("keys", "path", "pending")

    def __init__(self, path: Path) -> None:
        self.path = path
        self.keys: set[str] = set()
        self.pending: str | None = None


class _List:
    __slots__ = ("count", "path")

    def __init__(self, path: Path) -> None:
        self.path = path
        self.count = 0


def read(text: str, outline: Outline) -> None:
    """The outline of all documents; a key that stands twice in one map is a problem, as YAML has it."""
    parser = CParser(text)
    reader = _Reader(outline)
    while True:
        try:
            event = parser.get_event()
        except MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
            raise Broken(line, column, error.problem or "this is not YAML") from None
        except YAMLError:
            raise Broken(1, 1, "it holds a character that YAML does not allow") from None
        if event is None:
            outline.documents = max(reader.documents, 1)
            return
        reader.take(event)


class _Reader:
    def __init__(self, outline: Outline) -> None:
        self.documents = 0
        self._outline = outline
        self._open: list[_Map | _List] = []
        self._handlers: dict[type, Callable[[Any], None]] = {
            ScalarEvent: self._scalar,
            MappingStartEvent: self._start_map,
            SequenceStartEvent: self._start_list,
            MappingEndEvent: self._end,
            SequenceEndEvent: self._end,
            AliasEvent: self._alias,
            DocumentStartEvent: self._document,
        }

    def take(self, event: Any) -> None:
        handler = self._handlers.get(type(event))
        if handler is not None:
            handler(event)

    def _document(self, _event: Any) -> None:
        self.documents += 1

    def _scalar(self, event: Any) -> None:
        place = self._open[-1] if self._open else None
        if isinstance(place, _Map) and place.pending is None:
            self._key(place, event.value, event.start_mark)
            return
        sealed = event.tag in _SEALED
        self._outline.leaf(self._next(place), event.value, event.start_mark.line + 1, sealed=sealed)

    def _alias(self, event: Any) -> None:
        place = self._open[-1] if self._open else None
        if isinstance(place, _Map) and place.pending is None:
            self._key(place, "*", event.start_mark)
        else:
            self._next(place)

    def _start_map(self, event: Any) -> None:
        self._open.append(_Map(self._child(event)))

    def _start_list(self, event: Any) -> None:
        self._open.append(_List(self._child(event)))

    def _end(self, _event: Any) -> None:
        self._open.pop()

    def _child(self, event: Any) -> Path:
        """Where a map or list stands that begins here; one that is a key stands at `?`."""
        place = self._open[-1] if self._open else None
        mark = event.start_mark
        if isinstance(place, _Map) and place.pending is None:
            self._key(place, "?", mark)
            path: Path = (*place.path, "?")
        else:
            path = self._next(place)
        check_depth(path, mark.line + 1, mark.column + 1)
        return path

    def _key(self, place: _Map, name: str, mark: Any) -> None:
        if name in place.keys and name not in ("<<", "?", "*"):
            raise Broken(mark.line + 1, mark.column + 1, "a key stands twice in one map")
        place.keys.add(name)
        place.pending = name
        self._outline.key((*place.path, name))

    def _next(self, place: _Map | _List | None) -> Path:
        """Where the next value stands, which is taken now."""
        if place is None:
            return ()
        if isinstance(place, _List):
            place.count += 1
            return (*place.path, str(place.count - 1))
        assert place.pending is not None
        path = (*place.path, place.pending)
        place.pending = None
        return path
