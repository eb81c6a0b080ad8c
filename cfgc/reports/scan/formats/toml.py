"""TOML 1.0, by the reader that projects use."""

from __future__ import annotations

import re

from cfgc.diagnostics import Diagnostic, Failed
from cfgc.reports.scan.formats.nodes import add, broken
from cfgc.reports.scan.outline import Broken, Outline
from cfgc.stages.read import toml_nodes, toml_values
from cfgc.stages.read.text import Text


def read(text: str, outline: Outline) -> None:
    """The outline; what is no TOML is told by `tomllib`."""
    whole = Text("toml", text, secret=True)
    try:
        add(toml_nodes.compose(whole), whole, outline)
        _, findings = toml_values.load(whole)
    except Failed as failed:
        raise _broken(failed.diagnostics[0]) from None
    wrong = [found for found in findings if found.is_error]
    outline.leaves = [leaf._replace(text=leaf.text.strip("\"'")) for leaf in outline.leaves]
    if wrong:
        raise _broken(wrong[0])


def _broken(found: Diagnostic) -> Broken:
    """The problem without the key that it names."""
    whole = broken(found).problem
    return Broken(whole.line, whole.column, re.sub(r"`[^`]*`", "a key", whole.message))
