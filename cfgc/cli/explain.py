"""`cfgc explain CODE`: the long form of a diagnostic."""

from __future__ import annotations

import sys

import click

from cfgc.cli.options import on_terminal


@click.command(epilog="Example: cfgc explain CFG402")
@click.argument("code")
def explain(code: str) -> int:
    """Print why a finding exists and what to do, with an example that fails and one that passes.

    CODE is a code such as CFG402, or a name such as merge-type-conflict.
    """
    from cfgc.diagnostics.catalogue import rules
    from cfgc.diagnostics.pages import page_text
    from cfgc.model.text import closest

    known = rules()
    by_code = {rule.code.casefold(): rule for rule in known.values()}
    rule = by_code.get(code.casefold()) or known.get(code.casefold())
    if rule is None:
        meant = closest(code.upper(), [rule.code for rule in known.values()]) or closest(code, list(known))
        raise click.UsageError(f"there is no diagnostic `{code}`." + (f" Did you mean `{meant}`?" if meant else ""))
    _print(page_text(rule.code))
    return 0


def _print(page: str) -> None:
    """The page as it is written or, on a terminal, as it is meant."""
    if not on_terminal(sys.stdout):
        click.echo(page, nl=False)
        return
    from rich.console import Console
    from rich.markdown import Markdown

    Console(highlight=False).print(Markdown(page))
