"""From which variables the fields of pydantic settings come."""

from __future__ import annotations

from collections.abc import Iterator

from cfgc.reports.scan.grammar import Node, literal, matches, text_of

_PREFIX = """
(keyword_argument name: (identifier) @name value: (_) @value (#eq? @name "env_prefix"))
(assignment left: (identifier) @name right: (_) @value (#eq? @name "env_prefix"))
(pair key: (string (string_content) @name) value: (_) @value (#eq? @name "env_prefix"))
"""


def prefix_of(settings: Node) -> str | None:
    """`env_prefix` of a class, whatever form it is given in; none where the class itself says nothing."""
    for match in matches(settings, "python", _PREFIX):
        return literal(match["value"][0]) or ""
    return None


def variables_of(field: Node) -> list[str]:
    """The variables that a field names itself: `Field(validation_alias="PORT")`; prefixes do not go before them."""
    value = field.child_by_field_name("right")
    arguments = value.child_by_field_name("arguments") if value is not None and value.type == "call" else None
    given = {
        text_of(each.child_by_field_name("name")): each.child_by_field_name("value")
        for each in (arguments.named_children if arguments is not None else ())
        if each.type == "keyword_argument"
    }
    named = next((given[name] for name in ("validation_alias", "env", "alias") if name in given), None)
    return [name for name in _literals(named) if name] if named is not None else []


def _literals(node: Node) -> Iterator[str]:
    """A text, or the texts of `AliasChoices(...)` or a list."""
    if node.type == "string":
        yield literal(node) or ""
    for child in (node.child_by_field_name("arguments") or node).named_children if node.type != "string" else ():
        if child.type == "string":
            yield literal(child) or ""
