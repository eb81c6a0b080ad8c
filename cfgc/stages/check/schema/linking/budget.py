"""What schemas may cost, decided before any value is checked (THREATS S02, S04).

- A `$ref` loop that reaches the same schema at the same value never ends: an error.
- The steps that one value can cost, and the schemas that can lie on top of each other at one value, have a limit:
  `anyOf` through `$ref` doubles with every level, and the native engine uses its stack for each.
- A schema may be recursive over the levels of a value.
"""

from __future__ import annotations

from typing import NamedTuple

from cfgc.diagnostics import Diagnostic, Label, report
from cfgc.model.layers import Locator
from cfgc.stages.check.schema.linking.linked import Linked, Origin, Schema, place_of

STEPS = 100_000
"""schemas that may be tried for one value and what lies on one path below it"""
LAYERS = 64
"""schemas that may lie on top of each other at one value"""
AGAIN = 3
"""how often engine 1 tries what stands beside `unevaluated*`, to learn what that looked at; measured: 2.4 to 2.9"""

_UNEVALUATED = frozenset({"unevaluatedProperties", "unevaluatedItems"})


class Cost(NamedTuple):
    """What checking a value against a schema takes at worst; `recursive` schemas count one round."""

    steps: int = 1
    layers: int = 1
    recursive: bool = False

    @property
    def listable(self) -> bool:
        """Whether engine 1 can list faults in reasonable time.

        It remembers verdicts of recursive schemas, but not their faults, and nested alternatives list theirs again.
        """
        return not self.recursive and self.steps <= STEPS // 100


class Budget:
    """The costs of all schemas that checks start from."""

    def __init__(self, linked: Linked, locator: Locator) -> None:
        self.linked = linked
        self.locator = locator
        self.found: list[Diagnostic] = []
        self._cost: dict[int, Cost] = {}
        self._visited: set[int] = set()
        self._free: set[int] = set()
        """schemas that no loop goes through"""

    def admit(self, file: str) -> Cost | None:
        """The cost of checking against a file's root; none, and a finding, if that is too much."""
        root = self.linked.roots[file]
        self._find_loops(root)
        if self.linked.is_broken(file):
            return None
        cost = self._measure(root)
        if cost.layers > LAYERS:
            what = f"{cost.layers} schemas on top of each other at one value, {LAYERS} at most"
        elif cost.steps > STEPS:
            what = f"more than {STEPS} steps for one value"
        else:
            return cost
        self.found.append(report("schema-too-costly", at=place_of(self.locator, self.linked.origin(root)), what=what))
        return None

    def _measure(self, root: Schema) -> Cost:
        """Costs from the leaves up; no recursion, because a chain of `$ref`s may be long."""
        open_, stack = {id(root)}, [(root, iter(self.linked.edges_of(root).all()))]
        while stack:
            schema, children = stack[-1]
            for child in children:
                if id(child) not in self._cost and id(child) not in open_:
                    open_.add(id(child))
                    stack.append((child, iter(self.linked.edges_of(child).all())))
                    break
            else:
                stack.pop()
                self._cost[id(schema)] = self._sum(schema)
                open_.discard(id(schema))
        return self._cost[id(root)]

    def _sum(self, schema: Schema) -> Cost:
        """A schema's cost from its children's; a child without one is still open: the schema is recursive."""
        steps, layers, recursive, exclusive = 1, 1, False, 0
        edges = self.linked.edges_of(schema)
        times = AGAIN if _UNEVALUATED & schema.keys() else 1
        for child in edges.in_place:
            cost = self._cost.get(id(child), _ROUND)
            steps, layers = steps + times * cost.steps, max(layers, cost.layers + 1)
            recursive |= cost.recursive
        for keyword, child in edges.below:
            cost = self._cost.get(id(child), _ROUND)
            recursive |= cost.recursive
            if keyword in ("properties", "prefixItems"):  # one value meets only one of them
                exclusive = max(exclusive, cost.steps)
            else:
                steps += times * cost.steps if keyword == "contains" else cost.steps
        return Cost(min(steps + exclusive, STEPS + 1), layers, recursive)

    def _find_loops(self, root: Schema) -> None:
        """Reports schemas that lead to each other at the same value, each loop once."""
        todo = [root]
        while todo:
            schema = todo.pop()
            if id(schema) not in self._visited:
                self._visited.add(id(schema))
                if loop := self._loop_at(schema):
                    self._report_loop(loop)
                todo += self.linked.edges_of(schema).all()

    def _loop_at(self, start: Schema) -> list[Schema]:
        path = [(start, iter(self.linked.edges_of(start).in_place))]
        open_ = [id(start)]
        while path:
            schema, children = path[-1]
            child = next((child for child in children if id(child) not in self._free), None)
            if child is None:
                path.pop()
                open_.pop()
                self._free.add(id(schema))
            elif id(child) in open_:
                return [each for each, _ in path[open_.index(id(child)) :]]
            else:
                open_.append(id(child))
                path.append((child, iter(self.linked.edges_of(child).in_place)))
        return []

    def _report_loop(self, loop: list[Schema]) -> None:
        hops = [_reference(self.linked.origin(schema)) for schema in loop if "$ref" in schema]
        first, *others = sorted(set(hops), key=lambda origin: origin.order)
        self.linked.broken.add(first.file)
        labels = [Label(place_of(self.locator, origin), "and this leads back") for origin in others]
        finding = report("schema-ref-loop", at=place_of(self.locator, first), related=labels)
        if finding not in self.found:
            self.found.append(finding)


_ROUND = Cost(recursive=True)


def _reference(origin: Origin) -> Origin:
    return origin if origin.path[-1:] == ("$dynamicRef",) else origin.below("$ref")
