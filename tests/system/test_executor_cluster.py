"""Issue 4 section 4: rendering on a real Dask cluster, a scheduler and two workers as processes of their own.

They end by themselves: the scheduler when nobody has asked for anything for a while, a worker when it has no scheduler.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.system.conftest import Cfgc, Key, as_process
from tests.system.test_side_by_side import FLEET

Project = Callable[[Mapping[str, str]], Path]
Seal = Callable[[Path, str], None]

SECRET = "hunter2-hunter2"
ENVIRONMENTS = ("test", "prod")
IDLE = "120s"


@dataclass
class Cluster:
    """A scheduler and its workers. What they print is in `folder`."""

    folder: Path
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def address(self) -> str:
        (line,) = [one for one in self.printed().splitlines() if "Scheduler at:" in one]
        return line.split()[-1]

    @property
    def workers(self) -> list[subprocess.Popen[bytes]]:
        return self.processes[1:]

    def printed(self) -> str:
        return "".join(file.read_text() for file in sorted(self.folder.glob("*.log")))

    def start(self, name: str, *words: str, **variables: str) -> None:
        command = [
            sys.executable,
            "-m",
            f"distributed.cli.dask_{name}",
            "--no-dashboard",
            "--host",
            "127.0.0.1",
            *words,
        ]
        with (self.folder / f"{len(self.processes)}.log").open("wb") as log:
            child = subprocess.Popen(
                command,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                env={**os.environ, **variables},
                cwd=self.folder,
            )
        self.processes.append(child)

    def worker(self, **variables: str) -> None:
        file = str(self.folder / "scheduler.json")
        self.start(
            "worker", "--scheduler-file", file, "--no-nanny", "--nthreads", "1", "--death-timeout", "60", **variables
        )

    def until(self, count: int) -> None:
        """Wait until so many workers have come."""
        self.wait_for(lambda: self.printed().count("Registered to:") >= count)

    def wait_for(self, condition: Callable[[], object]) -> None:
        while not condition():
            assert all(each.poll() is None for each in self.processes), self.printed()
            time.sleep(0.05)

    def stop(self) -> None:
        for each in self.processes:
            each.kill()
            each.wait()


@contextmanager
def scheduled(folder: Path, *words: str) -> Iterator[Cluster]:
    """A scheduler without workers."""
    made = Cluster(folder)
    file = folder / "scheduler.json"
    made.start("scheduler", "--port", "0", "--scheduler-file", str(file), "--idle-timeout", IDLE, *words)
    try:
        made.wait_for(file.exists)
        yield made
    finally:
        made.stop()


@pytest.fixture
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A scheduler; a test adds its workers."""
    with scheduled(tmp_path_factory.mktemp("cluster")) as made:
        yield made


@pytest.fixture
def fleet(project: Project) -> Path:
    return project(FLEET)


def rendering_below(pid: int) -> list[int]:
    """The processes that a worker has started to render, by any of its threads."""
    lists = [Path(f"/proc/{pid}/task/{thread}/children") for thread in os.listdir(f"/proc/{pid}/task")]
    return [
        int(each) for file in lists for each in read(file).split() if "spread.render" in read(f"/proc/{each}/cmdline")
    ]


def alive(pid: int) -> bool:
    return "spread.render" in read(f"/proc/{pid}/cmdline")


def read(file: Path | str) -> str:
    try:
        return Path(file).read_text()
    except OSError:
        return ""


def sets_of(folder: Path, out: str) -> dict[str, bytes]:
    top = folder / out
    found = {str(file.relative_to(top)): file.read_bytes() for file in top.rglob("*") if file.is_file()}
    return {name: content for name, content in found.items() if not name.startswith(".")}


def assert_same_as_here(folder: Path, cfgc: Cfgc, *words: str) -> None:
    """What stands in `dist` is what a render here writes."""
    done = cfgc(folder, "render", *ENVIRONMENTS, "--out", "here", *words)
    assert done.code == 0, done.err
    assert sets_of(folder, "dist") == sets_of(folder, "here")
    assert len(sets_of(folder, "dist")) > 200


def test_two_workers_give_the_same_bytes_and_findings(cluster: Cluster, fleet: Path, cfgc: Cfgc) -> None:
    for _ in range(2):
        cluster.worker()
    cluster.until(2)
    done = cfgc(fleet, "render", *ENVIRONMENTS, "--executor", cluster.address)
    assert (done.code, "rendered here" in done.err) == (0, False), done.err
    assert_same_as_here(fleet, cfgc)
    (fleet / "environments/test/apps/app-3.yaml").write_text("port: high\n")
    (fleet / "templates/seven.j2").write_text("{{ config.nothing }}\n")
    there = cfgc(fleet, "render", *ENVIRONMENTS, "--executor", cluster.address)
    here = cfgc(fleet, "render", *ENVIRONMENTS)
    assert there.code == here.code == 1
    assert there.err == here.err


@pytest.mark.parametrize("lost", [1, 2])
def test_a_worker_is_killed_midway(cluster: Cluster, fleet: Path, cfgc: Cfgc, lost: int) -> None:
    """The rest goes to the other worker; with none left it is rendered here. What a worker had started dies with it."""
    (fleet / "templates/seven.j2").write_text(
        "{% for a in range(100) %}{% for b in range(100) %}{{ a * b }}{% endfor %}{% endfor %}\n"
    )
    for _ in range(2):
        cluster.worker()
    cluster.until(2)
    command = [sys.executable, "-m", "cfgc", "-C", str(fleet), "render", *ENVIRONMENTS, "--executor", cluster.address]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as run:
        for worker in cluster.workers[:lost]:
            started: list[int] = []
            while not started:
                assert run.poll() is None
                started = rendering_below(worker.pid)
            worker.kill()
            worker.wait()
            while any(alive(each) for each in started):
                time.sleep(0.05)
        _, said = run.communicate()
    assert run.returncode == 0, said
    assert ("rendered here" in said) == (lost == 2)
    assert_same_as_here(fleet, cfgc)


def test_the_scheduler_is_killed_midway(cluster: Cluster, fleet: Path, cfgc: Cfgc) -> None:
    """All is rendered here, and nobody reads a trace."""
    for _ in range(2):
        cluster.worker()
    cluster.until(2)
    command = [sys.executable, "-m", "cfgc", "-C", str(fleet), "render", *ENVIRONMENTS, "--executor", cluster.address]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as run:
        while not rendering_below(cluster.workers[0].pid):
            assert run.poll() is None
        cluster.processes[0].kill()
        _, said = run.communicate()
    assert run.returncode == 0, said
    assert "rendered here" in said
    assert len(said.splitlines()) == 3, said
    assert_same_as_here(fleet, cfgc)


def test_secrets_are_decrypted_by_workers_alone(
    cluster: Cluster, fleet: Path, cfgc: Cfgc, seal: Seal, age_key: Key, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The machine that asks has no key. No log of the cluster holds a secret."""
    seal(fleet / "environments/prod/apps/app-5.sops.yaml", f"password: {SECRET}\n")
    for _ in range(2):
        cluster.worker(SOPS_AGE_KEY_FILE=str(age_key.file))
    cluster.until(2)
    with monkeypatch.context() as patch:
        patch.delenv("SOPS_AGE_KEY_FILE")
        done = cfgc(fleet, "render", *ENVIRONMENTS, "--executor", cluster.address)
    assert (done.code, "rendered here" in done.err) == (0, False), done.err
    assert SECRET in (fleet / "dist/prod/app-5/.env").read_text()
    assert_same_as_here(fleet, cfgc)
    assert SECRET not in cluster.printed()
    held = [file for file in cluster.folder.rglob("*") if file.is_file() and SECRET.encode() in file.read_bytes()]
    assert held == []


def test_sealed_needs_no_key_anywhere(
    cluster: Cluster, fleet: Path, cfgc: Cfgc, seal: Seal, monkeypatch: pytest.MonkeyPatch
) -> None:
    seal(fleet / "environments/prod/apps/app-5.sops.yaml", f"password: {SECRET}\n")
    monkeypatch.delenv("SOPS_AGE_KEY_FILE")
    cluster.worker()
    cluster.until(1)
    done = cfgc(fleet, "render", *ENVIRONMENTS, "--sealed", "--executor", cluster.address)
    assert (done.code, "rendered here" in done.err) == (0, False), done.err
    assert_same_as_here(fleet, cfgc, "--sealed")


def test_a_worker_that_lacks_the_key_leaves_it_to_who_asks(
    cluster: Cluster, fleet: Path, cfgc: Cfgc, seal: Seal
) -> None:
    seal(fleet / "environments/prod/apps/app-5.sops.yaml", f"password: {SECRET}\n")
    cluster.worker(SOPS_AGE_KEY_FILE=os.devnull)
    cluster.until(1)
    done = cfgc(fleet, "render", *ENVIRONMENTS, "--executor", cluster.address)
    assert done.code == 0, done.err
    assert "1 of 2 environments are rendered here" in done.err
    assert_same_as_here(fleet, cfgc)


def test_a_worker_with_another_version_is_refused(cluster: Cluster, fleet: Path, tmp_path: Path) -> None:
    patch = cluster.folder / "patch"
    patch.mkdir()
    (patch / "sitecustomize.py").write_text("import cfgc\ncfgc.__version__ = '0.0.9'\n")
    cluster.worker(PYTHONPATH=str(patch))
    cluster.until(1)
    done = as_process(fleet, "render", "prod", "--sealed", "--executor", cluster.address)
    assert done.returncode == 1
    assert "CFG985" in done.stderr
    assert "has cfgc 0.0.9" in done.stderr
    assert not (fleet / "dist").exists()


def test_tls(
    fleet: Path, cfgc: Cfgc, part: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """With the certificates of Dask's own settings."""
    folder = tmp_path_factory.mktemp("tls")
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    made = [
        part("openssl"),
        "req",
        "-x509",
        "-newkey",
        "ed25519",
        "-nodes",
        "-subj",
        "/CN=localhost",
        "-days",
        "1",
        *files,
    ]
    subprocess.run([*made, "-addext", "subjectAltName=IP:127.0.0.1"], check=True, capture_output=True)
    monkeypatch.setenv("DASK_DISTRIBUTED__COMM__TLS__CA_FILE", str(folder / "cert.pem"))
    for role in ("CLIENT", "SCHEDULER", "WORKER"):
        monkeypatch.setenv(f"DASK_DISTRIBUTED__COMM__TLS__{role}__CERT", str(folder / "cert.pem"))
        monkeypatch.setenv(f"DASK_DISTRIBUTED__COMM__TLS__{role}__KEY", str(folder / "key.pem"))
    with scheduled(folder, "--protocol", "tls") as cluster:
        cluster.worker()
        cluster.until(1)
        assert cluster.address.startswith("tls://")
        done = as_process(fleet, "render", *ENVIRONMENTS, "--executor", cluster.address)
    assert (done.returncode, "rendered here" in done.stderr) == (0, False), done.stderr
    assert_same_as_here(fleet, cfgc)
