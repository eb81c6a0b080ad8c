"""Layers into one tree, and where every value of it comes from (SPEC section 4)."""

from cfgc.stages.merge.lives import Fate
from cfgc.stages.merge.merged import Merged, merge
from cfgc.stages.merge.overridden import Overridden
from cfgc.stages.merge.overrides import match_override, option_override, split_option, variable_override

__all__ = [
    "Fate",
    "Merged",
    "Overridden",
    "match_override",
    "merge",
    "option_override",
    "split_option",
    "variable_override",
]
