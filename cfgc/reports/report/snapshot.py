"""One content of a project -> its `Snapshot`: everything that a report says of a day without looking back."""

from __future__ import annotations

from cfgc.diagnostics import Severity
from cfgc.model.keypath import show
from cfgc.pipeline.render import inputs_of
from cfgc.reports.report import health
from cfgc.reports.report.asked import Asked, Ground
from cfgc.reports.report.lacking import gaps
from cfgc.reports.report.model import Snapshot
from cfgc.reports.report.people import owners, waivers
from cfgc.reports.report.secrets import secret_files
from cfgc.reports.report.sources import inventory
from cfgc.reports.report.validation import listed, model_errors, states


def take(ground: Ground, asked: Asked) -> Snapshot:
    """The snapshot, sealed: no key is needed. Raises `Failed` where there is no project to read."""
    side = ground.side
    told = listed(side)
    lacking = gaps(ground, asked)
    sealed = secret_files(ground, asked)
    waived = waivers(side, asked)
    environments = states(side)
    found = tuple(each for each in told if each.severity is not Severity.NOTE)
    components = {show(path) for one in side.examined.compiled.values() for path in one.components}
    parts = (
        health.valid(environments),
        health.warnings(found, environments, components),
        health.gaps(lacking, components),
        health.described(lacking),
        health.secrets(sealed, lacking),
        health.waivers(waived),
    )
    return Snapshot(
        project=side.session.project.name,
        date=asked.today.isoformat(),
        commit=side.commit,
        clean=_clean(ground),
        environments=environments,
        findings=found,
        model_errors=model_errors(side.session.findings),
        gaps=lacking,
        inventory=inventory(ground, asked),
        secrets=sealed,
        waivers=waived,
        owners=owners(ground, found, lacking, waived),
        health=health.health(parts),
    )


def _clean(ground: Ground) -> bool:
    """Whether what was read is exactly the commit's; never where no commit is named."""
    side = ground.side
    if not side.commit:
        return False
    if side.is_commit:
        return True
    inputs: dict[str, str] = {}
    for one in side.examined.compiled.values():
        inputs.update(inputs_of(side.session, one))
    return side.session.revision(inputs).clean
