"""Issue 3, section 6: `cfgc set` and `cfgc unset`, as a user runs them."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.edit.conftest import WEB, Cfgc, contents

PATTERNS = """\
layout:
  patterns:
    - {files: "services/{name}/values.yaml", layer: base, at: "{name}"}
    - {files: "services/{name}/values-{layer}.yaml", at: "{name}"}
"""

Project = Callable[[Mapping[str, str]], Path]


def text(folder: Path, name: str = WEB) -> str:
    return (folder / name).read_bytes().decode()


def test_set_edits_the_line_that_holds_the_value(cfgc: Cfgc, shop: Path) -> None:
    done = cfgc(shop, "set", "prod", "managers.web.replicas", "5")
    assert (done.code, done.out) == (0, "")
    assert text(shop) == "# production\nreplicas: 5   # three zones\n\nlimits:\n    cpu: 2\n"
    assert "environments/prod/managers/web.yaml:2:11: 3 -> 5 (layer `prod`)" in done.err
    assert "prod-eu uses this layer too: managers.web.replicas changes there as well" in done.err


def test_set_leaves_a_shared_layer_alone_and_says_why(cfgc: Cfgc, shop: Path) -> None:
    """A bot that sets a value of prod must not change test."""
    done = cfgc(shop, "set", "prod", "managers.web.owner", "team-x")
    assert text(shop).endswith("    cpu: 2\nowner: team-x\n")
    assert "layer `prod`: `test` uses `environments/base/managers/web.yaml` too" in done.err
    assert cfgc(shop, "show", "test", "managers.web.owner").out.strip() == '"team-web"'


def test_set_makes_the_file_where_the_layout_says(cfgc: Cfgc, shop: Path) -> None:
    cfgc(shop, "set", "prod-eu", "managers.db.port", "5433")
    assert text(shop, "environments/prod-eu/managers/db.yaml") == "port: 5433\n"
    cfgc(shop, "set", "test", "endpoints.cache.host", "local")
    assert text(shop, "environments/test/endpoints.yaml") == "cache:\n  host: local\n"


def test_set_uses_the_one_file_of_a_layer_that_has_only_one(cfgc: Cfgc, project: Project) -> None:
    files = {"base": "web: {a: 1}\n", "prod": "db:\n  port: 1\n", "test": "x: {}\n"}
    folder = project({f"environments/{name}.yaml": written for name, written in files.items()})
    cfgc(folder, "set", "prod", "web.a", "2")
    assert text(folder, "environments/prod.yaml") == "db:\n  port: 1\nweb:\n  a: 2\n"


@pytest.mark.parametrize(
    ("layout", "path", "made"),
    [
        ("layout: flat\n", "environments/base/all.yaml", "environments/prod/all.yaml"),
        (
            PATTERNS,
            "services/web/values.yaml",
            "services/web/values-prod.yaml",
        ),
    ],
)
def test_every_layout_has_a_place(cfgc: Cfgc, project: Project, layout: str, path: str, made: str) -> None:
    environments = "version: 1\nenvironments:\n  test: {layers: [base]}\n  prod: {extends: base}\n"
    held = "a: 1\n" if "services" in path else "web:\n  a: 1\n"
    folder = project({"cfgc.yaml": environments + layout, path: held, "services/db/values-prod.yaml": "b: 1\n"})
    done = cfgc(folder, "set", "prod", "web.a", "2")
    assert done.code == 0, done.err
    assert text(folder, made) == held.replace("1", "2")
    assert cfgc(folder, "show", "prod", "web.a").out == "2\n"


def test_set_in_a_named_layer_changes_all_that_use_it(cfgc: Cfgc, shop: Path) -> None:
    done = cfgc(shop, "set", "prod", "managers.web.owner", "team-x", "--layer", "base")
    assert "owner: team-x   # who to call\n" in text(shop, "environments/base/managers/web.yaml")
    assert "test uses this layer too" in done.err


def test_set_of_a_reference_replaces_its_text_and_says_so(cfgc: Cfgc, shop: Path) -> None:
    done = cfgc(shop, "set", "test", "managers.web.banner", "hello", "--layer", "base")
    assert 'banner: "hello"\n' in text(shop, "environments/base/managers/web.yaml")
    assert "the text `${managers.db.name} behind ${.url}` stood there" in done.err


def test_a_reference_can_be_set(cfgc: Cfgc, shop: Path) -> None:
    cfgc(shop, "set", "prod", "managers.web.owner", "${managers.db.name}")
    assert cfgc(shop, "show", "prod", "managers.web.owner").out == '"main"\n'


def test_set_of_a_list_item_by_its_name_says_only_that(cfgc: Cfgc, shop: Path) -> None:
    cfgc(shop, "set", "prod", "managers.web.users[name=ann].role", "boss")
    assert text(shop).endswith("users: !by:name\n  - name: ann\n    role: boss\n")
    assert cfgc(shop, "show", "prod", "managers.web.users", "--format", "json").data == [
        {"name": "ann", "role": "boss"},
        {"name": "bob", "role": "ops"},
    ]


def test_set_of_a_list_item_by_its_position_writes_the_list(cfgc: Cfgc, shop: Path) -> None:
    cfgc(shop, "set", "prod", "managers.web.hosts[1]", "c")
    assert text(shop).endswith("hosts:\n  - a\n  - c\n")


def test_a_map_is_set_as_a_whole(cfgc: Cfgc, shop: Path) -> None:
    """`set` then `show` gives the value: what lower layers say would be merged with it."""
    cfgc(shop, "set", "prod", "managers.web.labels", "{zone: a}")
    assert text(shop).endswith("labels: !replace\n    zone: a\n")
    assert cfgc(shop, "show", "prod", "managers.web.labels", "--format", "json").data == {"zone": "a"}


def test_an_each_file_is_not_edited(cfgc: Cfgc, shop: Path) -> None:
    """It speaks of every child of its folder."""
    (shop / "environments/prod/managers/_each.yaml").write_text("log: info\n")
    done = cfgc(shop, "set", "prod", "managers.web.log", "debug")
    assert text(shop, "environments/prod/managers/_each.yaml") == "log: info\n"
    assert text(shop).endswith("log: debug\n")
    assert "speaks of every child" in done.err


def test_what_is_so_already_is_not_written(cfgc: Cfgc, shop: Path) -> None:
    before = contents(shop)
    done = cfgc(shop, "set", "prod", "managers.web.replicas", "3")
    assert (done.code, contents(shop)) == (0, before)
    assert "environments/prod/managers/web.yaml:2:11: it is 3 already, nothing was written" in done.err
    done = cfgc(shop, "set", "prod", "managers.db.port", "5432")
    assert (done.code, contents(shop)) == (0, before)
    assert "environments/base/managers/db.yaml:2:7: it is 5432 already" in done.err


def test_json_has_the_documented_shape(cfgc: Cfgc, shop: Path) -> None:
    assert cfgc(shop, "set", "prod", "managers.web.replicas", "5", "--format", "json").data == {
        "file": WEB,
        "line": 2,
        "column": 11,
        "layer": "prod",
        "environment": "prod",
        "path": "managers.web.replicas",
        "old": 3,
        "new": 5,
    }


@pytest.mark.parametrize(
    "words",
    [
        ("set", "prod", "managers.web.replicas", "5"),
        ("set", "prod-eu", "managers.db.port", "1"),
        ("unset", "prod", "managers.web.limits"),
    ],
)
def test_dry_run_prints_a_difference_that_git_applies(cfgc: Cfgc, shop: Path, words: tuple[str, ...]) -> None:
    before = contents(shop)
    patch = cfgc(shop, *words, "--dry-run").out
    assert contents(shop) == before
    subprocess.run(["git", "apply"], cwd=shop, input=patch, text=True, check=True)
    applied = contents(shop)
    for name in applied.keys() - before.keys():
        (shop / name).unlink()
    for name, content in before.items():
        (shop / name).write_bytes(content)
    cfgc(shop, *words)
    assert contents(shop) == applied != before


def test_an_edit_that_brings_an_error_is_not_written(cfgc: Cfgc, shop: Path) -> None:
    before = contents(shop)
    done = cfgc(shop, "set", "prod", "managers.web.replicas", "0")
    assert (done.code, contents(shop)) == (1, before)
    assert "CFG625" in done.err
    assert "nothing was written" in done.err


def test_an_error_in_another_environment_counts_too(cfgc: Cfgc, shop: Path) -> None:
    (shop / "environments/prod-eu").mkdir()
    (shop / "environments/prod-eu/extra.yaml").write_text("cpu: ${managers.web.limits.cpu}\n")
    done = cfgc(shop, "unset", "prod", "managers.web.limits.cpu")
    assert done.code == 1
    assert "environments/prod-eu/extra.yaml:1:6" in done.err
    assert "cpu: 2" in text(shop)


def test_an_error_that_was_there_before_stops_nothing(cfgc: Cfgc, shop: Path) -> None:
    (shop / "environments/prod/managers/db.yaml").write_text("replicas: 0\n")
    assert cfgc(shop, "set", "prod", "managers.web.replicas", "5").code == 0
    assert cfgc(shop, "set", "prod", "managers.db.replicas", "2").code == 0
    assert cfgc(shop, "validate").code == 0


def test_unset_falls_back_to_what_lies_below(cfgc: Cfgc, shop: Path) -> None:
    done = cfgc(shop, "unset", "prod", "managers.web.replicas")
    assert text(shop) == "# production\n\nlimits:\n    cpu: 2\n"
    assert "it falls back to 1 (environments/base/managers/web.yaml:4:11)" in done.err
    assert "the comment `# three zones` stood inside and went with it" in done.err


def test_unset_of_what_comes_from_below_is_written(cfgc: Cfgc, shop: Path) -> None:
    cfgc(shop, "unset", "prod", "managers.web.owner")
    assert text(shop).endswith("owner: !unset\n")
    assert "owner" not in cfgc(shop, "show", "prod", "managers.web", "--format", "json").data
    assert "owner" in cfgc(shop, "show", "test", "managers.web", "--format", "json").data


def test_unset_of_a_list_item_by_its_name(cfgc: Cfgc, shop: Path) -> None:
    cfgc(shop, "unset", "prod", "managers.web.users[name=ann]")
    assert text(shop).endswith("users: !by:name\n  - !unset {name: ann}\n")


def test_unset_leaves_no_empty_parent_and_no_empty_file(cfgc: Cfgc, shop: Path) -> None:
    cfgc(shop, "unset", "prod", "managers.web.limits.cpu")
    assert text(shop) == "# production\nreplicas: 3   # three zones\n\n"
    cfgc(shop, "set", "prod-eu", "managers.db.port", "1")
    cfgc(shop, "unset", "prod-eu", "managers.db.port")
    assert not (shop / "environments/prod-eu").exists()


def test_unset_of_nothing_is_wrong_usage(cfgc: Cfgc, shop: Path) -> None:
    done = cfgc(shop, "unset", "prod", "managers.web.replica")
    assert done.code == 2
    assert "Did you mean `managers.web.replicas`?" in done.err


@pytest.mark.parametrize(
    "words",
    [
        ("set", "prdo", "managers.web.replicas", "5"),
        ("set", "prod", "managers.web.replicas", "5", "--layer", "test"),
        ("set", "prod", "managers.", "5"),
        ("set", "prod", "managers.web.hosts", "!append [c]"),
        ("set", "prod", "managers.web.owner", ""),
        ("--rev", "HEAD", "set", "prod", "managers.web.replicas", "5"),
    ],
)
def test_wrong_usage_is_2_and_writes_nothing(cfgc: Cfgc, shop: Path, words: tuple[str, ...]) -> None:
    before = contents(shop)
    assert cfgc(shop, *words).code == 2
    assert contents(shop) == before


@pytest.mark.parametrize(
    "words", [("managers.web.owner", "\udcff"), ("managers.web.\udcff", "x"), ("managers.web.owner", "[\udcff]")]
)
def test_what_is_no_utf_8_is_refused_and_no_bug(cfgc: Cfgc, shop: Path, words: tuple[str, str]) -> None:
    before = contents(shop)
    done = cfgc(shop, "set", "prod", *words)
    assert (done.code, contents(shop)) == (1, before), done.err
    assert cfgc(shop, "unset", "prod", words[0] + "\udcfe").code == 2


def test_line_ends_marks_and_modes_stay(cfgc: Cfgc, shop: Path) -> None:
    (shop / WEB).write_bytes(b"\xef\xbb\xbfa: 'x'\r\nlimits: {cpu: 2}\r\n# end")
    (shop / WEB).chmod(0o640)
    cfgc(shop, "set", "prod", "managers.web.a", "it's")
    cfgc(shop, "set", "prod", "managers.web.limits.memory", "1Gi")
    assert (shop / WEB).read_bytes() == b"\xef\xbb\xbfa: 'it''s'\r\nlimits: {cpu: 2, memory: 1Gi}\r\n# end"
    assert (shop / WEB).stat().st_mode & 0o777 == 0o640
