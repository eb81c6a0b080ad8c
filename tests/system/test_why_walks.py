"""Issue 2: for every value of the estate `why` names the right file, line and column.

The oracle is PyYAML's composer: the file that `why` names is composed anew, the node that begins at that line and
column is looked up, and must stand at the value's key path and hold the value's text.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from cfgc.cli.opening import open_session
from cfgc.cli.options import Where
from cfgc.model.keypath import KeyPath, show
from cfgc.model.location import Location
from cfgc.model.values import Secret, Unknown
from cfgc.pipeline.compile import Compiled, compile_environment
from cfgc.pipeline.session import Session
from cfgc.pipeline.wanted import Wanted
from cfgc.pipeline.why import why_value
from tests.system.conftest import ROOT

ENVIRONMENTS = ("test", "staging", "prod", "prod-eu")


@pytest.fixture(scope="module")
def session() -> Session:
    return open_session(Where(ROOT))


def leaves(value: Any, path: KeyPath = ()) -> Iterator[tuple[KeyPath, Any]]:
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from leaves(item, (*path, key))
    elif isinstance(value, list) and value:
        for index, item in enumerate(value):
            yield from leaves(item, (*path, index))
    else:
        yield path, value


class Marked(yaml.SafeLoader):
    """Composes; markers are tags like any other."""


@cache
def nodes(file: str) -> dict[tuple[int, int], list[yaml.Node]]:
    """The nodes of a file by the place where they begin, 1-based; a tag belongs to its node."""
    found: dict[tuple[int, int], list[yaml.Node]] = {}

    def walk(node: Any) -> None:
        found.setdefault((node.start_mark.line + 1, node.start_mark.column + 1), []).append(node)
        for child in node.value if isinstance(node, yaml.SequenceNode) else ():
            walk(child)
        for _, child in node.value if isinstance(node, yaml.MappingNode) else ():
            walk(child)

    text = (ROOT / file).read_text()
    walk(yaml.compose(text, Loader=Marked))
    return found


def scalar_text(value: Any) -> str | None:
    """The text by which a plain value is recognised; none where references or sops made it."""
    if isinstance(value, (Secret, Unknown)):
        return None
    if isinstance(value, bool):
        return str(value).lower()
    return None if value is None else str(value)


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_why_names_file_line_and_column_of_every_value(session: Session, environment: str) -> None:
    compiled = compile_environment(session, Wanted(environment))
    checked = 0
    for path, value in leaves(compiled.tree):
        found = why_value(session, compiled, path, value)
        assert found is not None, show(path)
        place = found.origin.location
        if place.file.endswith(".toml"):
            check_toml(place, value)
        else:
            check_yaml(compiled, path, value, place)
        checked += 1
    assert checked > 300


def check_yaml(compiled: Compiled, path: KeyPath, value: Any, place: Any) -> None:
    here = nodes(place.file).get((place.line, place.column))
    assert here, f"{show(path)}: nothing begins at {place}"
    raw = compiled.merged.trace(compiled.resolved.follow(path)[0])
    assert raw is not None
    texts = [node.value for node in here if isinstance(node, yaml.ScalarNode)]
    said = raw.origin.value
    if isinstance(said, str) and "${" not in said:
        assert said in texts, f"{show(path)}: {place} says {texts}"
    expected = scalar_text(value)
    if expected is not None and not (isinstance(said, str) and "${" in said):
        assert any(same_scalar(text, expected) for text in texts), f"{show(path)}: {place} says {texts}"


def same_scalar(text: str, expected: str) -> bool:
    if text == expected:
        return True
    try:
        return float(text) == float(expected)
    except ValueError:
        return False


def check_toml(place: Location, value: Any) -> None:
    """What stands between the two ends of the span, read as TOML, is the value."""
    assert place.line == place.end_line
    text = (ROOT / place.file).read_text().splitlines()[place.line - 1]
    assert tomllib.loads(f"x = {text[place.column - 1 : place.end_column - 1]}")["x"] == value


def test_the_estate_s_files_are_all_reached(session: Session) -> None:
    """Every layer file sets a value that wins in some environment, or takes one away."""
    winners = set()
    for environment in ENVIRONMENTS:
        compiled = compile_environment(session, Wanted(environment))
        for path, value in leaves(compiled.tree):
            found = why_value(session, compiled, path, value)
            if found is not None:
                winners.add(found.origin.location.file)
                winners.update(step.location.file for step in found.via if step.location)
    files = {file.path for layer in session.project.files.values() for file in layer}
    assert {file for file in files - winners if "!unset" not in (ROOT / file).read_text()} == set()
    assert all(Path(ROOT, file).is_file() for file in winners)
