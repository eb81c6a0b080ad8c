"""`cfgc promote PATH... --from ENV --to ENV`: one environment's effective values for another."""

from __future__ import annotations

from typing import Any

import click

from cfgc.cli.editing import (
    How,
    deliver,
    dry_run_option,
    edit_format_option,
    entries,
    failed_edit,
    open_for_editing,
    print_difference,
    print_json,
    say,
    say_beside,
    words,
)
from cfgc.cli.lookup import lookup, path_of
from cfgc.cli.opening import Report
from cfgc.cli.options import Where, date_option, global_options
from cfgc.diagnostics import Failed
from cfgc.edit import Plan
from cfgc.edit import promote as plan_promotion
from cfgc.edit.items import at
from cfgc.model.keypath import show
from cfgc.pipeline.compile import compile_environment
from cfgc.pipeline.session import Session
from cfgc.pipeline.wanted import Wanted


@click.command(epilog="Example: cfgc promote managers.web.replicas --from test --to prod")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@click.option("--from", "source", metavar="ENV", required=True, help="The environment that has the values.")
@click.option("--to", "goal", metavar="ENV", required=True, help="The environment that gets them, in its own layer.")
@dry_run_option
@edit_format_option
@date_option
@global_options
def promote(where: Where, paths: tuple[str, ...], source: str, goal: str, **given: Any) -> int:
    """Write the effective values of one environment into the own layer of another.

    Overrides there that say the same as the layers below are dropped. Prints the difference. Secrets are refused.
    """
    how = How(given["dry_run"], given["format_name"], given["today"])
    report = Report(where)
    try:
        report.session = session = open_for_editing(where)
        one, other = (compile_environment(session, Wanted(name)) for name in (source, goal))
        wanted = [path_of(path) for path in dict.fromkeys(paths)]
        for path in wanted:
            lookup(one.tree, path)
        return _deliver(session, plan_promotion(session, one, other, wanted), report, how, source)
    except Failed as failed:
        return failed_edit(report, failed)


def _deliver(session: Session, plan: Plan, report: Report, how: How, source: str) -> int:
    if how.format_name == "text":
        _print(plan)
    proof = deliver(session, plan, report, how)
    report.to_stderr()
    if report.code():
        say(report, "nothing was written")
        return report.code()
    goal = plan.compiled.environment.name
    if how.format_name == "json":
        print_json({"from": source, "to": goal, "changes": entries(session, plan)})
    for edit in plan.edits:
        say(report, f"{edit.path}: {'would be ' if how.dry_run else ''}{_done(edit.old, edit.new)}")
    if not plan.edits:
        say(report, f"{goal} has the same already, nothing was written")
    say_beside(report, plan, proof)
    return 0


def _done(old: bytes | None, new: bytes | None) -> str:
    return "made" if old is None else "removed" if new is None else "edited"


def _print(plan: Plan) -> None:
    """The effective values before and after, then the files."""
    for path in dict.fromkeys(each.change.path for each in plan.placed):
        old, new = words(at(plan.before.tree, path)), words(at(plan.compiled.tree, path))
        click.echo(f"{show(path)}: {old} -> {new}" if old != new else f"{show(path)}: {new}, from the layers below now")
    print_difference(plan)
