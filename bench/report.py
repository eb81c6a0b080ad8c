"""What was measured, as a table for a terminal, as Markdown for the page, and as data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bench.outcome import Outcome, Promise


@dataclass(frozen=True)
class Report:
    """One run."""

    machine: Mapping[str, str]
    rounds: int
    outcomes: Sequence[Outcome]

    @property
    def promises(self) -> list[tuple[Outcome, Promise]]:
        return [(outcome, promise) for outcome in self.outcomes for promise in outcome.promises]

    @property
    def missed(self) -> list[Promise]:
        return [promise for _, promise in self.promises if not promise.kept]

    @property
    def wrong(self) -> list[str]:
        return [text for outcome in self.outcomes for text in outcome.wrong]

    def as_data(self) -> dict[str, Any]:
        cases = [outcome.as_data() for outcome in self.outcomes]
        return {"machine": dict(self.machine), "rounds": self.rounds, "cases": cases}


def head(machine: Mapping[str, str]) -> str:
    """What a reader has to know first."""
    return "\n".join(f"{name}: {text}" for name, text in machine.items())


def table(outcome: Outcome) -> str:
    """A case for a terminal, an empty line before it."""
    return "\n".join(["", *_lines(outcome)])


def _lines(outcome: Outcome) -> Iterator[str]:
    one = outcome.row(outcome.base)
    yield f"{outcome.case}: {outcome.title}"
    yield f"  {'':<52}{'clock':>10}{'processor':>12}{'memory':>10}{'by clock':>10}{'by processor':>14}"
    for row in outcome.rows:
        name = row.name if len(row.name) <= 50 else f"{row.name[:47]}..."
        yield (
            f"  {name:<52}{seconds(row.clock):>10}{seconds(row.processor):>12}{row.memory:6.0f} MiB"
            f"{row.clock / one.clock:10.2f}{row.processor / one.processor:14.2f}"
        )
    yield from (f"  {'kept  ' if promise.kept else 'MISSED'} {promise}" for promise in outcome.promises)
    yield from (f"  {note}" for note in outcome.notes)
    yield from (f"  WRONG: {text}" for text in outcome.wrong)


def markdown(report: Report) -> str:
    """The report for `docs/benchmarks.md`."""
    machine = "; ".join(f"{name} {text}" if name == "python" else text for name, text in report.machine.items())
    parts = [f"{machine}. {report.rounds} rounds, three of what takes more than two seconds.", "", *_promised(report)]
    for outcome in report.outcomes:
        parts += [
            "",
            f"### {outcome.case}",
            "",
            f"`python -m bench --case {outcome.case}`: {outcome.title}.",
            "",
            *_rows(outcome),
        ]
        parts += [f"\n{note[0].upper()}{note[1:]}." for note in (*outcome.notes, *outcome.wrong)]
    return "\n".join(parts) + "\n"


def _promised(report: Report) -> Iterator[str]:
    yield "| case | what | reached | promised | |"
    yield "|---|---|---|---|---|"
    for outcome, promise in report.promises:
        limit = f"at {promise.at} {promise.needed:.4g} {promise.unit}"
        verdict = "kept" if promise.kept else "**missed**"
        yield f"| {outcome.case} | {promise.what} | {promise.reached:.3g} {promise.unit} | {limit} | {verdict} |"


def _rows(outcome: Outcome) -> Iterator[str]:
    one = outcome.row(outcome.base)
    yield "| | clock | processor | memory | by clock | by processor |"
    yield "|---|---|---|---|---|---|"
    for row in outcome.rows:
        yield (
            f"| {_quoted(row.name)} | {seconds(row.clock)} | {seconds(row.processor)} | {row.memory:.0f} MiB "
            f"| {row.clock / one.clock:.2f} | {row.processor / one.processor:.2f} |"
        )


def _quoted(name: str) -> str:
    return f"`{name}`" if name.startswith(("cfgc ", "python ")) else name


def seconds(value: float) -> str:
    """A time with two or three digits that say something."""
    return f"{value * 1000:.0f} ms" if value < 2 else f"{value:.2f} s" if value < 10 else f"{value:.1f} s"
