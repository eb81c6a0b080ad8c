"""Codes 6xx: schemas."""

from cfgc.diagnostics.catalogue.rule import ERROR, NOTE, WARNING, Rule

RULES: tuple[Rule, ...] = ()
