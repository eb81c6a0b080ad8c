"""Go: structs whose fields have tags, `os.Getenv` and `os.LookupEnv`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cfgc.reports.scan.code.findings import Findings, named_like_config
from cfgc.reports.scan.grammar import Node, line_of, literal, matches, text_of

KEYWORDS = (b"Getenv", b"LookupEnv", b"yaml:", b"json:", b"toml:", b"env:", b"envconfig:", b"mapstructure:", b"koanf:")

_QUERY = """
(call_expression
  function: (selector_expression operand: (identifier) @package field: (field_identifier) @function)
  arguments: (argument_list . (_) @variable)
  (#any-of? @package "os" "syscall")
  (#any-of? @function "Getenv" "LookupEnv"))
(type_spec name: (type_identifier) @struct type: (struct_type (field_declaration_list) @fields))
"""
_TAG = re.compile(r'([a-z]+):"([^"\\]*)"')
_KEYS = ("yaml", "mapstructure", "koanf", "toml", "json")
_VARIABLES = ("env", "envconfig")


def find(root: Node, language: str) -> Findings:
    """`json` alone is how any data travels: such a struct counts where its name says that it is configuration."""
    found = Findings()
    for match in matches(root, language, _QUERY):
        if "variable" in match:
            found.read(literal(match["variable"][0]), line_of(match["variable"][0]))
        else:
            _struct(match["struct"][0], match["fields"][0], found)
    return found


def _struct(name: Node, fields: Node, found: Findings) -> None:
    tags = list(_tags(fields))
    used = {kind for tag, _ in tags for kind in tag if kind in (*_KEYS, *_VARIABLES)}
    if not used - {"json"} and not (used and named_like_config(text_of(name))):
        return
    for tag, line in tags:
        for kind in _VARIABLES:
            found.read(tag.get(kind), line)
    keys = (next((tag[kind] for kind in (*_KEYS, *_VARIABLES) if tag.get(kind)), "") for tag, _ in tags)
    found.struct(text_of(name), line_of(name), f"Go struct ({', '.join(sorted(used))})", filter(None, keys))


def _tags(fields: Node) -> Iterator[tuple[dict[str, str], int]]:
    """The tags of each field: what stands before the first comma. A dash says that the field has no key."""
    for field in fields.named_children:
        tag = field.child_by_field_name("tag")
        if tag is not None:
            parts = {kind: value.partition(",")[0] for kind, value in _TAG.findall(literal(tag) or "")}
            yield {kind: "" if name == "-" else name for kind, name in parts.items()}, line_of(tag)
