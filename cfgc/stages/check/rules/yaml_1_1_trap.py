"""A plain scalar that YAML 1.1 reads as something else than YAML 1.2: `no`, `012`, `1_000`, `12:30`.

Why: cfgc reads YAML 1.2; who wrote it, or the next tool, may think of 1.1.
Fix: quote it, or write the number as it is meant.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfgc.diagnostics import Diagnostic, report
from cfgc.stages.check.rules.estate import Estate

NAME = "yaml-1.1-trap"


def check(estate: Estate) -> Iterator[Diagnostic]:
    """A finding for each such scalar in a layer file that somebody wrote; SOPS files are written by sops."""
    for document in estate.documents():
        if document.file.format != "yaml" or document.file.sops:
            continue
        for trap in estate.traps(document.file.path):
            path = None if document.file.each else (*document.file.at, *trap.path)
            yield report(NAME, at=trap.location, path=path, text=trap.text, means=trap.means, reads=trap.reads)
