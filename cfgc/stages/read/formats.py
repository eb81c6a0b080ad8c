"""The bytes of a file -> data and findings, by format. The libraries of a format are imported when it is first met."""

from __future__ import annotations

import gc
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from cfgc.diagnostics import Diagnostic
from cfgc.model.layers import Format
from cfgc.model.values import Value
from cfgc.stages.read import yaml_ordinary

if TYPE_CHECKING:
    from cfgc.stages.read.nodes import Node
    from cfgc.stages.read.text import Text


class Parsed(NamedTuple):
    """What a file says: null where it says nothing at all. `ordinary` tells what the native YAML reader took."""

    data: Value
    findings: list[Diagnostic]
    marked: bool = False
    ordinary: bool = False


def parse(raw: bytes, file: str, format: Format, *, markers: bool = True, secret: bool = False) -> Parsed:
    """The data of a file; raises `Failed` where nothing can be read. Without `markers` one is an error."""
    collecting = gc.isenabled()
    gc.disable()  # parsing makes no cycles, and looking for them in a growing heap takes longer than the parsing
    try:
        return _parsed(raw, file, format, markers=markers, secret=secret)
    finally:
        if collecting:
            gc.enable()


def _parsed(raw: bytes, file: str, format: Format, *, markers: bool, secret: bool) -> Parsed:
    if format == "yaml":
        try:
            return Parsed(yaml_ordinary.load(raw, file), [], ordinary=True)
        except yaml_ordinary.NotOrdinary:
            pass  # the exact reader works outside of this handler, so that its exceptions stand alone
    from cfgc.stages.read.text import decode

    text = decode(raw, file, secret=secret)
    if format == "json":
        from cfgc.stages.read import json_fast

        with suppress(json_fast.NotOrdinary):
            return Parsed(json_fast.load(text.text, file), [])
    return exact(text, format, markers=markers)


def exact(text: Text, format: Format, *, markers: bool = True) -> Parsed:
    """The data of a text by the reader that knows positions; raises `Failed`."""
    if format == "toml":
        from cfgc.stages.read import toml_values

        return Parsed(*toml_values.load(text))
    root, findings = compose(text, format)
    if root is None:
        return Parsed(None, findings)
    from cfgc.stages.read.data import Builder

    builder = Builder(text, markers=markers)
    data = builder.value(root)
    return Parsed(data, sorted([*findings, *builder.findings], key=_by_place), builder.marked)


def compose(text: Text, format: Format) -> tuple[Node | None, list[Diagnostic]]:
    """The nodes of a text, none when it is blank; raises `Failed`."""
    if format == "yaml":
        from cfgc.stages.read import yaml_nodes

        return yaml_nodes.compose(text)
    if format == "toml":
        from cfgc.stages.read import toml_nodes

        return toml_nodes.compose(text), []
    if format == "dotenv":
        from cfgc.stages.read import dotenv_nodes

        return dotenv_nodes.compose(text)
    from cfgc.stages.read import json_nodes

    return json_nodes.compose(text), []


def _by_place(found: Diagnostic) -> tuple[int, int]:
    return (found.location.line, found.location.column) if found.location else (0, 0)


def format_of(path: str) -> Format:
    """The format that a file's name states; YAML for every name that states none."""
    if path.endswith(".json"):
        return "json"
    if path.endswith(".toml"):
        return "toml"
    return "dotenv" if path.endswith(".env") else "yaml"
