"""The secrets of the layers: in which file, for whom, and for how long the same.

How old one is says the last commit that changed the ciphertext of its leaf; SOPS' own date moves with any other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime

from cfgc.history.life.lookup import scope_of
from cfgc.history.life.makers import Maker, makers
from cfgc.history.life.revisions import Archive, Revisions
from cfgc.model.keypath import KeyPath, show
from cfgc.model.layers import Document
from cfgc.pipeline.compile import Compiled
from cfgc.pipeline.revealing import secrets_below
from cfgc.reports.report.asked import Asked, Ground
from cfgc.reports.report.model import Sealed, SealedFile
from cfgc.stages.read import Shelf
from cfgc.stages.secrets.sealing import SealedDocument


def secret_files(ground: Ground, asked: Asked) -> tuple[SealedFile, ...]:
    """The SOPS files that go into any environment, by path, each with its secrets in the order of its tree."""
    compiled = ground.side.examined.compiled
    documents = {each.file.path: each for one in compiled.values() for each in _documents(one)}
    leaves: dict[tuple[str, KeyPath], list[str]] = {}
    first: dict[tuple[str, KeyPath], tuple[Compiled, KeyPath]] = {}
    for name, one in compiled.items():
        for path, leaf in _written(one):
            leaves.setdefault(leaf, []).append(name)
            first.setdefault(leaf, (one, path))
    made = _made(ground, first)
    found: dict[str, list[Sealed]] = {file: [] for file in documents}
    for leaf, names in leaves.items():
        one, path = first[leaf]
        owner = one.owner(path)
        secret = Sealed(show(path), show(owner) if owner else "", tuple(names))
        found.setdefault(leaf[0], []).append(_dated(secret, made.get(leaf), asked))
    return tuple(_file(file, documents.get(file), found[file]) for file in sorted(found))


def _documents(one: Compiled) -> Iterator[Document]:
    return (each for layer in one.layers for each in layer.documents if each.file.sops)


def _written(one: Compiled) -> Iterator[tuple[KeyPath, tuple[str, KeyPath]]]:
    """Each secret with the leaf of the file that it is written in; one that is referred to is not told again."""
    for path, _ in secrets_below(one.merged.tree, ()):
        trace = one.merged.trace(path)
        if trace is not None:
            yield path, (trace.origin.file, trace.origin.path)


def _made(
    ground: Ground, first: Mapping[tuple[str, KeyPath], tuple[Compiled, KeyPath]]
) -> dict[tuple[str, KeyPath], Maker]:
    """The commit that made each leaf; one walk for all leaves that an environment is the first to have."""
    if ground.history is None or not ground.side.commit:
        return {}
    session = ground.side.session
    archive = Archive(ground.history, ground.root, session.shelf or Shelf())
    made: dict[tuple[str, KeyPath], Maker] = {}
    for one in ground.side.examined.compiled.values():
        mine = {path: leaf for leaf, (owner, path) in first.items() if owner is one}
        if mine:
            way = archive.way(ground.side.commit)
            revisions = Revisions(archive, way, one.environment.name, scope_of(mine))
            made.update({mine[path]: maker for path, maker in makers(revisions, one.tree, mine).items()})
    return made


def _dated(secret: Sealed, maker: Maker | None, asked: Asked) -> Sealed:
    since = _day(maker.commit.author.date) if maker else None
    if maker is None or since is None:
        return secret
    days = max(0, (asked.today - since).days)
    old = days > asked.rotate_after
    return secret._replace(since=since.isoformat(), days=days, least=maker.boundary, old=old)


def _day(text: str) -> date | None:
    try:
        return datetime.fromisoformat(text).astimezone(UTC).date()
    except ValueError:  # a header that Git would not write
        return None


def _file(file: str, document: Document | None, secrets: list[Sealed]) -> SealedFile:
    metadata = document.metadata if isinstance(document, SealedDocument) else None
    recipients = tuple(f"{each.kind}: {each.identity}" for each in metadata.recipients) if metadata else ()
    return SealedFile(file, document.file.layer if document else "", recipients, tuple(secrets))
