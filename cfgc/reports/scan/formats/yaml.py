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

from cfgc.reports.scan.formats import yaml_plain
from cfgc.reports.scan.outline import Broken, Outline, Path, check_depth

_SEALED = frozenset(("!vault", "!vault-encrypted", "!encrypted", "!encrypted/pkcs1-oaep"))


class _Open:
    """A map or a list that is open: a map has the keys that it has so far, and the one that waits for its value."""

    __slots__ = ("count", "keys", "path", "pending")

    def __init__(self, path: Path, keys: set[str] | None) -> None:
        self.path = path
        self.keys = keys
        self.pending: str | None = None
        self.count = 0


def read(text: str, outline: Outline) -> None:
    """The outline of all documents; a key that stands twice in one map is a problem, as YAML has it."""
    try:
        yaml_plain.read(text, outline)
    except yaml_plain.NotPlain:
        outline.clear()
        read_events(text, outline)


def read_events(text: str, outline: Outline) -> None:
    """The same of any YAML."""
    next_event = CParser(text).get_event
    reader = _Reader(outline)
    handlers = reader.handlers()
    while True:
        try:
            event = next_event()
        except MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
            raise Broken(line, column, error.problem or "this is not YAML") from None
        except YAMLError:
            raise Broken(1, 1, "it holds a character that YAML does not allow") from None
        handler = handlers.get(type(event))
        if handler is not None:
            handler(event)
        elif event is None:
            outline.documents = max(len(outline.starts), 1)
            return


class _Reader:
    def __init__(self, outline: Outline) -> None:
        self._outline = outline
        outline.starts = []
        self._above: list[_Open] = []
        self._place: _Open | None = None
        self._anchors: set[str] = set()

    def handlers(self) -> dict[type, Callable[[Any], None]]:
        """What to do with an event of a type; kept outside, so that nothing here refers to itself."""
        return {
            ScalarEvent: self._scalar,
            MappingStartEvent: self._start_map,
            SequenceStartEvent: self._start_list,
            MappingEndEvent: self._end,
            SequenceEndEvent: self._end,
            AliasEvent: self._alias,
            DocumentStartEvent: self._document,
        }

    def _document(self, _event: Any) -> None:
        self._outline.starts.append(len(self._outline.leaves))
        self._anchors.clear()

    def _scalar(self, event: Any) -> None:
        place = self._place
        if event.anchor is not None:
            self._anchors.add(event.anchor)
        if place is not None and place.keys is not None and place.pending is None:
            self._key(place, event.value, event.start_mark)
            return
        line = event.start_mark.line + 1
        self._outline.leaf(self._next(place), event.value, line, sealed=event.tag in _SEALED)

    def _alias(self, event: Any) -> None:
        place, mark = self._place, event.start_mark
        if event.anchor not in self._anchors:
            raise Broken(mark.line + 1, mark.column + 1, "an alias without an anchor before it")
        if place is not None and place.keys is not None and place.pending is None:
            self._key(place, "*", mark)
        else:
            self._next(place)

    def _start_map(self, event: Any) -> None:
        self._open(event, set())

    def _start_list(self, event: Any) -> None:
        self._open(event, None)

    def _end(self, _event: Any) -> None:
        self._place = self._above.pop() if self._above else None

    def _open(self, event: Any, keys: set[str] | None) -> None:
        """A map or a list begins; one that is a key stands at `?`."""
        place, mark = self._place, event.start_mark
        if event.anchor is not None:
            self._anchors.add(event.anchor)
        if place is not None and place.keys is not None and place.pending is None:
            self._key(place, "?", mark)
            path: Path = (*place.path, "?")
        else:
            path = self._next(place)
        check_depth(path, mark.line + 1, mark.column + 1)
        if place is not None:
            self._above.append(place)
        self._place = _Open(path, keys)

    def _key(self, place: _Open, name: str, mark: Any) -> None:
        assert place.keys is not None
        if name in place.keys and name not in ("<<", "?", "*"):
            raise Broken(mark.line + 1, mark.column + 1, "a key stands twice in one map")
        place.keys.add(name)
        place.pending = name
        self._outline.key((*place.path, name))

    def _next(self, place: _Open | None) -> Path:
        """Where the next value stands, which is taken now."""
        if place is None:
            return ()
        step = place.pending
        place.pending = None
        if step is None:
            step = str(place.count)
            place.count += 1
        return (*place.path, step)
