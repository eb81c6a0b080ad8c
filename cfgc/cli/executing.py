"""`--executor`: where the environments of a command are rendered."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

from cfgc.cli.options import Where
from cfgc.pipeline.session import Session
from cfgc.pipeline.wanted import Wanted

if TYPE_CHECKING:
    from cfgc.pipeline.spread.gather import Rendered

F = TypeVar("F", bound=Callable[..., Any])

LOCAL = "local"
_SCHEMES = ("tcp://", "tls://")

executor_option = click.option(
    "--executor",
    metavar="ADDRESS",
    default=LOCAL,
    help="Render on the workers of a Dask scheduler, such as `tls://dask:8786`; `local`: here.",
)


def check_executor(address: str, wanted: Wanted) -> None:
    """Refuse what is no address, and what only this machine can know."""
    if address != LOCAL and not address.startswith(_SCHEMES):
        raise click.UsageError(f"`--executor {address}` is neither `local` nor begins with `tcp://` or `tls://`")
    if address != LOCAL and wanted.variables is not None:
        raise click.UsageError("`--resolve-env` and `--executor` exclude each other: variables stay on this machine")


def recording(session: Session) -> Session:
    """The same session, not used yet, with a source that notes what it answers."""
    from cfgc.external.recorded import Recorder

    return Session(Recorder(session.source), session.root, processes=session.processes)


def render_elsewhere(
    session: Session, wanted: Sequence[Wanted], address: str, where: Where, *, sealed: bool
) -> Iterable[Rendered]:
    """All environments in their order, rendered by workers; here what these leave. Raises `Failed`."""
    from cfgc.external.executors import hired
    from cfgc.pipeline.spread.gather import Spread, gather, render_spread

    _ = session.schemas, session.policies  # what is wrong with the project is said before anybody is asked
    with hired(address, revealed=not sealed) as hands:
        answers = gather(session, wanted, Spread(address, *hands), sealed=sealed)
    left = len(wanted) - len(answers)
    if left and not where.quiet:
        sys.stderr.write(f"{address}: {left} of {len(wanted)} environments are rendered here\n")
    return render_spread(session, wanted, answers, sealed=sealed)
