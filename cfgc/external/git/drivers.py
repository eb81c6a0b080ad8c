"""The diff and merge drivers of a repository: lines of its own configuration, and of its own attributes.

Nothing that is committed is touched: `.git/config` and `.git/info/attributes` are this clone's alone, and what stands
in `info/attributes` wins over every `.gitattributes`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from cfgc.diagnostics import Failed, report
from cfgc.external.git.repository import Repository, failed
from cfgc.model.location import start_of


def configure(repository: Repository, settings: Mapping[str, str]) -> None:
    """Write settings into the repository's own configuration, in place of what they were; raises `Failed`."""
    for name, value in settings.items():
        _config(repository, "--replace-all", name, value)


def forget(repository: Repository, sections: Sequence[str]) -> None:
    """Remove whole sections of the repository's own configuration, those that there are; raises `Failed`."""
    present = repository.ask("config", "--local", "--list", "--name-only").stdout.decode("utf-8", "replace")
    for section in sections:
        if any(name.startswith(f"{section}.") for name in present.splitlines()):
            _config(repository, "--remove-section", section)


def set_attributes(repository: Repository, wanted: Sequence[str], *, present: bool) -> Path:
    """Let lines stand in `info/attributes`, or not; all others stay as they are. The file; raises `Failed`."""
    done = repository.ask("rev-parse", "--git-path", "info/attributes")
    if done.code:
        raise Failed(failed("rev-parse", done))
    file = repository.top / os.fsdecode(done.stdout).rstrip("\n")
    before = _lines(file)
    kept = [line for line in before if line not in wanted]
    after = [*before, *(line for line in wanted if line not in before)] if present else kept
    if after != before:
        _write(file, after)
    return file


def _config(repository: Repository, *arguments: str) -> None:
    done = repository.ask("config", "--local", *arguments)
    if done.code:
        raise Failed(failed("config", done))


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text("utf-8", "surrogateescape").splitlines()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise _unwritable(file, error) from None


def _write(file: Path, lines: Sequence[str]) -> None:
    """Beside it and then in its place, so that a reader sees the old or the new one."""
    beside = file.with_name(f"{file.name}.cfgc")
    try:
        file.parent.mkdir(exist_ok=True)
        beside.write_text("".join(f"{line}\n" for line in lines), "utf-8", "surrogateescape")
        beside.replace(file)
    except OSError as error:
        raise _unwritable(file, error) from None


def _unwritable(file: Path, error: OSError) -> Failed:
    return Failed(report("cannot-write", at=start_of(file.name), file=file, reason=error.strerror))
