"""Issue 5, section 2: a baseline lets an old estate start with "no new gaps"."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given

from cfgc.model.location import Location
from cfgc.reports.gaps.analysis import Analysis
from cfgc.reports.gaps.baseline import Entry, against, entries, parsed, written
from tests.gaps.estates import FULL, GAPS, NOTHING, analyses
from tests.system.conftest import Cfgc


@given(analyses())
def test_nothing_is_new_against_the_baseline_of_today(analysis: Analysis) -> None:
    seen = against(analysis, parsed(written(analysis)))
    assert seen.new == ()
    assert seen.gone == 0
    assert len(seen.gaps) == len(analysis.gaps)


@given(analyses())
def test_against_an_empty_baseline_everything_is_new(analysis: Analysis) -> None:
    assert against(analysis, frozenset()).new == tuple(each._replace(known=False) for each in analysis.gaps)


@given(analyses(), analyses())
def test_a_cured_gap_is_counted_and_no_other_becomes_known(before: Analysis, after: Analysis) -> None:
    accepted = parsed(written(before))
    seen = against(after, accepted)
    there = {entry for each in after.gaps for entry in entries(each)}
    assert seen.gone == len(accepted - there)
    assert all(accepted.issuperset(entries(each)) == each.known for each in seen.gaps)


@given(GAPS, GAPS)
def test_an_entry_has_neither_line_nor_words(one: object, other: object) -> None:
    """Files are edited, and messages may be worded anew."""
    assert isinstance(one, type(FULL.gaps[0]))
    moved = one._replace(location=Location("elsewhere", 99), message="other words", cure="", related=())
    assert list(entries(moved)) == list(entries(one))


def test_a_gap_that_spreads_to_another_environment_is_new() -> None:
    (spread, *_) = FULL.gaps
    accepted = parsed(written(FULL))
    wider = FULL._replace(gaps=(spread._replace(environments=("test", "prod")),))
    assert [each.known for each in against(wider, accepted).gaps] == [False]
    assert against(FULL, accepted).new == ()


def test_it_is_written_to_be_reviewed() -> None:
    data = json.loads(written(FULL))
    assert data["accepted"][0] == Entry("must-match", "managers.web", "managers.web.retention", "prod")._asdict()
    assert written(NOTHING) == '{\n "version": 1,\n "accepted": []\n}\n'


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"version": 2, "accepted": []}', '{"version": 1, "accepted": 3}',
     '{"version": 1, "accepted": [1]}', '{"version": 1, "accepted": [{"verdict": "only-here"}]}',
     '{"version": 1, "accepted": [{"verdict": 1, "component": "", "subject": "", "environment": ""}]}'],
)  # fmt: skip
def test_what_is_no_baseline_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"(?i)baseline|entry|expecting"):
        parsed(text)


FILES = {
    "environments/base/web.yaml": "port: 80\n",
    "environments/test/web.yaml": "debug: true\n",
    "environments/prod/web.yaml": "port: 81\n",
}


def test_a_pipeline_fails_on_new_gaps_alone(cfgc: Cfgc, project: Callable[[dict[str, str]], Path]) -> None:
    shop = project(FILES)
    assert cfgc(shop, "gaps", "--fail-on", "only-here").code == 1
    assert cfgc(shop, "gaps", "--write-baseline", "accepted.json").code == 0
    known = ["gaps", "--baseline", "accepted.json", "--fail-on", "note"]
    done = cfgc(shop, *known)
    assert (done.code, done.out) == (0, "prod, test: 0 errors, 0 warnings, 0 notes; 4 more in the baseline\n")
    (shop / "environments/prod/web.yaml").write_text("# a line more\n\nport: 81\nspeed: 3\n")
    done = cfgc(shop, *known)
    assert done.code == 1
    assert "warning only-here: `prod` alone has `web.speed`" in done.out
    assert "web.debug" not in done.out
