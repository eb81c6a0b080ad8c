"""The semver library of Kubernetes: versions and their order (semver.org 2.0.0)."""

from __future__ import annotations

import re
from typing import Final, NamedTuple, TypeAlias

from cfgc.stages.check.policy.cel.library.function import Function
from cfgc.stages.check.policy.cel.values import CelError

_NUMBER = r"(0|[1-9][0-9]{0,17})"
_PART = r"(?:0|[1-9][0-9]*|[0-9]*[a-zA-Z\-][0-9a-zA-Z\-]*)"
_SEMVER: Final = (
    rf"(?a){_NUMBER}\.{_NUMBER}\.{_NUMBER}(?:-({_PART}(?:\.{_PART})*))?(?:\+[0-9a-zA-Z\-]+(?:\.[0-9a-zA-Z\-]+)*)?"
)
_LOOSE: Final = r"(?as)v?([0-9]+)(?:\.([0-9]+))?(?:\.([0-9]+))?(.*)"
Rank: TypeAlias = "tuple[tuple[int, int, str], ...]"


class Semver(NamedTuple):
    """A version, in the order of its fields; a release comes after its prereleases. Build metadata does not count."""

    major: int
    minor: int
    patch: int
    released: bool
    prerelease: Rank

    @property
    def type_name(self) -> str:
        """Its name in CEL."""
        return "kubernetes.Semver"


def _parse(text: str, loose: bool = False) -> Semver | None:
    if len(text) > 256:
        return None
    if loose and (found := re.fullmatch(_LOOSE, text)):
        major, minor, patch, rest = found.groups()
        text = ".".join(str(int(part or 0)) for part in (major, minor, patch)) + rest
    found = re.fullmatch(_SEMVER, text)
    if found is None:
        return None
    return Semver(int(found[1]), int(found[2]), int(found[3]), not found[4], _rank(found[4]))


def _rank(prerelease: str | None) -> Rank:
    parts = prerelease.split(".") if prerelease else []
    return tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts)


def _semver(text: str, loose: bool = False) -> Semver:
    found = _parse(text, loose)
    if found is None:
        raise CelError("the string is no semantic version")
    return found


def _is_semver(text: str, loose: bool = False) -> bool:
    return _parse(text, loose) is not None


FUNCTIONS: Final = (
    Function("isSemver", {(str,): _is_semver, (str, bool): _is_semver}),
    Function("semver", {(str,): _semver, (str, bool): _semver}),
    Function("major", {(Semver,): lambda one: one.major}, style="member"),
    Function("minor", {(Semver,): lambda one: one.minor}, style="member"),
    Function("patch", {(Semver,): lambda one: one.patch}, style="member"),
    Function("isGreaterThan", {(Semver, Semver): lambda one, other: one > other}, style="member"),
    Function("isLessThan", {(Semver, Semver): lambda one, other: one < other}, style="member"),
    Function("compareTo", {(Semver, Semver): lambda one, other: (one > other) - (one < other)}, style="member"),
)
