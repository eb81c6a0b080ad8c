"""The built-in lints, one rule a file; `lint: {rules: {NAME: off}}` in `cfgc.yaml` turns one off."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

from cfgc.diagnostics import Diagnostic
from cfgc.stages.check.rules.estate import Estate, View

RULES = (
    "dead_override",
    "deprecated_key",
    "lookalike_keys",
    "redundant_override",
    "same_in_every_environment",
    "split_component",
    "suspected_secret",
    "type_changing_override",
    "unknown_component_folder",
    "unused_each",
    "unused_template",
    "yaml_1_1_trap",
)


def lint(estate: Estate) -> Iterator[Diagnostic]:
    """Everything that the rules find; what the project says about severities is applied by the pipeline."""
    for rule in RULES:
        yield from import_module(f"{__name__}.{rule}").check(estate)


__all__ = ["RULES", "Estate", "View", "lint"]
