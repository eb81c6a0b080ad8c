"""SPEC section 8: two runs of the same revision give the same bytes; a killed render leaves a whole set."""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.system.conftest import FILES, ROOT

Project = Callable[[Mapping[str, str]], Path]

SURROUNDINGS = [
    {"PYTHONHASHSEED": str(number), "LC_ALL": locale, "TZ": zone, "UMASK": mask}
    for number in range(5)
    for locale, zone, mask in (
        ("C", "UTC", "000"),
        ("C.UTF-8", "Pacific/Auckland", "022"),
        ("de_DE.UTF-8", "America/New_York", "027"),
        ("tr_TR.UTF-8", "Asia/Kolkata", "077"),
    )
]


def fingerprint(folder: Path) -> dict[str, tuple[str, int]]:
    """Digest and mode of every file of a set."""
    return {
        path.relative_to(folder).as_posix(): (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mode)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="session")
def clones(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The estate committed, in two clones at different places."""
    place = tmp_path_factory.mktemp("clones")
    names = ["cfgc.yaml", "environments", "files", "schemas", "policies", "templates", ".gitignore"]
    origin = place / "origin"
    origin.mkdir()
    for name in names:
        subprocess.run(["cp", "-r", str(ROOT / name), str(origin / name)], check=True)
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "the estate"]):
        subprocess.run(["git", *command], cwd=origin, check=True)
    found = []
    for name in ("one", "a/longer/place/two"):
        subprocess.run(["git", "clone", "-q", str(origin), str(place / name)], check=True)
        found.append(place / name)
    return found


def test_twenty_renders_in_different_surroundings_give_identical_bytes(clones: list[Path], demo_key: Path) -> None:
    assert len(SURROUNDINGS) == 20
    sets = []
    for number, around in enumerate(SURROUNDINGS):
        project = clones[number % 2]
        out = project / f"out-{number}"
        command = f"umask {around['UMASK']}; exec {sys.executable} -m cfgc -q -C {project} render prod --out {out}"
        env = {**os.environ, **around, "SOPS_AGE_KEY_FILE": str(demo_key), "PYTHONPATH": str(ROOT)}
        subprocess.run(["bash", "-c", command], check=True, env=env)
        sets.append(fingerprint(out / "prod"))
    assert len(sets[0]) > 40
    assert all(other == sets[0] for other in sets[1:])
    manifest = json.loads((clones[0] / "out-0/prod/manifest.json").read_text())
    assert manifest["source"]["clean"] is True


def test_two_hundred_kills_of_the_program_leave_a_whole_set_each(project: Project) -> None:
    """THREATS F06: SIGKILL at random moments of `cfgc render`; a reader sees the old or the new set."""
    shop = project({**FILES, **{f"environments/base/managers/app{n}.yaml": "mark: 0\n" for n in range(12)}})
    out = shop / "dist"
    dice = random.Random(7)
    assert _render(shop, out, "0") == 0
    deaths = seen_new = 0
    mark = "0"
    while deaths < 200:
        begun = time.monotonic()
        child = os.fork()
        if child == 0:
            os._exit(_render(shop, out, f"{deaths + 1}", silent=True))
        time.sleep(dice.uniform(0, 0.12))
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        assert time.monotonic() - begun < 30
        marks = {path.read_text() for path in (out / "prod").glob("app*/.env")}
        assert len(marks) == 1
        assert len(list((out / "prod").glob("app*/.env"))) == 12
        seen_new += marks != {mark}
        mark = marks.pop()
        deaths += os.WIFSIGNALED(status)
    assert seen_new > 0
    assert _render(shop, out, "last") == 0
    assert not [path for path in out.iterdir() if path.name.endswith(".next")]


def _render(shop: Path, out: Path, mark: str, *, silent: bool = False) -> int:
    """The render with every app's `mark` set, in this process."""
    from cfgc.cli.app import run

    if silent:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    options = [item for number in range(12) for item in ("--set", f"managers.app{number}.mark=x{mark}")]
    return run(["-q", "-C", str(shop), "render", "prod", "--out", str(out), *options])
