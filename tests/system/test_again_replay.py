"""Whatever is done to a project between renders, what is remembered gives the bytes and findings of a first render.

A seeded replay: edits of all kinds, one after the other, without a pause between them, each rendered with what is
remembered and, in a twin without any memory, anew.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from cfgc.__main__ import _run
from cfgc.cli import remembering
from cfgc.pipeline import partial
from cfgc.pipeline.render import Rendering, render_environments
from cfgc.pipeline.session import Session
from cfgc.pipeline.wanted import Wanted

ENVIRONMENTS = ["test", "prod"]
SETTINGS = """\
version: 1
environments:
  test: {extends: base}
  prod: {extends: base}
components: ["apps/*"]
outputs:
  - {for: "*", format: dotenv, to: .env}
  - {for: "*", format: yaml, to: config.yaml}
  - {for: a1, template: a1.j2, to: a1.txt}
"""
POLICY = "policies:\n  - {name: ports, assert: 'config.port > 0', message: 'no port', at: port}\n"
WIDE = "policies:\n  - {name: all, assert: 'size(tree.apps) > 0', message: 'none', at: port}\n"
WIDE_SCHEMA = """{"not": {"required": ["a1", "a2"], "properties": {
  "a1": {"properties": {"port": {"const": 8003}}}, "a2": {"properties": {"port": {"const": 8003}}}}}}"""
SCHEMA = '{"not": {"properties": {"a1": {"properties": {"port": {"const": 8001}}}}}}'
SCHEMA = '{"properties": {"port": {"type": "integer", "maximum": 60000}}}'

Edit = Callable[[random.Random], None]


def write(name: str, text: str) -> None:
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text(text)


def layer_file(dice: random.Random) -> str:
    layer = dice.choice(["base", "base", "test", "prod"])
    return f"environments/{layer}/apps/a{dice.randrange(8)}.yaml"


def content(dice: random.Random) -> str:
    """Of few lengths, so that sizes alone tell little."""
    lines = [f"port: {dice.randrange(8000, 8005)}"]
    if dice.random() < 0.2:
        lines.append(f"peer: ${{apps.a{dice.randrange(8)}.port}}")
    if dice.random() < 0.1:
        lines.append(f"maybe: ${{apps.a{dice.randrange(8)}.extra:-none}}")
    if dice.random() < 0.1:
        lines.append("extra: here")
    if dice.random() < 0.2:
        lines.append("url: https://${shared.domain}")
    return "\n".join(lines) + "\n"


def a_value(dice: random.Random) -> None:
    write(layer_file(dice), content(dice))


def a_replaced_file(dice: random.Random) -> None:
    name = layer_file(dice)
    write(f"{name}.new", content(dice))
    os.replace(f"{name}.new", name)


def a_file_that_goes(dice: random.Random) -> None:
    Path(layer_file(dice)).unlink(missing_ok=True)


def a_touch(dice: random.Random) -> None:
    Path(dice.choice(sorted(map(str, Path("environments").rglob("a*.yaml"))))).touch()


def a_time_put_back(dice: random.Random) -> None:
    path = Path("environments/base/shared.yaml")
    status = path.stat()
    path.write_text(f"domain: {dice.choice('abc')}.example.org\n")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def a_mistake(dice: random.Random) -> None:
    write(layer_file(dice), dice.choice(["port: 70000\n", "port: [\n", "peer: ${apps.nobody.port}\n", "port: -1\n"]))


def no_component(dice: random.Random) -> None:
    write(layer_file(dice), dice.choice(["# nothing\n", "null\n"]))


def a_warning(dice: random.Random) -> None:
    write(f"environments/{dice.choice(['other', 'more'])}/apps/a1.yaml", "port: 1\n")


def no_warning(_: random.Random) -> None:
    for name in ("other", "more"):
        shutil.rmtree(f"environments/{name}", ignore_errors=True)


def a_template(dice: random.Random) -> None:
    write("templates/a1.j2", dice.choice(["port {{ config.port }}\n", "{{ tree.apps | length }} apps\n"]))


def a_schema(dice: random.Random) -> None:
    write("schemas/apps/_each.schema.json", dice.choice([SCHEMA, "{}", SCHEMA.replace("60000", "8003")]))


def a_wide_schema(dice: random.Random) -> None:
    """About several components at once: what it says of one depends on the others."""
    write("schemas/apps.schema.json", dice.choice(["{}", WIDE_SCHEMA]))


def a_policy(dice: random.Random) -> None:
    write("policies/ports.yaml", dice.choice([POLICY, WIDE, POLICY.replace("0", "8001")]))


def settings(dice: random.Random) -> None:
    write("cfgc.yaml", SETTINGS + dice.choice(["", "dist_names: path\n", "merge: {lists: append}\n"]))


def an_artifact(dice: random.Random) -> None:
    known = sorted(map(str, Path("dist").rglob("*.*")))
    if known and Path(chosen := dice.choice(known)).is_file():
        damages: list[Callable[[], object]] = [
            lambda: Path(chosen).write_text("other\n"),
            Path(chosen).unlink,
            Path(chosen).touch,
        ]
        dice.choice(damages)()


def another_render(dice: random.Random) -> None:
    _run(dice.choice([["render", "test"], ["render", "prod", "--component", "a1"], ["render", "prod", "--sealed"]]))


def a_damaged_entry(dice: random.Random) -> None:
    for entry in Path(os.environ["XDG_CACHE_HOME"], "cfgc/renders").glob("*"):
        stored = bytearray(entry.read_bytes())
        stored[dice.randrange(len(stored))] ^= 1 << dice.randrange(8)
        entry.write_bytes(stored)


def another_key(dice: random.Random) -> None:
    key = Path(os.environ["XDG_STATE_HOME"], "cfgc/key")
    if key.exists():
        key.write_bytes(dice.randbytes(32))


def in_order(_: random.Random) -> None:
    """The project as it was first."""
    shutil.rmtree("environments", ignore_errors=True)
    write("cfgc.yaml", SETTINGS)
    write("environments/base/shared.yaml", "domain: example.org\n")
    for layer in ("base", *ENVIRONMENTS):
        for number in range(8):
            write(f"environments/{layer}/apps/a{number}.yaml", f"port: {8000 + number}\n")
    write("templates/a1.j2", "port {{ config.port }}\n")
    Path("schemas/apps.schema.json").unlink(missing_ok=True)
    write("schemas/apps/_each.schema.json", SCHEMA)
    write("policies/ports.yaml", POLICY)


def nothing(_: random.Random) -> None:
    pass


def a_commit(_: random.Random) -> None:
    subprocess.run("git init -q . && git add -A && git commit -qm next --allow-empty", shell=True, check=True)


EDITS: Sequence[Edit] = [
    *[a_value] * 12, *[a_replaced_file] * 4, a_file_that_goes, a_touch, a_touch, a_time_put_back, a_mistake,
    no_component, a_warning, no_warning, no_warning, a_template, a_schema, a_wide_schema, a_policy, settings,
    an_artifact, another_render, a_damaged_entry, another_key, *[nothing] * 3, a_commit, *[in_order] * 5,
]  # fmt: skip


@pytest.fixture
def narrowed(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """The components that partial renders were about."""
    found: list[tuple[str, ...]] = []

    def counted(session: Session, wanted: Sequence[Wanted], *, sealed: bool) -> list[Rendering]:
        found.extend(each.components for each in wanted)
        return render_environments(session, wanted, sealed=sealed)

    monkeypatch.setattr(partial, "render_environments", counted)
    return found


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, templates_here: None) -> Iterator[Path]:
    before = signal.getsignal(signal.SIGTERM)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = tmp_path / "shop"
    folder.mkdir()
    monkeypatch.chdir(folder)
    write(".gitignore", "dist/\n")
    in_order(random.Random())
    yield folder
    signal.signal(signal.SIGTERM, before)


def test_bug_a_schema_about_several_components_is_asked_about_all_of_them(
    shop: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    write("schemas/apps.schema.json", WIDE_SCHEMA)
    write("environments/prod/apps/a1.yaml", "port: 8003\n")
    assert rendered(capfd)[0] == 0
    write("environments/prod/apps/a2.yaml", "port: 8003\n")
    warm = rendered(capfd)
    assert warm == rendered(capfd, "--no-cache")
    assert warm[0] == 1


@pytest.mark.parametrize("seed", range(4))
def test_what_is_remembered_changes_nothing(
    shop: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    narrowed: list[tuple[str, ...]],
    seed: int,
) -> None:
    dice = random.Random(seed)
    good = 0
    if seed % 2:  # as in a project of many files
        monkeypatch.setattr(remembering, "_LARGE", 1)
    for number in range(60):
        edit = dice.choice(EDITS)
        edit(dice)
        told = f"seed {seed}, edit {number}, {edit.__name__}"
        shutil.rmtree(shop.with_name("twin"), ignore_errors=True)
        shutil.copytree(shop, shop.with_name("twin"), symlinks=True)
        warm = rendered(capfd)
        monkeypatch.chdir(shop.with_name("twin"))
        assert rendered(capfd, "--no-cache") == warm, told
        if warm[0] == 0:
            shutil.rmtree("dist")
            assert rendered(capfd, "--no-cache")[0] == 0
            assert tree(shop.with_name("twin") / "dist") == tree(shop / "dist"), told
            good += 1
        monkeypatch.chdir(shop)
    assert good > 20
    assert narrowed


def rendered(capfd: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    capfd.readouterr()
    code = _run(["render", *ENVIRONMENTS, *arguments])
    return code, capfd.readouterr().err


def tree(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Every file that a reader may look at: mode and content."""
    return {
        path.relative_to(folder).as_posix(): (path.stat().st_mode & 0o7777, path.read_bytes())
        for name in ENVIRONMENTS
        for path in sorted((folder / name).rglob("*"))
        if path.is_file()
    }
