"""Problems of merging in words, on lines. Files are looked into only here, and only when there is a problem."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from cfgc.diagnostics import Diagnostic, Label, report
from cfgc.model.keypath import KeyPath, show
from cfgc.model.layers import LayerFile, Locator
from cfgc.model.location import Location
from cfgc.model.values import kind_of
from cfgc.stages.merge.problem import Problem, Spot

UNTARGETED = "marker-without-target"


def diagnostics(problems: Iterable[Problem], acted: set[tuple[str, KeyPath]], locator: Locator) -> list[Diagnostic]:
    """The findings of problems, each once; a marker in an `_each` file that acted on one child found its target."""
    return [_diagnostic(found, locator) for found in _once(problems) if not _found_elsewhere(found, acted)]


def locate(file: LayerFile | str, path: KeyPath, locator: Locator) -> Location:
    """The span of a value in a file; a place without lines for what no file holds."""
    name = file if isinstance(file, str) else file.path
    return Location(name, 0, 0, 0, 0) if name.startswith("<") else locator.value(name, path)


def _once(problems: Iterable[Problem]) -> Iterator[Problem]:
    seen = set()
    for found in problems:
        key = (found.name, found.here.place, () if found.name == UNTARGETED else found.path)
        if key not in seen:
            seen.add(key)
            yield found


def _found_elsewhere(found: Problem, acted: set[tuple[str, KeyPath]]) -> bool:
    return found.name == UNTARGETED and found.here.place in acted


def _diagnostic(found: Problem, locator: Locator) -> Diagnostic:
    here, there = found.here, found.there
    facts: dict[str, Any] = {"target": show(found.path), "option": here.file.path.strip("<>"), "upper": _a(here)}
    related = []
    if there is not None:
        facts["lower"] = _a(there)
        related.append(Label(locate(there.file, there.path, locator), _label(found.name, there)))
    return report(
        found.name,
        at=locate(here.file, here.path, locator),
        label=_label(found.name, here),
        path=found.path,
        related=related,
        notes=list(_notes(found)),
        help=_help(found),
        **facts | found.facts,
    )


def _a(spot: Spot) -> str:
    kind = kind_of(spot.value)
    return f"an {kind}" if kind == "integer" else "null" if kind == "null" else f"a {kind}"


def _label(name: str, spot: Spot) -> str:
    if name in ("merge-type-conflict", "implicit-null", "sops-list-without-rule"):
        kind = kind_of(spot.value)
        return "nothing here" if name == "implicit-null" and kind == "null" else f"{kind} here"
    return {"set-twice": "set here", "duplicate-list-identity": "called so here"}.get(name, "")


def _notes(found: Problem) -> Iterator[str]:
    here, there = found.here, found.there
    if there is None:
        return
    if here.file.layer != there.file.layer:
        word = "layer " if here.file.layer != here.file.path else ""
        yield f"{word}`{here.file.layer}` is merged over `{there.file.layer}`"
    elif there.file.each and not here.file.each:
        yield "an `_each` file lies beneath what its own layer writes for every child of its folder"
    for spot in (here, there):
        if spot.above:
            yield f"`{spot.file.path}` stands at `{show(spot.file.at)}`"


def _help(found: Problem) -> str | None:
    here, there = found.here, found.there
    marks = here.file.format == "yaml" and not here.file.sops
    if found.name == "implicit-null" and not marks:
        return "write `null` to set null"
    if found.name != "merge-type-conflict" or there is None:
        return None
    if here.above or there.above:
        return f"make `{show(found.path)}` a map, or move the files that stand below it"
    if marks:
        return f"use {_a(there)}, or mark the {kind_of(here.value)} with `!replace`"
    return f"use {_a(there)}: this file cannot hold a marker"
