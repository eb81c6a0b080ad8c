"""A branch is made under a name that is no option, no command and no other ref (THREATS Gi1)."""

from __future__ import annotations

from pathlib import Path

import pytest

from cfgc.diagnostics import Failed
from cfgc.external import git as plumbing
from cfgc.external.git.branch import make_branch
from cfgc.external.git.desk import open_desk
from tests.conftest import Git
from tests.external.moves import snapshot


class TestBranch:
    def test_only_a_branch_is_made(self, repository: Path, two: tuple[str, str], git: Git) -> None:
        """CFG963, the passing side."""
        before = snapshot(repository)
        with open_desk(plumbing.locate(repository)) as desk:
            make_branch(desk, "rollback/prod-1", two[0])
        assert snapshot(repository) == before
        assert git(repository, "rev-parse", "rollback/prod-1").strip() == two[0]

    @pytest.mark.parametrize(
        "name",
        ["--output=planted", "-h", "--upload-pack=touch planted", "ext::sh -c touch% planted", "@{-1}", "refs/heads/-x",
         "", "HEAD", "@", "a..b", "a b", "a\nb", "../x", "x.lock", ".x", "x/.y", "x/", "a//b", "x" * 300, "1" * 40,
         "main", "main/x", "kept", "\udce4", "x\u202ey", "a~1", "a^", "a:b", "a?", "a*", "a[", "a\\b"],
    )  # fmt: skip
    def test_a_name_that_is_no_new_branch(self, repository: Path, two: tuple[str, str], name: str, git: Git) -> None:
        """CFG963, Gi1: it becomes no option, no command, no other ref."""
        git(repository, "branch", "kept/x")
        before = sorted(path for path in repository.rglob("*") if "objects" not in path.parts)
        with open_desk(plumbing.locate(repository)) as desk, pytest.raises(Failed) as caught:
            make_branch(desk, name, two[0])
        assert caught.value.diagnostics[0].code == "CFG963"
        assert sorted(path for path in repository.rglob("*") if "objects" not in path.parts) == before

    @pytest.mark.parametrize("name", ["x", "rollback/prod", "feature/über-#1@x", "a.b", "v1-2_3"])
    def test_names_that_git_takes(self, repository: Path, git: Git, name: str) -> None:
        with open_desk(plumbing.locate(repository)) as desk:
            make_branch(desk, name, git(repository, "rev-parse", "HEAD").strip())
        assert git(repository, "check-ref-format", "--branch", name).strip() == name
