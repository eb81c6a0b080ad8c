"""`cfgc affected A..B`: the environments, components and artifacts that a range of commits changes."""

from __future__ import annotations

from json import dumps
from typing import TYPE_CHECKING, Any

import click

from cfgc.cli.opening import Report, project_folder
from cfgc.cli.options import Where, date_option, global_options, parse_date, staged_option
from cfgc.diagnostics import Diagnostic, Failed
from cfgc.model.values import Tree

if TYPE_CHECKING:
    from cfgc.history.affected import Affected


@click.command(epilog="Example: cfgc affected origin/main..HEAD --format names")
@click.argument("between", metavar="[A..B]", required=False)
@click.option(
    "--format", "format_name", type=click.Choice(["json", "names", "gitlab"]), default="names", show_default=True
)
@click.option("--default", "common", metavar="YAML", help="What the jobs of the child pipeline have in common.")
@click.option("--exit-code", is_flag=True, help="Exit with 1 when anything is affected.")
@staged_option
@date_option
@global_options
def affected(where: Where, between: str | None, format_name: str, today: str | None, **given: Any) -> int:
    """List what compiles to something else on the two sides of A..B: exact, by compiling both, without a key.

    `names` prints a line for each pair: environment, component, artifacts. `gitlab` prints a child pipeline.
    """
    from cfgc.history.affected import affected as affected_by
    from cfgc.history.compare import compare
    from cfgc.history.sides import Asked, open_sides, parse_range

    if where.rev:
        raise click.UsageError("`cfgc affected` takes revisions as `A..B`, not as `--rev`")
    default = _default(given["common"])
    report = Report(where)
    names = ("", "")
    found: list[Affected] | None = None
    try:
        chosen = parse_range(between) if between else None
        if where.staged and chosen and chosen.after:
            raise click.UsageError("`--staged` compares with the index; name one revision: `A`, not `A..B`")
        sides = open_sides(project_folder(where), chosen, Asked((), parse_date(today)), staged=where.staged)
        report.session, names = sides.after.session, (sides.before.name, sides.after.name)
        report.add([*sides.after.problems(), *sides.before.problems()])
        if not report.found:
            found = affected_by(compare(sides.before, sides.after))
    except Failed as failed:
        report.add(failed.diagnostics)
    if found is not None or format_name == "json":
        click.echo(_text(format_name, names, found or [], report.found, default), nl=False)
    report.to_stderr()
    return report.code() or int(given["exit_code"] and bool(found))


def _default(text: str | None) -> Tree:
    """The `default` of the child pipeline."""
    if text is None:
        return {}
    from cfgc.model.values import masked
    from cfgc.stages.read import read_text

    data, found = read_text(text.encode("utf-8", "surrogateescape"), "<--default>", "yaml")
    if found or not isinstance(data, dict) or data != masked(data):
        raise click.UsageError("`--default` takes a YAML map, as `image: NAME`")
    return data


def _text(
    format_name: str, names: tuple[str, str], found: list[Affected], problems: list[Diagnostic], default: Tree
) -> str:
    if format_name == "gitlab":
        from cfgc.history.child_pipeline import child_pipeline

        return child_pipeline(found, default)
    if format_name == "names":
        return "".join(
            f"{each.environment} {each.component or '-'} {' '.join(each.artifacts)}".rstrip() + "\n" for each in found
        )
    data: dict[str, Any] = {"from": names[0], "to": names[1], "affected": [_pair(each) for each in found]}
    if problems:
        from cfgc.history.views.json import findings

        data["diagnostics"] = findings(tuple(problems))
    return dumps(data, ensure_ascii=False, indent=2) + "\n"


def _pair(found: Affected) -> dict[str, Any]:
    return {
        "environment": found.environment,
        "component": found.component or None,
        "artifacts": list(found.artifacts),
        "reasons": list(found.reasons),
    }
