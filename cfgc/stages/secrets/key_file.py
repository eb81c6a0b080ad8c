"""The age key file of this run: is it kept as a key should be? (THREATS C11)

A key that says in its own words that it is public guards nothing, so nothing is asked of its place and its mode; what
it opens is named as public instead.
"""

from __future__ import annotations

from pathlib import Path

from cfgc.diagnostics import Diagnostic, report
from cfgc.external.keyfile import age_key_file


def check_key_file(project: Path | None) -> list[Diagnostic]:
    """Warnings about a key file that others can read or that stands inside the project; a note about a public one."""
    key = age_key_file(project)
    if key is None:
        return []
    if key.public:
        return [report("public-key-file", file=key.path)]
    if key.inside:
        return [report("key-file-in-project", file=key.path)]
    if key.open_to_others:
        return [report("exposed-key-file", file=key.path)]
    return []
