"""Programs that must not outlive us, whatever ends us (THREATS K05): a SIGKILL leaves no time to end them ourselves.

The kernel of Linux could send them a signal when their parent dies, but only they themselves can ask for it, and other
systems know no such thing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

_WATCH = 'read -r _; kill -KILL "-$1"'
"""Waits for the end of a pipe that only we hold, and ends a process group then."""


@contextmanager
def guard(group: int) -> Iterator[None]:
    """Ends the processes of a group when we die inside of the context.

    A program that starts before its guard has got nothing of its input, should we die in between.
    """
    import subprocess

    try:
        watch = subprocess.Popen(  # noqa: S603 -- a constant script, and a number that it takes for nothing else
            ["/bin/sh", "-c", _WATCH, "sh", str(group)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={},
            start_new_session=True,
        )
    except OSError:  # an image without a shell: a program that hangs there is for its owner to find
        yield
        return
    with watch:
        try:
            yield
        finally:
            watch.kill()
