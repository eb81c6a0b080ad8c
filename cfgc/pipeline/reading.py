"""Layer files read side by side, while the process that asks gets the rest of the program ready."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from cfgc.external.timing import span
from cfgc.external.workers import side_by_side
from cfgc.pipeline.scope import files_of
from cfgc.pipeline.session import Session

_WORTH = 120
"""Files from which on workers pay: to start one and to hear its answer takes as long as reading some 60."""
_AT_ONCE = 25
"""Files that make one work."""


def read_ahead(session: Session, environments: Iterable[str], meanwhile: Callable[[], object]) -> None:
    """Read what the environments consist of, so that the session has it when it is asked for.

    `meanwhile` is what this process does first. Only what is ordinary is read ahead, from bytes that this process has
    read: whatever is to be said about a file is found when the file is asked for, by this process. Raises `Failed`
    when there is no usable project.
    """
    known = session.project.environments
    wanted = [known[name] for name in environments if name in known]
    files = list(
        {file.path: file for environment in wanted for file in files_of(session.project, environment)}.values()
    )
    if session.processes < 2 or len(files) < _WORTH:
        meanwhile()
        return
    reader = session.reader
    reader.fetch(files)
    slices = [files[at : at + _AT_ONCE] for at in range(0, len(files), _AT_ONCE)]
    works = [partial(reader.ordinary, some) for some in slices]
    with span("read ahead", count=len(files)):
        answers = side_by_side(works, session.processes, meanwhile)
    for some, read in zip(slices, answers, strict=True):
        for file, data in zip(some, read, strict=True):
            if data is not None:
                reader.keep(file, data)
