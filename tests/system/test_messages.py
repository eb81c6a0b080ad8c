"""A message names the line at fault, and says what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.system.conftest import Cfgc, Done

Project = Callable[[Mapping[str, str]], Path]
LAYERS = "version: 1\nenvironments: {test: {extends: base}, prod: {extends: base}}\ncomponents: [services/*]\n"


def only(done: Done, code: str) -> dict[str, Any]:
    """The one finding of a code."""
    (found,) = [each for each in done.data["diagnostics"] if each["code"] == code]
    return dict(found)


def test_a_foreign_secret_is_blamed_on_the_reference(
    project: Project, cfgc: Cfgc, seal: Callable[[Path, str], None]
) -> None:
    """SPEC 6: the line that reads the secret is at fault, not the file that holds it."""
    folder = project(
        {"cfgc.yaml": LAYERS, "environments/base/services/mail.yaml": "host: mx\np: ${services.web.password}\n"}
    )
    seal(folder / "environments/base/services/web.sops.yaml", "password: hunter2\n")
    found = only(cfgc(folder, "validate", "test", "--format", "json"), "CFG315")
    assert (found["file"], found["line"], found["column"]) == ("environments/base/services/mail.yaml", 2, 4)
    (secret,) = found["related"]
    assert (secret["file"], secret["line"]) == ("environments/base/services/web.sops.yaml", 1)
    assert secret["message"] == "the secret of `services.web`"


def test_a_gitlab_description_parts_message_and_help(project: Project, cfgc: Cfgc) -> None:
    """One line holds both, so something must stand between them."""
    folder = project({"cfgc.yaml": LAYERS, "environments/base/services/web.yaml": "a: 1\na: 2\n"})
    (issue,) = cfgc(folder, "validate", "test", "--format", "gitlab").data
    assert issue["description"].endswith("; help: keep one of them")


WITH_OWNER = {
    "cfgc.yaml": LAYERS,
    "schemas/services/_each.schema.json": '{"required": ["owner"], "dependentRequired": {"tls": ["port"]}}\n',
    "environments/base/services/web.yaml": "# the shop\nport: 1\nowner: team-web\n",
}


@pytest.mark.parametrize(
    ("overlay", "missing", "line"),
    [("replicas: 2\nowner: !unset\n", "owner", 2), ("port: !unset\ntls: true\n", "port", 1)],
)
def test_a_missing_key_is_blamed_on_the_line_that_removes_it(
    project: Project, cfgc: Cfgc, overlay: str, missing: str, line: int
) -> None:
    """SPEC 9: the primary place is the layer line that causes the finding."""
    folder = project(WITH_OWNER | {"environments/prod/services/web.yaml": overlay})
    done = cfgc(folder, "validate", "prod", "--format", "json")
    found = only(done, "CFG622")
    assert (found["file"], found["line"]) == ("environments/prod/services/web.yaml", line)
    assert f"`{missing}` is removed here" in cfgc(folder, "validate", "prod").out


def test_a_key_that_an_option_removes_is_blamed_on_the_option(project: Project, cfgc: Cfgc) -> None:
    """No file holds the `!unset`."""
    folder = project(WITH_OWNER)
    done = cfgc(folder, "render", "prod", "--set", "services.web.owner=!unset")
    assert "CFG622" in done.err
    assert "--> <--set>" in done.err


def test_a_key_that_nobody_sets_is_blamed_on_the_map(project: Project, cfgc: Cfgc) -> None:
    """The other side: no `!unset` is there."""
    folder = project(WITH_OWNER | {"environments/base/services/web.yaml": "port: 1\n"})
    assert only(cfgc(folder, "validate", "prod", "--format", "json"), "CFG622")["line"] == 1


def policy(assertion: str, message: str = "no") -> dict[str, str]:
    """A project of one component and one policy."""
    text = f"policies:\n  - name: p\n    message: '{message}'\n    assert: {assertion}\n"
    return {"cfgc.yaml": LAYERS, "environments/base/services/web.yaml": "replicas: 3\n", "policies/p.yaml": text}


def test_a_misspelt_word_of_a_policy_message_is_the_policy_files_error(project: Project, cfgc: Cfgc) -> None:
    """Printed as it stands, it would be noticed on the day the policy denies."""
    folder = project(policy("config.replicas > 1", "{componnt} in ${HOST}, {{here}}, {}"))
    found = only(cfgc(folder, "validate", "test", "--format", "json"), "CFG704")
    assert (found["file"], found["line"]) == ("policies/p.yaml", 3)
    assert found["message"] == "`message` of policy `p` must be a text without `{componnt}`"
    assert found["help"] == "did you mean `{component}`? known are `{component}`, `{environment}`, `{path}`"


@pytest.mark.parametrize(
    ("assertion", "code"),
    [('config.replicas > "1"', "CFG711"), ("config.replicas && true", "CFG711"), ("config.replicas", "CFG712")],
)
def test_an_assertion_that_mixes_types_is_the_policys_mistake(
    project: Project, cfgc: Cfgc, assertion: str, code: str
) -> None:
    """The value is there and right; `has(...)` would not help."""
    found = only(cfgc(project(policy(assertion)), "validate", "test", "--format", "json"), code)
    assert (found["file"], found["line"], found["column"]) == ("policies/p.yaml", 4, 13)
    assert "has(" not in found["help"]


def test_an_assertion_that_reads_a_missing_key_is_blamed_on_the_component(project: Project, cfgc: Cfgc) -> None:
    """The other side: here the value may be what is wrong, and `has(...)` helps."""
    found = only(cfgc(project(policy("config.tls == 1")), "validate", "test", "--format", "json"), "CFG711")
    assert found["file"] == "environments/base/services/web.yaml"
    assert "has(config.key)" in found["help"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("no", "`no` is a string in YAML 1.2 and a boolean in YAML 1.1"),
        ("012", "`012` is the integer 12 in YAML 1.2 and an octal integer in YAML 1.1"),
        ("1e3", "`1e3` is the number 1000.0 in YAML 1.2 and a string in YAML 1.1"),
    ],
)
def test_a_yaml_1_1_trap_says_what_each_version_reads(project: Project, cfgc: Cfgc, text: str, says: str) -> None:
    """SPEC 3."""
    folder = project({"cfgc.yaml": LAYERS, "environments/base/services/web.yaml": f"a: {text}\n"})
    assert only(cfgc(folder, "validate", "--format", "json"), "CFG732")["message"] == says


TWO = {
    "cfgc.yaml": LAYERS,
    "environments/base/services/web.yaml": "host: a\n",
    "environments/base/services/b.yaml": "x: ${services.web.host}\ny: 1\nz: ${services.web.host}\n",
    "environments/base/services/a.yaml": "x: ${services.web.host}\n",
    "environments/base/services/_each.yaml": "at: ${services.web.host}\n",
    "environments/prod/services/web.yaml": "port: 1\n",
}


def test_why_of_a_line_names_referrers_in_tree_order_and_environments_together(project: Project, cfgc: Cfgc) -> None:
    """A person reads what differs; JSON stays one entry an environment."""
    folder = project(TWO)
    line = f"{folder}/environments/base/services/web.yaml:1"
    assert cfgc(folder, "why", line).out.splitlines() == [
        "test, prod: services.web.host wins",
        "  referred to by services.a.at and 2 more (environments/base/services/_each.yaml:1:5)",
        "  referred to by services.a.x (environments/base/services/a.yaml:1:4)",
        "  referred to by services.b.x (environments/base/services/b.yaml:1:4)",
        "  referred to by services.b.z (environments/base/services/b.yaml:3:4)",
    ]
    data = cfgc(folder, "why", line, "--format", "json").data
    assert [(each["environment"], len(each["referred_by"])) for each in data] == [("test", 6), ("prod", 6)]


def test_why_of_a_line_after_the_end_says_how_many_there_are(cfgc: Cfgc, shop: Path) -> None:
    """A file is named with its whole path: several artifacts have one name."""
    assert cfgc(shop, "render", "prod").code == 0
    count = len((shop / "dist/prod/web/.env").read_text().splitlines())
    done = cfgc(shop, "why", f"{shop}/dist/prod/web/.env:99")
    assert done.code == 2
    assert f"`dist/prod/web/.env` has {count} lines, and no line 99" in done.err


def test_a_misspelt_relative_reference_gets_a_relative_suggestion(project: Project, cfgc: Cfgc) -> None:
    """What was written is what is put right."""
    folder = project({"cfgc.yaml": LAYERS, "environments/base/services/web.yaml": "host: h\nurl: http://${.hst}\n"})
    assert only(cfgc(folder, "validate", "test", "--format", "json"), "CFG502")["help"] == "did you mean `${.host}`?"


def test_an_unused_layer_is_compared_with_those_that_are_named(project: Project, cfgc: Cfgc) -> None:
    """`prodd` is a slip, `archive` is not."""
    files = {f"environments/{name}/services/web.yaml": "a: 1\n" for name in ("base", "prodd", "archive")}
    found = cfgc(project({"cfgc.yaml": LAYERS} | files), "validate", "--format", "json").data["diagnostics"]
    unused = {each["file"].split("/")[1]: each["help"] for each in found if each["code"] == "CFG117"}
    assert unused["prodd"] == "did you mean `prod`?"
    assert unused["archive"].startswith("name it under `extends`")


@pytest.mark.parametrize(
    ("option", "advice"),
    [
        ("services.wbe.replicas=3", "did you mean `services.web`?"),
        ("services.web.hosst=b", "did you mean `services.web.host`?"),
        ("services.web.host=b", None),
        ("services.web.zone=b", None),
    ],
)
def test_a_new_key_near_to_another_one_is_a_warning(
    project: Project, cfgc: Cfgc, option: str, advice: str | None
) -> None:
    """SPEC 4: `--set` may name a new key; a misspelt component would be rendered."""
    done = cfgc(project(TWO), "render", "prod", "--set", option)
    assert done.code == 0
    assert ("CFG411" in done.err) is (advice is not None)
    assert (advice or "") in done.err
