"""What was written, held against what was wanted: by the digests of the sealed forms, as the manifest says them."""

from __future__ import annotations

from cfgc.diagnostics import Diagnostic, report
from cfgc.history.rollback.plan import Plan
from cfgc.model.manifest import Manifest
from cfgc.stages.write.current import digest


def proved(manifest: Manifest, plan: Plan) -> list[Diagnostic]:
    """Errors for artifacts that a written manifest describes otherwise than the goal's would."""
    wanted = {path: digest(each.sealed) for path, each in plan.wanted.items()}
    written = {
        entry.path: entry.digest
        for entry in manifest.artifacts
        if plan.components is None or entry.component in plan.components
    }
    return [
        report("rollback-not-proved", environment=plan.request.environment, file=path, goal=plan.goal[:12])
        for path in sorted({**wanted, **written})
        if wanted.get(path) != written.get(path)
    ]
