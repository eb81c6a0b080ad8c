"""Secrets that stayed the same for too long: since the last commit that changed the ciphertext of their leaf.

SOPS' own date says when the file was edited, and moves with every other value in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

from cfgc.external.git.commits import History
from cfgc.history.life.lookup import scope_of
from cfgc.history.life.makers import Maker, makers
from cfgc.history.life.revisions import Archive, Revisions
from cfgc.history.life.way import Way
from cfgc.model.keypath import KeyPath, show
from cfgc.model.provenance import Contribution
from cfgc.pipeline.compile import Compiled
from cfgc.pipeline.revealing import secrets_below
from cfgc.reports.gaps.estate import Estate
from cfgc.reports.gaps.gap import Gap, Unclear, gap
from cfgc.stages.read import Shelf

_NO_COMMIT = ("working tree", "index")


def find(estate: Estate) -> Iterator[Gap | Unclear]:
    """Each secret that an environment uses, once for the file it stands in. One not committed yet is new."""
    if estate.asked.rotate_after is None:
        return
    session = estate.session
    archive = Archive(History(session.root), session.root, session.shelf or Shelf())
    asked: dict[tuple[str, KeyPath], list[str]] = {}
    found: dict[tuple[str, KeyPath], tuple[KeyPath, Maker]] = {}
    for name, one in estate.compiled.items():
        leaves = _leaves(one)
        new = [path for path, said in leaves.items() if (said.file, said.path) not in asked]
        made = _makers(archive, estate, one, new)
        for path, said in leaves.items():
            asked.setdefault((said.file, said.path), []).append(name)
            if path in made:
                found[said.file, said.path] = path, made[path]
    for leaf, (path, maker) in found.items():
        yield from _judged(estate, path, maker, tuple(asked[leaf]))


def _leaves(one: Compiled) -> dict[KeyPath, Contribution]:
    """The secrets of an environment where they are written, not where they are referred to."""
    traced = ((path, one.merged.trace(path)) for path, _ in secrets_below(one.merged.tree, ()))
    return {path: trace.origin for path, trace in traced if trace is not None}


def _makers(archive: Archive, estate: Estate, one: Compiled, paths: list[KeyPath]) -> dict[KeyPath, Maker]:
    if not paths:
        return {}
    source = estate.session.source.describe()
    start = archive.history.commit_id("HEAD" if source in _NO_COMMIT else source)
    revisions = Revisions(archive, Way(archive.history, start), one.environment.name, scope_of(paths))
    return makers(revisions, one.tree, paths)


def _judged(estate: Estate, path: KeyPath, maker: Maker, environments: tuple[str, ...]) -> Iterator[Gap | Unclear]:
    since = _day(maker.commit.author.date)
    allowed = estate.asked.rotate_after
    component = estate.component(path)
    if since is None or allowed is None:
        return
    days = (estate.asked.today - since).days
    if days > allowed:
        least = "at least " * maker.boundary
        yield gap(
            "secret-not-rotated",
            show(path),
            f"`{show(path)}` is {least}{days} days old, {allowed} are allowed: it is the same since {since}",
            component=component,
            environments=environments,
            location=estate.place(environments[0], path),
        )
    elif maker.boundary:
        yield Unclear("secret-not-rotated", show(path), component, environments, "shallow")


def _day(text: str) -> date | None:
    try:
        return datetime.fromisoformat(text).astimezone(UTC).date()
    except ValueError:  # a header that Git would not write
        return None
