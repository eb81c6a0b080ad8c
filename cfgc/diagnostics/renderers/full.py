"""`full`: what went wrong, in the lines that cause it (SPEC section 9)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cfgc.diagnostics.diagnostic import Diagnostic
from cfgc.diagnostics.renderers.columns import marked
from cfgc.diagnostics.renderers.listing import Finding, Listing, counted, shown
from cfgc.diagnostics.renderers.paint import painter
from cfgc.model.location import Location
from cfgc.model.text import inline, printable

_TO_LINE_END = 1 << 30


def render(listing: Listing) -> str:
    """Every finding as a block, then how many there are."""
    findings = listing.findings()
    blocks = ["\n".join(_Block(listing, finding).lines()) for finding in shown(listing, findings)]
    return "\n\n".join([*blocks, summary(listing, findings)]) + "\n"


def summary(listing: Listing, findings: Sequence[Finding]) -> str:
    """How many findings there are, of each severity."""
    counts = counted(findings).items()
    said = [f"{count} {severity}{'s' if count > 1 else ''}" for severity, count in counts if count]
    if listing.quiet_notes and said and said[-1].endswith(("note", "notes")):
        said[-1] += " (-v shows them)"
    names = inline(", ".join(listing.environments))
    return (f"{names}: " if names else "") + (", ".join(said) or "no findings")


class _Block:
    """One finding."""

    def __init__(self, listing: Listing, finding: Finding) -> None:
        self._listing = listing
        self._finding = finding
        self._paint = painter(color=listing.color)
        self._found: Diagnostic = finding.diagnostic
        places = [self._found.location, *(other.location for other in self._found.related)]
        self._digits = len(str(max((place.line for place in places if place), default=0)))

    def lines(self) -> Iterator[str]:
        found, severity = self._found, str(self._found.severity)
        head = self._paint(severity, f"{severity}[{found.code}]")
        name = self._paint("strong", f"{found.name}: {found.message}")
        yield from f"{head} {name}".split("\n")
        yield from self._primary(found, severity)
        for other in found.related:
            yield self._gutter(":::") + " " + inline(str(other.location))
            yield from self._frame(other.location, other.message, "other", "-")
        if where := self._listing.where(self._finding):
            yield from self._remark("note", f"in {where}")
        for note in found.notes:
            yield from self._remark("note", note)
        if found.help:
            yield from self._remark("help", found.help)

    def _primary(self, found: Diagnostic, severity: str) -> Iterator[str]:
        path = self._finding.path
        if found.location is None:
            if path:
                yield f"{self._gutter('-->')} {path}"
            return
        place = inline(str(found.location))
        yield f"{self._gutter('-->')} {place}" + (f"     {path}" if path else "")
        yield from self._frame(found.location, found.label, severity, "^")

    def _frame(self, at: Location, label: str, style: str, mark: str) -> Iterator[str]:
        """The line with its span underlined; of a line that is not to be shown, the label alone."""
        line = self._listing.quote(at.file, at.line) if at.line and self._found.quotable else None
        if line is None:
            if label:
                yield f"{self._bar()} {self._paint(style, label)}"
            return
        end = at.end_column - 1 if at.end_line == at.line else _TO_LINE_END if at.end_line else at.column
        room = max(self._listing.width - self._digits - 4, 20)
        text, column, length = marked(line.rstrip(), at.column - 1, end, room)
        yield self._bar()
        yield self._paint("gutter", f" {at.line:>{self._digits}} |") + (f" {text}" if text else "")
        under = mark * max(length, 1) + (f" {label}" if label else "")
        yield f"{self._bar()} {' ' * column}{self._paint(style, under)}"

    def _remark(self, word: str, text: str) -> Iterator[str]:
        first, *rest = printable(text).split("\n")
        prefix = " " * (self._digits + 2)
        yield f"{prefix}{self._paint('gutter', '=')} {self._paint('strong', word)}: {first}"
        for line in rest:
            yield f"{prefix}  {' ' * (len(word) + 2)}{line}"

    def _bar(self) -> str:
        return self._paint("gutter", " " * (self._digits + 2) + "|")

    def _gutter(self, arrow: str) -> str:
        return self._paint("gutter", " " * (self._digits + 1) + arrow)
