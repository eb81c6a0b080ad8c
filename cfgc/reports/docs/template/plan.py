"""What stands in the template: a tree of keys, each with its placeholder, some of them commented out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from cfgc.model.keypath import KeyPath
from cfgc.model.values import Unknown, Value, Variable
from cfgc.reports.docs.shape import Shape
from cfgc.reports.docs.template.candidates import candidates, is_writable

Choices: TypeAlias = "Mapping[KeyPath, int]"
"""key path -> how many proposals for it were refused"""

Above: TypeAlias = "frozenset[frozenset[int]]"

OTHER = "example"
"""the key that stands for all that a schema does not name"""
_DEEPEST = 12
_MOST_ITEMS = 20
_NAMED = ("const", "default", "examples", "enum")
"""keywords that name whole values"""
_UNFIT = re.compile(r"[^A-Z0-9]+")


@dataclass(frozen=True, slots=True)
class Entry:
    """One place of the template. `live` is false for what is commented out; `options` counts the proposals there are.

    A map or list that is filled has `entries`; anything else has its `value`.
    """

    path: KeyPath
    shape: Shape
    options: int
    value: Value = None
    entries: tuple[Entry, ...] | None = None
    live: bool = True
    required: bool = False

    @property
    def is_list(self) -> bool:
        """Whether the entries are items."""
        return bool(self.entries) and self.entries is not None and isinstance(self.entries[0].path[-1], int)

    def tree(self, *, everything: bool) -> Value:
        """The value as the schemas see it, with what is commented out or without."""
        if self.entries is None:
            return self.value
        kept = [each for each in self.entries if each.live or everything]
        if self.is_list:
            return [each.tree(everything=everything) for each in kept]
        return {each.path[-1]: each.tree(everything=everything) for each in kept}

    def below(self) -> Iterator[Entry]:
        """This entry and all inside of it."""
        yield self
        for each in self.entries or ():
            yield from each.below()


@dataclass(frozen=True, slots=True)
class Planner:
    """Makes entries of places. `components` are there although no schema may require them."""

    choices: Choices
    components: frozenset[KeyPath]

    def plan(self, shape: Shape, path: KeyPath = (), above: Above = frozenset()) -> Entry:
        """The entry of a place; `above` are the schemas of the places around it."""
        forms = [shape.also(form) for form in (shape.get("oneOf") or shape.get("anyOf") or ())] or [shape]
        refused = self.choices.get(path, 0)
        form = forms[min(refused, len(forms) - 1)]
        if _is_map(form) and shape.identity not in above and len(path) < _DEEPEST:
            entries = tuple(self._keys(form, path, above | {shape.identity}))
            return Entry(path, shape, len(forms), None if entries else {}, entries or None)
        if "array" in form.types() and (form.item().secret or not any(map(form.all, _NAMED))):
            items = tuple(self._items(form, path, above))
            return Entry(path, shape, len(forms), None if items else [], items or None)
        if shape.secret:
            return Entry(path, shape, 1, _variable(shape, path))
        values = [value for each in forms for value in candidates(each) if is_writable(value)]
        first = path[-1] if path and isinstance(path[-1], int) else 0  # so that no item is twice in a list
        value = values[(first + refused) % len(values)] if refused < len(values) else _variable(shape, path)
        return Entry(path, shape, len(values) + 1, value)

    def _keys(self, shape: Shape, path: KeyPath, above: Above) -> Iterator[Entry]:
        names, wanted = self._names(shape, path)
        for name in names:
            inner = shape.step(name)
            if name in wanted or inner.identity not in above:
                entry = self.plan(inner, (*path, name), above)
                yield replace(entry, live=name in wanted, required=shape.requires(name))

    def _names(self, shape: Shape, path: KeyPath) -> tuple[list[str], set[str]]:
        """The keys of a map, and those that must be there: a map below the root with only comments would be null."""
        names = [name for name in shape.names() if is_writable(name)]
        if not names and shape.others().known:
            names = [_other_name(shape)]
        wanted = {name for name in names if shape.requires(name) or self._holds_component((*path, name))}
        if not wanted and (path or max(shape.all("minProperties"), default=0)):
            wanted = set(names[:1])
        return names, wanted

    def _items(self, shape: Shape, path: KeyPath, above: Above) -> Iterator[Entry]:
        """As many items as there must be, those first that `contains` asks for; one at least where items are maps."""
        wanted = shape.get("contains")
        fitting = 0 if wanted is None else shape.get("minContains", 1)
        shown = int(_is_map(shape.item()))  # what an item is like, is said nowhere else
        for at in range(min(max(*shape.all("minItems"), fitting, shown), _MOST_ITEMS)):
            item = shape.item(at)
            yield self.plan(item.also(wanted) if at < fitting else item, (*path, at), above)

    def _holds_component(self, path: KeyPath) -> bool:
        return any(each[: len(path)] == path for each in self.components)


def _is_map(shape: Shape) -> bool:
    types = shape.types()
    return "object" in types or (not types and (bool(shape.names()) or shape.others().known))


def _other_name(shape: Shape) -> str:
    """A key that `propertyNames` or a pattern takes."""
    from cfgc.external import regex
    from cfgc.reports.docs.template.pattern import sample

    patterns = [each["pattern"] for each in shape.all("propertyNames") if isinstance(each, dict) and "pattern" in each]
    patterns += [pattern for each in shape.all("patternProperties") for pattern in each]
    made = [OTHER, *(text for text in map(sample, patterns) if text)]
    return next((name for name in made if all(regex.search(pattern, name) for pattern in patterns)), OTHER)


def _variable(shape: Shape, path: KeyPath) -> Unknown:
    """A runtime variable, which stands for any value: for secrets, and where nothing else is known to fit."""
    name = shape.get("x-cfgc-env") or _UNFIT.sub("_", "_".join(map(str, path)).upper()).strip("_")
    return Unknown((Variable(name if name[:1].isalpha() else f"V_{name}"),))
