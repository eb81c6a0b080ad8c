"""`render`: where artifacts go, and which of them (SPEC sections 8 and 10)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.system.conftest import Cfgc


def test_unknown_component_is_wrong_usage_with_code_and_suggestion(cfgc: Cfgc, shop: Path) -> None:
    done = cfgc(shop, "render", "prod", "--component", "wbe")
    assert done.code == 2
    assert "did you mean" in done.err


def test_check_writes_nothing_and_fails_on_differences(cfgc: Cfgc, shop: Path) -> None:
    out = str(shop / "dist")
    assert cfgc(shop, "render", "prod", "--out", out, "--check").code == 1
    assert not (shop / "dist").exists()
    cfgc(shop, "render", "prod", "--out", out)
    assert cfgc(shop, "render", "prod", "--out", out, "--check").code == 0


def test_stdout_prints_and_writes_nothing(cfgc: Cfgc, shop: Path) -> None:
    done = cfgc(shop, "render", "prod", "--stdout", "--component", "db")
    assert "NAME=main" in done.out
    assert not (shop / "dist").exists()


def test_stdout_begins_each_header_on_a_line_of_its_own(cfgc: Cfgc, tmp_path: Path) -> None:
    for name, text in {
        "cfgc.yaml": "outputs:\n- {for: web, template: a.j2, to: a}\n- {for: web, template: b.j2, to: b}\n",
        "environments/prod/web.yaml": "x: 1\n",
        "templates/a.j2": "no end",
        "templates/b.j2": "end\n",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    assert cfgc(tmp_path, "render", "prod", "--stdout").out == "# prod/web/a\nno end\n# prod/web/b\nend\n"


def test_component_render_leaves_the_others(cfgc: Cfgc, shop: Path) -> None:
    out = str(shop / "dist")
    cfgc(shop, "render", "prod", "--out", out)
    (shop / "environments/base/managers/db.yaml").write_text("name: other\nport: 1\n")
    assert cfgc(shop, "render", "prod", "--out", out, "--component", "web").code == 0
    assert "NAME=main" in (shop / "dist/prod/db/.env").read_text()
    assert "other behind" in (shop / "dist/prod/web/config.yaml").read_text()


def test_component_render_reads_only_its_files_and_what_they_refer_to(cfgc: Cfgc, shop: Path) -> None:
    (shop / "environments/base/managers/broken.yaml").write_text("a: [\n")
    (shop / "environments/base/managers/db.yaml").write_text("name: main\nport: 0\n")
    assert cfgc(shop, "render", "prod", "--out", str(shop / "dist")).code == 1
    done = cfgc(shop, "render", "prod", "--out", str(shop / "dist"), "--component", "web")
    assert (done.code, done.err.count("error")) == (0, 0)


def test_component_render_is_blocked_by_findings_about_its_components_only(cfgc: Cfgc, shop: Path) -> None:
    """SPEC 8: `web` refers to `db`, which is read too; what is wrong there is another's affair."""
    schema = {"type": "object", "properties": {"password": {"x-cfgc-secret": True}, "name": {"maxLength": 9}}}
    (shop / "schemas/managers/_each.schema.json").write_text(json.dumps(schema))
    (shop / "environments/prod/managers/db.yaml").write_text("password: hunter2\nname: much-too-long\n")
    out = str(shop / "dist")
    failed = cfgc(shop, "render", "prod", "--component", "db", "--out", out).err
    assert "CFG314" in failed
    assert "CFG625" in failed
    done = cfgc(shop, "render", "prod", "--component", "web", "--out", out)
    assert (done.code, done.err.count("error")) == (0, 0), done.err
    (shop / "environments/prod/managers/web.yaml").write_text("password: hunter2\n")
    assert "CFG314" in cfgc(shop, "render", "prod", "--component", "web", "--out", out).err


def test_component_render_reads_all_for_a_template_that_looks_at_the_tree(cfgc: Cfgc, shop: Path) -> None:
    """SPEC 8: `tree` counts as all; without it a file of another component that is broken does not matter."""
    template = shop / "templates/web.conf.j2"
    template.write_text("{% for name in tree.managers %}{{ name }} {% endfor %}\n")
    assert cfgc(shop, "render", "prod", "--component", "web", "--out", str(shop / "dist")).code == 0
    assert sorted((shop / "dist/prod/web/web.conf").read_text().split()) == ["db", "web"]
    (shop / "environments/base/managers/other.yaml").write_text("x: 1\n")
    assert cfgc(shop, "render", "prod", "--component", "web", "--out", str(shop / "dist")).code == 0
    assert sorted((shop / "dist/prod/web/web.conf").read_text().split()) == ["db", "other", "web"]


def test_component_render_reads_all_for_a_policy_that_looks_at_the_tree(cfgc: Cfgc, shop: Path) -> None:
    """SPEC 8: `tree` counts as all, in a policy too: on half a tree its verdict would be another."""
    (shop / "environments/base/managers/other.yaml").write_text("x: 1\n")
    policy = "{name: three, match: {components: [web]}, assert: size(tree.managers) == 3, message: no, help: add}"
    (shop / "policies/three.yaml").write_text(f"policies: [{policy}]\n")
    done = cfgc(shop, "render", "prod", "--component", "web", "--out", str(shop / "dist"))
    assert done.code == 0, done.err
    (shop / "environments/base/managers/fourth.yaml").write_text("x: 1\n")
    done = cfgc(shop, "render", "prod", "--component", "web", "--out", str(shop / "dist"))
    assert (done.code, "CFG710" in done.err) == (1, True)


@pytest.mark.parametrize("folder", ["environments/out", "templates", "schemas/x", "policies"])
def test_artifacts_are_not_written_among_the_inputs(cfgc: Cfgc, shop: Path, folder: str) -> None:
    """What lies in `environments/` would be a layer of the next run."""
    done = cfgc(shop, "render", "prod", "--out", str(shop / folder))
    assert done.code == 2
    assert "which cfgc reads" in done.err
    assert not (shop / folder / "prod").exists()


def test_out_is_below_the_folder_that_c_names(cfgc: Cfgc, shop: Path) -> None:
    """`-C DIR` runs as if started in DIR, as in Git and Make."""
    assert cfgc(shop, "render", "prod", "--out", "elsewhere").code == 0
    assert (shop / "elsewhere/prod/manifest.json").exists()


@pytest.mark.parametrize("text", ["managers: !unset\n", "managers: !replace {}\n", "managers: {web: !unset }\n"])
def test_a_component_that_a_layer_takes_away_is_unknown(cfgc: Cfgc, shop: Path, text: str) -> None:
    """Its files are still there, so that its name is known until the layers are merged."""
    (shop / "environments/prod/managers/web.yaml").unlink()
    (shop / "environments/prod.yaml").write_text(text)
    done = cfgc(shop, "render", "prod", "--component", "web")
    assert done.code == 2
    assert "CFG127" in done.err


@pytest.mark.parametrize("value", ["managers=null", "managers=!unset", "managers.web=!unset"])
def test_a_component_that_set_takes_away_is_unknown(cfgc: Cfgc, shop: Path, value: str) -> None:
    done = cfgc(shop, "render", "prod", "--component", "web", "--set", value)
    assert done.code == 2
    assert "CFG127" in done.err


def test_the_same_environment_twice_is_once(cfgc: Cfgc, shop: Path) -> None:
    assert cfgc(shop, "render", "prod", "prod", "--out", str(shop / "dist")).code == 0


def test_a_relative_state_folder_does_not_count(cfgc: Cfgc, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", "here")
    monkeypatch.setenv("HOME", "nowhere")
    assert cfgc(shop, "render", "prod", "--out", str(shop / "dist")).code == 2
    monkeypatch.setenv("XDG_STATE_HOME", str(shop / "state"))
    assert cfgc(shop, "render", "prod", "--out", str(shop / "dist")).code == 0
