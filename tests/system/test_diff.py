"""`cfgc diff` and `cfgc affected` as a user runs them (issue: Git is the history, sections 1 and 2)."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.system.conftest import Cfgc
from tests.system.test_leaks import CANARIES, check_silent, vault

__all__ = ["vault"]

WEB = "environments/base/managers/web.yaml"


@pytest.fixture
def repository(shop: Path) -> Path:
    """`main` with one commit and a branch `request` whose edit reaches `test` only."""
    git(shop, "init", "-q", "-b", "main")
    commit(shop, "first")
    git(shop, "switch", "-qc", "request")
    edit(shop, WEB, "replicas: 1", "replicas: 2")
    commit(shop, "second")
    return shop


def test_the_json_is_the_contract(cfgc: Cfgc, repository: Path) -> None:
    done = cfgc(repository, "diff", "main..request", "--format", "json")
    assert (done.code, done.err) == (0, "")
    test = done.data["environments"]["test"]
    assert (done.data["from"], done.data["to"]) == ("main", "request")
    assert test["artifacts"] == [
        {"path": f"web/{name}", "component": "managers.web", "status": "changed"}
        for name in (".env", "config.yaml", "web.conf")
    ]
    (change,) = test["changes"]
    assert change["origin"] == {"file": WEB, "line": 2, "column": 11}
    assert change["commit"] == git(repository, "rev-parse", "request")
    kept = ("path", "component", "kind", "old", "new", "secret")
    assert [change[key] for key in kept] == ["managers.web.replicas", "managers.web", "changed", 1, 2, False]
    assert done.data["environments"]["prod"]["changes"] == []
    assert done.data["shadowed"] == [
        {
            "path": "managers.web.replicas",
            "environment": "prod",
            "edit": {"file": WEB, "line": 2, "column": 11},
            "by": {"file": "environments/prod/managers/web.yaml", "line": 1, "column": 11},
        }
    ]
    assert done.data["summary"]["changed"] == 1


def test_the_default_is_what_the_request_will_do(cfgc: Cfgc, repository: Path) -> None:
    edit(repository, WEB, "replicas: 2", "replicas: 5")
    (change,) = cfgc(repository, "diff", "--format", "json").data["environments"]["test"]["changes"]
    assert (change["old"], change["new"], change["commit"]) == (1, 5, None)


def test_staged_is_the_index(cfgc: Cfgc, repository: Path) -> None:
    edit(repository, WEB, "replicas: 2", "replicas: 5")
    git(repository, "add", "-A")
    edit(repository, WEB, "replicas: 5", "replicas: 6")
    done = cfgc(repository, "diff", "HEAD", "--staged", "--format", "json")
    (change,) = done.data["environments"]["test"]["changes"]
    assert (done.data["to"], change["new"]) == ("index", 5)


def test_two_environments_of_one_content(cfgc: Cfgc, repository: Path) -> None:
    done = cfgc(repository, "diff", "--env", "test", "prod", "--format", "json")
    (change,) = done.data["environments"]["prod"]["changes"]
    assert (change["old"], change["new"]) == (2, 3)


def test_a_name_is_an_environment_before_it_is_a_revision(cfgc: Cfgc, repository: Path) -> None:
    git(repository, "branch", "prod", "main")
    assert list(cfgc(repository, "diff", "prod", "--format", "json").data["environments"]) == ["prod"]
    assert cfgc(repository, "diff", "prod..", "--format", "json").data["from"] == "prod"


def test_artifacts_are_shown_as_unified_differences(cfgc: Cfgc, repository: Path) -> None:
    out = cfgc(repository, "diff", "main..request", "--artifacts").out
    assert "--- a/web/.env\n+++ b/web/.env\n" in out
    assert "-REPLICAS=1\n+REPLICAS=2\n" in out


def test_bug_the_text_says_which_environments_came_and_went(cfgc: Cfgc, repository: Path) -> None:
    edit(repository, "cfgc.yaml", "test:", "stage:")
    out = cfgc(repository, "diff", "HEAD").out
    assert "\nstage (added): 1 change\n" in out
    assert "\ntest (removed): 1 change\n" in out


def test_a_component_that_came_is_one_line(cfgc: Cfgc, repository: Path) -> None:
    (repository / "environments/base/managers/cache.yaml").write_text("size: 1\n")
    assert "  managers.cache\n    + (all)  " in cfgc(repository, "diff", "HEAD").out


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ([], 0),
        (["--exit-code"], 1),
        (["--exit-code", "prod"], 0),
        (["--fail-on", "removed"], 0),
        (["--fail-on", "changed"], 1),
        (["--fail-on", "removed", "--fail-on", "shadowed"], 1),
    ],
)
def test_exit_codes(cfgc: Cfgc, repository: Path, options: list[str], code: int) -> None:
    assert cfgc(repository, "diff", "main..request", *options).code == code


def test_no_difference_is_no_exit_code(cfgc: Cfgc, repository: Path) -> None:
    done = cfgc(repository, "diff", "main..main", "--exit-code")
    assert (done.code, done.out) == (0, "main -> main: nothing that is rendered differs\n")


def test_a_side_that_does_not_compile_is_named_and_json_says_why(cfgc: Cfgc, repository: Path) -> None:
    edit(repository, WEB, "owner: team-web", "owner: ${nowhere}")
    done = cfgc(repository, "diff", "--format", "json")
    names = [each["name"] for each in done.data["diagnostics"]]
    assert done.code == 1
    assert {"unknown-reference", "side-does-not-compile"} == set(names)
    assert "`working tree` does not compile" in done.err
    assert done.data["to"] == "working tree"
    assert cfgc(repository, "affected", "--format", "json").data["diagnostics"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (["diff", "nowhere..main"], "there is no commit `nowhere`"),
        (["diff", "main..request", "prd"], "did you mean `prod`"),
        (["diff", "--env", "test", "prd"], "did you mean `prod`"),
        (["diff", "main..request", "--staged"], "`--staged` compares with the index"),
        (["--rev", "main", "diff"], "takes revisions as `A..B`"),
        (["affected", "nowhere"], "there is no commit `nowhere`"),
        (["affected", "main..request", "--staged"], "`--staged` compares with the index"),
    ],
)
def test_wrong_usage(cfgc: Cfgc, repository: Path, line: list[str], said: str) -> None:
    done = cfgc(repository, *line)
    assert done.code == 2
    assert said in done.err


def test_outside_of_a_repository(cfgc: Cfgc, shop: Path) -> None:
    done = cfgc(shop, "diff", "main..request")
    assert done.code == 1
    assert "lies in no Git repository" in done.err


def test_affected_in_its_formats(cfgc: Cfgc, repository: Path) -> None:
    names = cfgc(repository, "affected", "main..request")
    assert (names.code, names.out) == (0, "test managers.web web/.env web/config.yaml web/web.conf\n")
    (pair,) = cfgc(repository, "affected", "main..request", "--format", "json").data["affected"]
    assert pair["reasons"] == [f"`managers.web.replicas` changed ({WEB}:2)"]
    jobs = cfgc(repository, "affected", "main..request", "--format", "gitlab").data
    assert jobs["cfgc:test:managers.web"]["script"] == [
        "cfgc render test --component managers.web --sealed --out sealed"
    ]
    assert cfgc(repository, "affected", "main..request", "--exit-code").code == 1


def test_a_comment_affects_nothing(cfgc: Cfgc, repository: Path) -> None:
    edit(repository, WEB, "owner:", "# who\nowner:")
    done = cfgc(repository, "affected", "HEAD", "--exit-code")
    assert (done.code, done.out) == (0, "")


def test_a_terminal_shows_no_control_character_of_a_repository(cfgc: Cfgc, repository: Path) -> None:
    """THREATS O11, Gi10: keys, values, authors and branch names are somebody's words."""
    edit(repository, WEB, "owner: team-web", 'owner: "\\e]0;x\\a\\u202e"\n"k\\u0301\\u00a0": 1')
    author = "\x1b[31mred\x07 <r@example.org>"
    git(repository, "commit", "-qam", "\x1b[2J", "--author", author)
    for line in (["diff", "main..request"], ["diff", "main..request", "--artifacts"], ["affected", "main..request"]):
        done = cfgc(repository, *line)
        assert not [each for each in done.out + done.err if (ord(each) < 32 and each not in "\n\t") or each == "\u202e"]


def test_no_secret_is_shown_by_any_history_command(cfgc: Cfgc, vault: Path, seal: object) -> None:
    """THREATS G8, the report cases of G5: no key is used, and no canary appears."""
    git(vault, "init", "-q", "-b", "main")
    commit(vault, "first")
    changed = {key: f"{value}-changed" if isinstance(value, str) else value for key, value in CANARIES.items()}
    assert callable(seal)
    seal(vault / "environments/prod/managers/web.sops.yaml", json.dumps(changed))
    commit(vault, "second")
    formats = [["--format", name] for name in ("text", "json", "markdown", "html")]
    lines = [["diff", "HEAD~1..HEAD", *each, *more] for each in formats for more in ([], ["--artifacts"])]
    lines += [["diff", "--env", "test", "prod", *each] for each in formats]
    lines += [["affected", "HEAD~1..HEAD", "--format", name] for name in ("names", "json", "gitlab")]
    lines += [["log", "prod", f"managers.web.{key}", "--format", "json"] for key in (*CANARIES, "url")]
    lines += [["log", "prod", "managers.web"], ["blame", "prod"], ["blame", "prod", "--format", "json"]]
    lines += [["rollback", "prod", "--to", "HEAD~1", "--dry-run"]]
    lines += [["promote", "managers.web", "--from", "prod", "--to", "test", "--dry-run"]]
    lines += [["unset", "prod", "managers.web.password"], ["set", "prod", "managers.web.password", "x"]]
    check_silent([cfgc(vault, *line) for line in lines])


def git(folder: Path, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def commit(folder: Path, message: str) -> None:
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", message)


def edit(folder: Path, path: str, old: str, new: str) -> None:
    text = (folder / path).read_text()
    assert old in text
    (folder / path).write_text(text.replace(old, new))
