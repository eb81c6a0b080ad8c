"""What a template prints wrongly is named by its key path (SPEC section 9: key path, a message that stands alone)."""

from __future__ import annotations

import pytest

from tests.render.world import fault

CONFIG = {"motd": "a: b", "other": "x", "l": [["a", "b"]], "limit": None, "m": {"n": None}, "big": 2**70, "nul": "\0"}


@pytest.mark.parametrize(
    ("source", "rule", "path"),
    [
        ("a: {{ config.motd }}", "template-bare-value", "motd"),
        ("{% set m = config.motd %}{{ config.other }}{{ m }}", "template-bare-value", "motd"),
        ("{{ config.l[0] }}", "template-container-printed", "l[0]"),
        ("{{ config.m }}", "template-container-printed", "m"),
        ("{{ 'a' ~ config.m }}", "template-container-printed", "m"),
        ("{{ config.limit | toml }}", "template-format", "limit"),
        ("{{ config.m | toml }}", "template-format", "m"),
        ("{{ config.big | toml }}", "template-format", "big"),
        ("{{ config.nul | env }}", "template-format", "nul"),
    ],
)
def test_section_9_the_key_path_is_named(source: str, rule: str, path: str) -> None:
    found = fault(source, CONFIG, to="x.yaml")
    assert (found.name, found.path_text) == (rule, f"managers.web.{path}")
    assert f"`managers.web.{path}`" in found.message


def test_what_a_template_makes_has_no_key_path() -> None:
    found = fault("{{ config.motd | upper }}", CONFIG, to="x.yaml")
    assert (found.path, found.message[:7]) == (None, "a value")
