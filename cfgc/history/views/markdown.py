"""`markdown`: the difference as a note of a merge request, of bounded length and with nothing in it that acts.

Rules that changed stand on top, then new findings, a summary, what a reviewer cannot see in the text of the edits, and
one section an environment, production first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cfgc.diagnostics.renderers.listing import Finding
from cfgc.history.difference import Difference, EnvironmentDifference, RuleChange
from cfgc.history.views import Shown
from cfgc.history.views.bounded import Block, Section, Sheet
from cfgc.history.views.rows import (
    KINDS,
    Group,
    Row,
    Shadow,
    counts,
    environments,
    findings,
    groups,
    shadows,
    silent,
    value_line,
)
from cfgc.history.views.unified import unified
from cfgc.history.views.words import counted, place_text
from cfgc.model.markdown import code, fence, fenced_lines, header, in_html, prose, row, without_actions

LIMIT = 60_000
"""characters; GitLab takes a million, but nobody reads them"""

_NAMES = 20
"""so many environments or files are named one by one"""


def render(difference: Difference, shown: Shown) -> str:
    """One note, which GitLab shows as it is meant whatever the keys, values and authors are."""
    return note(difference, shown, LIMIT)


def note(difference: Difference, shown: Shown, limit: int) -> str:
    """The note in at most `limit` characters."""
    between = f"{code(difference.before)} and {code(difference.after)}"
    if silent(difference):
        return f"No difference between {between}: nothing that is rendered changes.\n"
    sheet = Sheet(limit - 600)
    for section in _sections(difference, shown):
        sheet.add(section)
    title = ["### What this changes", "", f"Effective values and artifacts, between {between}."]
    lines = [*title, *_warnings(difference, sheet.left_out, limit), *sheet.lines]
    return without_actions("\n".join(lines)) + "\n"


def _warnings(difference: Difference, left_out: dict[str, int], limit: int) -> Iterator[str]:
    if difference.empty:
        yield from ("", "Nothing that is rendered changes.")
    if left_out:
        words = " and ".join(f"{number:,} {unit}" for unit, number in left_out.items())
        yield from ("", f"**{words} are left out**, because this note holds {limit:,} characters at most.")


def _sections(difference: Difference, shown: Shown) -> Iterator[Section]:
    found = environments(difference)
    new = findings(difference.findings.new)
    above = (
        _rules(difference.rules),
        _findings("❌ New errors", [each for each in new if each.diagnostic.is_error]),
        _summary(difference, found),
        _shared(difference),
        _shadowed(shadows(difference.shadowed)),
        _findings("New warnings and notes", [each for each in new if not each.diagnostic.is_error]),
    )
    yield from (Section((), [block]) for block in above if block.rows)
    yield from (_environment(each, shown) for each in found)
    gone = _findings("Findings that are gone", findings(difference.findings.gone))
    if gone.rows:
        yield Section((), [gone])


def _rules(found: Sequence[RuleChange]) -> Block:
    head = (
        "",
        "#### ⚠️ Rules changed",
        "",
        "These files decide what is valid, what is rendered and who can read it. Review them first.",
        "",
        *header(("Kind", "File", "Change", "Detail")),
    )
    return Block(head, [row((each.kind, code(each.file), each.status, prose(each.detail))) for each in found])


def _findings(title: str, found: Sequence[Finding]) -> Block:
    rows = []
    for each in found:
        diagnostic = each.diagnostic
        place = code(place_text(diagnostic.location) or each.path)
        told = (str(diagnostic.severity), code(diagnostic.code), prose(diagnostic.message), place)
        rows.append(row((*told, _names(each.environments))))
    return Block(("", f"#### {title}", "", *header(("Severity", "Code", "Finding", "Line", "Environments"))), rows)


def _summary(difference: Difference, found: Sequence[EnvironmentDifference]) -> Block:
    titles = ("Environment", *(f"{kind.replace('-', ' ')}#" for kind in KINDS), "artifacts#")
    rows = [row((_title(each), *_numbers(each))) for each in found]
    same = len(difference.environments) - len(found)
    tail = ("", f"Without a difference: {same} more.") if same else ()
    return Block(("", "#### Summary", "", *header(titles)), rows, tail, "environments")


def _title(environment: EnvironmentDifference) -> str:
    words = [code(environment.name)]
    if environment.production:
        words.append("**production**")
    if environment.status != "changed":
        words.append(f"({environment.status})")
    return " ".join(words)


def _numbers(environment: EnvironmentDifference) -> Iterator[str]:
    for number in (*counts(environment).values(), len(environment.artifacts)):
        yield str(number) if number else "·"


def _shared(difference: Difference) -> Block:
    rows = []
    for each in sorted(difference.shared, key=lambda one: not one.production):
        reach = "**production**" if each.production else ""
        rows.append(row((code(each.file), code(each.layer), _names(each.environments), reach)))
    return Block(("", "#### Shared layers", "", *header(("Edited file", "Layer", "Changes", "Reach"))), rows)


def _shadowed(found: Sequence[Shadow]) -> Block:
    rows = []
    for each in found:
        edit, by = code(place_text(each.edit)), code(place_text(each.by))
        where = _names(each.environments)
        rows.append(f"- {edit} changes nothing in {where}: overridden in {by} ({_names(each.paths, 5)})")
    return Block(("", "#### Edits without effect", ""), rows)


def _names(names: Sequence[str], most: int = _NAMES) -> str:
    return _listed([code(name) for name in names], most)


def _listed(words: Sequence[str], most: int = _NAMES) -> str:
    shown = ", ".join(words[:most])
    return shown if len(words) <= most else f"{shown} and {len(words) - most} more"


def _environment(environment: EnvironmentDifference, shown: Shown) -> Section:
    told = [in_html(environment.name), "<strong>production</strong>" if environment.production else ""]
    told += [f"({environment.status})" if environment.status != "changed" else ""]
    number = sum(counts(environment).values())
    words = f"{counted(number, 'change')}, {counted(len(environment.artifacts), 'artifact')}"
    summary = f"{' '.join(word for word in told if word)}: {words}"
    blocks = [_component(each) for each in groups(environment)]
    if environment.artifacts:
        blocks.append(_artifacts(environment))
    if shown.artifacts:
        blocks += [_unified(unified(each)) for each in environment.artifacts]
    return Section(("", "<details>", f"<summary>{summary}</summary>"), blocks, ("", "</details>"))


def _component(group: Group) -> Block:
    title = code(group.component) or "No component"
    head = ("", f"**{title}**", "", *header(("Key path", "Kind", "Old → new", "Line", "Commit")))
    return Block(head, [_change(each) for each in group.rows])


def _change(found: Row) -> str:
    commit = f"{code(found.commit)} {code(found.author)}" if found.commit else ""
    return row((code(found.path, 300), _kind(found), _values(found), code(found.place, 300), commit))


def _kind(found: Row) -> str:
    if found.types:
        return f"{found.kind} ({' → '.join(found.types)})"
    return found.verb if found.was else found.kind.replace("-", " ")


def _values(found: Row) -> str:
    if found.was:
        return f"from {code(found.before, 300)}"
    return " → ".join(code(value_line(value)) for value in found.values)


def _artifacts(environment: EnvironmentDifference) -> Block:
    owned: dict[str, list[str]] = {}
    for each in environment.artifacts:
        told = code(each.path, 300) if each.status == "changed" else f"{code(each.path, 300)} {each.status}"
        owned.setdefault(each.component, []).append(told)
    rows = [row((code(name), _listed(files))) for name, files in owned.items()]
    return Block(("", "**Artifacts**", "", *header(("Component", "Files"))), rows)


def _unified(text: str) -> Block:
    ticks = fence(text)
    return Block(("", f"{ticks}diff"), fenced_lines(text), (ticks,), "lines")
