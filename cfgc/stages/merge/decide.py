"""The rules of SPEC section 4: what the stack at one key path comes to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, TypeAlias

from cfgc.model.keypath import Item, show
from cfgc.model.values import INCLUDE, Value
from cfgc.stages.merge.decision import DEEP, ONLY, WINS, Decision, Place, Rule, Shape, schema_rule, step
from cfgc.stages.merge.identity import find_item
from cfgc.stages.merge.lists import JOINS, Joiner, Looks, Slots, items_of
from cfgc.stages.merge.problem import problem
from cfgc.stages.merge.stack import Entry, Ghost, Pick, Piece, Stack, child, marker_of, peel


def decide(stack: Stack, place: Place) -> Decision:
    """What a stack comes to at its place."""
    decider = _Decider(place)
    for entry in stack:
        decider.add(entry)
    return decider.finish()


def _shape(value: Value) -> Shape:
    if value is None:
        return "null"
    return "map" if isinstance(value, dict) else "list" if isinstance(value, list) else "scalar"


def _sketch(slot: Stack, key: str, place: Place) -> Value:
    """A list item as far as `key` is concerned: deeper values are not merged for that."""
    if len(slot) == 1:
        return peel(slot[0]).value
    made = decide(slot, place)
    stack = child(made.live, key) if made.shape == "map" else None
    if stack is None:
        return peel(made.live[-1]).value
    below = decide(stack, Place((*place.path, key), step(place.cursor, key), place.settings))
    return {key: peel(below.live[-1]).value} if below.live else {}


class _Decider:
    def __init__(self, place: Place) -> None:
        self._place = place
        self._schema = schema_rule(place.cursor)
        self._made = Decision()
        self._ghosts: Stack = []
        self._last: Entry | None = None

    @cached_property
    def _joiner(self) -> Joiner:
        place = self._place.item()
        looks = Looks(lambda slot: place.settings.look(slot, place), lambda slot, key: _sketch(slot, key, place))
        return Joiner(self._place.path, self._made.problems, looks)

    def add(self, entry: Entry) -> None:
        value = entry[0]
        if isinstance(value, Ghost):
            self._ghosts.append(entry)
        elif isinstance(value, Pick):
            self._pick(entry, value)
        elif self._last is not None and self._clash(self._last, entry):
            self._report("set-twice", entry, self._last, layer=entry[1].file.layer)
        else:
            self._last = entry
            piece = peel(entry)
            _OPERATIONS[piece.op](self, entry, piece)

    def finish(self) -> Decision:
        made = self._made
        if made.live and made.live[-1][1].file.each:
            made.rule = _EACH_RULES.get(made.rule, made.rule)
        if made.shape == "list" and made.slots is None and not made.live[-1][1].plain:
            made.slots = self._lower()
        if made.shape == "map" and self._ghosts:
            made.live = sorted(made.live + self._ghosts, key=lambda entry: entry[1].rank)
        return made

    def _clash(self, one: Entry, other: Entry) -> bool:
        """Whether two entries are of one layer and not to be joined."""
        if one[1].rank != other[1].rank or one[0].__class__ is other[0].__class__ is dict:
            return False
        first, second = peel(one), peel(other)
        if first.op is None and second.op is None and isinstance(first.value, dict):
            return not isinstance(second.value, dict)
        rules = {self._list_rule(piece)[0] if isinstance(piece.value, list) else None for piece in (first, second)}
        return len(rules) != 1 or {rule.name for rule in rules if rule} != {"by"}

    # what the markers do

    def plain(self, entry: Entry, piece: Piece) -> None:
        if self._made.shape != "nothing" and self._place.path[-1:] == (INCLUDE,):
            self._override(entry, WINS)
        else:
            case = (self._made.shape, _shape(piece.value))
            _CASES.get(case, _Decider.conflict)(self, entry, piece)

    def replace(self, entry: Entry, _: Piece) -> None:
        self._override(entry, "`!replace`")

    def unset(self, entry: Entry, _: Piece) -> None:
        if self._made.shape == "nothing":
            self._report("marker-without-target", entry, marker="!unset", what="no key to remove")
        self._override(entry, ONLY)
        self._made.shape, self._made.live, self._made.remover = "nothing", [], entry
        self._made.dropped.append(entry)

    def listwise(self, entry: Entry, piece: Piece) -> None:
        alone = self._made.shape in ("nothing", "null")
        self.plain(entry, piece)
        if alone:
            self._report("marker-without-target", entry, marker=marker_of(entry[0]), what="no list below it")
        if alone and piece.op == "by":
            self._made.slots = self._joiner.by([], items_of(entry, self._place.path), piece.key or "")

    # what the kinds do

    def start(self, entry: Entry, piece: Piece) -> None:
        made = self._made
        made.shape, made.live = _shape(piece.value), [entry]
        self._came(entry, WINS if made.dropped else ONLY)

    def win(self, entry: Entry, _: Piece) -> None:
        self._override(entry, WINS)

    def deepen(self, entry: Entry, _: Piece) -> None:
        made = self._made
        if self._schema == Rule("replace") and made.live[-1][1].rank != entry[1].rank:
            self._override(entry, "schema: replace")
        else:
            made.live.append(entry)
            self._came(entry, DEEP)

    def join(self, entry: Entry, piece: Piece) -> None:
        rule, words = self._list_rule(piece)
        if piece.source.file.sops and self._schema is None:
            self._report("sops-list-without-rule", entry, self._made.live[-1])
        elif rule.name == "replace":
            self._override(entry, words)
        else:
            made = self._made
            made.slots = JOINS[rule.name](self._joiner, self._lower(), items_of(entry, self._place.path), rule.key)
            made.live.append(entry)
            made.key = rule.key or made.key
            self._came(entry, words)

    def empty(self, entry: Entry, piece: Piece) -> None:
        source, settings = piece.source, self._place.settings
        written = settings.loose or source.outside
        if written or not settings.implicit(source.file.path, source.inside(self._place.path)):
            self._override(entry, WINS)
        else:
            self._report("implicit-null", entry, self._made.live[-1])

    def conflict(self, entry: Entry, _: Piece) -> None:
        if self._schema == Rule("replace"):
            self._override(entry, "schema: replace")
        elif self._place.settings.loose:
            self._override(entry, "types: loose")
        else:
            self._report("merge-type-conflict", entry, self._made.live[-1])

    # steps

    def _override(self, entry: Entry, rule: str) -> None:
        made = self._made
        if made.live:
            made.won.append((entry, made.live[-1]))
        made.dropped += made.live
        made.shape, made.live, made.slots = _shape(peel(entry).value), [entry], None
        made.key = ""
        made.rules.clear()
        self._ghosts.clear()
        self._came(entry, rule)

    def _came(self, entry: Entry, rule: str) -> None:
        self._made.rules[entry[1].rank] = self._made.rule = rule

    def _lower(self) -> Slots:
        if self._made.slots is not None:
            return self._made.slots
        return self._joiner.present(items_of(self._made.live[-1], self._place.path))

    def _list_rule(self, piece: Piece) -> tuple[Rule, str]:
        if piece.op in _INLINE:
            return Rule(str(piece.op), piece.key or ""), _INLINE[piece.op].format(key=piece.key)
        if self._schema is not None:
            return self._schema, f"schema: {self._schema}"
        default = self._place.settings.lists
        return Rule(default), "list replaced" if default == "replace" else f"merge.lists: {default}"

    def _pick(self, entry: Entry, pick: Pick) -> None:
        slots = self._lower() if self._made.shape == "list" else []
        index = self._index(slots, pick.step)
        if index is None:
            self._report("unknown-override-key", entry, target=show((*self._place.path, pick.step)))
        else:
            self._made.slots = list(slots)
            self._made.slots[index] = [*slots[index], (pick.value, entry[1])]

    def _index(self, slots: Slots, at: int | Item) -> int | None:
        if isinstance(at, Item):
            return find_item([_sketch(slot, at.key, self._place.item()) for slot in slots], at.key, at.value)
        return at if -len(slots) <= at < len(slots) else None

    def _report(self, name: str, entry: Entry, other: Entry | None = None, **facts: Any) -> None:
        self._made.problems.append(problem(name, self._place.path, entry, other, **facts))


_Handler: TypeAlias = Callable[[_Decider, Entry, Piece], None]

_OPERATIONS: Mapping[str | None, _Handler] = {
    None: _Decider.plain,
    "replace": _Decider.replace,
    "unset": _Decider.unset,
    "append": _Decider.listwise,
    "prepend": _Decider.listwise,
    "unique": _Decider.listwise,
    "by": _Decider.listwise,
}

# (what stands there, what comes over it); every other pair is a conflict
_CASES: Mapping[tuple[Shape, Shape], _Handler] = {
    ("nothing", "null"): _Decider.start,
    ("nothing", "scalar"): _Decider.start,
    ("nothing", "map"): _Decider.start,
    ("nothing", "list"): _Decider.start,
    ("map", "map"): _Decider.deepen,
    ("list", "list"): _Decider.join,
    ("scalar", "scalar"): _Decider.win,
    ("scalar", "null"): _Decider.win,
    ("map", "null"): _Decider.empty,
    ("list", "null"): _Decider.empty,
    ("null", "null"): _Decider.win,
    ("null", "scalar"): _Decider.win,
    ("null", "map"): _Decider.win,
    ("null", "list"): _Decider.win,
}

_INLINE = {
    "append": "appended",
    "prepend": "prepended",
    "unique": "joined without repeats",
    "by": "matched by {key}",
}

_EACH_RULES = {ONLY: "`_each` default", WINS: "`_each` of a higher layer wins"}
