"""`cfgc validate [ENV...]`: every check, no key."""

from __future__ import annotations

import sys
from typing import Any

import click

from cfgc.cli.opening import Report, open_session
from cfgc.cli.options import (
    FINDING_FORMATS,
    Where,
    date_option,
    global_options,
    on_terminal,
    staged_option,
    wanted_from,
)
from cfgc.diagnostics import Failed


@click.command(epilog="Example: cfgc validate prod --format json")
@click.argument("environments", metavar="[ENV]...", nargs=-1)
@click.option("--component", "components", multiple=True, metavar="NAME", help="Check only these; a name or a glob.")
@click.option("--format", "format_name", type=click.Choice(FINDING_FORMATS), default="full", show_default=True)
@click.option("--strict", is_flag=True, help="Fail on warnings and notes too.")
@staged_option
@date_option
@global_options
def validate(where: Where, environments: tuple[str, ...], format_name: str, strict: bool, **given: Any) -> int:
    """Check environments (all by default): layers, references, schemas, policies, lints. Needs no key.

    The findings are the data: they go to standard output.
    """
    from cfgc.pipeline.validate import validate_environments

    findings = Report(where)
    names = list(environments)
    try:
        findings.session = session = open_session(where)
        names = names or list(session.project.environments)
        findings.add(validate_environments(session, names, wanted_from(given)))
    except Failed as failed:
        findings.add(failed.diagnostics)
    colors = format_name == "full" and on_terminal(sys.stdout)
    notes = strict or where.verbose > 0
    click.echo(findings.text(format_name, names, color=colors, notes=notes), nl=False)
    return findings.code(strict=strict)
