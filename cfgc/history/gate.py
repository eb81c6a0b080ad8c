"""A merge request against the schemas and policies of its target, and against its own (issue 3, section 5).

A merge request may change the rules that it is checked by. So it is checked twice: a finding of its own rules counts
as ever; one of the target's rules alone is an error too, unless the range itself changes the file that says so. Then
that file's owner is told, above all else. `cfgc.yaml` counts as such a file, but who may decrypt, and how strict the
lints are, the target alone decides.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from cfgc.diagnostics import Diagnostic, Failed, Label, Severity, report
from cfgc.diagnostics.catalogue import stages
from cfgc.external.git import blob_id
from cfgc.external.git.commits import History
from cfgc.external.source import in_order
from cfgc.model.layers import Entry, Source
from cfgc.model.location import Location, start_of
from cfgc.model.project import Project
from cfgc.pipeline.session import Session
from cfgc.pipeline.validate import validate_environments
from cfgc.pipeline.wanted import Wanted

RULES = ("schemas", "policies")
"""the folders whose files decide; waivers are in the second"""
SETTINGS = "cfgc.yaml"
"""decides too: by its labels and components policies know what they are about"""


class RuledBy:
    """One content with the rules of another, except for some files of rules, which are its own."""

    def __init__(self, own: Source, rules: Source, kept: Collection[str] = ()) -> None:
        self._own = own
        self._rules = rules
        self._kept = frozenset(kept)

    def list(self, folder: str) -> list[Entry]:
        if not _is_rule(folder):
            return self._own.list(folder)
        theirs = (entry for entry in self._rules.list(folder) if entry.path not in self._kept)
        return in_order(folder, [*theirs, *(entry for entry in self._own.list(folder) if entry.path in self._kept)])

    def read(self, path: str) -> bytes:
        return self._of(path).read(path)

    def exists(self, path: str) -> bool:
        return bool(self.list(path)) if path in RULES else self._of(path).exists(path)

    def describe(self) -> str:
        return self._own.describe()

    def content_id(self, path: str) -> str:
        return self._of(path).content_id(path)

    def _of(self, path: str) -> Source:
        return self._rules if _is_rule(path) and path not in self._kept else self._own


class Request(NamedTuple):
    """What is validated: the content, of which environments (none: all), and how."""

    session: Session
    names: Sequence[str]
    wanted: Wanted


class Target(NamedTuple):
    """What a merge request is held against: the files of a commit, by the name that the user gave it.

    `ahead` are the files of rules in which the request differs from it, `changed` those among them that the range
    changes: from the merge base to the request. The others changed in the target since.
    """

    name: str
    files: Source
    limits: Project
    ahead: frozenset[str]
    changed: frozenset[str]


def validate_against(request: Request, revision: str) -> list[Diagnostic]:
    """The findings of a merge request under its own rules, and those that only its target's rules give.

    Raises `Failed`: no such commit, no merge base, no project there or here.
    """
    target = _target(request.session, revision)
    own = _validated(request.session, request, target)
    if not target.ahead:
        return own
    known = _keys(own)
    new = [each for each in _under(request, target) if _key(each) not in known and _counts(each)]
    if not new:
        return own
    standing = _keys(_under(request, target, target.changed))
    causes = _Causes(request, target)
    for each in new:
        own += [_error(each, target)] if _key(each) in standing else causes.warnings(each)
    return own


def _target(session: Session, revision: str) -> Target:
    history = History(session.root)
    commit = history.commit_id(revision)
    if _has_no_project(history.files(commit), session.root):
        return Target(revision, history.files(commit), session.project, frozenset(), frozenset())
    here = session.source.describe()
    head = here if here not in ("working tree", "index") else history.commit_id("HEAD")
    base, files = history.merge_base(commit, head), history.files(commit)
    own = _rules(session.source, commit)
    ahead = _differing(own, _rules(files, commit))
    changed = _differing(own, _rules(history.files(base), commit))
    return Target(revision, files, _limits(session, revision, files), ahead, ahead & changed)


def _has_no_project(files: Source, root: Path) -> bool:
    """Whether a target is from before somebody began the project: it has no rules then, and no limits."""
    try:
        _ = Session(files, root).project
    except Failed as failed:
        return all(found.name == "no-project" for found in failed.diagnostics)
    return False


def _limits(session: Session, revision: str, files: Source) -> Project:
    """The target's project, which says who may decrypt, and how lints count."""
    try:
        return Session(files, session.root).project
    except Failed as failed:
        notes = (f"this is in `{revision}`, which says who may decrypt, and how strict the lints are",)
        raise Failed(*(each.but(quotable=False, related=(), notes=notes) for each in failed.diagnostics)) from None


def _rules(source: Source, commit: str) -> dict[str, str]:
    """File of rules -> the id of its content, as the repository of a commit writes ids."""
    algorithm = "sha256" if len(commit) == 64 else "sha1"
    found = {each.path: each.oid or each.kind for folder in RULES for each in source.list(folder)}
    if source.exists(SETTINGS):
        found[SETTINGS] = source.content_id(SETTINGS) or "file"
    return {path: blob_id(source.read(path), algorithm) if oid == "file" else oid for path, oid in found.items()}


def _differing(one: dict[str, str], other: dict[str, str]) -> frozenset[str]:
    return frozenset(path for path in {**one, **other} if one.get(path) != other.get(path))


def _under(request: Request, target: Target, kept: Collection[str] = ()) -> list[Diagnostic]:
    """The findings under the target's rules, some files of rules being the request's own."""
    own = request.session
    session = Session(RuledBy(own.source, target.files, kept), own.root, own.shelf, own.processes)
    try:
        return _validated(session, request, target)
    except Failed as failed:
        return list(failed.diagnostics)


def _validated(session: Session, request: Request, target: Target) -> list[Diagnostic]:
    """All findings of a content, with the target's limits; an environment that only the other rules know is none."""
    recipients, lint_rules = target.limits.recipients, target.limits.lint_rules
    project = session.project = session.project._replace(recipients=recipients, lint_rules=lint_rules)
    own = session is request.session
    names = [name for name in request.names if own or name in project.environments]
    return validate_environments(session, names or list(project.environments), request.wanted)


class _Causes:
    """Which changed files a finding of the target's passes by: those that let it pass when they alone are changed."""

    def __init__(self, request: Request, target: Target) -> None:
        self._request = request
        self._target = target
        self._standing: dict[str, set[Any]] = {}

    def warnings(self, found: Diagnostic) -> list[Diagnostic]:
        """One for each file; where only several files together let it pass, one for each of them."""
        files = sorted(self._target.changed)
        alone = files if len(files) == 1 else [file for file in files if _key(found) not in self._under(file)]
        return [_warning(found, file) for file in alone or files]

    def _under(self, file: str) -> set[Any]:
        if file not in self._standing:
            self._standing[file] = _keys(_under(self._request, self._target, (file,)))
        return self._standing[file]


def _warning(found: Diagnostic, file: str) -> Diagnostic:
    place = _place(found)
    return report(
        "passes-only-with-this-change",
        at=start_of(file),
        path=found.path,
        environment=found.environment,
        component=found.component,
        related=[Label(place, "without it this fails")] if place else [],
        quotable=found.quotable,
        file=file,
        said=f"{found.code} {found.message}",
    )


def _error(found: Diagnostic, target: Target) -> Diagnostic:
    """The finding; the target's lines of rules cannot be quoted from here, so that they become notes."""
    said = f"the rules of `{target.name}` say so, and this range does not change the file that does"
    ours = tuple(label for label in found.related if not _is_rule(label.location.file))
    quotable = found.quotable and _place(found) is not None
    return found.but(related=ours, notes=(*found.notes, said, *_places(found)), quotable=quotable)


def _places(found: Diagnostic) -> Iterator[str]:
    for label in found.related:
        if _is_rule(label.location.file) and label.message:
            yield f"`{label.location}` there: {label.message}"


def _counts(found: Diagnostic) -> bool:
    """Whether a finding of the target's is held against the request: an error, or what a schema or policy warns of.

    A remark about a file of rules itself is not.
    """
    warns = found.severity is Severity.WARNING and stages()[found.code] in RULES and _place(found) is not None
    return found.is_error or warns


def _place(found: Diagnostic) -> Location | None:
    """Where a finding stands, unless that is a file of rules: there its line is one of another revision."""
    return None if found.location is None or _is_rule(found.location.file) else found.location


def _is_rule(path: str) -> bool:
    return path == SETTINGS or path.partition("/")[0] in RULES


def _keys(found: Sequence[Diagnostic]) -> set[Any]:
    return {_key(each) for each in found}


def _key(found: Diagnostic) -> Any:
    return found.code, found.message, found.path, found.environment, found.component, _place(found)
