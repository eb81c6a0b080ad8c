"""`cfgc rollback --each` and `--commit`: commit by commit (issue 3, section 4)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Git, commit
from tests.system.conftest import Cfgc
from tests.system.rollbacks import BASE, PROD, TEST, artifacts, edit, is_clean, refused, render_at


class TestReverts:
    def test_commit_by_commit(self, repo: Path, git: Git, cfgc: Cfgc) -> None:
        assert cfgc(repo, "rollback", "prod", "--to", "good", "--each", "--reason", "INC-1").code == 0
        assert git(repo, "log", "--format=%s", "-2").splitlines() == [
            'Revert "Scales prod"',
            'Revert "Moves the database of prod"',
        ]
        assert "This reverts commit" in git(repo, "log", "-1", "--format=%B")
        assert artifacts(repo, "prod") == render_at(repo, "good", "prod", cfgc)
        assert (repo / TEST).exists()

    def test_one_commit(self, repo: Path, git: Git, cfgc: Cfgc) -> None:
        assert cfgc(repo, "rollback", "prod", "--commit", "HEAD~2").code == 0
        assert (repo / PROD).read_text() == "replicas: 3\n"
        assert "PORT=6000" in (repo / "dist/prod/db/.env").read_text()
        assert is_clean(repo, git)

    def test_bug_a_state_that_does_not_compile_is_named(self, repo: Path, git: Git, cfgc: Cfgc) -> None:
        first = git(repo, "rev-list", "--max-parents=0", "HEAD").strip()
        git(repo, "revert", "--no-edit", "HEAD", "HEAD~1", "HEAD~2")
        done = refused(repo, git, cfgc, "prod", "--commit", first, "--allow-others", "--no-render")
        assert f"there is no project in `the state without {first[:12]}`" in done.err

    def test_one_commit_in_one_component(self, repo: Path, git: Git, cfgc: Cfgc) -> None:
        edit(repo, PROD, "4", "5")
        edit(repo, "environments/prod/managers/db.yaml", "6000", "7000")
        commit(git, repo, "Both")
        assert cfgc(repo, "rollback", "prod", "--commit", "HEAD", "--component", "web").code == 0
        assert git(repo, "diff", "--name-only", "HEAD~1").split() == [PROD]

    def test_a_merge_stands_for_all_that_it_brought(self, repo: Path, git: Git, cfgc: Cfgc) -> None:
        start = git(repo, "rev-parse", "HEAD").strip()
        git(repo, "checkout", "-q", "-b", "side")
        for number in (5, 6):
            (repo / PROD).write_text(f"replicas: {number}\n")
            commit(git, repo, f"Side {number}")
        git(repo, "checkout", "-q", "main")
        (repo / "NOTES").write_text("x")
        commit(git, repo, "Notes")
        git(repo, "merge", "-q", "--no-ff", "-m", "Merges side", "side")
        plan = cfgc(repo, "rollback", "prod", "--to", start, "--dry-run", "--format", "json").data
        assert [each["subject"] for each in plan["commits"]] == ["Side 6", "Side 5"]
        done = cfgc(repo, "rollback", "prod", "--to", start, "--each")
        assert done.code == 0, done.err
        assert git(repo, "log", "-1", "--format=%s") == 'Revert "Merges side"\n'
        assert artifacts(repo, "prod") == render_at(repo, start, "prod", cfgc)
        assert (repo / "NOTES").exists()

    @pytest.mark.parametrize(
        "way",
        [["--to", "START"], ["--to", "START", "--each"], ["--to", "START", "--as-override"], ["--commit", "HEAD"]],
    )
    def test_every_way_through_a_history_with_merges(self, repo: Path, git: Git, cfgc: Cfgc, way: list[str]) -> None:
        """Two branches that touch prod in different files, merged both ways round."""
        start = git(repo, "rev-parse", "HEAD").strip()
        git(repo, "checkout", "-q", "-b", "side")
        edit(repo, PROD, "4", "5")
        commit(git, repo, "Side")
        git(repo, "merge", "-q", "--no-ff", "-m", "Keeps up", "main")
        git(repo, "checkout", "-q", "main")
        (repo / "NOTES").write_text("x")
        commit(git, repo, "Notes")
        git(repo, "merge", "-q", "--no-ff", "-m", "Merges side", "side")
        done = cfgc(repo, "rollback", "prod", *(start if word == "START" else word for word in way))
        assert done.code == 0, done.err
        assert artifacts(repo, "prod") == render_at(repo, start, "prod", cfgc)
        assert (repo / "NOTES").exists()
        assert is_clean(repo, git)
        back = cfgc(repo, "rollback", "prod", "--commit", "HEAD")
        assert back.code == 0, back.err
        assert "replicas: 5" in (repo / PROD).read_text()

    def test_a_conflict_changes_nothing(self, repo: Path, git: Git, cfgc: Cfgc) -> None:
        edit(repo, PROD, "4", "5")
        commit(git, repo, "Scales again")
        done = refused(repo, git, cfgc, "prod", "--commit", "HEAD~3")
        assert f"error[CFG962] revert-conflict: `{PROD}` was changed since" in done.err

    def test_a_commit_that_others_feel(self, repo: Path, git: Git, cfgc: Cfgc) -> None:
        edit(repo, BASE, "team-web", "team-x")
        commit(git, repo, "Changes the base")
        assert "CFG968" in refused(repo, git, cfgc, "prod", "--commit", "HEAD").err
        assert cfgc(repo, "rollback", "prod", "--commit", "HEAD", "--allow-others").code == 0
