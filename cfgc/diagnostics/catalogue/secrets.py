"""Codes 3xx: SOPS files and secrets."""

from cfgc.diagnostics.catalogue.rule import ERROR, NOTE, WARNING, Rule

RULES: tuple[Rule, ...] = ()
