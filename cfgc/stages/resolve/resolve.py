"""A merged tree -> the tree with its references resolved (SPEC section 5)."""

from __future__ import annotations

from cfgc.model.values import Tree
from cfgc.stages.resolve.context import Context
from cfgc.stages.resolve.resolved import Resolved


def resolve(tree: Tree, context: Context, *, inert: bool = False) -> Resolved:
    """Resolve every reference, include and runtime variable of a merged tree; the tree itself is not changed.

    A text that cannot be resolved becomes an `Unknown` that holds it, and a finding. An `inert` tree is known to hold
    no reference, and is taken as it is.
    """
    if inert:
        return Resolved(tree, [])
    from cfgc.stages.resolve.settle import settled

    return settled(tree, context)
