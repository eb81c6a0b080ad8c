"""Building a set beside the one that stands: new files are written, unchanged ones hard-linked."""

from __future__ import annotations

import errno
import os
from contextlib import ExitStack
from typing import NamedTuple, TypeAlias

from cfgc.diagnostics import Diagnostic, Failed
from cfgc.model.manifest import Entry
from cfgc.stages.write.current import Current
from cfgc.stages.write.finding import about
from cfgc.stages.write.folder import Folder
from cfgc.stages.write.outcome import Outcome


class Leaf(NamedTuple):
    """One file of the set to be: its content, or none to carry over what stands there."""

    path: str
    mode: int
    content: bytes | None
    entry: Entry | None


Plan: TypeAlias = "dict[str, Leaf | Plan]"

_CANNOT_LINK = frozenset({errno.EXDEV, errno.EPERM, errno.EMLINK, errno.ENOTSUP, errno.ENOENT})


def plan_of(leaves: list[Leaf]) -> Plan:
    """The folders and files of a set, as nested dicts."""
    plan: Plan = {}
    for leaf in leaves:
        *folders, name = leaf.path.split("/")
        place = plan
        for folder in folders:
            inner = place.setdefault(folder, {})
            assert isinstance(inner, dict)
            place = inner
        place[name] = leaf
    return plan


class Stager:
    """Carries out a plan in a new folder, reading the old set where it helps."""

    def __init__(self, current: Current | None, outcome: Outcome) -> None:
        self.current = current
        self.outcome = outcome
        self.warnings: list[Diagnostic] = []

    def stage(self, plan: Plan, new: Folder, old: Folder | None) -> None:
        """Write every file of the plan into `new`."""
        for name, item in plan.items():
            if isinstance(item, Leaf):
                self._file(name, item, new, old)
                continue
            with ExitStack() as open_folders:
                inner = open_folders.enter_context(new.make(name))
                has_old = old is not None and old.kind(name) == "folder"
                inner_old = open_folders.enter_context(old.inside(name)) if old and has_old else None
                self.stage(item, inner, inner_old)

    def _file(self, name: str, leaf: Leaf, new: Folder, old: Folder | None) -> None:
        before = old.read(name) if old else None
        if leaf.content is None:
            self._carry(name, leaf, new, old, before)
        elif before is None:
            self.outcome.added.append(leaf.path)
            new.write_new(name, leaf.content, leaf.mode)
        else:
            self._replace(name, leaf, new, old, before)

    def _replace(self, name: str, leaf: Leaf, new: Folder, old: Folder | None, before: bytes) -> None:
        assert leaf.content is not None
        assert old is not None
        if before == leaf.content and old.mode(name) == leaf.mode:
            self.outcome.unchanged += 1
            self._link(name, leaf, new, old, leaf.content)
            return
        if self.current and (warning := self.current.drifted(leaf.path, before)):
            self.warnings.append(warning)
        self.outcome.changed.append(leaf.path)
        new.write_new(name, leaf.content, leaf.mode)

    def _carry(self, name: str, leaf: Leaf, new: Folder, old: Folder | None, before: bytes | None) -> None:
        intact = before is not None and (
            leaf.entry is None or (self.current and self.current.holds(leaf.entry, before))
        )
        if not intact or old is None or before is None:
            place = f"{old.path if old else new.path}/{name}"
            raise Failed(about("damaged-set", place))
        self.outcome.unchanged += 1
        self._link(name, leaf, new, old, before)

    def _link(self, name: str, leaf: Leaf, new: Folder, old: Folder, content: bytes) -> None:
        try:
            os.link(name, name, src_dir_fd=old.descriptor, dst_dir_fd=new.descriptor, follow_symlinks=False)
        except OSError as error:
            if error.errno not in _CANNOT_LINK:
                raise
            new.write_new(name, content, leaf.mode)


def same(plan: Plan, current: Current, folder: Folder | None = None) -> bool:
    """Whether the set that stands, or a folder of it, already holds exactly the files of the plan, with their modes."""
    folder = folder or current.folder
    for name, item in plan.items():
        if isinstance(item, Leaf):
            if folder.mode(name) != item.mode or not _is_there(item, folder.read(name), current):
                return False
        elif folder.kind(name) != "folder":
            return False
        else:
            with folder.inside(name) as inner:
                if not same(item, current, inner):
                    return False
    return True


def _is_there(leaf: Leaf, found: bytes | None, current: Current) -> bool:
    if leaf.content is not None or leaf.entry is None:
        return leaf.content == found and found is not None
    return current.holds(leaf.entry, found)
