"""Issue 5, section 2: `cfgc gaps` as pipelines use it, and what is no usage of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from cfgc.reports.gaps.gap import VERDICTS
from cfgc.reports.gaps.views.json import as_data, failure_data
from tests.gaps.estates import FULL, NOTHING
from tests.history.differences import finding
from tests.system.conftest import Cfgc, Done
from tests.system.test_leaks import CANARIES, leaks

Project = Callable[[Mapping[str, str]], Path]
SCHEMA: dict[str, Any] = json.loads(files("cfgc.reports.gaps.views").joinpath("gaps.schema.json").read_text("utf-8"))
FORMATS = ("text", "json", "markdown", "html", "svg")
FILES = {
    "environments/base/web.yaml": "port: 80\nlog: json\n",
    "environments/test/web.yaml": "port: '81'\n",
    "environments/prod/web.yaml": "port: 82\ncache: 1m\n",
}


def problems(data: object) -> list[str]:
    return [each.message for each in Draft202012Validator(SCHEMA).iter_errors(data)]


@pytest.fixture
def shop(project: Project) -> Path:
    return project(FILES)


def test_what_is_printed_satisfies_the_published_schema(cfgc: Cfgc, shop: Path) -> None:
    Draft202012Validator.check_schema(SCHEMA)
    for data in (as_data(FULL), as_data(NOTHING), failure_data([finding("broken")])):
        assert problems(data) == []
    assert problems(cfgc(shop, "gaps", "--format", "json").data) == []


def test_the_schema_speaks_of_every_key_and_every_verdict() -> None:
    data = as_data(FULL)
    described = SCHEMA["$defs"]
    assert [*data, "diagnostics"] == list(SCHEMA["properties"])
    for name, held in (
        ("gap", data["gaps"][0]), ("unclear", data["not_evaluated"][0]), ("variable", data["variables"][0]),
        ("row", data["matrix"][0]), ("cell", data["matrix"][0]["cells"]["test"]), ("summary", data["summary"]),
        ("place", data["gaps"][0]["origin"]),
    ):  # fmt: skip
        assert list(held) == list(described[name]["properties"]), name
    assert described["verdict"]["enum"] == list(VERDICTS)


def test_the_matrix_has_every_key_with_what_each_environment_has(cfgc: Cfgc, shop: Path) -> None:
    rows = {row["path"]: row for row in cfgc(shop, "gaps", "--format", "json").data["matrix"]}
    assert {path: row["alike"] for path, row in rows.items()} == {
        "web.port": False,
        "web.log": True,
        "web.cache": False,
    }
    assert rows["web.port"]["cells"] == {
        "prod": {"state": "own", "value": 82},
        "test": {"state": "own", "value": "81"},
    }
    assert rows["web.cache"]["cells"] == {"prod": {"state": "own", "value": "1m"}, "test": {"state": "missing"}}
    assert rows["web.log"]["cells"]["test"] == {"state": "base", "value": "json"}


def test_only_the_environments_that_are_named_are_compared(cfgc: Cfgc, shop: Path) -> None:
    data = cfgc(shop, "gaps", "prod", "--format", "json").data
    assert data["environments"] == ["prod"]
    assert {each["verdict"] for each in data["gaps"]} == {"undocumented", "never-used"}, "nothing to compare it with"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("", 0),
        ("type-differs", 1),
        ("must-match", 0),
        ("error", 0),
        ("warning", 1),
        ("note", 1),
        ("error only-here", 1),
    ],
)
def test_fail_on_names_verdicts_and_severities(cfgc: Cfgc, shop: Path, words: str, code: int) -> None:
    asked = [part for word in words.split() for part in ("--fail-on", word)]
    assert cfgc(shop, "gaps", *asked).code == code


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("--fail-on type-difers", "`--fail-on type-difers` is no verdict; did you mean `type-differs`?"),
        ("--baseline missing.json", "cannot read"),
        ("--baseline cfgc.yaml", "is no baseline"),
        ("--code missing.json", "cannot read"),
        ("--code cfgc.yaml", "is nothing that `cfgc scan` prints"),
        ("--rotate-after -1", "-1"),
        ("--date tomorrow", "write YYYY-MM-DD"),
        ("--write-baseline environments", "cannot write"),
        ("produ", "CFG"),
    ],
)
def test_wrong_usage_is_exit_code_2(cfgc: Cfgc, shop: Path, words: str, says: str) -> None:
    (shop / "cfgc.yaml").write_text("version: 1\n")
    done = cfgc(shop, "gaps", *words.split())
    assert (done.code, done.out) == (2, "")
    assert says in done.err


def test_an_estate_that_does_not_compile_has_no_gaps_to_tell(cfgc: Cfgc, shop: Path) -> None:
    """What one environment alone lacks cannot be told while another is broken."""
    (shop / "environments/test/web.yaml").write_text("port: [\n")
    done = cfgc(shop, "gaps", "--format", "json")
    assert done.code == 1
    assert problems(done.data) == []
    assert done.data["diagnostics"][0]["file"] == "environments/test/web.yaml"
    assert cfgc(shop, "gaps").out == ""


def test_rotation_needs_commits_and_says_so(cfgc: Cfgc, shop: Path) -> None:
    done = cfgc(shop, "gaps", "--rotate-after", "30")
    assert done.code == 1
    assert "CFG" in done.err


def test_the_page_is_written_and_then_current_until_something_changes(cfgc: Cfgc, shop: Path) -> None:
    day = ["--date", "2026-01-02"]
    page, picture = (shop / "reports" / f"config_gap_analysis.{end}" for end in ("md", "svg"))
    assert cfgc(shop, "gaps", "--check", *day).code == 1
    assert not page.exists()
    assert (cfgc(shop, "gaps", "--write", *day).out, page.exists(), picture.exists()) == ("", True, True)
    assert cfgc(shop, "gaps", "--check", *day).code == 0
    assert "![Gaps by component and verdict](config_gap_analysis.svg)" in page.read_text()
    (shop / "environments/prod/web.yaml").write_text("port: 83\n")
    done = cfgc(shop, "gaps", "--check", *day)
    assert (done.code, done.out, done.err.count("not current: ")) == (1, "", 2)


def test_gi_the_page_is_not_written_through_a_symbolic_link(cfgc: Cfgc, shop: Path, tmp_path_factory: Any) -> None:
    """A merge request may bring one that leads out of the project."""
    outside = tmp_path_factory.mktemp("outside")
    (shop / "reports").symlink_to(outside)
    assert cfgc(shop, "gaps", "--write").code == 1
    assert list(outside.iterdir()) == []


@pytest.mark.parametrize("format_name", FORMATS)
def test_the_same_estate_gives_the_same_bytes(cfgc: Cfgc, shop: Path, format_name: str) -> None:
    once, again = (cfgc(shop, "gaps", "--format", format_name, "--date", "2026-01-02").out for _ in range(2))
    assert once == again


PLAIN = {
    "environments/base/web.yaml": "port: 80\n",
    "environments/test/web.yaml": (
        f"api_token: {CANARIES['password']}\npassword: {CANARIES['token']}\n"
        f"users: [{{name: a, password: {CANARIES['prefix']}}}]\n"
        f"upstream: https://u:{CANARIES['password']}@example.com\nlogin: {{pin: {CANARIES['pin']}}}\n"
    ),
    "environments/prod/web.yaml": "api_token: ${TOKEN}\n",
    "environments/base/_each.yaml": f"mail_password: {CANARIES['long']}\n",
    "environments/base/app.yaml": f"hosts: [{{name: b, token: {CANARIES['prefix']}}}]\nport: 1\n",
    "environments/test/app.yaml": (
        "copy: ${web.password}\nurl: https://${web.login.pin}.example.com/${web.upstream}\n"
        "mixed: ${A}${web.api_token}\n"
        f"hosts: !prepend [{{name: a, token: {str(CANARIES['long'])[:40]}}}]\n"
    ),
    "environments/prod/app.yaml": f"rule: {CANARIES['unicode']}\n",
    ".sops.yaml": "creation_rules: [{path_regex: prod/app, age: age1}]\n",
    "schemas/web.schema.json": json.dumps(
        {
            "type": "object",
            "properties": {
                "password": {"x-cfgc-secret": True, "x-cfgc-across": "must-match"},
                "api_token": {"x-cfgc-across": "must-match"},
                "login": {"type": "object", "x-cfgc-secret": True, "x-cfgc-across": "must-match"},
            },
        }
    ),
}


def everything(cfgc: Cfgc, shop: Path) -> list[Done]:
    lines = [["gaps", "--format", name, *more] for name in FORMATS for more in ([], ["-v"], ["prod"])]
    lines += [["gaps", "--write"], ["gaps", "--write-baseline", "accepted.json", "--baseline", "accepted.json"]]
    return [cfgc(shop, *line) for line in lines]


def test_l01_no_page_shows_a_secret_that_stands_in_plain_text(cfgc: Cfgc, project: Project) -> None:
    """By its schema, or by its looks; a list and a map around it included."""
    shop = project(PLAIN)
    done = everything(cfgc, shop)
    assert all(each.code == 0 for each in done)
    assert [found for each in done for found in leaks(each.out + each.err)] == []
    for page in ("reports/config_gap_analysis.md", "reports/config_gap_analysis.svg", "accepted.json"):
        assert leaks((shop / page).read_text()) == []
    assert "plain-text-secret" in done[0].out


def test_l01_no_page_shows_a_sealed_secret(
    cfgc: Cfgc, project: Project, seal: Callable[[Path, str], None], age_key: object
) -> None:
    """The key is at hand, and still nothing is opened."""
    shop = project({**FILES, "environments/test/web.yaml": 'url: "https://u:${.password}@example.com/${.pin}"\n'})
    seal(shop / "environments/test/web.sops.yaml", json.dumps(CANARIES))
    seal(shop / "environments/prod/web.sops.yaml", json.dumps(CANARIES))
    done = everything(cfgc, shop)
    assert all(each.code == 0 for each in done)
    assert [found for each in done for found in leaks(each.out + each.err)] == []
    assert "web.password" in done[0].out + done[3].out
