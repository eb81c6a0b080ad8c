"""Issue 5 and THREATS L01: no report, page, picture, badge or message shows a secret, whatever its format is.

The canaries are secrets of every kind that a project may have: sealed in one environment and in plain text in another,
sealed now and in plain text before, called secret by a schema, suspected by their form or their name, in a URL.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.notify.conftest import Hook, direct, hook
from tests.report.conftest import FILES, Commit
from tests.system.conftest import Cfgc

__all__ = ["direct", "hook"]

SOPS = "environments/prod/managers/web.sops.yaml"
WEB = "environments/{}/managers/web.yaml"
SEALED = "pin: kNary-sealed\nlogin: {code: kNary-in-a-map}\n"
SCHEMA = """\
type: object
properties:
  replicas: {type: integer}
  pin: {type: string, x-cfgc-across: must-match}
  stated: {type: integer, x-cfgc-secret: true, x-cfgc-across: must-match}
  api_token: {type: integer, default: 1}
  key: {enum: [one, two]}
"""
TEST = """\
pin: kNary-plain-elsewhere
stated: kNary-stated-test
db_password: kNary-by-name
key: glpat-kNaryQ9mZtR7bWn2LpY8s
url: https://ann:kNary-url@a.example
copy: "x${.db_password}y"
"""
PAST = "replicas: 2\npin: kNary-plain-before\nstated: kNary-stated-before\nlogin: {code: kNary-before}\n"
PRINTED = [
    *(["gaps", "-v", "--format", name] for name in ("text", "json", "markdown", "html", "svg")),
    *(["report", "--against", "HEAD~1", "--format", name] for name in ("text", "json", "markdown", "html")),
    *(["validate", "-v", "--format", name] for name in ("full", "concise", "json", "gitlab", "sarif", "junit")),
    ["docs", "--format", "json"],
]


@pytest.fixture
def leaky(shop: Path, commit: Commit, seal: Callable[[Path, str], None]) -> Path:
    """One commit with the past in plain text, one with the present."""
    schema = {"schemas/managers/_each.schema.yaml": SCHEMA}
    commit("2026-01-03", {**schema, WEB.format("prod"): PAST, WEB.format("test"): TEST})
    seal(shop / SOPS, SEALED)
    commit("2026-01-04", {WEB.format("prod"): "replicas: 3\napi_token: kNary-of-production\n"})
    return shop


@pytest.mark.parametrize("words", PRINTED, ids=" ".join)
def test_l01_nothing_that_is_printed_shows_a_canary(cfgc: Cfgc, leaky: Path, words: list[str]) -> None:
    done = cfgc(leaky, *words)
    assert done.out
    assert "kNary" not in done.out + done.err


def test_l01_nothing_that_is_written_shows_a_canary(cfgc: Cfgc, leaky: Path) -> None:
    for words in (
        ["gaps", "--write"],
        ["gaps", "--write-baseline", "reports/gaps.json"],
        ["docs"],
        ["scan", "--write"],
    ):
        assert "kNary" not in cfgc(leaky, *words).err
    assert cfgc(leaky, "report", "--against", "HEAD~1", "--write").code == 0
    written = [each for folder in ("docs", "reports") for each in (leaky / folder).rglob("*") if each.is_file()]
    assert len(written) > 12
    assert [each.name for each in written if "kNary" in each.read_text(encoding="utf-8")] == []


def test_l01_no_message_shows_a_canary(cfgc: Cfgc, leaky: Path, hook: Hook) -> None:
    always = ("--notify", hook.address, "--notify-on", "always")
    for words in (["validate"], ["report", "--against", "HEAD~1"], ["diff", "HEAD~1..HEAD"]):
        assert "kNary" not in cfgc(leaky, *words, *always).err
    assert len(hook.told) == 3
    assert "kNary" not in str(hook.told)


def test_the_canaries_are_there(leaky: Path) -> None:
    """The positive control."""
    assert (leaky / WEB.format("test")).read_text().count("kNary") == 5
    assert "kNary" in (leaky / WEB.format("prod")).read_text()
    assert FILES["cfgc.yaml"]
