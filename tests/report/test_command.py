"""Issue 5, section 4: what `cfgc report` tells of a project and its history, and how it is used."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from cfgc.reports.report.past import SCHEMA
from tests.report.conftest import FILES, Commit
from tests.system.conftest import Cfgc
from tests.system.test_leaks import CANARIES, leaks

WEB = "environments/prod/managers/web.yaml"
FORMATS = ("text", "json", "markdown", "html")


def problems(data: object) -> list[str]:
    return [each.message for each in Draft202012Validator(json.loads(SCHEMA.read_text())).iter_errors(data)]


def told(cfgc: Cfgc, shop: Path, *words: str) -> Any:
    done = cfgc(shop, "report", "--format", "json", *words)
    assert done.code == 0, done.err
    assert problems(done.data) == []
    return done.data


def points(data: Any) -> dict[str, float]:
    return {each["name"]: each["points"] for each in data["health"]["parts"]}


def test_a_first_report_tells_what_there_is(cfgc: Cfgc, shop: Path) -> None:
    data = told(cfgc, shop)
    assert (data["project"], data["date"], data["clean"], data["period"]) == ("shop", "2026-01-02", True, None)
    assert [(each["name"], each["errors"], each["production"]) for each in data["environments"]] == [
        ("test", 0, False),
        ("prod", 0, True),
    ]
    assert data["waivers"][0] | {"left": 58, "standing": "in-force", "owner": "team-db"} == data["waivers"][0]
    assert [(each["name"], each["components"]) for each in data["owners"]] == [
        ("@db", ["managers.db"]),
        ("team-db", []),
        ("team-web", ["managers.web"]),
    ]
    assert data["inventory"]["sources"]["cfgc.yaml"] == "project of cfgc"
    assert points(data) == {"valid": 40, "warnings": 10, "gaps": 20, "described": 10, "secrets": 15, "waivers": 5}


def test_the_period_begins_with_a_revision(cfgc: Cfgc, shop: Path, commit: Commit) -> None:
    commit("2026-01-05", {WEB: "replicas: 4\n"})
    commit("2026-01-06", {WEB: "replicas: 5\n", "environments/prod/managers/mail.yaml": "replicas: 2\n"})
    data = told(cfgc, shop, "--against", "HEAD~2")
    period = data["period"]
    assert period["since"] | {"name": "HEAD~2", "date": "2026-01-02", "score": 100} == period["since"]
    assert [(each["path"], each["old"], each["new"], each["kind"]) for each in period["changes"]["values"]] == [
        ("managers.mail", None, '{"replicas": 2}', "added"),
        ("managers.web.replicas", "3", "5", "changed"),
    ]
    assert [(each["date"], each["keys"]) for each in period["activity"]["edits"]] == [
        ("2026-01-06", 2),
        ("2026-01-05", 1),
    ]
    assert [(each["path"], each["commits"]) for each in period["activity"]["keys"]] == [("managers.web.replicas", 2)]
    assert period["sources"] == {"added": ["environments/prod/managers/mail.yaml"], "removed": []}
    assert [each["kind"] for each in period["gaps"]["new"]] == ["only-here"]
    assert period["gaps"]["gone"] == []


def test_the_period_begins_with_the_last_report_that_was_written(cfgc: Cfgc, shop: Path, commit: Commit) -> None:
    assert cfgc(shop, "report", "--write").code == 0
    commit("2026-01-05", {WEB: "replicas: 4\n"})
    name = "reports/config_report_20260102.json"
    assert told(cfgc, shop)["period"]["since"]["name"] == name
    assert told(cfgc, shop)["period"] == told(cfgc, shop, "--against", name)["period"]
    assert told(cfgc, shop, "--rev", "HEAD~1")["period"] is None, "the commit does not have it"
    assert told(cfgc, shop, "--date", "2026-01-02")["period"] is None, "it is of the same day"


def test_what_is_wrong_costs_points_and_is_no_failure_of_the_command(cfgc: Cfgc, shop: Path) -> None:
    (shop / WEB).write_text("replicas: 10\nsecond: 1\n")
    data = told(cfgc, shop)
    assert data["clean"] is False
    assert points(data) | {"valid": 20.0, "described": 8.0} == points(data)
    assert (data["health"]["grade"], data["health"]["score"] < 90) == ("poor", True)
    assert cfgc(shop, "report", "--fail-under", "90").code == 1


def test_an_environment_that_does_not_compile_is_told_and_costs_what_cannot_be_judged(cfgc: Cfgc, shop: Path) -> None:
    (shop / WEB).write_text("replicas: ${nowhere}\n")
    data = told(cfgc, shop, "--against", "HEAD")
    assert [each["compiles"] for each in data["environments"]] == [True, False]
    assert data["gaps"] is None
    assert points(data) == {"valid": 20, "warnings": 0, "gaps": 0, "described": 0, "secrets": 0, "waivers": 5}
    assert data["period"]["not_compared"] == "`prod` of working tree does not compile"
    for name in FORMATS:
        assert cfgc(shop, "report", "--format", name).code == 0


def test_waivers_near_their_end_and_behind_it_cost_points(cfgc: Cfgc, shop: Path) -> None:
    for day, standing, score in (
        ("2026-02-20", "ending", 0),
        ("2026-03-02", "ended", 0),
        ("2026-01-02", "in-force", 5),
    ):
        data = told(cfgc, shop, "--date", day)
        assert (data["waivers"][0]["standing"], points(data)["waivers"]) == (standing, score)


def test_a_secret_is_as_old_as_its_ciphertext(
    cfgc: Cfgc, shop: Path, commit: Commit, seal: Callable[[Path, str], None]
) -> None:
    sealed = shop / "environments/prod/managers/db.sops.yaml"
    seal(sealed, "password: one\n")
    commit("2026-01-10", {})
    (secret,) = told(cfgc, shop, "--date", "2026-01-12")["secrets"]
    assert (secret["file"], secret["layer"]) == ("environments/prod/managers/db.sops.yaml", "prod")
    assert [each.partition(": ")[0] for each in secret["recipients"]] == ["age"]
    assert secret["secrets"][0] | {"since": "2026-01-10", "days": 2, "old": False} == secret["secrets"][0]
    seal(sealed, "password: two\n")
    data = told(cfgc, shop, "--date", "2026-01-12")
    assert data["secrets"][0]["secrets"][0] | {"since": None, "days": None} == data["secrets"][0]["secrets"][0]
    old = told(cfgc, shop, "--rev", "HEAD", "--date", "2027-06-01")
    assert (old["secrets"][0]["secrets"][0]["old"], points(old)["secrets"]) == (True, 0)


def test_the_same_commit_and_date_give_the_same_bytes(cfgc: Cfgc, shop: Path, commit: Commit) -> None:
    """From the working tree, from the commit, and again with the report beside it."""
    commit("2026-01-05", {WEB: "replicas: 4\n"})
    words = ("--against", "HEAD~1", "--date", "2026-01-05")
    for name in FORMATS:
        made = cfgc(shop, "report", "--format", name, *words).out
        assert cfgc(shop, "report", "--format", name, "--rev", "HEAD", *words).out == made
        assert cfgc(shop, "report", "--write", *words).code == 0
        assert cfgc(shop, "report", "--format", name, *words).out == made


def test_write_leaves_pages_data_and_badges(cfgc: Cfgc, shop: Path) -> None:
    done = cfgc(shop, "report", "--write")
    names = [f"config_report_20260102.{ending}" for ending in ("html", "json", "md")]
    badges = [f"badges/config-{name}.svg" for name in ("health", "model", "valid")]
    found = sorted(str(each.relative_to(shop / "reports")) for each in (shop / "reports").rglob("*") if each.is_file())
    assert (done.code, done.out, found) == (0, "", sorted(badges + names))


def test_a_repository_is_older_than_its_project(cfgc: Cfgc, commit: Commit, tmp_path: Path) -> None:
    """Section 4, `--against REV`: a pipeline that looks back so many days does not fail for a project that is young."""
    commit("2026-01-01", {"README.md": "no configuration yet\n"})
    commit("2026-01-02", {"cfgc.yaml": "version: [\n"})
    commit("2026-01-03", FILES)
    for revision, why in (
        ("HEAD~2", "there is no project here"),
        ("HEAD~1", "a value is missing at the end (`cfgc.yaml:2`)"),
    ):
        assert told(cfgc, tmp_path, "--against", revision)["period"] is None
        assert f"not with `{revision}`: {why}" in cfgc(tmp_path, "report", "--against", revision).out


COMMITTED = ("--no-commits", "--date", "2026-01-02", "--exclude", "/docs/")


def test_6_a_report_without_commits_can_be_committed_and_checked_to_be_current(
    cfgc: Cfgc, shop: Path, commit: Commit, git: Callable[..., str], seal: Callable[[Path, str], None], tmp_path: Path
) -> None:
    """In a shallow clone too, after commits that change no configuration, and with the report itself among them."""
    seal(shop / "environments/prod/managers/db.sops.yaml", "password: one\n")
    assert cfgc(shop, "report", "--write", *COMMITTED).code == 0
    commit("2026-01-05", {"docs/more.yaml": "a: 1\n"})
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "--depth=1", shop.as_uri(), str(clone))
    done = cfgc(clone, "report", "--check", *COMMITTED)
    assert (done.code, done.out, done.err) == (0, "", "")
    (clone / WEB).write_text("replicas: 4\nsecond: 1\n")
    done = cfgc(clone, "report", "--check", *COMMITTED)
    assert done.code == 1
    for name in ("config_report_20260102.md", "config_report_20260102.html", "badges/config-health.svg"):
        assert f"not current: reports/{name}" in done.err
    assert cfgc(clone, "report", "--check").code == 1, "that one names the commit"


def test_a_report_without_commits_says_so(
    cfgc: Cfgc, shop: Path, seal: Callable[[Path, str], None], commit: Commit
) -> None:
    seal(shop / "environments/prod/managers/db.sops.yaml", "password: one\n")
    commit("2026-01-05", {})
    data = told(cfgc, shop, *COMMITTED)
    assert (data["commit"], data["clean"], data["period"]) == (None, False, None)
    assert data["secrets"][0]["secrets"][0]["days"] is None
    for name in ("markdown", "html"):
        page = cfgc(shop, "report", "--format", name, *COMMITTED).out
        assert "told without commits" in page
        assert "not committed" not in page
    assert cfgc(shop, "report", "--write").code == 0
    earlier = ("--no-commits", "--date", "2026-02-01", "--against", "reports/config_report_20260105.json")
    assert told(cfgc, shop, *earlier)["period"]["not_compared"] == "this report is made without commits"
    for words in (["--rev", "HEAD"], ["--against", "HEAD"]):
        assert cfgc(shop, "report", *COMMITTED, *words).code == 2


def test_exclude_leaves_paths_out_of_the_inventory_of_either_side(cfgc: Cfgc, shop: Path, commit: Commit) -> None:
    commit("2026-01-05", {"docs/more.yaml": "a: 1\n"})
    assert "docs/more.yaml" in told(cfgc, shop)["inventory"]["sources"]
    for words in ([], ["--rev", "HEAD"]):
        data = told(cfgc, shop, "--exclude", "/docs/", "--exclude", "CODEOWNERS", "--against", "HEAD~1", *words)
        assert "docs/more.yaml" not in data["inventory"]["sources"]
        assert data["period"]["sources"] == {"added": [], "removed": []}


def test_gi_a_report_is_not_written_through_a_symbolic_link(cfgc: Cfgc, shop: Path, tmp_path_factory: Any) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (shop / "reports").symlink_to(outside)
    assert cfgc(shop, "report", "--write").code == 1
    assert list(outside.iterdir()) == []


@pytest.mark.parametrize("text", ["[]", "{", '{"version": 1}', '{"version": 1, "diagnostics": [{}]}', "\ud800"])
def test_a_file_that_is_no_report_is_wrong_usage(cfgc: Cfgc, shop: Path, text: str) -> None:
    (shop / "old.json").write_bytes(text.encode("utf-8", "surrogatepass"))
    done = cfgc(shop, "report", "--against", "old.json")
    assert (done.code, done.out, "old.json" in done.err) == (2, "", True)


def test_an_unknown_revision_and_an_unknown_environment_are_wrong_usage(cfgc: Cfgc, shop: Path) -> None:
    for words in (["--against", "nowhere"], ["prood"]):
        done = cfgc(shop, "report", "--format", "json", *words)
        assert (done.code, problems(done.data)) == (2, []), done.err


def test_without_a_commit_the_day_must_be_given(cfgc: Cfgc, project: Callable[..., Path]) -> None:
    bare = project(FILES)
    assert cfgc(bare, "report").code == 2
    data = told(cfgc, bare, "--date", "2026-01-02")
    assert (data["commit"], data["health"]["score"]) == (None, 100)


def test_only_the_environments_that_are_named_are_told(cfgc: Cfgc, shop: Path) -> None:
    assert [each["name"] for each in told(cfgc, shop, "prod")["environments"]] == ["prod"]


def test_a_merge_is_counted_where_it_was_made(cfgc: Cfgc, shop: Path, commit: Commit, git: Callable[..., str]) -> None:
    git(shop, "checkout", "-q", "-b", "topic")
    commit("2026-01-05", {WEB: "replicas: 4\n"})
    git(shop, "checkout", "-q", "main")
    commit("2026-01-06", {"environments/base/managers/db.yaml": "port: 5433\n"})
    git(shop, "merge", "-q", "--no-edit", "topic")
    activity = told(cfgc, shop, "--against", "HEAD~2")["period"]["activity"]
    assert [(each["subject"], each["keys"]) for each in activity["edits"]] == [
        ("what happened on 2026-01-06", 1),
        ("what happened on 2026-01-05", 1),
    ]


def test_a_long_period_is_looked_at_from_its_end(
    cfgc: Cfgc, shop: Path, commit: Commit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cfgc.reports.report.activity.FEWEST_COMMITS", 1)
    monkeypatch.setattr("cfgc.reports.report.activity.MOST_STEPS", 4)
    for day in (4, 5, 6):
        commit(f"2026-01-0{day}", {WEB: f"replicas: {day}\n"})
    activity = told(cfgc, shop, "--against", "HEAD~3")["period"]["activity"]
    assert (activity["commits"], activity["whole"]) == (2, False)
    assert [each["date"] for each in activity["edits"]] == ["2026-01-06", "2026-01-05"]


def test_l01_no_page_shows_a_secret_sealed_or_in_plain_text(
    cfgc: Cfgc, shop: Path, commit: Commit, seal: Callable[[Path, str], None]
) -> None:
    """Canaries in SOPS files, in plain text where a schema or its looks call it a secret, now and before."""
    schema = (
        "type: object\nproperties:\n  login: {type: object, x-cfgc-secret: true}\n  password: {x-cfgc-secret: true}\n"
    )
    seal(shop / "environments/prod/managers/db.sops.yaml", json.dumps(CANARIES))
    plain = f"api_token: {CANARIES['token']}\nlogin: {{pin: {CANARIES['pin']}}}\nurl: https://u:{CANARIES['prefix']}@a.example\n"
    commit("2026-01-05", {WEB: plain, "schemas/managers/web.schema.yaml": schema})
    seal(shop / "environments/prod/managers/db.sops.yaml", json.dumps({**CANARIES, "password": "kNary-rotated"}))
    commit("2026-01-06", {WEB: f"api_token: {CANARIES['long']}\npassword: {CANARIES['password']}\n"})
    for against in ("HEAD~1", "HEAD~2"):
        for words in (*(["--format", name] for name in FORMATS), ["--write"]):
            done = cfgc(shop, "report", "--against", against, *words)
            assert done.code == 0
            assert leaks(done.out + done.err) == []
            assert "kNary" not in done.out + done.err
        for file in (shop / "reports").rglob("*.*"):
            assert leaks(file.read_text()) == []
    assert "********" in cfgc(shop, "report", "--against", "HEAD~1", "--format", "json").out


def test_l01_the_subject_of_a_commit_with_a_secret_in_it_is_masked(
    cfgc: Cfgc, shop: Path, commit: Commit, git: Callable[..., str]
) -> None:
    """By its form, or because a layer of either side has it in plain text; all other subjects are told."""
    subjects = {
        5: "Sets db_password to kNary-of-a-layer",
        6: "Uses glpat-xK3vQ9mZtR7bWn2LpY8s from now on",
        7: "Raises replicas",
    }
    for day, subject in subjects.items():
        commit(f"2026-01-0{day}", {WEB: f"replicas: {day}\ndb_password: kNary-of-a-layer\n"})
        git(shop, "commit", "-q", "--amend", "-m", subject)
    for name in FORMATS:
        said = cfgc(shop, "report", "--against", "HEAD~3", "--format", name).out
        assert "kNary" not in said
        assert "glpat-" not in said
    edits = told(cfgc, shop, "--against", "HEAD~3")["period"]["activity"]["edits"]
    assert [each["subject"] for each in edits] == ["Raises replicas", "********", "********"]
