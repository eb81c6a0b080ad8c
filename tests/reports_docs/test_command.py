"""Issue 5, section 3: the command `cfgc docs`."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.reports_docs.projects import SHOP
from tests.system.conftest import Cfgc

Project = Callable[[Mapping[str, str]], Path]


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A copy of the shop, in which nothing is documented yet."""
    return Path(shutil.copytree(SHOP / "input", tmp_path / "shop"))


def everything(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_it_writes_into_docs_auto_docs(cfgc: Cfgc, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(shop)
    done = cfgc(shop, "docs")
    assert (done.code, done.out) == (0, "")
    assert done.err == "docs/auto_docs: 5 files, 5 written or removed\n"
    wanted = {name: text for name, text in everything(SHOP / "expected").items() if name != "docs.json"}
    assert everything(shop / "docs/auto_docs") == wanted
    assert cfgc(shop, "docs").err == "docs/auto_docs: 5 files, 0 written or removed\n"
    assert cfgc(shop, "docs", "-q").err == ""


def test_check_tells_what_is_missing_different_and_superfluous(
    cfgc: Cfgc, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(shop)
    assert cfgc(shop, "docs", "--check").err.count("CFG910") == 5
    assert not (shop / "docs").exists()
    assert (cfgc(shop, "docs").code, cfgc(shop, "docs", "--check").code) == (0, 0)
    (shop / "environments/base/services/db.yaml").unlink()
    (shop / "environments/prod/services/db.sops.yaml").unlink()
    web = shop / "environments/base/services/web.yaml"
    web.write_text(web.read_text().replace("database: ${services.db.address}\n", ""))
    (shop / "templates/hosts.j2").write_text("none\n")
    (shop / "docs/auto_docs/config.md").unlink()
    (shop / "docs/auto_docs/config/by-hand.md").write_text("# Ours\n")
    before = everything(shop)
    done = cfgc(shop, "docs", "--check")
    assert done.code == 1
    assert "`docs/auto_docs/config.md` is not what `cfgc docs` writes: it is missing" in done.err
    assert "`docs/auto_docs/config/services.web.md` is not what `cfgc docs` writes: it differs" in done.err
    assert (
        "`docs/auto_docs/config/services.db.md` is not what `cfgc docs` writes: what it describes is gone" in done.err
    )
    assert "by-hand" not in done.err
    assert everything(shop) == before
    assert cfgc(shop, "docs").code == 0
    assert cfgc(shop, "docs", "--check").code == 0
    names = set(everything(shop / "docs/auto_docs/config"))
    assert names == {"services.web.md", "_outside.md", "by-hand.md"}


def test_json_is_printed_and_nothing_is_written(cfgc: Cfgc, shop: Path) -> None:
    done = cfgc(shop, "docs", "--format", "json")
    assert (done.code, done.err) == (0, "")
    assert done.data == json.loads((SHOP / "expected/docs.json").read_text(encoding="utf-8"))
    assert not (shop / "docs").exists()


def test_out_is_another_folder(cfgc: Cfgc, shop: Path, tmp_path: Path) -> None:
    assert cfgc(shop, "docs", "--out", str(tmp_path / "a/b")).code == 0
    assert (tmp_path / "a/b/config.md").exists()
    assert not (shop / "docs").exists()


@pytest.mark.parametrize("line", [["--out", "schemas"], ["--out", "environments/x"], ["--format", "json", "--check"]])
def test_wrong_usage_writes_nothing(cfgc: Cfgc, shop: Path, line: list[str]) -> None:
    before = everything(shop)
    assert cfgc(shop, "docs", *line).code == 2
    assert everything(shop) == before


@pytest.mark.parametrize(
    ("file", "text", "code"),
    [
        ("environments/base/services/web.yaml", "a: [\n", "CFG2"),
        ("environments/base/services/web.yaml", "a: ${nowhere}\n", "CFG5"),
        ("schemas/services/web.schema.yaml", "type: 1\n", "CFG6"),
        ("cfgc.yaml", "nothing: 1\n", "CFG1"),
    ],
)
def test_a_project_that_does_not_compile_is_not_documented(
    cfgc: Cfgc, shop: Path, file: str, text: str, code: str
) -> None:
    (shop / file).write_text(text)
    done = cfgc(shop, "docs")
    assert (done.code, done.out) == (1, "")
    assert code in done.err
    assert not (shop / "docs").exists()


def test_values_that_break_a_schema_are_documented_as_they_are(cfgc: Cfgc, shop: Path) -> None:
    """What is wrong with values is for `cfgc validate` to say."""
    (shop / "environments/prod/services/web.yaml").write_text("port: none\n")
    done = cfgc(shop, "docs", "--format", "json")
    assert done.code == 0
    (port,) = (key for one in done.data["components"] for key in one["keys"] if key["path"] == "services.web.port")
    assert port["values"] == {"test": 8080, "prod": "none"}


def test_a_link_in_the_way_is_not_followed(cfgc: Cfgc, shop: Path, tmp_path: Path) -> None:
    """THREATS F: cfgc never writes through a symbolic link."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (shop / "docs/auto_docs").mkdir(parents=True)
    (shop / "docs/auto_docs/config").symlink_to(outside)
    done = cfgc(shop, "docs")
    assert done.code == 1
    assert "CFG97" in done.err
    assert list(outside.iterdir()) == []


def test_a_revision_and_the_index_are_documented_too(cfgc: Cfgc, shop: Path, git: Callable[..., str]) -> None:
    for line in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "one"]):
        git(shop, *line)
    before = cfgc(shop, "docs", "--format", "json").data
    (shop / "environments/prod/services/web.yaml").write_text("port: 81\n")
    assert cfgc(shop, "docs", "--format", "json").data != before
    assert cfgc(shop, "docs", "--format", "json", "--rev", "HEAD").data == before
    assert cfgc(shop, "docs", "--format", "json", "--staged").data == before
