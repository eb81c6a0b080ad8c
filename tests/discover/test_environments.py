"""Environments, their layers and labels (SPEC 2)."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cfgc.model.layers import Locator
from cfgc.stages.discover import select_environments
from cfgc.stages.discover.environments import environments
from cfgc.stages.discover.layout import Assigned
from cfgc.stages.discover.settings import Settings
from tests.discover.conftest import Discover, Refused, layers, shown

FILES = {f"environments/{layer}/a.yaml": "" for layer in ("base", "test", "prod", "regions/eu", "prod-eu")}


def settings(text: str) -> dict[str, str]:
    return {**FILES, "cfgc.yaml": text}


class TestWithoutSettings:
    def test_each_folder_or_file_beside_base_is_an_environment(self, discovered: Discover) -> None:
        found = discovered(
            {
                "environments/base/a.yaml": "",
                "environments/prod/a.yaml": "",
                "environments/test.yaml": "",
                "environments/stage.sops.yaml": "",
            }
        )
        assert layers(found) == {"prod": ("base", "prod"), "stage": ("base", "stage"), "test": ("base", "test")}
        assert found[1] == []

    def test_base_may_be_missing(self, discovered: Discover) -> None:
        assert layers(discovered({"environments/prod.yaml": ""})) == {"prod": ("prod",)}

    def test_a_settings_file_without_environments_changes_nothing(self, discovered: Discover) -> None:
        files = {"environments/base.yaml": "", "environments/prod.yaml": "", "cfgc.yaml": "project: shop\n"}
        assert layers(discovered(files)) == {"prod": ("base", "prod")}

    def test_a_folder_that_only_groups_layers_is_reported(self, discovered: Discover) -> None:
        """A folder that holds only folders without layer files is reported, not taken for an environment."""
        found = discovered({"environments/regions/eu/managers/a.yaml": "", "environments/prod/managers/a.yaml": ""})
        assert layers(found) == {"prod": ("prod",)}
        (finding,) = found[1]
        assert (finding.code, str(finding.location)) == ("CFG118", "environments/regions/eu/managers/a.yaml:1:1")
        assert finding.message.startswith("`regions` is not taken for an environment")

    def test_a_folder_of_documentation_is_no_environment(self, discovered: Discover) -> None:
        found = discovered({"environments/prod.yaml": "", "environments/docs/a.md": "", "environments/README.md": ""})
        assert (layers(found), found[1]) == ({"prod": ("prod",)}, [])

    def test_a_project_without_an_environment_is_none(self, refused: Refused) -> None:
        """CFG112."""
        (found,) = refused({"environments/base/a.yaml": ""})
        assert (found.code, found.notes) == ("CFG112", ("there are only the layers `base`, `base/a`",))

    def test_nothing_at_all_is_no_project(self, refused: Refused) -> None:
        """CFG101."""
        (found,) = refused({"README.md": ""})
        assert found.code == "CFG101"


class TestDeclared:
    def test_a_chain_is_the_parents_chains_then_the_own_layers(self, discovered: Discover) -> None:
        """The example of SPEC 2; labels are inherited."""
        found = discovered(
            settings(
                "environments:\n"
                "  test: {extends: base}\n"
                "  prod: {extends: base, labels: {tier: prod, region: us}}\n"
                "  prod-eu: {extends: prod, layers: [regions/eu, prod-eu], labels: {region: eu}}\n"
            )
        )
        assert layers(found) == {
            "test": ("base", "test"),
            "prod": ("base", "prod"),
            "prod-eu": ("base", "prod", "regions/eu", "prod-eu"),
        }
        assert found[0].environments["prod-eu"].labels == {"tier": "prod", "region": "eu"}
        assert found[0].environments["test"].labels == {}
        assert found[1] == []

    def test_extends_is_base_by_default(self, discovered: Discover) -> None:
        """Every key has a default: what is written for an environment adds to what it is without being written."""
        found = discovered(settings("environments:\n  prod:\n  test: {labels: {a: b}}\n  prod-eu: {extends: []}\n"))
        assert layers(found) == {"prod": ("base", "prod"), "test": ("base", "test"), "prod-eu": ("prod-eu",)}

    def test_the_own_default_layer_may_be_missing(self, discovered: Discover) -> None:
        found = discovered(settings("environments: {canary: {extends: prod}, prod: {}}\n"))
        assert layers(found)["canary"] == ("base", "prod", "canary")
        assert found[0].files["canary"] == ()

    def test_an_environment_wins_over_a_layer_of_its_name(self, discovered: Discover) -> None:
        found = discovered(settings("environments: {prod: {extends: test}, prod-eu: {extends: prod}}\n"))
        assert layers(found)["prod-eu"] == ("test", "prod", "prod-eu")

    def test_a_layer_that_is_reached_twice_counts_once_at_its_first_place(self, discovered: Discover) -> None:
        found = discovered(settings("environments: {test: {}, prod: {}, both: {extends: [test, prod]}}\n"))
        assert layers(found)["both"] == ("base", "test", "prod", "both")

    def test_the_later_parent_gives_the_label(self, discovered: Discover) -> None:
        found = discovered(
            settings(
                "environments:\n"
                "  test: {labels: {tier: test, a: '1'}}\n"
                "  prod: {labels: {tier: prod, b: '2'}}\n"
                "  both: {extends: [test, prod], labels: {c: '3'}}\n"
            )
        )
        assert found[0].environments["both"].labels == {"tier": "prod", "a": "1", "b": "2", "c": "3"}

    def test_environments_may_be_written_in_any_order(self, discovered: Discover) -> None:
        found = discovered(settings("environments: {prod-eu: {extends: prod}, prod: {extends: base}}\n"))
        assert list(layers(found).items()) == [("prod-eu", ("base", "prod", "prod-eu")), ("prod", ("base", "prod"))]

    def test_base_may_be_an_environment(self, discovered: Discover) -> None:
        found = discovered(settings("environments: {base: {}, prod: {}}\n"))
        assert layers(found) == {"base": ("base",), "prod": ("base", "prod")}


class TestMistakes:
    def test_a_named_layer_must_exist(self, refused: Refused) -> None:
        """CFG114."""
        found = refused(settings("environments:\n  prod: {extends: bse, layers: [prod, regions/us]}\n"))
        assert shown(found) == [
            "cfgc.yaml:2:19: CFG114 there is no environment or layer `bse`",
            "cfgc.yaml:2:39: CFG114 there is no layer `regions/us`",
        ]
        assert [one.help for one in found] == ["did you mean `base`?", "did you mean `regions/eu`?"]

    def test_a_cycle_shows_every_hop(self, refused: Refused) -> None:
        """CFG115."""
        text = "environments:\n  a: {extends: b}\n  b: {extends: [prod, c]}\n  c: {extends: a}\n  prod: {}\n"
        (found,) = refused(settings(text))
        assert shown([found]) == ["cfgc.yaml:2:16: CFG115 the environment `a` extends itself: `a` -> `b` -> `c` -> `a`"]
        assert [(str(one.location), one.message) for one in found.related] == [
            ("cfgc.yaml:3:23", "`b` extends `c`"),
            ("cfgc.yaml:4:16", "`c` extends `a`"),
        ]

    def test_extending_oneself_is_a_cycle(self, refused: Refused) -> None:
        (found,) = refused(settings("environments: {prod: {extends: prod}}\n"))
        assert found.message == "the environment `prod` extends itself: `prod` -> `prod`"

    def test_every_cycle_is_found_once(self, refused: Refused) -> None:
        extends = {"a": "a", "x": "a", "b": "c", "c": "[b, x]", "y": "c"}
        text = "environments:\n" + "".join(f"  {name}: {{extends: {above}}}\n" for name, above in extends.items())
        assert [found.message.partition(":")[0] for found in refused(settings(text))] == [
            "the environment `a` extends itself",
            "the environment `b` extends itself",
        ]

    def test_two_orders_of_the_same_layers_are_an_error(self, refused: Refused) -> None:
        """CFG116: with both positions."""
        text = (
            "environments:\n"
            "  one: {extends: [], layers: [prod, test]}\n"
            "  two: {extends: [], layers: [test, prod]}\n"
            "  both: {extends: [one, two], layers: []}\n"
        )
        (found,) = refused(settings(text))
        assert str(found.location) == "cfgc.yaml:4:25"
        assert found.message == "the environment `both` orders its layers in two ways: here `test` lies beneath `prod`"
        assert [(str(one.location), one.message) for one in found.related] == [
            ("cfgc.yaml:4:20", "brings `prod` first")
        ]

    def test_an_order_that_is_written_is_never_lost(self, refused: Refused) -> None:
        """CFG116: `prod` came first through `extends`, so it could not lie over `regions/eu` as is written here."""
        (found,) = refused(settings("environments: {prod: {}, prod-eu: {extends: prod, layers: [regions/eu, prod]}}\n"))
        assert found.message.endswith("here `regions/eu` lies beneath `prod`")

    @pytest.mark.parametrize("name", ["CON", "aux.eu", "p."])
    def test_an_environment_needs_a_name_that_every_system_takes(self, refused: Refused, name: str) -> None:
        """O09, CFG119, CFG106."""
        (found,) = refused(settings(f"environments: {{prod: {{}}, {name}: {{extends: prod}}}}\n"))
        assert found.code in ("CFG119", "CFG106")
        assert str(found.location) == "cfgc.yaml:1:26"

    def test_environments_that_differ_in_case_alone_are_an_error(self, refused: Refused) -> None:
        """F13, CFG120: `dist/prod` and `dist/Prod` are one folder on many systems."""
        (found,) = refused(settings("environments: {prod: {}, Prod: {extends: prod, layers: []}}\n"))
        assert shown([found]) == [
            "cfgc.yaml:1:26: CFG120 `Prod` and `prod` differ in case alone, and many file systems take them for one"
        ]


class AnyLayer:
    """A layout that holds every layer."""

    def environments(self) -> list[str]:
        return []

    layers = environments

    def holds(self, layer: str) -> bool:
        return True

    def assign(self, declared: AbstractSet[str], *, implied: bool) -> Assigned:
        return Assigned({}, [])


@given(st.lists(st.lists(st.integers(0, 6), max_size=3), min_size=1, max_size=6))
def test_a_chain_holds_every_order_that_it_is_made_of(parents: list[list[int]]) -> None:
    """Whatever extends whatever: no layer twice, the own layer in it, no parent's order changed; or a finding."""
    written = {f"e{n}": {"extends": [f"e{parent}" for parent in above]} for n, above in enumerate(parents)}
    nowhere = cast("Locator", None)
    found, findings = environments(Settings({"environments": written}, nowhere, written=True), AnyLayer())
    assert len(found) == len(written) or any(one.code == "CFG115" for one in findings)
    if any(one.code == "CFG116" for one in findings):
        return
    for name, environment in found.items():
        assert len(set(environment.layers)) == len(environment.layers)
        assert name in environment.layers
        for parent in written[name]["extends"]:
            chain = found[parent].layers if parent in found else (parent,)
            assert [layer for layer in environment.layers if layer in chain] == list(chain)


class TestSelection:
    def test_no_name_means_all(self, discovered: Discover) -> None:
        project, _ = discovered(settings("environments: {prod: {}, test: {}}\n"))
        assert [one.name for one in select_environments([], project)[0]] == ["prod", "test"]

    def test_names_are_taken_once_in_their_order(self, discovered: Discover) -> None:
        project, _ = discovered(settings("environments: {prod: {}, test: {}}\n"))
        found, findings = select_environments(["test", "prod", "test"], project)
        assert ([one.name for one in found], findings) == (["test", "prod"], [])

    def test_an_unknown_name_gets_a_suggestion(self, discovered: Discover) -> None:
        """CFG113."""
        project, _ = discovered(settings("environments: {prod: {}, test: {}}\n"))
        found, findings = select_environments(["prd", "test", "x"], project)
        assert [one.name for one in found] == ["test"]
        assert [(one.code, one.message, one.help) for one in findings] == [
            ("CFG113", "there is no environment `prd`", "did you mean `prod`?"),
            ("CFG113", "there is no environment `x`", "there are `prod`, `test`"),
        ]
