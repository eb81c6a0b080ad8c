"""The one run function: argument list, allowlist, deadline, cap, whole groups (THREATS C07, C09, Gi4, L08, X05)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cfgc.external import process

PYTHON = [sys.executable, "-c"]


def test_gives_the_code_and_both_outputs() -> None:
    done = process.run([*PYTHON, "import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)"])
    assert (done.code, done.stdout, done.stderr) == (3, b"out\n", b"err\n")


@given(st.binary(max_size=300_000))
def test_passes_any_input_through(text: bytes) -> None:
    """Larger than a pipe too: both sides are served at the same time."""
    assert process.run(["cat"], input=text).stdout == text


def test_without_input_standard_input_is_closed() -> None:
    """C07: a program that asks gets the end of the file, not the terminal."""
    assert process.run(["cat"], timeout=10).stdout == b""


def test_a_program_that_reads_nothing_does_not_hold_us_up() -> None:
    assert process.run(["true"], input=b"x" * 1_000_000, timeout=10).code == 0


def test_the_program_has_no_terminal() -> None:
    """C07: in a session of its own nothing can prompt on `/dev/tty`."""
    assert process.run([*PYTHON, "import os; print(os.getsid(0) == os.getpid())"]).stdout == b"True\n"


def test_no_shell_reads_the_arguments() -> None:
    assert process.run(["echo", "$(id) ; `id`"]).stdout == b"$(id) ; `id`\n"


def test_the_environment_is_rebuilt(monkeypatch: pytest.MonkeyPatch) -> None:
    """Gi4, L08: of our own environment a program sees the allowlist, and what it is given."""
    monkeypatch.setenv("GIT_DIR", "/elsewhere")
    monkeypatch.setenv("CI_JOB_TOKEN", "planted")
    seen = process.run(["env"], env={"GIVEN": "1"}).stdout.decode()
    names = {line.partition("=")[0] for line in seen.splitlines()}
    assert names <= {*process.INHERITED, "LC_ALL", "GIVEN"}
    assert {"PATH", "GIVEN"} <= names


def test_inherited_takes_names_and_prefixes(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SOPS_AGE_KEY", "GNUPGHOME", "OTHER"):
        monkeypatch.setenv(name, name.lower())
    assert process.inherited("SOPS_*", "GNUPGHOME") == {
        "SOPS_AGE_KEY": "sops_age_key",
        "GNUPGHOME": os.environ["GNUPGHOME"],
    }


def test_an_unknown_program_is_not_found() -> None:
    with pytest.raises(process.NotFoundError, match="`no-such-program` is not installed"):
        process.run(["no-such-program"])


def test_what_the_system_refuses_to_start_is_not_found(tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.write_text("no program")
    broken.chmod(0o755)
    with pytest.raises(process.NotFoundError, match=r"`.*/broken` cannot be started: Exec format error"):
        process.run([str(broken)])


@pytest.mark.parametrize(
    "program",
    [
        "import time; time.sleep(60)",
        "import os, time; os.close(1); os.close(2); time.sleep(60)",
        "import subprocess; subprocess.Popen(['sleep', '60'])",
    ],
    ids=["sleeps", "closes its outputs", "leaves a child that holds them"],
)
def test_the_deadline_ends_it(program: str) -> None:
    with pytest.raises(process.TimedOutError):
        process.run([*PYTHON, program], timeout=0.5)


def test_the_deadline_ends_the_whole_group(tmp_path: Path) -> None:
    """C09: a child of the program dies with it."""
    note = tmp_path / "pid"
    script = f"sleep 60 & echo $! > {note}; wait"
    with pytest.raises(process.TimedOutError):
        process.run(["sh", "-c", script], timeout=1)
    grandchild = int(note.read_text())
    for _ in range(100):
        if not _alive(grandchild):
            break
        time.sleep(0.05)
    assert not _alive(grandchild)


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize("stream", [1, 2])
def test_the_cap_ends_a_flood(stream: int) -> None:
    """C09: a program that prints without end is stopped; both outputs count."""
    with pytest.raises(process.TooMuchOutputError):
        process.run([*PYTHON, f"import os\nwhile True: os.write({stream}, b'x' * 65536)"], limit=1 << 20, timeout=30)


def test_output_appears_in_no_text() -> None:
    """L03: neither `repr` nor an error carries what a program printed."""
    done = process.run([*PYTHON, "import sys; print('planted'); print('planted', file=sys.stderr)"])
    assert "planted" not in repr(done) + str(done)
    with pytest.raises(process.TooMuchOutputError) as caught:
        process.run([*PYTHON, "print('planted' * 1000)"], limit=10)
    assert "planted" not in repr(caught.value) + str(caught.value)


def test_an_interrupt_ends_the_program() -> None:
    script = (
        "import os, signal, threading\n"
        "from cfgc.external import process\n"
        "threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()\n"
        "try: process.run(['sleep', '1234'])\n"
        "except KeyboardInterrupt: pass\n"
        "print(process.run(['ps', '--ppid', str(os.getpid()), '-o', 'comm=']).stdout.decode())\n"
    )
    done = process.run([*PYTHON, script], cwd=Path(__file__).parents[2], timeout=20)
    assert done.code == 0, done.stderr
    assert b"ps" in done.stdout
    assert b"sleep" not in done.stdout


@pytest.mark.parametrize("guarded", [True, False])
def test_k05_a_guarded_program_does_not_outlive_us(tmp_path: Path, *, guarded: bool) -> None:
    """SIGKILL leaves us no word; a program that is not guarded stays, which is the positive control."""
    note = tmp_path / "pids"
    program = f"sleep 60 & echo $$ $! > {note}.new; mv {note}.new {note}; wait"
    script = f"from cfgc.external import process\nprocess.run(['sh', '-c', {program!r}], guarded={guarded})"
    with subprocess.Popen([*PYTHON, script], cwd=Path(__file__).parents[2]) as ours:
        _until(note.exists)
        ours.kill()
    pids = [int(pid) for pid in note.read_text().split()]
    if guarded:
        assert _until(lambda: not any(map(_alive, pids)))
    else:
        assert all(map(_alive, pids))
        os.killpg(pids[0], signal.SIGKILL)


def _until(true: Callable[[], bool]) -> bool:
    """Waits until it is true, for a few seconds at most."""
    for _ in range(200):
        if true():
            return True
        time.sleep(0.05)
    return False


def test_k05_the_guard_goes_with_its_program() -> None:
    script = (
        "import os\n"
        "from cfgc.external import process\n"
        "process.run(['true'], guarded=True)\n"
        "print(process.run(['ps', '--ppid', str(os.getpid()), '-o', 'comm=']).stdout.decode())\n"
    )
    assert process.run([*PYTHON, script], cwd=Path(__file__).parents[2], timeout=20).stdout.split() == [b"ps"]


def test_k05_without_a_shell_programs_are_run_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    real = subprocess.Popen

    def refuse(argv: list[str], **options: Any) -> Any:
        if argv[0] == "/bin/sh":
            raise FileNotFoundError(argv[0])
        return real(argv, **options)

    monkeypatch.setattr(subprocess, "Popen", refuse)
    assert process.run(["echo", "a"], guarded=True).stdout == b"a\n"


def test_a_signal_is_a_negative_code() -> None:
    assert process.run(["sh", "-c", "kill -9 $$"]).code == -signal.SIGKILL


def test_find_takes_no_relative_entry_of_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """X05: `git` or `sops` in the current folder is never run, even with `.` or an empty entry on PATH."""
    _program(tmp_path / "sops")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", ".:")
    assert process.find("sops") is None
    monkeypatch.setenv("PATH", str(tmp_path))
    assert process.find("sops") == str(tmp_path / "sops")


def test_find_takes_nothing_inside_a_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SPEC 6: `sops` is looked for on PATH, never inside the project; a symbolic link does not help."""
    project, system = tmp_path / "project", tmp_path / "bin"
    _program(project / "bin" / "sops")
    system.mkdir()
    (system / "sops").symlink_to(project / "bin" / "sops")
    monkeypatch.setenv("PATH", f"{project / 'bin'}:{system}")
    assert process.find("sops", outside=project) is None
    (system / "sops").unlink()
    _program(system / "sops")
    assert process.find("sops", outside=project) == str(system / "sops")


def _program(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)


def test_a_conversation_answers_request_after_request() -> None:
    talk = process.Conversation(["cat"])
    talk.send(b"one\ntwo\n")
    assert talk.line() == b"one"
    assert talk.take(3) == b"two"
    talk.send(b"!")
    assert talk.take(2) == b"\n!"
    talk.close()
    talk.close()


def test_a_conversation_tells_when_its_program_has_ended() -> None:
    talk = process.Conversation(["true"])
    with pytest.raises(process.ProgramError, match="`true` ended unexpectedly"):
        talk.line()
    with pytest.raises(process.ProgramError, match="`true` ended unexpectedly"):
        _send_until_refused(talk)


def _send_until_refused(talk: process.Conversation) -> None:
    """The system closes the pipes of a dead program one after the other."""
    for _ in range(100):
        talk.send(b"x")
        time.sleep(0.05)


def test_a_conversation_has_a_deadline() -> None:
    talk = process.Conversation(["sleep", "60"], timeout=0.2)
    with pytest.raises(process.TimedOutError):
        talk.line()


def test_a_conversation_nobody_holds_ends_its_program() -> None:
    script = (
        "import os\n"
        "from cfgc.external import process\n"
        "process.Conversation(['cat'])\n"
        "print(process.run(['ps', '--ppid', str(os.getpid()), '-o', 'comm=']).stdout.decode())\n"
    )
    done = process.run([*PYTHON, script], cwd=Path(__file__).parents[2], timeout=20)
    assert done.code == 0, done.stderr
    assert b"cat" not in done.stdout


def test_importing_is_cheap() -> None:
    """SPEC 11: `subprocess` and `selectors` are imported where a program is started."""
    script = "import sys; import cfgc.external.process; print(sorted({'subprocess', 'selectors'} & set(sys.modules)))"
    assert process.run([*PYTHON, script], cwd=Path(__file__).parents[2]).stdout == b"[]\n"


def test_many_at_once_never_time_out_early() -> None:
    """A child that another thread starts holds copies of our pipes until it executes its program."""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(6) as pool:
        results = list(pool.map(lambda number: process.run(["/bin/cat"], input=b"%d" % number), range(400)))
    assert [done.stdout for done in results] == [b"%d" % number for number in range(400)]


def test_a_folder_of_path_that_cannot_be_searched_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It raised; root may search every folder, so a name that the system refuses stands for one here."""
    program = tmp_path / "sops"
    program.write_text("")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"/{'a' * 5000}:{tmp_path}")
    assert process.find("sops") == str(program)
