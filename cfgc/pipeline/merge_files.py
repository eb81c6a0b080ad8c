"""Any files merged in order, outside of a project."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import PurePosixPath

from cfgc.diagnostics import Diagnostic, Failed
from cfgc.model.layers import Format, Layer, LayerFile
from cfgc.model.project import MergeRules
from cfgc.model.values import Tree
from cfgc.pipeline.place import Placing
from cfgc.stages.merge import merge
from cfgc.stages.read import Reader
from cfgc.stages.resolve import Context, resolve
from cfgc.stages.secrets import seal

_FORMATS: dict[str, Format] = {".yaml": "yaml", ".yml": "yaml", ".json": "json", ".toml": "toml"}


def merge_files(
    reader: Reader, names: Sequence[str], rules: MergeRules, read_text: Callable[[str], bytes] | None
) -> tuple[Tree, list[Diagnostic]]:
    """The files as layers of one environment, each at the root, and the findings.

    References are resolved when `read_text` gives the files of `${file:...}`. Raises `Failed` when one can't be read.
    """
    layers: list[Layer] = []
    findings: list[Diagnostic] = []
    for number, name in enumerate(names):
        document, found = reader.read(_layer_file(name, number))
        findings += found
        if document is not None:
            sealed, more = seal(document, reader.locator)
            findings += more
            layers.append(Layer(document.file.layer, [sealed]))
    if any(each.is_error for each in findings):
        raise Failed(*findings)
    merged = merge(layers, rules, None, reader.locator)
    findings += merged.diagnostics
    if read_text is None:
        return merged.tree, findings
    resolved = resolve(merged.tree, Context(read_file=read_text, is_raw=merged.is_raw, place=merged.place))
    placing = Placing(merged, resolved, reader.locator)
    findings += [placing.diagnostic(each) for each in resolved.diagnostics]
    return resolved.tree, findings


def format_of(name: str) -> Format | None:
    """The format that a file's name tells."""
    return _FORMATS.get(PurePosixPath(name).suffix)


def _layer_file(name: str, number: int) -> LayerFile:
    """The file as the only one of a layer of its own."""
    sops = ".sops" in PurePosixPath(name).suffixes
    return LayerFile(name, f"{number + 1}. {name}", (), format_of(name) or "yaml", sops=sops)
