"""Nodes of `cfgc.stages.read` -> an outline: for the formats that are read exactly."""

from __future__ import annotations

from cfgc.diagnostics import Diagnostic
from cfgc.reports.scan.outline import Broken, Outline, Path
from cfgc.stages.read.nodes import Mapping, Node, Scalar, content
from cfgc.stages.read.text import Text


def add(root: Node | None, text: Text, outline: Outline) -> None:
    """Note all keys and leaves below a node."""
    waiting: list[tuple[Path, Node]] = [((), root)] if root is not None else []
    while waiting:
        path, node = waiting.pop()
        held = content(node)
        if isinstance(held, Scalar):
            outline.leaf(path, held.text, text.line_of(held.start))
        elif isinstance(held, Mapping):
            below = [((*path, _name(key)), value) for key, value in held.pairs]
            for inner, _ in below:
                outline.key(inner)
            waiting += reversed(below)
        else:
            waiting += reversed([((*path, str(number)), item) for number, item in enumerate(held.items)])


def broken(found: Diagnostic) -> Broken:
    """A finding of an exact reader, whose text is marked as secret, as a problem."""
    line, column = (found.location.line, found.location.column) if found.location else (1, 1)
    return Broken(line or 1, column or 1, found.message)


def _name(key: Node) -> str:
    held = content(key)
    return held.text if isinstance(held, Scalar) else "?"
