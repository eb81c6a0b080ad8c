"""json, toml and properties, each read back by a second implementation (THREATS O06, O07)."""

from __future__ import annotations

import json
import subprocess
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jproperties
import pytest
import tomlkit
from hypothesis import given

from cfgc.stages.render.emitters import Sheet, emitter
from cfgc.stages.render.emitters.properties import name_of
from tests.render.corpus import MAPS, MAPS_WITHOUT_NULL, V, samples
from tests.render.test_yaml import same
from tests.render.world import refused, text, unknown

ALL = {f"v{number}": value for number, value in enumerate((*V, *samples(300)))}


def write(format: str, data: Any) -> str:
    return emitter(format).write(data, Sheet())


@given(MAPS)
def test_o06_python_reads_back_any_tree(data: dict[str, Any]) -> None:
    assert same(json.loads(write("json", data)), data)


@pytest.mark.parts
def test_o06_node_reads_back_the_corpus(tmp_path: Path, part: Callable[[str], str]) -> None:
    data: dict[str, object] = {"v": ALL, "l": [1, 2.5, -1e300, True, None, {}, [], 2**53 - 1]}
    (tmp_path / "a.json").write_text(write("json", data), encoding="utf-8", newline="")
    script = "process.stdout.write(JSON.stringify(JSON.parse(require('fs').readFileSync(process.argv[1],'utf8'))))"
    done = subprocess.run([part("node"), "-e", script, tmp_path / "a.json"], capture_output=True, check=True)
    assert json.loads(done.stdout) == data


def test_o06_json_has_two_spaces_and_escapes_line_separators() -> None:
    assert text("json", {"a": [1, {}], "b": "\u2028é"}) == ('{\n  "a": [\n    1,\n    {}\n  ],\n  "b": "\\u2028é"\n}\n')


@pytest.mark.parametrize(("value", "rule"), [(2**53, "number-too-large"), (float("nan"), "number-not-finite")])
def test_o06_numbers_that_readers_change_are_refused(value: Any, rule: str) -> None:
    (found,) = refused("json", {"a": {"b": value}})
    assert (found.name, found.path) == (rule, ("managers", "web", "a", "b"))


@given(MAPS_WITHOUT_NULL)
def test_o07_tomllib_reads_back_any_tree(data: dict[str, Any]) -> None:
    assert unordered(tomllib.loads(write("toml", data))) == unordered(data)


@given(MAPS_WITHOUT_NULL)
def test_o07_tomlkit_reads_back_any_tree(data: dict[str, Any]) -> None:
    assert unordered(tomlkit.loads(write("toml", data)).unwrap()) == unordered(data)


def unordered(value: Any) -> Any:
    """A value in which types tell and the order of keys does not: TOML puts tables after values."""
    if isinstance(value, dict):
        return {"map": {key: unordered(item) for key, item in value.items()}}
    if isinstance(value, list):
        return ["list", *map(unordered, value)]
    return (type(value).__name__, value)


def test_o07_toml_reads_back_the_corpus_also_as_keys() -> None:
    data = {"keys": dict.fromkeys(ALL.values(), 1), "v": ALL, "l": list(ALL.values())}
    assert tomllib.loads(write("toml", data)) == data


def test_section_8_toml_puts_values_before_tables() -> None:
    data = {"t": {"a": 1}, "x": "1", "l": [{"a": 1}, {"b": {"c": 2}}], "m": [1, {"z": 2}]}
    assert text("toml", data) == (
        'x = "1"\nm = [1, { z = 2 }]\n\n[t]\na = 1\n\n[[l]]\na = 1\n\n[[l]]\n\n[l.b]\nc = 2\n'
    )


def test_o07_a_section_header_in_a_value_stays_a_value() -> None:
    assert tomllib.loads(text("toml", {"a": "]\n[x]", "b": 1})) == {"a": "]\n[x]", "b": 1}


def test_section_8_toml_has_no_null() -> None:
    (found,) = refused("toml", {"a": {"b": None}})
    assert (found.name, found.path) == ("null-refused", ("managers", "web", "a", "b"))
    assert text("toml", {"a": None, "b": [1, None]}, nulls="omit") == "b = [1]\n"


JAVA = """
import java.io.*; import java.util.*;
public class Load { public static void main(String[] a) throws Exception {
  Properties p = new Properties(); try (InputStream in = new FileInputStream(a[0])) { p.load(in); }
  StringBuilder out = new StringBuilder();
  for (String k : new TreeSet<>(p.stringPropertyNames())) for (String s : List.of(k, p.getProperty(k)))
    { for (char c : s.toCharArray()) out.append(String.format("%04x", (int) c)); out.append("\\n"); }
  System.out.print(out); } }
"""


def java_reads(written: str, folder: Path, java: str) -> dict[str, str]:
    (folder / "Load.java").write_text(JAVA)
    (folder / "a.properties").write_bytes(written.encode("ascii"))
    done = subprocess.run(
        [java, folder / "Load.java", folder / "a.properties"], capture_output=True, check=True, text=True
    )
    texts = [bytes.fromhex(line).decode("utf-16-be") for line in done.stdout.split("\n")[:-1]]
    return dict(zip(texts[::2], texts[1::2], strict=True))


@pytest.mark.parts
def test_o07_java_reads_back_the_corpus(tmp_path: Path, part: Callable[[str], str]) -> None:
    keys = {key: str(number) for number, key in enumerate(dict.fromkeys(ALL.values()))}
    data: dict[str, dict[str, str]] = {"v": ALL, "k": keys}
    expected = {name_of((top, key)): value for top, inner in data.items() for key, value in inner.items()}
    assert java_reads(text("properties", data), tmp_path, part("java")) == expected


def test_o07_jproperties_reads_back_the_corpus() -> None:
    values = {key: value for key, value in ALL.items() if "\ufeff" not in value}  # jproperties drops it, Java does not
    reader = jproperties.Properties()
    reader.load(text("properties", {"v": values}).encode("ascii"), "iso-8859-1")
    assert {key: value.data for key, value in reader.items()} == {f"v.{key}": value for key, value in values.items()}


def test_section_8_properties_are_named_by_key_path() -> None:
    data = {
        "a": {"b": 1, "c d": True},
        "hosts": [{"port": 1}, {"port": 2}],
        "none": {},
        "empty": [],
        "u": unknown("$U"),
    }
    assert text("properties", data) == ("a.b=1\na.c\\ d=true\nhosts[0].port=1\nhosts[1].port=2\nempty=\nu=${U}\n")


def test_section_8_two_properties_of_one_name_are_refused() -> None:
    (found,) = refused("properties", {"a": {"b": 1}, "a.b": 2})
    assert found.name == "property-name-collision"
    assert "a.b" in found.message


@pytest.mark.parametrize("format", ["toml", "properties", "dotenv", "shell", "docker-env", "systemd"])
def test_section_8_formats_of_names_need_a_map(format: str) -> None:
    (found,) = refused(format, {"list": [1]}, start=("list",))
    assert found.name == "format-needs-map"


def test_a_filter_meets_a_null_in_a_list() -> None:
    """Emitters settle nulls before; the filter `toml` finds one inside."""
    from tests.render.world import fault

    assert fault("{{ config.a | toml }}", {"a": [1, None]}).name == "template-format"
