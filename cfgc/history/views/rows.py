"""A difference as rows that people read: a moved key is one row, edits shadowed by one line are one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from json import dumps
from typing import NamedTuple

from cfgc.diagnostics import Diagnostic, Failed
from cfgc.diagnostics.renderers.listing import Finding, Listing
from cfgc.history.difference import Difference, EnvironmentDifference, Shadowed, ValueChange
from cfgc.history.views.words import LONGEST_NAME, place_text
from cfgc.model.keypath import KeyPath, show
from cfgc.model.location import Location
from cfgc.model.text import cut, inline, printable
from cfgc.model.values import MASK, Value, kind_of

KINDS = ("added", "removed", "changed", "type-changed", "secret-changed", "moved")


class Row(NamedTuple):
    """One change as a row. `was` is the other half of a moved key: where its value stood before.

    Every text that comes from it is on one line and without control characters; no format is escaped yet.
    """

    found: ValueChange
    was: ValueChange | None = None

    @property
    def kind(self) -> str:
        """One of `KINDS`."""
        return "moved" if self.was else self.found.change.kind

    @property
    def path(self) -> str:
        """The key path, of a moved key the new one."""
        return path_text(self.found.change.path)

    @property
    def before(self) -> str:
        """The key path that a moved key had."""
        return path_text(self.was.change.path) if self.was else ""

    @property
    def verb(self) -> str:
        """What happened to a moved key: `renamed` when it stays under its parent."""
        same = self.was is not None and self.was.change.path[:-1] == self.found.change.path[:-1]
        return "renamed" if same else "moved"

    @property
    def types(self) -> tuple[str, str] | None:
        """The kinds of the old and the new value, where it is they that differ."""
        change = self.found.change
        return (kind_of(change.old), kind_of(change.new)) if change.kind == "type-changed" else None

    @property
    def values(self) -> tuple[Value, ...]:
        """The old value, unless it was added, and the new one, unless it was removed; of a moved key the one it has."""
        change = self.found.change
        return {"added": (change.new,), "removed": (change.old,)}.get(change.kind, (change.old, change.new))

    @property
    def place(self) -> str:
        """The file and line to blame."""
        return place_text(self.found.origin)

    @property
    def commit(self) -> str:
        """The short id of the commit; empty for what is not committed."""
        return self.found.commit.id[:9] if self.found.commit else ""

    @property
    def author(self) -> str:
        """The author's name, of bounded length (THREATS Gi10)."""
        return cut(inline(self.found.commit.author.name), LONGEST_NAME) if self.found.commit else ""


class Group(NamedTuple):
    """The rows of one component; no name for what belongs to none."""

    component: str
    rows: tuple[Row, ...]


class Shadow(NamedTuple):
    """Edits of one line that change nothing in some environments, because of one line there."""

    edit: Location
    by: Location
    environments: tuple[str, ...]
    paths: tuple[str, ...]


def environments(difference: Difference) -> list[EnvironmentDifference]:
    """The environments that differ, production first."""
    found = [each for each in difference.environments.values() if touched(each)]
    return sorted(found, key=lambda each: not each.production)


def touched(environment: EnvironmentDifference) -> bool:
    """Whether anything differs in an environment, or only one side has it."""
    return bool(environment.changes or environment.artifacts or environment.status != "changed")


def silent(difference: Difference) -> bool:
    """Whether there is nothing at all to say: no value, no artifact, no rule, no finding."""
    others = (difference.shadowed, difference.rules, difference.shared, *difference.findings)
    return not any(others) and not environments(difference)


def groups(environment: EnvironmentDifference) -> list[Group]:
    """The changes of an environment by component, those of no component last."""
    found: dict[str, list[Row]] = {}
    for row in rows(environment.changes):
        found.setdefault(row.found.component, []).append(row)
    return [Group(name, tuple(found[name])) for name in sorted(found, key=lambda name: not name)]


def rows(changes: Iterable[ValueChange]) -> Iterator[Row]:
    """The changes, a moved key where it is now."""
    changes = tuple(changes)
    gone = {each.change.path: each for each in changes if each.change.kind == "removed" and each.change.moved}
    come = {each.change.path for each in changes if each.change.kind == "added" and each.change.moved in gone}
    for each in changes:
        moved = each.change.moved
        if each.change.kind == "added" and moved in gone:
            yield Row(each, gone[moved])
        elif not (each.change.kind == "removed" and moved in come):
            yield Row(each)


def counts(environment: EnvironmentDifference) -> dict[str, int]:
    """How many rows of each kind an environment has."""
    found = dict.fromkeys(KINDS, 0)
    for row in rows(environment.changes):
        found[row.kind] += 1
    return found


def shadows(found: Sequence[Shadowed]) -> list[Shadow]:
    """The shadowed edits, one for each pair of lines."""
    pairs: dict[tuple[Location, Location], list[Shadowed]] = {}
    for each in found:
        pairs.setdefault((each.edit, each.by), []).append(each)
    return [
        Shadow(
            edit,
            by,
            tuple(dict.fromkeys(one.environment for one in same)),
            tuple(dict.fromkeys(path_text(one.path) for one in same)),
        )
        for (edit, by), same in pairs.items()
    ]


def findings(found: tuple[Diagnostic, ...]) -> list[Finding]:
    """Findings, the worst first, one that stands in several environments once."""
    return sorted(Listing(found, lambda _file, _line: None).findings(), key=lambda each: each.diagnostic.severity)


def path_text(path: KeyPath) -> str:
    """A key path on one line."""
    return inline(show(path))


def value_line(value: Value) -> str:
    """A value on one line: a scalar as YAML writes it, anything longer as JSON."""
    if value == MASK:
        return MASK
    text = "" if isinstance(value, (dict, list)) else _yaml(value)
    return inline(text if text and "\n" not in text else dumps(value, ensure_ascii=False))


def value_block(value: Value) -> str:
    """A value as YAML, on as many lines as it needs."""
    if value == MASK:
        return MASK
    return printable(_yaml(value) or dumps(value, ensure_ascii=False, indent=2))


def _yaml(value: Value) -> str:
    """A value as an item of a YAML list, without the dash; empty for what YAML cannot hold."""
    from cfgc.pipeline.printing import text_of

    try:
        lines = text_of([value], "yaml").removesuffix("\n").split("\n")
    except Failed:
        return ""
    return "\n".join(line[2:] for line in lines)
