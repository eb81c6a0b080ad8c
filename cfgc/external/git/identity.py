"""Who makes a commit: what the user told Git, and nothing that Git would guess."""

from __future__ import annotations

from typing import NamedTuple

from cfgc.diagnostics import Failed, report
from cfgc.external import process
from cfgc.external.git.repository import Repository, environment, explain

_KEYS = r"^(user|author|committer)\.(name|email)$"
_SEEN = ("XDG_CONFIG_HOME", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM")
_SHUT = ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_NOSYSTEM")
_DATES = ("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE")


class Identity(NamedTuple):
    """The variables that name author and committer to Git's commands."""

    variables: dict[str, str]

    @property
    def author(self) -> str:
        """`Name <mail>`."""
        return f"{self.variables['GIT_AUTHOR_NAME']} <{self.variables['GIT_AUTHOR_EMAIL']}>"


def identity(repository: Repository) -> Identity:
    """From Git's variables, else from its configuration, the user's own too; raises `Failed` where neither says."""
    given = process.inherited("GIT_AUTHOR_*", "GIT_COMMITTER_*")
    known = _configured(repository)
    found = {name: given[name] for name in _DATES if name in given}
    for role in ("author", "committer"):
        for part in ("name", "email"):
            variable = f"GIT_{role}_{part}".upper()
            found[variable] = given.get(variable) or known.get(f"{role}.{part}") or known.get(f"user.{part}") or ""
    if not all(found.values()):
        raise Failed(report("no-identity"))
    return Identity(found)


def _configured(repository: Repository) -> dict[str, str]:
    """The names in Git's configuration; asking for them runs nothing, whatever else it holds."""
    variables = {name: value for name, value in environment().items() if name not in _SHUT}
    command = repository.command("config", "--null", "--get-regexp", _KEYS)
    try:
        done = process.run(command, env={**variables, **process.inherited(*_SEEN)}, cwd=repository.top)
    except process.ProgramError as error:
        raise Failed(explain(error, "config")) from None
    lines = done.stdout.decode("utf-8", "replace").split("\0")[:-1]
    return {key: value.strip() for key, _, value in (line.partition("\n") for line in lines)}
