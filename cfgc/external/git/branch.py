"""A new branch, and nothing else (THREATS Gi1)."""

from __future__ import annotations

import re

from cfgc.diagnostics import Failed, report
from cfgc.external.git.desk import Desk
from cfgc.external.git.objects import Objects
from cfgc.external.git.repository import Repository

_FORBIDDEN = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|/\.|\.lock(?:/|$)")
_LONGEST = 200


def refuse_branch(repository: Repository, name: str) -> None:
    """Raises `Failed` for what is no branch name, for one that could be taken for something else, and for one in use.

    The grammar is that of `git check-ref-format --branch`; besides, nothing that begins with `refs/` or `-` and no id.
    """
    reason = _why_not(name) or _taken(repository, name)
    if reason is not None:
        raise Failed(report("invalid-branch", branch=name, reason=reason))


def make_branch(desk: Desk, name: str, commit: str) -> None:
    """Make a branch at a commit (full id); raises `Failed` when it exists by now, or a folder of its name does."""
    refuse_branch(desk.repository, name)
    order = f"create refs/heads/{name}\0{commit}\0".encode("utf-8", "surrogateescape")
    desk.git(desk.repository, "update-ref", "--stdin", "-z", input=order)


def _why_not(name: str) -> str | None:
    if not name or len(name.encode("utf-8", "replace")) > _LONGEST:
        return "it is empty or too long"
    if name[0] in "-./" or name[-1] in "./" or _FORBIDDEN.search(name):
        return "Git allows no such name"
    if name.startswith("refs/") or name in ("HEAD", "@") or re.fullmatch(r"[0-9a-f]{40,64}", name):
        return "it could be taken for something else"
    return None if _is_text(name) else "it is no text"


def _taken(repository: Repository, name: str) -> str | None:
    """A branch of that name, or one that Git would keep in a folder of that name, or the other way round."""
    steps = name.split("/")
    names = ["/".join(steps[:depth]) for depth in range(1, len(steps) + 1)]
    found = Objects(repository).get([f"refs/heads/{each}" for each in names])
    if found[-1] is not None:
        return "there is one already"
    below = repository.ask("for-each-ref", "--count=1", "--format=%(refname:strip=2)", f"refs/heads/{name}/").stdout
    other = next((each for each, known in zip(names, found, strict=True) if known), below.decode("utf-8", "replace"))
    return f"there is the branch `{other.strip()}`" if other else None


def _is_text(name: str) -> bool:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return name.isprintable()
