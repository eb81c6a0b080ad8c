"""Artifacts -> `dist/ENV` and its manifest: the only stage that touches the disk."""

from cfgc.stages.write.compare import compare_set
from cfgc.stages.write.outcome import Outcome, Request
from cfgc.stages.write.write import write_set

__all__ = ["Outcome", "Request", "compare_set", "write_set"]
