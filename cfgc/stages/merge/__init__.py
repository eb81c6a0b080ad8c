"""Layers into one tree, and where every value of it comes from (SPEC section 4)."""

from cfgc.stages.merge.merged import Merged, merge

__all__ = ["Merged", "merge"]
