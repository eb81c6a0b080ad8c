"""What schemas may cost, decided before any value is checked (THREATS S02, S04).

- A `$ref` loop that reaches the same schema at the same value never ends: an error.
- The steps that one value can cost, and the schemas that can lie on top of each other at one value, have a limit:
  `anyOf` through `$ref` doubles with every level, and the native engine uses its stack for each.
- A schema may be recursive over the levels of a value.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from cfgc.diagnostics import Diagnostic, Label, report
from cfgc.model.layers import Locator
from cfgc.stages.check.schema.keywords import BELOW, IN_PLACE
from cfgc.stages.check.schema.linking.linked import Linked, Schema, place_of, schemas_in

STEPS = 100_000
"""schemas that may be tried for one value and what lies on one path below it"""
LAYERS = 64
"""schemas that may lie on top of each other at one value"""


class Cost(NamedTuple):
    """What checking a value against a schema takes at worst; `recursive` schemas count one round."""

    steps: int = 1
    layers: int = 1
    recursive: bool = False


class Budget:
    """The costs of all schemas that checks start from."""

    def __init__(self, linked: Linked, locator: Locator) -> None:
        self.linked = linked
        self.locator = locator
        self.found: list[Diagnostic] = []
        self._cost: dict[int, Cost] = {}
        self._loops: set[int] = set()

    def admit(self, file: str) -> Cost | None:
        """The cost of checking against a file's root; none, and a finding, if that is too much."""
        root = self.linked.roots[file]
        if loop := self._loop(root):
            self._report_loop(loop)
            return None
        cost = self._measure(root)
        origin = self.linked.origin(root)
        if cost.layers > LAYERS:
            what = f"{cost.layers} schemas on top of each other at one value, {LAYERS} at most"
        elif cost.steps > STEPS:
            what = f"more than {STEPS} steps for one value"
        else:
            return cost
        self.found.append(report("schema-too-costly", at=place_of(self.locator, origin), what=what))
        return None

    def _measure(self, root: Schema) -> Cost:
        """Costs from the leaves up; no recursion, because a chain of `$ref`s may be long."""
        open_, stack = {id(root)}, [(root, self._children(root))]
        while stack:
            schema, children = stack[-1]
            for child in children:
                if id(child) not in self._cost and id(child) not in open_:
                    open_.add(id(child))
                    stack.append((child, self._children(child)))
                    break
            else:
                stack.pop()
                self._cost[id(schema)] = self._sum(schema)
                open_.discard(id(schema))
        return self._cost[id(root)]

    def _children(self, schema: Schema) -> Iterator[Schema]:
        yield from in_place(schema, self.linked)
        for _, child in below(schema):
            yield child

    def _sum(self, schema: Schema) -> Cost:
        """A schema's cost from its children's; a child without one is still open: the schema is recursive."""
        steps, layers, recursive = 1, 1, False
        for child in in_place(schema, self.linked):
            cost = self._cost.get(id(child), _ROUND)
            steps, layers = steps + cost.steps, max(layers, cost.layers + 1)
            recursive |= cost.recursive
        exclusive = 0
        for keyword, child in below(schema):
            cost = self._cost.get(id(child), _ROUND)
            recursive |= cost.recursive
            if keyword in ("properties", "prefixItems"):  # one value meets only one of them
                exclusive = max(exclusive, cost.steps)
            else:
                steps += cost.steps
        return Cost(min(steps + exclusive, STEPS + 1), layers, recursive)

    def _loop(self, root: Schema) -> list[Schema] | None:
        """Schemas that lead to each other at the same value, if any can be reached from the root."""
        todo, seen = [root], {id(root)}
        while todo:
            schema = todo.pop()
            if loop := self._loop_at(schema):
                return loop
            for child in self._children(schema):
                if id(child) not in seen:
                    seen.add(id(child))
                    todo.append(child)
        return None

    def _loop_at(self, start: Schema) -> list[Schema] | None:
        path: list[tuple[Schema, Iterator[Schema]]] = [(start, in_place(start, self.linked))]
        open_ = {id(start)}
        while path:
            schema, children = path[-1]
            child = next((child for child in children if id(child) not in self._loops), None)
            if child is None:
                path.pop()
                open_.discard(id(schema))
                self._loops.add(id(schema))  # known to be free of loops
            elif id(child) in open_:
                return [each for each, _ in path[[each is child for each, _ in path].index(True) :]]
            else:
                open_.add(id(child))
                path.append((child, in_place(child, self.linked)))
        return None

    def _report_loop(self, loop: list[Schema]) -> None:
        hops = [self.linked.origin(schema).below("$ref") for schema in loop if "$ref" in schema]
        first, *others = sorted(set(hops), key=lambda origin: origin.order)
        self.linked.broken.add(first.file)
        labels = [Label(place_of(self.locator, origin), "and this leads back") for origin in others]
        finding = report("schema-ref-loop", at=place_of(self.locator, first), related=labels)
        if finding not in self.found:
            self.found.append(finding)


_ROUND = Cost(recursive=True)


def in_place(schema: Schema, linked: Linked) -> Iterator[Schema]:
    """The schemas that see the same value."""
    if "$ref" in schema:
        yield linked.targets[schema["$ref"]]
    for keyword, value in schema.items():
        if holds := IN_PLACE.get(keyword):
            for _, child in schemas_in(value, holds):
                yield child


def below(schema: Schema) -> Iterator[tuple[str, Schema]]:
    """The schemas that see a part of the value, each with its keyword."""
    for keyword, value in schema.items():
        if holds := BELOW.get(keyword):
            for _, child in schemas_in(value, holds):
                yield keyword, child
