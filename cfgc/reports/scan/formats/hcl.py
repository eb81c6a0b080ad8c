"""HCL, as Terraform, Packer, Nomad and Vault write it: a block is a key for its type and each of its labels."""

from __future__ import annotations

from cfgc.reports.scan.grammar import Node, first_error, line_of, literal, parse, text_of
from cfgc.reports.scan.outline import Broken, Outline, Path, check_depth


def read(text: str, outline: Outline) -> None:
    """The outline; raises `MissingGrammar`. An attribute is a leaf with the source of its expression."""
    root = parse(text, "hcl")
    waiting: list[tuple[Path, Node]] = [((), root)]
    while waiting:
        path, node = waiting.pop()
        if node.type == "attribute":
            _attribute(path, node, outline)
            continue
        inner = _block(path, node, outline) if node.type == "block" else path
        check_depth(inner, line_of(node), 1)
        waiting += [(inner, child) for child in reversed(node.named_children) if child.type in _OUTER]
    wrong = first_error(root)
    if wrong is not None:
        line, column = wrong.start_point
        raise Broken(line + 1, column + 1, "something is missing here" if wrong.is_missing else "this is not HCL")


_OUTER = frozenset(("body", "block", "attribute"))


def _block(path: Path, node: Node, outline: Outline) -> Path:
    for child in node.named_children:
        if child.type in ("identifier", "string_lit"):
            path = (*path, text_of(child).strip('"'))
    outline.key(path)
    outline.top[path[0]] = None
    return path


def _attribute(path: Path, node: Node, outline: Outline) -> None:
    name, value = node.named_children[0], node.named_children[-1]
    here = (*path, text_of(name))
    outline.key(here)
    outline.leaf(here, _value(value), line_of(value))
    objects = [value]
    while objects:
        inner = objects.pop()
        if inner.type == "object_elem":
            _element(here, inner, outline)
        elif inner.type in ("expression", "collection_value", "object", "tuple", "function_call", "function_arguments"):
            objects += reversed(inner.named_children)


def _element(path: Path, node: Node, outline: Outline) -> None:
    """A pair of an object: its key stands below the attribute, however deep the object lies in it."""
    key, value = node.child_by_field_name("key"), node.child_by_field_name("val")
    if key is not None and value is not None:
        inner = (*path, text_of(key).strip('"'))
        outline.key(inner)
        outline.leaf(inner, _value(value), line_of(value))


def _value(expression: Node) -> str:
    """A text without its quotes; of any other expression the source."""
    node = expression
    while node.type in ("expression", "literal_value") and node.named_child_count == 1:
        node = node.named_children[0]
    text = literal(node) if node.type == "string_lit" else None
    return text_of(expression) if text is None else text
