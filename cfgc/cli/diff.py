"""`cfgc diff [A..B] [ENV...]`: what two contents of the project do to its environments."""

from __future__ import annotations

import sys
from json import dumps
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from cfgc.cli.notifying import Ended, notify, notify_options, project_of
from cfgc.cli.opening import Report, project_folder
from cfgc.cli.options import Where, date_option, global_options, on_terminal, parse_date, staged_option
from cfgc.diagnostics import Diagnostic, Failed

if TYPE_CHECKING:
    from cfgc.external.postman import Letter
    from cfgc.history.difference import Difference
    from cfgc.history.sides import Asked, Between
    from cfgc.model.project import Project

FAILING = ("added", "removed", "changed", "type-changed", "secret-changed", "shadowed", "rules", "new-findings")


class How(NamedTuple):
    """How the difference is shown, and what makes it a failure."""

    format_name: str
    artifacts: bool
    exit_code: bool
    fail_on: tuple[str, ...]


@click.command(epilog="Example: cfgc diff main..HEAD prod --format markdown")
@click.argument("arguments", metavar="[A..B] [ENV]...", nargs=-1)
@click.option("--env", "pair", nargs=2, metavar="ENV ENV", help="Compare two environments of one content.")
@click.option("--artifacts", is_flag=True, help="Show unified differences of the sealed artifacts too.")
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["text", "json", "markdown", "html"]),
    default="text",
    show_default=True,
)
@click.option("--exit-code", is_flag=True, help="Exit with 1 when anything differs.")
@click.option("--fail-on", multiple=True, type=click.Choice(FAILING), help="Exit with 1 when there is such a change.")
@notify_options
@staged_option
@date_option
@global_options
def diff(
    where: Where, arguments: tuple[str, ...], pair: tuple[str, str] | None, today: str | None, **given: Any
) -> int:
    """Compare the effective values and artifacts of two contents, sealed: no key is needed.

    Without A..B: the merge base with the default branch against the working tree (with --staged: against the index).
    A alone, or A.., is against the working tree too; A...B begins at their merge base.
    """
    from cfgc.history.sides import Asked

    how = How(**{name: given[name] for name in How._fields})
    report = Report(where)
    between, names = _understood(where, arguments)
    asked = Asked(pair or names, parse_date(today))
    try:
        if pair:
            found, problems = _environments(where, between, asked, report)
        else:
            found, problems = _contents(where, between, names, asked, report)
    except Failed as failed:
        found, problems = None, list(failed.diagnostics)
    report.add(problems)
    if found is not None:
        click.echo(_text(found, how), nl=False)
    elif how.format_name == "json":
        from cfgc.history.views.json import failure_data

        click.echo(dumps(failure_data(*_names(where, between), problems), ensure_ascii=False, indent=2))
    code = report.code() or int(found is not None and _fails(found, how))
    report.to_stderr()
    project = project_of(report.session)
    notify(where, given, project, Ended(code != 0, lambda: _letter(project, found, report, code)))
    return code


def _letter(project: Project | None, found: Difference | None, report: Report, code: int) -> Letter:
    from cfgc.reports.notices import of_difference, of_failure

    name = project.name if project else ""
    if found is None:
        return of_failure(name, "the comparison", report.found)
    return of_difference(name, found, failed=code != 0)


def _understood(where: Where, arguments: tuple[str, ...]) -> tuple[Between | None, tuple[str, ...]]:
    """The range and the environments: what holds `..` is a range, and what is no environment's name is a revision."""
    from cfgc.history.sides import Between, parse_range

    if where.rev:
        raise click.UsageError("`cfgc diff` takes revisions as `A..B`, not as `--rev`")
    if not arguments:
        return None, ()
    first, *names = arguments
    if ".." in first:
        between = parse_range(first)
        if where.staged and between.after:
            raise click.UsageError("`--staged` compares with the index; name one revision: `A`, not `A..B`")
        return between, tuple(names)
    known = _environments_now(where)
    if first in known:
        return None, arguments
    if len(names) == 1 and names[0] not in known and _is_revision(where, names[0]):
        raise click.UsageError(f"two revisions are written as a range: `{first}..{names[0]}`")
    return Between(first, ""), tuple(names)


def _is_revision(where: Where, name: str) -> bool:
    from cfgc.external.git.commits import History

    try:
        History(project_folder(where)).commit_id(name)
    except Failed:
        return False
    return True


def _environments_now(where: Where) -> tuple[str, ...]:
    from cfgc.cli.opening import open_session

    try:
        return tuple(open_session(where).project.environments)
    except Failed:
        return ()


def _contents(
    where: Where, between: Between | None, names: tuple[str, ...], asked: Asked, report: Report
) -> tuple[Difference | None, list[Diagnostic]]:
    """The difference of two contents, or why there is none."""
    from cfgc.history.attribution import with_commits
    from cfgc.history.compare import compare
    from cfgc.history.sides import check_names, open_sides

    sides = open_sides(project_folder(where), between, asked, staged=where.staged)
    report.session = sides.after.session
    problems = [*sides.after.problems(), *sides.before.problems()]
    if problems:
        return None, problems
    check_names(sides, names)
    return with_commits(compare(sides.before, sides.after, names), sides), []


def _environments(
    where: Where, between: Between | None, asked: Asked, report: Report
) -> tuple[Difference | None, list[Diagnostic]]:
    from cfgc.cli.opening import open_session
    from cfgc.history.compare import compare_environments
    from cfgc.history.sides import WORKING_TREE, Side
    from cfgc.pipeline.compile import find_environment

    if between is not None:
        raise click.UsageError("`--env` compares two environments of one content; name no range")
    report.session = session = open_session(where)
    pair = asked.environments
    side = Side(WORKING_TREE, session, "", asked)
    for name in pair:
        find_environment(session, name)
    problems = side.problems()
    return (None, problems) if problems else (compare_environments(side, pair[0], pair[1]), [])


def _text(found: Difference, how: How) -> str:
    from cfgc.history.views import Shown, render

    color = how.format_name == "text" and on_terminal(sys.stdout)
    return render(how.format_name, found, Shown(artifacts=how.artifacts, color=color))


def _names(where: Where, between: Between | None) -> tuple[str, str]:
    """How the sides are called; no name for a merge base, which may be what could not be found."""
    from cfgc.history.sides import INDEX, WORKING_TREE

    before, after = (between.before, between.after) if between else ("", "")
    return before, after or (INDEX if where.staged else WORKING_TREE)


def _fails(found: Difference, how: How) -> bool:
    summary = found.summary()
    named = any(summary.get(each.replace("-", "_"), summary.get(each, 0)) for each in how.fail_on)
    return named or (how.exit_code and not found.empty)
