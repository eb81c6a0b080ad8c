"""`cfgc.yaml` and names of files -> what there is to compile: environments, layers, components, outputs (SPEC 2).

Only `cfgc.yaml` is read; of layer files nothing but the list is looked at.
"""

from cfgc.stages.discover.components import (
    check_components,
    component_holding,
    components_of,
    matches,
    select_components,
)
from cfgc.stages.discover.discover import discover, select_environments
from cfgc.stages.discover.new_file import new_file
from cfgc.stages.discover.outputs import check_outputs, check_unmatched, outputs_for, outputs_for_environment
from cfgc.stages.discover.places import placed
from cfgc.stages.discover.schema import settings_schema

__all__ = [
    "check_components",
    "check_outputs",
    "check_unmatched",
    "component_holding",
    "components_of",
    "discover",
    "matches",
    "new_file",
    "outputs_for",
    "outputs_for_environment",
    "placed",
    "select_components",
    "select_environments",
    "settings_schema",
]
