"""`python -m cfgc` and the `cfgc` program."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from cfgc.cli.again import Before, Here


def main() -> NoReturn:
    """Run the command line and leave with its exit code (SPEC section 10)."""
    gc.disable()  # a short life with large trees: collecting them costs more than keeping them
    if sys.stdin is None or sys.stdout is None or sys.stderr is None:
        _open_standard_streams()
    arguments = sys.argv[1:]
    if arguments == ["--version"]:
        from cfgc import __version__

        with suppress(OSError):  # what can't be written is said below
            sys.stdout.write(f"cfgc {__version__}\n")
            sys.stdout.flush()
            sys.exit(0)
    code = _run(arguments)
    with suppress(OSError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)  # to give every object back by itself would cost a tenth of a render


def _run(arguments: list[str]) -> int:
    """The exit code of a command line. A render that was done, and of which nothing has changed since, is not done."""
    before: Before | Here | None = None
    if "render" in arguments:
        from cfgc.cli.again import Before, here, recall

        place = here([word for word in arguments if word != "--profile"])
        known = recall(place) if place else None
        timed = "--profile" in arguments or "CFGC_TRACE" in os.environ
        if known and known.said is not None and not timed:
            with suppress(OSError):
                sys.stderr.write(known.said)
            return 0
        before = Before(place, known) if place else None
    elif "--staged" in arguments:
        from cfgc.cli.staged import answer, place_of

        before = place_of(arguments)
        said = answer(before) if before else None
        if said is not None and _said(said):
            return 0
    from cfgc.cli.app import run

    return run(arguments, before)


def _said(text: str) -> bool:
    """Whether a text could be written to standard output."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError:
        return False
    return True


def _open_standard_streams() -> None:
    """Give a process that was started with closed streams its three: a file must never get their numbers.

    Writing to a standard output that was closed fails, as it does for every program; what was meant for a closed
    standard error is dropped.
    """
    while (number := os.open(os.devnull, os.O_RDWR)) < 3:
        pass
    os.close(number)
    if sys.stdout is None:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 1)
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 -- for the whole life
    if sys.stderr is None:
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115


if __name__ == "__main__":
    main()
