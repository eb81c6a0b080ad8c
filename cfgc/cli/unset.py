"""`cfgc unset ENV PATH`: take a value out of an environment, or back to what lies below."""

from __future__ import annotations

from typing import Any

import click

from cfgc.cli.editing import (
    How,
    deliver_change,
    dry_run_option,
    edit_format_option,
    failed_edit,
    open_for_editing,
    place_of,
    say,
    words,
)
from cfgc.cli.lookup import lookup, path_of
from cfgc.cli.opening import Report
from cfgc.cli.options import Where, date_option, global_options
from cfgc.diagnostics import Failed
from cfgc.edit import FALL_BACK, REMOVE, Change, Placed, Plan, Target, plan_edits
from cfgc.edit.home import Homes
from cfgc.edit.intent import MISSING
from cfgc.edit.items import at, first_list, plain
from cfgc.model.keypath import Item, show
from cfgc.pipeline.compile import Compiled, compile_environment
from cfgc.pipeline.session import Session
from cfgc.pipeline.wanted import Wanted


@click.command(epilog="Example: cfgc unset prod managers.web.replicas")
@click.argument("environment", metavar="ENV")
@click.argument("path")
@dry_run_option
@edit_format_option
@date_option
@global_options
def unset(where: Where, environment: str, path: str, **given: Any) -> int:
    """Remove the value at PATH from ENV's own layer, so that what lies below counts again.

    Where ENV's own layer says nothing about it, `!unset` is written there: the value is gone in ENV then.
    """
    how = How(given["dry_run"], given["format_name"], given["today"])
    report = Report(where)
    try:
        report.session = session = open_for_editing(where)
        compiled = compile_environment(session, Wanted(environment))
        change = _change(session, compiled, path)
        return deliver_change(session, plan_edits(session, compiled, [change]), report, how, _tell)
    except Failed as failed:
        return failed_edit(report, failed)


def _change(session: Session, compiled: Compiled, text: str) -> Change:
    path = path_of(text)
    if at(compiled.merged.tree, path) is MISSING:
        lookup(compiled.tree, path)
        if at(compiled.merged.tree, path[:-1]) is not MISSING:
            raise click.UsageError(f"no layer writes `{text}`: an include (`<<`) brings it in")
    homes = Homes(session.project, compiled, Target())
    return Change(path, FALL_BACK if homes.standing(plain(compiled.merged.tree, path)) else REMOVE)


def _tell(session: Session, plan: Plan, report: Report, how: How) -> None:
    would = "would be " if how.dry_run else ""
    for each in plan.placed:
        say(report, f"{place_of(session, plan, each)}: {_done(each, would)} ({each.why})")
    path = plan.placed[0].change.path
    new = at(plan.compiled.tree, path)
    if new is not MISSING and plan.placed[0].gone and not isinstance(path[-1], int):
        say(report, f"it falls back to {words(new)} ({plan.compiled.placing.place(path)})")


def _done(each: Placed, would: str) -> str:
    if each.gone:
        return f"{would}removed"
    path = each.change.path
    number = first_list(path)
    if number is None or isinstance(path[number], Item) or any(isinstance(step, int) for step in each.inside):
        return f"{would}removed with `!unset`"
    return f"`{show(path[:number])}` {would or 'is '}written whole without it"
