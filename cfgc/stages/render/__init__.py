"""The tree into artifacts in memory: emitters and templates (SPEC section 8)."""

from cfgc.stages.render.destination import collisions
from cfgc.stages.render.job import Context, Job
from cfgc.stages.render.render import render, write_ahead

__all__ = ["Context", "Job", "collisions", "render", "write_ahead"]
