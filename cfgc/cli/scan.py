"""`cfgc scan [PATH]`: an inventory of every configuration source of a repository."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cfgc.cli.opening import Report
from cfgc.cli.options import Where, global_options, on_terminal, parse_date
from cfgc.diagnostics import Failed
from cfgc.external.workers import processors

if TYPE_CHECKING:
    from cfgc.reports.scan import Inventory, Request


@click.command(epilog="Example: cfgc scan --write --exclude 'tests/**'")
@click.argument("path", metavar="[PATH]", required=False, default=".")
@click.option("--format", "format_name", type=click.Choice(["markdown", "json"]), default="markdown", show_default=True)
@click.option(
    "--write", is_flag=True, help="Write reports/config_inventory.md and reports/config-scan.json below PATH."
)
@click.option("--check", is_flag=True, help="Compare these two files with what --write would write.")
@click.option("--exclude", multiple=True, metavar="GLOB", help="Leave out paths, as .gitignore would.")
@click.option("--history", is_flag=True, help="Look for secrets in past commits too.")
@click.option("--no-commits", is_flag=True, help="Leave out last commits: only an edit of a source changes the output.")
@click.option(
    "--fail-on",
    multiple=True,
    type=click.Choice(["broken", "secrets"]),
    help="Exit with 1 for a broken file or a suspected secret.",
)
@click.option("--date", "today", metavar="YYYY-MM-DD", help="The day to show (default: the commit's).")
@global_options
def scan(where: Where, path: str, format_name: str, **given: Any) -> int:
    """List every configuration source below PATH: role, format, keys, owner, last commit, whether it parses, secrets.

    PATH need not be a project of cfgc. In a Git repository the files are those that Git knows or does not ignore. No
    value of any file is shown.
    """
    from cfgc.reports.scan import Request
    from cfgc.reports.scan import scan as scan_folder

    root = where.folder / path
    if where.rev:
        raise click.UsageError("`cfgc scan` reads the working tree, not `--rev`")
    if not root.is_dir():
        raise click.UsageError(f"there is no folder `{root}`")
    report = Report(where)
    stale = False
    found: Inventory | None = None
    try:
        with _progress(where) as progress:
            found, problems = scan_folder(_request(Request(root.resolve()), given), progress)
        report.add(problems)
        stale = _deliver(found, root, format_name, given)
    except Failed as failed:
        report.add(failed.diagnostics)
    report.to_stderr()
    return max(report.code(), int(stale or (found is not None and _fails(found, given["fail_on"]))))


def _request(plain: Request, given: dict[str, Any]) -> Request:
    """What the options ask for."""
    return replace(
        plain,
        exclude=given["exclude"],
        commits=not given["no_commits"],
        history=given["history"],
        date=parse_date(given["today"]).isoformat() if given["today"] else "",
        processes=processors(),
    )


def _deliver(found: Inventory, root: Path, format_name: str, given: dict[str, Any]) -> bool:
    """Print the inventory, write it, or say whether the written one is stale."""
    if given["check"]:
        from cfgc.reports.scan.deliverables import stale

        names = stale(root, found)
        for name in names:
            click.echo(f"not current: {name} (`cfgc scan --write` with the same options writes it)", err=True)
        return bool(names)
    if given["write"]:
        from cfgc.reports.scan.deliverables import write

        for name in write(root, found):
            click.echo(f"wrote {name}", err=True)
    else:
        from cfgc.reports.scan.views import render

        click.echo(render(format_name, found), nl=False)
    return False


def _fails(found: Inventory, reasons: tuple[str, ...]) -> bool:
    numbers = found.summary()
    suspected = numbers["suspected"] + len([each for each in found.past or () if each.suspicion.allowed is None])
    return ("broken" in reasons and numbers["broken"] > 0) or ("secrets" in reasons and suspected > 0)


@contextmanager
def _progress(where: Where) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error, on a terminal alone. It has no thread of its own, beside which nothing could fork."""
    if where.quiet or not on_terminal(sys.stderr):
        yield lambda _done, _all: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True, auto_refresh=False) as bar:
        task = bar.add_task("reading")

        def show(done: int, all: int) -> None:
            bar.update(task, completed=done, total=all, refresh=True)

        yield show
