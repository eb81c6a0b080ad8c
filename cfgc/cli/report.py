"""`cfgc report [ENV...]`: one dated page about the project's health."""

from __future__ import annotations

import sys
from datetime import date
from json import dumps
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from cfgc.cli.notifying import Ended, notify, notify_options, project_of
from cfgc.cli.opening import Report as Findings
from cfgc.cli.opening import project_folder
from cfgc.cli.options import Where, global_options, on_terminal, parse_date
from cfgc.diagnostics import Failed
from cfgc.external.workers import processors

if TYPE_CHECKING:
    from cfgc.external.postman import Letter
    from cfgc.pipeline.session import Session
    from cfgc.reports.report.asked import Asked, Ground
    from cfgc.reports.report.past import Past
    from cfgc.reports.report.period import Report

FORMATS = ("text", "markdown", "html", "json")
FOLDER = "reports"
_ENDINGS = {"markdown": "md", "html": "html", "json": "json"}


class How(NamedTuple):
    """What the report is compared with, and what becomes of it."""

    against: str | None
    format_name: str
    write: bool
    check: bool
    fail_under: int


@click.command(epilog="Example: cfgc report --against v1.4.0 --write")
@click.argument("environments", metavar="[ENV]...", nargs=-1)
@click.option("--format", "format_name", type=click.Choice(FORMATS), default="text", show_default=True)
@click.option(
    "--write", is_flag=True, help=f"Write {FOLDER}/config_report_YYYYMMDD.md, .html and .json, and {FOLDER}/badges."
)
@click.option("--check", is_flag=True, help="Compare these files with what --write would write.")
@click.option(
    "--against",
    metavar="REV|FILE",
    help="Compare with a revision, or with the JSON of an earlier report (default: the newest in reports/).",
)
@click.option(
    "--rotate-after",
    type=click.IntRange(0),
    default=365,
    show_default=True,
    metavar="DAYS",
    help="Older secrets are old.",
)
@click.option(
    "--waiver-notice", type=click.IntRange(0), default=30, show_default=True, metavar="DAYS",
    help="Waivers that run out so soon are near their end.",
)  # fmt: skip
@click.option(
    "--fail-under", type=click.IntRange(0, 100), default=0, metavar="SCORE", help="Exit with 1 below this score."
)
@click.option("--exclude", multiple=True, metavar="GLOB", help="Leave paths out of the inventory, as .gitignore would.")
@click.option("--no-commits", is_flag=True, help="Tell of content alone: no commit, no age, only an edit changes it.")
@notify_options
@click.option("--date", "today", metavar="YYYY-MM-DD", help="The day of the report (default: the commit's).")
@global_options
def report(where: Where, environments: tuple[str, ...], **given: Any) -> int:
    """Report on a project's health: validation, gaps, what changed, secrets, waivers, owners, inventory. Needs no key.

    Without `--write` the report goes to standard output. What is wrong with the configuration is what the report is
    about, no failure of the command: `--fail-under` makes it one.
    """
    how = How(**{name: given[name] for name in How._fields})
    _agree(where, how, given)
    findings = Findings(where)
    made: Report | None = None
    stale = False
    try:
        findings.session = session = _session(where)
        made = _made(session, (where, how), environments, given)
        stale = _deliver(where, how, made)
    except Failed as failed:
        findings.add(failed.diagnostics)
        if how.format_name == "json":
            from cfgc.reports.report.views.json import failure_data

            click.echo(dumps(failure_data(findings.found), ensure_ascii=False, indent=2))
    code = findings.code() or int(stale or (made is not None and made.now.health.score < how.fail_under))
    findings.to_stderr()
    bad = code != 0 or (made is not None and made.now.health.failing)
    notify(where, given, project_of(findings.session), Ended(bad, lambda: _letter(made, findings, failed=bad)))
    return code


def _agree(where: Where, how: How, given: dict[str, Any]) -> None:
    if given["no_commits"] and where.rev:
        raise click.UsageError("`--rev` names a commit, and `--no-commits` tells of none")
    if given["no_commits"] and how.against is not None and not (where.folder / how.against).is_file():
        raise click.UsageError(f"there is no file `{how.against}`, and `--no-commits` knows no revision")


def _letter(made: Report | None, findings: Findings, *, failed: bool) -> Letter:
    from cfgc.reports.notices import of_failure, of_report

    return of_failure("", "the report", findings.found) if made is None else of_report(made, failed=failed)


def _session(where: Where) -> Session:
    from cfgc.pipeline.opening import open_source
    from cfgc.pipeline.session import Session
    from cfgc.stages.read import Shelf

    root = project_folder(where)
    return Session(open_source(root, rev=where.rev, staged=False), root, Shelf())


def _made(session: Session, wanted: tuple[Where, How], environments: tuple[str, ...], given: dict[str, Any]) -> Report:
    from cfgc.history.sides import Asked as AskedSide
    from cfgc.history.sides import Side
    from cfgc.pipeline.compile import find_environment
    from cfgc.reports.report.asked import Asked, Ground, head_of, history_of
    from cfgc.reports.report.period import Report, since
    from cfgc.reports.report.snapshot import take

    where, how = wanted
    history = None if given["no_commits"] else history_of(session.root)
    commit = head_of(history, where.rev or "HEAD")
    today = _day(given["today"], history.commit(commit).committer.date if history and commit else "")
    for name in environments:
        find_environment(session, name)
    asked = Asked(environments, today, given["rotate_after"], given["waiver_notice"], processors(), given["exclude"])
    side = Side(where.rev or "working tree", session, commit, AskedSide(environments, today))
    ground = Ground(session.root, side, history)
    now = take(ground, asked)
    past = _past(where, how, ground, asked)
    if isinstance(past, str):
        return Report(now, alone=past)
    return Report(now, since(past, now, ground, asked) if past else None)


def _day(given: str | None, committed: str) -> date:
    """The day of `--date`, else of the commit: the clock would make another page of the same commit."""
    if not given and not committed:
        raise click.UsageError("there is no commit to take the day from; give `--date YYYY-MM-DD`")
    return parse_date(given or committed[:10])


def _past(where: Where, how: How, ground: Ground, asked: Asked) -> Past | str | None:
    """What the report is compared with; none for the first one, words for a commit that cannot be told of."""
    from cfgc.reports.report.earlier import newest, of_commit

    if how.against is None:
        found = newest(ground.side.session.source, asked.today)
        return _read(*found) if found else None
    file = where.folder / how.against
    if file.is_file():
        try:
            return _read(how.against, file.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise click.UsageError(f"cannot read `{file}`: {error}") from None
    return of_commit(how.against, ground, asked)


def _read(name: str, text: str) -> Past:
    from cfgc.reports.report.past import parsed

    try:
        return parsed(name, text)
    except ValueError as error:
        raise click.UsageError(f"`{name}` is nothing that `cfgc report --format json` prints: {error}") from None


def _deliver(where: Where, how: How, made: Report) -> bool:
    """Print the report, write it, or say whether the written one is stale."""
    from cfgc.reports.report.views import render

    if not (how.write or how.check):
        color = how.format_name == "text" and on_terminal(sys.stdout)
        click.echo(render(how.format_name, made, color=color), nl=False)
        return False
    from cfgc.reports.deliver import deliver, stale
    from cfgc.reports.report.views.badges import badges

    name = f"{FOLDER}/config_report_{made.now.date.replace('-', '')}"
    files = {f"{name}.{ending}": render(each, made) for each, ending in _ENDINGS.items()}
    files |= {f"{FOLDER}/badges/{badge}": text for badge, text in badges(made.now).items()}
    if how.check:
        old = stale(project_folder(where), files)
        for each in old:
            click.echo(f"not current: {each} (`cfgc report --write` with the same options writes it)", err=True)
        return bool(old)
    for written in deliver(project_folder(where), files):
        click.echo(f"wrote {written}", err=True)
    return False
