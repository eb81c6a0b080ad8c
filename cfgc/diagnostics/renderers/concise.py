"""`concise`: one line a finding, as compilers print for editors."""

from __future__ import annotations

from cfgc.diagnostics.renderers.listing import Finding, Listing, one_line, shown
from cfgc.model.text import inline


def render(listing: Listing) -> str:
    """`file:line:col: severity[CODE] message`, and the environments where not all are concerned."""
    return "".join(f"{_line(listing, finding)}\n" for finding in shown(listing, listing.findings()))


def _line(listing: Listing, finding: Finding) -> str:
    found = finding.diagnostic
    place = inline(str(found.location)) if found.location else finding.path or "cfgc"
    where = listing.where(finding)
    suffix = f" (in {where})" if where and where != "every environment" else ""
    return one_line(f"{place}: {found.severity}[{found.code}] {found.message}{suffix}")
