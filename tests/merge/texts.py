"""Layers written as YAML text, with a reader and a locator of the tests' own."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

import yaml

from cfgc.diagnostics import Diagnostic
from cfgc.model.layers import Document, Format, Layer, LayerFile
from cfgc.model.location import Location
from cfgc.model.project import MergeRules
from cfgc.model.provenance import Contribution
from cfgc.model.values import INCLUDE, Marked, Secret
from cfgc.stages.merge import Merged, merge
from cfgc.stages.merge.overrides import option_override, split_option

_CORE = "tag:yaml.org,2002:"


class Texts:
    """A `Locator` over texts: composes the one file again and walks its nodes."""

    def __init__(self, files: dict[str, str]) -> None:
        self.files = files

    def _pair(self, file: str, path: tuple[Any, ...]) -> tuple[Any, Any]:
        node: Any = yaml.compose(self.files[file])
        key = node
        for step in path:
            if isinstance(node, yaml.SequenceNode):
                key = node = node.value[step]
            else:
                written = "<<" if step == INCLUDE else step
                key, node = next(pair for pair in node.value if pair[0].value == written)
        return key, node

    def value(self, file: str, path: tuple[Any, ...]) -> Location:
        return _span(file, self._pair(file, path)[1])

    def key(self, file: str, path: tuple[Any, ...]) -> Location:
        return _span(file, self._pair(file, path)[0])

    def implicit(self, file: str, path: tuple[Any, ...]) -> bool:
        node = self._pair(file, path)[1]
        return bool(node.tag == _CORE + "null" and node.value == "")

    def at(self, file: str, line: int) -> None:
        """No test here asks."""

    def quote(self, file: str, line: int) -> None:
        """No test here asks."""

    def data(self, file: str, path: tuple[Any, ...]) -> Any:
        """The value at a path of a file, read apart from everything else."""
        return construct(self._pair(file, path)[1])


def _span(file: str, node: Any) -> Location:
    start, end = node.start_mark, node.end_mark
    return Location(file, start.line + 1, start.column + 1, end.line + 1, end.column + 1)


def construct(node: Any) -> Any:
    """Plain data with `Marked` values; a scalar `ENC(text)` is a secret that holds the text."""
    if node.tag.startswith("!"):
        name, _, key = node.tag[1:].partition(":")
        return Marked(name, _untagged(node), key or None)
    return _untagged(node)


def _untagged(node: Any) -> Any:
    if isinstance(node, yaml.MappingNode):
        return {INCLUDE if key.value == "<<" else key.value: construct(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [construct(item) for item in node.value]
    if node.value.startswith("ENC("):
        return Secret(node.value, "string", node.value[4:-1])
    loader: Any = yaml.SafeLoader("")
    tag = loader.resolve(yaml.ScalarNode, node.value, (node.style is None, node.style is not None))
    return yaml.SafeLoader("").construct_object(yaml.ScalarNode(tag, node.value))


def read(text: str) -> Any:
    node = yaml.compose(text)
    return {} if node is None else construct(node)


def is_marked(value: Any) -> bool:
    if isinstance(value, Marked):
        return True
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(is_marked(item) for item in items)


def layer_file(path: str) -> LayerFile:
    """`prod/managers/web.yaml` is of layer `prod` and stands at `managers.web` (SPEC section 2)."""
    pure = PurePosixPath(path)
    layer, *steps = pure.with_name(pure.name.split(".")[0]).parts
    each = steps[-1:] == ["_each"]
    at = steps[:-1] if each or steps[-1:] == ["_index"] else steps
    formats: dict[str, Format] = {".json": "json", ".toml": "toml"}
    return LayerFile(path, layer, tuple(at), formats.get(pure.suffix, "yaml"), each, ".sops." in pure.name)


def layers_of(files: dict[str, str]) -> list[Layer]:
    """The layers of files, in the order in which they are first named."""
    layers: dict[str, Layer] = {}
    for path, text in files.items():
        file, data = layer_file(path), read(text)
        layer = layers.setdefault(file.layer, Layer(file.layer))
        layer.documents.append(Document(file, data, marked=is_marked(data)))
    return list(layers.values())


class Stated:
    """`Annotations` and `Cursor` that know only `x-cfgc-merge`: key path with `*` for any step -> rule."""

    def __init__(self, rules: dict[str, Any], at: tuple[str, ...] = ()) -> None:
        self.rules = rules
        self.at = at

    def root(self) -> Stated:
        return self

    def uses(self, keyword: str) -> bool:
        return keyword == "x-cfgc-merge"

    def step(self, step: str | int) -> Stated:
        return Stated(self.rules, (*self.at, str(step)))

    def get(self, keyword: str) -> Any:
        for path, rule in self.rules.items():
            steps = path.split(".")
            here = len(steps) == len(self.at) and all(
                one in ("*", other) for one, other in zip(steps, self.at, strict=True)
            )
            if here and keyword == "x-cfgc-merge":
                return rule
        return None


def merge_texts(
    files: dict[str, str],
    *,
    rules: MergeRules | None = None,
    schema: dict[str, Any] | None = None,
    sets: tuple[str, ...] = (),
) -> Merged:
    """Texts of layer files merged, as one environment of all their layers."""
    overrides = []
    for text in sets:
        parts = split_option(text)
        assert not isinstance(parts, Diagnostic), parts
        key, value = parts
        override = option_override(key, read(value))
        assert isinstance(override, Contribution), override
        overrides.append(override)
    annotations: Any = Stated(schema) if schema else None
    return merge(layers_of(files), rules or MergeRules(), annotations, Texts(files), overrides)
