"""Issue 3, section 6: `cfgc promote` writes effective values into the other environment's own layer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.edit.conftest import WEB, Cfgc, contents


def test_a_value_is_written_into_the_own_layer_of_the_other(cfgc: Cfgc, shop: Path) -> None:
    (shop / "environments/test/managers").mkdir(parents=True)
    (shop / "environments/test/managers/web.yaml").write_text("owner: team-new\nlog: debug\n")
    done = cfgc(shop, "promote", "managers.web.owner", "--from", "test", "--to", "prod")
    assert done.code == 0
    assert (shop / WEB).read_text().endswith("    cpu: 2\nowner: team-new\n")
    assert 'managers.web.owner: "team-web" -> "team-new"\n' in done.out
    assert "+owner: team-new\n" in done.out


def test_an_override_that_becomes_redundant_is_dropped(cfgc: Cfgc, shop: Path) -> None:
    """Equal to what lies below: what is not said cannot contradict."""
    done = cfgc(shop, "promote", "managers.web.replicas", "--from", "test", "--to", "prod")
    assert done.code == 0
    assert "replicas" not in (shop / WEB).read_text()
    assert "managers.web.replicas: 3 -> 1\n" in done.out


def test_a_subtree_is_promoted_leaf_by_leaf(cfgc: Cfgc, shop: Path) -> None:
    (shop / "environments/test/managers").mkdir(parents=True)
    written = "limits: {cpu: 4, memory: 1Gi}\nlabels: {tier: none}\nhosts: [c]\n"
    (shop / "environments/test/managers/web.yaml").write_text(written)
    done = cfgc(shop, "promote", "managers.web", "--from", "test", "--to", "prod")
    assert done.code == 0, done.err
    trees = [cfgc(shop, "show", name, "managers.web", "--format", "json").data for name in ("test", "prod")]
    assert trees[0] == trees[1]
    text = (shop / WEB).read_text()
    assert text == "# production\n\nlimits:\n    cpu: 4\n    memory: 1Gi\nhosts:\n  - c\n"


def test_a_key_that_the_source_lacks_goes_and_its_neighbours_stay(cfgc: Cfgc, shop: Path) -> None:
    (shop / "environments/test/managers").mkdir(parents=True)
    (shop / "environments/test/managers/web.yaml").write_text("labels: {tier: !unset null, zone: b}\n")
    (shop / WEB).write_text("labels:\n  zone: a # near\n  tier: prod\n")
    done = cfgc(shop, "promote", "managers.web.labels", "--from", "test", "--to", "prod")
    assert done.code == 0, done.err
    assert (shop / WEB).read_text() == "labels:\n  zone: b # near\n  tier: !unset\n"


def test_what_the_other_has_alone_goes(cfgc: Cfgc, shop: Path) -> None:
    cfgc(shop, "set", "prod", "managers.web.labels.zone", "a")
    cfgc(shop, "promote", "managers.web.labels", "--from", "test", "--to", "prod")
    assert cfgc(shop, "show", "prod", "managers.web.labels", "--format", "json").data == {"tier": "none"}


def test_it_is_the_effective_value_and_a_runtime_variable_stays_one(cfgc: Cfgc, shop: Path) -> None:
    (shop / "environments/test/managers").mkdir(parents=True)
    written = 'banner: "${managers.db.name} $${literal} ${ZONE:-north}"\nurl: "${env:zone}"\n'
    (shop / "environments/test/managers/web.yaml").write_text(written)
    cfgc(shop, "promote", "managers.web.banner", "managers.web.url", "--from", "test", "--to", "prod")
    text = (shop / WEB).read_text()
    assert 'banner: "main $${literal} ${ZONE:-north}"\n' in text
    assert 'url: "${env:zone}"\n' in text


def test_nothing_is_written_where_it_is_the_same(cfgc: Cfgc, shop: Path) -> None:
    """Also where the other has it through a reference."""
    before = contents(shop)
    done = cfgc(shop, "promote", "managers.web.banner", "managers.db", "--from", "test", "--to", "prod")
    assert (done.code, done.out, contents(shop)) == (0, "", before)
    assert "nothing was written" in done.err


def test_dry_run_shows_and_writes_nothing(cfgc: Cfgc, shop: Path) -> None:
    before = contents(shop)
    done = cfgc(shop, "promote", "managers.web.replicas", "--from", "prod", "--to", "test", "--dry-run")
    assert "managers.web.replicas: 1 -> 3" in done.out
    assert "+replicas: 3" in done.out
    assert contents(shop) == before


def test_json_names_every_change(cfgc: Cfgc, shop: Path) -> None:
    done = cfgc(shop, "promote", "managers.web.replicas", "--from", "prod", "--to", "test", "--format", "json")
    assert done.data == {
        "from": "prod",
        "to": "test",
        "changes": [
            {
                "file": "environments/test/managers/web.yaml",
                "line": 1,
                "column": 11,
                "layer": "test",
                "environment": "test",
                "path": "managers.web.replicas",
                "old": 1,
                "new": 3,
            }
        ],
    }


def test_secrets_are_not_promoted(cfgc: Cfgc, shop: Path, seal: Callable[[Path, str], None]) -> None:
    seal(shop / "environments/prod/managers/web.sops.yaml", "password: hunter2\n")
    (shop / WEB).write_text('dsn: "db://${.password}"\n')
    before = contents(shop)
    for path in ("managers.web", "managers.web.password", "managers.web.dsn"):
        done = cfgc(shop, "promote", path, "--from", "prod", "--to", "test")
        assert (done.code, contents(shop)) == (1, before)
        assert "error[CFG978]" in done.err
        assert "hunter2" not in done.out + done.err


def test_a_promotion_that_the_other_s_checks_refuse_is_not_written(cfgc: Cfgc, shop: Path) -> None:
    (shop / "policies").mkdir()
    (shop / "policies/many.yaml").write_text(
        "policies:\n  - name: many\n    match: {labels: {tier: prod}, components: [web]}\n"
        '    assert: config.replicas > 1\n    message: "too few"\n    help: more\n'
    )
    before = contents(shop)
    done = cfgc(shop, "promote", "managers.web.replicas", "--from", "test", "--to", "prod")
    assert (done.code, contents(shop)) == (1, before)
