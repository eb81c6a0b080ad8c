"""The catalogue: every code, its name, its severity and its words. `report` is the only way to make a diagnostic.

One module a stage, one `Rule` a code. The long text of a code is `cfgc/diagnostics/pages/CODE.md`.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib import import_module
from typing import Any

from cfgc.diagnostics.catalogue.rule import Rule
from cfgc.diagnostics.diagnostic import Diagnostic, Label, Severity
from cfgc.model.keypath import KeyPath
from cfgc.model.location import Location
from cfgc.model.text import printable, quoted

STAGES = (
    "project",
    "reading",
    "secrets",
    "merging",
    "references",
    "schemas",
    "policies",
    "lints",
    "rendering",
    "writing",
    "editing",
    "requests",
    "notifying",
)


@cache
def rules() -> dict[str, Rule]:
    """Every rule by its name, in the order of the codes."""
    found: dict[str, Rule] = {}
    for stage in STAGES:
        for rule in import_module(f"cfgc.diagnostics.catalogue.{stage}").RULES:
            if rule.name in found:
                raise ValueError(f"two rules are named {rule.name}")
            found[rule.name] = rule
    return found


@cache
def stages() -> dict[str, str]:
    """The stage of every code."""
    modules = ((stage, import_module(f"cfgc.diagnostics.catalogue.{stage}")) for stage in STAGES)
    return {rule.code: stage for stage, module in modules for rule in module.RULES}


def report(
    name: str,
    *,
    at: Location | None = None,
    label: str = "",
    path: KeyPath | None = None,
    environment: str = "",
    component: str = "",
    related: Iterable[Label] = (),
    notes: Iterable[str] = (),
    help: str | None = None,
    severity: Severity | None = None,
    blame_key: bool = False,
    quotable: bool = True,
    **facts: Any,
) -> Diagnostic:
    """The diagnostic of a rule: `facts` fill the braces of its message and of its help.

    `help` is what this one case needs; none or an empty one means the rule's own.
    """
    rule = rules()[name]
    shown = {key: quoted(str(value)) for key, value in facts.items()}
    words = help or rule.help.format_map(shown)
    return Diagnostic(
        code=rule.code,
        name=rule.name,
        severity=rule.severity if severity is None else severity,
        message=rule.message.format_map(shown),
        location=at,
        label=printable(label),
        path=path,
        environment=environment,
        component=component,
        related=tuple(Label(other.location, printable(other.message)) for other in related),
        notes=tuple(printable(note) for note in notes),
        help=printable(words),
        blame_key=blame_key,
        quotable=quotable,
    )
