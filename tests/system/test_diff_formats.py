"""Issue 3, section 1: `cfgc diff` in each format, with the whole program over a real repository."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from tests.system.conftest import Cfgc

Git = Callable[..., str]


@pytest.fixture
def edited(shop: Path, git: Git) -> Path:
    """A repository with one change committed and one in the working tree."""
    (shop / ".gitignore").write_text("/dist/\n")
    git(shop, "init", "-q")
    git(shop, "add", "-A")
    git(shop, "commit", "-qm", "all of it")
    (shop / "environments/prod/managers/web.yaml").write_text("replicas: 4\n")
    git(shop, "commit", "-qam", "more of them")
    (shop / "environments/base/managers/greylist.yaml").write_text("port: 90\nnote: '@all </details>'\n")
    return shop


def test_section_1_json_satisfies_its_schema(cfgc: Cfgc, edited: Path) -> None:
    schema = json.loads(files("cfgc.history.views").joinpath("difference.schema.json").read_text("utf-8"))
    for arguments in (("HEAD~1",), ("HEAD~1", "--artifacts"), ("HEAD~1", "prod"), ("HEAD",)):
        data = json.loads(cfgc(edited, "diff", *arguments, "--format", "json").out)
        assert [each.message for each in Draft202012Validator(schema).iter_errors(data)] == []
        assert data["summary"]["added"] >= 1
    (edited / "environments/base/managers/greylist.yaml").write_text("a: [\n")
    data = json.loads(cfgc(edited, "diff", "HEAD~1", "--format", "json").out)
    assert [each.message for each in Draft202012Validator(schema).iter_errors(data)] == []
    assert data["diagnostics"]


def test_section_1_markdown_names_line_commit_and_author(cfgc: Cfgc, edited: Path, git: Git) -> None:
    done = cfgc(edited, "diff", "HEAD~1", "--format", "markdown", "--artifacts")
    commit = git(edited, "rev-parse", "HEAD")[:9]
    assert done.code == 0
    row = "| `managers.web.replicas` | changed | `3` → `4` | `environments/prod/managers/web.yaml:1` |"
    assert f"{row} `{commit}` `Ann Example` |\n" in done.out
    assert '"note": "@all </details>"}`' in done.out
    assert "```diff\n--- a/web/.env\n+++ b/web/.env\n" in done.out


def test_section_1_html_is_one_page(cfgc: Cfgc, edited: Path) -> None:
    done = cfgc(edited, "diff", "HEAD~1", "--format", "html", "--artifacts")
    assert done.code == 0
    assert done.out.startswith("<!DOCTYPE html>\n")
    assert '<span class="lead">managers.web</span>.replicas' in done.out
    assert "@all &lt;/details&gt;" in done.out
