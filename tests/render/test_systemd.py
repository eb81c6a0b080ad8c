"""systemd: read back by systemd's own `load_env_file`, from the library its programs share (THREATS O04)."""

from __future__ import annotations

import ctypes
from pathlib import Path

import pytest

from tests.render.corpus import V, samples
from tests.render.world import refused, run, text


def systemd_library() -> ctypes.CDLL:
    found = sorted(Path("/usr/lib").glob("*/systemd/libsystemd-shared-*.so"))
    return (
        ctypes.CDLL(str(found[-1])) if found else pytest.fail("libsystemd-shared is missing: `make parts` installs it")
    )


def load_env_file(file: Path) -> dict[str, str]:
    """What a unit with `EnvironmentFile=FILE` gets: the assignments that systemd finds and does not drop."""
    library = systemd_library()
    found = ctypes.POINTER(ctypes.c_char_p)()
    code = library.load_env_file(None, str(file).encode(), ctypes.byref(found))
    assert code == 0
    lines = []
    for number in range(1 << 20):
        if found[number] is None:
            break
        lines.append(found[number])
    valid = [line for line in lines if library.env_assignment_is_valid(ctypes.c_char_p(line))]
    return dict(line.decode().split("=", 1) for line in valid)


@pytest.mark.parts
def test_o04_systemd_reads_back_the_corpus(tmp_path: Path) -> None:
    values = {f"V{n}": v for n, v in enumerate((*V, *samples(400))) if not run("systemd", {"a": v})[1]}
    assert len(values) > 200
    (tmp_path / "env").write_bytes(text("systemd", values).encode())
    assert load_env_file(tmp_path / "env") == values


@pytest.mark.parametrize("value", ["\0", "\r", "\x1b[31m", "\x7f", "a\x0bb"])
def test_o04_what_systemd_would_drop_is_refused(value: str) -> None:
    (found,) = refused("systemd", {"a": value})
    assert found.name == "text-not-held"


def test_o04_lines_are_one_assignment_each() -> None:
    assert text("systemd", {"a": "x y", "b": '"$`\\', "c": 1, "d": ";#"}) == (
        'A="x y"\nB="\\"\\$\\`\\\\"\nC=1\nD=";#"\n'
    )
