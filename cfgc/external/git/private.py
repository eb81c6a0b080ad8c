"""A Git folder with a configuration of our own: over the repository's objects, with nothing in it that runs.

No filter, merge driver, text conversion, hook, signing program or file watcher of the repository's or the user's
configuration is known here; an attribute that names one means nothing.
"""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path

from cfgc.external.git.desk import Desk
from cfgc.external.git.repository import Repository

_CONFIG = """\
[core]
\trepositoryformatversion = 1
\tbare = false
\tlogAllRefUpdates = false
[extensions]
\tobjectFormat = {algorithm}
[gc]
\tauto = 0
[maintenance]
\tauto = false
[advice]
\tdetachedHead = false
"""


def private_place(desk: Desk, top: Path, head: str) -> Repository:
    """The folder on the desk, made if it is not there, for a working tree at `top`; HEAD is the commit `head`."""
    folder = desk.folder / "git"
    if not folder.exists():
        for name in ("refs", "info"):
            (folder / name).mkdir(parents=True)
        algorithm = "sha1" if len(head) == 40 else "sha256"
        (folder / "config").write_text(_CONFIG.format(algorithm=algorithm), encoding="utf-8")
        with contextlib.suppress(FileNotFoundError):
            shutil.copyfile(desk.repository.common_dir / "shallow", folder / "shallow")
        (folder / "HEAD").write_text(f"{head}\n", encoding="ascii")
    return Repository(top, folder, "")
