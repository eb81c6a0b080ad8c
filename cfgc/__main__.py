"""`python -m cfgc` and the `cfgc` program."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line and leave with its exit code (SPEC section 10)."""
    arguments = sys.argv[1:]
    if arguments == ["--version"]:
        from cfgc import __version__

        sys.stdout.write(f"cfgc {__version__}\n")
        sys.exit(0)
    from cfgc.cli.app import run

    sys.exit(run(arguments))


if __name__ == "__main__":
    main()
