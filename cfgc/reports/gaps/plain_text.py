"""The secrets that stand in plain text in some environments, for pages that show values."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from datetime import date

from cfgc.pipeline.compile import Compiled
from cfgc.pipeline.session import Session
from cfgc.reports.gaps.bare import Bare
from cfgc.reports.gaps.estate import Asked, Estate
from cfgc.reports.gaps.finders import checks


def estate_of(session: Session, compiled: Sequence[Compiled], today: date = date.min) -> Estate:
    """The environments, all secrets in plain text found. Whether one is a secret no day decides."""
    by_name = {each.environment.name: each for each in compiled}
    estate = Estate(session, by_name, Asked(tuple(by_name), today))
    deque(checks.find(estate), maxlen=0)  # as they are found, they are remembered
    return estate


def bare_of(session: Session, compiled: Sequence[Compiled]) -> Bare:
    """What no page may repeat."""
    return estate_of(session, compiled).bare
