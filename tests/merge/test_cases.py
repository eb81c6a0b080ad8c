"""The golden cases: each file of `cases/` is a sentence of the SPEC, layer files, and what must come out.

A case with the section `findings` must report exactly these; without it, nothing. `why PATH` is the value's trace.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cfgc.model.keypath import parse, show
from cfgc.model.values import masked
from tests.merge.golden import read_case
from tests.merge.texts import is_marked, read
from tests.merge.trees import exact

CASES = {
    f"{path.parent.name}/{path.stem}": read_case(path)
    for path in sorted((Path(__file__).parent / "cases").glob("*/*.txt"))
}


def asked(question: str) -> list[Any]:
    """The cases that answer a question, `why` or `fate`: each with what it is asked about and its answer."""
    return [
        pytest.param(case, section.removeprefix(f"{question} "), text.strip(), id=f"{name} {section}")
        for name, case in CASES.items()
        for section, text in case.expected.items()
        if section.startswith(f"{question} ")
    ]


@pytest.fixture(params=CASES.values(), ids=list(CASES))
def case(request: Any) -> Any:
    return request.param


def test_case_gives_the_tree_it_states(case: Any) -> None:
    merged = case.merge()
    if "tree" in case.expected:
        assert exact(merged.tree) == exact(read(case.expected["tree"])), case.title
    assert not is_marked(merged.tree)


def test_case_reports_what_it_states(case: Any) -> None:
    assert _findings(case.merge()) == case.expected.get("findings", "").strip(), case.title


@pytest.mark.parametrize(("case", "path", "answer"), asked("why"))
def test_case_answers_why(case: Any, path: str, answer: str) -> None:
    assert _why(case.merge(), path) == answer, case.title


@pytest.mark.parametrize(("case", "place", "answer"), asked("fate"))
def test_case_tells_the_fate_of_lines(case: Any, place: str, answer: str) -> None:
    file, path = place.split()
    assert _fate(case.merge(), file, path) == answer, case.title


def test_case_states_something(case: Any) -> None:
    assert case.title
    assert "tree" in case.expected or "findings" in case.expected


def _findings(merged: Any) -> Any:
    lines = []
    for found in merged.diagnostics:
        label = f" ({found.label})" if found.label else ""
        lines.append(f"{_at(found.location)}: {found.severity}[{found.code}] {found.message}{label}")
        lines += [f"  {_at(other.location)}: {other.message}".rstrip(": ") for other in found.related]
        lines += [f"  note: {note}" for note in found.notes]
        lines.append(f"  help: {found.help}")
    return "\n".join(lines)


def _at(location: Any) -> Any:
    return f"{location.file}:{location.line}:{location.column}" if location.line else location.file


def _why(merged: Any, text: Any) -> Any:
    trace = merged.trace(parse(text))
    if trace is None:
        return "nothing"
    return "\n".join([trace.rule, *(_line(item) for item in (trace.origin, *trace.overrides))])


def _line(item: Any) -> Any:
    return f"{item.file} {show(item.path)} = {' '.join(filter(None, (item.marker, repr(masked(item.value)))))}"


def _fate(merged: Any, file: Any, path: Any) -> Any:
    lines = []
    for fate in merged.fate(file, parse(path)):
        by = f" by {fate.by.file} {show(fate.by.path)}" if fate.by else ""
        lines.append(f"{show(fate.path)} {'wins' if fate.wins else 'is beaten'}{by}")
    return "\n".join(lines) or "nothing"
