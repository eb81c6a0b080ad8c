"""`python -m cfgc` and the `cfgc` program."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress
from typing import NoReturn


def main() -> NoReturn:
    """Run the command line and leave with its exit code (SPEC section 10)."""
    gc.disable()  # a short life with large trees: collecting them costs more than keeping them
    arguments = sys.argv[1:]
    if arguments == ["--version"]:
        from cfgc import __version__

        sys.stdout.write(f"cfgc {__version__}\n")
        sys.exit(0)
    from cfgc.cli.app import run

    code = run(arguments)
    with suppress(OSError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)  # to give every object back by itself would cost a tenth of a render


if __name__ == "__main__":
    main()
