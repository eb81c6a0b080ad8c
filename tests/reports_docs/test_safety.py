"""THREATS O10 and G8: no text of a layer or a schema acts on a page, and no secret is on one."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from cfgc.reports.docs.files import files as made_files
from cfgc.reports.docs.model import Link
from cfgc.reports.docs.views import mermaid
from tests.reports_docs.projects import docs_of, with_schema
from tests.system.conftest import FILES, Cfgc
from tests.system.test_leaks import CANARIES, leaks

Project = Callable[[Mapping[str, str]], Path]

HOSTILE = (
    "`</code><img src=x onerror=alert(1)>",
    "</details> @all",
    "![x](http://evil.example/x.png)",
    "[click](javascript:alert(1))",
    "/approve",
    "a | b\n/merge",
    "```\n# heading",
    "<script>alert(1)</script>",
    ":tada: #1 !2 ~bug",
    "http://evil.example",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_o10_no_text_acts_on_a_page(project: Project, text: str) -> None:
    """As value, description, title, default, example, pattern, label and key."""
    key = re.sub(r"[\x00-\x1f]", " ", text)
    it = {"type": "string", "description": text, "default": text, "enum": [text], "pattern": text[:1]}
    schema = {"title": text, "description": text, "properties": {"it": it, key: it}}
    settings = {"version": 1, "environments": {"prod": {"extends": "base", "labels": {"a": key}}}, "project": key}
    files = with_schema(schema, base={"it": text, key: text}, prod={})
    folder = project({**files, "cfgc.yaml": json.dumps(settings)})
    for name, page in made_files(docs_of(folder), "").items():
        found = acting(page)
        assert found == [], name
        assert not re.search(r"^\s*/[a-z]", page, re.MULTILINE), name


def acting(page: str) -> list[str]:
    """What a page holds besides words, tables, code, and links to pages beside it."""
    tokens = MarkdownIt("commonmark").enable("table").parse(page)
    inside = [child for token in tokens for child in token.children or ()]
    html = [token.content for token in (*tokens, *inside) if token.type in ("html_block", "html_inline")]
    links = [str(token.attrs.get("href")) for token in inside if token.type == "link_open"]
    texts = [token.content for token in inside if token.type == "text"]
    return [
        *(each for each in html if not each.startswith("<!-- made by")),
        *(token.type for token in inside if token.type == "image"),
        *(each for each in links if not re.fullmatch(r"(\.\./)?[\w./-]+", each)),
        *(each for each in texts if re.search(r"@\w|:\w+:|https?:|[#!~]\w", each)),
    ]


@given(st.text(), st.text())
def test_o10_a_label_of_a_graph_is_plain(one: str, other: str) -> None:
    found = mermaid.links([Link(one, other, 1)])
    for line in found[1:]:
        assert re.fullmatch(r'  n\d(?:\["(?:[A-Za-z0-9 ._/-]|#\d+;)*"\]| -->\|1\| n\d)', line), line


def test_l05_no_secret_is_on_any_page(
    cfgc: Cfgc, project: Project, seal: Callable[[Path, str], None], tmp_path: Path
) -> None:
    """Sealed secrets, references to them, templates that read them; the key is at hand and not used."""
    settings = FILES["cfgc.yaml"] + "  - {for: web, template: secret.j2, to: secret.txt}\n"
    banner = {"environments/prod/managers/web.yaml": 'url: "https://u:${.password}@example.com/${.pin}"\n'}
    shop = project({**FILES, **banner, "cfgc.yaml": settings, "templates/secret.j2": "{{ config.password | upper }}\n"})
    seal(shop / "environments/prod/managers/web.sops.yaml", json.dumps(CANARIES))
    assert leaks(cfgc(shop, "show", "prod", "managers.web", "--reveal").out), "the positive control"
    assert cfgc(shop, "docs", "--out", str(tmp_path / "out")).code == 0
    texts = [path.read_text(encoding="utf-8") for path in (tmp_path / "out").rglob("*") if path.is_file()]
    printed = cfgc(shop, "docs", "--format", "json")
    for text in [*texts, printed.out, printed.err]:
        assert leaks(text) == []
        assert "ENC[" not in text
    (web,) = (one for one in printed.data["components"] if one["component"] == "managers.web")
    masked = {key["name"]: key["values"].get("prod") for key in web["keys"]}
    assert {masked[name] for name in CANARIES} == {"********"}
    assert masked["url"] == "********"
