"""`cfgc blame ENV [COMPONENT]`: the commit behind each value."""

from __future__ import annotations

import sys
from json import dumps
from typing import TYPE_CHECKING

import click

from cfgc.cli.opening import Report, open_session
from cfgc.cli.options import Where, global_options, on_terminal, staged_option
from cfgc.diagnostics import Failed, report

if TYPE_CHECKING:
    from cfgc.history.life.blame import Blamed


@click.command(epilog="Example: cfgc blame prod path-manager")
@click.argument("environment", metavar="ENV")
@click.argument("component", required=False)
@click.option("--format", "format_name", type=click.Choice(["text", "json"]), default="text", show_default=True)
@staged_option
@global_options
def blame(where: Where, environment: str, component: str | None, format_name: str) -> int:
    """Show each effective value of ENV, or of one COMPONENT, with the commit that made it what it is, and its line.

    That may be a commit that changed a reference's target, another layer, a schema or cfgc.yaml. Values that nobody has
    committed yet say so. Secrets are masked and no key is used.
    """
    from cfgc.external.git.commits import History
    from cfgc.history.life.blame import blame as blamed
    from cfgc.history.life.revisions import Archive
    from cfgc.pipeline.compile import compile_environment
    from cfgc.pipeline.wanted import Wanted
    from cfgc.stages.read import Shelf

    findings = Report(where)
    try:
        findings.session = session = open_session(where, shelf := Shelf())
        compiled = compile_environment(session, Wanted(environment, (component,) if component else ()))
        findings.add([*session.findings, *compiled.diagnostics])
        if findings.code() == 0:
            history = History(session.root)
            start = history.commit_id(where.rev or "HEAD")
            found = blamed(Archive(history, session.root, shelf), session, compiled, start)
            click.echo(_text(found, format_name), nl=False)
            ends = dict.fromkeys(each.commit.id for each in found if each.commit and each.boundary)
            findings.add(report("shallow-history", commit=end[:12]) for end in ends)
    except Failed as failed:
        findings.add(failed.diagnostics)
    findings.to_stderr([environment])
    return findings.code()


def _text(found: list[Blamed], format_name: str) -> str:
    from cfgc.diagnostics.renderers.paint import painter
    from cfgc.history.life.shown import blamed_data, blamed_text

    if format_name == "json":
        return dumps([blamed_data(each) for each in found], indent=2, ensure_ascii=False) + "\n"
    return "".join(blamed_text(found, painter(color=on_terminal(sys.stdout))))
