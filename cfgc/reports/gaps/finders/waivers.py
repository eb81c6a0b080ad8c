"""Waivers near their end, and behind it."""

from __future__ import annotations

from collections.abc import Iterator

from cfgc.diagnostics import Severity
from cfgc.model.keypath import show
from cfgc.reports.gaps.estate import Estate
from cfgc.reports.gaps.gap import Gap, gap


def find(estate: Estate) -> Iterator[Gap]:
    """A warning in the days before the end, an error once it has run out."""
    policies = estate.session.policies
    for waiver in policies.waivers if policies else ():
        concerned = tuple(name for name in estate.compiled if waiver.concerns(name))
        left = (waiver.until - estate.asked.today).days
        if not concerned or left > estate.asked.notice:
            continue
        component = show(waiver.component)
        when = f"{'ran' if left < 0 else 'runs'} out on {waiver.until}"
        yield gap(
            "waiver-ending",
            f"{waiver.policy} for {component}",
            f"the waiver of `{waiver.policy}` for `{component}` {when}; it belongs to `{waiver.owner}`",
            component=component,
            severity=Severity.ERROR if left < 0 else Severity.WARNING,
            environments=concerned if waiver.environment else (),
            location=estate.session.locator.value(waiver.place.file, (*waiver.place.path, "until")),
        )
