"""`cfgc secrets`: the check of the pre-commit hook `cfgc-secrets`."""

from __future__ import annotations

import sys
from functools import partial

import click

from cfgc.cli.opening import Report, open_session
from cfgc.cli.options import FINDING_FORMATS, Where, global_options, no_cache_option, on_terminal, staged_option
from cfgc.diagnostics import Failed


@click.command(epilog="Example: cfgc secrets --staged")
@click.option("--format", "format_name", type=click.Choice(FINDING_FORMATS), default="full", show_default=True)
@staged_option
@no_cache_option
@global_options
def secrets(where: Where, format_name: str, *, no_cache: bool) -> int:
    """Find what stands in plain text although a schema or a SOPS rule says that it is secret. Needs no key."""
    from cfgc.pipeline.plaintext import check_secrets

    findings, session = Report(where), None
    try:
        findings.session = session = open_session(where)
        findings.add(check_secrets(session))
    except Failed as failed:
        findings.add(failed.diagnostics)
    colors = format_name == "full" and on_terminal(sys.stdout)
    text = findings.text(format_name, (), color=colors)
    click.echo(text, nl=False)
    if session and where.staged and where.rev is None and not no_cache and not findings.found:
        from cfgc.cli.checking import remember
        from cfgc.pipeline.checked import known_of_files

        remember(where, session, text, partial(known_of_files, session))
    return findings.code()
