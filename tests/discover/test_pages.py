"""The pages of the codes 1xx and of Git: their examples do what they say, as far as discovery goes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import cfgc.diagnostics
from cfgc.diagnostics import Diagnostic, Failed
from cfgc.diagnostics.catalogue import rules
from cfgc.external.files import WorkTree
from cfgc.model.project import Project
from cfgc.stages.discover import (
    check_outputs,
    check_unmatched,
    components_of,
    discover,
    select_components,
    select_environments,
)
from cfgc.stages.read import Reader

ROOT = Path(__file__).parents[2]
PAGES = Path(cfgc.diagnostics.__file__).parent / "pages"
OURS = [rule for rule in rules().values() if re.fullmatch(r"CFG1\d\d|CFG95\d", rule.code)]
FILE = re.compile(r"^`([^`]+)`\n\n((?:    .*\n|\n)+)", re.MULTILINE)


def page(code: str) -> str:
    return (PAGES / f"{code}.md").read_text("utf-8")


def test_codes_are_numbered_without_gaps() -> None:
    numbers = [int(rule.code[3:]) for rule in OURS]
    assert numbers == [
        *range(101, 101 + sum(n < 900 for n in numbers)),
        *range(950, 950 + sum(n > 900 for n in numbers)),
    ]


@pytest.mark.parametrize("rule", OURS, ids=lambda rule: rule.code)
def test_every_code_has_a_page(rule: Any) -> None:
    text = page(rule.code)
    assert text.startswith(f"# {rule.code} {rule.name}\n")
    assert ("## Case" in text) != ("## Fails" in text and "## Passes" in text)


@pytest.mark.parametrize("rule", [rule for rule in OURS if "## Case" in page(rule.code)], ids=lambda rule: rule.code)
def test_the_tests_that_a_page_names_exist(rule: Any) -> None:
    named = re.findall(r"`(tests/\S+?)::(\S+)`", page(rule.code))
    assert len(named) == 2
    for path, name in named:
        text = (ROOT / path).read_text("utf-8")
        function = name.rpartition("::")[2]
        assert re.search(rf"def {function}\(", text)
        assert rule.code in text


def sides() -> Iterator[tuple[str, str, dict[str, str]]]:
    for rule in OURS:
        for side in ("Fails", "Passes"):
            section = re.search(rf"^## {side}\n(.*?)(?=^## |\Z)", page(rule.code), re.MULTILINE | re.DOTALL)
            if section:
                files = {path: re.sub("^    ", "", text, flags=re.MULTILINE) for path, text in FILE.findall(section[1])}
                yield rule.code, side, files


@pytest.mark.parametrize(("code", "side", "files"), [*sides()])
def test_the_example_does_what_it_says(tmp_path: Path, code: str, side: str, files: dict[str, str]) -> None:
    assert files
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, "utf-8")
    command = re.search(r"^Command: `cfgc render (\S+)(?: --component (\S+))?`", page(code), re.MULTILINE)
    found = findings(tmp_path, *(command.groups() if command else (None, None)))
    assert (code in {one.code for one in found}) == (side == "Fails")
    assert side == "Fails" or not any(one.is_error for one in found)


def findings(root: Path, environment: str | None, component: str | None) -> list[Diagnostic]:
    source = WorkTree(root)
    reader = Reader(source)
    try:
        project, found = discover(source, reader.data, reader.locator)
    except Failed as failed:
        return list(failed.diagnostics)
    known = components_of(project, tree(project))
    found += check_outputs(project, known) + check_unmatched(project, known)
    if environment:
        found += select_environments([environment], project)[1]
    if component:
        found += select_components([component], known)[1]
    return found


def tree(project: Project) -> dict[str, Any]:
    """The maps that the files' places make; what the files hold is another stage's affair."""
    root: dict[str, Any] = {}
    for file in (file for files in project.files.values() for file in files):
        node = root
        for step in file.at:
            node = node.setdefault(str(step), {})
    return root
