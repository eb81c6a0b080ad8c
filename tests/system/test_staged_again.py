"""A check of what is staged says what one says that remembers nothing, whatever was staged in between (THREATS X08)."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from cfgc.__main__ import _run
from cfgc.cli import app
from cfgc.pipeline import recheck
from cfgc.pipeline.session import Session
from cfgc.pipeline.untouched import Known, Touched
from tests.system import test_again_replay as replay

SCHEMA = (
    '{"properties": {"port": {"type": "integer", "maximum": 60000}, "key": {"type": "string", "x-cfgc-secret": true}}}'
)
POLICY = "policies:\n  - {name: ports, assert: 'config.port > 0', message: 'no port', at: port}\n"
WAIVER = "waivers:\n  - {policy: ports, component: apps.a1, until: 2099-01-01, reason: soon}\n"
ROOT = '{"properties": {"apps": {"type": "object", "maxProperties": 100}}}'

Run = Callable[..., tuple[int, str]]


def git(*words: str) -> None:
    subprocess.run(["git", *words], check=True, capture_output=True)


def content(dice: random.Random) -> str:
    lines = [f"port: {dice.randrange(8000, 8005)}"]
    if dice.random() < 0.15:
        lines.append(f"peer: ${{apps.a{dice.randrange(8)}.port}}")
    if dice.random() < 0.1:
        lines.append(f"maybe: ${{apps.a{dice.randrange(8)}.extra:-none}}")
    if dice.random() < 0.1:
        lines.append("extra: here")
    if dice.random() < 0.1:
        lines.append("url: https://${shared.domain}")
    if dice.random() < 0.05:
        lines.append(dice.choice(["key: plain", "text: ${file:notes.txt}", "on: no", "password: abcdefgh"]))
    return "\n".join(lines) + "\n"


def a_value(dice: random.Random) -> None:
    replay.write(replay.layer_file(dice), content(dice))


def a_number(dice: random.Random) -> None:
    replay.write(
        f"environments/{dice.choice(replay.ENVIRONMENTS)}/apps/a{dice.randrange(8)}.yaml",
        f"port: {dice.randrange(20)}\n",
    )


def another_text(dice: random.Random) -> None:
    replay.write(dice.choice(["notes.txt", "README.md", "environments/base/README.md"]), f"{dice.random()}\n")


def a_waiver(dice: random.Random) -> None:
    replay.write("policies/ports.yaml", POLICY + dice.choice(["", WAIVER]))


def a_schema(dice: random.Random) -> None:
    replay.write("schemas/apps/_each.schema.json", dice.choice([SCHEMA, SCHEMA.replace("60000", "8003")]))


def a_root_schema(dice: random.Random) -> None:
    replay.write("schemas/_root.schema.json", dice.choice([ROOT, ROOT.replace("100", "3")]))


def an_inner_schema(dice: random.Random) -> None:
    replay.write(f"schemas/apps/a{dice.randrange(8)}/deep.schema.json", "{}")


def inner_values(dice: random.Random) -> None:
    replay.write(replay.layer_file(dice), f"port: 8001\ndeep: {{x: {dice.randrange(9)}}}\n")


def an_each_file(dice: random.Random) -> None:
    replay.write("environments/base/apps/_each.yaml", f"common: {dice.randrange(9)}\n")


def a_sops_rule(dice: random.Random) -> None:
    replay.write(".sops.yaml", f"creation_rules: [{{path_regex: 'a{dice.randrange(8)}\\.yaml$', age: x}}]\n")


def in_order(_: random.Random) -> None:
    """The project as it was first; about it there is nothing to say."""
    for name in ("environments", "schemas", "policies", ".sops.yaml"):
        shutil.rmtree(name, ignore_errors=True)
        Path(name).unlink(missing_ok=True)
    replay.write("cfgc.yaml", replay.SETTINGS)
    replay.write("notes.txt", "hello\n")
    replay.write("environments/base/shared.yaml", "domain: example.org\n")
    for number in range(8):
        replay.write(f"environments/base/apps/a{number}.yaml", f"port: {8000 + number}\n")
        for place, layer in enumerate(replay.ENVIRONMENTS):
            replay.write(f"environments/{layer}/apps/a{number}.yaml", f"port: {9000 + 10 * place + number}\n")
    replay.write("templates/a1.j2", "port {{ config.port }}\n")
    replay.write("schemas/apps/_each.schema.json", SCHEMA)
    replay.write("policies/ports.yaml", POLICY)


def a_commit(_: random.Random) -> None:
    git("commit", "-qm", "next", "--allow-empty")


EDITS: Sequence[Callable[[random.Random], None]] = [
    *[a_number] * 14, *[a_value] * 8, replay.a_file_that_goes, replay.a_mistake, replay.no_component, replay.a_warning,
    replay.a_template, a_schema, replay.a_policy, replay.settings, another_text, a_waiver, a_root_schema, an_each_file,
    an_inner_schema, inner_values, inner_values, a_sops_rule, replay.another_key, a_commit, a_commit, *[in_order] * 8,
]  # fmt: skip


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, templates_here: None) -> Iterator[Path]:
    before = signal.getsignal(signal.SIGTERM)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = tmp_path / "shop"
    folder.mkdir()
    monkeypatch.chdir(folder)
    in_order(random.Random())
    git("init", "-q", "-b", "main")
    git("add", "-A")
    git("commit", "-qm", "first")
    yield folder
    signal.signal(signal.SIGTERM, before)


@pytest.fixture
def run(shop: Path, capfd: pytest.CaptureFixture[str]) -> Run:
    def call(*words: str) -> tuple[int, str]:
        capfd.readouterr()
        return _run([*words]), capfd.readouterr().out

    return call


@pytest.fixture
def partly(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """What came of looking at a few components."""
    found: list[bool] = []
    check = recheck.nothing_found

    def counted(session: Session, known: Known, changed: Touched) -> bool:
        found.append(check(session, known, changed))
        return found[-1]

    monkeypatch.setattr(recheck, "nothing_found", counted)
    return found


@pytest.fixture
def fully(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The command lines that were not answered by what is remembered."""
    done: list[list[str]] = []
    whole = app.run

    def counted(arguments: list[str], before: object = None) -> int:
        done.append(arguments)
        return whole(arguments, before)  # type: ignore[arg-type]

    monkeypatch.setattr(app, "run", counted)
    return done


@pytest.mark.parametrize("seed", range(4))
def test_a_check_of_the_index_says_what_it_says_without_a_memory(run: Run, partly: list[bool], seed: int) -> None:
    dice = random.Random(seed)
    for number in range(50):
        edit = dice.choice(EDITS)
        edit(dice)
        if dice.random() < 0.9:
            git("add", "-A")
        for command in ("validate", "secrets"):
            told = f"seed {seed}, edit {number}, {edit.__name__}, {command}"
            assert run(command, "--staged") == run(command, "--staged", "--no-cache"), told
    assert any(partly)


def test_only_what_changed_is_looked_at(run: Run, partly: list[bool], fully: list[list[str]]) -> None:
    first = run("validate", "--staged")
    replay.write("environments/test/apps/a3.yaml", "port: 9400\n")
    git("add", "-A")
    assert run("validate", "--staged") == first == (0, "test, prod: no findings\n")
    assert partly == [True]
    assert len(fully) == 1


def test_what_no_check_reads_changes_nothing(run: Run, partly: list[bool], fully: list[list[str]]) -> None:
    run("validate", "--staged")
    replay.write("src/main.c", "int main;\n")
    git("add", "-A")
    run("validate", "--staged")
    assert (len(fully), partly) == (1, [])


def test_a_finding_is_never_remembered(run: Run, fully: list[list[str]]) -> None:
    replay.write("environments/test/apps/a3.yaml", "port: 70000\n")
    git("add", "-A")
    assert run("validate", "--staged") == run("validate", "--staged")
    assert len(fully) == 2


def test_what_is_staged_counts_and_not_the_working_tree(run: Run, fully: list[list[str]]) -> None:
    run("validate", "--staged")
    replay.write("environments/test/apps/a3.yaml", "port: 70000\n")
    assert run("validate", "--staged")[0] == 0
    assert len(fully) == 1
    git("add", "-A")
    replay.write("environments/test/apps/a3.yaml", "port: 9003\n")
    assert run("validate", "--staged")[0] == 1


def test_the_index_of_the_commit_to_be_counts(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run("validate", "--staged")
    replay.write("environments/test/apps/a3.yaml", "port: 70000\n")
    shutil.copy(".git/index", ".git/next")
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/next")
    git("add", "-A")
    assert run("validate", "--staged")[0] == 1
    monkeypatch.delenv("GIT_INDEX_FILE")
    assert run("validate", "--staged")[0] == 0


def test_an_entry_of_another_key_is_none(run: Run, shop: Path, fully: list[list[str]]) -> None:
    run("secrets", "--staged")
    key = shop.with_name("state") / "cfgc/key"
    key.write_bytes(key.read_bytes()[::-1])
    run("secrets", "--staged")
    assert len(fully) == 2


def test_without_a_cache_nothing_is_kept(run: Run, shop: Path) -> None:
    run("validate", "--staged", "--no-cache")
    run("secrets", "--staged", "--no-cache")
    assert not shop.with_name("cache").exists()


def test_a_check_of_the_merge_request_or_of_another_day_is_not_remembered(run: Run, shop: Path) -> None:
    run("validate", "--staged", "--against", "HEAD")
    run("validate", "--staged", "--date", "2020-01-01")
    run("validate", "--staged", "--component", "a1")
    run("validate", "--staged", "--report", "json=found.json")
    assert not shop.with_name("cache").exists()


def test_a_reference_that_came_with_what_it_refers_to_is_known_afterwards(run: Run, partly: list[bool]) -> None:
    run("validate", "--staged")
    replay.write("environments/base/apps/a1.yaml", "port: 8001\npeer: ${apps.a2.extra}\n")
    replay.write("environments/base/apps/a2.yaml", "port: 8002\nextra: here\n")
    git("add", "-A")
    assert run("validate", "--staged")[0] == 0
    replay.write("environments/base/apps/a2.yaml", "port: 8002\n")
    git("add", "-A")
    assert run("validate", "--staged")[0] == 1
    assert partly == [False]


def test_a_project_inside_of_a_repository(
    run: Run, shop: Path, partly: list[bool], fully: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.joinpath("inner").mkdir()
    for name in ("environments", "schemas", "policies", "templates", "cfgc.yaml", "notes.txt"):
        git("mv", name, f"inner/{name}")
    monkeypatch.chdir(shop / "inner")
    first = run("validate", "--staged")
    replay.write("environments/test/apps/a3.yaml", "port: 9400\n")
    replay.write("../environments/test/apps/a3.yaml", "port: [\n")
    git("add", "-A", "..")
    assert run("validate", "--staged") == first == (0, "test, prod: no findings\n")
    assert (partly, len(fully)) == ([True], 1)
    replay.write("environments/test/apps/a3.yaml", "port: 94000\n")
    git("add", "-A")
    assert run("validate", "--staged")[0] == 1
