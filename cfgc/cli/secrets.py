"""`cfgc secrets`: the check of the pre-commit hook `cfgc-secrets`."""

from __future__ import annotations

import sys

import click

from cfgc.cli.opening import Report, open_session
from cfgc.cli.options import FINDING_FORMATS, Where, global_options, on_terminal, staged_option
from cfgc.diagnostics import Failed


@click.command(epilog="Example: cfgc secrets --staged")
@click.option("--format", "format_name", type=click.Choice(FINDING_FORMATS), default="full", show_default=True)
@staged_option
@global_options
def secrets(where: Where, format_name: str) -> int:
    """Find what stands in plain text although a schema or a SOPS rule says that it is secret. Needs no key."""
    from cfgc.pipeline.plaintext import check_secrets

    findings = Report(where)
    try:
        findings.session = session = open_session(where)
        findings.add(check_secrets(session))
    except Failed as failed:
        findings.add(failed.diagnostics)
    colors = format_name == "full" and on_terminal(sys.stdout)
    click.echo(findings.text(format_name, (), color=colors), nl=False)
    return findings.code()
