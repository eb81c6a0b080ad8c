"""Rendered sets that wait until it is known whether all went well: packed from some size on, so that many fit.

They wait in memory and nowhere else, since what a failed render decrypted must never have stood on a disk.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

from cfgc.model.artifact import Artifact, Required
from cfgc.model.manifest import Manifest

_HELD = 1_000
"""Artifacts that are held as they are."""


class RenderedSet(NamedTuple):
    """What is to be written of one environment: the facts of its manifest and its artifacts.

    `narrowed` names the components that were rendered; none: the whole environment.
    """

    manifest: Manifest
    artifacts: Collection[Artifact]
    narrowed: frozenset[str] | None = None


class Packed(Collection[Artifact]):
    """Artifacts as one compressed text, which every look at them opens anew. Their `setting` is left out."""

    def __init__(self, content: bytes, count: int, *others: Packed) -> None:
        """`others` come behind."""
        self.content = content
        self._count = count
        self._others = others

    def __len__(self) -> int:
        return self._count + sum(len(each) for each in self._others)

    def __contains__(self, artifact: object) -> bool:
        return any(artifact == each for each in self)

    def __iter__(self) -> Iterator[Artifact]:
        from cfgc.pipeline.parcel import unwrap

        rows, content = unwrap(self.content)
        at = 0
        for path, component, size, sealed_size, secret, needs in rows:
            text, at = bytes(content[at : at + size]), at + size
            sealed, at = (
                (text, at) if sealed_size is None else (bytes(content[at : at + sealed_size]), at + sealed_size)
            )
            yield Artifact(path, component, text, sealed, secret, tuple(Required(*each) for each in needs))
        for other in self._others:
            yield from other


def pack(artifacts: Collection[Artifact]) -> Packed:
    """The same artifacts, in less space."""
    from cfgc.pipeline.parcel import wrap

    rows, texts = [], []
    for each in artifacts:
        same = each.sealed == each.content
        sizes = len(each.content), None if same else len(each.sealed)
        rows.append((each.path, each.component, *sizes, each.secret, each.requires_env))
        texts += [each.content] if same else [each.content, each.sealed]
    return Packed(wrap(rows, texts), len(artifacts))


class Waiting:
    """The sets of a render in their order. The first ones are held as they are, the others packed."""

    def __init__(self) -> None:
        self.sets: list[RenderedSet] = []
        self._count = 0

    def add(self, one: RenderedSet) -> None:
        self._count += len(one.artifacts)
        fits = self._count <= _HELD or isinstance(one.artifacts, Packed)
        self.sets.append(one if fits else one._replace(artifacts=pack(one.artifacts)))
