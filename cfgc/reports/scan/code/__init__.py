"""Configuration in source code: structs that hold it, and reads of environment variables. One module a language.

Each has `KEYWORDS` (a text without any of them holds nothing for us, and is not parsed) and `find(root) -> Findings`.
What a language means is asked of its syntax tree; no regular expression goes over source.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from cfgc.reports.scan.code.findings import Findings
from cfgc.reports.scan.grammar import parse

LANGUAGES = {
    "go": "go",
    "python": "python",
    "typescript": "script",
    "tsx": "script",
    "javascript": "javascript",
    "java": "java",
    "rust": "rust",
}


def worth_parsing(raw: bytes, language: str) -> bool:
    """Whether the bytes of a source hold a word that configuration comes with."""
    return any(word in raw for word in _module(language).KEYWORDS)


def read(text: str, language: str) -> Findings:
    """What a source holds; raises `MissingGrammar`."""
    findings: Findings = _module(language).find(parse(text, language), language)
    return findings.in_order()


def _module(language: str) -> Any:
    return import_module(f"cfgc.reports.scan.code.{LANGUAGES[language]}")
