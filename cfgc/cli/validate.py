"""`cfgc validate [ENV...]`: every check, no key."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cfgc.cli.notifying import Ended, notify, notify_options, project_of
from cfgc.cli.opening import Report, open_session
from cfgc.cli.options import (
    FINDING_FORMATS,
    Where,
    date_option,
    global_options,
    no_cache_option,
    on_terminal,
    staged_option,
    wanted_from,
)
from cfgc.diagnostics import Failed

if TYPE_CHECKING:
    from cfgc.external.postman import Letter
    from cfgc.model.project import Project
    from cfgc.pipeline.compile import Compiled
    from cfgc.pipeline.session import Session


@click.command(epilog="Example: cfgc validate prod --format json")
@click.argument("environments", metavar="[ENV]...", nargs=-1)
@click.option("--component", "components", multiple=True, metavar="NAME", help="Check only these; a name or a glob.")
@click.option("--format", "format_name", type=click.Choice(FINDING_FORMATS), default="full", show_default=True)
@click.option(
    "--against",
    metavar="REV",
    help="Check a merge request: also by the schemas and policies of its target REV, whose recipients and lints count.",
)
@click.option(
    "--report", "reports", multiple=True, metavar="FORMAT=FILE", help="Write the findings to a file too, in any format."
)
@click.option("--strict", is_flag=True, help="Fail on warnings and notes too.")
@notify_options
@staged_option
@no_cache_option
@date_option
@global_options
def validate(where: Where, environments: tuple[str, ...], format_name: str, strict: bool, **given: Any) -> int:
    """Check environments (all by default): layers, references, schemas, policies, lints. Needs no key.

    The findings are the data: they go to standard output.
    """
    reports = [_report(where, text) for text in given["reports"]]
    findings, compiled = Report(where), None
    names = list(environments)
    try:
        findings.session = session = open_session(where)
        compiled = _check(findings, session, names, given)
        names = names or list(session.project.environments)
    except Failed as failed:
        findings.add(failed.diagnostics)
    colors = format_name == "full" and on_terminal(sys.stdout)
    notes = strict or where.verbose > 0
    text = findings.text(format_name, names, color=colors, notes=notes)
    click.echo(text, nl=False)
    if compiled and not findings.found and _is_plain(where, given):
        _remember(where, session, text, compiled)
    for name, file in reports:
        _write(file, findings.text(name, names, color=False))
    code = findings.code(strict=strict)
    project = project_of(findings.session)
    notify(where, given, project, Ended(code != 0, lambda: _letter(project, findings, names, code)))
    return code


def _letter(project: Project | None, findings: Report, names: list[str], code: int) -> Letter:
    from cfgc.reports.notices import of_validation

    return of_validation(project.name if project else "", findings.found, names, failed=code != 0)


def _check(report: Report, session: Session, names: list[str], given: dict[str, Any]) -> list[Compiled]:
    """Report what is found, and give the environments that compiled; none of them in a check against a revision."""
    if given["against"] is not None:
        from cfgc.history.gate import Request, validate_against

        report.add(validate_against(Request(session, names, wanted_from(given)), given["against"]))
        return []
    from cfgc.pipeline.validate import examine

    examined = examine(session, names or list(session.project.environments), wanted_from(given))
    report.add(examined.diagnostics)
    return list(examined.compiled.values())


def _is_plain(where: Where, given: dict[str, Any]) -> bool:
    """Whether all that a check does is to say what it finds in all components of what is staged, today."""
    more = ("components", "reports", "notify", "today", "no_cache")
    return where.staged and where.rev is None and not any(given[name] for name in more)


def _remember(where: Where, session: Session, text: str, compiled: list[Compiled]) -> None:
    from cfgc.cli.checking import remember
    from cfgc.pipeline.checked import known_of_environments

    remember(where, session, text, partial(known_of_environments, session, compiled))


def _report(where: Where, text: str) -> tuple[str, Path]:
    """The format and the file of one `--report`."""
    name, _, file = text.partition("=")
    if name not in FINDING_FORMATS or not file:
        raise click.UsageError(f"`--report {text}` names no format and file; write {'|'.join(FINDING_FORMATS)}=FILE")
    return name, where.folder / file


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise click.UsageError(f"cannot write `{file}`: {error.strerror}") from None
