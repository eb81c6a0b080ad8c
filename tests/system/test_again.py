"""A render that has nothing to do does nothing; what is remembered changes no byte and no finding (THREATS X08)."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from cfgc.__main__ import _run
from cfgc.cli import again

Git = Callable[..., str]
ENVIRONMENTS = ("test", "prod")
UP_TO_DATE = "dist/test: 18 artifacts, all up to date\ndist/prod: 18 artifacts, all up to date\n"
FILES = {
    "cfgc.yaml": """\
version: 1
environments:
  test: {extends: base}
  prod: {extends: base}
components: ["apps/*"]
outputs:
  - {for: "*", format: dotenv, to: .env}
  - {for: "*", format: yaml, to: config.yaml}
  - {for: a1, template: a1.j2, to: a1.txt}
  - {for: environment, template: all.j2, to: all.txt}
""",
    "schemas/apps/_each.schema.json": '{"properties": {"port": {"type": "integer", "maximum": 60000}}}',
    "templates/a1.j2": "port {{ config.port }}\n",
    "templates/all.j2": "{% for name in tree.apps %}{{ name }} {% endfor %}\n",
    "policies/ports.yaml": "policies:\n  - {name: ports, assert: 'config.port > 0', message: 'no port', at: port}\n",
    "environments/base/shared.yaml": "domain: example.org\n",
    **{
        f"environments/base/apps/a{number}.yaml": f"port: {8000 + number}\nurl: https://a{number}.${{shared.domain}}\n"
        for number in range(8)
    },
    **{f"environments/{name}/apps/a{number}.yaml": f"size: {name}\n" for name in ENVIRONMENTS for number in range(4)},
}


class Ran(NamedTuple):
    code: int
    err: str


Render = Callable[..., Ran]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folders that things are remembered in."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path


@pytest.fixture
def shop(home: Path, monkeypatch: pytest.MonkeyPatch, templates_here: None) -> Path:
    folder = home / "shop"
    for name, text in FILES.items():
        write(folder, name, text)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def render(shop: Path, capfd: pytest.CaptureFixture[str]) -> Iterator[Render]:
    """Runs `cfgc render test prod ...` as the program does, in this process."""
    before = signal.getsignal(signal.SIGTERM)

    def call(*arguments: str) -> Ran:
        capfd.readouterr()
        code = _run(["render", *(arguments or ENVIRONMENTS)])
        return Ran(code, capfd.readouterr().err)

    yield call
    signal.signal(signal.SIGTERM, before)


def write(folder: Path, name: str, text: str) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)


def entries(home: Path) -> list[Path]:
    return sorted((home / "cache/cfgc/renders").glob("*"))


def works(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What is not answered from memory from now on."""
    from cfgc.cli import app

    done: list[list[str]] = []
    run = app.run

    def counted(arguments: list[str], before: again.Before | None = None) -> int:
        done.append(arguments)
        return run(arguments, before)

    monkeypatch.setattr(app, "run", counted)
    return done


def said(place: again.Here) -> str | None:
    known = again.recall(place)
    return known.said if known else None


def tree(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Everything below a folder: mode and content."""
    return {
        path.relative_to(folder).as_posix(): (path.stat().st_mode & 0o7777, b"" if path.is_dir() else path.read_bytes())
        for path in sorted(folder.rglob("*"))
    }


def test_what_has_not_changed_is_not_done_again(render: Render, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert render() == (0, UP_TO_DATE.replace("all up to date", "18 written, 0 removed"))
    done = works(monkeypatch)
    before = tree(shop)
    assert render() == (0, UP_TO_DATE)
    assert render() == (0, UP_TO_DATE)
    assert not done
    assert tree(shop) == before
    assert render("-q", *ENVIRONMENTS) == (0, "")
    assert render("-q", *ENVIRONMENTS) == (0, "")
    assert len(done) == 1


def _damage(path: str) -> Callable[[Path], object]:
    return lambda shop: (shop / path).write_text("other")


CHANGES: dict[str, Callable[[Path], object]] = {
    "a layer file": lambda shop: write(shop, "environments/prod/apps/a1.yaml", "size: large\n"),
    "a new layer file": lambda shop: write(shop, "environments/prod/apps/a7.yaml", "size: large\n"),
    "a layer file that goes": lambda shop: (shop / "environments/prod/apps/a1.yaml").unlink(),
    "only touched": lambda shop: os.utime(shop / "environments/prod/apps/a1.yaml"),
    "changed and its time put back": lambda shop: _in_secret(shop / "environments/base/apps/a1.yaml"),
    "a template": lambda shop: write(shop, "templates/a1.j2", "PORT {{ config.port }}\n"),
    "a schema": lambda shop: write(shop, "schemas/apps/_each.schema.json", "{}"),
    "a policy": lambda shop: (shop / "policies/ports.yaml").unlink(),
    "a new policy": lambda shop: write(shop, "policies/more.yaml", FILES["policies/ports.yaml"].replace("ports", "b")),
    "cfgc.yaml": lambda shop: write(shop, "cfgc.yaml", FILES["cfgc.yaml"] + "dist_names: path\n"),
    "an artifact": _damage("dist/prod/a1/.env"),
    "the mode of an artifact": lambda shop: (shop / "dist/prod/a1/.env").chmod(0o600),
    "a manifest": _damage("dist/test/manifest.json"),
    "an artifact that is gone": lambda shop: (shop / "dist/prod/a1/.env").unlink(),
    "a file of others": _damage("dist/prod/a1/more"),
    "what a killed run left": lambda shop: (shop / "dist/.prod.next").mkdir(),
    "a set that is gone": lambda shop: shutil.rmtree(shop / "dist/prod"),
    "a link in place of a folder": lambda shop: _behind_a_link(shop / "environments"),
    "the first commit": lambda shop: os.system("git init -q . && git add -A && git commit -qm first"),
}


def _in_secret(path: Path) -> None:
    status = path.stat()
    path.write_text(path.read_text().replace("8001", "8009"))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def _behind_a_link(path: Path) -> None:
    path.rename(path.with_name("elsewhere"))
    path.symlink_to("elsewhere")


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_is_noticed(
    render: Render, shop: Path, home: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    render()
    assert render().err == UP_TO_DATE
    CHANGES[change](shop)
    shutil.copytree(shop, home / "twin", symlinks=True)
    done = works(monkeypatch)
    warm = render()
    assert len(done) == 1
    monkeypatch.chdir(home / "twin")
    assert render("--no-cache", *ENVIRONMENTS) == warm
    assert tree(home / "twin/dist") == tree(shop / "dist")


def test_another_day_is_another_render(render: Render, monkeypatch: pytest.MonkeyPatch) -> None:
    render()
    done = works(monkeypatch)
    monkeypatch.setattr("time.strftime", lambda _: "2100-01-01")
    assert render() == (0, UP_TO_DATE)
    assert len(done) == 1


@pytest.mark.parametrize(
    "arguments",
    [["--no-cache"], ["--force"], ["--set", "apps.a1.port=1"], ["--resolve-env"], ["--stdout"], ["--check"]],
)
def test_what_files_alone_do_not_decide_is_not_remembered(render: Render, home: Path, arguments: list[str]) -> None:
    """Nor what is not written; `--allow-env-overrides` without such a variable is as if it were not said."""
    for _ in range(2):
        render(*arguments, *ENVIRONMENTS)
        assert not entries(home)


def test_a_render_with_a_finding_is_done_each_time(
    render: Render, shop: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(shop, "environments/other/apps/a1.yaml", "size: none\n")
    first = render()
    assert "unused-layer" in first.err
    assert not entries(home)
    assert "unused-layer" in render().err


def test_a_note_that_is_not_shown_is_no_reason_to_render_again(
    render: Render, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is one where it is shown, or counts."""
    write(shop, "schemas/apps/_each.schema.json", '{"properties": {"hook": {"type": "string", "pattern": "^https"}}}')
    write(shop, "environments/prod/apps/a1.yaml", "hook: ${HOOK}\n")
    render()
    done = works(monkeypatch)
    assert render() == (0, UP_TO_DATE)
    assert not done
    assert "not-evaluated-runtime" in render("-v", *ENVIRONMENTS).err
    assert "not-evaluated-runtime" in render("-v", *ENVIRONMENTS).err
    assert render("--strict", *ENVIRONMENTS).code == render("--strict", *ENVIRONMENTS).code == 1
    assert len(done) == 4


def test_an_entry_is_believed_whole_or_not_at_all(render: Render, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut off, every 97th byte turned, of another place: it does not exist, and is replaced."""
    render()
    (entry,) = entries(home)
    good = entry.read_bytes()
    damaged = [good[:-1], good[:40], b"", good + b"x"]
    damaged += [good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :] for at in range(0, len(good), 97)]
    place = again.here(["render", *ENVIRONMENTS])
    assert place is not None
    assert said(place) == UP_TO_DATE
    for content in damaged:
        entry.write_bytes(content)
        assert again.recall(place) is None
    assert render() == (0, UP_TO_DATE)
    assert entry.read_bytes() != content
    render("test")
    (other,) = (path for path in entries(home) if path != entry)
    entry.write_bytes(other.read_bytes())
    assert again.recall(place) is None


def test_another_key_and_a_key_of_others_are_none(render: Render, home: Path) -> None:
    render()
    place = again.here(["render", *ENVIRONMENTS])
    assert place is not None
    key = home / "state/cfgc/key"
    key.chmod(0o640)
    assert again.recall(place) is None
    key.chmod(0o600)
    assert said(place) == UP_TO_DATE
    key.write_bytes(bytes(32))
    assert again.recall(place) is None


def test_nothing_that_was_read_is_remembered(render: Render, shop: Path, home: Path) -> None:
    write(shop, "environments/prod/apps/a1.yaml", "size: canary-value\n")
    render()
    (entry,) = entries(home)
    assert b"canary" not in entry.read_bytes()
    assert b"a1.yaml" in entry.read_bytes()


def test_entries_are_few(render: Render, home: Path) -> None:
    for number in range(40):
        render("test", "--date", f"2026-01-{number % 28 + 1:02}", *["-v"] * (number // 28))
    assert len(entries(home)) == 32


def test_renders_at_once_leave_one_good_set_and_a_good_memory(render: Render, shop: Path, home: Path) -> None:
    render()
    for number in range(3):
        write(shop, "environments/base/apps/a5.yaml", f"port: {9000 + number}\n")
        command = [sys.executable, "-m", "cfgc", "render", *ENVIRONMENTS]
        running = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(3)]
        assert [process.wait() for process in running] == [0, 0, 0], [each.communicate() for each in running]
        for process in running:
            process.communicate()
        assert render() == (0, UP_TO_DATE)
        kept = {name: tree(shop / "dist" / name) for name in ENVIRONMENTS}
        shutil.rmtree(shop / "dist")
        render("--no-cache", *ENVIRONMENTS)
        assert {name: tree(shop / "dist" / name) for name in ENVIRONMENTS} == kept


def test_a_folder_that_cannot_be_written_is_no_error(
    render: Render, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "cache").write_text("")
    assert render().code == 0
    assert render() == (0, UP_TO_DATE)
