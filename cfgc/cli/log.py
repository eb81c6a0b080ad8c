"""`cfgc log ENV PATH`: the commits that changed an effective value."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from itertools import islice
from json import dumps
from textwrap import indent
from typing import TYPE_CHECKING

import click

from cfgc.cli.lookup import lookup, path_of
from cfgc.cli.opening import Report, project_folder
from cfgc.cli.options import Where, global_options, on_terminal
from cfgc.diagnostics import Failed, report

if TYPE_CHECKING:
    from cfgc.history.life.log import Log, Turn
    from cfgc.history.life.revisions import Archive
    from cfgc.model.keypath import KeyPath


@click.command(epilog="Example: cfgc log prod managers.path-manager.audit.retention")
@click.argument("environment", metavar="ENV")
@click.argument("path")
@click.option("--limit", type=click.IntRange(1), metavar="N", help="Stop after N commits.")
@click.option("--format", "format_name", type=click.Choice(["text", "json"]), default="text", show_default=True)
@global_options
def log(where: Where, environment: str, path: str, limit: int | None, format_name: str) -> int:
    """Show the commits that changed the value at PATH in ENV, newest first; of a map or list, anything in it.

    What counts is the effective value: a commit is listed also when it changed it through a reference, another layer, a
    schema or cfgc.yaml, and is not when a higher layer hides what it did. Secrets are masked and no key is used.
    """
    from cfgc.external.git.commits import History
    from cfgc.history.life.log import Log
    from cfgc.history.life.revisions import Archive
    from cfgc.stages.read import Shelf

    findings = Report(where)
    at = path_of(path)
    try:
        root = project_folder(where)
        history = History(root)
        archive = Archive(history, root, Shelf())
        start = history.commit_id(where.rev or "HEAD")
        found = Log(archive, environment, at, start)
        shown = _show(found, at, limit, as_json=format_name == "json")
        if not shown and not found.ends:
            _refuse(archive, environment, at, start)
        findings.add(report("shallow-history", commit=commit.id[:12]) for commit in found.ends)
    except Failed as failed:
        findings.add(failed.diagnostics)
    findings.to_stderr()
    return findings.code()


def _show(found: Log, path: KeyPath, limit: int | None, *, as_json: bool) -> int:
    """Print the turns; how many there were."""
    from cfgc.diagnostics.renderers.paint import painter
    from cfgc.history.life.shown import turn_text

    turns = islice(found, limit)
    shown = 0
    if as_json:
        shown = _as_json(turns)
        if found.ends and not shown:
            click.echo("[]")
        return shown
    paint = painter(color=on_terminal(sys.stdout))
    for turn in turns:
        click.echo(turn_text(turn, path, paint), nl=False)
        shown += 1
    return shown


def _as_json(turns: Iterable[Turn]) -> int:
    """Print one list, item by item: a subtree is many values, and a history many commits. How many there were."""
    from cfgc.history.life.shown import turn_data

    shown = 0
    try:
        for turn in turns:
            click.echo(",\n" if shown else "[\n", nl=False)
            click.echo(indent(dumps(turn_data(turn), indent=2, ensure_ascii=False), "  "), nl=False)
            shown += 1
    finally:
        if shown:
            click.echo("\n]")
    return shown


def _refuse(archive: Archive, environment: str, path: KeyPath, start: str) -> None:
    """Say what is unknown, with what may be meant: the environment, or the path in all of its history."""
    from cfgc.pipeline.compile import compile_environment
    from cfgc.pipeline.session import Session
    from cfgc.pipeline.wanted import Wanted

    session = Session(archive.history.files(start), archive.root, archive.shelf)
    lookup(compile_environment(session, Wanted(environment)).tree, path)
