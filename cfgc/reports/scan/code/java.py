"""Java: classes and records with `@ConfigurationProperties`, `@Value("${...}")`, `System.getenv`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cfgc.reports.scan.code.findings import Findings
from cfgc.reports.scan.code.names import Constants
from cfgc.reports.scan.grammar import Node, line_of, literal, matches, text_of

KEYWORDS = (b"getenv", b"ConfigurationProperties", b"ConfigMapping", b"@Value", b"@ConfigProperty")

_CONSTANTS = "(field_declaration declarator: (variable_declarator name: (identifier) @constant value: (_) @text))"
_QUERY = """
(method_invocation object: (_) @object name: (identifier) @method arguments: (argument_list . (_) @variable)
  (#any-of? @object "System" "java.lang.System") (#eq? @method "getenv"))
(method_invocation !object name: (identifier) @method arguments: (argument_list . (_) @variable)
  (#eq? @method "getenv"))
(method_invocation
  object: (method_invocation object: (_) @object name: (identifier) @method)
  name: (identifier) @get arguments: (argument_list . (_) @variable)
  (#any-of? @object "System" "java.lang.System") (#eq? @method "getenv")
  (#any-of? @get "get" "getOrDefault" "containsKey"))
(annotation name: (_) @annotation arguments: (_) @arguments
  (#any-of? @annotation "ConfigurationProperties" "ConfigMapping" "Value" "ConfigProperty")) @whole
(marker_annotation name: (_) @annotation (#eq? @annotation "ConfigurationProperties")) @whole
"""
_PLACEHOLDER = re.compile(r"\$\{([A-Z_][A-Z0-9_]*)[:}]")


def find(root: Node, language: str) -> Findings:
    """A struct for each class that is bound; the variables that the code or a `@Value` names."""
    found = Findings()
    constants = Constants(root, language, _CONSTANTS)
    for match in matches(root, language, _QUERY):
        if "variable" in match:
            found.read(constants.text(match["variable"][0]), line_of(match["variable"][0]))
            continue
        node, name = match["whole"][0], text_of(match["annotation"][0])
        if name in ("Value", "ConfigProperty"):
            for variable in _PLACEHOLDER.findall(text_of(node)):
                found.read(variable, line_of(node))
        else:
            _bound(node, found)
    return found


def _bound(annotation: Node, found: Findings) -> None:
    """The class, record or interface that an annotation stands on."""
    owner = annotation.parent.parent if annotation.parent is not None else None
    name = owner.child_by_field_name("name") if owner is not None else None
    if name is None:
        return
    prefix = next((literal(each) or "" for each in _strings(annotation)), "")
    keys = (f"{prefix}.{field}" if prefix else field for field in _fields(owner))
    found.struct(text_of(name), line_of(name), "@ConfigurationProperties", keys)


def _strings(annotation: Node) -> Iterator[Node]:
    waiting = [annotation]
    while waiting:
        node = waiting.pop()
        if node.type == "string_literal":
            yield node
        waiting += reversed(node.named_children)


def _fields(owner: Node) -> Iterator[str]:
    """Fields of a class, components of a record, methods of an interface."""
    components = owner.child_by_field_name("parameters")
    body = owner.child_by_field_name("body")
    for member in components.named_children if components is not None else ():
        if member.type == "formal_parameter":
            yield text_of(member.child_by_field_name("name"))
    for member in body.named_children if body is not None else ():
        if member.type == "field_declaration" and "static" not in text_of(member.named_children[0]).split():
            yield text_of(member.child_by_field_name("declarator").child_by_field_name("name"))
        elif member.type == "method_declaration" and owner.type == "interface_declaration":
            yield text_of(member.child_by_field_name("name"))
