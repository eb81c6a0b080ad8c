"""Issue 5, section 2, with the whole program: what is compared, when a secret is old, which values are used."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.system.conftest import Cfgc

Project = Callable[[Mapping[str, str]], Path]
Seal = Callable[[Path, str], None]
Git = Callable[..., str]
SOPS = "environments/prod/web.sops.yaml"
FILES = {
    "environments/base/web.yaml": "port: 80\n",
    "environments/test/web.yaml": "port: 81\n",
    "environments/prod/web.yaml": "port: 82\n",
}


def subjects(cfgc: Cfgc, shop: Path, verdict: str, *words: str) -> list[str]:
    data = cfgc(shop, "gaps", "--format", "json", *words).data
    return [gap["subject"] for gap in data["gaps"] if gap["verdict"] == verdict]


def test_a_revision_and_the_index_are_compared_as_the_working_tree_is(cfgc: Cfgc, project: Project, git: Git) -> None:
    shop = project(FILES)
    git(shop, "init", "-q")
    git(shop, "add", "-A")
    git(shop, "commit", "-qm", "one")
    (shop / "environments/prod/web.yaml").write_text("port: 82\nnew: 1\n")
    git(shop, "add", "-A")
    (shop / "environments/prod/web.yaml").write_text("port: 82\nnew: 1\nnewer: 2\n")
    assert subjects(cfgc, shop, "only-here", "--rev", "HEAD") == []
    assert subjects(cfgc, shop, "only-here", "--staged") == ["web.new"]
    assert subjects(cfgc, shop, "only-here") == ["web.new", "web.newer"]


@pytest.fixture
def aging(project: Project, seal: Seal, git: Git, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A secret of January that another component borrows, and a later commit that has nothing to do with it."""
    shop = project({**FILES, "environments/prod/app.yaml": "borrowed: ${web.password}\n"})
    seal(shop / SOPS, "password: one-password\n")
    git(shop, "init", "-q")
    for day, port in (("2026-01-10", 82), ("2026-06-01", 83)):
        (shop / "environments/prod/web.yaml").write_text(f"port: {port}\n")
        git(shop, "add", "-A")
        monkeypatch.setenv("GIT_AUTHOR_DATE", f"{day}T12:00:00Z")
        git(shop, "commit", "-qm", day)
    return shop


def old(cfgc: Cfgc, shop: Path, days: int) -> list[str]:
    return subjects(cfgc, shop, "secret-not-rotated", "--rotate-after", str(days), "--date", "2026-06-30")


def test_a_secret_is_as_old_as_its_own_ciphertext_where_it_is_written(cfgc: Cfgc, aging: Path) -> None:
    """171 days; who borrows it is not to blame."""
    assert old(cfgc, aging, 170) == ["web.password"]
    assert old(cfgc, aging, 171) == []


def test_a_secret_that_is_not_committed_yet_is_new(cfgc: Cfgc, aging: Path, seal: Seal) -> None:
    seal(aging / SOPS, "password: another-password\n")
    assert old(cfgc, aging, 0) == []


def test_of_a_shallow_clone_only_the_least_age_is_known(
    cfgc: Cfgc, aging: Path, git: Git, tmp_path_factory: pytest.TempPathFactory
) -> None:
    clone = tmp_path_factory.mktemp("clone")
    git(clone, "clone", "-q", "--depth", "1", aging.as_uri(), ".")
    assert old(cfgc, clone, 10) == ["web.password"], "29 days at least"
    assert old(cfgc, clone, 100) == []
    words = ("gaps", "--rotate-after", "100", "--date", "2026-06-30")
    assert "not evaluated (shallow): secret-not-rotated of `web.password` in prod" in cfgc(clone, *words).out
    assert "not evaluated" not in cfgc(aging, *words).out


TEMPLATES = {
    **FILES,
    "cfgc.yaml": "version: 1\ncomponents: [web]\noutputs:\n  - {for: web, template: web.j2, to: web.conf}\n",
    "environments/base/web.yaml": "port: 80\nname: web\nunused: 1\n",
}


@pytest.mark.parametrize(
    ("template", "unused"),
    [
        ("{{ config.port }}", ["web.name", "web.unused"]),
        ("{% if config.name == 'x' %}{% endif %}{{ config.port }}", ["web.unused"]),
        ("{% for key, value in config.items() %}{{ key }}={{ value }}{% endfor %}", []),
        ("{{ tree.web.name }}{% include 'more.j2' %}", ["web.unused"]),
    ],
)
def test_a_template_uses_what_it_reads_to_print_and_to_decide(
    cfgc: Cfgc, project: Project, template: str, unused: list[str]
) -> None:
    shop = project({**TEMPLATES, "templates/web.j2": template, "templates/more.j2": "{{ config.port }}"})
    assert subjects(cfgc, shop, "never-used") == unused


def test_a_template_that_needs_the_plain_secret_is_taken_to_use_all_that_it_sees(
    cfgc: Cfgc, project: Project, seal: Seal
) -> None:
    """Without a key nobody can run it to its end, and what may be used is not called unused."""
    template = "{{ config.password | upper }}{{ config.port }}"
    shop = project({**TEMPLATES, "templates/web.j2": template, "environments/base/other.yaml": "far: 1\n"})
    for name in ("test", "prod"):
        seal(shop / f"environments/{name}/web.sops.yaml", "password: one-password\n")
    assert subjects(cfgc, shop, "never-used") == ["other.far"]
    (shop / "templates/web.j2").write_text(template + "{{ tree.web.name }}")
    assert subjects(cfgc, shop, "never-used") == []


def test_outputs_for_secrets_write_no_plain_value(cfgc: Cfgc, project: Project, seal: Seal) -> None:
    rows = "[{for: '*', format: k8s-secret, to: secret.yaml}, {for: '*', format: yaml, to: c.yaml, exclude: [token]}]"
    shop = project({**FILES, "cfgc.yaml": f"version: 1\noutputs: {rows}\n"})
    for name in ("test", "prod"):
        seal(shop / f"environments/{name}/web.sops.yaml", "password: one-password\ntoken: two-passwords\n")
    data = cfgc(shop, "gaps", "--format", "json").data
    said = {gap["subject"]: gap["message"].partition("; ")[2] for gap in data["gaps"] if gap["verdict"] == "never-used"}
    assert said == {
        "web.port": "`c.yaml` writes it with all else",
        "web.password": "`secret.yaml` and `c.yaml` write it with all else",
        "web.token": "`secret.yaml` writes it with all else",
    }


def test_this_estate_has_no_error_and_its_page_is_worth_reading(cfgc: Cfgc) -> None:
    data = cfgc(ROOT, "gaps", "--format", "json", "--date", "2026-11-22").data
    assert data["summary"]["errors"] == 0
    assert {"only-here", "only-in-base", "never-used"} <= data["summary"]["verdicts"].keys()
    assert len(data["matrix"]) > 400
    assert json.dumps(data).count("********") > 10
