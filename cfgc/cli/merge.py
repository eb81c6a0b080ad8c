"""`cfgc merge FILE...`: any files, no project."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import click

from cfgc.cli.opening import Report
from cfgc.cli.options import Where, global_options
from cfgc.diagnostics import Failed
from cfgc.model.project import ListRule, MergeRules


@click.command(epilog="Example: cfgc merge base.yaml prod.yaml --lists append")
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option(
    "--lists", type=click.Choice(["replace", "append", "prepend", "unique"]), default="replace", show_default=True
)
@click.option("--types", type=click.Choice(["strict", "loose"]), default="strict", show_default=True)
@click.option("--resolve", "resolving", is_flag=True, help="Resolve references.")
@click.option("--format", "format_name", type=click.Choice(["yaml", "json"]), default="yaml", show_default=True)
@global_options
def merge(where: Where, files: tuple[str, ...], lists: str, types: str, resolving: bool, format_name: str) -> int:
    """Merge YAML, JSON or TOML files in order, the lowest first, and print the result."""
    from cfgc.external.files import WorkTree
    from cfgc.pipeline.merge_files import format_of, merge_files
    from cfgc.pipeline.printing import text_of
    from cfgc.stages.read import Reader

    findings = Report(where)
    for file in files:
        if format_of(file) is None:
            raise click.UsageError(f"`{file}` ends neither in .yaml, .yml, .json nor .toml")
    paths = [Path(where.folder, file).resolve() for file in files]
    root = _common(paths)
    try:
        names = [path.relative_to(root).as_posix() for path in paths]
        rules = MergeRules(cast(ListRule, lists), "loose" if types == "loose" else "strict")
        source = WorkTree(root)
        findings.session = reader = Reader(source)
        tree, found = merge_files(reader, names, rules, source.read if resolving else None)
        findings.add(found)
        if findings.code() == 0:
            click.echo(text_of(tree, format_name), nl=False)
    except Failed as failed:
        findings.add(failed.diagnostics)
    findings.to_stderr()
    return findings.code()


def _common(paths: list[Path]) -> Path:
    """The deepest folder above all files: what a source can read them from."""
    folder = paths[0].parent
    while not all(path.is_relative_to(folder) for path in paths):
        folder = folder.parent
    return folder
