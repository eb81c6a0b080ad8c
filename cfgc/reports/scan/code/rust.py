"""Rust: `std::env::var` and its kin, `env!`."""

from __future__ import annotations

from cfgc.reports.scan.code.findings import Findings
from cfgc.reports.scan.grammar import Node, line_of, literal, matches

KEYWORDS = (b"env::var", b"env!", b"var_os", b"dotenvy")

_QUERY = """
(call_expression function: (scoped_identifier) @function arguments: (arguments . (_) @variable)
  (#any-of? @function "std::env::var" "env::var" "std::env::var_os" "env::var_os" "dotenvy::var" "dotenv::var"))
(macro_invocation macro: (identifier) @function (token_tree . (string_literal) @variable)
  (#any-of? @function "env" "option_env"))
"""


def find(root: Node, language: str) -> Findings:
    """The variables that are read by a name that stands there."""
    found = Findings()
    for match in matches(root, language, _QUERY):
        found.read(literal(match["variable"][0]), line_of(match["variable"][0]))
    return found
