"""What was measured, as a table and as data, and which promises it keeps (SPEC section 11)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

OURS = "cfgc"
CLICK = "import click"
START_LIMIT = 1.5
"""how many times `import click` a start may cost"""
NEEDED = {"plain script": 3.0, "kubectl kustomize": 5.0, "himl": 10.0}
"""how many times faster than a peer cfgc has to be"""


@dataclass(frozen=True)
class Row:
    """One contestant: medians of the seconds on the clock and of the processor, and its largest memory."""

    name: str
    seconds: float
    processor: float
    peak_mib: float


@dataclass(frozen=True)
class Report:
    """One run."""

    machine: Mapping[str, str]
    fleet: str
    start: Sequence[Row]
    render: Sequence[Row]
    agree: bool

    def missed(self) -> list[str]:
        """The promises that are not kept, in words."""
        click, ours = _named(self.start, CLICK), _named(self.render, OURS)
        slow = [
            f"{row.name} costs {row.seconds / click.seconds:.2f} times `{CLICK}`, more than {START_LIMIT}"
            for row in self.start
            if row.seconds > START_LIMIT * click.seconds
        ]
        return slow + [
            f"{row.name} takes {row.seconds / ours.seconds:.2f} times as long as cfgc, less than {NEEDED[row.name]}"
            for row in self.render
            if row.seconds < NEEDED.get(row.name, 0) * ours.seconds
        ]

    def as_data(self) -> dict[str, Any]:
        return {**asdict(self), "missed": self.missed()}


def table(report: Report) -> str:
    """The report for a terminal."""
    verdict = "values agree" if report.agree else "VALUES DISAGREE"
    lines = [
        *(f"{name}: {text}" for name, text in report.machine.items()),
        "",
        *_lines("start", report.start, CLICK),
        "",
        *_lines(f"cold render, fleet `{report.fleet}`, {verdict}", report.render, OURS),
        "",
        *(f"missed: {text}" for text in report.missed()),
    ]
    return "\n".join(lines).rstrip() + "\n"


def _lines(title: str, rows: Sequence[Row], base: str) -> list[str]:
    one = _named(rows, base).seconds
    head = f"{title:<52}{'clock':>9}{'processor':>12}{'memory':>10}{f'x {base}':>16}"
    body = [
        f"  {row.name:<50}{row.seconds * 1000:6.0f} ms{row.processor * 1000:9.0f} ms"
        f"{row.peak_mib:6.0f} MiB{row.seconds / one:16.2f}"
        for row in rows
    ]
    return [head, *body]


def _named(rows: Sequence[Row], name: str) -> Row:
    return next(row for row in rows if row.name == name)
