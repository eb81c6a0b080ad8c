"""shell: sourced by dash and bash, every value is what it was and nothing else happens (THREATS O01)."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.render.corpus import V, samples
from tests.render.world import refused, text, unknown

SHELLS = ("dash", "bash")


def sourced(shell: str, written: str, folder: Path, environment: Mapping[str, str] | None = None) -> dict[str, str]:
    """What `. FILE` exports in an empty environment."""
    file = folder / "env.sh"
    file.write_bytes(written.encode())
    script = f'set -eu; . "{file}"; exec /usr/bin/env -0'
    done = subprocess.run([shell, "-c", script], capture_output=True, check=True, env=dict(environment or {}))
    pairs = [one.decode().partition("=") for one in done.stdout.split(b"\0") if one]
    known = {"PWD", "_", "SHLVL", "OLDPWD", *(environment or {})}
    return {name: value for name, _, value in pairs if name not in known}


@pytest.mark.parts
@pytest.mark.parametrize("shell", SHELLS)
def test_o01_shells_read_back_the_corpus(shell: str, tmp_path: Path, part: Callable[[str], str]) -> None:
    held = [value for value in (*V, *samples(400)) if "\0" not in value]
    values = {f"V{number}": value for number, value in enumerate(held)}
    assert sourced(part(shell), text("shell", values), tmp_path) == values


def test_o01_nul_is_refused() -> None:
    assert refused("shell", {"a": unknown("\0", "$HOST")}, runtime="keep")[0].name == "text-not-held"
    (found,) = refused("shell", {"a": "x\0y"})
    assert found.name == "text-not-held"
    assert found.path == ("managers", "web", "a")


def test_section_8_shell_exports() -> None:
    assert text("shell", {"a": {"b": "it's"}, "c": 1, "d": [1, "x"]}) == (
        "export A_B='it'\\''s'\nexport C=1\nexport D='[1,\"x\"]'\n"
    )


@pytest.mark.parts
@pytest.mark.parametrize("shell", SHELLS)
def test_section_8_kept_variables_are_expanded(shell: str, tmp_path: Path, part: Callable[[str], str]) -> None:
    from cfgc.model.values import Unknown, Variable

    value = Unknown(('`id` \\ " $', Variable("A"), "|", Variable("B", ":-", 'x}"`$y'), "'"))
    written = text("shell", {"v": value}, runtime="keep")
    assert sourced(part(shell), written, tmp_path, {"A": "$(a) b"}) == {"V": '`id` \\ " $$(a) b|x}"`$y\''}


def test_section_8_variables_are_left_out_by_default() -> None:
    assert text("shell", {"a": unknown("$HOST"), "b": 1}) == "export B=1\n"
