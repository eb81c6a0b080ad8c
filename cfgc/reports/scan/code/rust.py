"""Rust: `std::env::var` and its kin, `env!`."""

from __future__ import annotations

from collections.abc import Iterator

from cfgc.reports.scan.code.findings import Findings
from cfgc.reports.scan.code.names import Constants, any_of
from cfgc.reports.scan.grammar import Node, line_of, matches, text_of

KEYWORDS = (b"env::", b"env!", b"dotenvy")

_CONSTANTS = """
(const_item name: (identifier) @constant value: (_) @text)
(static_item name: (identifier) @constant value: (_) @text)
"""
_IMPORTS = "(use_declaration argument: (_) @use)"
_QUERY = """
(call_expression function: (_) @function arguments: (arguments . (_) @variable)
  (#any-of? @function {functions}))
(macro_invocation macro: (identifier) @function (token_tree . (string_literal) @variable)
  (#any-of? @function "env" "option_env"))
"""
_FUNCTIONS = frozenset(
    f"{path}::{name}" for path in ("std::env", "::std::env", "env", "dotenvy", "dotenv") for name in ("var", "var_os")
)


def find(root: Node, language: str) -> Findings:
    """The variables that are read by a name that stands there, or by a constant."""
    found = Findings()
    constants = Constants(root, language, _CONSTANTS)
    functions = {*_FUNCTIONS, *_imported(root, language)}
    for match in matches(root, language, _QUERY.format(functions=any_of(functions))):
        found.read(constants.text(match["variable"][0]), line_of(match["variable"][0]))
    return found


def _imported(root: Node, language: str) -> Iterator[str]:
    """Local names of functions of `std::env`: `use std::env::{var, var_os as raw}`."""
    for match in matches(root, language, _IMPORTS):
        path, _, names = "".join(text_of(match["use"][0]).split("\n")).rpartition("env::")
        if path in ("std::", "::std::"):
            for name in names.strip("{} ").split(","):
                words = name.split()
                if words and words[0] in ("var", "var_os"):
                    yield words[-1]
