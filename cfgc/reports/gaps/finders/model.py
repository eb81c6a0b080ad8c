"""The values against the schemas: keys that no schema knows, keys that no environment has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from cfgc.model.keypath import KeyPath, show
from cfgc.model.location import Location
from cfgc.model.values import Value
from cfgc.reports.gaps.estate import Estate
from cfgc.reports.gaps.gap import Gap, gap

if TYPE_CHECKING:
    from cfgc.stages.check.schema.outline import Outline


class Met(NamedTuple):
    """A value as an environment has it; of items of a list, their key paths are apart and what they are is one."""

    environment: str
    path: KeyPath
    value: Value


def find(estate: Estate) -> Iterator[Gap]:
    """Undocumented keys at the top of what is; a key that a shared schema names is set if any place sets it."""
    search = _Search(estate)
    roots = [Met(name, (), one.tree) for name, one in estate.compiled.items()]
    yield from search.below(roots, estate.session.schemas.outline)
    yield from search.never_set()


class _Search:
    def __init__(self, estate: Estate) -> None:
        self._estate = estate
        self._named: dict[Location, KeyPath] = {}
        self._set: set[Location] = set()

    def below(self, met: Sequence[Met], outline: Outline) -> Iterator[Gap]:
        """What is wrong in some values that stand at one place of the schemas."""
        if outline.free:
            return
        maps = [each for each in met if isinstance(each.value, dict)]
        if any(each.value for each in maps) and outline.known and met[0].path and not outline.names_keys:
            yield self._undocumented([each for each in maps if each.value], outline, inside=True)
            return
        self._note(maps, outline)
        for key in dict.fromkeys(key for each in maps for key in each.value):
            inner = [Met(each.environment, (*each.path, key), each.value[key]) for each in maps if key in each.value]
            yield from self._child(inner, outline, outline.step(key))
        items = [each for each in met if isinstance(each.value, list)]
        yield from self._items(items, outline)

    def never_set(self) -> Iterator[Gap]:
        """The keys that schemas name where there are maps, and that none of these has."""
        for location, path in self._named.items():
            if location not in self._set:
                name = show(path)
                yield gap(
                    "never-set",
                    name,
                    f"the schema names `{name}`, and no environment has it",
                    component=self._estate.component(path),
                    location=location,
                )

    def _child(self, met: list[Met], around: Outline, outline: Outline) -> Iterator[Gap]:
        if outline.known:
            yield from self.below(met, outline)
        else:
            yield self._undocumented(met, around)

    def _items(self, lists: Sequence[Met], outline: Outline) -> Iterator[Gap]:
        by_index: dict[int, list[Met]] = {}
        for each in lists:
            for index, value in enumerate(each.value):
                by_index.setdefault(index, []).append(Met(each.environment, (*each.path, index), value))
        for index, met in by_index.items():
            inner = outline.step(index)
            if inner.known:  # a list without `items` says as little as one of scalars needs
                yield from self.below(met, inner)

    def _note(self, maps: Sequence[Met], outline: Outline) -> None:
        if not maps:
            return
        for key, location in outline.properties():
            having = [each for each in maps if key in each.value]
            if having:
                self._set.add(location)
            elif not outline.step(key).said("deprecated"):
                self._named.setdefault(location, (*maps[0].path, key))

    def _undocumented(self, met: Sequence[Met], outline: Outline, *, inside: bool = False) -> Gap:
        first = met[0]
        name = show(first.path)
        schema = outline.place()
        cure = f"name it in `{schema.file}`, or say `additionalProperties: true` there" if schema else ""
        environments = tuple(dict.fromkeys(each.environment for each in met))
        return gap(
            "undocumented",
            name,
            f"no schema names a key inside `{name}`" if inside else f"`{name}` is in no schema",
            component=self._estate.component(first.path),
            environments=environments if len(environments) < len(self._estate.compiled) else (),
            location=self._estate.place(first.environment, first.path),
            **({"cure": cure} if cure else {}),
        )
