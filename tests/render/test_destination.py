"""Where artifacts go (THREATS O09), and collisions."""

from __future__ import annotations

import pytest

from cfgc.model.artifact import Artifact
from cfgc.model.location import Location
from cfgc.stages.render import Job, collisions, render
from tests.render.world import SETTING, WEB, context, output, web

BAD = [
    "../../etc/cron.d/x", "/etc/passwd", "a//b", "a/", ".", "..", "a/../b", "./a", "CON", "nul.txt", "com1", "LPT9.log",
    "trailing.", "trailing ", "a" * 300, "a\nb", "a\\b", "C:x", "é", "a b", "", "~x", "a\0b",
    "x/aux.env", "/".join(["abc"] * 300),
]  # fmt: skip


@pytest.mark.parametrize("to", BAD)
@pytest.mark.parametrize("component", [WEB, ()])
def test_o09_names_stay_inside_the_output_folder(to: str, component: tuple[str, ...]) -> None:
    artifacts, found = render([Job(component, output(to, format="yaml"))], context(web({"a": 1})))
    assert not artifacts
    assert [one.name for one in found] == ["output-name"]
    assert found[0].location == SETTING


@pytest.mark.parametrize("to", [".env", "config.yaml", "conf.d/10-web.conf", "a_b-c.D"])
def test_o09_plain_names_are_kept(to: str) -> None:
    artifacts, found = render([Job(WEB, output(to, format="yaml"))], context(web({"a": 1})))
    assert not found
    assert artifacts[0].path == f"web/{to}"


def test_o09_a_component_name_is_checked_too() -> None:
    tree = {"managers": {"we b": {"a": 1}}}
    _, found = render([Job(("managers", "we b"), output("x", format="yaml"))], context(tree))
    assert [one.name for one in found] == ["output-name"]


def test_section_8_component_is_the_last_segment_or_the_whole_path() -> None:
    job = Job(WEB, output("x", format="yaml"))
    assert render([job], context(web({"a": 1})))[0][0].path == "web/x"
    assert render([job], context(web({"a": 1}), dist_names="path"))[0][0].path == "managers.web/x"


def made(path: str, component: str, line: int) -> Artifact:
    return Artifact(path, component, b"", b"", setting=Location("cfgc.yaml", line, 1, line, 2))


@pytest.mark.parametrize(
    ("one", "other"),
    [("web/x", "web/x"), ("web/App", "web/app"), ("web", "web/x"), ("web/x", "web"), ("a/b/c", "A/B")],
)
def test_o09_a_collision_names_both_settings(one: str, other: str) -> None:
    (found,) = collisions([made(one, "managers.web", 3), made(other, "services.web", 4)])
    assert found.name == "output-collision"
    assert (found.location.line if found.location else 0, found.related[0].location.line) == (4, 3)
    assert "dist_names: path" in found.help


def test_o09_artifacts_of_their_own_do_not_collide() -> None:
    paths = ["web/x", "web/y", "api/x", "x", "web/conf/x"]
    assert not collisions([made(path, "c", line) for line, path in enumerate(paths, 1)])


@pytest.mark.parametrize("name", ["manifest.json", "Manifest.JSON"])
def test_o09_the_manifest_is_not_overwritten(name: str) -> None:
    (found,) = collisions([made(name, "", 3)])
    assert found.name == "output-reserved"


def test_o09_a_collision_within_a_component_asks_for_another_name() -> None:
    (found,) = collisions([made("web/x", "managers.web", 3), made("web/x", "managers.web", 4)])
    assert "another `to`" in found.help
