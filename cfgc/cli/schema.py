"""`cfgc schema [FILE]`: the project's schemas, put together for editors and other tools."""

from __future__ import annotations

import json
from pathlib import Path

import click

from cfgc.cli.opening import Report, open_session
from cfgc.cli.options import Where, global_options
from cfgc.diagnostics import Failed, report
from cfgc.pipeline.editor import FOLDER, SETTINGS, editor_files, schema_of
from cfgc.pipeline.opening import project_root
from cfgc.pipeline.session import Session


@click.command(epilog="Example: cfgc schema --write")
@click.argument("file", required=False)
@click.option("--write", is_flag=True, help="Write .cfgc/schemas/ and the editor setting that points to it.")
@global_options
def schema(where: Where, file: str | None, write: bool) -> int:
    """Print the merged JSON Schema of the whole tree, or the one for a layer FILE (nothing in it is required).

    With --write every place gets its schema in .cfgc/schemas/, and .vscode/settings.json names them, so that
    yaml-language-server completes layer files.
    """
    findings = Report(where)
    try:
        findings.session = session = open_session(where)
        if write:
            write_editor_files(session, project_root(where.folder))
        else:
            click.echo(json.dumps(_one(session, where, file), indent=2, ensure_ascii=False))
        findings.add(session.findings)
    except Failed as failed:
        findings.add(failed.diagnostics)
    findings.to_stderr()
    return findings.code()


def write_editor_files(session: Session, root: Path) -> None:
    """Write what editors need into the project, and remove the schemas of places that are gone.

    Raises `UsageError` when their settings can't be read or completed, and `Failed` when a file can't be written.
    """
    settings = root / SETTINGS
    try:
        files = editor_files(session, settings.read_text(encoding="utf-8") if settings.exists() else None)
    except OSError as error:
        raise click.UsageError(f"cannot read `{SETTINGS}`: {error.strerror}") from None
    except (ValueError, RecursionError):
        raise click.UsageError(f"`{SETTINGS}` is not JSON without comments: add the setting by hand") from None
    for name, text in files.items():
        write_file(root / name, text)
    for place in (root / FOLDER).glob("*.schema.json"):
        if f"{FOLDER}/{place.name}" not in files:
            place.unlink(missing_ok=True)
    click.echo(f"{len(files) - 1} schemas in .cfgc/schemas, named in {SETTINGS}", err=True)


def write_file(place: Path, text: str) -> None:
    """Write a small file of the project; raises `Failed` when that can't be done."""
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        hint = "make room or give the permission, then run the command again"
        raise Failed(report("cannot-write", file=place, reason=reason, help=hint)) from None


def _one(session: Session, where: Where, file: str | None) -> object:
    name = None
    if file is not None:
        place = (where.folder / file).resolve()
        root = project_root(where.folder)
        name = place.relative_to(root).as_posix() if place.is_relative_to(root) else file
    found = schema_of(session, name)
    if found is None:
        raise click.UsageError(f"`{file}` is no layer file of this project")
    return found
