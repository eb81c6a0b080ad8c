"""dotenv: what is written is read alike by Docker Compose, python-dotenv and Node's dotenv (THREATS O03)."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from dotenv import dotenv_values
from hypothesis import given
from hypothesis import strategies as st

from cfgc.model.values import Unknown, Variable
from tests.render.corpus import TEXTS, V, samples
from tests.render.world import refused, run, text, unknown

ROOT = Path(__file__).resolve().parents[2]
BATCH = st.lists(TEXTS, min_size=1, max_size=20)


def held(values: Sequence[str]) -> dict[str, str]:
    """Those of some values that dotenv can hold, by a name; the file is made of exactly these."""
    names = {f"V{number}": value for number, value in enumerate(values)}
    return {name: value for name, value in names.items() if not run("dotenv", {name: value})[1]}


def python_dotenv(written: str) -> dict[str, str | None]:
    return dict(dotenv_values(stream=io.StringIO(written)))


def compose(written: str, folder: Path) -> dict[str, str]:
    (folder / "compose.yaml").write_text("services: {a: {image: x, env_file: [.env]}}\n")
    (folder / ".env").write_bytes(written.encode())
    program = Path(sys.executable).parent / "docker-compose"
    command: list[str | Path] = [program, "-p", "test", "--project-directory", folder, "config", "--format", "json"]
    done = subprocess.run(command, capture_output=True, check=True)
    service = json.loads(done.stdout)["services"]["a"]
    return {name: value.replace("$$", "$") for name, value in (service.get("environment") or {}).items()}


NODE = """
const {parse} = require('dotenv')
process.stdout.write(JSON.stringify(parse(require('fs').readFileSync(process.argv[1]))))
"""


def node(written: str, folder: Path, program: str) -> dict[str, str]:
    (folder / ".env").write_bytes(written.encode())
    done = subprocess.run(
        [program, "-e", NODE, folder / ".env"],
        capture_output=True, check=True, env={"NODE_PATH": str(ROOT / ".parts" / "node_modules")},
    )  # fmt: skip
    found: dict[str, str] = json.loads(done.stdout)
    return found


def test_o03_python_dotenv_reads_back_the_corpus() -> None:
    values = held(V)
    assert python_dotenv(text("dotenv", values)) == values


def test_o03_docker_compose_reads_back_the_corpus(tmp_path: Path) -> None:
    values = held(V)
    assert compose(text("dotenv", values), tmp_path) == values


@pytest.mark.parts
def test_o03_node_reads_back_the_corpus(tmp_path: Path, part: Callable[[str], str]) -> None:
    values = held(V)
    assert node(text("dotenv", values), tmp_path, part("node")) == values


@given(BATCH)
def test_o03_python_dotenv_reads_back_any_text(values: list[str]) -> None:
    kept = held(values)
    assert python_dotenv(text("dotenv", kept)) == kept


def test_o03_docker_compose_reads_back_any_text(tmp_path: Path) -> None:
    kept = held(samples(400))
    assert compose(text("dotenv", kept), tmp_path) == kept


@pytest.mark.parts
def test_o03_node_reads_back_any_text(tmp_path: Path, part: Callable[[str], str]) -> None:
    kept = held(samples(400))
    assert node(text("dotenv", kept), tmp_path, part("node")) == kept


@pytest.mark.parametrize("value", ["${X}", "a'b\"c", "\0", "it's \\\\", "'$HOME'"])
def test_section_8_what_the_three_read_differently_is_refused(value: str) -> None:
    (found,) = refused("dotenv", {"motd": value})
    assert found.name == "text-not-held"
    assert found.path == ("managers", "web", "motd")
    assert "managers.web.motd" in found.message
    assert value not in found.message


def test_section_8_most_of_the_corpus_is_held() -> None:
    """The rule would be empty if everything were refused."""
    kept = set(held(V).values())
    assert {"", " lead", "'", '"', "$HOME", "#h", "a\nB=evil", "\r", "\U0001f600", "C:\\dir\\", "yes"} <= kept


def test_section_8_lists_are_compact_json_and_booleans_words() -> None:
    written = text("dotenv", {"hosts": ["a", "it's", "${X}", "b\\c"], "debug": True, "ratio": 0.5, "none": []})
    values = python_dotenv(written)
    assert values["DEBUG"] == "true"
    assert values["RATIO"] == "0.5"
    assert values["NONE"] == "[]"
    assert json.loads(values["HOSTS"] or "") == ["a", "it's", "${X}", "b\\c"]
    assert " " not in (values["HOSTS"] or "")


def test_section_8_empty_maps_are_nothing() -> None:
    assert text("dotenv", {"a": {}, "b": {"c": {}}, "d": 1}) == "D=1\n"


def test_section_8_kept_variables_stand_in_double_quotes_and_are_expanded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOST", "db.example.org")
    written = text("dotenv", {"url": unknown("postgres://", "$HOST", "/x y"), "port": unknown("$HOST")}, runtime="keep")
    assert written == 'URL="postgres://${HOST}/x y"\nPORT="${HOST}"\n'
    expected = {"URL": "postgres://db.example.org/x y", "PORT": "db.example.org"}
    assert python_dotenv(written) == expected
    assert compose(written, tmp_path) == expected


def test_section_8_a_literal_beside_a_kept_variable_must_not_expand() -> None:
    (found,) = refused("dotenv", {"url": unknown("a$b", "$HOST")}, runtime="keep")
    assert found.name == "text-not-held"


def test_section_8_not_all_readers_know_every_form_of_a_variable(tmp_path: Path) -> None:
    def value(operator: Any, operand: str) -> Unknown:
        return Unknown((Variable("NOSUCH", operator, operand),))

    written = text("dotenv", {"a": value(":-", "a b")}, runtime="keep")
    assert python_dotenv(written) == compose(written, tmp_path) == {"A": "a b"}
    for refusal in (value(":?", "missing"), value(":-", '"'), value(":-", "a}"), Unknown(("\0", Variable("A")))):
        assert refused("dotenv", {"a": refusal}, runtime="keep")[0].name == "text-not-held"


def test_section_8_a_variable_in_a_list_cannot_be_kept() -> None:
    (found,) = refused("dotenv", {"hosts": ["a", unknown("$HOST")]}, runtime="keep")
    assert found.name == "variable-in-list"
    assert found.path == ("managers", "web", "hosts")
