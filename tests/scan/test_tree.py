"""A tree with every format: what each file is, whether it parses, what it sets and expects (issue 5, section 1)."""

from __future__ import annotations

import pytest

from cfgc.reports.scan import Inventory, Request, scan
from cfgc.reports.scan.inventory import Facts
from tests.scan.tree import PROBLEMS, TREE, write


@pytest.fixture(scope="module")
def inventory(tmp_path_factory: pytest.TempPathFactory) -> Inventory:
    folder = tmp_path_factory.mktemp("tree")
    write(folder)
    return scan(Request(folder))[0]


@pytest.fixture(scope="module")
def facts(inventory: Inventory) -> dict[str, Facts]:
    return {source.facts.path: source.facts for source in inventory.sources}


def test_every_source_is_listed_in_order_and_nothing_else(inventory: Inventory) -> None:
    assert [source.facts.path for source in inventory.sources] == sorted(TREE)


@pytest.mark.parametrize("name", TREE)
def test_a_file_is_what_it_is(name: str, facts: dict[str, Facts]) -> None:
    told, leaf = facts[name], TREE[name]
    assert (told.format, told.role, told.state) == (leaf.format, leaf.role, leaf.state), told
    assert told.size == len(leaf.content.encode())


@pytest.mark.parametrize("name", PROBLEMS)
def test_a_broken_file_is_broken_at_its_first_error(name: str, facts: dict[str, Facts]) -> None:
    problem = facts[name].problem
    assert problem is not None
    assert problem[:2] == PROBLEMS[name], problem


def test_the_broken_ones_are_those_and_no_others(facts: dict[str, Facts]) -> None:
    assert {name for name, told in facts.items() if told.state == "broken"} == set(PROBLEMS)


@pytest.mark.parametrize(
    ("name", "top", "keys"),
    [
        ("settings.yaml", ("a", "b"), 3),
        ("data.json", ("a",), 2),
        ("app.json5", ("a", "b"), 2),
        ("app.toml", ("a", "b"), 3),
        ("app.ini", ("a",), 2),
        ("app.properties", ("a.b",), 1),
        ("main.tf", ("variable", "output"), 4),
        ("k8s/deployment.yaml", ("apiVersion", "kind", "spec"), 9),
    ],
)
def test_keys_are_counted_at_all_depths(name: str, top: tuple[str, ...], keys: int, facts: dict[str, Facts]) -> None:
    assert facts[name].top == top
    assert facts[name].keys == keys


def test_documents_of_one_file_are_counted(facts: dict[str, Facts]) -> None:
    assert facts["k8s/deployment.yaml"].documents == 2


@pytest.mark.parametrize(
    ("name", "declared", "used"),
    [
        (".env", ("HOST", "PORT"), ("NAME",)),
        ("Dockerfile", ("A", "B", "C"), ()),
        ("compose.yaml", ("LEVEL",), ("TAG",)),
        ("k8s/deployment.yaml", ("POD",), ()),
        ("main.tf", ("region",), ("zone",)),
        ("prod.tfvars", ("region",), ()),
        (".gitlab-ci.yml", ("A",), ("CI_X",)),
        (".github/workflows/ci.yml", ("A",), ("TOKEN",)),
        ("application.properties", (), ("HOME_DIR",)),
        ("settings.py", (), ("APP_X",)),
    ],
)
def test_variables_are_told_with_who_sets_and_who_reads_them(
    name: str, declared: tuple[str, ...], used: tuple[str, ...], facts: dict[str, Facts]
) -> None:
    assert (facts[name].declared, tuple(facts[name].used)) == (declared, used)


def test_a_variable_is_told_with_the_first_line_that_reads_it(facts: dict[str, Facts]) -> None:
    assert facts["compose.yaml"].used == {"TAG": 3}
    assert facts["main.tf"].used == {"zone": 4}
    assert facts["settings.py"].used == {"APP_X": 2}


def test_a_template_tells_what_it_expects(facts: dict[str, Facts]) -> None:
    assert facts["app.yaml.j2"].expects == ("port", "tls")
    assert facts["chart/templates/a.yaml"].expects == (".Values.kind", ".Values.replicas")


@pytest.mark.parametrize(
    ("name", "encrypted"),
    [
        ("secrets.sops.yaml", {"SOPS": 2}),
        ("group_vars/all.yml", {"Ansible Vault": 1}),
        ("group_vars/vault.yml", {"Ansible Vault": 1}),
        ("backup.age", {"age": 1}),
        ("server.key", {"PEM": 1}),
    ],
)
def test_what_is_encrypted_is_told(name: str, encrypted: dict[str, int], facts: dict[str, Facts]) -> None:
    assert facts[name].encrypted == encrypted


def test_variables_of_all_files_come_together(inventory: Inventory) -> None:
    (region,) = [each for each in inventory.variables() if each.name == "region"]
    assert region.declared == ("main.tf", "prod.tfvars")


def test_the_summary_counts_them(inventory: Inventory) -> None:
    numbers = inventory.summary()
    assert numbers["sources"] == len(TREE)
    assert numbers["broken"] == len(PROBLEMS)
    assert numbers["suspected"] == 0
    assert numbers["structs"] == 1
