"""Edits that change nothing: which files are looked at closely, and which plainly cannot override."""

from __future__ import annotations

from pathlib import Path

import pytest

from cfgc.history import shadowed
from cfgc.history.sides import Asked, Between, open_sides
from cfgc.model.keypath import parse, show
from cfgc.model.layers import Document, LayerFile
from cfgc.model.values import Marked, Value
from tests.history.chronicle import write_chronicle


def told(root: Path, one: str, other: str) -> list[tuple[str, ...]]:
    sides = open_sides(root, Between(one, other), Asked())
    found = shadowed.shadowed_edits(sides.before, sides.after, sides.after.environments)
    return [(show(each.path), each.environment, str(each.edit), str(each.by)) for each in found]


def test_looking_at_fewer_files_finds_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = write_chronicle(tmp_path, commits=40, seed="shadowed")
    spans = [(start, end) for start in range(0, 36, 5) for end in (start + 1, start + 4)]
    ranges = [(made.commits[start], made.commits[end]) for start, end in spans]
    found = [told(made.root, *span) for span in ranges]
    monkeypatch.setattr(shadowed, "_may_beat", lambda *_: True)
    monkeypatch.setattr(shadowed, "_near", lambda *_: True)
    assert found == [told(made.root, *span) for span in ranges]
    assert any(found)


@pytest.mark.parametrize(
    ("data", "path", "may"),
    [
        ({"a": 1}, "m.web.a", True),
        ({"a": 1}, "m.web.b", False),
        ({"a": {"b": 1}}, "m.web.a.c", False),
        ({"a": Marked("unset", None)}, "m.web.a.c", True),
        (Marked("replace", {"a": 1}), "m.web.b", True),
        ({"a": None}, "m.web.a.b", True),
        ({"b": 1}, "m.web.a[0]", True),
        ({"b": 1}, "m.db.b", False),
        ({"b": 1}, "m", True),
    ],
)
def test_what_a_file_may_override(data: Value, path: str, may: bool) -> None:
    rival = Document(LayerFile("environments/prod/m/web.yaml", "prod", ("m", "web"), "yaml"), data, "")
    assert shadowed._may_beat(rival, parse(path)) is may


def test_a_file_for_every_child_stands_one_step_deeper() -> None:
    rival = Document(LayerFile("environments/prod/m/_each.yaml", "prod", ("m",), "yaml", each=True), {"a": 1}, "")
    assert shadowed._may_beat(rival, parse("m.web.a"))
    assert not shadowed._may_beat(rival, parse("m.web.b"))
