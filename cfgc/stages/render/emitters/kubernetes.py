"""What ConfigMaps and Secrets share: names, labels, the entries of their data and the document around them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from cfgc.model.keypath import KeyPath
from cfgc.stages.render.emitters import variables, yaml
from cfgc.stages.render.emitters.emitter import Plain, Sheet, Traced, Unfit

FILE_KEY = "config.yaml"
"""The one key of `data: file`."""

_NAME = re.compile(r"(?=.{1,253}\Z)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
_NAMESPACE = re.compile(r"(?=.{1,63}\Z)[a-z0-9]([-a-z0-9]*[a-z0-9])?")
_LABEL = re.compile(r"(?:[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?")
_LABEL_KEY = re.compile(rf"(?:{_NAME.pattern}/)?[A-Za-z0-9]([A-Za-z0-9_.-]{{0,61}}[A-Za-z0-9])?")
_LARGEST = 1 << 20


def trace(kind: str, encode: Callable[[str], str], data: Plain, sheet: Sheet) -> Traced:
    """The document of a ConfigMap or Secret in pieces; raises `Unfit`."""
    entries = list(_entries(data, sheet))
    if sum(len(name) + len(text.encode("utf-8", "surrogatepass")) for name, text, _ in entries) > _LARGEST:
        raise Unfit("k8s-too-large", ())
    metadata = _metadata(sheet)
    yield yaml.write({"apiVersion": "v1", "kind": kind, "metadata": metadata}), ()
    if not entries:
        yield "data: {}\n", ()
        return
    yield "data:\n", ()
    for name, text, path in entries:
        block = yaml.write({"data": {name: encode(text)}})
        yield block.removeprefix("data:\n"), path


def _entries(data: Plain, sheet: Sheet) -> Iterator[tuple[str, str, KeyPath]]:
    if sheet.data == "file":
        yield FILE_KEY, yaml.write(data), ()
        return
    for name, value, path in zip(*variables.assign(data, sheet), variables.paths(data), strict=True):
        text = variables.text_of(value)
        if "\0" in text:
            raise Unfit("text-not-held", path, format="k8s", reason="it holds a NUL character")
        yield name, text, path


def _metadata(sheet: Sheet) -> dict[str, object]:
    _valid(_NAME, sheet.name, "name")
    found: dict[str, object] = {"name": sheet.name}
    if sheet.namespace is not None:
        found["namespace"] = _valid(_NAMESPACE, sheet.namespace, "namespace")
    for key, value in sheet.labels.items():
        _valid(_LABEL_KEY, key, "label name")
        _valid(_LABEL, value, "label value")
    if sheet.labels:
        found["labels"] = dict(sheet.labels)
    return found


def _valid(grammar: re.Pattern[str], text: str, what: str) -> str:
    if not grammar.fullmatch(text):
        raise Unfit("k8s-name-invalid", (), what=what, text=text)
    return text
