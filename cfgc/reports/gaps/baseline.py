"""The gaps that a project has accepted for now: an old estate starts with "no new gaps".

An entry has no line and no value: it holds when files are edited, and it tells no secret.
"""

from __future__ import annotations

from collections.abc import Iterator
from json import dumps, loads
from typing import NamedTuple

from cfgc.reports.gaps.analysis import Analysis
from cfgc.reports.gaps.gap import Gap

VERSION = 1


class Entry(NamedTuple):
    """One gap in one environment; no name: in the model."""

    verdict: str
    component: str
    subject: str
    environment: str


def entries(found: Gap) -> Iterator[Entry]:
    """What a gap is in a baseline: one that spreads to another environment is new there."""
    for environment in found.environments or ("",):
        yield Entry(found.verdict, found.component, found.subject, environment)


def against(analysis: Analysis, accepted: frozenset[Entry]) -> Analysis:
    """The analysis, its gaps that are accepted in every environment marked as known."""
    gaps = tuple(each._replace(known=accepted.issuperset(entries(each))) for each in analysis.gaps)
    there = {entry for each in gaps for entry in entries(each)}
    return analysis._replace(gaps=gaps, gone=len(accepted - there))


def written(analysis: Analysis) -> str:
    """The text of a baseline that accepts every gap."""
    found = sorted({entry for each in analysis.gaps for entry in entries(each)})
    data = {"version": VERSION, "accepted": [entry._asdict() for entry in found]}
    return dumps(data, indent=1, ensure_ascii=False) + "\n"


def parsed(text: str) -> frozenset[Entry]:
    """The entries of a baseline; raises `ValueError` for a text that is none."""
    data = loads(text)
    if not isinstance(data, dict) or data.get("version") != VERSION or not isinstance(data.get("accepted"), list):
        raise ValueError(f"it is no baseline of version {VERSION}")
    return frozenset(_entry(each) for each in data["accepted"])


def _entry(data: object) -> Entry:
    texts = isinstance(data, dict) and all(isinstance(value, str) for value in data.values())
    if not isinstance(data, dict) or not texts or set(data) != set(Entry._fields):
        raise ValueError(f"an entry has {', '.join(Entry._fields)}, all of them texts")
    return Entry(**data)
