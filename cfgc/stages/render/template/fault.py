"""What can go wrong in a template, as data: it crosses from the child as JSON and holds no value of the tree."""

from __future__ import annotations

from typing import Any, NamedTuple

from cfgc.diagnostics import Diagnostic, report
from cfgc.model.keypath import KeyPath, show
from cfgc.model.location import Location

FOLDER = "templates"


class Fault(Exception):
    """Raised while a template runs; where it runs is added by `faults.place`."""

    def __init__(self, rule: str, path: KeyPath | None = None, help: str | None = None, **facts: str) -> None:
        super().__init__(rule)
        self.rule = rule
        self.path = path
        self.help = help
        self.facts = facts
        self.place: tuple[str, int] | None = None


def named(path: KeyPath | None, otherwise: str = "a value") -> str:
    """How a message names what stands at a key path."""
    return otherwise if path is None else f"`{show(path)}`"


class TokenUsed(BaseException):
    """The sealed secret at `path` was asked for more than its token. Not an `Exception`: nothing may swallow it."""

    def __init__(self, path: KeyPath) -> None:
        super().__init__("a sealed secret was used")
        self.path = path


class Finding(NamedTuple):
    """A fault with its place: a template's name and line; line 0 means no line is known."""

    rule: str
    facts: dict[str, str]
    template: str
    line: int = 0
    column: int = 1
    end: int = 0
    help: str | None = None
    path: KeyPath | None = None

    def diagnostic(self, component: str, setting: Location | None) -> Diagnostic:
        """The finding as users see it: on the template line, else at the setting that asks for the template."""
        place = Location(f"{FOLDER}/{self.template}", self.line, self.column, self.line, self.end or self.column + 1)
        at = place if self.line else setting
        facts: dict[str, Any] = dict(self.facts)
        return report(self.rule, at=at, component=component, help=self.help, path=self.path, **facts)


def finding(data: list[Any]) -> Finding:
    """The finding that crossed as JSON."""
    rule, facts, template, line, column, end, advice, path = data
    return Finding(rule, facts, template, line, column, end, advice, None if path is None else tuple(path))
