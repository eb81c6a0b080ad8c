"""`--set` and `CFGC_SET__...`: what comes on top of the layers, read as YAML."""

from __future__ import annotations

from cfgc.diagnostics import Diagnostic
from cfgc.model.provenance import Contribution
from cfgc.model.values import Tree
from cfgc.pipeline.wanted import Wanted
from cfgc.stages.merge.overrides import near_miss, option_override, split_option, variable_override
from cfgc.stages.read import read_text


def read_overrides(wanted: Wanted, tree: Tree) -> tuple[list[Contribution], list[Diagnostic]]:
    """The contributions of variables, then of options, in this order; a variable's parts must be keys of the tree."""
    made: list[Contribution] = []
    findings: list[Diagnostic] = []
    for name, text in sorted(wanted.override_variables.items()):
        value, found = read_text(_bytes(text), f"<{name}>", "yaml")
        _keep(variable_override(name, value, tree), found, made, findings)
    for option in wanted.overrides:
        parts = split_option(option)
        if isinstance(parts, Diagnostic):
            findings.append(parts)
            continue
        value, found = read_text(_bytes(parts[1]), "<--set>", "yaml")
        made_by = option_override(parts[0], value)
        _keep(made_by, found, made, findings)
        missed = None if isinstance(made_by, Diagnostic) else near_miss(made_by, tree)
        findings += [] if missed is None else [missed]
    return made, findings


def _bytes(text: str) -> bytes:
    """A text of the command line or the environment as the reader wants it; what is no UTF-8 there is none here."""
    return text.encode("utf-8", "surrogatepass")


def _keep(
    result: Contribution | Diagnostic, found: list[Diagnostic], made: list[Contribution], findings: list[Diagnostic]
) -> None:
    findings += found
    if isinstance(result, Diagnostic):
        findings.append(result)
    elif not any(each.is_error for each in found):
        made.append(result)
