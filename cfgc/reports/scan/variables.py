"""Which variables a file sets for others, and which it expects from outside."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from cfgc.reports.scan.outline import Leaf, Outline, Path

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")
_UPPER = re.compile(r"[A-Z_][A-Z0-9_]{0,99}")
_BRACES = re.compile(r"(?<!\$)\$\{(?:env[:.])?([A-Za-z_][A-Za-z0-9_]{0,99})(?=[:?+=}-])")
_BARE = re.compile(r"(?<![\\$\w])\$([A-Za-z_][A-Za-z0-9_]{0,99})")
_CALL = re.compile(
    r"""(?:\b(?:env|requiredEnv|getenv|get_env|ENV(?:\.fetch)?)|\$ENV|lookup\(['"]env['"],)\s{0,3}[({[]?\s{0,3}["']([A-Za-z_]\w{0,99})["']"""
)
_GITHUB = re.compile(r"\b(?:env|vars|secrets)\.([A-Za-z_]\w{0,99})")
_TERRAFORM = re.compile(r"\bvar\.([A-Za-z_][\w-]{0,99})")
_TEMPLATE = re.compile(
    r"\{\{[-#^]?\s{0,9}([A-Za-z_][\w.]{0,99}|\.[A-Z]\w{0,99})"
    r"|<%[-=]{0,2}\s{0,9}@?([a-z_]\w{0,99})"
    r"|\{%-?\s{0,9}(?:if|elif|for \w{1,50} in)\s{1,9}(?:not\s)?([A-Za-z_][\w.]{0,99})"
)
_VALUES = re.compile(r"(?<![\w.])\.Values\.([A-Za-z_][\w.]{0,99})")
_WORDS = frozenset(
    ("include", "template", "toYaml", "range", "with", "define", "end", "else", "if", "not", "lookup", "env", "loop")
)

_SHELL = frozenset(
    ("Compose file", "GitLab CI", "GitHub Actions workflow", "CI pipeline", "Docker image", "environment variables")
)
"""Roles in which `$NAME` is a variable of any case; elsewhere only `${NAME}` in capitals is one for sure."""
_BLOCKS = {"Compose file": "environment", "GitLab CI": "variables", "GitHub Actions workflow": "env"}


def declared(role: str, format: str, outline: Outline) -> list[str]:
    """The variables that a file sets or asks for by a declaration, sorted."""
    return sorted({name for name in _declared(role, format, outline) if _NAME.fullmatch(name.replace("-", "_"))})


def _declared(role: str, format: str, outline: Outline) -> Iterator[str]:
    if format == "dotenv":
        yield from (name for name in outline.top if not name.startswith("sops_"))
    elif format == "dockerfile":
        yield from (leaf.path[1] for leaf in outline.leaves if len(leaf.path) == 2 and leaf.path[0] in ("ENV", "ARG"))
    elif role == "Terraform variables":
        yield from outline.top
    elif format == "hcl":
        yield from (path[1] for path in _paths(outline.leaves) if len(path) > 1 and path[0] == "variable")
    elif role in _BLOCKS:
        yield from _in_block(outline.leaves, _BLOCKS[role])
    elif role in ("Kubernetes manifest", "Helm template"):
        yield from (leaf.text for leaf in outline.leaves if _is_container_variable(leaf.path))


def _in_block(leaves: Iterable[Leaf], block: str) -> Iterator[str]:
    """Names below a map of variables, or `NAME=value` items of a list of them."""
    for leaf in leaves:
        if block in leaf.path[:-1]:
            name = leaf.path[leaf.path.index(block) + 1]
            yield leaf.text.partition("=")[0] if name.isdigit() else name


def _is_container_variable(path: Path) -> bool:
    return len(path) >= 3 and path[-1] == "name" and path[-2].isdigit() and path[-3] == "env"


def used(role: str, format: str, outline: Outline) -> dict[str, int]:
    """The variables that the values of a file refer to -> the line of the first value that does."""
    found: dict[str, int] = {}
    for leaf in outline.leaves:
        if "$" in leaf.text or "env" in leaf.text or "ENV[" in leaf.text:
            _note(found, _in_value(leaf.text, role), leaf.line)
        if format == "hcl" and "var." in leaf.text:
            _note(found, _TERRAFORM.findall(leaf.text), leaf.line)
    return found


def _note(found: dict[str, int], names: Iterable[str], line: int) -> None:
    for name in names:
        found[name] = min(line, found.get(name, line))


def _in_value(text: str, role: str) -> Iterator[str]:
    shell = role in _SHELL
    if "${" in text:
        yield from (name for name in _BRACES.findall(text) if shell or _UPPER.fullmatch(name))
    if "env" in text or "ENV" in text:
        yield from _CALL.findall(text)
    if shell:
        yield from _BARE.findall(text)
    if role == "GitHub Actions workflow" and "${{" in text:
        yield from _GITHUB.findall(text)


def used_in_text(text: str) -> dict[str, int]:
    """The variables that a text of no format refers to for sure -> the first line that does."""
    found: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if "$" in line or "env" in line or "ENV" in line:
            _note(found, (*_CALL.findall(line), *filter(_UPPER.fullmatch, _BRACES.findall(line))), number)
    return found


def expected(text: str) -> list[str]:
    """The names that the expressions of a template begin with, those that it sets itself too, sorted."""
    found = {next(filter(None, names)) for names in _TEMPLATE.findall(text)} - {".Values"}
    found |= {f".Values.{name}" for name in _VALUES.findall(text)}
    return sorted(found - _WORDS)


def _paths(leaves: Iterable[Leaf]) -> Iterator[Path]:
    return (leaf.path for leaf in leaves)
