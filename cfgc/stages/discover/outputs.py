"""Outputs: the entries of `cfgc.yaml`, and which of them are for whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from cfgc.diagnostics import Diagnostic, report
from cfgc.model.keypath import KeyPath, KeyPathError, parse
from cfgc.model.location import Location
from cfgc.model.project import ENVIRONMENT_SCOPE, Output, Project
from cfgc.stages.discover.components import ambiguous, is_path_of, matches, meant_by
from cfgc.stages.discover.glob import split
from cfgc.stages.discover.places import setting

DEFAULTS = (
    Output(match="*", to=".env", format="dotenv"),
    Output(match="*", to="config.yaml", format="yaml"),
)
_NONE = "none"
_SAME = ("to", "format", "template", "only", "nulls", "runtime", "name", "namespace", "data", "suffix")
"""The keys that an entry and an `Output` name alike."""


def read_outputs(written: Sequence[Mapping[str, Any]] | None) -> tuple[tuple[Output, ...], list[Diagnostic]]:
    """The outputs of a project; without any entry in `cfgc.yaml` each component gets `.env` and `config.yaml`."""
    if written is None:
        return DEFAULTS, []
    findings: list[Diagnostic] = []
    return tuple(_output(entry, ("outputs", index), findings) for index, entry in enumerate(written)), findings


def _output(entry: Mapping[str, Any], place: KeyPath, findings: list[Diagnostic]) -> Output:
    if not split(entry["for"]):
        findings.append(report("invalid-glob", at=setting((*place, "for")), pattern=entry["for"]))
    return Output(
        match=entry["for"],
        start=_path(entry.get("from", ""), (*place, "from"), findings),
        exclude=tuple(
            _path(text, (*place, "exclude", index), findings) for index, text in enumerate(entry.get("exclude", ()))
        ),
        prefix=entry.get("prefix", ""),
        labels=entry.get("labels", {}),
        location=setting(place),
        **{key: entry[key] for key in _SAME if key in entry},
    )


def _path(text: str, place: KeyPath, findings: list[Diagnostic]) -> KeyPath:
    try:
        return parse(text)
    except KeyPathError as error:
        says = f"is no key path: unexpected character at position {error.column + 1}"
        findings.append(report("invalid-setting", at=setting(place), setting=f"`{text}`", says=says))
        return ()


def outputs_for(project: Project, component: KeyPath, known: Sequence[KeyPath]) -> list[Output]:
    """The outputs of a component: of the entries that match it, the last for each `to`.

    `known` are all components of the environment. A last segment that several share is nobody's: `check_outputs`
    says so.
    """
    return _last_of_each(
        output
        for output in project.outputs
        if output.match != ENVIRONMENT_SCOPE and _means(output.match, component, known)
    )


def outputs_for_environment(project: Project) -> list[Output]:
    """The outputs that are rendered once per environment, the last for each `to`."""
    return _last_of_each(output for output in project.outputs if output.match == ENVIRONMENT_SCOPE)


def _means(name: str, component: KeyPath, known: Sequence[KeyPath]) -> bool:
    if not matches(name, component):
        return False
    return "*" in name or is_path_of(name, component) or meant_by(name, known) == [component]


def _last_of_each(outputs: Iterable[Output]) -> list[Output]:
    chosen: dict[str, Output] = {}
    for output in outputs:
        chosen.pop(output.to, None)
        chosen[output.to] = output
    return [output for output in chosen.values() if output.format != _NONE]


def check_outputs(project: Project, known: Sequence[KeyPath]) -> list[Diagnostic]:
    """Findings for entries whose `for` is a last segment that several components of one environment share."""
    return [
        ambiguous(output.match, meant, output.location)
        for output in project.outputs
        if "*" not in output.match and output.match != ENVIRONMENT_SCOPE
        for meant in [meant_by(output.match, known)]
        if len(meant) > 1
    ]


def check_unmatched(project: Project, known: Sequence[KeyPath]) -> list[Diagnostic]:
    """Findings for globs of `components` and `outputs` that mean nothing in any environment.

    `known` are the components of all environments: one that is rendered alone may well lack what another has.
    """
    return [
        report("matches-nothing", at=location, pattern=pattern, what="no component")
        for pattern, location in _globs(project)
        if not any(matches(pattern, component) for component in known)
    ]


def _globs(project: Project) -> Iterator[tuple[str, Location | None]]:
    if "components" in project.settings:
        for index, pattern in enumerate(project.components):
            yield pattern, setting(("components", index))
    if "outputs" in project.settings:
        for output in project.outputs:
            if output.match != ENVIRONMENT_SCOPE:
                yield output.match, output.location
