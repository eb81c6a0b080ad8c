"""Codes 2xx: reading files."""

from cfgc.diagnostics.catalogue.rule import ERROR, NOTE, WARNING, Rule

RULES: tuple[Rule, ...] = ()
