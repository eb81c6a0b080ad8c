"""One finding a mistake: which alternative of `anyOf` or `oneOf` was meant, and which findings say the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from cfgc.stages.check.schema.engines.finding import Finding, Verdict
from cfgc.stages.check.schema.phrases import either, kinds, literal
from cfgc.stages.check.schema.wording.words import meant

_SIMPLE = frozenset({"type", "const", "enum"})


def condensed(findings: Iterable[Finding]) -> list[Finding]:
    """The findings with alternatives reduced to the one that was meant, none of them twice."""
    flat = [each for finding in findings for each in _flatten(finding)]
    mistyped = {each.path for each in flat if each.keyword == "type" and each.verdict is Verdict.WRONG}
    slips = {(each.path[:-1], meant(each)) for each in flat if each.keyword == "additionalProperties"}
    unique: dict[tuple[object, ...], Finding] = {}
    for each in flat:
        # a misspelt key is one mistake, although the key that was meant is missing too
        is_slip = each.keyword == "required" and (each.path, each.detail) in slips
        # what else the schema asks of a value of the wrong kind does not matter any more
        is_moot = each.verdict is not Verdict.WRONG and each.path in mistyped
        if not (is_slip or is_moot):
            unique.setdefault((each.path, each.keyword, id(each.schema), each.verdict, repr(each.detail)), each)
    return list(unique.values())


def _flatten(finding: Finding) -> Iterator[Finding]:
    if finding.keyword not in ("anyOf", "oneOf") or not finding.branches or finding.verdict is not Verdict.WRONG:
        yield finding
        return
    branches = [[each for inner in branch for each in _flatten(inner)] for branch in finding.branches]
    yield from _meant(finding, branches)


def _meant(finding: Finding, branches: list[list[Finding]]) -> list[Finding]:
    """The findings of the alternative that was meant, or one finding about all of them."""
    if simple := _simple_words(branches):
        return [replace(finding, detail=simple)]
    candidates = [branch for branch in branches if not _mismatch(branch, depth=0, keywords=("type",))] or branches
    if len(candidates) > 1:
        candidates = [branch for branch in candidates if not _mismatch(branch, depth=1, keywords=_SIMPLE)] or candidates
    candidates.sort(key=len)
    if len(candidates) == 1 or len(candidates[0]) < len(candidates[1]):
        return [replace(each.under(finding.path), alternative=finding) for each in candidates[0]]
    return [replace(finding, branches=tuple(map(tuple, branches)))]


def _mismatch(branch: list[Finding], *, depth: int, keywords: Iterable[str]) -> bool:
    """Whether an alternative is of another kind, or is told apart by a key with another value."""
    return any(each.keyword in keywords and len(each.path) <= depth for each in branch)


def _simple_words(branches: list[list[Finding]]) -> str:
    """What the alternatives ask for, when each asks for a kind or for certain values only: `a string or null`."""
    parts: list[str] = []
    for branch in branches:
        simple = _simple(branch[0]) if len(branch) == 1 and not branch[0].path else []
        if not simple:
            return ""
        parts += simple
    return either(parts)


def _simple(finding: Finding) -> list[str]:
    if finding.keyword == "type":
        return [kinds(finding.wanted)]
    if finding.keyword in ("const", "enum"):
        return [literal(value) for value in (finding.wanted if finding.keyword == "enum" else [finding.wanted])]
    return [finding.detail] if finding.keyword in ("anyOf", "oneOf") and isinstance(finding.detail, str) else []
