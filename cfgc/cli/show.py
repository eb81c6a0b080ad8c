"""`cfgc show ENV [PATH]`: the tree as it is after merging and resolving."""

from __future__ import annotations

from typing import Any

import click

from cfgc.cli.lookup import lookup, path_of
from cfgc.cli.opening import Report, open_session
from cfgc.cli.options import Where, global_options, override_options, reveal_option, staged_option, wanted_from
from cfgc.diagnostics import Failed


@click.command(epilog="Example: cfgc show prod managers.path-manager.paths.database --format json")
@click.argument("environment", metavar="ENV")
@click.argument("path", default=".", required=False)
@click.option(
    "--format", "format_name", type=click.Choice(["yaml", "json", "dotenv"]), default="yaml", show_default=True
)
@reveal_option
@staged_option
@override_options
@global_options
def show(where: Where, environment: str, path: str, format_name: str, reveal: bool, **given: Any) -> int:
    """Print ENV's merged, resolved tree, or the value at PATH. Secrets are masked, and no key is used.

    With --reveal sops decrypts what is shown.
    """
    from cfgc.pipeline.compile import compile_environment
    from cfgc.pipeline.printing import text_of
    from cfgc.pipeline.revealing import revealed, secrets_below

    findings = Report(where)
    try:
        at = path_of(path)
        findings.session = session = open_session(where)
        wanted = wanted_from(given).but(environment=environment)
        compiled = compile_environment(session, wanted)
        findings.add([*session.findings, *compiled.diagnostics])
        value, at = lookup(compiled.tree, at)
        if format_name == "dotenv" and not isinstance(value, dict):
            raise click.UsageError(f"`{path}` is no map: `--format dotenv` prints maps")
        if reveal:
            compiled, problems = revealed(session, wanted, compiled, [leaf for leaf, _ in secrets_below(value, at)])
            findings.add(problems)
            value, at = lookup(compiled.tree, at)
        if findings.code() == 0:
            click.echo(text_of(value, format_name, at=at, reveal=reveal), nl=False)
    except Failed as failed:
        findings.add(failed.diagnostics)
    findings.to_stderr([environment])
    return findings.code()
