"""What checks of environments find is a gap too: one implementation decides what is required, secret, deprecated."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from cfgc.diagnostics import Diagnostic, Severity
from cfgc.model.keypath import KeyPath, show
from cfgc.model.values import Marked, Value
from cfgc.pipeline.check import check_environment
from cfgc.pipeline.lint import lint_environments
from cfgc.pipeline.plaintext import check_secrets
from cfgc.reports.gaps.estate import Estate
from cfgc.reports.gaps.gap import Gap, gap

_SUSPECTED, _BY_RULE = "suspected-secret", "unencrypted-by-rule"
_MEANS = {
    "schema-missing-key": "missing-required",
    "plain-text-secret": "plain-text-secret",
    _BY_RULE: "plain-text-secret",
    _SUSPECTED: "plain-text-secret",
    "refused-recipient": "recipients-differ",
    "missing-recipient": "recipients-differ",
    "unnamed-recipients": "recipients-differ",
    "deprecated-key": "deprecated",
}
"""The name of a finding -> the verdict"""


class _Same(NamedTuple):
    """What makes findings of several environments one."""

    name: str
    message: str
    location: object


def find(estate: Estate) -> Iterator[Gap]:
    """The findings of all environments that are gaps, one that stands in several once."""
    environments: dict[_Same, list[str]] = {}
    first: dict[_Same, Diagnostic] = {}
    for each in _diagnostics(estate):
        if each.name in _MEANS:
            same = _Same(each.name, each.message, each.location)
            first.setdefault(same, each)
            environments.setdefault(same, []).append(each.environment)
            _hide(estate, each)
    for same, found in first.items():
        named = dict.fromkeys(name for name in environments[same] if name in estate.compiled)
        yield _gap(estate, found, tuple(named))


def _diagnostics(estate: Estate) -> Iterator[Diagnostic]:
    session = estate.session
    for one in estate.compiled.values():
        yield from check_environment(session, one, estate.asked.today)
    yield from lint_environments(session, list(estate.compiled.values()))
    yield from check_secrets(session)


def _hide(estate: Estate, found: Diagnostic) -> None:
    """Let no page repeat a secret that stands in plain text."""
    file = found.location.file if found.location else ""
    known = (each for files in estate.session.project.files.values() for each in files)
    said = next((each for each in known if each.path == file), None)
    document = estate.session.document(said)[0] if said else None
    if found.name == _BY_RULE and document is not None:
        estate.bare.add_wholes(document.data)
    elif found.name == _SUSPECTED and document is not None and found.path is not None:
        estate.bare.add(_said(document.data, found.path[len(document.file.at) :]))
    elif found.name == "plain-text-secret" and found.path is not None and found.environment in estate.compiled:
        estate.bare.add(_said(estate.compiled[found.environment].tree, found.path))


def _said(value: Value, path: KeyPath) -> Value:
    """What stands at a path with plain indexes, markers on the way left aside; none where it leads nowhere."""
    for step in path:
        while isinstance(value, Marked):
            value = value.value
        inside = isinstance(value, dict) and step in value
        inside |= isinstance(value, list) and isinstance(step, int) and step < len(value)
        value = value[step] if inside else None
    return value


def _gap(estate: Estate, found: Diagnostic, environments: tuple[str, ...]) -> Gap:
    path = None if found.path is None else (*found.path, found.lacks) if found.lacks else found.path
    file = found.location.file if found.location else ""
    verdict = _MEANS[found.name]
    about_file = path is None or verdict == "recipients-differ"
    more = {"severity": Severity.WARNING} if found.name == _SUSPECTED else {}
    return gap(
        verdict,
        file if about_file or path is None else show(path),
        found.message,
        component=found.component or ("" if path is None else estate.component(path)),
        environments=environments,
        location=found.location,
        related=found.related,
        cure=found.help,
        **more,
    )
