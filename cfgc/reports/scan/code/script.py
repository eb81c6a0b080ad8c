"""TypeScript and JavaScript: types and zod schemas of configuration, `process.env` and its kin."""

from __future__ import annotations

from collections.abc import Iterator

from cfgc.reports.scan.code.findings import Findings, named_like_config
from cfgc.reports.scan.grammar import Node, line_of, literal, matches, text_of

KEYWORDS = (b"process.env", b"import.meta.env", b"Deno.env", b"Bun.env", b"onfig", b"ettings", b"Env", b"ptions")

_READS = """
(member_expression object: (_) @object property: (property_identifier) @name
  (#any-of? @object "process.env" "import.meta.env" "Bun.env"))
(subscript_expression object: (_) @object index: (_) @variable
  (#any-of? @object "process.env" "import.meta.env" "Bun.env"))
(call_expression function: (_) @object arguments: (arguments . (_) @variable)
  (#any-of? @object "Deno.env.get"))
(variable_declarator name: (object_pattern) @taken value: (_) @object
  (#any-of? @object "process.env" "import.meta.env" "Bun.env"))
(variable_declarator name: (identifier) @schema
  value: (call_expression function: (_) @object arguments: (arguments . (object) @body))
  (#any-of? @object "z.object" "z.strictObject" "Joi.object" "yup.object"))
"""
_TYPES = """
(interface_declaration name: (type_identifier) @type body: (_) @body)
(type_alias_declaration name: (type_identifier) @type value: (object_type) @body)
(class_declaration name: (type_identifier) @type body: (class_body) @body)
"""
_TAKEN = frozenset(("shorthand_property_identifier_pattern", "pair_pattern", "object_assignment_pattern"))


def find(root: Node, language: str) -> Findings:
    """Types count where their name says that they are configuration."""
    found = Findings()
    for match in matches(root, language, _READS if language == "javascript" else f"{_READS}{_TYPES}"):
        if "name" in match:
            found.read(text_of(match["name"][0]), line_of(match["name"][0]))
        elif "variable" in match:
            found.read(literal(match["variable"][0]), line_of(match["variable"][0]))
        elif "taken" in match:
            for name in _taken(match["taken"][0]):
                found.read(name, line_of(match["taken"][0]))
        else:
            _type(match, found)
    return found


def _type(match: dict[str, list[Node]], found: Findings) -> None:
    node = (match.get("type") or match["schema"])[0]
    if named_like_config(text_of(node).removesuffix("Schema").removesuffix("schema")):
        kind = "TypeScript type" if "type" in match else "schema of an object"
        found.struct(text_of(node), line_of(node), kind, _members(match["body"][0]))


def _members(body: Node) -> Iterator[str]:
    for member in body.named_children:
        name = member.child_by_field_name("name") or member.child_by_field_name("key")
        if name is not None and "method" not in member.type:
            yield text_of(name).strip("\"'")


def _taken(pattern: Node) -> Iterator[str]:
    """The names that a pattern takes out of an object."""
    for part in pattern.named_children:
        if part.type in _TAKEN:
            key = part.child_by_field_name("key") or part.child_by_field_name("left") or part
            yield text_of(key).strip("\"'")
