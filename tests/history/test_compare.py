"""Two sides -> their difference: lines, commits, artifacts, shadowed edits, rules, findings."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from cfgc.history.affected import affected
from cfgc.history.attribution import with_commits
from cfgc.history.child_pipeline import child_pipeline
from cfgc.history.compare import compare
from cfgc.history.difference import Difference
from cfgc.history.sides import Asked, Between, Sides, open_sides
from cfgc.history.views import Shown, render
from cfgc.history.views.unified import WITHHELD
from cfgc.model.keypath import show
from tests.history.timeline import Timeline

BASE = "environments/base/services/web.yaml"
PROD = "environments/prod/services/web.yaml"
TEST = "environments/test/services/web.yaml"
SETTINGS = """\
environments: {test: {extends: base}, prod: {extends: base, labels: {tier: prod}}}
components: [services/*]
outputs:
  - {for: "*", format: yaml, to: config.yaml}
  - {for: web, template: web.j2, to: web.txt}
  - {for: environment, template: all.j2, to: all.txt}
"""
FILES = {
    "cfgc.yaml": SETTINGS,
    "templates/web.j2": "port {{ config.port }}\n",
    "templates/all.j2": "{{ tree.services | length }} services\n",
    BASE: "port: 80\nhost: a\n",
    PROD: "port: 443\n",
    TEST: "debug: true\n",
    "environments/base/services/api.yaml": "url: ${services.web.host}\n",
}
Edit = Callable[[dict[str, str | None]], Difference]


@pytest.fixture
def timeline(tmp_path: Path) -> Timeline:
    timeline = Timeline(tmp_path)
    timeline.commit(FILES)
    return timeline


@pytest.fixture
def edit(timeline: Timeline) -> Edit:
    """The difference that a commit makes."""

    def make(files: dict[str, str | None]) -> Difference:
        timeline.commit(files, message="edit")
        return difference(timeline)

    return make


def sides_of(timeline: Timeline, between: Between | None = None) -> Sides:
    timeline.checkout()
    chosen = between or Between(timeline.made[-2], timeline.made[-1])
    return open_sides(timeline.root, chosen, Asked())


def difference(timeline: Timeline, between: Between | None = None) -> Difference:
    sides = sides_of(timeline, between)
    assert [*sides.before.problems(), *sides.after.problems()] == []
    return with_commits(compare(sides.before, sides.after), sides)


def lines(found: Difference, environment: str) -> dict[str, str]:
    """Key path -> the place of its cause."""
    return {show(each.change.path): str(each.origin) for each in found.environments[environment].changes}


def test_equal_sides_have_no_difference(edit: Edit) -> None:
    found = edit({BASE: f"# a remark\n{FILES[BASE]}"})
    assert found.empty
    assert found.summary() == dict.fromkeys(found.summary(), 0)
    assert affected(found) == []


def test_a_change_names_its_line_also_through_a_reference(edit: Edit) -> None:
    found = edit({BASE: "port: 80\nhost: b\n"})
    expected = {"services.web.host": f"{BASE}:2:7", "services.api.url": f"{BASE}:2:7"}
    assert lines(found, "prod") == lines(found, "test") == expected


def test_a_text_around_a_reference_names_the_line_that_changed(timeline: Timeline) -> None:
    api = "environments/base/services/api.yaml"
    timeline.commit({api: "url: https://${services.web.host}/\n"})
    timeline.commit({BASE: "port: 80\nhost: b\n"})
    found = difference(timeline)
    assert lines(found, "prod")["services.api.url"] == f"{BASE}:2:7"


def test_a_removed_value_names_the_line_that_held_it(edit: Edit) -> None:
    found = edit({BASE: "port: 80\n", "environments/base/services/api.yaml": "url: x\n"})
    (gone,) = [each for each in found.environments["prod"].changes if each.change.kind == "removed"]
    assert (str(gone.origin), gone.origin_before) == (f"{BASE}:2:7", True)


def test_a_value_that_was_unset_names_the_line_of_the_marker(edit: Edit) -> None:
    found = edit({PROD: "port: 443\nhost: !unset\n", "environments/base/services/api.yaml": "url: x\n"})
    (gone,) = [each for each in found.environments["prod"].changes if each.change.kind == "removed"]
    assert (str(gone.origin), gone.origin_before) == (f"{PROD}:2:1", False)


def test_each_change_has_the_commit_that_made_it(timeline: Timeline) -> None:
    one = timeline.commit({BASE: "port: 80\nhost: b\n"}, author="Bo Berg <bo@example.org>")
    two = timeline.commit({PROD: "port: 444\n"})
    found = difference(timeline, Between(timeline.made[0], two))
    commits = {show(each.change.path): each.commit for each in found.environments["prod"].changes}
    assert {path: commit.id for path, commit in commits.items() if commit} == {
        "services.web.port": two,
        "services.web.host": one,
        "services.api.url": one,
    }
    assert {commit.author.name for commit in commits.values() if commit} == {"Bo Berg", "Ann Example"}


def test_what_is_not_committed_has_no_commit(timeline: Timeline) -> None:
    timeline.commit({PROD: "port: 444\n"})
    sides_of(timeline)
    (timeline.root / BASE).write_text("port: 80\nhost: z\n")
    sides = open_sides(timeline.root, Between(timeline.made[0], ""), Asked())
    found = with_commits(compare(sides.before, sides.after), sides)
    commits = {show(each.change.path): each.commit and each.commit.id for each in found.environments["prod"].changes}
    assert commits == {
        "services.web.port": timeline.made[1],
        "services.web.host": None,
        "services.api.url": None,
    }


def test_a_shadowed_edit_is_told_with_what_overrides_it(edit: Edit) -> None:
    """ "changes nothing in prod: overridden in `environments/prod/...`"."""
    found = edit({BASE: "port: 81\nhost: a\n"})
    told = [(show(each.path), each.environment, str(each.edit), str(each.by)) for each in found.shadowed]
    assert told == [("services.web.port", "prod", f"{BASE}:1:7", f"{PROD}:1:7")]
    assert set(lines(found, "test")) == {"services.web.port"}


def test_an_edit_of_a_shared_layer_that_reaches_production_is_told(edit: Edit) -> None:
    (shared,) = edit({BASE: "port: 80\nhost: b\n"}).shared
    assert (shared.file, shared.layer, shared.environments, shared.production) == (BASE, "base", ("test", "prod"), True)
    assert edit({PROD: "port: 5\n"}).shared == ()


@pytest.mark.parametrize(
    ("file", "text", "kind"),
    [
        ("schemas/services/web.schema.json", '{"type": "object"}', "schema"),
        ("policies/p.yaml", "policies: []\n", "policy"),
        ("templates/web.j2", "PORT {{ config.port }}\n", "template"),
        ("cfgc.yaml", f"{SETTINGS}project: x\n", "setting"),
        (".sops.yaml", "creation_rules: []\n", "recipient"),
    ],
)
def test_changed_rules_are_told(edit: Edit, file: str, text: str, kind: str) -> None:
    (rule,) = edit({file: text}).rules
    assert (rule.kind, rule.file, rule.status) == (kind, file, "changed" if file in FILES else "added")


def test_changed_recipients_are_told(timeline: Timeline) -> None:
    secret = "environments/prod/services/web.sops.yaml"
    timeline.commit({secret: _sops("age1one")})
    timeline.commit({secret: _sops("age1two")})
    rules = difference(timeline).rules
    assert [(each.kind, each.file, each.detail) for each in rules] == [("recipient", secret, "+age1two -age1one")]


def test_a_rotated_secret_is_changed_and_never_shown(timeline: Timeline) -> None:
    secret = "environments/prod/services/web.sops.yaml"
    timeline.commit({secret: _sops("age1one", "b25l")})
    timeline.commit({secret: _sops("age1one", "dHdv")})
    found = difference(timeline)
    (change,) = [each.change for each in found.environments["prod"].changes]
    assert (show(change.path), change.kind, change.old, change.new) == (
        "services.web.password",
        "secret-changed",
        "********",
        "********",
    )
    assert {each.path for each in found.environments["prod"].artifacts} == {"web/config.yaml"}


def test_bug_a_file_that_an_environment_reads_for_the_first_time_is_no_edit(timeline: Timeline) -> None:
    timeline.commit({"environments/dev/services/web.yaml": "port: 1\n"})
    settings = SETTINGS.replace("environments: {", "environments: {dev: {extends: prod}, ")
    timeline.commit({"cfgc.yaml": settings})
    timeline.commit({"environments/dev/services/api.yaml": "url: b\n", BASE: "port: 80\nhost: c\n"})
    assert difference(timeline, Between(timeline.made[-3], timeline.made[-2])).shadowed == ()
    found = difference(timeline, Between(timeline.made[-3], timeline.made[-1])).shadowed
    assert found == ()


@pytest.mark.parametrize("name", ["text", "json", "markdown", "html"])
@pytest.mark.parametrize("order", [1, -1], ids=["sealed", "laid-bare"])
def test_bug_artifacts_show_no_value_that_is_a_secret_on_the_other_side(
    timeline: Timeline, name: str, order: int
) -> None:
    secret = "environments/prod/services/web.sops.yaml"
    template = {"templates/all.j2": "{{ tree.services.web.password | default('') }}\n"}
    user = {"environments/prod/services/api.yaml": "login: u-${services.web.password}\n"}
    timeline.commit({**template, **user, PROD: "password: canary\n"})
    timeline.commit({PROD: "port: 443\n", secret: _sops("age1one")})
    one, other = timeline.made[-2:][::order]
    found = difference(timeline, Between(one, other))
    shown = render(name, found, Shown(artifacts=True))
    assert "canary" not in shown
    assert shown.count(WITHHELD) == 4


def test_findings_that_are_new_or_gone(timeline: Timeline) -> None:
    schema = json.dumps({"properties": {"port": {"maximum": 1000}}})
    timeline.commit({"schemas/services/web.schema.json": schema, PROD: "port: 2000\n"})
    timeline.commit({PROD: "port: 3\n", TEST: "debug: true\nport: 5000\n"})
    found = difference(timeline).findings
    assert [each.environment for each in found.new if each.is_error] == ["test"]
    assert [each.environment for each in found.gone if each.is_error] == ["prod"]


def test_a_finding_that_only_moved_is_neither(timeline: Timeline) -> None:
    schema = json.dumps({"properties": {"port": {"maximum": 1000}}})
    timeline.commit({"schemas/services/web.schema.json": schema, PROD: "port: 2000\n"})
    timeline.commit({PROD: "# a remark\nport: 2000\n"})
    assert difference(timeline).findings == ((), ())


def test_a_side_that_does_not_compile_is_named(timeline: Timeline) -> None:
    timeline.commit({BASE: "port: ${nowhere}\n"})
    problems = sides_of(timeline, Between("main~1", "main")).after.problems()
    assert problems[-1].name == "side-does-not-compile"
    assert "`main`" in problems[-1].message
    assert "unknown-reference" in {each.name for each in problems}


def test_what_is_wrong_with_values_can_be_compared_all_the_same(timeline: Timeline) -> None:
    schema = json.dumps({"properties": {"port": {"maximum": 1000}}})
    timeline.commit({"schemas/services/web.schema.json": schema, PROD: "port: 2000\n"})
    assert sides_of(timeline).after.problems() == []


class TestAffected:
    def test_a_template_affects_what_it_renders(self, edit: Edit) -> None:
        found = affected(edit({"templates/web.j2": "PORT {{ config.port }}\n"}))
        assert [(each.environment, each.component, each.artifacts) for each in found] == [
            ("test", "services.web", ("web/web.txt",)),
            ("prod", "services.web", ("web/web.txt",)),
        ]
        assert found[0].reasons == ("template `templates/web.j2` changed",)

    def test_a_merge_rule_of_a_schema_affects_what_it_merges(self, timeline: Timeline) -> None:
        timeline.commit(
            {BASE: "port: 1\nhosts: [a]\n", PROD: "hosts: [b]\n", "environments/base/services/api.yaml": "x: 1\n"}
        )
        schema = {"properties": {"hosts": {"x-cfgc-merge": "append"}}}
        timeline.commit({"schemas/services/web.schema.json": json.dumps(schema)})
        found = [each for each in affected(difference(timeline)) if each.environment == "prod"]
        assert [each.component for each in found] == ["services.web"]
        assert "`services.web.hosts[1]` added" in found[0].reasons[1]

    def test_a_new_component_affects_the_environments_own_files_too(self, edit: Edit) -> None:
        found = affected(edit({"environments/prod/services/new.yaml": "a: 1\n"}))
        assert [(each.environment, each.component, each.artifacts) for each in found] == [
            ("prod", "", ("all.txt",)),
            ("prod", "services.new", ("new/config.yaml",)),
        ]

    def test_a_component_that_is_gone_gets_no_job(self, edit: Edit) -> None:
        found = affected(edit({"environments/base/services/api.yaml": None}))
        jobs = json.loads(child_pipeline(found, {}))
        assert {each.component for each in found if each.gone} == {"services.api"}
        assert set(jobs) == {"stages", "cfgc:test:environment", "cfgc:prod:environment"}

    def test_no_pair_is_one_job_that_does_nothing(self) -> None:
        jobs = json.loads(child_pipeline([], {}))
        assert set(jobs) == {"stages", "cfgc:nothing-affected"}

    def test_a_new_environment_is_affected_as_a_whole(self, edit: Edit) -> None:
        settings = SETTINGS.replace("environments: {", "environments: {dev: {extends: base}, ")
        found = [each for each in affected(edit({"cfgc.yaml": settings})) if each.environment == "dev"]
        assert [each.component for each in found] == ["", "services.api", "services.web"]


def _sops(recipient: str, data: str = "eA==") -> str:
    return f"""\
password: ENC[AES256_GCM,data:{data},iv:AAAA,tag:AAAA,type:str]
sops:
    age:
        - recipient: {recipient}
          enc: x
    lastmodified: "2026-01-01T00:00:00Z"
    mac: ENC[AES256_GCM,data:AAAA,iv:AAAA,tag:AAAA,type:str]
    version: 3.9.0
"""
