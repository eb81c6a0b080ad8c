"""TypeScript and JavaScript: types and zod schemas of configuration, `process.env` and its kin."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from cfgc.reports.scan.code.findings import Findings, named_like_config
from cfgc.reports.scan.code.names import Constants
from cfgc.reports.scan.grammar import Node, line_of, matches, text_of

READS = (b".env", b"process'", b'process"', b"= process", b".object(", b".strictObject(")
KEYWORDS = (*READS, b"onfig", b"ettings", b"Env", b"ptions")

_ENV = r"(?:globalThis\\.|window\\.)?process[?!]?\\.env|import\\.meta\\.env|Bun\\.env"
_CONSTANTS = """
(lexical_declaration "const" (variable_declarator name: (identifier) @constant value: (string) @text))
"""
_ALIASES = f"""
(variable_declarator name: (identifier) @alias value: (_) @object (#match? @object "^({_ENV})$"))
(variable_declarator name: (object_pattern (shorthand_property_identifier_pattern) @alias) value: (_) @process
  (#eq? @alias "env") (#match? @process "^(process|require\\\\(.(node:)?process.\\\\))$"))
(import_statement (import_clause (named_imports (import_specifier) @imported)) source: (string) @module
  (#match? @module "^.(node:)?process.$"))
"""
_READS = """
(member_expression object: (_) @object property: (property_identifier) @name {is_env}) @whole
(subscript_expression object: (_) @object index: (_) @variable {is_env}) @whole
(call_expression function: (_) @object arguments: (arguments . (_) @variable)
  (#any-of? @object "Deno.env.get" "Deno.env.has"))
(variable_declarator name: (object_pattern) @taken value: (_) @object {is_env})
(variable_declarator name: (identifier) @schema
  value: (call_expression function: (_) @object arguments: (arguments . (object) @body))
  (#any-of? @object "z.object" "z.strictObject" "Joi.object" "yup.object"))
"""
_TYPES = """
(interface_declaration name: (type_identifier) @type body: (_) @body)
(type_alias_declaration name: (type_identifier) @type value: [
  (object_type) @body (intersection_type (object_type) @body)])
(class_declaration name: (type_identifier) @type body: (class_body) @body)
"""
_TAKEN = frozenset(("shorthand_property_identifier_pattern", "pair_pattern", "object_assignment_pattern"))
_LIKE_A_VARIABLE = re.compile(r"[A-Z_][A-Z0-9_]*")


def find(root: Node, language: str) -> Findings:
    """Types count where their name says that they are configuration."""
    found = Findings()
    constants = Constants(root, language, _CONSTANTS)
    aliases = set(_aliases(root, language))
    reads = _READS.format(is_env=_is_env(aliases))
    for match in matches(root, language, reads if language == "javascript" else f"{reads}{_TYPES}"):
        if "whole" in match and _is_written(match["whole"][0]):
            continue
        if "name" in match:
            name = text_of(match["name"][0])
            if text_of(match["object"][0]) not in aliases or _LIKE_A_VARIABLE.fullmatch(name):
                found.read(name, line_of(match["name"][0]))
        elif "variable" in match:
            found.read(constants.text(match["variable"][0]), line_of(match["variable"][0]))
        elif "taken" in match:
            for name in _taken(match["taken"][0]):
                found.read(name, line_of(match["taken"][0]))
        else:
            _type(match, found)
    return found


def _aliases(root: Node, language: str) -> Iterator[str]:
    """The local names of `process.env`; those that are plain words."""
    for match in matches(root, language, _ALIASES):
        node = match["alias"][0] if "alias" in match else _imported(match["imported"][0])
        if node is not None and (name := text_of(node)).isidentifier():
            yield name


def _imported(specifier: Node) -> Node | None:
    if text_of(specifier.child_by_field_name("name")) != "env":
        return None
    return specifier.child_by_field_name("alias") or specifier.child_by_field_name("name")


def _is_env(aliases: Iterable[str]) -> str:
    """A predicate: whether `object` is the environment, also in brackets with another type."""
    names = "|".join((_ENV, *sorted(aliases)))
    return f'(#match? @object "^\\\\(?({names})!?( as [^()]+\\\\))?$")'


def _is_written(node: Node) -> bool:
    """Whether a variable is set or removed here, and not read."""
    above = node.parent
    if above is None:
        return False
    if above.type == "unary_expression":
        return text_of(above).startswith("delete")
    return bool(above.type == "assignment_expression" and above.child_by_field_name("left") == node)


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
