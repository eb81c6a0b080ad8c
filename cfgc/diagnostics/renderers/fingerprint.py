"""What tells a finding from others, from one revision to the next: neither its line nor the environments count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from hashlib import sha256

from cfgc.diagnostics.renderers.listing import Finding


def fingerprints(findings: Sequence[Finding]) -> list[str]:
    """One hexadecimal text a finding, all different; findings that look the same are counted in their order."""
    seen: Counter[str] = Counter()
    made: list[str] = []
    for finding in findings:
        found = finding.diagnostic
        key = "\0".join((found.code, finding.file, finding.path, found.component, found.message))
        seen[key] += 1
        made.append(sha256(f"{key}\0{seen[key]}".encode()).hexdigest()[:40])
    return made
