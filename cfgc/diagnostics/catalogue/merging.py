"""Codes 4xx: merging layers."""

from cfgc.diagnostics.catalogue.rule import ERROR, NOTE, WARNING, Rule

RULES: tuple[Rule, ...] = ()
