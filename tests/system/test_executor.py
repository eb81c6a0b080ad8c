"""Issue 4 section 4: `--executor`, without a cluster: any executor of the standard library's interface does."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cfgc.cli.executing import recording
from cfgc.external import executors
from cfgc.external.files import WorkTree
from cfgc.pipeline.packed import Packed, pack
from cfgc.pipeline.parcel import unwrap
from cfgc.pipeline.render import render_environments
from cfgc.pipeline.session import Session
from cfgc.pipeline.spread import gather as spreading
from cfgc.pipeline.spread.gather import Rendered, Spread, gather, render_spread
from cfgc.pipeline.spread.work import work
from cfgc.pipeline.wanted import Wanted
from tests.system.conftest import Cfgc
from tests.system.test_side_by_side import CASES, FLEET

Project = Callable[[Mapping[str, str]], Path]
Seal = Callable[[Path, str], None]

WANTED = [Wanted(name, today=date(2026, 1, 2)) for name in ("test", "prod")]
MORE = {
    "a text that is referred to": {
        "environments/prod/apps/app-3.yaml": "text: ${file:texts/a.txt}\nother: '${file:texts/ü b.txt}'\n",
        "texts/a.txt": "all of it",
        "texts/ü b.txt": "more",
    },
    "an output of the environment": {
        "cfgc.yaml": FLEET["cfgc.yaml"] + "  - {for: environment, format: json, to: all.json}\n"
    },
    "a template that looks at everything": {"templates/seven.j2": "{{ tree.apps | length }}\n"},
}


class Calls(Executor):
    """Does each work at once, in a process of its own, and keeps what was sent and answered."""

    def __init__(self) -> None:
        self.seen: list[tuple[bytes, bytes]] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        self.seen.append((args[0], future.result()))
        return future

    @property
    def tasks(self) -> list[str]:
        return [unwrap(request)[0]["task"][0] for request, _ in self.seen]


class Nobody(Executor):
    """Takes works and does none."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        return Future()


class Losing(Executor):
    """Loses every worker that takes a work."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_exception(RuntimeError("the worker died"))
        return future


def session_of(folder: Path) -> Session:
    return recording(Session(WorkTree(folder), folder))


def spread_over(
    folder: Path, executor: Executor, workers: int, wanted: Sequence[Wanted] = WANTED, *, sealed: bool = True
) -> Mapping[str, Rendered]:
    return gather(session_of(folder), wanted, Spread("here", executor, lambda: workers), sealed=sealed)


def assert_same(folder: Path, answers: Mapping[str, Rendered], *, sealed: bool = True) -> None:
    """What came back is what a rendering here is, but for the lines of `cfgc.yaml` behind artifacts."""
    for one in render_environments(session_of(folder), WANTED, sealed=sealed):
        other = answers[one.compiled.environment.name]
        assert other.diagnostics == one.diagnostics
        assert other.set.manifest == one.manifest
        if not one.failed:
            assert list(other.set.artifacts) == [made._replace(setting=None) for made in one.artifacts]
            assert len(other.set.artifacts) == len(one.artifacts) > 100


@pytest.mark.parametrize("workers", [0, 1, 6])
@pytest.mark.parametrize("case", [*CASES, *MORE])
def test_section_4_the_same_bytes_and_findings(project: Project, case: str, workers: int) -> None:
    folder = project({**FLEET, **{**CASES, **MORE}[case]})
    assert_same(folder, spread_over(folder, Calls(), workers))


def test_section_4_components_are_shared_out_where_there_are_more_workers(project: Project) -> None:
    folder, calls = project(FLEET), Calls()
    spread_over(folder, calls, 5)
    assert sorted(calls.tasks) == ["check"] * 2 + ["share"] * 4


def test_what_there_is_to_say_is_found_in_one_piece(project: Project) -> None:
    folder, calls = project({**FLEET, **CASES["what a format refuses"]}), Calls()
    assert_same(folder, spread_over(folder, calls, 4))
    assert calls.tasks.count("whole") == 1


def test_a_worker_asks_for_what_it_was_not_sent(project: Project) -> None:
    folder, calls = project({**FLEET, **MORE["a text that is referred to"]}), Calls()
    spread_over(folder, calls, 1)
    assert [sorted(unwrap(answer)[0]) for _, answer in calls.seen].count(["missing"]) == 1


def test_secrets_travel_encrypted_for_who_asked(project: Project, seal: Seal) -> None:
    """ADR 0019: no plain text on the wire, in the scheduler, or in what a worker writes to its disk."""
    folder, calls = project(FLEET), Calls()
    seal(folder / "environments/prod/apps/app-5.sops.yaml", "password: hunter2-hunter2\n")
    answers = spread_over(folder, calls, 1, sealed=False)
    assert_same(folder, answers, sealed=False)
    made = {artifact.path: artifact for artifact in answers["prod"].set.artifacts}
    assert b"hunter2-hunter2" in made["app-5/.env"].content
    for request, answer in calls.seen:
        assert answer.startswith(b"age-encryption.org/")
        assert b"hunter2" not in answer
        assert b"hunter2" not in bytes(unwrap(request)[1])


def test_a_sealed_run_decrypts_nothing_and_needs_no_key(
    project: Project, seal: Seal, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, calls = project(FLEET), Calls()
    seal(folder / "environments/prod/apps/app-5.sops.yaml", "password: hunter2-hunter2\n")
    monkeypatch.delenv("SOPS_AGE_KEY_FILE")
    assert_same(folder, spread_over(folder, calls, 1))
    assert all(b"hunter2" not in bytes(unwrap(answer)[1]) for _, answer in calls.seen)


def test_a_worker_without_the_key_leaves_the_environment(
    project: Project, seal: Seal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who has the key decrypts: here it is the machine that asks."""
    folder = project(FLEET)
    seal(folder / "environments/prod/apps/app-5.sops.yaml", "password: hunter2-hunter2\n")
    with monkeypatch.context() as patch:
        patch.delenv("SOPS_AGE_KEY_FILE")
        answers = spread_over(folder, Calls(), 1, sealed=False)
    assert set(answers) == {"test"}
    both = list(render_spread(session_of(folder), WANTED, answers, sealed=False))
    assert [each.set.manifest.environment for each in both] == ["test", "prod"]
    assert any(b"hunter2-hunter2" in artifact.content for artifact in both[1].set.artifacts)


@pytest.mark.parametrize(("executor", "workers"), [(Nobody(), 0), (Losing(), 2)])
def test_what_nobody_does_is_done_here(
    project: Project, monkeypatch: pytest.MonkeyPatch, executor: Executor, workers: int
) -> None:
    monkeypatch.setattr(spreading, "_LOOK", 0.01)
    folder = project(FLEET)
    answers = spread_over(folder, executor, workers)
    assert answers == {}
    here = list(render_spread(session_of(folder), WANTED, answers, sealed=True))
    assert [each.set for each in here] == [
        each.set for each in render_environments(session_of(folder), WANTED, sealed=True)
    ]


def test_packed_artifacts_are_the_same(project: Project) -> None:
    (made,) = render_environments(session_of(project(FLEET)), WANTED[:1], sealed=True)
    packed = pack(made.artifacts)
    bare = [each._replace(setting=None) for each in made.artifacts]
    assert list(packed) == bare
    assert list(Packed(packed.content, len(packed), packed)) == bare + bare
    assert bare[0] in packed
    assert made.artifacts[0]._replace(path="other") not in packed


def test_who_opens_what_was_decrypted_writes_no_core() -> None:
    """THREATS L10, also for a process that decrypts nothing itself."""
    opening = "from cfgc.pipeline.spread.identity import Identity; Identity(sealed=False)"
    asking = "from cfgc.external.hardening import hardened; raise SystemExit(not hardened())"
    subprocess.run([sys.executable, "-c", f"{opening}; {asking}"], check=True)


def test_a_work_that_is_none_answers_nothing() -> None:
    """A worker's log shows what a task raises, so it raises nothing."""
    assert work(b"nonsense") == b""


def test_without_the_extra_the_help_says_what_to_install(
    shop: Path, cfgc: Cfgc, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    done = cfgc(shop, "render", "prod", "--executor", "tcp://127.0.0.1:8786")
    assert done.code == 1
    assert "CFG982" in done.err
    assert "pip install 'cfgc[dask]'" in done.err


def test_a_scheduler_that_is_not_there(shop: Path, cfgc: Cfgc, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executors, "_SECONDS", 1)
    done = cfgc(shop, "render", "prod", "--executor", "tcp://127.0.0.1:9")
    assert done.code == 1
    assert "CFG983" in done.err
    assert not (shop / "dist").exists()


def test_secrets_are_not_rendered_where_others_can_write(shop: Path, cfgc: Cfgc) -> None:
    done = cfgc(shop, "render", "prod", "--executor", "tcp://192.0.2.7:8786")
    assert done.code == 1
    assert "CFG984" in done.err


def test_tls_without_certificates(shop: Path, cfgc: Cfgc, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executors, "_SECONDS", 1)
    done = cfgc(shop, "render", "prod", "--executor", "tls://127.0.0.1:9")
    assert done.code == 1
    assert "no certificates are set up for it" in done.err


@pytest.mark.parametrize(
    ("address", "private"),
    [
        ("tcp://127.0.0.1:1", True), ("tcp://localhost:1", True), ("tcp://[::1]:1", True), ("tls://dask:1", True),
        ("tcp://dask:1", False), ("tcp://10.0.0.1:1", False), ("tcp://[2001:db8::1]:1", False), ("ws://dask:1", False),
    ],
)  # fmt: skip
def test_which_connections_are_private(address: str, private: bool) -> None:
    assert executors.private(address) is private


@pytest.mark.parametrize("words", [("--executor", "dask:8786"), ("--executor", "tcp://127.0.0.1:9", "--resolve-env")])
def test_wrong_usage(shop: Path, cfgc: Cfgc, words: tuple[str, ...]) -> None:
    done = cfgc(shop, "render", "prod", *words)
    assert done.code == 2
    assert "--executor" in done.err


def test_local_is_the_default(shop: Path, cfgc: Cfgc) -> None:
    assert cfgc(shop, "render", "prod", "--executor", "local").code == 0
    assert (shop / "dist/prod/manifest.json").exists()
    assert "`local`: here" in cfgc(shop, "render", "--help").out.replace("\n", " ").replace("  ", " ")


def test_any_executor_does(project: Project) -> None:
    folder = project(FLEET)
    with ThreadPoolExecutor(2) as threads:
        assert_same(folder, spread_over(folder, threads, 2))
