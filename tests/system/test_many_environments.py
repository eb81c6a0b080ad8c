"""A render of several environments: one whole set for each, or none of any (SPEC section 8, ADR 0019)."""

from __future__ import annotations

import gc
import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from cfgc.external.files import WorkTree
from cfgc.pipeline import packed, render
from cfgc.pipeline.compile import Compiled
from cfgc.pipeline.render import Rendering, render_each
from cfgc.pipeline.session import Session
from cfgc.pipeline.wanted import Wanted
from tests.system.conftest import Cfgc

Project = Callable[[Mapping[str, str]], Path]
Seal = Callable[[Path, str], None]

NAMES = ("dev", "test", "prod")
FLEET = {
    "cfgc.yaml": "version: 1\nenvironments:\n"
    + "".join(f"  {name}: {{extends: base}}\n" for name in NAMES)
    + "components: [apps/*]\noutputs:\n  - {for: '*', format: dotenv, to: .env}\n",
    "environments/base/apps/web.yaml": "port: 1\nurl: http://web:${.port}\n",
    "environments/test/apps/web.yaml": "port: 2\ntext: ${file:notes.txt}\n",
    "environments/prod/apps/web.yaml": "port: 3\nsame: ${apps.web.url}\n",
    "notes.txt": "some",
}


def sets_of(folder: Path) -> dict[str, bytes]:
    files = (file for name in NAMES for file in (folder / "dist" / name).rglob("*") if file.is_file())
    return {str(file.relative_to(folder)): file.read_bytes() for file in files}


def test_together_they_are_what_they_are_alone(project: Project, cfgc: Cfgc) -> None:
    """The manifest of an environment names its own inputs, not those of what is rendered with it."""
    folder = project(FLEET)
    assert cfgc(folder, "render", *NAMES).code == 0
    together = sets_of(folder)
    for name in NAMES:
        (folder / f"dist/{name}/manifest.json").unlink()
        assert cfgc(folder, "render", name).code == 0
    assert sets_of(folder) == together
    inputs = {name: set(json.loads(together[f"dist/{name}/manifest.json"])["inputs"]) for name in NAMES}
    assert [name for name in NAMES if "notes.txt" in inputs[name]] == ["test"]


def test_packed_sets_are_the_same(project: Project, cfgc: Cfgc, seal: Seal, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = project(FLEET)
    seal(folder / "environments/prod/apps/web.sops.yaml", "password: hunter2\n")
    assert cfgc(folder, "render", *NAMES).code == 0
    plain = sets_of(folder)
    printed = cfgc(folder, "render", *NAMES, "--stdout").out
    monkeypatch.setattr(packed, "_HELD", 0)
    assert cfgc(folder, "render", *NAMES, "--check").code == 0
    assert cfgc(folder, "render", *NAMES, "--stdout").out == printed
    assert cfgc(folder, "render", *NAMES, "--no-cache", "--set", "apps.web.port=9").code == 0
    assert cfgc(folder, "render", *NAMES, "--check").code == 1
    assert cfgc(folder, "render", *NAMES, "--no-cache").code == 0
    assert sets_of(folder) == plain
    assert (folder / "dist/prod/web/.env").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "wrong", ["port: ${apps.nobody}\n", "port: [\n", "port: {a: 1}\nport.b: 2\nother: null\nurl: ''\nlist: [1]\n"]
)
def test_nothing_is_written_when_the_last_one_is_wrong(project: Project, cfgc: Cfgc, seal: Seal, wrong: str) -> None:
    """What was decrypted for the others has stood on no disk."""
    folder = project({**FLEET, "environments/prod/apps/web.yaml": wrong})
    seal(folder / "environments/dev/apps/web.sops.yaml", "password: hunter2\n")
    done = cfgc(folder, "render", *NAMES)
    assert done.code == 1, done.err
    assert not (folder / "dist").exists()


def test_an_environment_is_let_go_of(project: Project, seal: Seal, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the collector, as the command line runs: no circle holds what was made of an environment."""
    folder = project(FLEET)
    seal(folder / "environments/test/apps/web.sops.yaml", "password: hunter2\n")
    monkeypatch.setattr(render, "_AT_ONCE", 1)
    session, wanted = Session(WorkTree(folder), folder), [Wanted(name) for name in NAMES]
    gc.collect()
    gc.disable()
    try:
        before = alive()
        counts = list(map(lambda one: look(one) - before, render_each(session, wanted)))  # noqa: C417 -- holds none
        assert counts == [1, 1, 1]
        assert alive() == before
    finally:
        gc.enable()


def look(_: Rendering) -> int:
    return alive()


def alive() -> int:
    return sum(type(one) is Compiled for one in gc.get_objects())
