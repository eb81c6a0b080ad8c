"""The layouts `tree` and `flat`: layers are folders and files in `environments/`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from cfgc.diagnostics import Diagnostic, report
from cfgc.model.layers import Entry, LayerFile
from cfgc.model.location import start_of
from cfgc.stages.discover.filenames import EACH, INDEX, FileName, advice, is_documentation, parse
from cfgc.stages.discover.layout import ROOT, Assigned, in_order, layer_twins
from cfgc.stages.discover.names import Twins, objection
from cfgc.stages.discover.refused import refused
from cfgc.stages.discover.suggestion import did_you_mean


class _Item(NamedTuple):
    """An entry: its folder below `environments/`, its own name, and the parts of that if it is a layer file's.

    `stem` is its path below `environments/` without the suffix: the same for `prod.sops.yaml` and for a folder `prod`.
    """

    entry: Entry
    folder: str
    name: str
    parts: FileName | None
    stem: str


class Folders:
    """The layers below `environments/`."""

    def __init__(self, entries: Sequence[Entry], *, flat: bool) -> None:
        self._flat = flat
        self._items = [_item(entry) for entry in entries if entry.path != ROOT]
        self._not_a_folder = [entry for entry in entries if entry.path == ROOT]
        self._holds = {item.stem for item in self._items}
        for folder in {item.folder for item in self._items}:
            self._holds.update(_with_parents(folder))

    def environments(self) -> list[str]:
        """Each layer file, and each folder that holds one or has a folder that does: deeper ones group others."""
        return sorted({item.stem.partition("/")[0] for item in self._items if item.parts and item.stem.count("/") <= 2})

    def layers(self) -> list[str]:
        return sorted(self._holds - {""})

    def holds(self, layer: str) -> bool:
        return layer in self._holds

    def assign(self, declared: AbstractSet[str], *, implied: bool) -> Assigned:
        assignment = _Assignment(declared, flat=self._flat)
        assignment.findings += [refused(entry) for entry in self._not_a_folder]
        assignment.findings += layer_twins(layer for layer in declared if self.holds(layer))
        for item in self._items:
            assignment.take(item)
        rule = "not-an-environment" if implied else "unused-layer"
        unused = [
            report(rule, at=start_of(path), called=name, help=did_you_mean(name, declared))
            for name, path in assignment.unused.items()
        ]
        files = {layer: in_order(assignment.files.get(layer, [])) for layer in sorted(declared)}
        return Assigned(files, assignment.findings + unused)


class _Place(NamedTuple):
    """The layer that a folder belongs to, and the folder's steps inside it."""

    layer: str
    steps: tuple[str, ...]


class _Assignment:
    """Items -> layer files, one after the other."""

    def __init__(self, declared: AbstractSet[str], *, flat: bool) -> None:
        self.files: dict[str, list[LayerFile]] = {}
        self.findings: list[Diagnostic] = []
        self.unused: dict[str, str] = {}
        self._declared = declared
        self._around = {above for layer in declared for above in _with_parents(layer) if above != layer}
        self._flat = flat
        self._folders: dict[str, _Place | None] = {}
        self._good_folders: dict[str, bool] = {"": True}
        self._twins = Twins()

    def take(self, item: _Item) -> None:
        """Put an item where it belongs, or say why it has no place."""
        if item.entry.kind != "file":
            self.findings.append(refused(item.entry))
            return
        whole = item.parts is not None and item.stem in self._declared
        place = _Place(item.stem, ()) if whole else self._place(item.folder)
        if place is None:
            self._without_layer(item)
        elif item.parts is None:
            self._stray(item)
        elif self._good_folder(item.folder) and self._good_name(item, item.parts, whole=whole):
            file = self._file(item, item.parts, place, whole=whole)
            self.files.setdefault(place.layer, []).append(file)

    def _place(self, folder: str) -> _Place | None:
        """Where a folder's content belongs: to the nearest declared layer around it."""
        if folder not in self._folders:
            above, _, name = folder.rpartition("/")
            if folder in self._declared:
                self._folders[folder] = _Place(folder, ())
            elif not folder:
                self._folders[folder] = None
            else:
                outer = self._place(above)
                self._folders[folder] = outer and _Place(outer.layer, (*outer.steps, name))
        return self._folders[folder]

    def _file(self, item: _Item, parts: FileName, place: _Place, *, whole: bool) -> LayerFile:
        at: tuple[str, ...] = place.steps
        if not whole and parts.stem not in (INDEX, EACH):
            at = (*at, parts.stem)
        if not whole and (clash := self._twins.clash("/".join((*place.steps, parts.stem)), item.entry.path)):
            self.findings.append(clash)
        return LayerFile(
            item.entry.path,
            place.layer,
            () if self._flat else at,
            parts.format,
            each=parts.stem == EACH and not whole,
            sops=parts.sops,
        )

    def _good_folder(self, folder: str) -> bool:
        if folder not in self._good_folders:
            above, _, name = folder.rpartition("/")
            good = self._good_folder(above)
            if good and (reason := objection(name)):
                good = self._bad_name(f"{ROOT}/{folder}", name, "a folder", reason)
            self._good_folders[folder] = good
        return self._good_folders[folder]

    def _good_name(self, item: _Item, parts: FileName, *, whole: bool) -> bool:
        special = parts.stem in (INDEX, EACH) and not whole
        if special or not (reason := objection(parts.stem)):
            return True
        return self._bad_name(item.entry.path, parts.stem, "a layer file", reason)

    def _bad_name(self, path: str, name: str, what: str, reason: str) -> bool:
        self.findings.append(report("bad-name", at=start_of(path), called=name, what=what, reason=reason))
        return False

    def _stray(self, item: _Item) -> None:
        if not is_documentation(item.name):
            path = item.entry.path
            self.findings.append(report("not-a-layer-file", at=start_of(path), file=path, help=advice(item.name)))

    def _without_layer(self, item: _Item) -> None:
        """A file outside all declared layers: it is named once, by the layer that it would be of."""
        if is_documentation(item.name):
            return
        layer = next((above for above in _with_parents(item.stem) if above not in self._around), item.stem)
        if layer == item.stem and item.parts is None:
            self._stray(item)
        else:
            self.unused.setdefault(layer, item.entry.path)


def _item(entry: Entry) -> _Item:
    folder, _, name = entry.path[len(ROOT) + 1 :].rpartition("/")
    parts = parse(name)
    stem = parts.stem if parts else name
    return _Item(entry, folder, name, parts, f"{folder}/{stem}" if folder else stem)


def _with_parents(path: str) -> Iterator[str]:
    """The folders on the way to a path, then the path itself."""
    at = -1
    while (at := path.find("/", at + 1)) >= 0:
        yield path[:at]
    yield path
