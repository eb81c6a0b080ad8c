"""Values as text: scalars in the style of the one before them, maps and lists in brackets."""

from __future__ import annotations

import json
import re
from typing import Any

from cfgc.edit.change import NotExact
from cfgc.edit.page import Page
from cfgc.edit.rewrite.lines import body
from cfgc.model.layers import Format
from cfgc.model.values import INCLUDE, Marked, Value
from cfgc.stages.read.nodes import Node, Scalar
from cfgc.stages.render.emitters import toml
from cfgc.stages.render.emitters.emitter import Unfit
from cfgc.stages.render.emitters.yaml import one_line, quoted
from cfgc.stages.render.emitters.yaml import write as write_yaml

_SINGLE = re.compile(r"[ -~\u00a1-\u00ac\u00ae-\u05ff]*")
_INDICATOR = re.compile(r"[,\[\]{}?:]")
_PLAIN_REFERENCE = re.compile(r"(?:[A-Za-z0-9_./@-]*\$\{[A-Za-z0-9_.-]+\})+[A-Za-z0-9_./@-]*(?::[A-Za-z0-9_./@-]+)*")


def scalar(value: Value, like: str = "", *, brackets: bool = False) -> str:
    """A YAML scalar on one line; `like` is the quote of the scalar that it replaces, `plain` for one without.

    Raises `NotExact` for what YAML cannot hold.
    """
    try:
        if isinstance(value, str):
            return _string(value, like, brackets=brackets)
        return str(value) if type(value) is int else write_yaml(value).rstrip("\n")
    except Unfit:
        raise NotExact("the value cannot be written as YAML") from None


def _string(value: str, like: str, *, brackets: bool) -> str:
    if like == "'" and _SINGLE.fullmatch(value):
        return "'" + value.replace("'", "''") + "'"
    if like == '"':
        return quoted(value)
    if like == "plain" and not brackets and _PLAIN_REFERENCE.fullmatch(value):
        return value
    text = one_line(value)
    return quoted(value) if brackets and _INDICATOR.search(text) and text[0] != '"' else text


def quote_of(page: Page, node: Node | None) -> str:
    """The quote of a scalar: `'`, `"`, `plain` or nothing."""
    if not isinstance(node, Scalar):
        return ""
    first = page.chars[body(page, node) :][:1]
    return first if first in ("'", '"') and not node.plain else "plain" if node.plain else ""


def key_text(key: str, format: Format = "yaml", *, brackets: bool = False) -> str:
    """A key with its colon or equals sign."""
    if format == "toml":
        return f"{toml.key_word(key)} ="
    if key == INCLUDE:
        return "<<:"
    return f"{json.dumps(key, ensure_ascii=False) if format == 'json' else scalar(key, brackets=brackets)}:"


def marker(value: Value) -> tuple[str, Value]:
    """The markers before a value, each with a space behind it, and the value."""
    text = ""
    while isinstance(value, Marked):
        text += f"!{value.name}:{value.key} " if value.key else f"!{value.name} "
        value = value.value
    return text, value


def in_line(value: Value, format: Format = "yaml", like: str = "") -> str:
    """A value on one line, maps and lists in brackets; raises `NotExact`."""
    if format == "toml":
        return _toml(value)
    if format == "json":
        return _json(value)
    marks, bare = marker(value)
    if isinstance(bare, dict):
        pairs = [f"{key_text(key, brackets=True)} {in_line(item)}" for key, item in bare.items()]
        return f"{marks}{{{', '.join(pairs)}}}"
    if isinstance(bare, list):
        return f"{marks}[{', '.join(in_line(item) for item in bare)}]"
    return marks + scalar(bare, like, brackets=True)


def _json(value: Value) -> str:
    if _has_marker(value):
        raise NotExact("JSON has no markers")
    return json.dumps(value, ensure_ascii=False)


def _toml(value: Value) -> str:
    if _has_marker(value):
        raise NotExact("TOML has no markers")
    if value is None:
        raise NotExact("TOML has no null")
    try:
        return toml.inline(value)
    except Unfit:
        raise NotExact("the value cannot be written as TOML") from None


def _has_marker(value: Any) -> bool:
    if isinstance(value, dict):
        return INCLUDE in value or any(_has_marker(item) for item in value.values())
    return any(map(_has_marker, value)) if isinstance(value, list) else isinstance(value, Marked)
