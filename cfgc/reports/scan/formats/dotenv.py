"""Dotenv files, by the reader that projects use."""

from __future__ import annotations

from cfgc.reports.scan.formats.nodes import add, broken
from cfgc.reports.scan.outline import Outline
from cfgc.stages.read import dotenv_nodes
from cfgc.stages.read.text import Text


def read(text: str, outline: Outline) -> None:
    """The outline: one key a variable."""
    whole = Text("dotenv", text, secret=True)
    root, findings = dotenv_nodes.compose(whole)
    add(root, whole, outline)
    if findings:
        raise broken(findings[0])
