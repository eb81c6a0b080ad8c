"""Whether a prepared commit is what was asked for, by compiling it."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence

from cfgc.diagnostics import Diagnostic, Failed, report
from cfgc.history.difference import Difference, EnvironmentDifference
from cfgc.history.rollback.request import Request
from cfgc.history.sides import Side
from cfgc.model.artifact import Artifact
from cfgc.model.keypath import show
from cfgc.pipeline.validate import examine
from cfgc.pipeline.wanted import Wanted

_SHOWN = 3


def unproved(
    made: Mapping[str, Artifact], goal: Mapping[str, Artifact], request: Request, name: str
) -> list[Diagnostic]:
    """The artifacts whose sealed form is not, byte for byte, that of the goal; `name` is what people call that."""
    return [
        report("rollback-not-proved", environment=request.environment, file=path, goal=name)
        for path in differing(made, goal)
    ]


def differing(made: Mapping[str, Artifact], goal: Mapping[str, Artifact]) -> list[str]:
    """The paths whose artifacts have another sealed form, or are there on one side only."""
    return [path for path in sorted({**made, **goal}) if _sealed(made.get(path)) != _sealed(goal.get(path))]


def narrowed(artifacts: Mapping[str, Artifact], components: frozenset[str] | None) -> dict[str, Artifact]:
    """Those of some components (as the manifest names them); none for all."""
    return {path: each for path, each in artifacts.items() if components is None or each.component in components}


def reached(before: Side, difference: Difference, environment: str) -> dict[str, EnvironmentDifference]:
    """The other environments that a commit changes. One that is broken anyway cannot become worse."""
    return {
        name: each
        for name, each in difference.environments.items()
        if name != environment and (each.changes or each.artifacts) and is_whole(before, name)
    }


def refuse_reached(
    others: Mapping[str, EnvironmentDifference], difference: Difference, request: Request
) -> list[Diagnostic]:
    """One error for all other environments that would change or break, unless that is accepted."""
    if request.allow_others:
        return []
    reasons = {name: _changed(each) for name, each in others.items()}
    for each in difference.findings.new:
        if each.is_error and each.environment not in ("", request.environment):
            reasons.setdefault(each.environment, (f"{each.code} {each.message}",))
    if not reasons:
        return []
    every = tuple(dict.fromkeys(reason for each in reasons.values() for reason in each))
    advice = "accept that with `--allow-others`: it reads the same layer" if request.how == "override" else None
    return [
        report(
            "rollback-reaches-others", others=first([f"`{name}`" for name in reasons]), changes=first(every),
            environment=request.environment, notes=_by_reason(reasons), help=advice,
        )
    ]  # fmt: skip


def _by_reason(reasons: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """Which environments change in what, where the message does not tell that already."""
    alike: dict[tuple[str, ...], list[str]] = {}
    for name, each in reasons.items():
        alike.setdefault(each, []).append(f"`{name}`")
    if len(alike) > 1 or len(reasons) > _SHOWN:
        yield from (f"{', '.join(names)}: {first(each)}" for each, names in alike.items())


def cannot_go_back(difference: Difference, request: Request) -> Iterator[Diagnostic]:
    """What comes back as text and not in the world: secrets that were rotated, recipients that were taken away."""
    found = difference.environments.get(request.environment)
    for each in found.changes if found else ():
        if each.change.kind == "secret-changed":
            yield report(
                "cannot-go-back", at=each.origin, quotable=False, path=each.change.path,
                what=show(each.change.path), reason="a secret that was rotated since stays rotated where it is used",
                environment=request.environment,
            )  # fmt: skip
    for rule in difference.rules:
        if rule.kind == "recipient" and rule.detail:
            reason = f"whoever read it before ({rule.detail}) keeps what was read, and must not be let in unseen"
            yield report("cannot-go-back", what=rule.file, reason=reason, environment=request.environment)


def errors_of(side: Side, before: Side, request: Request) -> list[Diagnostic]:
    """The errors of one environment, as validating it alone tells them, and new ones of the whole project.

    What is wrong with another environment's files already keeps nobody from going back.
    """
    try:
        own = examine(side.session, [request.environment], Wanted("", today=request.today)).diagnostics
        found = [each for each in (*own, *side.examined.diagnostics) if each.environment in ("", request.environment)]
    except Failed as failed:
        return list(failed.diagnostics)
    known = {_key(each) for each in _all_of(before)} - {_key(each) for each in own}
    return [each for each in {_key(each): each for each in found}.values() if each.is_error and _key(each) not in known]


def _all_of(side: Side) -> Sequence[Diagnostic]:
    try:
        return side.examined.diagnostics
    except Failed as failed:
        return failed.diagnostics


def _key(found: Diagnostic) -> Hashable:
    return found.code, found.message, found.path, found.environment, found.component, found.location


def is_whole(side: Side, environment: str) -> bool:
    """Whether an environment has all its artifacts on a side."""
    try:
        compiled = side.compiled(environment)
    except Failed:
        return False
    return compiled is not None and not compiled.failed


def _sealed(artifact: Artifact | None) -> tuple[bytes, bool] | None:
    return None if artifact is None else (artifact.sealed, artifact.secret)


def _changed(found: EnvironmentDifference) -> tuple[str, ...]:
    return tuple(show(each.change.path) for each in found.changes) or tuple(each.path for each in found.artifacts)


def first(names: Sequence[str]) -> str:
    """The first few of some names, and how many more there are."""
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more
