"""One change of a file -> single edits, each checked: the text reads as what was meant, and no comment is lost."""

from __future__ import annotations

from collections import Counter

from cfgc.edit.change import NotExact
from cfgc.edit.intent import MISSING, bare, get, nested, with_item, with_value, without
from cfgc.edit.page import Page
from cfgc.edit.rewrite import brackets, entries, tables
from cfgc.edit.rewrite.lines import in_brackets, whole_lines
from cfgc.edit.rewrite.reach import Spot, reach
from cfgc.edit.rewrite.words import in_line, marker, quote_of
from cfgc.model.keypath import KeyPath, show
from cfgc.model.same import same
from cfgc.model.values import Marked, Value
from cfgc.stages.read.nodes import Mapping, Scalar


class Rewriter:
    """A page that is edited step by step. `lost` are the comments that went with what was removed.

    Raises `Failed` for what stands behind an alias, and `NotExact` where an edit would change anything else.
    """

    def __init__(self, page: Page, remark: str = "") -> None:
        self.page = page
        self.lost: list[str] = []
        self._remark = remark

    def put(self, path: KeyPath, value: Value) -> None:
        """Make the data at `path` this value, its markers too. What is the same already is not touched."""
        spot = reach(self.page, path)
        old = get(self.page.data, path) if spot or not path else MISSING
        if old is MISSING:
            self._create(path, value)
        elif not same(old, value):
            self._change(path, old, value)

    def drop(self, path: KeyPath) -> None:
        """Remove a key or list item, and the maps around it that held nothing else; nothing where it is not there."""
        if get(self.page.data, path) is MISSING:
            return
        while len(path) > 1 and isinstance(path[-2], str) and _holds_one(get(self.page.data, path[:-1])):
            if self.page.format == "toml" and not tables.is_dotted(self.page, self._at(path[:-1])):
                break  # the empty table stays behind its header
            path = path[:-1]
        self._take(path, self._without(path))

    def clear(self) -> None:
        """Remove every key."""
        for key in list(bare(self.page.data)):
            self.drop((key,))

    def _without(self, path: KeyPath) -> str:
        page = self.page
        spot, around = self._at(path), self._at(path[:-1])
        if in_brackets(page, around.node):
            return brackets.removed(page, around, spot.number)
        if page.format == "toml":
            return tables.removed(page, path, spot)
        held = get(page.data, path[:-1])
        if len(bare(held)) > 1:
            return entries.removed(page, path, spot)
        if len(path) > 1:
            return entries.replaced(page, path[:-1], around, _emptied(held))
        return entries.apply(page, entries.Cut(*whole_lines(page, *entries.entry_span(page, path, spot))))

    def _create(self, path: KeyPath, value: Value) -> None:
        """A value for a path that the file lacks, in the map nearest to it that is there."""
        depth = next(d for d in range(len(path) - 1, -1, -1) if get(self.page.data, path[:d]) is not MISSING)
        here, inner = path[: depth + 1], nested(path[depth + 1 :], value)
        around = get(self.page.data, path[:depth])
        if isinstance(around, Marked) and around.name == "unset":
            raise NotExact(f"`{show(path[:depth])}` is removed there with `!unset`")
        if not isinstance(bare(around), dict if isinstance(path[depth], str) else list):
            raise NotExact(f"`{show(path[:depth])}` is no {'map' if isinstance(path[depth], str) else 'list'} there")
        self._insert(here, inner)

    def _insert(self, path: KeyPath, value: Value) -> None:
        page, step = self.page, path[-1]
        intended = with_item if isinstance(step, int) else with_value
        if page.root is None:
            text = entries.appended(page, str(step), value, self._remark)
        else:
            around = self._at(path[:-1])
            if in_brackets(page, around.node):
                text = brackets.inserted(page, around, step, value)
            elif page.format == "toml":
                text = tables.inserted(page, path, around, value, entries.remarks(self._remark))
            else:
                text = entries.inserted(page, path, around, value, self._remark)
        self._accept(text, intended(page.data, path, value), ())

    def _change(self, path: KeyPath, old: Value, value: Value) -> None:
        if path and isinstance(value, Marked) and not isinstance(old, Marked) and _alike(old, bare(value)):
            self._mark(path, value)
            old = get(self.page.data, path)
        if isinstance(old, Marked) is isinstance(value, Marked) and _marks(old) == _marks(value):
            if isinstance(bare(old), dict) and isinstance(bare(value), dict) and bare(value):
                return self._change_map(path, bare(old), bare(value))
            if isinstance(bare(old), list) and isinstance(bare(value), list) and bare(value) and bare(old):
                return self._change_list(path, bare(old), bare(value))
        return None if same(old, value) else self._replace(path, value)

    def _mark(self, path: KeyPath, value: Value) -> None:
        marks = marker(value)[0]
        old = get(self.page.data, path)
        spot = self._at(path)
        if self.page.format != "yaml":
            raise NotExact(f"{self.page.format.upper()} has no markers")
        if spot.around is not None and in_brackets(self.page, spot.around):
            text = entries.apply(self.page, entries.Cut(spot.node.start, spot.node.start, marks))
        else:
            text = entries.marked(self.page, path, spot, marks)
        self._accept(text, with_value(self.page.data, path, Marked(value.name, old, value.key)), ())

    def _change_map(self, path: KeyPath, old: dict[str, Value], new: dict[str, Value]) -> None:
        for key, value in new.items():
            if key not in old:
                self._insert((*path, key), value)
            elif not same(old[key], value):
                self._change((*path, key), get(self.page.data, (*path, key)), value)
        for key in old:
            if key not in new:
                self._take((*path, key), self._without((*path, key)))

    def _change_list(self, path: KeyPath, old: list[Value], new: list[Value]) -> None:
        """What is the same at both ends stays; of the middle, items are changed in place, then added or removed."""
        shorter = min(len(old), len(new))
        front = next((n for n in range(shorter) if not same(old[n], new[n])), shorter)
        most = shorter - front
        back = next((n for n in range(most) if not same(old[-1 - n], new[-1 - n])), most)
        changed = most - back
        for number in range(front, front + changed):
            self._change((*path, number), old[number], new[number])
        for number in range(len(old) - back - 1, front + changed - 1, -1):
            self._take((*path, number), self._without((*path, number)))
        for number in range(front + changed, len(new) - back):
            self._insert((*path, number), new[number])

    def _replace(self, path: KeyPath, value: Value) -> None:
        page, spot = self.page, self._at(path)
        inside = spot.around is None or in_brackets(page, spot.around)
        if page.format == "toml" and spot.key is not None and not tables.is_written(spot.node, spot.key):
            raise NotExact(f"`{show(path)}` is a table with a header or dotted keys: replace it by hand")
        if page.format == "yaml" and _is_open_map(page, spot) and isinstance(bare(value), dict) and bare(value):
            text = entries.rewritten(page, spot, value, self._remark)
        elif page.format != "yaml" or inside:
            if isinstance(spot.node, Scalar) and spot.node.empty:
                raise NotExact("nothing is written at the key, in brackets")
            text = in_line(value, page.format, quote_of(page, spot.node))
            text = entries.apply(page, entries.Cut(spot.node.start, spot.node.end, text))
        else:
            text = entries.replaced(page, path, spot, value)
        whole = () if isinstance(spot.node, Scalar) else self._span(path, spot)
        self._accept(text, with_value(page.data, path, value), whole)

    def _take(self, path: KeyPath, text: str) -> None:
        self._accept(text, without(self.page.data, path), self._span(path, self._at(path)))

    def _span(self, path: KeyPath, spot: Spot) -> tuple[int, int]:
        return tables.span(self.page, spot) if self.page.format == "toml" else entries.entry_span(self.page, path, spot)

    def _at(self, path: KeyPath) -> Spot:
        spot = reach(self.page, path)
        if spot is None:
            raise NotExact(f"`{show(path)}` is not written there")
        return spot

    def _accept(self, text: str, data: Value, span: tuple[int, ...]) -> None:
        """Take an edited text if it reads as `data` and lost no comment outside of a span."""
        page = self.page.but(text)
        if not same(page.data, data):
            raise NotExact("another value would change with it")
        gone = Counter(each.text for each in self.page.comments) - Counter(each.text for each in page.comments)
        inside = Counter(each.text for each in self.page.comments if span and span[0] <= each.start < span[1])
        if gone - inside:
            raise NotExact("a comment would be lost")
        self.lost += gone.elements()
        self.page = page


def _is_open_map(page: Page, spot: Spot) -> bool:
    """Whether this is the map of a whole file, and its keys stand on lines of their own."""
    return spot.around is None and isinstance(spot.node, Mapping) and not in_brackets(page, spot.node)


def _holds_one(value: Value) -> bool:
    return isinstance(value, dict) and len(value) == 1


def _alike(one: Value, other: Value) -> bool:
    """Whether both are maps, or both are lists."""
    return type(one) is type(other) and isinstance(one, (dict, list))


def _marks(value: Value) -> str:
    return marker(value)[0]


def _emptied(value: Value) -> Value:
    if isinstance(value, Marked):
        return Marked(value.name, _emptied(value.value), value.key)
    return [] if isinstance(value, list) else {}
