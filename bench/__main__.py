"""`python -m bench`: makes fleets, runs cfgc and its peers in turn, checks that values agree, prints medians, ratios.

Exit code 1 when values disagree, and with `--check` when a committed figure is missed by more than a fifth.
"""

from __future__ import annotations

import argparse
import json
import sys

from bench.cases import CASES, PAGE
from bench.figures import check
from bench.fleet import SIZES, VARIANTS
from bench.ground import Ground
from bench.machine import facts
from bench.page import write
from bench.report import Report, head, table


def main() -> int:
    options = _options()
    if options.check or options.figures:
        return check(write=options.figures)
    machine = facts()
    show = print if options.format == "table" else _nothing
    show(head(machine))
    outcomes = []
    with Ground(options.rounds, SIZES[options.fleet], options.variant) as ground:
        for name in options.case or PAGE:
            print(f"{name} ...", file=sys.stderr)
            outcomes.append(CASES[name](ground))
            show(table(outcomes[-1]), flush=True)
    report = Report(machine, options.rounds, outcomes)
    if options.write:
        write(report)
    if options.format == "json":
        print(json.dumps(report.as_data(), indent=2))
    return int(bool(report.wrong))


def _nothing(*_words: object, **_how: object) -> None:
    pass


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--case", choices=CASES, action="append", help="run only this one; several times for several")
    parser.add_argument("--fleet", choices=SIZES, default="large", help="the fleet of the cases that name none")
    parser.add_argument("--variant", choices=VARIANTS, help="what fleets hold, in place of each case's own choice")
    parser.add_argument("--rounds", type=int, default=7, help="measured rounds after one warm-up")
    parser.add_argument("--format", choices=["table", "json"], default="table")
    parser.add_argument("--write", action="store_true", help="write the tables and the chart of docs/benchmarks.md")
    parser.add_argument("--check", action="store_true", help="compare with the committed figures, and do nothing else")
    parser.add_argument("--figures", action="store_true", help="write the figures to compare with, and do nothing else")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
