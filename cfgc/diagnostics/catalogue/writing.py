"""Codes 9xx: writing the set, and Git."""

from cfgc.diagnostics.catalogue.rule import ERROR, NOTE, WARNING, Rule

RULES: tuple[Rule, ...] = ()
