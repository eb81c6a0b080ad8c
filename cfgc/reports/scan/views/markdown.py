"""`config_inventory.md`: what needs attention, then all sources by role. Nothing in it acts (THREATS O10)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from typing import Final, TypeAlias
from urllib.parse import quote

from cfgc.model.markdown import code, header, in_html, prose, row, without_actions
from cfgc.model.text import quoted
from cfgc.reports.scan.inventory import Facts, Inventory, LastCommit, Past, Source

File: TypeAlias = Callable[..., str]
"""A path, and a line in it -> what stands in a table"""
_MOST_ROWS = 2_000
"""so many rows a table has; the rest is in `config-scan.json`"""
_FEW = 6
_STATES = {
    "ok": "parses",
    "broken": "**broken**",
    "template": "template",
    "encrypted": "encrypted",
    "binary": "no text",
    "not-checked": "not checked",
}


def render(inventory: Inventory, top: str = "") -> str:
    """The page. Every foreign text in it is code; files are links where `top` leads from the page to their folder."""
    sections = (_head, _attention, _roles, _sources, _structs, _variables, _allowed, _skipped, _past)
    file = partial(_file, top)
    lines = [line for section in sections for line in section(inventory, file)]
    return without_actions("\n".join(lines)) + "\n"


def _file(top: str, path: str, line: int = 0) -> str:
    """A path as code, and a link to the file; a path that is not shown as it is has none."""
    shown = code(path, 300)
    if not top or path != quoted(path) or "\\" in path:
        return shown
    return f"[{shown}]({top}{quote(path)}{f'#L{line}' if line else ''})"


def _head(inventory: Inventory, _file: File) -> Iterator[str]:
    numbers = inventory.summary()
    yield from ("# Configuration inventory", "", "<!-- made by `cfgc scan`: do not edit -->", "")
    if inventory.commit:
        yield from (f"As of commit {code(inventory.commit[:12])}, {code(inventory.date)}.", "")
    elif inventory.date:
        yield from (f"As of {code(inventory.date)}.", "")
    yield from header(("What", "Number#"))
    told = (
        ("configuration sources", numbers["sources"]),
        ("keys in them", numbers["keys"]),
        ("files that do not parse", numbers["broken"]),
        ("templates", numbers["templates"]),
        ("files with encrypted values", numbers["encrypted"]),
        ("secrets suspected in plain text", numbers["suspected"]),
        ("configuration types in code", numbers["structs"]),
        ("variables", numbers["variables"]),
    )
    for what, number in told:
        yield row((what, f"{number:,}"))
    yield row(("size of all", _size(numbers["bytes"])))


def _attention(inventory: Inventory, file: File) -> Iterator[str]:
    rows = [row for source in inventory.sources for row in _complaints(source.facts, file)]
    if rows:
        yield from _table("Needs attention", ("File", "Line#", "What is wrong"), rows)


def _complaints(facts: Facts, file: File) -> Iterator[str]:
    if facts.problem is not None:
        line = facts.problem.line
        yield row((file(facts.path, line), str(line), f"does not parse: {prose(facts.problem.message)}"))
    for each in facts.suspected:
        if each.allowed is None:
            key = f" at {code(each.key, 300)}" if each.key else ""
            yield row(
                (file(facts.path, each.line), str(each.line), f"suspected secret in plain text: {each.kind}{key}")
            )


def _roles(inventory: Inventory, _file: File) -> Iterator[str]:
    rows = []
    for role, sources in _by_role(inventory):
        facts = [source.facts for source in sources]
        keys, size = sum(one.keys for one in facts), sum(one.size for one in facts)
        formats = ", ".join(sorted({one.format for one in facts}))
        rows.append(row((prose(role), str(len(facts)), formats, f"{keys:,}", _size(size))))
    yield from _table("Sources by role", ("Role", "Files#", "Formats", "Keys#", "Size#"), rows)


def _sources(inventory: Inventory, file: File) -> Iterator[str]:
    columns = {name: column for name, column in _COLUMNS.items() if _is_asked(name, inventory)}
    yield from ("", "## Sources")
    for role, sources in _by_role(inventory):
        cells = {"File": [file(source.facts.path) for source in sources]}
        cells |= {name: [column(source) for source in sources] for name, column in columns.items()}
        all_parse = set(cells["State"]) == {_STATES["ok"]}
        shown = {name: values for name, values in cells.items() if any(values) and not (all_parse and name == "State")}
        told = f"{len(sources):,}{', all parse' if all_parse and len(sources) > 1 else ', parses' if all_parse else ''}"
        yield from ("", "<details>", f"<summary>{in_html(role)}: {told}</summary>", "")
        yield from _rows(list(shown), [row(values) for values in zip(*shown.values(), strict=True)])
        yield from ("", "</details>")


def _is_asked(column: str, inventory: Inventory) -> bool:
    return {"Owners": inventory.with_owners, "Last commit": inventory.with_commits}.get(column, True)


def _state(source: Source) -> str:
    facts = source.facts
    return f"{_STATES[facts.state]}: {prose(facts.note)}" if facts.note else _STATES[facts.state]


def _encrypted(source: Source) -> str:
    return ", ".join(f"{count:,} by {how}" for how, count in source.facts.encrypted.items())


def _commit(source: Source) -> str:
    if source.commit is None:
        return "changed since" if source.changed else ""
    return f"{_told(source.commit)}, changed since" if source.changed else _told(source.commit)


def _told(commit: LastCommit) -> str:
    return f"{code(commit.id[:10])} {commit.date} {code(commit.author, 60)}"


_COLUMNS: Final[dict[str, Callable[[Source], str]]] = {
    "State": _state,
    "Keys#": lambda source: f"{source.facts.keys:,}" if source.facts.keys else "",
    "Top-level keys": lambda source: _few(source.facts.top),
    "Size#": lambda source: _size(source.facts.size),
    "Encrypted": _encrypted,
    "Owners": lambda source: _few(source.owners) or "nobody",
    "Last commit": _commit,
}
"""The columns of a source beside its path; one that tells nothing of any source of a role is left out of its table."""


def _structs(inventory: Inventory, file: File) -> Iterator[str]:
    rows = [
        row(
            (
                code(each.name),
                f"{file(source.facts.path, each.line)}, line {each.line}",
                prose(each.kind),
                _few(each.keys),
            )
        )
        for source in inventory.sources
        for each in source.facts.structs
    ]
    if rows:
        yield from _table("Configuration types in code", ("Type", "Where", "Kind", "Keys"), rows)


def _variables(inventory: Inventory, _file: File) -> Iterator[str]:
    rows = [
        row((code(each.name), _few(each.declared, 3) or "nowhere", _few(each.used, 3) or "nowhere"))
        for each in inventory.variables()
    ]
    if rows:
        yield from ("", "## Variables", "", "What files set and what files and code expect from outside.", "")
        yield from ("<details>", f"<summary>{len(rows):,} variables</summary>", "")
        yield from _rows(("Variable", "Declared in", "Used in"), rows)
        yield from ("", "</details>")


def _allowed(inventory: Inventory, file: File) -> Iterator[str]:
    rows = [
        row((file(source.facts.path, each.line), str(each.line), each.kind, prose(each.allowed) or "no reason given"))
        for source in inventory.sources
        for each in source.facts.suspected
        if each.allowed is not None
    ]
    if rows:
        yield from _table("Secrets in plain text that a comment allows", ("File", "Line#", "Kind", "Reason"), rows)


def _skipped(inventory: Inventory, _file: File) -> Iterator[str]:
    rows = [row((code(each.path, 300), prose(each.reason))) for each in inventory.skipped]
    if rows:
        yield from _table("Not read", ("File", "Why"), rows)


def _past(inventory: Inventory, _file: File) -> Iterator[str]:
    if inventory.past is None:
        return
    yield from ("", "## In the history", "")
    if not inventory.past:
        yield "No commit holds a suspected secret that the files of today do not."
        return
    yield "These are suspected in files as commits have them. Whoever can clone can read them: rotate them."
    rows = [
        row((code(each.path, 300), str(each.suspicion.line), each.suspicion.kind, code(each.blob[:12]), *_stay(each)))
        for each in inventory.past
    ]
    yield from ("", *_rows(("File", "Line#", "Kind", "Blob", "Brought by", "Removed by"), rows))


def _stay(past: Past) -> tuple[str, str]:
    return (
        _told(past.brought) if past.brought else "not known",
        _told(past.removed) if past.removed else "**still in a branch or a tag**",
    )


def _table(title: str, titles: Sequence[str], rows: Sequence[str]) -> Iterator[str]:
    yield from ("", f"## {title}", "", *_rows(titles, rows))


def _rows(titles: Sequence[str], rows: Sequence[str]) -> Iterator[str]:
    yield from header(titles)
    yield from rows[:_MOST_ROWS]
    if len(rows) > _MOST_ROWS:
        yield from ("", f"… and {len(rows) - _MOST_ROWS:,} more; `config-scan.json` has all of them.")


def _by_role(inventory: Inventory) -> list[tuple[str, list[Source]]]:
    """The sources of each role, the largest role first."""
    found: dict[str, list[Source]] = {}
    for source in inventory.sources:
        found.setdefault(source.facts.role, []).append(source)
    return sorted(found.items(), key=lambda each: (-len(each[1]), each[0]))


def _few(names: Iterable[str], most: int = _FEW) -> str:
    """Some names as code, and how many more there are."""
    rest = iter(names)
    shown = [code(name, 60) for name in islice(rest, most)]
    more = sum(1 for _ in rest)
    return ", ".join([*shown, f"{more} more"] if more else shown)


def _size(count: int) -> str:
    if count < 1024:
        return f"{count} B"
    return f"{count / 1024:,.1f} KiB" if count < 1 << 20 else f"{count / (1 << 20):,.1f} MiB"
