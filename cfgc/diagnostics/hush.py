"""What is wrong with a secret that stands in plain text is said without what stands there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cfgc.diagnostics.diagnostic import Diagnostic

_SECRETS = frozenset({"plain-text-secret", "suspected-secret", "unencrypted-by-rule"})
_WITH_VALUES = ("schema-", "policy-")
"""how the names of findings begin whose words may hold a value"""
_HELP = "put the secret into a SOPS file first"


def hushed(found: Sequence[Diagnostic]) -> list[Diagnostic]:
    """The findings; those at the line of a value that another one calls a secret, or may call one, do not show it."""
    bare = {place for each in found if each.name in _SECRETS for place in _places(each)}
    return [_without_value(each) if _speaks_of(each, bare) else each for each in found] if bare else list(found)


def _places(found: Diagnostic) -> Iterator[tuple[str, int]]:
    """Where a secret stands: its line, or 0 for the whole file."""
    if found.location is not None:
        yield found.location.file, 0 if found.name == "unencrypted-by-rule" else found.location.line


def _speaks_of(found: Diagnostic, bare: set[tuple[str, int]]) -> bool:
    if found.location is None or not found.name.startswith(_WITH_VALUES) or not found.quotable:
        return False
    file = found.location.file
    return (file, 0) in bare or (file, found.location.line) in bare


def _without_value(found: Diagnostic) -> Diagnostic:
    what = f"`{found.path_text}`" if found.path is not None else "what stands here"
    said = f"{what} breaks the rule `{found.name}`, which cannot be told without showing a secret"
    return found.but(message=said, label="", notes=(), related=(), help=_HELP, quotable=False)
