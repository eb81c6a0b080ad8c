"""`cfgc render ENV...`: write an environment's artifacts."""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Iterable, Sequence
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from cfgc.cli.app import BEFORE
from cfgc.cli.executing import LOCAL, check_executor, executor_option, recording, render_elsewhere
from cfgc.cli.opening import Report, open_session
from cfgc.cli.options import Where, date_option, global_options, override_options, wanted_from
from cfgc.cli.written import summary_of
from cfgc.diagnostics import Diagnostic, Failed
from cfgc.pipeline.reading import read_ahead
from cfgc.pipeline.session import Session
from cfgc.pipeline.wanted import Wanted

if TYPE_CHECKING:
    from cfgc.cli.remembering import Remembering
    from cfgc.pipeline.packed import RenderedSet
    from cfgc.pipeline.render import Rendering
    from cfgc.pipeline.spread.gather import Rendered
    from cfgc.stages.write import Request


class How(NamedTuple):
    """What becomes of the artifacts."""

    out: str | None
    check: bool
    stdout: bool
    sealed: bool
    force: bool
    strict: bool
    no_cache: bool
    executor: str


@click.command(epilog="Example: cfgc render prod --component path-manager")
@click.argument("environments", metavar="ENV...", nargs=-1, required=True)
@click.option("--component", "components", multiple=True, metavar="NAME", help="Render only these; a name or a glob.")
@click.option("--out", metavar="DIR", help="Write below DIR in place of `dist`.")
@click.option("--check", is_flag=True, help="Write nothing; fail when `dist/ENV` is not what would be written.")
@click.option("--stdout", is_flag=True, help="Print the artifacts instead of writing them.")
@click.option("--sealed", is_flag=True, help="Use no key: write tokens in place of secrets.")
@click.option("--force", is_flag=True, help="Carry files that are not cfgc's over into the new set.")
@click.option("--strict", is_flag=True, help="Fail on warnings and notes too.")
@click.option("--no-cache", is_flag=True, help="Remember nothing and use nothing remembered; the bytes are the same.")
@executor_option
@override_options
@date_option
@global_options
def render(where: Where, environments: tuple[str, ...], **given: Any) -> int:
    """Compile ENV, check it, and write its artifacts to dist/ENV as one whole set.

    A wrong render leaves the last good set untouched. Secrets are decrypted by sops with the keys that it finds itself;
    only components that use a secret need a key.
    """
    wanted = wanted_from(given)
    remembering = _remembering(where, wanted, given)
    how = How(**{name: given[name] for name in How._fields})
    check_executor(how.executor, wanted)
    report = Report(where)
    session: Session | None = None
    try:
        session = open_session(where) if how.executor == LOCAL else recording(open_session(where))
        report.session = session
        each = [wanted.but(environment=name) for name in dict.fromkeys(environments)]
        sets, found = _collected(session, each, where, how, remembering)
    except Failed as failed:
        report.add([*(session.findings if session else ()), *failed.diagnostics])
        report.to_stderr()
        return report.code()
    report.add([*session.findings, *found, *session.changed()])
    if report.code(strict=how.strict) == 0:
        report.add(_deliver(session, sets, where, how, remembering))
    if remembering and not report.says_anything(strict=how.strict):
        remembering.keep(session)
    code = report.code(strict=how.strict)
    report.to_stderr(environments, strict=how.strict)
    return code


def _collected(
    session: Session, wanted: Sequence[Wanted], where: Where, how: How, remembering: Remembering | None
) -> tuple[list[RenderedSet], list[Diagnostic]]:
    """The sets of all environments, and what there is to say of them; none of the sets when anything is wrong.

    A rendering is looked at and let go before the next one is made: `map` holds none, as a loop would.
    """
    from cfgc.pipeline.packed import Waiting

    waiting, found = Waiting(), list[Diagnostic]()

    def look(rendering: Rendered) -> None:
        found.extend(rendering.diagnostics)
        if not any(each.is_error for each in found):
            waiting.add(rendering.set)

    def note(rendering: Rendering) -> Rendering:
        if remembering and not rendering.failed:
            remembering.note(session, rendering)
        return rendering

    renderings: Iterable[Rendered]
    if how.executor != LOCAL:
        renderings = render_elsewhere(session, wanted, how.executor, where, sealed=how.sealed)
    else:
        changed = remembering.changed(session, wanted, sealed=how.sealed) if remembering else None
        renderings = map(note, _all_of(session, wanted, sealed=how.sealed) if changed is None else changed)
    deque(map(look, renderings), maxlen=0)
    return waiting.sets, found


def _all_of(session: Session, wanted: Sequence[Wanted], *, sealed: bool) -> Iterable[Rendering]:
    if not wanted[0].components:
        read_ahead(session, [each.environment for each in wanted], partial(_get_ready, session))
    from cfgc.pipeline.render import render_each

    return render_each(session, wanted, sealed=sealed)


def _get_ready(session: Session) -> None:
    """Import and load what comes after reading: it takes as long."""
    for room in ("cfgc.pipeline.render", "cfgc.stages.write", "cfgc.external.git"):
        import_module(room)
    _ = session.schemas, session.policies


def _remembering(where: Where, wanted: Wanted, given: dict[str, Any]) -> Remembering | None:
    """What may be remembered of a render: one that says by files alone what it makes, and writes all of it."""
    before = click.get_current_context().meta.get(BEFORE)
    elsewhere = wanted.overrides or wanted.override_variables or wanted.variables is not None or where.rev
    if (
        not before
        or elsewhere
        or given["executor"] != LOCAL
        or any(given[name] for name in ("no_cache", "force", "check", "stdout"))
    ):
        return None
    from cfgc.cli.remembering import Remembering

    return Remembering(before, where)


def _deliver(
    session: Session, sets: list[RenderedSet], where: Where, how: How, remembering: Remembering | None
) -> list[Diagnostic]:
    """Print, compare or write; nothing was wrong so far."""
    if how.stdout:
        for each in sets:
            _print(each)
        return []
    requests = [request_for(session, each, where, how) for each in sets]
    said = remembering.said() if remembering else {}
    if how.check:
        from cfgc.stages.write.compare import compare_set

        return [difference for request in requests for difference in compare_set(request)]
    from cfgc.stages.write import write_sets

    settled = partial(remembering.look, requests[0].folder) if remembering and requests else _nothing
    outcomes, found = write_sets(requests, settled) if requests else ([], [])
    for outcome in outcomes if not where.quiet else ():
        said[outcome.manifest.environment] = f"{summary_of(outcome, requests[0].folder)}\n"
    sys.stderr.write("".join(said.values()) if not found or outcomes else "")
    return found


def request_for(session: Session, made: RenderedSet, where: Where, how: How | None = None) -> Request:
    """What is asked of the writing stage; without `how`, to write into `dist`."""
    from cfgc.stages.write import Request

    out = str(where.folder / how.out) if how and how.out else os.path.relpath(session.root / "dist")
    _refuse_inputs(session, out)
    return Request(out, made.manifest, made.artifacts, _state_folder(), made.narrowed, bool(how and how.force))


def _refuse_inputs(session: Session, out: str) -> None:
    """Artifacts among the layers would be layer files of the next run."""
    place = Path(out).resolve()
    for folder in ("environments", "schemas", "policies", "templates"):
        if place.is_relative_to(session.root / folder):
            raise click.UsageError(f"`--out {out}` lies in `{folder}/`, which cfgc reads; name a folder outside")


def _state_folder() -> Path:
    """Where the machine's key is kept, by the XDG rules: a relative path does not count."""
    given = os.environ.get("XDG_STATE_HOME", "")
    home = os.path.expanduser("~")
    if os.path.isabs(given):
        return Path(given, "cfgc")
    if os.path.isabs(home):
        return Path(home, ".local", "state", "cfgc")
    raise click.UsageError("this user has no home folder; set `HOME` or `XDG_STATE_HOME` to an absolute path")


def _nothing(_: object) -> None:
    pass


def _print(made: RenderedSet) -> None:
    several = len(made.artifacts) > 1
    for artifact in made.artifacts:
        if several:
            sys.stdout.write(f"# {made.manifest.environment}/{artifact.path}\n")
        sys.stdout.flush()
        sys.stdout.buffer.write(artifact.content)
        if several and artifact.content and not artifact.content.endswith(b"\n"):
            sys.stdout.buffer.write(b"\n")  # the next header begins a line
