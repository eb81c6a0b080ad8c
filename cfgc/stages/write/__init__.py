"""Artifacts -> `dist/ENV` and its manifest: the only stage that touches the disk."""

from cfgc.stages.write.outcome import Outcome, Request
from cfgc.stages.write.write import write_set, write_sets

__all__ = ["Outcome", "Request", "write_set", "write_sets"]
