"""Issue 5, section 2: what code reads, as `cfgc scan` or any other program says it."""

from __future__ import annotations

import pytest

from cfgc.model.location import Location
from cfgc.reports.gaps.reads import CodeReads, Read, read_reads

WEB, OTHER = ("managers", "web"), ("plugins", "web")


def code(*files: str) -> CodeReads:
    return CodeReads([Read(file.upper(), Location(file, 1)) for file in files])


@pytest.mark.parametrize(
    ("file", "belongs"),
    [
        ("cmd/web/main.go", True),
        ("managers/web/src/main.py", True),
        ("web/main.py", True),
        ("cmd/website/main.go", False),
        ("cmd/web.go", False),
        ("web", False),
    ],
)
def test_code_belongs_to_a_component_by_a_folder_of_its_name(file: str, *, belongs: bool) -> None:
    assert (code(file).of(WEB) is not None) is belongs


def test_a_last_segment_that_several_components_have_is_nobodys() -> None:
    both = [WEB, OTHER]
    assert code("cmd/web/main.go").of(WEB, both) is None
    found = code("managers/web/a.go", "plugins/web/b.go", "web/c.go").of(WEB, both)
    assert found is not None
    assert [read.location.file for read in found] == ["managers/web/a.go"]


def test_no_code_is_not_code_that_reads_nothing() -> None:
    assert code().of(WEB) is None


def test_what_scan_prints_is_taken_and_only_code_of_it() -> None:
    text = """{"version": 1, "sources": [
      {"path": "web/main.go", "role": "source code", "used": ["PORT", {"name": "A", "line": 3, "optional": true}]},
      {"path": "web/compose.yaml", "role": "Compose file", "used": ["TAG"]}]}"""
    assert read_reads(text).reads == (
        Read("PORT", Location("web/main.go", 1)),
        Read("A", Location("web/main.go", 3), optional=True),
    )


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"sources": 1}', '{"sources": [1]}', '{"sources": [{"used": [1]}]}'])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"lacks|Expecting"):
        read_reads(text)
