"""Go: structs whose fields have tags, `os.Getenv`, `os.LookupEnv` and `os.ExpandEnv`, `BindEnv` of viper."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cfgc.reports.scan.code.findings import Findings, named_like_config
from cfgc.reports.scan.code.names import Constants, any_of
from cfgc.reports.scan.grammar import Node, line_of, literal, matches, text_of

KEYWORDS = (
    *(b"Getenv", b"LookupEnv", b"ExpandEnv", b"BindEnv"),
    *(b"yaml:", b"json:", b"toml:", b"env:", b"envconfig:", b"mapstructure:", b"koanf:"),
)

_CONSTANTS = "(const_spec name: (identifier) @constant value: (expression_list . (_) @text))"
_IMPORTS = "(import_spec name: (package_identifier) @alias path: (_) @path)"
_QUERY = """
(call_expression
  function: (selector_expression operand: (identifier) @package field: (field_identifier) @function)
  arguments: (argument_list . (_) @variable)
  (#any-of? @package {packages})
  (#any-of? @function "Getenv" "LookupEnv" "ExpandEnv"))
(call_expression
  function: (selector_expression field: (field_identifier) @function)
  arguments: (argument_list . (_) . (_) @variable)
  (#eq? @function "BindEnv"))
(type_spec name: (type_identifier) @struct type: (struct_type (field_declaration_list) @fields))
"""
_TAG = re.compile(r'([a-z]+):"([^"\\]*)"')
_EXPANDED = re.compile(r"\$(?:\{(\w+)\}|(\w+))")
_KEYS = ("yaml", "mapstructure", "koanf", "toml", "json")
_VARIABLES = ("env", "envconfig")


def find(root: Node, language: str) -> Findings:
    """`json` alone is how any data travels: such a struct counts where its name says that it is configuration."""
    found = Findings()
    constants = Constants(root, language, _CONSTANTS)
    for match in matches(root, language, _QUERY.format(packages=any_of(_packages(root, language)))):
        if "variable" not in match:
            _struct(match["struct"][0], match["fields"][0], found)
            continue
        text, line = constants.text(match["variable"][0]), line_of(match["variable"][0])
        if text_of(match["function"][0]) == "ExpandEnv":
            for braced, bare in _EXPANDED.findall(text or ""):
                found.read(braced or bare, line)
        else:
            found.read(text, line)
    return found


def _packages(root: Node, language: str) -> set[str]:
    """The names under which the package `os` is known."""
    imports = matches(root, language, _IMPORTS)
    return {"os", "syscall", *(text_of(each["alias"][0]) for each in imports if literal(each["path"][0]) == "os")}


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
