"""`cfgc rollback --to`: what an environment read comes back (issue 3, section 4; THREATS Gi2, Gi9)."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from cfgc.external.git import blob_id
from tests.conftest import Git, commit
from tests.system.conftest import FILES, Cfgc
from tests.system.rollbacks import BASE, PROD, TEST, artifacts, edit, is_clean, refused, render_at, state

Project = Callable[[Mapping[str, str]], Path]


class TestRestore:
    def test_what_the_environment_reads_is_restored(self, repo: Path, git: Git, cfgc: Cfgc) -> None:
        """CFG966, CFG967, CFG969, the passing side; what only others read is not touched."""
        assert cfgc(repo, "render", "prod").code == 0
        before = artifacts(repo, "prod")
        done = cfgc(repo, "rollback", "prod", "--to", "good", "--reason", "INC-42")
        assert done.code == 0, done.err
        assert artifacts(repo, "prod") == render_at(repo, "good", "prod", cfgc)
        assert artifacts(repo, "prod.bak") == before
        assert git(repo, "diff", "--name-only", "good", "HEAD") == f"{TEST}\n"
        assert is_clean(repo, git)
        message = git(repo, "log", "-1", "--format=%an%n%B")
        good = git(repo, "rev-parse", "good").strip()
        for words in ("Ann Example\nRolls prod back to", f"To: {good} (good)", "Reason: INC-42", "by: Ann Example"):
            assert words in message
        assert json.loads((repo / "dist/prod/manifest.json").read_text())["source"] == {
            "revision": git(repo, "rev-parse", "HEAD").strip(),
            "clean": True,
        }

    def test_the_plan_tells_what_it_would_do(self, repo: Path, git: Git, cfgc: Cfgc) -> None:
        before = state(repo, git)
        done = cfgc(repo, "rollback", "prod", "--to", "good", "--dry-run")
        assert done.code == 0
        assert state(repo, git) == before
        for words in ("Scales prod", "Moves the database of prod", PROD, "replicas", "4 -> 3", "this is a plan"):
            assert words in done.out
        assert "Scales test" not in done.out

    def test_the_plan_as_data(self, repo: Path, git: Git, cfgc: Cfgc) -> None:
        data = cfgc(repo, "rollback", "prod", "--to", "good", "--dry-run", "--format", "json").data
        assert data["outcome"] == "planned"
        assert [each["subject"] for each in data["commits"]] == ["Moves the database of prod", "Scales prod"]
        assert data["files"] == ["environments/prod/managers/db.yaml", PROD]
        assert [(each["path"], each["old"], each["new"]) for each in data["changes"]] == [
            ("managers.db.port", 6000, 5432),
            ("managers.web.replicas", 4, 3),
        ]
        assert (data["proved"], data["others"], data["diagnostics"]) == (True, {}, [])
        assert data["to"] == git(repo, "rev-parse", "good").strip()

    def test_one_component(self, repo: Path, git: Git, cfgc: Cfgc) -> None:
        cfgc(repo, "render", "prod")
        assert cfgc(repo, "rollback", "prod", "--to", "good", "--component", "web").code == 0
        assert git(repo, "diff", "--name-only", "HEAD~1").split() == [PROD]
        assert "REPLICAS=3" in (repo / "dist/prod/web/.env").read_text()
        assert "PORT=6000" in (repo / "dist/prod/db/.env").read_text()

    def test_what_is_so_already_makes_no_commit(self, repo: Path, git: Git, cfgc: Cfgc) -> None:
        cfgc(repo, "rollback", "prod", "--to", "good")
        head = git(repo, "rev-parse", "HEAD")
        done = cfgc(repo, "rollback", "prod", "--to", "good")
        assert (done.code, git(repo, "rev-parse", "HEAD")) == (0, head)
        assert "already is what it was" in done.out

    def test_from_a_state_that_does_not_compile(self, repo: Path, git: Git, cfgc: Cfgc) -> None:
        """The reason why most people roll back."""
        (repo / PROD).write_text("replicas: [\n")
        (repo / "cfgc.yaml").write_text("nonsense: true\n")
        commit(git, repo, "Breaks everything")
        done = cfgc(repo, "rollback", "prod", "--to", "good")
        assert done.code == 0, done.err
        assert artifacts(repo, "prod") == render_at(repo, "good", "prod", cfgc)
        assert (repo / TEST).exists()

    @pytest.mark.parametrize("layer", ["base", "prod", "test"])
    @pytest.mark.parametrize("words", [(), ("--each",), ("--component", "web")])
    def test_a_badly_named_file_does_not_forbid_the_way_back(
        self, repo: Path, git: Git, cfgc: Cfgc, layer: str, words: tuple[str, ...]
    ) -> None:
        """The whole project is refused for it, so it concerns every environment, whichever layer it lies in."""
        good = git(repo, "rev-parse", "HEAD").strip()
        bad = repo / f"environments/{layer}/managers/web copy.yaml"
        bad.write_text("replicas: 9\n")
        edit(repo, PROD, "replicas: 4", "replicas: 9")
        commit(git, repo, "Copies a file")
        assert cfgc(repo, "render", "prod").code == 1
        done = cfgc(repo, "rollback", "prod", "--to", good, *words)
        assert done.code == 0, done.err
        written, wanted = artifacts(repo, "prod"), render_at(repo, good, "prod", cfgc)
        assert written == {path: wanted[path] for path in wanted if "--component" not in words or path in written}
        assert "web/.env" in written
        assert not bad.exists()
        assert is_clean(repo, git)

    def test_what_is_wrong_with_another_environment_alone_forbids_nothing(
        self, repo: Path, git: Git, cfgc: Cfgc
    ) -> None:
        """Its files are not touched: `render prod` minds them as little."""
        (repo / TEST).write_text("replicas: [\n")
        edit(repo, PROD, "replicas: 4", "replicas: 9")
        commit(git, repo, "Breaks test")
        done = cfgc(repo, "rollback", "prod", "--to", "good")
        assert done.code == 0, done.err
        assert artifacts(repo, "prod") == render_at(repo, "good", "prod", cfgc)
        assert (repo / TEST).read_text() == "replicas: [\n"

    def test_a_link_in_a_layer_is_refused_by_its_name(self, repo: Path, git: Git, cfgc: Cfgc) -> None:
        """CFG961: nothing but regular files is written or removed; `git revert` does it."""
        (repo / "environments/prod/managers/link.yaml").symlink_to("web.yaml")
        commit(git, repo, "Links")
        done = refused(repo, git, cfgc, "prod", "--to", "HEAD~1")
        assert (
            "`environments/prod/managers/link.yaml` is a symbolic link, so cfgc neither writes nor removes" in done.err
        )
        assert "`git revert`" in done.err

    def test_schemas_policies_templates_and_texts_go_back(self, repo: Path, git: Git, cfgc: Cfgc) -> None:
        edit(repo, "templates/web.conf.j2", "listen", "LISTEN")
        edit(repo, "schemas/managers/_each.schema.json", '"minimum": 1', '"minimum": 4')
        (repo / "policies/owners.yaml").unlink()
        (repo / PROD).write_text("replicas: 5\n")
        commit(git, repo, "Changes rules")
        assert cfgc(repo, "rollback", "prod", "--to", "good", "--allow-others").code == 0
        assert artifacts(repo, "prod") == render_at(repo, "good", "prod", cfgc)
        assert (repo / "policies/owners.yaml").exists()

    def test_the_settings_stay_unless_they_decide(self, repo: Path, git: Git, cfgc: Cfgc) -> None:
        """Every environment shares `cfgc.yaml`: it goes back only where the artifacts would differ else."""
        edit(repo, "cfgc.yaml", "environments:\n", "environments:\n  dev: {extends: base}\n")
        (repo / "environments/dev").mkdir()
        (repo / "environments/dev/managers.yaml").write_text("web: {replicas: 1}\n")
        commit(git, repo, "Adds dev")
        assert cfgc(repo, "rollback", "prod", "--to", "good").code == 0
        assert "dev:" in (repo / "cfgc.yaml").read_text()
        edit(repo, "cfgc.yaml", "to: config.yaml", "to: settings.yaml")
        commit(git, repo, "Renames an output")
        assert cfgc(repo, "rollback", "prod", "--to", "HEAD~1", "--allow-others").code == 0
        assert "to: config.yaml" in (repo / "cfgc.yaml").read_text()

    def test_no_render_needs_no_key_and_writes_no_artifacts(self, repo: Path, git: Git, cfgc: Cfgc) -> None:
        assert cfgc(repo, "rollback", "prod", "--to", "good", "--no-render").code == 0
        assert git(repo, "diff", "--name-only", "good", "HEAD") == f"{TEST}\n"
        assert not (repo / "dist").exists()

    def test_a_branch_moves_nothing_else(self, repo: Path, git: Git, cfgc: Cfgc) -> None:
        edit(repo, PROD, "4", "9")  # a dirty tree is in nobody's way
        before = state(repo, git)[:2]
        assert cfgc(repo, "rollback", "prod", "--to", "good", "--branch", "rollback/prod").code == 0
        assert state(repo, git)[:2] == before
        assert git(repo, "symbolic-ref", "HEAD") == "refs/heads/main\n"
        assert git(repo, "diff", "--name-only", "good", "rollback/prod") == f"{TEST}\n"

    def test_a_project_in_a_folder_of_its_repository(self, project: Project, git: Git, cfgc: Cfgc) -> None:
        top = project({f"deploy/config/{name}": text for name, text in FILES.items()})
        (top / "README").write_text("one\n")
        git(top, "init", "-q", "-b", "main")
        commit(git, top, "Good")
        root = top / "deploy/config"
        edit(root, PROD, "3", "4")
        (top / "README").write_text("two\n")
        commit(git, top, "Bad")
        assert cfgc(root, "rollback", "prod", "--to", "HEAD~1").code == 0
        assert git(top, "diff", "--name-only", "HEAD~1") == f"deploy/config/{PROD}\n"
        assert (top / "README").read_text() == "two\n"

    def test_a_linked_worktree(
        self, repo: Path, git: Git, cfgc: Cfgc, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        linked = tmp_path_factory.mktemp("linked") / "tree"
        git(repo, "worktree", "add", "-q", "-b", "side", str(linked))
        before = state(repo, git)[:2]
        assert cfgc(linked, "rollback", "prod", "--to", "good").code == 0
        assert artifacts(linked, "prod") == render_at(repo, "good", "prod", cfgc)
        assert state(repo, git)[:2] == before

    def test_what_was_left_in_a_linked_worktree_is_settled_there(
        self, repo: Path, git: Git, cfgc: Cfgc, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        linked = tmp_path_factory.mktemp("linked") / "tree"
        git(repo, "worktree", "add", "-q", "-b", "side", str(linked))
        left = [repo / ".git/cfgc", repo / ".git/worktrees/tree/cfgc"]
        for folder in left:
            folder.mkdir()
        assert cfgc(linked, "validate", "prod").code == 0
        assert [folder.exists() for folder in left] == [True, False]
        assert cfgc(repo / "environments", "show", "prod").code == 0
        assert not left[0].exists()

    def test_bug_the_boundary_of_a_shallow_clone_is_no_end(
        self, repo: Path, git: Git, cfgc: Cfgc, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        """A side branch was cut off where it begins: what its first commit changed is not known, so it is listed."""
        git(repo, "switch", "-q", "-c", "side")
        edit(repo, PROD, "replicas: 4", "replicas: 5")
        first = commit(git, repo, "the first of the side")
        git(repo, "switch", "-q", "main")
        (repo / "remark.txt").write_text("x")
        commit(git, repo, "elsewhere")
        git(repo, "merge", "-q", "--no-edit", "side")
        clone = tmp_path_factory.mktemp("shallow") / "clone"
        git(repo, "clone", "-q", "--depth", "2", "--branch", "main", repo.as_uri(), str(clone))
        done = cfgc(clone, "rollback", "prod", "--to", "HEAD~1", "--no-render", "--dry-run")
        assert done.code == 0, done.err
        assert first[:12] in done.out

    def test_another_object_format(self, shop: Path, git: Git, cfgc: Cfgc) -> None:
        git(shop, "init", "-q", "--object-format=sha256", "-b", "main")
        commit(git, shop, "Good")
        edit(shop, PROD, "3", "4")
        commit(git, shop, "Bad")
        assert cfgc(shop, "rollback", "prod", "--to", "HEAD~1", "--no-render").code == 0
        assert is_clean(shop, git)


class TestUntracked:
    """What was proved is what the commit holds; a file beside it may say more."""

    def test_a_layer_file_that_nobody_committed_is_told(self, repo: Path, git: Git, cfgc: Cfgc) -> None:
        """CFG945."""
        (repo / "environments/prod/managers/mail.yaml").write_text("port: 25\n")
        done = cfgc(repo, "rollback", "prod", "--to", "good")
        assert done.code == 0, done.err
        assert (
            "warning[CFG945] untracked-input: what is proved holds without files that are not tracked: "
            "`prod` also reads `environments/prod/managers/mail.yaml`"
        ) in done.err
        proved = artifacts(repo, "prod")
        assert proved == render_at(repo, "good", "prod", cfgc)
        cfgc(repo, "render", "prod")
        assert artifacts(repo, "prod").keys() - proved.keys() == {"mail/.env", "mail/config.yaml"}

    @pytest.mark.parametrize(
        "path", ["schemas/managers/web.schema.json", "environments/prod/managers/web copy.yaml", "policies/new.yaml"]
    )
    def test_so_is_what_would_stop_the_next_render(self, repo: Path, git: Git, cfgc: Cfgc, path: str) -> None:
        (repo / path).write_text('{"required": ["nothing"]}\n')
        done = cfgc(repo, "rollback", "prod", "--to", "good", "--dry-run")
        assert done.code == 0, done.err
        assert f"`prod` also reads `{path}`" in done.err

    def test_what_changes_nothing_is_not_told(self, repo: Path, git: Git, cfgc: Cfgc) -> None:
        """CFG945, the passing side: a file of another environment, one that says what holds anyway, and a branch."""
        (repo / "environments/test/managers/mail.yaml").write_text("port: 25\n")
        (repo / "environments/prod/managers.yaml").write_text("web: {owner: team-web}\n")
        (repo / "remarks.txt").write_text("x\n")
        assert "CFG945" not in cfgc(repo, "rollback", "prod", "--to", "good", "--dry-run").err
        (repo / "environments/prod/managers.yaml").write_text("mail: {port: 25}\n")
        assert "CFG945" not in cfgc(repo, "rollback", "prod", "--to", "good", "--branch", "back").err
        assert "CFG945" in cfgc(repo, "rollback", "prod", "--to", "good", "--dry-run").err

    def test_in_a_folder_of_its_repository(self, project: Project, git: Git, cfgc: Cfgc) -> None:
        top = project({f"deploy/config/{name}": text for name, text in FILES.items()})
        git(top, "init", "-q", "-b", "main")
        commit(git, top, "Good")
        root = top / "deploy/config"
        edit(root, PROD, "3", "4")
        commit(git, top, "Bad")
        assert "CFG945" not in cfgc(root, "rollback", "prod", "--to", "HEAD~1", "--dry-run").err
        (root / "environments/prod/managers/mail.yaml").write_text("port: 25\n")
        assert "CFG945" in cfgc(root, "rollback", "prod", "--to", "HEAD~1", "--dry-run").err


class TestOthers:
    @pytest.fixture
    def shared(self, repo: Path, git: Git) -> Path:
        edit(repo, BASE, "team-web", "team-x")
        commit(git, repo, "Changes the base")
        return repo

    def test_a_shared_base_is_refused(self, shared: Path, git: Git, cfgc: Cfgc) -> None:
        """CFG968."""
        done = refused(shared, git, cfgc, "prod", "--to", "good")
        assert "error[CFG968] rollback-reaches-others: `test` would change too: managers.web.owner" in done.err
        assert "--as-override" in done.err

    def test_all_environments_of_a_fleet_are_one_finding(self, repo: Path, git: Git, cfgc: Cfgc) -> None:
        """CFG968 names each environment, once, beside what changes in it."""
        names = [f"stage{number}" for number in range(4)]
        chains = "".join(f"  {name}: {{extends: base}}\n" for name in names)
        edit(repo, "cfgc.yaml", "environments:\n", f"environments:\n{chains}")
        for name in names:
            (repo / f"environments/{name}/managers").mkdir(parents=True)
            (repo / f"environments/{name}/managers/web.yaml").write_text("replicas: 1\n")
        (repo / "environments/stage3/managers/web.yaml").write_text("owner: team-stage\n")
        good = commit(git, repo, "A fleet")
        edit(repo, BASE, "owner: team-web\nreplicas: 1\n", "owner: team-x\nreplicas: 9\n")
        commit(git, repo, "Changes the base")
        done = refused(repo, git, cfgc, "prod", "--to", good)
        assert done.err.count("CFG968") == 1
        assert (
            "`stage0`, `stage1`, `stage2` and 2 more would change too: managers.web.owner, managers.web.replicas\n"
            "   = note: `stage0`, `stage1`, `stage2`, `test`: managers.web.owner\n"
            "   = note: `stage3`: managers.web.replicas\n"
        ) in done.err

    def test_a_shared_base_is_accepted(self, shared: Path, git: Git, cfgc: Cfgc) -> None:
        """CFG968, the passing side."""
        done = cfgc(shared, "rollback", "prod", "--to", "good", "--allow-others")
        assert done.code == 0
        assert "other environments that change: test" in done.out
        assert artifacts(shared, "prod") == render_at(shared, "good", "prod", cfgc)

    def test_another_environment_that_would_break(self, repo: Path, git: Git, cfgc: Cfgc) -> None:
        """Its values stay, and the old schema refuses one of them."""
        edit(repo, "schemas/managers/_each.schema.json", '"minimum": 1', '"minimum": 0')
        (repo / TEST).write_text("replicas: 0\n")
        commit(git, repo, "Allows none")
        done = refused(repo, git, cfgc, "prod", "--to", "good")
        assert "`test` would change too: CFG6" in done.err


def test_blobs_are_git_s(repo: Path, git: Git) -> None:
    """What the commit holds is what stood at the revision, byte for byte, whatever Git would convert."""
    assert os.path.exists(repo / PROD)
    assert git(repo, "rev-parse", f"good:{PROD}").strip() == blob_id(b"replicas: 3\n")


def test_a_bug_while_planning_leaves_nothing(repo: Path, git: Git, cfgc: Cfgc, monkeypatch: pytest.MonkeyPatch) -> None:
    """L02: types and places only, and no desk, lock or half a move."""

    def crash(*_: object) -> None:
        raise RuntimeError("kNary")

    before = state(repo, git)
    for place in ("cfgc.history.rollback.plan.compare", "cfgc.external.git.move._carry"):
        with monkeypatch.context() as patch:
            patch.setattr(place, crash)
            done = cfgc(repo, "rollback", "prod", "--to", "good", "--no-render")
        assert (done.code, "kNary" in done.out + done.err) == (3, False)
        if (repo / ".git/cfgc").exists():  # taking back crashed as well: the next command does it
            assert cfgc(repo, "validate", "prod").code == 0
        assert state(repo, git) == before
