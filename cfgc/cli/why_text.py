"""What `why` found, as JSON data (SPEC section 10) and as text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cfgc.model.keypath import show
from cfgc.model.location import Location
from cfgc.model.text import printable
from cfgc.model.values import Value
from cfgc.pipeline.why import Explanation, LineFate, RenderedLine, Source, Step

_LONGEST = 100


def explanation_data(found: Explanation, *, reveal: bool) -> dict[str, Any]:
    """The JSON shape of `why ENV PATH`."""
    return {
        "environment": found.environment,
        "path": show(found.path),
        "value": shown(found.value, reveal=reveal),
        "secret": found.secret,
        "origin": _source(found.origin),
        "overrides": [{**_source(each), "value": shown(each.value, reveal=False)} for each in found.overrides],
        "via": [_step(each) for each in found.via],
        "children": [{"path": show(path), "origin": _source(source)} for path, source in found.children],
        "rule": found.rule,
    }


def explanation_text(found: Explanation, *, reveal: bool) -> str:
    """The same for a person: the value, then one line for each place."""
    rows = [f"{show(found.path)} = {_short(shown(found.value, reveal=reveal))}", ""]
    rows.append(f"  set in       {found.origin.location}   (layer {found.origin.layer}, {found.rule})")
    rows += [f"  refers to it {step.location}   ({show(step.path)})" for step in found.via]
    rows += [
        f"  overrides    {each.location}   ({_short(shown(each.value, reveal=False))})" for each in found.overrides
    ]
    if found.children:
        rows.append("")
        width = max(len(show(path)) for path, _ in found.children)
        rows += [f"  {show(path):<{width}}   {source.location}" for path, source in found.children]
    return _text(rows)


def fates_data(fates: list[LineFate]) -> list[dict[str, Any]]:
    """The JSON shape of `why FILE:LINE` on a layer file."""
    return [
        {
            "environment": fate.environment,
            "path": show(fate.path),
            "wins": fate.wins,
            "by": None if fate.by is None else _source(fate.by),
            "referred_by": [_step(each) for each in fate.referred_by],
        }
        for fate in fates
    ]


def fates_text(fates: list[LineFate]) -> str:
    """The same for a person: environments in which the same becomes of the line share a paragraph."""
    alike: dict[tuple[Any, ...], list[LineFate]] = {}
    for fate in fates:
        by = fate.by and fate.by.location
        alike.setdefault((fate.path, fate.wins, by, fate.referred_by), []).append(fate)
    return _text(row for same in alike.values() for row in _fate(same))


def _fate(same: list[LineFate]) -> Iterator[str]:
    fate = same[0]
    verdict = "wins" if fate.wins else f"is shadowed by {fate.by.location}" if fate.by else "is not used"
    yield f"{', '.join(each.environment for each in same)}: {show(fate.path)} {verdict}"
    lines: dict[Location | None, list[Step]] = {}
    for step in fate.referred_by:
        lines.setdefault(step.location, []).append(step)
    for location, steps in lines.items():
        more = f" and {len(steps) - 1} more" if len(steps) > 1 else ""
        yield f"  referred to by {show(steps[0].path)}{more} ({location})"


def line_data(found: RenderedLine) -> dict[str, Any]:
    """The JSON shape of `why FILE:LINE` on an artifact."""
    return {
        "artifact": found.artifact,
        "line": found.line,
        "template": None if found.template is None else _place(found.template),
        "sources": [{"path": show(path), **_place(location)} for path, location in found.sources],
    }


def line_text(found: RenderedLine) -> str:
    """The same for a person."""
    made = f"made by {found.template.file}:{found.template.line}" if found.template else "is a value"
    rows = [f"{found.artifact}:{found.line} {made}"]
    rows += [f"  {show(path)}   {location or ''}" for path, location in found.sources]
    return _text(rows)


def shown(value: Value, *, reveal: bool) -> Value:
    """The value as data to print: masked, or with its secrets in plain text."""
    from cfgc.pipeline.printing import data_of

    return data_of(value, reveal=reveal)


def _source(source: Source) -> dict[str, Any]:
    return {"layer": source.layer, **_place(source.location)}


def _step(step: Step) -> dict[str, Any]:
    return {"path": show(step.path), **_place(step.location)}


def _place(location: Location | None) -> dict[str, Any]:
    if location is None:
        return {"file": None, "line": None, "column": None}
    return {"file": location.file, "line": location.line, "column": location.column}


def _short(value: Value) -> str:
    import json

    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _text(rows: Any) -> str:
    return "".join(f"{printable(row)}\n" for row in rows)
