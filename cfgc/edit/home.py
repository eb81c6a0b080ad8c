"""Where a change is written: the file that holds the value, or the one that the override belongs into."""

from __future__ import annotations

from typing import NamedTuple

from cfgc.diagnostics import Failed, report
from cfgc.edit.change import Target
from cfgc.edit.intent import MISSING, bare, get, holds_marker
from cfgc.edit.layers import edited_layer, heirs, is_private, users
from cfgc.model.keypath import KeyPath, show, starts_with
from cfgc.model.layers import LayerFile
from cfgc.model.location import start_of
from cfgc.model.project import Project
from cfgc.model.provenance import Contribution
from cfgc.model.values import Value
from cfgc.pipeline.compile import Compiled
from cfgc.stages.discover import new_file


class Home(NamedTuple):
    """A file, there or not yet, the path inside it, and why the change is written there."""

    file: LayerFile
    inside: KeyPath
    why: str
    new: bool = False


class Homes:
    """The homes of one environment's changes. Raises `Failed` where there is no layer to edit."""

    def __init__(self, project: Project, compiled: Compiled, target: Target) -> None:
        self.layer = edited_layer(project, compiled.environment, target.layer)
        self._project = project
        self._compiled = compiled
        self._fixed = target.only or bool(target.layer)
        self._files = {file.path: file for layer in project.files.values() for file in layer}
        self._data = {document.file.path: document.data for layer in compiled.layers for document in layer.documents}

    def said(self, path: KeyPath) -> list[Contribution]:
        """What files say about a path, the winner first; what stands above a file's own place is not said by it."""
        trace = self._compiled.merged.trace(path)
        every = () if trace is None else (trace.origin, *trace.overrides)
        return [one for one in every if one.file in self._files and len(self._files[one.file].at) <= len(path)]

    def standing(self, path: KeyPath) -> list[Home]:
        """The places that may be edited where the value is written now; `_each` files speak of other children too."""
        said = self.said(path)
        mine = [one for one in said if one.layer == self.layer and not one.each]
        if not self._fixed and said and not mine and not said[0].each and self._private(said[0].layer):
            mine = [one for one in said if one.layer == said[0].layer and not one.each]
        return [self._standing(one, path) for one in mine]

    def over(self, path: KeyPath, value: Value) -> Home:
        """The place for an override in the edited layer; raises `Failed` where the layout has none."""
        why = self._why(path)
        known = self._known(path, value)
        if known is not None:
            return Home(known, path[len(known.at) :], why)
        for at, beside in self._wanted(path, root=isinstance(value, dict)):
            name = new_file(self._project, self.layer, at, beside)
            if name is not None:
                at = () if self._project.settings.get("layout") == "flat" else at
                present = self._files.get(name)
                file = present or LayerFile(name, self.layer, at, "yaml")
                if not file.each and not file.sops and file.at == at:
                    return Home(file, path[len(at) :], why, new=present is None)
        raise Failed(report("no-place-for-override", path=path, layer=self.layer, target=show(path)))

    def _standing(self, said: Contribution, path: KeyPath) -> Home:
        file = self._files[said.file]
        if file.sops:
            raise Failed(report("edit-secret", at=start_of(file.path), path=path, target=show(path), file=file.path))
        if file.layer == self.layer:
            return Home(file, said.path, f"layer `{file.layer}`")
        return Home(file, said.path, f"layer `{file.layer}`, which only `{self._compiled.environment.name}` uses")

    def _private(self, layer: str) -> bool:
        return is_private(self._project, self._compiled.environment, layer)

    def _why(self, path: KeyPath) -> str:
        said = self.said(path)
        if not said:
            return f"layer `{self.layer}`"
        first = said[0]
        if first.each:
            return f"layer `{self.layer}`: `{first.file}` speaks of every child"
        environment = self._compiled.environment
        seen = heirs(self._project, environment) | {environment.name}
        others = [name for name in users(self._project, first.layer) if name not in seen]
        if first.layer == self.layer or not others:
            return f"layer `{self.layer}`"
        shown = ", ".join(f"`{name}`" for name in others[:3]) + (" and others" if len(others) > 3 else "")
        return f"layer `{self.layer}`: {shown} {'uses' if len(others) == 1 else 'use'} `{first.file}` too"

    def _known(self, path: KeyPath, value: Value) -> LayerFile | None:
        """The layer's file that says most about the way to a path, if it says anything about its unit."""
        unit = self._unit(path)
        formats = ("yaml", "json") if holds_marker(value) else ("yaml", "json", "toml")
        best, depth = None, (-1, -1)
        for file in self._project.files.get(self.layer, ()):
            if file.each or file.sops or file.format not in formats or not starts_with(path, file.at):
                continue
            if len(file.at) == len(path) and not isinstance(value, dict):
                continue
            found = self._depth(file, path), len(file.at)
            if found > depth:
                best, depth = file, found
        if best is None or not (depth[0] >= len(unit) or self._whole(best)):
            return None
        return best

    def _depth(self, file: LayerFile, path: KeyPath) -> int:
        data, at = self._data.get(file.path), len(file.at)
        while at < len(path) and isinstance(bare(get(data, path[len(file.at) : at])), dict):
            if get(data, path[len(file.at) : at + 1]) is MISSING:
                break
            at += 1
        return at

    def _whole(self, file: LayerFile) -> bool:
        """Whether a layer is this one file: `environments/prod.yaml`."""
        return len(self._project.files[self.layer]) == 1 and file.path.rpartition("/")[2].startswith(f"{self.layer}.")

    def _unit(self, path: KeyPath) -> KeyPath:
        return self._compiled.owner(path) or path[:1]

    def _wanted(self, path: KeyPath, *, root: bool) -> list[tuple[KeyPath, str]]:
        """The key paths at which a new file may stand, the best first: where lower layers have theirs."""
        below = [self._files[one.file] for one in self.said(path) if not one.each]
        found = [(file.at, file.path) for file in below if not file.sops]
        unit = self._unit(path)
        found += [(unit[:depth], "") for depth in range(len(unit), -1, -1)]
        return [(at, beside) for at, beside in found if len(at) < len(path) or (root and at == path)]
