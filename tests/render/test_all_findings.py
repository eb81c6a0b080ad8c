"""SPEC section 9: all findings of a run are collected; one broken value of an artifact does not hide the next."""

from __future__ import annotations

from typing import Any

import pytest

from tests.render.world import refused, unknown

COLLIDING = {"a": {"b_c": 1, "b-c": 2, "b.c": 3}}


def _rules(format: str, config: object, **options: Any) -> list[tuple[str, str]]:
    return [(one.name, one.path_text.removeprefix("managers.web.")) for one in refused(format, config, **options)]


@pytest.mark.parametrize("format", ["dotenv", "shell", "docker-env", "systemd", "k8s-configmap"])
def test_section_9_a_null_a_collision_and_a_steering_name_are_found_together(format: str) -> None:
    config = {"none": None, **COLLIDING, "path": "/bin", "x y": 1}
    assert sorted(_rules(format, config)) == [
        ("env-name-collision", 'a."b.c"'),
        ("env-name-collision", "a.b-c"),
        ("env-name-invalid", '"x y"'),
        ("env-name-steering", "path"),
        ("null-refused", "none"),
    ]


def test_section_9_a_null_with_a_wrong_name_is_both() -> None:
    assert _rules("dotenv", {"path": None}) == [("null-refused", "path"), ("env-name-steering", "path")]


def test_section_9_what_refuses_runtime_variables_still_tells_the_rest() -> None:
    found = _rules("dotenv", {"u": unknown("$U"), "n": "a\0b", "path": "/"}, runtime="refuse")
    assert found == [("runtime-refused", "u"), ("text-not-held", "n"), ("env-name-steering", "path")]


def test_section_9_a_wrong_name_of_the_object_does_not_hide_behind_a_value() -> None:
    found = _rules("k8s-configmap", {"path": "/"}, name="Not Valid")
    assert [rule for rule, _ in found] == ["env-name-steering", "k8s-name-invalid"]


def test_section_9_every_collision_of_properties() -> None:
    found = _rules("properties", {"a": {"b": 1, "c": 2}, "a.b": 3, "a.c": 4, "n": None})
    assert [rule for rule, _ in found] == ["null-refused", "property-name-collision", "property-name-collision"]
