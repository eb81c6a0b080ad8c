"""What a request does not need is not imported (SPEC section 11, docs/decisions/0011-fast-start.md)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {"yaml", "jinja2", "jsonschema", "referencing", "rich", "git", "concurrent.futures", "distributed"}
UNUSED = {
    "cfgc.cli.profile",
    "cfgc.external.executors",
    "cfgc.external.recorded",
    "cfgc.pipeline.parcel",
    "cfgc.pipeline.revealing",
    "cfgc.pipeline.spread",
    "cfgc.external.stopwatch",
    "cfgc.external.process",
    "cfgc.external.sops",
    "cfgc.history",
    "cfgc.reports",
    "cfgc.stages.check.policy",
    "cfgc.stages.check.rules",
    "cfgc.stages.check.schema.engines.evaluate",
    "cfgc.stages.check.schema.wording",
    "cfgc.stages.merge.walk",
    "cfgc.stages.read.yaml_nodes",
    "cfgc.stages.render.template",
    "cfgc.stages.resolve.evaluate",
    "cfgc.stages.secrets.sealing",
}
REPORT = """
import sys
from cfgc.cli.app import run
code = run(sys.argv[1:])
print("\\n".join(["", "MODULES", *sys.modules]))
sys.exit(code)
"""


def imported(folder: Path, *arguments: str) -> set[str]:
    """The modules, and the packages around them, that a command line imports in a process of its own."""
    done = subprocess.run([sys.executable, "-c", REPORT, *arguments], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.partition("\nMODULES\n")[2].split("\n"))


@pytest.fixture
def fleet(tmp_path: Path) -> Path:
    """A project with layers and a schema; without secrets, policies, templates, references or a repository."""
    files = {
        "cfgc.yaml": "version: 1\nenvironments:\n  prod: {extends: base}\ncomponents: [managers/*]\n",
        "environments/base/managers/web.yaml": "port: 8080\ndatabase:\n  url: postgres://db/web\n  pools: [a, 1]\n",
        "environments/prod/managers/web.yaml": "port: 80\ndatabase: {pool: 5}\n",
        "schemas/managers/_each.schema.json": '{"properties": {"port": {"type": "integer", "maximum": 65535}}}',
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def test_a_render_imports_only_what_it_needs(fleet: Path) -> None:
    found = imported(fleet, "render", "prod")
    assert (fleet / "dist/prod/web/.env").read_text().startswith("PORT=80\n")
    assert "jsonschema_rs" in found  # the schema was checked
    assert found & (HEAVY | UNUSED) == set()


@pytest.mark.parametrize(
    ("file", "text", "needed"),
    [
        ("environments/prod/managers/web.yaml", "port: 80\ndatabase: &d {pool: 5}\n", "yaml"),
        ("environments/prod/managers/web.yaml", "port: 80\nhost: ${.port}\n", "cfgc.stages.resolve.evaluate"),
        ("policies/none.yaml", "policies: []\n", "cfgc.stages.check.policy"),
    ],
)
def test_what_is_left_out_is_there_when_needed(fleet: Path, file: str, text: str, needed: str) -> None:
    """The test above can fail: one line more in the project, and the module is imported."""
    (fleet / file).parent.mkdir(exist_ok=True)
    (fleet / file).write_text(text)
    assert needed in imported(fleet, "render", "prod")


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_help_and_version_import_no_stage(tmp_path: Path, option: str) -> None:
    found = imported(tmp_path, option)
    rooms = ("cfgc.stages", "cfgc.pipeline", "cfgc.external", "cfgc.diagnostics")
    assert not [name for name in found if name.startswith(rooms)]
    assert found & HEAVY == set()
