"""A source of files -> the project: everything that is known before a layer file is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cfgc.diagnostics import Diagnostic, Failed, Severity, report
from cfgc.diagnostics.catalogue import rules
from cfgc.model.layers import Locator, Source
from cfgc.model.location import start_of
from cfgc.model.project import Environment, MergeRules, Project
from cfgc.model.values import Tree
from cfgc.stages.discover.environments import environments, unknown_layer
from cfgc.stages.discover.folders import Folders
from cfgc.stages.discover.glob import split
from cfgc.stages.discover.layout import ROOT, Layout
from cfgc.stages.discover.outputs import read_outputs
from cfgc.stages.discover.pattern import Pattern, compile_pattern
from cfgc.stages.discover.patterns import Patterns
from cfgc.stages.discover.places import placed, setting
from cfgc.stages.discover.schema import FILE
from cfgc.stages.discover.settings import SEMANTICS, ReadData, Settings, read_settings
from cfgc.stages.discover.suggestion import did_you_mean

_EVERY_TOP_LEVEL_KEY = ("*",)


def discover(source: Source, read_data: ReadData, locator: Locator) -> tuple[Project, list[Diagnostic]]:
    """The project, and what is wrong with its layers' files.

    `read_data` gives the data of `cfgc.yaml` and its findings, `locator` the places in it. No layer file is read.
    Raises `Failed` with all findings when there is no project or `cfgc.yaml` holds a mistake: what is compiled then
    would be something else than was meant.
    """
    settings = read_settings(source, read_data, locator)
    try:
        project, findings, mistakes = _project(source, settings)
    except Failed as failed:
        raise Failed(*(placed(found, locator) for found in failed.diagnostics)) from None
    if mistakes:  # whether a layer is used, nobody knows now
        findings = [found for found in findings if found.is_error]
    everything = [placed(found, locator) for found in (*settings.findings, *mistakes, *findings)]
    if mistakes:
        raise Failed(*everything)
    return project, everything


def _project(source: Source, settings: Settings) -> tuple[Project, list[Diagnostic], list[Diagnostic]]:
    """The project, findings about files, mistakes in `cfgc.yaml`."""
    data = settings.data
    layout = _layout(source, settings)
    known, mistakes = environments(settings, layout)
    declared = {layer for environment in known.values() for layer in environment.layers}
    implied = data.get("environments") is None
    assigned = layout.assign(declared | set(layout.environments()) if implied else declared, implied=implied)
    outputs, wrong_outputs = read_outputs(data.get("outputs"))
    components = tuple(data.get("components", _EVERY_TOP_LEVEL_KEY))
    mistakes += [*wrong_outputs, *_wrong_components(components), *_wrong_recipients(settings, known, layout)]
    mistakes += _wrong_lints(settings)
    if not known and not mistakes:
        mistakes.append(_no_environment(settings, layout))
    project = Project(
        name=data.get("project", ""),
        semantics=data.get("semantics", SEMANTICS[-1]),
        environments=known,
        files=assigned.files,
        components=components,
        outputs=outputs,
        merge=MergeRules(**data.get("merge", {})),
        recipients=_recipients(data),
        lint_rules=_section(data, "lint", "rules") or {},
        dist_names=data.get("dist_names", "name"),
        settings=data,
    )
    return project, assigned.findings, mistakes


def _layout(source: Source, settings: Settings) -> Layout:
    """The layout that `cfgc.yaml` names; raises `Failed` for patterns that are none, and where there is no project."""
    layout = settings.data.get("layout", "tree")
    if isinstance(layout, dict):
        return Patterns(source, _patterns(layout["patterns"]))
    entries = source.list(ROOT)
    if not entries and not settings.written:
        raise Failed(report("no-project"))
    return Folders(entries, flat=layout == "flat")


def _patterns(written: Sequence[Mapping[str, str]]) -> list[Pattern]:
    compiled = [compile_pattern(entry, number) for number, entry in enumerate(written)]
    mistakes = [found for found in compiled if isinstance(found, Diagnostic)]
    if mistakes:
        raise Failed(*mistakes)
    return [pattern for pattern in compiled if isinstance(pattern, Pattern)]


def _no_environment(settings: Settings, layout: Layout) -> Diagnostic:
    layers = ", ".join(f"`{name}`" for name in layout.layers())
    notes = [f"there are only the layers {layers}"] if layers else []
    return report("no-environment", at=start_of(FILE if settings.written else ROOT), notes=notes)


def _wrong_components(components: Sequence[str]) -> Iterator[Diagnostic]:
    for index, pattern in enumerate(components):
        if not split(pattern):
            yield report("invalid-glob", at=setting(("components", index)), pattern=pattern)


def _recipients(data: Tree) -> Mapping[str, tuple[str, ...]] | None:
    written = _section(data, "secrets", "recipients")
    return None if written is None else {name: tuple(allowed) for name, allowed in written.items()}


def _wrong_recipients(settings: Settings, known: Mapping[str, Environment], layout: Layout) -> Iterator[Diagnostic]:
    """A rule for a name that does not exist would guard nothing."""
    for name in _section(settings.data, "secrets", "recipients") or {}:
        if name not in known and not layout.holds(name):
            at = settings.key("secrets", "recipients", name)
            yield unknown_layer(at, name, "environment or layer", [*known, *layout.layers()])


def _wrong_lints(settings: Settings) -> Iterator[Diagnostic]:
    written = _section(settings.data, "lint", "rules") or {}
    lints = [rule.name for rule in rules().values() if rule.severity is not Severity.ERROR] if written else []
    for name in written:
        if name not in lints:
            at = settings.key("lint", "rules", name)
            yield report("unknown-lint", at=at, called=name, help=did_you_mean(name, lints))


def _section(data: Tree, *names: str) -> Any:
    for name in names:
        data = data.get(name) or {}
    return data or None


def select_environments(names: Sequence[str], project: Project) -> tuple[list[Environment], list[Diagnostic]]:
    """The environments of these names, each once, all of them for no name; findings for names that are none."""
    known = project.environments
    wanted = list(dict.fromkeys(names)) or list(known)
    others = f"there are {', '.join(f'`{name}`' for name in known)}"
    findings = [
        report("unknown-environment", called=name, help=did_you_mean(name, known) or others)
        for name in wanted
        if name not in known
    ]
    return [known[name] for name in wanted if name in known], findings
