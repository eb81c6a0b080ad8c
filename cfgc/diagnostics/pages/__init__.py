"""The long text of each code: why it exists, an example that fails, one that passes.

`cfgc explain` prints these pages, the docs are made of them, and their examples are test cases. The form of a page: a
title `# CODE name`, text, optionally a line ``Command: `cfgc ...` ``, then `## Fails` and `## Passes` with files, each
a path in backticks and its text indented by four spaces; or, where files alone cannot show it, `## Case`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.resources import files
from typing import NamedTuple

COMMAND = "cfgc validate"
"""what runs in a folder with the files of an example, unless the page says otherwise"""

_SECTION = re.compile(r"^## (.+)$", re.MULTILINE)
_TITLE = re.compile(r"# (CFG\d{3}) ([a-z0-9]+(?:[.-][a-z0-9]+)*)\n")
_COMMAND = re.compile(r"^Command: `(cfgc [^`]+)`$", re.MULTILINE)
_FILE = re.compile(r"^`([^`\n]+)`\n\n((?:(?:    [^\n]*)?(?:\n|\Z))*)", re.MULTILINE)
_TEST = re.compile(r"`(tests/[^`]+::[^`]+)`")


class PageError(ValueError):
    """A page that does not keep to the form."""


class Page(NamedTuple):
    """One page. `fails` and `passes` map paths to texts; `tests` names the tests of a page that has a case instead."""

    code: str
    name: str
    text: str
    command: str
    fails: Mapping[str, str]
    passes: Mapping[str, str]
    tests: tuple[str, ...] = ()


def page_text(code: str) -> str:
    """The Markdown of a code's page; raises `FileNotFoundError` if there is none."""
    return files(__package__).joinpath(f"{code}.md").read_text(encoding="utf-8")


def read_page(code: str) -> Page:
    """The page of a code; raises `PageError`, and `FileNotFoundError` if there is none."""
    return parse_page(page_text(code))


def parse_page(text: str) -> Page:
    """The parts of a page; raises `PageError`."""
    title = _TITLE.match(text)
    if title is None:
        raise PageError("the first line is `# CODE name`")
    head, *sections = _SECTION.split(text[title.end() :])
    parts = dict(zip(sections[::2], sections[1::2], strict=True))
    command = _COMMAND.search(head)
    prose = _COMMAND.sub("", head).strip()
    if not prose:
        raise PageError("text is missing")
    page = Page(title[1], title[2], prose, command[1] if command else COMMAND, {}, {})
    if list(parts) == ["Case"]:
        return page._replace(tests=_tests(parts["Case"]))
    if list(parts) != ["Fails", "Passes"]:
        raise PageError("the sections are `## Fails` and `## Passes`, or `## Case` alone")
    return page._replace(fails=_files(parts["Fails"]), passes=_files(parts["Passes"]))


def _files(section: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for path, text in _FILE.findall(section):
        found[path] = "".join(line[4:] or "\n" for line in text.splitlines(keepends=True)).rstrip("\n") + "\n"
    rest = _FILE.sub("", section).strip()
    if rest or not found:
        raise PageError(f"a section holds files only: {rest.splitlines()[:1]}")
    return found


def _tests(section: str) -> tuple[str, ...]:
    tests = tuple(_TEST.findall(section))
    if not tests:
        raise PageError("a case names its tests: `tests/room/test_x.py::test_name`")
    return tests
