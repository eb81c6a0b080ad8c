"""`cfgc gaps [ENV...]`: where the environments and the model disagree."""

from __future__ import annotations

import sys
from json import dumps
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from cfgc.cli.opening import Report, open_session
from cfgc.cli.options import Where, date_option, global_options, on_terminal, parse_date, staged_option
from cfgc.diagnostics import Failed, Severity

if TYPE_CHECKING:
    from cfgc.reports.gaps.analysis import Analysis
    from cfgc.reports.gaps.estate import Asked
    from cfgc.reports.gaps.reads import CodeReads

FORMATS = ("text", "json", "markdown", "html", "svg")
PAGE, PICTURE = "reports/config_gap_analysis.md", "reports/config_gap_analysis.svg"


class How(NamedTuple):
    """What becomes of the analysis."""

    format_name: str
    fail_on: tuple[str, ...]
    baseline: str | None
    write_baseline: str | None
    write: bool
    check: bool
    notes: bool


@click.command(epilog="Example: cfgc gaps --baseline gaps.json --fail-on warning")
@click.argument("environments", metavar="[ENV]...", nargs=-1)
@click.option("--format", "format_name", type=click.Choice(FORMATS), default="text", show_default=True)
@click.option(
    "--fail-on", multiple=True, metavar="VERDICT|SEVERITY", help="Exit with 1 when there is such a gap, or a worse one."
)
@click.option("--baseline", metavar="FILE", help="Leave out the gaps that this file accepts.")
@click.option("--write-baseline", metavar="FILE", help="Accept every gap of today in this file.")
@click.option("--code", metavar="FILE", help="What the code reads: the JSON of `cfgc scan`.")
@click.option("--rotate-after", type=click.IntRange(0), metavar="DAYS", help="Name secrets that are older than this.")
@click.option(
    "--waiver-notice", type=click.IntRange(0), default=30, show_default=True, metavar="DAYS",
    help="Name waivers that run out so soon.",
)  # fmt: skip
@click.option("--write", is_flag=True, help=f"Write {PAGE} and its picture.")
@click.option("--check", is_flag=True, help="Compare these two files with what --write would write.")
@staged_option
@date_option
@global_options
def gaps(where: Where, environments: tuple[str, ...], **given: Any) -> int:
    """Show where the environments, the schemas, the templates and the code do not say the same. Needs no key.

    Each gap has a verdict, a severity, a line and a cure; `-v` shows notes one by one. A gap alone is no failure:
    `--fail-on` says which are.
    """
    how = How(**{name: given[name] for name in How._fields if name in given}, notes=where.verbose > 0)
    _understood(how)
    report = Report(where)
    stale = False
    found: Analysis | None = None
    try:
        report.session = session = open_session(where)
        from cfgc.reports.gaps.analysis import analyse

        found = _against(where, how, analyse(session, _asked(where, environments, given)))
        stale = _deliver(how, session.root, found)
    except Failed as failed:
        report.add(failed.diagnostics)
    if found is None and how.format_name == "json":
        from cfgc.reports.gaps.views.json import failure_data

        click.echo(dumps(failure_data(report.found), ensure_ascii=False, indent=2))
    report.to_stderr()
    return report.code() or int(stale or (found is not None and _fails(found, how)))


def _understood(how: How) -> None:
    from cfgc.model.text import closest
    from cfgc.reports.gaps.gap import VERDICTS

    known = [*VERDICTS, *map(str, Severity)]
    for word in how.fail_on:
        if word not in known:
            near = closest(word, known)
            raise click.UsageError(f"`--fail-on {word}` is no verdict" + (f"; did you mean `{near}`?" if near else ""))


def _asked(where: Where, environments: tuple[str, ...], given: dict[str, Any]) -> Asked:
    from cfgc.reports.gaps.estate import Asked

    reads = None if given["code"] is None else _reads(where.folder / given["code"])
    return Asked(environments, parse_date(given["today"]), given["rotate_after"], given["waiver_notice"], reads)


def _reads(file: Path) -> CodeReads:
    from cfgc.reports.gaps.reads import read_reads

    try:
        return read_reads(_text(file))
    except ValueError as error:
        raise click.UsageError(f"`{file}` is nothing that `cfgc scan` prints: {error}") from None


def _against(where: Where, how: How, found: Analysis) -> Analysis:
    from cfgc.reports.gaps import baseline

    if how.write_baseline is not None:
        _put(where.folder / how.write_baseline, baseline.written(found))
    if how.baseline is None:
        return found
    file = where.folder / how.baseline
    try:
        return baseline.against(found, baseline.parsed(_text(file)))
    except ValueError as error:
        raise click.UsageError(f"`{file}` is no baseline: {error}") from None


def _deliver(how: How, root: Path, found: Analysis) -> bool:
    """Print the analysis, write its page, or say whether the written one is stale."""
    from cfgc.reports.deliver import deliver, stale
    from cfgc.reports.gaps.views import Shown, render

    if how.check or how.write:
        picture = PICTURE.rpartition("/")[2]
        made = {PAGE: render("markdown", found, Shown(picture=picture)), PICTURE: render("svg", found, Shown())}
        if not how.check:
            for name in deliver(root, made):
                click.echo(f"wrote {name}", err=True)
            return False
        old = stale(root, made)
        for name in old:
            click.echo(f"not current: {name} (`cfgc gaps --write` with the same options writes it)", err=True)
        return bool(old)
    color = how.format_name == "text" and on_terminal(sys.stdout)
    click.echo(render(how.format_name, found, Shown(how.notes, color)), nl=False)
    return False


def _fails(found: Analysis, how: How) -> bool:
    levels = {str(level): level for level in Severity}
    return any(
        each.severity <= levels[word] if word in levels else each.verdict == word
        for word in how.fail_on
        for each in found.new
    )


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise click.UsageError(f"cannot read `{file}`: {error.strerror}") from None


def _put(file: Path, text: str) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise click.UsageError(f"cannot write `{file}`: {error.strerror}") from None
