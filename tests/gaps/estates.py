"""Analyses for tests: one small project with many gaps, and hostile ones."""

from __future__ import annotations

from hypothesis import strategies as st

from cfgc.diagnostics import Label
from cfgc.model.location import Location
from cfgc.reports.gaps.analysis import Analysis, Cell, Row, Variable
from cfgc.reports.gaps.gap import ERROR, NOTE, VERDICTS, WARNING, Gap, Unclear

HOSTILE = (
    "a`b", "``", "| x |", "</details>", "</td></svg><script>document.title='acted'</script>", "@all", "/approve",
    "\n/merge", "![](http://x)", "<img src=x onerror=\"document.title='acted'\">", "\x1b[31m", "\u202eevil", "&lt;",
    "#1 !2 ~3 :+1:", "a.b", "${X}", "{{ 7 * 7 }}",
)  # fmt: skip

FULL = Analysis(
    environments=("test", "prod"),
    components=("managers.web", "managers.db"),
    date="2026-01-02",
    gaps=(
        Gap(
            "must-match", ERROR, "managers.web.retention", "`managers.web.retention` must be the same everywhere",
            "managers.web", ("prod",), Location("environments/prod/web.yaml", 3, 1),
            (Label(Location("environments/base/web.yaml", 2, 1), "in test"),), "set it once",
        ),
        Gap("only-here", WARNING, "shared.debug", "`test` alone has `shared.debug`", "", ("test",), None, (), "remove"),
        Gap("recipients-differ", ERROR, "environments/prod/x.sops.yaml", "for others", "", ("prod",), known=True),
        Gap("only-in-base", NOTE, "managers.web.port", "set in `base` only", "managers.web"),
        Gap("only-in-base", NOTE, "managers.db.port", "set in `base` only", "managers.db"),
        Gap("never-set", NOTE, "managers.db.color", "nowhere", "managers.db", (), Location("schemas/db.yaml", 9, 3)),
    ),
    unclear=(Unclear("must-differ", "managers.db.password", "managers.db", ("test", "prod"), "secret"),),
    rows=(
        Row("managers.web.retention", "managers.web", False, {"test": Cell("base", "30d"), "prod": Cell("own", "90d")}),
        Row("managers.web.port", "managers.web", True, {"test": Cell("base", 80), "prod": Cell("base", 80)}),
        Row("managers.db.password", "managers.db", None, dict.fromkeys(("test", "prod"), Cell("secret", "********"))),
        Row("managers.db.url", "managers.db", None, dict.fromkeys(("test", "prod"), Cell("runtime", "${DB}"))),
        Row("shared.debug", "", False, {"test": Cell("own", [1, 2]), "prod": Cell("missing")}),
    ),
    variables=(Variable("DB", {"test": ("managers.db",), "prod": ("managers.db", "")}),),
    gone=2,
)  # fmt: skip

NOTHING = Analysis(("prod",), (), "2026-01-02", (), (), (), ())

_TEXTS = st.sampled_from(HOSTILE) | st.text(max_size=12)
_NAMES = st.lists(_TEXTS, max_size=3).map(tuple)
_PLACES = st.none() | st.builds(Location, _TEXTS, st.integers(0, 9), st.integers(1, 9))
GAPS = st.builds(
    Gap, st.sampled_from(list(VERDICTS)), st.sampled_from([ERROR, WARNING, NOTE]), _TEXTS, _TEXTS, _TEXTS, _NAMES,
    _PLACES, st.lists(st.builds(Label, st.builds(Location, _TEXTS, st.just(1)), _TEXTS), max_size=1).map(tuple),
    _TEXTS, st.booleans(),
)  # fmt: skip
_CELLS = st.builds(Cell, st.sampled_from(["missing", "secret", "runtime", "base", "own"]), _TEXTS)


@st.composite
def analyses(draw: st.DrawFn) -> Analysis:
    """Any analysis, with any text in every place that a user's text may come to."""
    names = draw(st.lists(_TEXTS, min_size=1, max_size=3, unique=True).map(tuple))
    row = st.builds(
        Row, _TEXTS, _TEXTS, st.sampled_from([True, False, None]), st.fixed_dictionaries(dict.fromkeys(names, _CELLS))
    )
    unclear = st.builds(Unclear, st.sampled_from(list(VERDICTS)), _TEXTS, _TEXTS, _NAMES, st.just("secret"))
    variable = st.builds(Variable, _TEXTS, st.dictionaries(st.sampled_from(names), _NAMES))
    return Analysis(
        names,
        draw(_NAMES),
        "2026-01-02",
        tuple(sorted(draw(st.lists(GAPS, max_size=5)), key=lambda each: each.order)),
        tuple(draw(st.lists(unclear, max_size=2))),
        tuple(draw(st.lists(row, max_size=4))),
        tuple(draw(st.lists(variable, max_size=2))),
        draw(st.integers(0, 2)),
    )
