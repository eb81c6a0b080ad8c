"""What remains of an earlier report: the numbers and names that a later one is compared with.

It is read from the JSON of that report, or from a snapshot of an earlier commit by way of the same JSON.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from json import loads
from pathlib import Path
from typing import Any, NamedTuple

from cfgc.diagnostics import Severity
from cfgc.reports.report.model import Found

SCHEMA = Path(__file__).parent / "views" / "report.schema.json"


class Past(NamedTuple):
    """An earlier report. `name` is how it was asked for; no verdicts: there were no gaps to be told."""

    name: str
    date: str
    commit: str
    score: int
    points: Mapping[str, float]
    errors: int
    warnings: int
    verdicts: Mapping[str, int] | None
    gaps: tuple[Found, ...]
    sources: Mapping[str, str]
    secrets: frozenset[str]


def parsed(name: str, text: str) -> Past:
    """The past in the JSON of a report; raises `ValueError` for anything else."""
    data = loads(text)
    problem = next(iter(_validator().iter_errors(data)), None)
    if problem is not None:
        where = "/".join(map(str, problem.instance_path))
        raise ValueError(f"`{where}` does not satisfy `{problem.kind.name}`" if where else "it lacks what a report has")
    if "diagnostics" in data:
        raise ValueError("it says why there is no report")
    return of_data(name, data)


def of_data(name: str, data: Mapping[str, Any]) -> Past:
    """The past in the data of a report."""
    gaps = data["gaps"]
    return Past(
        name,
        data["date"],
        data["commit"] or "",
        data["health"]["score"],
        {each["name"]: each["points"] for each in data["health"]["parts"]},
        data["summary"]["errors"],
        data["summary"]["warnings"],
        gaps["verdicts"] if gaps else None,
        tuple(_found(each) for each in gaps["found"]) if gaps else (),
        data["inventory"]["sources"],
        frozenset(_secrets(data)),
    )


def _secrets(data: Mapping[str, Any]) -> Iterator[str]:
    return (each["path"] for file in data["secrets"] for each in file["secrets"])


def _found(data: Mapping[str, Any]) -> Found:
    words = ("kind", "subject", "message", "cure")
    texts = {word: data[word] for word in words}
    return Found(
        **texts,
        severity=Severity[data["severity"].upper()],
        component=data["component"] or "",
        environments=tuple(data["environments"]),
        place=data["place"] or "",
    )


@cache
def _validator() -> Any:
    from jsonschema_rs import Draft202012Validator

    return Draft202012Validator(loads(SCHEMA.read_text(encoding="utf-8")))
