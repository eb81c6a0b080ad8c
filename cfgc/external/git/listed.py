"""The files of a repository by name: those in its index and those that it does not ignore, and those of its past."""

from __future__ import annotations

from cfgc.diagnostics import Failed
from cfgc.external.git.repository import Repository, failed


def listed(repository: Repository) -> list[str]:
    """The paths below the folder that `repository` was found from and relative to it: tracked, or not ignored.

    They are in byte order. A tracked path may be gone from the working tree. Submodules and repositories inside are
    left out where they are not tracked. Raises `Failed`.
    """
    below = ("--", repository.prefix) if repository.prefix else ()
    words = ("ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate")
    done = repository.ask(*words, *below)
    if done.code:
        raise Failed(failed("ls-files", done))
    above = f"{repository.prefix}/" if repository.prefix else ""
    names = done.stdout.decode("utf-8", "surrogateescape").split("\0")[:-1]
    return sorted({name[len(above) :] for name in names if name.startswith(above) and not name.endswith("/")})


def blobs_ever(repository: Repository) -> dict[str, str]:
    """Blob or tree id -> one path that it has, of all that any ref and `HEAD` reach; raises `Failed`."""
    done = repository.ask("rev-list", "--objects", "--ignore-missing", "--all", "HEAD")
    if done.code:
        raise Failed(failed("rev-list", done))
    above = f"{repository.prefix}/" if repository.prefix else ""
    found: dict[str, str] = {}
    for line in done.stdout.decode("utf-8", "surrogateescape").split("\n"):
        oid, _, path = line.partition(" ")
        if path.startswith(above) and path != above:
            found.setdefault(oid, path[len(above) :])
    return found
