"""Writes the tables of docs/benchmarks.md between its markers, and the chart beside it."""

from __future__ import annotations

import re
from pathlib import Path

from bench.chart import svg
from bench.report import Report, markdown

DOCS = Path(__file__).parent.parent / "docs"
_TABLES = re.compile(r"(<!-- bench: written by `make bench` -->\n).*?(<!-- bench: end -->)", re.DOTALL)


def write(report: Report, docs: Path = DOCS) -> None:
    """Put a report into the page; what stands outside of the markers stays."""
    page = docs / "benchmarks.md"
    text = page.read_text()
    if not _TABLES.search(text):
        raise SystemExit(f"{page} has no markers to write between")
    page.write_text(_TABLES.sub(lambda found: f"{found[1]}\n{markdown(report)}\n{found[2]}", text))
    (docs / "benchmarks.svg").write_text(svg(report))
