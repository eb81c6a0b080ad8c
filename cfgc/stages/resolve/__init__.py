"""References: a merged tree -> the resolved tree (SPEC section 5)."""

from cfgc.model.provenance import Hop
from cfgc.stages.resolve.context import Context, SchemeResolver
from cfgc.stages.resolve.resolve import resolve
from cfgc.stages.resolve.resolved import Resolved, Use

__all__ = ["Context", "Hop", "Resolved", "SchemeResolver", "Use", "resolve"]
