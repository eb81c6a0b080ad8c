"""The commits behind the changes between two commits."""

from __future__ import annotations

from collections.abc import Sequence

from cfgc.external.git.commits import Commit
from cfgc.history.changes import Change
from cfgc.history.life.lookup import scope_of
from cfgc.history.life.makers import makers
from cfgc.history.life.revisions import Archive
from cfgc.history.life.trees import Trees
from cfgc.model.keypath import KeyPath
from cfgc.model.values import Tree


def culprits(
    archive: Archive, environment: str, changes: Sequence[Change], after: Tree, between: tuple[str, str]
) -> dict[KeyPath, Commit]:
    """For each change its path -> the newest commit of a range (`between`, full ids) that made it.

    `after` is the environment's tree behind the changes: that of the range's end, or of what is not committed yet, and
    then the end is `HEAD`. A change is missing that no commit made: it is not committed, or it was made before the
    range, and taken back on the way to its other end. A commit that does not compile is passed over: what changed there
    is laid to the next that does. An archive with a session `near`, over either end, saves most of the work.
    """
    start, end = between
    if start == end or not changes:
        return {}
    paths = [change.path for change in changes]
    revisions = Trees(archive, archive.way(end, start), environment, scope_of(paths))
    return {path: maker.commit for path, maker in makers(revisions, after, paths).items()}
