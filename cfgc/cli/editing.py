"""What `set`, `unset` and `promote` share: opening, the proof, writing, and telling what was done."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import click

from cfgc.cli.opening import Report, open_session
from cfgc.cli.options import Where, parse_date
from cfgc.diagnostics import Failed
from cfgc.edit import Plan, Proof, prove, unified, write
from cfgc.edit.change import Placed
from cfgc.edit.intent import MISSING
from cfgc.edit.items import at
from cfgc.model.keypath import KeyPath
from cfgc.model.keypath import show as path_text
from cfgc.model.location import Location
from cfgc.model.text import inline
from cfgc.model.values import Value, masked
from cfgc.pipeline.session import Session
from cfgc.pipeline.wanted import Wanted

_LONGEST = 200

dry_run_option = click.option("--dry-run", is_flag=True, help="Write nothing; print what would change in the files.")
edit_format_option = click.option(
    "--format", "format_name", type=click.Choice(["text", "json"]), default="text", show_default=True
)


class How(NamedTuple):
    """What becomes of the edits."""

    dry_run: bool
    format_name: str
    today: str | None = None


def open_for_editing(where: Where) -> Session:
    """A session over the working tree; raises `UsageError` for what can't be edited."""
    if where.rev or where.staged:
        raise click.UsageError("only the files of the working tree are edited: leave `--rev` out")
    return open_session(where)


def deliver(session: Session, plan: Plan, report: Report, how: How) -> Proof:
    """Prove and write the edits; `report` gets what they bring. Raises `Failed` where they can't be written."""
    proof = prove(session, plan, Wanted("", today=parse_date(how.today)))
    report.session = plan.after
    report.add(proof.findings)
    report.add(session.changed())
    if report.code() == 0 and not how.dry_run:
        write(session.root, plan.edits)
    return proof


def deliver_change(
    session: Session, plan: Plan, report: Report, how: How, tell: Callable[[Session, Plan, Report, How], None]
) -> int:
    """Prove and write the edits of one change and print it; `tell` says in words what was done. The exit code."""
    proof = deliver(session, plan, report, how)
    report.to_stderr()
    if report.code():
        say(report, "nothing was written")
        return report.code()
    if how.format_name == "json":
        print_json(entries(session, plan)[0])
    elif how.dry_run:
        print_difference(plan)
    tell(session, plan, report, how)
    say_beside(report, plan, proof)
    return 0


def entries(session: Session, plan: Plan, paths: Sequence[KeyPath] = ()) -> list[dict[str, Any]]:
    """One entry for each change: where it is written, and the effective values before and after, masked."""
    return [_entry(session, plan, each) for each in _once(plan.placed) if not paths or each.change.path in paths]


def _once(placed: Sequence[Placed]) -> list[Placed]:
    return list({(each.change.path, each.file): each for each in placed}.values())


def _entry(session: Session, plan: Plan, each: Placed) -> dict[str, Any]:
    place = place_of(session, plan, each)
    return {
        "file": each.file,
        "line": place.line,
        "column": place.column,
        "layer": each.layer,
        "environment": plan.compiled.environment.name,
        "path": path_text(each.change.path),
        "old": _data(at(plan.before.tree, each.change.path)),
        "new": _data(at(plan.compiled.tree, each.change.path)),
    }


def place_of(session: Session, plan: Plan, each: Placed) -> Location:
    """Where a change stands in the edited file, or stood in the one before."""
    return (session if each.gone else plan.after).locator.value(each.file, each.inside)


def _data(value: Value) -> Value:
    return None if value is MISSING else masked(value)


def words(value: Value) -> str:
    """A value in a message: as JSON, masked and of bounded length."""
    if value is MISSING:
        return "nothing"
    text = inline(json.dumps(masked(value), ensure_ascii=False))
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def print_difference(plan: Plan) -> None:
    """The unified difference of the files, as data."""
    click.echo(unified(plan.edits), nl=False)


def print_json(data: Any) -> None:
    click.echo(json.dumps(data, indent=2, ensure_ascii=False))


def say(report: Report, text: str) -> None:
    """A line on standard error, unless `-q`."""
    if not report.where.quiet:
        sys.stderr.write(f"{inline(text)}\n")


def say_beside(report: Report, plan: Plan, proof: Proof) -> None:
    """What else an edit does: other environments that see it, comments that went."""
    for name, paths in proof.others.items():
        shown = ", ".join(path_text(path) for path in paths[:3]) + (" and more" if len(paths) > 3 else "")
        say(report, f"{name} uses this layer too: {shown} changes there as well")
    for edit in plan.edits:
        for comment in edit.lost:
            say(report, f"{edit.path}: the comment `{comment}` stood inside and went with it")


def failed_edit(report: Report, failed: Failed) -> int:
    """The findings that stopped an edit, shown; the exit code."""
    report.add(failed.diagnostics)
    report.to_stderr()
    return report.code()
