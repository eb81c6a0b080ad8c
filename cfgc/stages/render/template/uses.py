"""Which templates look at the whole tree: a render of one component then needs all of it (SPEC section 8)."""

from __future__ import annotations

from collections.abc import Iterable

from cfgc.model.layers import Source
from cfgc.model.project import Output
from cfgc.stages.render.template.files import load


def templates_read_tree(outputs: Iterable[Output], source: Source) -> bool:
    """Whether a template of these outputs, or one that it includes, names `tree`; an unreadable one does not count."""
    waiting = [output.template for output in outputs if output.template is not None]
    if not waiting:
        return False
    texts = load(source).texts
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        reads, included = _uses(texts.get(name, ""))
        if reads or None in included:
            return True
        waiting += [one for one in included if one is not None]
    return False


def _uses(text: str) -> tuple[bool, list[str | None]]:
    """Whether a template names `tree`, and what it includes; none for a name that is computed."""
    from jinja2 import Environment, TemplateSyntaxError, meta

    try:
        parsed = Environment(autoescape=False).parse(text)  # noqa: S701 - parsed, never run
    except (TemplateSyntaxError, RecursionError):
        return False, []
    return "tree" in meta.find_undeclared_variables(parsed), list(meta.find_referenced_templates(parsed))
