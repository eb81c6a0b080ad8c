"""JavaScript: all that TypeScript has but its types, so that fewer sources are worth parsing."""

from __future__ import annotations

from cfgc.reports.scan.code.script import READS, find

KEYWORDS = READS

__all__ = ["KEYWORDS", "find"]
