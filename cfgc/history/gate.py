"""A merge request against the schemas and policies of its target, and against its own (issue 3, section 5).

A merge request may change the rules that it is checked by. So it is checked twice: a finding of its own rules counts
as ever; one of the target's rules alone is an error too, unless the range itself changes the file that says so. Then
that file's owner is told, above all else. Who may decrypt, and how strict the lints are, the target alone decides.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any, NamedTuple

from cfgc.diagnostics import Diagnostic, Failed, Label, Severity, report
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
    """What is validated: the content, of which environments, and how."""

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
    ahead: frozenset[str]
    changed: frozenset[str]


def validate_against(request: Request, revision: str) -> list[Diagnostic]:
    """The findings of a merge request under its own rules, and those that only its target's rules give.

    Raises `Failed`: no such commit, no merge base, no project there or here.
    """
    target = _target(request.session, revision)
    _limit(request.session, target)
    own = validate_environments(request.session, request.names, request.wanted)
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
    here = session.source.describe()
    head = here if here not in ("working tree", "index") else history.commit_id("HEAD")
    base, files = history.merge_base(commit, head), history.files(commit)
    own = _rules(session.source)
    ahead = _differing(own, _rules(files))
    return Target(revision, files, ahead, ahead & _differing(own, _rules(history.files(base))))


def _rules(source: Source) -> dict[str, str]:
    """File of rules -> the id of its content."""
    listed = [entry for folder in RULES for entry in source.list(folder)]
    return {each.path: each.oid or _content(source, each) for each in listed}


def _content(source: Source, entry: Entry) -> str:
    return blob_id(source.read(entry.path)) if entry.kind == "file" else entry.kind


def _differing(one: dict[str, str], other: dict[str, str]) -> frozenset[str]:
    return frozenset(path for path in {**one, **other} if one.get(path) != other.get(path))


def _limit(session: Session, target: Target) -> None:
    """Let who may decrypt, and how lints count, be as the target says."""
    try:
        limits = Session(target.files, session.root).project
    except Failed as failed:
        notes = (f"this is in `{target.name}`, which says who may decrypt, and how strict the lints are",)
        raise Failed(*(each.but(quotable=False, related=(), notes=notes) for each in failed.diagnostics)) from None
    project: Project = session.project
    session.project = project._replace(recipients=limits.recipients, lint_rules=limits.lint_rules)


def _under(request: Request, target: Target, kept: Collection[str] = ()) -> list[Diagnostic]:
    """The findings under the target's rules, some files of rules being the request's own."""
    own = request.session
    session = Session(RuledBy(own.source, target.files, kept), own.root, own.shelf, own.processes)
    session.project = own.project
    return validate_environments(session, request.names, request.wanted)


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
    said = f"the schemas and policies of `{target.name}` say so, and this range does not change the file that does"
    ours = tuple(label for label in found.related if not _is_rule(label.location.file))
    quotable = found.quotable and _place(found) is not None
    return found.but(related=ours, notes=(*found.notes, said, *_places(found)), quotable=quotable)


def _places(found: Diagnostic) -> Iterator[str]:
    for label in found.related:
        if _is_rule(label.location.file) and label.message:
            yield f"`{label.location}` there: {label.message}"


def _counts(found: Diagnostic) -> bool:
    """Whether a finding of the target's is about the request: a remark about a file of rules itself is not."""
    if found.severity is Severity.NOTE:
        return False
    return found.is_error or found.location is None or _place(found) is not None


def _place(found: Diagnostic) -> Location | None:
    """Where a finding stands, unless that is a file of rules: there its line is one of another revision."""
    return None if found.location is None or _is_rule(found.location.file) else found.location


def _is_rule(path: str) -> bool:
    return path.partition("/")[0] in RULES


def _keys(found: Sequence[Diagnostic]) -> set[Any]:
    return {_key(each) for each in found}


def _key(found: Diagnostic) -> Any:
    return found.code, found.message, found.path, found.environment, found.component, _place(found)
