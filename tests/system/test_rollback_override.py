"""`cfgc rollback --as-override`: what was, written into the environment's own layer (issue 3, section 4)."""

from __future__ import annotations

import json
from pathlib import Path

from tests.conftest import Git, commit
from tests.system.conftest import Cfgc
from tests.system.rollbacks import BASE, PROD, TEST, artifacts, edit, refused, render_at


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
        assert {path.split("/")[1] for path in touched} == {"prod"}
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
