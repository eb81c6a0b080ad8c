"""`cfgc.yaml`: read, checked, and asked for positions."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from cfgc.diagnostics import Diagnostic, Failed, report
from cfgc.model.keypath import KeyPath
from cfgc.model.layers import Locator, Source
from cfgc.model.location import Location, start_of
from cfgc.model.values import Tree, Value
from cfgc.stages.discover.refused import refused
from cfgc.stages.discover.schema import FILE, Problem, problems, settings_schema

ReadData: TypeAlias = Callable[[str], "tuple[Value, list[Diagnostic]]"]

VERSION = 1
SEMANTICS = ("2026.1",)

_MISNAMED = ("cfgc.yml", "cfgc.json", "cfgc.toml")


class Settings(NamedTuple):
    """What `cfgc.yaml` says (nothing, where there is none), and where it says so."""

    data: Tree
    locator: Locator
    written: bool
    findings: tuple[Diagnostic, ...] = ()

    def value(self, *path: str | int) -> Location:
        return self.locator.value(FILE, path)

    def key(self, *path: str | int) -> Location:
        return self.locator.key(FILE, path)


def read_settings(source: Source, read_data: ReadData, locator: Locator) -> Settings:
    """The settings of a project; raises `Failed` with all that is wrong with the file."""
    found = source.list(FILE)
    if not found:
        _refuse_misnamed(source)
        return Settings({}, locator, written=False)
    if found[0].kind != "file":
        raise Failed(refused(found[0]))
    value, findings = read_data(FILE)
    if any(finding.is_error for finding in findings):
        raise Failed(*findings)
    settings = Settings({} if value is None else value, locator, written=True, findings=tuple(findings))
    wrong = [*_other_version(settings)] or [_finding(settings, one) for one in problems(value, settings_schema())]
    if value is not None and wrong:
        raise Failed(*findings, *wrong)
    return settings


def _refuse_misnamed(source: Source) -> None:
    for name in _MISNAMED:
        if source.exists(name):
            raise Failed(report("misnamed-settings", at=start_of(name), file=name))


def _other_version(settings: Settings) -> list[Diagnostic]:
    """What is written for another cfgc is not checked any further: its rules may be others."""
    if not isinstance(settings.data, dict):
        return []
    version, semantics = settings.data.get("version", VERSION), settings.data.get("semantics")
    if type(version) is int and version != VERSION:
        return [report("unsupported-version", at=settings.value("version"), version=version)]
    if isinstance(semantics, str) and semantics not in SEMANTICS:
        return [report("unknown-semantics", at=settings.value("semantics"), semantics=semantics, known=SEMANTICS[-1])]
    return []


def _finding(settings: Settings, problem: Problem) -> Diagnostic:
    at = _place(settings, problem.path, at_key=problem.at_key)
    if problem.unknown:
        found = report("unknown-setting", at=at, setting=problem.setting, help=problem.help)
        return found.but(quotable=problem.quotable)
    found = report("invalid-setting", at=at, setting=problem.setting, says=problem.says, help=problem.help or None)
    return found.but(quotable=problem.quotable)


def _place(settings: Settings, path: KeyPath, *, at_key: bool) -> Location:
    return settings.locator.key(FILE, path) if at_key else settings.locator.value(FILE, path)
