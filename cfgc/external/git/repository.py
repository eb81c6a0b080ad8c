"""Where a repository is, and how `git` is called on it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from cfgc.diagnostics import Diagnostic, Failed, report

if TYPE_CHECKING:
    from cfgc.external import process

_ENVIRONMENT = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_GRAFT_FILE": "/dev/null",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "none",  # also for a Git too old for the line above: a partial clone must not fetch
}

_SETTINGS = (
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.attributesFile=/dev/null",
    "safe.bareRepository=explicit",
)


class Repository(NamedTuple):
    """A repository: its working tree's folder, Git's own folder, and the project's folder, relative to the first."""

    top: Path
    git_dir: Path
    prefix: str

    @property
    def common_dir(self) -> Path:
        """Where refs and objects are: of a linked worktree that is the repository's own folder, else `git_dir`."""
        try:
            line = (self.git_dir / "commondir").read_text("utf-8", "surrogateescape").rstrip("\n")
        except OSError:
            return self.git_dir
        return (self.git_dir / line).resolve()

    def command(self, *arguments: str) -> list[str]:
        """The argument list of `git ARGUMENTS` here, with nothing left to be found or configured.

        An owner other than ours is no danger once nothing of the repository is run, so the very folder is called safe.
        """
        settings = [word for setting in (*_SETTINGS, f"safe.directory={self.top}") for word in ("-c", setting)]
        places = [f"--git-dir={self.git_dir}", f"--work-tree={self.top}"]
        return ["git", "--no-pager", *places, *settings, *arguments]

    def ask(self, *arguments: str, index_file: str | None = None, input: bytes = b"") -> process.Finished:
        """Run a Git command in the working tree's folder; raises `Failed` unless it ends."""
        from cfgc.external import process

        given = environment() if index_file is None else {**environment(), "GIT_INDEX_FILE": index_file}
        try:
            return process.run(self.command(*arguments), input=input, env=given, cwd=self.top)
        except process.ProgramError as error:
            raise Failed(explain(error, arguments[0])) from None


def environment() -> dict[str, str]:
    """The variables for every `git`, on top of those every program gets."""
    return dict(_ENVIRONMENT)


def explain(error: process.ProgramError, command: str) -> Diagnostic:
    """The finding for a `git` that could not be run to its end."""
    from cfgc.external import process

    if isinstance(error, process.NotFoundError):
        return report("git-not-found")
    problem = str(error).removeprefix("`git` ")
    return report("git-failed", command=command, problem=problem)


def failed(command: str, done: process.Finished) -> Diagnostic:
    """The finding for a `git` that ended with an error: its exit code, and its first line as a note."""
    first = done.stderr.decode("utf-8", "replace").strip().partition("\n")[0][:200]
    return report("git-failed", command=command, problem=f"ended with code {done.code}", notes=[first] if first else [])


def locate(folder: Path) -> Repository:
    """The repository that a folder lies in; raises `Failed` if there is none.

    Only a `.git` counts, so a bare repository planted inside the tree is never taken for one (THREATS Gi3).
    """
    start = folder.resolve()
    for top in (start, *start.parents):
        git_dir = _git_dir(top / ".git")
        if git_dir is not None:
            prefix = start.relative_to(top).as_posix()
            return Repository(top, git_dir, "" if prefix == "." else prefix)
    raise Failed(report("not-a-repository", folder=folder))


def _git_dir(entry: Path) -> Path | None:
    """What `.git` stands for: itself, or what its one line points to in a worktree or a submodule."""
    try:
        if entry.is_dir():
            return entry if (entry / "HEAD").exists() else None
        line = entry.read_text("utf-8", "surrogateescape")
    except OSError:
        return None
    target = entry.parent / line.removeprefix("gitdir:").strip()
    return target.resolve() if line.startswith("gitdir:") and (target / "HEAD").exists() else None
