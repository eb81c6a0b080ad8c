"""`cfgc rollback ENV (--to REV | --commit SHA)`: a checked plan, the way back, and the proof."""

from __future__ import annotations

import sys
from json import dumps
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from cfgc.cli.opening import Report, project_folder
from cfgc.cli.options import Where, date_option, global_options, on_terminal, parse_date
from cfgc.diagnostics import Failed

if TYPE_CHECKING:
    from cfgc.external.git.desk import Desk
    from cfgc.history.rollback import How as Way
    from cfgc.history.rollback import Plan, Request
    from cfgc.stages.write import Request as Output


class How(NamedTuple):
    """What becomes of the prepared commit."""

    branch: str | None
    dry_run: bool
    no_render: bool
    format_name: str

    @property
    def only_branch(self) -> bool:
        return self.branch is not None

    @property
    def writes(self) -> bool:
        """Whether `dist/ENV` is written."""
        return not (self.dry_run or self.no_render or self.only_branch)


@click.command(epilog="Example: cfgc rollback prod --to HEAD~3 --reason INC-42 --dry-run")
@click.argument("environment", metavar="ENV")
@click.option("--to", "to", metavar="REV", help="Go back to what ENV was at REV.")
@click.option("--commit", metavar="SHA", help="Take back this one commit.")
@click.option("--component", default="", metavar="NAME", help="Only this component of ENV.")
@click.option("--each", is_flag=True, help="With --to: git revert, commit by commit, instead of restoring files.")
@click.option("--as-override", is_flag=True, help="With --to: write the old values over in ENV's own layer.")
@click.option("--branch", metavar="NAME", help="Make a branch for a merge request; move and render nothing.")
@click.option("--dry-run", is_flag=True, help="Print the plan and check it; change nothing.")
@click.option("--no-render", is_flag=True, help="Prove the sealed artifacts without any key; write no artifacts.")
@click.option("--allow-others", is_flag=True, help="Accept that other environments change too.")
@click.option("--reason", default="", metavar="TEXT", help="Why; it becomes part of the commit.")
@click.option("--format", "format_name", type=click.Choice(["text", "json"]), default="text", show_default=True)
@date_option
@global_options
def rollback(where: Where, environment: str, **given: Any) -> int:
    """Bring ENV back to what it was, in a commit that is compiled and checked before anything moves.

    The files that ENV reads get their content of REV, in one commit; the branch, index and files that are checked out
    move to it, ENV is rendered, and its artifacts are proved to be those of REV. What dist/ENV held before is kept as
    dist/ENV.bak. Whatever is wrong, the repository stays as it was.
    """
    if where.rev or where.staged:
        raise click.UsageError("a rollback starts from the commit that is checked out: leave `--rev` out")
    how = How(**{name: given[name] for name in How._fields})
    request = _request(environment, given)
    report = Report(where)
    plan, outcome = None, "refused"
    try:
        plan, outcome = _roll_back(where, request, how, report)
    except Failed as failed:
        report.add(failed.diagnostics)
    _print(plan, outcome, request, how, report)
    report.to_stderr([environment])
    return report.code()


def _request(environment: str, given: dict[str, Any]) -> Request:
    from cfgc.history.rollback import Request

    to, commit = given["to"], given["commit"]
    if (to is None) == (commit is None):
        raise click.UsageError("say where to go back to, `--to REV`, or what to take back, `--commit SHA`")
    if given["each"] and given["as_override"]:
        raise click.UsageError("`--each` and `--as-override` exclude each other")
    if commit is not None and (given["each"] or given["as_override"]):
        raise click.UsageError("`--each` and `--as-override` belong to `--to`")
    way: Way = (
        "commit" if to is None else "each" if given["each"] else "override" if given["as_override"] else "restore"
    )
    revision, today = to if to is not None else commit, parse_date(given["today"])
    return Request(environment, revision, way, given["component"], given["allow_others"], given["reason"], today)


def _roll_back(where: Where, request: Request, how: How, report: Report) -> tuple[Plan, str]:
    """The plan, and what became of it: `planned`, `refused`, `nothing`, `branch` or `committed`."""
    from cfgc.external.git import locate
    from cfgc.external.git.branch import refuse_branch
    from cfgc.external.git.desk import open_desk
    from cfgc.external.git.move import head, move, refuse_dirty
    from cfgc.history.rollback import plan_rollback, untracked

    root = project_folder(where)
    repository = locate(root)
    with open_desk(repository) as desk:
        if how.branch is not None:
            refuse_branch(repository, how.branch)
        elif not how.dry_run:
            refuse_dirty(repository, head(repository)[1])
        plan = plan_rollback(desk, root, request)
        report.session = plan.after.session
        report.add(plan.findings)
        if not how.only_branch and not plan.failed:
            report.add(untracked(plan, root, repository.prefix))
        if how.dry_run or report.code():
            return plan, "refused" if report.code() else "planned"
        output = _rendered(plan, where, report) if how.writes else None
        if report.code():
            return plan, "refused"
        outcome = _carry_out(desk, plan, how)
        if output is not None and not _written(plan, output, where, report) and outcome == "committed":
            move(desk, plan.base, expected=plan.new, reason=f"cfgc rollback: {plan.request.environment}, taken back")
            outcome = "refused"
    return plan, outcome


def _rendered(plan: Plan, where: Where, report: Report) -> Output:
    """The artifacts of the prepared commit, in memory: what no key of today opens stops before anything has moved."""
    from cfgc.cli.render import request_for
    from cfgc.pipeline.render import render_environments
    from cfgc.pipeline.wanted import Wanted

    request = plan.request
    wanted = Wanted(request.environment, request.components, today=request.today)
    (rendering,) = render_environments(plan.after.session, [wanted])
    known = {(found.code, found.message) for found in plan.findings}
    report.add(each for each in rendering.diagnostics if (each.code, each.message) not in known)
    return request_for(plan.after.session, rendering.set, where)


def _carry_out(desk: Desk, plan: Plan, how: How) -> str:
    from cfgc.external.git.branch import make_branch
    from cfgc.external.git.move import move

    if plan.new == plan.base and how.branch is None:
        return "nothing"
    if how.branch is not None:
        make_branch(desk, how.branch, plan.new)
        return "branch"
    move(desk, plan.new, expected=plan.base, reason=f"cfgc rollback: {plan.request.environment}")
    return "committed"


def _written(plan: Plan, output: Output, where: Where, report: Report) -> bool:
    """Keep what stands, write the new set, and compare what its manifest says with what was wanted.

    False when nothing could be written; `report` then says why.
    """
    from cfgc.cli.written import summary_of
    from cfgc.history.rollback import proved
    from cfgc.stages.write import write_sets
    from cfgc.stages.write.backup import back_up
    from cfgc.stages.write.compare import compare_set

    found = back_up(output.folder, plan.request.environment) if compare_set(output) else []
    outcomes, more = ([], []) if found else write_sets([output])
    report.add([*found, *more])
    for outcome in outcomes:
        report.add(proved(outcome.manifest, plan))
        if not where.quiet:
            sys.stderr.write(f"{summary_of(outcome, output.folder)}\n")
    return bool(outcomes)


def _print(plan: Plan | None, outcome: str, request: Request, how: How, report: Report) -> None:
    from cfgc.history.rollback.views import plan_data, plan_text

    if how.format_name == "json":
        data = plan_data(plan, request, outcome, tuple(report.found))
        data["branch"] = how.branch
        click.echo(dumps(data, ensure_ascii=False, indent=2))
    elif plan is not None:
        click.echo(plan_text(plan, outcome, how.branch, color=on_terminal(sys.stdout)), nl=False)
