"""What the templates of some outputs use, told without running them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from cfgc.model.layers import Source
from cfgc.model.project import Output
from cfgc.stages.render.template.files import load, reachable

_TREE = re.compile(r"\btree\b")


def reading_tree(outputs: Iterable[Output], source: Source) -> frozenset[str]:
    """Those templates of these outputs that may look at `tree`, and so at every component."""
    names = {output.template for output in outputs if output.template is not None}
    templates = load(source) if names else None
    return frozenset(
        name for name in names if templates and any(map(_TREE.search, reachable([name], templates).values()))
    )


def used_templates(outputs: Iterable[Output], source: Source) -> frozenset[str]:
    """The names inside `templates/` that these outputs use, directly or through another template."""
    names = [output.template for output in outputs if output.template is not None]
    return frozenset(reachable(names, load(source))) if names else frozenset()
