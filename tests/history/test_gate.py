"""Issue 3, section 5: an untrusted merge request under its own rules and under those of its target."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

import pytest

from tests.system.conftest import Cfgc, Done, Key, age_key, cfgc, seal, shop

__all__ = ["age_key", "cfgc", "seal", "shop"]

Git = Callable[..., str]
WEB = "environments/prod/managers/web.yaml"
EACH = "schemas/managers/_each.schema.json"
DB = "schemas/managers/db.schema.json"
OWNERS = "policies/owners.yaml"
ANY = '{"type": "object"}'
DENY = """\
policies:
  - name: few
    match: {components: [web]}
    assert: config.replicas <= 5
    at: replicas
    message: "`{component}` has too many replicas"
"""
WAIVER = "waivers:\n  - {policy: few, component: managers.web, owner: team, reason: x, until: '2099-01-01'}\n"


def most(replicas: int) -> str:
    return json.dumps({"properties": {"replicas": {"type": "integer", "maximum": replicas}}})


class Branches:
    """A repository with a target branch `main` and a merge request that begins at its commit `start`."""

    def __init__(self, root: Path, git: Git, cfgc: Cfgc) -> None:
        self.root = root
        self._git = git
        self._cfgc = cfgc

    def write(self, files: Mapping[str, str | None]) -> None:
        for name, text in files.items():
            place = self.root / name
            if text is None:
                place.unlink()
                with suppress(OSError):  # Git keeps no empty folder
                    place.parent.rmdir()
                    place.parent.parent.rmdir()
            else:
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_text(text)

    def commit(self, files: Mapping[str, str | None], branch: str) -> None:
        self._git(self.root, "switch", "-q", "-C" if branch == "request" else "--", branch)
        self.write(files)
        self._git(self.root, "add", "-A")
        self._git(self.root, "commit", "-qm", "x")

    def target_moves(self, files: Mapping[str, str | None]) -> None:
        self.commit(files, "main")
        self._git(self.root, "switch", "-q", "request")

    def validate(self, *options: str, against: str = "main") -> Done:
        return self._cfgc(self.root, "validate", "--against", against, "--format", "json", *options)

    def findings(self, *options: str, against: str = "main") -> list[tuple[str, str, str]]:
        """Code, severity and file of each finding that is an error or a warning of ours."""
        done = self.validate(*options, against=against)
        return [
            (each["code"], each["severity"], each["file"])
            for each in done.data["diagnostics"]
            if each["severity"] == "error" or each["code"] == "CFG980"
        ]


@pytest.fixture
def branches(shop: Path, git: Git, cfgc: Cfgc) -> Branches:
    found = Branches(shop, git, cfgc)
    found.write({EACH: most(5)})
    git(shop, "init", "-q", "-b", "main")
    git(shop, "add", "-A")
    git(shop, "commit", "-qm", "start")
    git(shop, "tag", "start")
    return found


def test_a_range_that_meets_both_rules_has_no_finding(branches: Branches) -> None:
    branches.commit({WEB: "replicas: 4\n", EACH: most(4)}, "request")
    done = branches.validate()
    assert (done.code, done.codes) == (0, [])


def test_a_finding_of_its_own_always_fails(branches: Branches) -> None:
    """Also where the target knows nothing of it: here the request itself makes the schema stricter."""
    branches.commit({WEB: "replicas: 4\n", EACH: most(3)}, "request")
    assert branches.validate().code == 1
    assert [row[1:] for row in branches.findings()] == [("error", WEB)]


def test_a_finding_of_both_is_one_finding(branches: Branches) -> None:
    branches.commit({WEB: "replicas: 9\n", "policies/more.yaml": DENY.replace("few", "other")}, "request")
    codes = [row[0] for row in branches.findings()]
    assert sorted(codes) == sorted(set(codes))
    assert "CFG980" not in codes


def test_a_finding_of_the_target_s_schema_that_the_range_changes_is_a_warning_on_top(branches: Branches) -> None:
    branches.commit({WEB: "replicas: 9\n", EACH: most(10)}, "request")
    done = branches.validate()
    assert done.code == 0
    first = done.data["diagnostics"][0]
    assert (first["name"], first["severity"], first["file"]) == ("passes-only-with-this-change", "warning", EACH)
    assert first["message"].startswith(f"this passes only because the range changes `{EACH}`: CFG")
    assert "`managers.web.replicas`" in first["message"]
    assert first["related"] == [{"file": WEB, "line": 1, "column": 11, "message": "without it this fails"}]
    assert first["environment"] == "prod"
    assert branches.validate("--strict").code == 1


def test_it_stands_on_top_of_errors_too(branches: Branches) -> None:
    branches.commit({WEB: "replicas: 9\nowner: !unset\n", EACH: most(10)}, "request")
    assert [row[:2] for row in branches.findings()] == [("CFG980", "warning"), ("CFG710", "error")]


def test_a_finding_only_of_the_target_fails_where_the_range_leaves_the_file_alone(branches: Branches) -> None:
    """The target has become stricter since the request began."""
    branches.commit({WEB: "replicas: 4\n"}, "request")
    branches.target_moves({EACH: most(3)})
    done = branches.validate()
    assert done.code == 1
    (found,) = done.data["diagnostics"]
    assert (found["severity"], found["file"], found["line"]) == ("error", WEB, 1)
    assert "the rules of `main` say so" in found["notes"][-2]
    assert found["notes"][-1].startswith(f"`{EACH}:1:")
    assert found["related"] == []
    assert branches.validate(against="start").code == 0


def test_only_a_change_of_that_very_file_excuses(branches: Branches) -> None:
    """The range changes another schema; the finding is of one that the target changed."""
    branches.commit({WEB: "replicas: 4\n", DB: ANY}, "request")
    branches.target_moves({EACH: most(3)})
    assert [row[1:] for row in branches.findings()] == [("error", WEB)]
    assert branches.validate().code == 1


def test_of_several_changed_files_the_one_that_matters_is_named(branches: Branches) -> None:
    branches.commit({WEB: "replicas: 9\n", EACH: most(10), DB: ANY, "policies/more.yaml": "policies: []\n"}, "request")
    assert branches.findings() == [("CFG980", "warning", EACH)]


def test_files_that_let_it_pass_only_together_are_all_named(branches: Branches) -> None:
    web = "schemas/managers/web.schema.json"
    branches.commit({web: most(5)}, "main")
    branches.commit({WEB: "replicas: 9\n", EACH: most(10), web: most(10)}, "request")
    assert branches.findings() == [("CFG980", "warning", EACH), ("CFG980", "warning", web)]


@pytest.mark.parametrize("text", ["policies: []\n", DENY.replace("<= 5", "<= 9"), None])
def test_a_policy_that_the_range_changes_or_removes(branches: Branches, text: str | None) -> None:
    branches.commit({"policies/few.yaml": DENY, EACH: most(100)}, "main")
    branches.commit({WEB: "replicas: 9\n", "policies/few.yaml": text}, "request")
    assert branches.findings() == [("CFG980", "warning", "policies/few.yaml")]


def test_a_waiver_counts_as_its_file(branches: Branches) -> None:
    branches.commit({"policies/few.yaml": DENY, EACH: most(100)}, "main")
    branches.commit({WEB: "replicas: 9\n", "policies/waivers.yaml": WAIVER}, "request")
    assert branches.findings() == [("CFG980", "warning", "policies/waivers.yaml")]


def test_what_a_policy_only_warns_of_is_told_too(branches: Branches) -> None:
    warning = DENY.replace("at: replicas", "at: replicas\n    severity: warning")
    branches.commit({"policies/few.yaml": warning, EACH: most(100)}, "main")
    branches.commit({WEB: "replicas: 9\n", "policies/few.yaml": None}, "request")
    assert branches.findings() == [("CFG980", "warning", "policies/few.yaml")]


def test_all_rules_removed_is_a_change_of_each_file(branches: Branches) -> None:
    branches.commit({WEB: "replicas: 9\n", EACH: None, OWNERS: None}, "request")
    assert branches.findings() == [("CFG980", "warning", EACH)]


def test_what_a_schema_calls_a_secret_is_a_rule_too(branches: Branches) -> None:
    """A keyword of ours that no schema finding comes from: the request takes `x-cfgc-secret` away."""
    secret = json.dumps({"properties": {"token": {"x-cfgc-secret": True}}})
    branches.commit({EACH: secret}, "main")
    branches.commit({WEB: "token: planted-0123456\n", EACH: ANY}, "request")
    done = branches.validate()
    assert branches.findings() == [("CFG980", "warning", EACH)]
    assert "planted" not in done.out + done.err
    shown = branches.validate("--format", "full").out
    assert "CFG980" in shown
    assert "planted" not in shown


def test_settings_by_which_a_policy_no_longer_applies_are_a_change_of_a_rule(branches: Branches) -> None:
    """The policy stands as it was; the request takes the label away that it is about."""
    tier = DENY.replace("components: [web]", "labels: {tier: prod}, components: [web]")
    branches.commit({"policies/few.yaml": tier, EACH: most(100)}, "main")
    config = (branches.root / "cfgc.yaml").read_text()
    branches.commit({WEB: "replicas: 9\n", "cfgc.yaml": config.replace("{tier: prod}", "{}")}, "request")
    assert branches.findings() == [("CFG980", "warning", "cfgc.yaml")]


def test_an_environment_that_is_taken_away_is_checked_once_more(branches: Branches) -> None:
    config = (branches.root / "cfgc.yaml").read_text()
    less = config.replace("  prod: {extends: base, labels: {tier: prod}}\n", "")
    branches.commit({WEB: "replicas: 9\n", "cfgc.yaml": less}, "request")
    assert branches.findings() == [("CFG980", "warning", "cfgc.yaml")]


def test_a_new_environment_has_only_the_rules_of_the_request(branches: Branches) -> None:
    config = (branches.root / "cfgc.yaml").read_text()
    more = config.replace("environments:\n", "environments:\n  staging: {extends: test}\n")
    branches.commit({"environments/staging/managers/web.yaml": "replicas: 2\n", "cfgc.yaml": more}, "request")
    assert branches.findings() == []
    assert branches.validate("staging").code == 0
    assert branches.validate("stagin").code == 2


def test_lint_settings_come_from_the_target(branches: Branches) -> None:
    config = (branches.root / "cfgc.yaml").read_text()
    off = "lint: {rules: {redundant-override: off}}\n"
    branches.commit({WEB: "replicas: 1\n", "cfgc.yaml": config + off}, "request")
    assert "redundant-override" in branches.validate().out
    branches.target_moves({"cfgc.yaml": config + off})
    assert "redundant-override" not in branches.validate().out


def test_recipients_come_from_the_target(
    branches: Branches, seal: Callable[[Path, str], None], age_key: Key, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody makes himself a recipient by a merge request; whether a file is sealed for somebody needs no key."""
    seal(branches.root / "environments/prod/managers/db.sops.yaml", "password: x\n")
    monkeypatch.delenv("SOPS_AGE_KEY_FILE")
    config = (branches.root / "cfgc.yaml").read_text()
    branches.commit({"cfgc.yaml": config + f"secrets: {{recipients: {{prod: [{'age1' + 'q' * 58}]}}}}\n"}, "main")
    branches.commit({"cfgc.yaml": config + f"secrets: {{recipients: {{prod: [{age_key.recipient}]}}}}\n"}, "request")
    assert branches.validate().code == 1
    assert "refused-recipient" in branches.validate().out
    assert branches.validate(against="HEAD").code == 0


def test_the_index_and_a_revision_can_be_held_against_a_target(branches: Branches, git: Git) -> None:
    branches.commit({WEB: "replicas: 4\n"}, "request")
    branches.target_moves({EACH: most(3)})
    branches.write({WEB: "replicas: 2\n"})
    assert branches.validate().code == 0
    assert branches.validate("--staged").code == 1
    git(branches.root, "add", "-A")
    assert branches.validate("--staged").code == 0
    assert branches.validate("--rev", "request").code == 1


def test_a_target_that_does_not_exist_is_wrong_usage(branches: Branches) -> None:
    done = branches.validate(against="mian")
    assert done.code == 2
    assert done.codes == ["CFG952"]
    assert branches.validate(against="--output=x").code == 2


def test_a_target_whose_settings_cannot_be_read_stops(branches: Branches) -> None:
    """Without them nobody knows who may decrypt."""
    branches.commit({"cfgc.yaml": "version: [\n"}, "main")
    branches.commit({"cfgc.yaml": "version: 1\n"}, "request")
    done = branches.validate()
    assert done.code == 1
    assert "this is in `main`" in done.data["diagnostics"][0]["notes"][0]


def test_reports_of_one_run(branches: Branches, tmp_path: Path) -> None:
    """One compilation, every format that a pipeline wants."""
    branches.commit({WEB: "replicas: 9\n", EACH: most(10)}, "request")
    out = tmp_path / "out"
    out.mkdir()
    reports = [f"--report={name}={out / name}" for name in ("junit", "gitlab", "sarif")]
    assert branches.validate(*reports).code == 0
    assert json.loads((out / "gitlab").read_text())[0]["check_name"] == "CFG980 passes-only-with-this-change"
    assert json.loads((out / "sarif").read_text())["runs"][0]["results"][0]["ruleId"] == "CFG980"
    assert '<testcase classname="cfgc.prod" name="requests"' in (out / "junit").read_text()


@pytest.mark.parametrize("text", ["junit", "junit=", "pdf=x", "gitlab=/nowhere/x"])
def test_a_report_that_cannot_be_written_is_wrong_usage(branches: Branches, text: str) -> None:
    branches.commit({WEB: "replicas: 4\n"}, "request")
    assert branches.validate("--report", text).code == 2
