"""Codes 1xx: the project, cfgc.yaml, layers and environments."""

from cfgc.diagnostics.catalogue.rule import ERROR, NOTE, WARNING, Rule

RULES: tuple[Rule, ...] = ()
