"""A key path -> the places of the merged tree that give its value, through references and includes.

At every path there is a short stack of places, the one that wins first. A step deeper is a step in each of them. Most
stacks hold one place; an include adds the places of its target beneath the map that includes it. There is one walk:
resolving uses it to find values, `follow` uses it to tell where a value stands, so the two cannot disagree.

The walk never waits for the *value* of a reference it crosses, only for the places of its target. So a map may
hold a reference to itself by another name as long as no value needs itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple, TypeAlias

from cfgc.model.keypath import Item, KeyPath, Step, starts_with
from cfgc.model.provenance import Hop
from cfgc.model.values import Kind, Value, kind_of
from cfgc.stages.resolve.sites import FAILED, UNSET, Mark, Marks, Site

Via: TypeAlias = "Hop | tuple[Via | None, Via | None] | None"
"""The hops on the way to a place, as a rope: joining two ways costs the same however long they are."""

Reason: TypeAlias = Literal["unknown", "not-a-map", "not-a-list", "range", "no-item", "ambiguous"]
TaskKind: TypeAlias = Literal["link", "value", "whole"]


class Place(NamedTuple):
    """A place of the merged tree, what stands there, its mark, and the hops that led there."""

    path: KeyPath
    node: Value
    mark: Mark | None
    via: Via = None


Places: TypeAlias = "tuple[Place, ...]"


class Task(NamedTuple):
    """Something to be worked out first: the places of a site, its value, or a container as a whole."""

    kind: TaskKind
    subject: Site | Marks


class Pending(Exception):
    """Raised by whoever needs something that is not worked out yet."""

    def __init__(self, *tasks: Task) -> None:
        super().__init__()
        self.tasks = tasks


class Broken(Exception):
    """Raised by whoever depends on something that failed."""


class Absent(Exception):
    """Nothing stands at a path: `place` is the last one there was, `step` is missing below it, `rest` was to follow."""

    def __init__(self, place: Place, step: Step, reason: Reason, keys: list[str]) -> None:
        super().__init__()
        self.place = place
        self.step = step
        self.reason: Reason = reason
        self.keys = keys
        self.rest: KeyPath = ()

    @property
    def path(self) -> KeyPath:
        """Where the missing value would stand."""
        return (*self.place.path, self.step)

    @property
    def optional(self) -> bool:
        """Whether a default may stand in: nothing is there. Something of the wrong kind is a mistake."""
        return self.reason in ("unknown", "range", "no-item")

    @property
    def kind(self) -> Kind:
        """What stands there instead of a container that could be entered."""
        return kind_of(self.place.node)


class Locate:
    """The walk over one tree and its marks. `text_at` gives the text of a scalar, to tell list items apart."""

    def __init__(self, tree: Value, marks: Marks | None, text_at: Callable[[KeyPath], str | None]) -> None:
        self._root = Place((), tree, marks)
        self._text_at = text_at

    def __call__(self, path: KeyPath) -> Places:
        """The places of a path, the one that wins first; raises `Absent`, `Pending` or `Broken`."""
        straight = self._straight(path)
        if straight is not None:
            return (straight,)
        places: Places = (self._root,)
        for depth, step in enumerate(path, 1):
            try:
                places = self._enter(places, step)
            except Absent as absent:
                absent.rest = path[depth:]
                raise
        return places

    def _straight(self, path: KeyPath) -> Place | None:
        """The place of a path that crosses no reference, no include and no list, as nearly all do."""
        _, node, mark, _ = self._root
        for step in path:
            if type(node) is not dict or step not in node:
                return None
            if mark is not None:
                if not isinstance(mark, Marks) or mark.includes:
                    return None
                mark = mark.children.get(step)
            node = node[step]
        return None if isinstance(mark, Site) else Place(path, node, mark)

    def _enter(self, places: Places, step: Step) -> Places:
        found: list[Place] = []
        failed = False
        try:
            for place in self._candidates(places, step):
                child = self._child(place, step)
                if child is None:
                    continue
                found.extend(_beneath(found, self._settle(child)))
                if type(found[0].node) is not dict:
                    break
        except Broken:
            failed = True
        if not found:
            raise Broken if failed else self._absent(places, step)
        return tuple(found)

    def _candidates(self, places: Places, step: Step) -> Iterator[Place]:
        """The places, each followed by what its includes put beneath it, and by what those include in turn."""
        entered: set[Site] = set()
        rest = [iter(places)]
        while rest:
            place = next(rest[-1], None)
            if place is None:
                rest.pop()
                continue
            yield place
            if isinstance(place.mark, Marks) and place.mark.includes:
                rest.append(self._included(place, place.mark, step, entered))

    def _included(self, place: Place, marks: Marks, step: Step, entered: set[Site]) -> Iterator[Place]:
        for site in marks.includes:
            # an include taken from inside the map itself fills in nothing on the way to its own source
            if site.target is not None and starts_with(site.target, (*place.path, step)):
                continue
            if site not in entered:  # maps that include each other are reported when their values are needed
                entered.add(site)
                yield from _through(place, site)

    def _child(self, place: Place, step: Step) -> Place | None:
        node = place.node
        if type(node) is dict:
            if step not in node or not isinstance(step, str):
                return None
        elif type(node) is list:
            index = self._index(place, step)
            if index is None:
                return None
            step = index
        else:
            return None
        children = place.mark.children if isinstance(place.mark, Marks) else {}
        return Place((*place.path, step), node[step], children.get(step), place.via)

    def _index(self, place: Place, step: Step) -> int | None:
        if isinstance(step, int):
            return step if 0 <= step < len(place.node) else None
        if isinstance(step, Item):
            return self._item(place, step)
        return None

    def _item(self, place: Place, item: Item) -> int | None:
        key: KeyPath = () if item.key == "." else (item.key,)
        matching = [
            index for index in range(len(place.node)) if self._text_at((*place.path, index, *key)) == item.value
        ]
        if len(matching) > 1:
            raise Absent(place, item, "ambiguous", [])
        return matching[0] if matching else None

    def _settle(self, place: Place) -> Places:
        """The place itself, or where the reference that stands there leads."""
        return _through(place, place.mark) if isinstance(place.mark, Site) else (place,)

    def _absent(self, places: Places, step: Step) -> Absent:
        first = places[0]
        keys = [key for place in self._candidates(places, step) if type(place.node) is dict for key in place.node]
        return Absent(first, step, _reason(first.node, step), [key for key in keys if key.isprintable()])


def _through(place: Place, site: Site) -> Places:
    """The places that a site leads to; the place itself where it leads nowhere, since its text is the value."""
    if site.places is UNSET:
        raise Pending(Task("link" if site.alias else "value", site))
    if site.places is FAILED:
        raise Broken
    if site.places is None or site.target is None:
        return (place,)
    hop = Hop(site.path, site.target)
    return tuple(there._replace(via=_join(_join(place.via, hop), there.via)) for there in site.places)


def _beneath(found: list[Place], more: Places) -> Places:
    """Of the places that come next, those that still count: below a map only maps."""
    return tuple(place for place in more if type(place.node) is dict) if found else more


def _join(one: Via, other: Via) -> Via:
    if one is None or other is None:
        return one or other
    return one, other


def hops(via: Via) -> tuple[Hop, ...]:
    """The hops of a way, in order."""
    found: list[Hop] = []
    rest: list[Via] = [via]
    while rest:
        part = rest.pop()
        if isinstance(part, Hop):
            found.append(part)
        elif part is not None:
            rest += (part[1], part[0])
    return tuple(found)


def _reason(node: Value, step: Step) -> Reason:
    if type(node) is dict:
        return "unknown" if isinstance(step, str) else "not-a-list"
    if type(node) is not list:
        return "not-a-map" if isinstance(step, str) else "not-a-list"
    if isinstance(step, int):
        return "range"
    return "no-item" if isinstance(step, Item) else "not-a-map"
