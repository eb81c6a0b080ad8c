"""`dist/ENV` -> `dist/ENV.bak`: the set that stands, kept under a name that no render touches."""

from __future__ import annotations

import errno
import os
from contextlib import ExitStack

from cfgc.diagnostics import Diagnostic, Failed
from cfgc.stages.write.finding import about
from cfgc.stages.write.folder import CANNOT_EXCHANGE, Folder
from cfgc.stages.write.lock import locked
from cfgc.stages.write.write import cannot_write

SUFFIX = ".bak"
_CANNOT_LINK = frozenset({errno.EXDEV, errno.EPERM, errno.EMLINK, errno.ENOTSUP})


def back_up(path: str, environment: str, *, wait: float = 60.0) -> list[Diagnostic]:
    """Keep the set of an environment in the folder `path`; what was kept before is replaced in one step.

    Files are linked, which is as good as copied: cfgc never writes into one. Nothing where there is no set yet.
    """
    try:
        with ExitStack() as held:
            folder = held.enter_context(Folder.open(path))
            held.enter_context(locked(folder, wait))
            _keep(folder, environment)
    except FileNotFoundError as error:
        return [] if error.filename == path else [cannot_write(path, error)]
    except Failed as failed:
        return list(failed.diagnostics)
    except OSError as error:
        return [cannot_write(path, error)]
    return []


def _keep(folder: Folder, environment: str) -> None:
    kind = folder.kind(environment)
    if kind is None:
        return
    name = os.readlink(environment, dir_fd=folder.descriptor) if kind == "link" else environment
    kept, staged = f"{environment}{SUFFIX}", f".{environment}{SUFFIX}.next"
    if folder.kind(kept) not in (None, "folder"):
        raise Failed(about("output-not-a-folder", f"{folder.path}/{kept}"))
    folder.remove(staged)
    with folder.inside(name) as old, folder.make(staged) as new:
        _copy(old, new)
    if folder.kind(kept) is None:
        folder.rename(staged, kept)
        return
    try:
        folder.exchange(staged, kept)
        folder.remove(staged)
    except OSError as error:
        if error.errno not in CANNOT_EXCHANGE:
            raise
        folder.remove(kept)
        folder.rename(staged, kept)


def _copy(old: Folder, new: Folder) -> None:
    for name in old.names():
        if old.kind(name) == "folder":
            with old.inside(name) as inner, new.make(name) as made:
                _copy(inner, made)
        else:
            _link(name, old, new)


def _link(name: str, old: Folder, new: Folder) -> None:
    try:
        os.link(name, name, src_dir_fd=old.descriptor, dst_dir_fd=new.descriptor, follow_symlinks=False)
    except OSError as error:
        content, mode = old.read(name), old.mode(name)
        if error.errno not in _CANNOT_LINK or content is None or mode is None:
            raise
        new.write_new(name, content, mode)
