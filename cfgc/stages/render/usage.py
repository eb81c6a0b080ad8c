"""What the templates of some outputs use, told without running them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from cfgc.model.layers import Source
from cfgc.model.project import Output
from cfgc.stages.render.template.files import load, reachable

_TREE = re.compile(r"\btree\b")


def templates_read_tree(outputs: Iterable[Output], source: Source) -> bool:
    """Whether a template of these outputs may look at `tree`, and so at every component."""
    names = [output.template for output in outputs if output.template is not None]
    return bool(names) and any(_TREE.search(text) for text in reachable(names, load(source)).values())


def used_templates(outputs: Iterable[Output], source: Source) -> frozenset[str]:
    """The names inside `templates/` that these outputs use, directly or through another template."""
    names = [output.template for output in outputs if output.template is not None]
    return frozenset(reachable(names, load(source))) if names else frozenset()
