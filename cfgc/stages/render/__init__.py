"""The tree into artifacts in memory: emitters and templates (SPEC section 8)."""

from cfgc.stages.render.destination import collisions
from cfgc.stages.render.emit import write_plain
from cfgc.stages.render.emitters import FORMATS
from cfgc.stages.render.explain import explain
from cfgc.stages.render.job import Context, Job, LineSource
from cfgc.stages.render.render import render
from cfgc.stages.render.usage import templates_read_tree, used_templates

__all__ = [
    "FORMATS",
    "Context",
    "Job",
    "LineSource",
    "collisions",
    "explain",
    "render",
    "templates_read_tree",
    "used_templates",
    "write_plain",
]
