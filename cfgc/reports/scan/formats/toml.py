"""TOML 1.0: `tomllib` says what is TOML, the reader that projects use says where everything stands."""

from __future__ import annotations

import re
import tomllib

from cfgc.diagnostics import Diagnostic, Failed
from cfgc.reports.scan.formats.nodes import add, broken
from cfgc.reports.scan.outline import Broken, Outline
from cfgc.stages.read import toml_nodes, toml_values
from cfgc.stages.read.text import Text

_KEYS = re.compile(r"(?:the key )?`[^`]*`")


def read(text: str, outline: Outline) -> None:
    """The outline; values that only cfgc refuses, such as `nan`, are none of its business."""
    whole = Text("toml", text, secret=True)
    try:
        add(toml_nodes.compose(whole), whole, outline)
        try:
            tomllib.loads(text)
        except ValueError:  # also a number of too many digits, which is no error of the syntax
            toml_values.load(whole)
    except Failed as failed:
        raise _broken(failed.diagnostics[0]) from None
    finally:
        outline.leaves = [leaf._replace(text=leaf.text.strip("\"'")) for leaf in outline.leaves]


def _broken(found: Diagnostic) -> Broken:
    """The problem without the key that it names."""
    whole = broken(found).problem
    return Broken(whole.line, whole.column, _KEYS.sub("a key", whole.message))
