"""`cfgc why ENV PATH` and `cfgc why FILE:LINE`."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import click

from cfgc.cli.lookup import lookup, path_of
from cfgc.cli.opening import Report, open_session
from cfgc.cli.options import Where, global_options, override_options, reveal_option, staged_option, wanted_from
from cfgc.cli.why_text import explanation_data, explanation_text, fates_data, fates_text, line_data, line_text
from cfgc.diagnostics import Failed
from cfgc.pipeline.compile import Compiled, compile_environment
from cfgc.pipeline.opening import project_root
from cfgc.pipeline.revealing import reveal_for, revealed, secrets_below
from cfgc.pipeline.session import Session
from cfgc.pipeline.wanted import Wanted
from cfgc.pipeline.why import RenderedLine, job_of, why_line, why_rendered, why_value
from cfgc.stages.render import Job

_LINE = re.compile(r"(?P<file>.+):(?P<line>[1-9][0-9]*)")


@click.command(epilog="Example: cfgc why prod managers.path-manager.audit.retention")
@click.argument("subject", metavar="ENV|FILE:LINE")
@click.argument("path", required=False)
@click.option("--format", "format_name", type=click.Choice(["text", "json"]), default="text", show_default=True)
@reveal_option
@staged_option
@override_options
@global_options
def why(where: Where, subject: str, path: str | None, format_name: str, reveal: bool, **given: Any) -> int:
    """Tell where the value at PATH comes from, what becomes of a layer's line, or what stands behind a rendered line.

    \b
    cfgc why prod managers.web.replicas        a value: its line, all that it overrides, the references followed
    cfgc why environments/base/web.yaml:4      a layer line: does it win or is it shadowed, and who refers to it
    cfgc why dist/prod/web/.env:3              a rendered line: the layer line, or the template line, behind it
    """
    findings = Report(where)
    try:
        findings.session = session = open_session(where)
        wanted = wanted_from(given)
        if path is not None:
            text = _value(session, wanted.but(environment=subject), path, reveal=reveal, as_json=format_name == "json")
        else:
            text = _line(session, wanted, where, subject, as_json=format_name == "json")
        findings.add(session.findings)
        click.echo(text, nl=False)
    except Failed as failed:
        findings.add(failed.diagnostics)
    findings.to_stderr()
    return findings.code()


def _value(session: Session, wanted: Wanted, path: str, *, reveal: bool, as_json: bool) -> str:
    compiled = compile_environment(session, wanted)
    value, at = lookup(compiled.tree, path_of(path))
    if reveal:
        compiled, problems = revealed(session, wanted, compiled, [leaf for leaf, _ in secrets_below(value, at)])
        if problems:
            raise Failed(*problems)
        value, at = lookup(compiled.tree, at)
    found = why_value(session, compiled, at, value)
    if found is None:
        raise click.UsageError(f"no layer says anything about `{path}`")
    return _json(explanation_data(found, reveal=reveal)) if as_json else explanation_text(found, reveal=reveal)


def _line(session: Session, wanted: Wanted, where: Where, subject: str, *, as_json: bool) -> str:
    found = _LINE.fullmatch(subject)
    if found is None:
        raise click.UsageError("say `cfgc why ENV PATH`, or `cfgc why FILE:LINE`")
    root = project_root(where.folder)
    place = (where.folder / found["file"]).resolve()
    if not place.is_relative_to(root):
        raise click.UsageError(f"`{found['file']}` is not in the project")
    name, line = place.relative_to(root).as_posix(), int(found["line"])
    if _is_layer_file(session, name):
        fates = why_line(session, wanted, name, line)
        if not fates:
            raise click.UsageError(f"{name}:{line} sets no value in any environment")
        return _json(fates_data(fates)) if as_json else fates_text(fates)
    return _rendered(session, wanted, root, (name, line), as_json=as_json)


def _rendered(session: Session, wanted: Wanted, root: Path, named: tuple[str, int], *, as_json: bool) -> str:
    """The environment is the first folder on the way up that is one, whatever the output folder is called."""
    name, line = named
    place = root / name
    for parent in place.parents:
        if parent.name in session.project.environments:
            compiled = compile_environment(session, wanted.but(environment=parent.name))
            job = job_of(session, compiled, place.relative_to(parent).as_posix())
            if job is not None:
                found = _lines_of(session, wanted.but(environment=parent.name), compiled, job, place)
                if line > len(found):
                    raise click.UsageError(f"`{name}` has {_lines(len(found))}, and no line {line}")
                return _json(line_data(found[line - 1])) if as_json else line_text(found[line - 1])
    raise click.UsageError(f"`{name}:{line}` is neither a layer file's line nor one of an artifact")


def _lines(count: int) -> str:
    return f"{count} line" if count == 1 else f"{count} lines"


def _lines_of(session: Session, wanted: Wanted, compiled: Compiled, job: Job, place: Path) -> list[RenderedLine]:
    """The explanation that fits the file as it stands: revealed where a secret takes several lines in it."""
    present = place.read_bytes().count(b"\n") if place.is_file() else None
    found = why_rendered(session, compiled, job, sealed=True)
    if present in (None, len(found)):
        return found
    opened, problems = reveal_for(session, wanted, compiled, [job])
    if any(each.is_error for each in problems):
        raise Failed(*problems)
    found = why_rendered(session, opened, job, sealed=False)
    if present != len(found):
        raise click.UsageError(f"`{place.name}` is not what this revision renders: render it again first")
    return found


def _is_layer_file(session: Session, name: str) -> bool:
    return any(file.path == name for files in session.project.files.values() for file in files)


def _json(data: Any) -> str:
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"
