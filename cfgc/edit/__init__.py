"""Writing back: changes of effective values -> edits of layer files, proved in memory, then written.

`plan_edits` makes the edits of a list of `Change`, `prove` checks every environment that would see them, `write` puts
them on the disk. `promote` plans the values of one environment for another.
"""

from cfgc.edit.as_source import as_source
from cfgc.edit.change import FALL_BACK, REMOVE, Change, FileEdit, Placed, Plan, Replace, Target
from cfgc.edit.difference import unified
from cfgc.edit.overlay import Overlay
from cfgc.edit.plan import plan_edits
from cfgc.edit.promote import promote
from cfgc.edit.prove import Proof, prove
from cfgc.edit.write import write

__all__ = [
    "FALL_BACK",
    "REMOVE",
    "Change",
    "FileEdit",
    "Overlay",
    "Placed",
    "Plan",
    "Proof",
    "Replace",
    "Target",
    "as_source",
    "plan_edits",
    "promote",
    "prove",
    "unified",
    "write",
]
