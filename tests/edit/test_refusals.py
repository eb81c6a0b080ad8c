"""Issue 3, section 6: what is not edited, and that nothing is written then."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.edit.conftest import WEB, Cfgc, contents

CASES = {
    "an alias": ("x: &x {a: 1}\ny: *x\n", "y.a", "2", "CFG970"),
    "the alias itself": ("x: &x {a: 1}\ny: *x\n", "y", "2", "CFG970"),
    "an anchor": ("x: &x {a: 1}\ny: *x\n", "x.a", "2", "CFG970"),
    "a merge key": ("x: &x {a: 1}\ny:\n  <<: *x\n  b: 1\n", "y.a", "2", "CFG970"),
    "below a reference": ("x: {a: 1}\ny: ${.x}\n", "y.a", "2", "CFG971"),
    "below a scalar": ("x: 1\n", "x.a", "2", "CFG976"),
    "the whole tree": ("x: 1\n", ".", "2", "CFG976"),
    "a marker on the way": ("limits: !unset\n", "limits.cpu", "2", "CFG976"),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_shared_or_elsewhere_is_not_edited(cfgc: Cfgc, shop: Path, case: str) -> None:
    written, path, value, code = CASES[case]
    (shop / WEB).write_text(written)
    before = contents(shop)
    done = cfgc(shop, "set", "prod", path if path == "." else f"managers.web.{path}", value)
    assert (done.code, contents(shop)) == (1, before)
    assert f"error[{code}]" in done.err


def test_unset_goes_through_no_alias_either(cfgc: Cfgc, shop: Path) -> None:
    (shop / WEB).write_text("x: &x {a: 1, b: 2}\ny: *x\n")
    before = contents(shop)
    assert "CFG970" in cfgc(shop, "unset", "prod", "managers.web.y.a").err
    assert contents(shop) == before


def test_a_secret_is_not_edited(cfgc: Cfgc, shop: Path, seal: Callable[[Path, str], None]) -> None:
    seal(shop / "environments/prod/managers/web.sops.yaml", "password: hunter2\nplain: x\n")
    before = contents(shop)
    for words in (
        ("set", "prod", "managers.web.password", "other"),
        ("set", "prod-eu", "managers.web.password", "other"),
        ("set", "prod", "managers.web", "{password: other}"),
        ("unset", "prod", "managers.web.password"),
    ):
        done = cfgc(shop, *words)
        assert (done.code, contents(shop)) == (1, before)
        assert "error[CFG972]" in done.err
        assert "sops edit environments/prod/managers/web.sops.yaml" in done.err
        assert "hunter2" not in done.out + done.err


def test_a_secret_of_a_lower_layer_can_be_taken_away(cfgc: Cfgc, shop: Path, seal: Callable[[Path, str], None]) -> None:
    """`!unset` tells nothing."""
    seal(shop / "environments/base/managers/web.sops.yaml", "password: hunter2\n")
    done = cfgc(shop, "unset", "prod", "managers.web.password", "--format", "json")
    assert (done.code, done.data["old"], done.data["new"]) == (0, "********", None)
    assert (shop / WEB).read_text().endswith("password: !unset\n")


def test_a_value_that_a_schema_calls_secret_is_not_written(cfgc: Cfgc, shop: Path) -> None:
    (shop / "schemas/managers/web.schema.json").write_text('{"properties": {"token": {"x-cfgc-secret": true}}}')
    before = contents(shop)
    done = cfgc(shop, "set", "prod", "managers.web.token", "hunter2")
    assert (done.code, contents(shop)) == (1, before)
    assert "hunter2" not in done.out + done.err


def test_an_edit_that_a_higher_layer_overrides_is_refused(cfgc: Cfgc, shop: Path) -> None:
    before = contents(shop)
    done = cfgc(shop, "set", "prod", "managers.web.replicas", "5", "--layer", "base")
    assert (done.code, contents(shop)) == (1, before)
    assert "error[CFG973]" in done.err
    assert "environments/prod/managers/web.yaml:2:11" in done.err


def test_json_is_edited_and_takes_no_marker(cfgc: Cfgc, shop: Path) -> None:
    file = shop / "environments/prod/managers/db.json"
    file.write_text('{\n  "port": 1,\n  "pool": {"size": 2}\n}\n')
    assert cfgc(shop, "set", "prod", "managers.db.pool.name", "b").code == 0
    assert cfgc(shop, "set", "prod", "managers.db.ttl", "1.5").code == 0
    assert file.read_text() == '{\n  "port": 1,\n  "pool": {"size": 2, "name": "b"},\n  "ttl": 1.5\n}\n'
    assert "JSON has no markers" in cfgc(shop, "unset", "prod", "managers.db.name").err
