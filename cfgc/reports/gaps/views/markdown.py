"""`markdown`: the page `reports/config_gap_analysis.md`. Foreign text stands in code alone (THREATS O10)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cfgc.diagnostics import Severity
from cfgc.history.views.bounded import Block, Section, Sheet
from cfgc.history.views.words import counted, value_text
from cfgc.model.markdown import code, header, in_html, prose, row, without_actions
from cfgc.model.values import MASK
from cfgc.reports.gaps.analysis import Analysis, Cell, Row, Variable
from cfgc.reports.gaps.gap import VERDICTS, Gap
from cfgc.reports.gaps.views import Shown
from cfgc.reports.gaps.views import bundles as grouped
from cfgc.reports.gaps.views.bundles import NO_COMPONENT, Bundle, bundles, inside, sections, serious

LIMIT = 500_000
"""characters: what GitLab still renders as a page"""
_KEYS = 40
"""so many keys of a component are named one by one"""
_VALUE = 32

_SIGNS = {Severity.ERROR: "❌", Severity.WARNING: "⚠️", Severity.NOTE: "ℹ️"}
_LEGEND = (
    "A value that an environment sets in a layer of its own has a dot (●); without one it is what the shared layers "
    f"say. `{MASK}` is a secret, `${{NAME}}` a value that is known when the component starts, — no value at all."
)


def render(analysis: Analysis, shown: Shown) -> str:
    """One page, which shows what is meant whatever the keys and values are."""
    sheet = Sheet(LIMIT - 2000)
    for section in _sections(analysis):
        sheet.add(section)
    lines = [*_head(analysis, shown), *_left_out(sheet), *sheet.lines]
    return without_actions("\n".join(lines)) + "\n"


def _head(analysis: Analysis, shown: Shown) -> Iterator[str]:
    yield from ("# Configuration gap analysis", "")
    yield f"Where {_listed(analysis.environments)} and the model disagree."
    yield f"Made by `cfgc gaps` without any key; dates are counted from {analysis.date}."
    yield ""
    numbers = [f"{_SIGNS[level]} {counted(analysis.count(level), str(level))}" for level in Severity]
    known = len(analysis.gaps) - len(analysis.new)
    numbers += [f"{known} more accepted in the baseline"] if known else []
    numbers += [f"{analysis.gone} of its entries are cured"] if analysis.gone else []
    yield f"**{', '.join(numbers)}.**" if analysis.gaps else "**No gap.**"
    if shown.picture and analysis.new:
        yield from ("", f"![Gaps by component and verdict]({shown.picture})")


def _left_out(sheet: Sheet) -> Iterator[str]:
    if sheet.left_out:
        words = " and ".join(f"{number:,} {unit}" for unit, number in sheet.left_out.items())
        yield from ("", f"**{words} are left out**, because this page holds {LIMIT:,} characters at most.")


def _sections(analysis: Analysis) -> Iterator[Section]:
    alone = (_summary(analysis), _serious(serious(analysis)))
    yield from (Section((), [block]) for block in alone if block.rows)
    notes = bundles(analysis)
    if notes:
        yield Section(("", "## Notes", "", "What may well be as it is meant, by verdict."), [])
    yield from (_notes(verdict, found) for verdict, found in notes.items())
    rest = (_variables(analysis), _unclear(analysis))
    yield from (Section((), [block]) for block in rest if block.rows)
    if analysis.rows:
        yield Section(("", "## Keys and environments", "", _LEGEND), [])
    yield from (_matrix(analysis, each) for each in sections(analysis))


def _summary(analysis: Analysis) -> Block:
    rows = []
    for verdict, number in analysis.counts().items():
        worst = min(each.severity for each in analysis.new if each.verdict == verdict)
        rows.append(row((f"{_SIGNS[worst]} {verdict}", str(number), VERDICTS[verdict].means)))
    return Block(("", "## Summary", "", *header(("Verdict", "Gaps#", "What it means"))), rows)


def _serious(found: Sequence[Gap]) -> Block:
    head = ("", "## Errors and warnings", "", *header(("Verdict", "Finding", "Line", "Environments", "Cure")))
    return Block(head, [_gap(each) for each in found], unit="findings")


def _gap(found: Gap) -> str:
    verdict = f"{_SIGNS[found.severity]} {found.verdict}"
    place = code(str(found.location), 300) if found.location else ""
    return row((verdict, prose(found.message), place, _listed(found.environments), prose(found.cure)))


def _notes(verdict: str, found: Sequence[Bundle]) -> Section:
    number = sum(len(each.gaps) for each in found)
    kind = VERDICTS[verdict]
    head = ("", "<details>", f"<summary>{verdict}: {counted(number, 'key')}</summary>", "")
    said = f"{kind.means[:1].upper()}{kind.means[1:]}. Cure: {kind.cure}."
    rows = [row((code(each.component) or NO_COMPONENT, str(len(each.gaps)), _keys(each))) for each in found]
    return Section((*head, said), [Block(("", *header(("Component", "Keys#", "Which"))), rows)], ("", "</details>"))


def _keys(bundle: Bundle) -> str:
    rest = [inside(each.subject, bundle.component)[1].removeprefix(".") for each in bundle.gaps]
    return _listed(rest, _KEYS)


def _variables(analysis: Analysis) -> Block:
    said = "Who starts a component gives it these; a cell names the components whose values wait for the variable."
    titles = ("Variable", *map(code, analysis.environments))
    head = ("", "## Runtime variables", "", said, "", *header(titles))
    return Block(head, [_variable(analysis, each) for each in analysis.variables], unit="variables")


def _variable(analysis: Analysis, found: Variable) -> str:
    return row((code(found.name), *(_owners(found.needed.get(name, ())) for name in analysis.environments)))


def _owners(names: Sequence[str]) -> str:
    return ", ".join(code(name.rpartition(".")[2]) or NO_COMPONENT for name in names) or "·"


def _unclear(analysis: Analysis) -> Block:
    head = ("", "## Not evaluated", "", "What only a key or the start of a component could tell.", "")
    rows = [row((each.verdict, code(each.subject), _listed(each.environments), each.why)) for each in analysis.unclear]
    return Block((*head, *header(("Verdict", "Key", "Environments", "Why"))), rows)


def _matrix(analysis: Analysis, section: grouped.Section) -> Section:
    name = in_html(section.component) if section.component else NO_COMPONENT
    head = ("", "<details>", f"<summary>{name}: {section.words}</summary>")
    rows = [_row(analysis, each) for each in section.different]
    tail = ("", f"The same everywhere: {_listed([_rest(each) for each in section.same], _KEYS)}.")
    table = Block(("", *header(("Key", *map(code, analysis.environments)))), rows, unit="keys")
    blocks = [table] if rows else []
    blocks += [Block((), tail)] if section.same else []
    return Section(head, blocks, ("", "</details>"))


def _row(analysis: Analysis, found: Row) -> str:
    return row((code(_rest(found)), *(_cell(found.cells[name]) for name in analysis.environments)))


def _rest(found: Row) -> str:
    return inside(found.path, found.component)[1].removeprefix(".")


def _cell(cell: Cell) -> str:
    if cell.state == "missing":
        return "—"
    value = code(MASK if cell.state == "secret" and cell.value == MASK else value_text(cell.value, _VALUE))
    return f"● {value}" if cell.state == "own" else value


def _listed(names: Sequence[str], most: int = 20) -> str:
    shown = ", ".join(code(name) for name in names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"
