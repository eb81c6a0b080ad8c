"""`html`: the difference as one page that needs nothing else: no network, and without JavaScript all is shown.

The page allows itself only its own style sheet and script, by their digests, so that nothing a value brings along
could run or load anything (THREATS O12).
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from cfgc.history.difference import Difference, EnvironmentDifference
from cfgc.history.views import Shown
from cfgc.history.views.aligned import Part, Parts, marked, pairs
from cfgc.history.views.page import asset, content_policy, template
from cfgc.history.views.rows import (
    KINDS,
    Row,
    counts,
    environments,
    findings,
    groups,
    path_text,
    shadows,
    silent,
    value_block,
)
from cfgc.history.views.unified import WITHHELD
from cfgc.history.views.words import counted, place_text

if TYPE_CHECKING:
    from jinja2 import Template


class Sides(NamedTuple):
    """What a row shows on its two sides; nothing on the side that lacks it."""

    old: Parts | None
    new: Parts | None


def render(difference: Difference, shown: Shown) -> str:
    """One page."""
    style, script = asset("page.css"), asset("page.js")
    return _template().render(
        style=style,
        script=script,
        policy=content_policy(style, script),
        difference=difference,
        found=environments(difference),
        new_findings=findings(difference.findings.new),
        gone_findings=findings(difference.findings.gone),
        shadows=shadows(difference.shadowed),
        components=_components(difference),
        silent=silent(difference),
        kinds=KINDS,
        options=(*KINDS, "artifact", "finding", "shared", "shadowed"),
        artifacts=shown.artifacts,
        withheld=WITHHELD,
    )


def sides(row: Row) -> Sides:
    """The old and the new value of a row, a moved key's under both its names."""
    change = row.found.change
    if row.was:
        told = [Part(value_block(change.new), False)]
        return Sides(told, told)
    if change.kind == "added":
        return Sides(None, [Part(value_block(change.new), False)])
    if change.kind == "removed":
        return Sides([Part(value_block(change.old), False)], None)
    if change.kind == "secret-changed":
        return Sides([Part(value_block(change.old), True)], [Part(value_block(change.new), True)])
    return Sides(*marked(value_block(change.old), value_block(change.new)))


def _components(difference: Difference) -> list[str]:
    """The components that have a row, in order of their names."""
    owners: set[str] = set()
    for each in difference.environments.values():
        owners.update(one.component for one in each.changes)
        owners.update(one.component for one in each.artifacts)
    return sorted(owners - {""})


def _split(path: str, component: str) -> tuple[str, str]:
    """A key path as its component's and the rest."""
    within = component and path.startswith(component) and path[len(component) :][:1] in (".", "[")
    return (component, path[len(component) :]) if within else ("", path)


def _number(environment: EnvironmentDifference) -> str:
    number = sum(counts(environment).values())
    return f"{counted(number, 'change')}, {counted(len(environment.artifacts), 'artifact')}"


@cache
def _template() -> Template:
    filters: dict[str, Any] = {
        "place": place_text, "path": path_text, "sides": sides, "pairs": pairs,
        "groups": groups, "counts": counts, "number": _number, "split": _split,

    }  # fmt: skip
    return template(asset("page.html.j2"), filters)
