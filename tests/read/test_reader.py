"""`Reader` and `read_text`: files of a source become documents, whatever is wrong with one (SPEC 2 and 3)."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cfgc.diagnostics import Failed, report
from cfgc.external.files import WorkTree
from cfgc.model.location import Location, start_of
from cfgc.stages.read import Reader, limits, read_text, yaml_events
from cfgc.stages.read.formats import format_of
from tests.memory import Memory

from .desk import layer_file, names_of, reader, shown, value_of


@pytest.mark.parametrize("text", ["", "\n", "# only a comment\n", "---\n", "---\n# c\n...\n", "\ufeff", "{}"])
def test_an_empty_file_is_an_empty_map(text: str) -> None:
    document, findings = reader(a_yaml=text).read(layer_file("a.yaml"))
    assert findings == []
    assert document
    assert document.data == {}


@pytest.mark.parametrize("format", ["json", "toml", "dotenv"])
def test_an_empty_file_of_another_format_is_an_empty_map_too(format: str) -> None:
    document, findings = reader(a_x=" \n").read(layer_file("a.x", format))  # type: ignore[arg-type]
    assert (document and document.data, findings) == ({}, [])


@pytest.mark.parametrize(
    ("text", "format", "kind"),
    [
        ("- a\n", "yaml", "a list"),
        ("text\n", "yaml", "a string"),
        ("~\n", "yaml", "null,"),
        ("&a\n", "yaml", "null,"),
        ("3", "yaml", "an integer"),
        ("[]", "json", "a list"),
        ("null", "json", "null,"),
    ],
)
def test_another_root_is_an_error(text: str, format: str, kind: str) -> None:
    document, (found,) = reader(a_x=text).read(layer_file("a.x", format))  # type: ignore[arg-type]
    assert document is None
    assert (found.name, found.location and found.location.line) == ("root-not-map", 1)
    assert kind in found.message


def test_data_may_have_any_root() -> None:
    project = reader(a_yaml="[1, 2]", b_json="true", c_yaml="", d_toml="a = 1", e_yaml="a: [", f_yaml="a: 1\na: 2\n")
    assert project.data("a.yaml") == ([1, 2], [])
    assert project.data("b.json") == (True, [])
    assert project.data("c.yaml") == (None, [])
    assert project.data("d.toml") == ({"a": 1}, [])
    for broken in ("e.yaml", "f.yaml"):
        value, findings = project.data(broken)
        assert value is None
        assert len(findings) == 1


@pytest.mark.parametrize(
    ("path", "format"),
    [
        ("a.yaml", "yaml"),
        ("a.yml", "yaml"),
        ("a.json", "json"),
        ("a.toml", "toml"),
        ("a.sops.env", "dotenv"),
        ("a", "yaml"),
    ],
)
def test_the_format_is_that_of_the_name(path: str, format: str) -> None:
    assert format_of(path) == format


def test_one_broken_file_does_not_hide_the_next() -> None:
    project = reader(a_yaml="a: [", b_yaml="a: 1\na: 2\n", c_yaml="a: 1\n")
    read = {name: project.read(layer_file(name)) for name in ("a.yaml", "b.yaml", "missing.yaml", "c.yaml")}
    assert {name: [found.name for found in findings] for name, (_, findings) in read.items()} == {
        "a.yaml": ["yaml-syntax"],
        "b.yaml": ["duplicate-key"],
        "missing.yaml": ["unreadable-file"],
        "c.yaml": [],
    }
    assert [document is None for document, _ in read.values()] == [True, True, True, False]


def test_a_file_is_read_once() -> None:
    class Counting(Memory):
        reads = 0

        def read(self, path: str) -> bytes:
            Counting.reads += 1
            return super().read(path)

    project = Reader(Counting({"a.yaml": "a: yes\n"}))
    first, second = (project.read(layer_file("a.yaml")) for _ in range(2))
    assert first[0] is second[0]
    project.locator.value("a.yaml", ("a",))
    project.traps("a.yaml")
    assert project.data("a.yaml") is project.data("a.yaml")
    assert Counting.reads == 1


def test_what_a_source_refuses_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "real.yaml").write_text("a: 1\n")
    (tmp_path / "link.yaml").symlink_to("real.yaml")
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "folder.yaml").mkdir()
    project = Reader(WorkTree(tmp_path))
    for name in ("link.yaml", "pipe.yaml", "folder.yaml", "none.yaml"):
        document, (found,) = project.read(layer_file(name))
        assert document is None
        assert (found.code, found.location) == ("CFG201", start_of(name))
        assert name in found.message


def test_what_a_source_finds_wrong_itself_is_passed_on() -> None:
    class Picky(Memory):
        def read(self, path: str) -> bytes:
            raise Failed(report("lfs-pointer", at=start_of(path), file=path))

    assert [found.name for found in Reader(Picky({})).read(layer_file("a.yaml"))[1]] == ["lfs-pointer"]


@pytest.mark.parametrize("text", [b"", b"a: 1\n", b"a: 1\r\n", "ä: ü\n".encode()])
def test_the_content_id_is_gits_blob_id_of_the_raw_bytes(text: bytes) -> None:
    document, _ = reader(a_yaml=text).read(layer_file("a.yaml"))
    git = subprocess.run(["git", "hash-object", "--stdin"], input=text, capture_output=True, check=True)
    assert document
    assert document.content_id == git.stdout.decode().strip()


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ("3", 3),
        ("x", "x"),
        ("[1, a]", [1, "a"]),
        ("{a: 1}", {"a": 1}),
        ("a: 1", {"a": 1}),
        ("'3'", "3"),
        ("", None),
        ("~", None),
        ("yes", "yes"),
    ],
)
def test_an_argument_of_set_is_one_yaml_text(argument: str, value: object) -> None:
    assert value_of(argument) == value


def test_a_text_that_is_no_file_has_no_line() -> None:
    _, (found,) = read_text(b"[1", "<--set>", "yaml")
    assert found.location == Location("<--set>", 0, 0, 0, 0)


def test_a_hostile_file_is_given_up_when_its_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """The other budgets leave nothing that takes this long, so here the clock runs fast."""
    monkeypatch.setattr(limits, "thread_time", iter(range(0, 10_000, 2)).__next__)
    monkeypatch.setattr(yaml_events, "_EVENTS_PER_LOOK", 1)
    assert names_of("a: &a [1, 2]\n") == ["reading-too-slow"]


def test_an_honest_file_is_given_the_time_of_its_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "HONEST_BYTES_PER_SECOND", 1)
    monkeypatch.setattr(limits, "thread_time", iter(range(0, 10_000, 2)).__next__)
    monkeypatch.setattr(yaml_events, "_EVENTS_PER_LOOK", 4)
    assert value_of("a: &a [1, 2]\n# a file of some length that takes some time\n") == {"a": [1, 2]}


def test_the_collector_runs_again_after_reading() -> None:
    gc.enable()
    value_of("a: 1\n")
    names_of("a: [")
    assert gc.isenabled()


def test_importing_the_stage_imports_no_parser() -> None:
    """Heavy libraries are imported where they are used: `cfgc --help` pays for none of them."""
    code = (
        "import sys, cfgc.stages.read; print([name for name in ('yaml', 'yaml_rs', 'tomllib') if name in sys.modules])"
    )
    assert _printed_by_a_child(code) == "[]"


def test_an_ordinary_project_never_imports_pyyaml() -> None:
    code = (
        "import sys; from cfgc.stages.read import read_text; read_text(b'a: 1', 'it', 'yaml'); "
        "read_text(b'{}', 'it', 'json'); print('yaml' in sys.modules)"
    )
    assert _printed_by_a_child(code) == "False"


def _printed_by_a_child(code: str) -> str:
    """The output of a Python process without the variables by which a coverage tool would load itself there."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, env={"PATH": os.defpath})
    return done.stdout.decode().strip()


def test_findings_of_data_are_located_like_those_of_layers() -> None:
    _, findings = reader(policy_yaml="a: 1\nb: [\n").data("policy.yaml")
    assert shown(findings) == ["3:1 yaml-syntax"]
