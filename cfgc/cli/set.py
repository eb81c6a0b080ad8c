"""`cfgc set ENV PATH VALUE`: write a value where it belongs."""

from __future__ import annotations

from typing import Any

import click

from cfgc.cli.editing import (
    How,
    deliver_change,
    dry_run_option,
    edit_format_option,
    failed_edit,
    open_for_editing,
    place_of,
    say,
    words,
)
from cfgc.cli.lookup import path_of
from cfgc.cli.opening import Report
from cfgc.cli.options import Where, date_option, global_options
from cfgc.diagnostics import Failed
from cfgc.edit import Change, Plan, Replace, Target, plan_edits
from cfgc.edit.intent import holds_marker
from cfgc.edit.items import at
from cfgc.model.keypath import KeyPath
from cfgc.model.values import Marked, Value
from cfgc.pipeline.compile import Compiled, compile_environment
from cfgc.pipeline.session import Session
from cfgc.pipeline.wanted import Wanted
from cfgc.stages.read import read_text
from cfgc.stages.resolve.template import OPENING


@click.command(epilog="Example: cfgc set prod managers.web.replicas 5")
@click.argument("environment", metavar="ENV")
@click.argument("path")
@click.argument("value")
@click.option("--layer", default="", metavar="LAYER", help="Edit this layer of ENV, whoever else uses it.")
@dry_run_option
@edit_format_option
@date_option
@global_options
def set(where: Where, environment: str, path: str, value: str, layer: str, **given: Any) -> int:  # noqa: A001
    """Set the value at PATH of ENV to VALUE (YAML), in the layer file that it belongs into.

    That is the file that holds it, if no other environment reads it; else ENV's own layer. Comments, order and
    formatting stay. Nothing is written if any environment would have a new error. A VALUE that begins with `-` stands
    behind `--`.
    """
    how = How(given["dry_run"], given["format_name"], given["today"])
    report = Report(where)
    try:
        report.session = session = open_for_editing(where)
        compiled = compile_environment(session, Wanted(environment))
        change = Change(path_of(path), _wish(value, report))
        if report.code():
            report.to_stderr()
            return report.code()
        plan = plan_edits(session, compiled, [change], Target(layer))
        return deliver_change(session, plan, report, how, _tell)
    except Failed as failed:
        return failed_edit(report, failed)


def _wish(text: str, report: Report) -> Value:
    if not text.strip():
        raise click.UsageError(
            "VALUE is empty: write `null` for null, and quotes inside of quotes (`'\"\"'`) for no text"
        )
    value, found = read_text(text.encode("utf-8", "surrogateescape"), "<VALUE>", "yaml")
    report.add(found)
    if isinstance(value, Marked) and value.name == "replace":
        value = Replace(value.value)
    if holds_marker(value.value if isinstance(value, Replace) else value):
        raise click.UsageError("VALUE is the whole value: of the markers only `!replace` stands before it")
    return value


def _tell(session: Session, plan: Plan, report: Report, how: How) -> None:
    each = plan.placed[0]
    path = each.change.path
    old, new = words(at(plan.before.tree, path)), words(at(plan.compiled.tree, path))
    place = place_of(session, plan, each)
    if not plan.edits:
        say(report, f"{place}: it is {new} already, nothing was written")
        return
    would = "would be " if how.dry_run else ""
    say(report, f"{place}: {would}{old} -> {new} ({each.why})")
    if text := reference_at(plan.before, path):
        say(report, f"the text `{text}` stood there: what it refers to was not edited")


def reference_at(compiled: Compiled, path: KeyPath) -> str:
    """The text with references that is written at a path, empty for none."""
    written = at(compiled.merged.tree, path)
    return written if isinstance(written, str) and OPENING in written else ""
