"""The cases by their names, in the order of the page. Each measures on a `Ground` and gives an `Outcome`."""

from __future__ import annotations

from collections.abc import Callable

from bench.cases.cold import cold_large, cold_medium, cold_small, growth, memory
from bench.cases.history import history
from bench.cases.scan import scan
from bench.cases.sops import sops
from bench.cases.start import hook, start
from bench.cases.warm import again, component, one_changed
from bench.ground import Ground
from bench.outcome import Outcome

CASES: dict[str, Callable[[Ground], Outcome]] = {
    "start": start,
    "cold-small": cold_small,
    "cold-medium": cold_medium,
    "cold-large": cold_large,
    "memory": memory,
    "growth": growth,
    "again": again,
    "one-changed": one_changed,
    "component": component,
    "hook": hook,
    "sops": sops,
    "history": history,
    "scan": scan,
}
PAGE = tuple(name for name in CASES if name != "cold-small")
"""what `make bench` runs; `cold-small` is there to try the bench itself"""
