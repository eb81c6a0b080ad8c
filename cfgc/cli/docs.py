"""`cfgc docs`: reference documentation made from schemas and layers."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from cfgc.cli.opening import Report, open_session
from cfgc.cli.options import Where, global_options, staged_option
from cfgc.diagnostics import Diagnostic, Failed, report
from cfgc.model.text import printable

if TYPE_CHECKING:
    from cfgc.pipeline.compile import Compiled
    from cfgc.pipeline.session import Session

FOLDER = "docs/auto_docs"
_INPUTS = ("environments", "schemas", "policies", "templates")


class How(NamedTuple):
    """What is made, and where it goes."""

    out: str | None
    format_name: str
    check: bool


@click.command(epilog="Example: cfgc docs --check")
@click.option("--out", metavar="DIR", help=f"Write below DIR in place of `{FOLDER}`.")
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["markdown", "json"]),
    default="markdown",
    show_default=True,
    help="Write Markdown pages, or print all of it as JSON.",
)
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 when a file is not current.")
@staged_option
@global_options
def docs(where: Where, **given: Any) -> int:
    """Write the reference documentation: config.md, a page per component, and config_template.yaml.

    Everything comes from schemas and layers, sealed: no key is needed, and secrets are masked.
    """
    how = How(**given)
    if how.format_name == "json" and (how.check or how.out):
        raise click.UsageError("`--format json` prints; `--check` and `--out` are about the files of `markdown`")
    findings = Report(where)
    try:
        findings.session = session = open_session(where)
        compiled = _compiled(session)
        findings.add(session.findings)
        findings.add(found for one in compiled for found in one.diagnostics if found.is_error)
        if findings.code() == 0:
            findings.add(_deliver(session, compiled, where, how))
    except Failed as failed:
        findings.add(failed.diagnostics)
    findings.to_stderr()
    return findings.code()


def _compiled(session: Session) -> list[Compiled]:
    from cfgc.pipeline.compile import compile_environment
    from cfgc.pipeline.wanted import Wanted

    return [compile_environment(session, Wanted(name)) for name in session.project.environments]


def _deliver(session: Session, compiled: list[Compiled], where: Where, how: How) -> list[Diagnostic]:
    """Print, compare or write; nothing was wrong so far."""
    from cfgc.reports.docs import collect

    found = collect(session, compiled)
    if how.format_name == "json":
        from cfgc.reports.docs.views.json import render

        click.echo(render(found), nl=False)
        return []
    from cfgc.reports.docs.files import files, stale, write
    from cfgc.reports.docs.template import template

    folder = _folder(session, where, how)
    text, unfilled = template(session, [path for one in compiled for path in one.components])
    wanted = files(found, text)
    old = stale(folder, wanted)
    shown = printable(os.path.relpath(folder))
    if how.check:
        return [report("docs-outdated", file=f"{shown}/{each.name}", difference=each.difference) for each in old]
    write(folder, old)
    if not where.quiet:
        click.echo(f"{shown}: {len(wanted)} files, {len(old)} written or removed", err=True)
    return unfilled


def _folder(session: Session, where: Where, how: How) -> Path:
    """Where the files go; raises `UsageError` for a folder that cfgc reads layers, schemas or templates from."""
    if how.out is None:
        return session.root / FOLDER
    place = (where.folder / how.out).resolve()
    for name in _INPUTS:
        if place.is_relative_to(session.root.resolve() / name):
            raise click.UsageError(f"`--out {how.out}` lies in `{name}/`, which cfgc reads; name a folder outside")
    return place
