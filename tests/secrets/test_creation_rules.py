"""L16: a file that `.sops.yaml` says is encrypted stands in plain text."""

from __future__ import annotations

from typing import Any

import pytest

from cfgc.stages.secrets.creation_rules import check_creation_rules

TEXT = "db: {password: p, host: h}"


@pytest.mark.parametrize(
    ("rules", "found"),
    [
        ([{"path_regex": "environments/prod/"}], True),
        ([{"path_regex": r"prod/.*\.yaml$", "age": "age1x"}], True),
        ([{"path_regex": "environments/test/"}], False),
        ([{"age": "age1x"}], False),
        ([{"path_regex": "prod", "encrypted_regex": "^password$"}], True),
        ([{"path_regex": "prod", "encrypted_regex": "^nothing$"}], False),
        ([{"path_regex": "prod", "encrypted_suffix": "_s"}], False),
        ([{"path_regex": "prod", "encrypted_comment_regex": "s"}], False),
        ([{"path_regex": "prod/x", "encrypted_regex": "^no$"}, {"path_regex": "prod"}], False),
        ([{"path_regex": "("}, {"path_regex": "prod"}], True),
        ([5, {"path_regex": 5}], False),
        ({"path_regex": "prod"}, False),
        (None, False),
    ],
)
def test_a_file_that_a_rule_would_encrypt(rules: Any, found: bool, desk: Any) -> None:
    document = desk.seal(desk.write("environments/prod/x.yaml", TEXT))
    findings = check_creation_rules({"creation_rules": rules}, [document])
    assert [finding.name for finding in findings] == (["unencrypted-by-rule"] if found else [])
    assert not any(finding.quotable for finding in findings)


@pytest.mark.parametrize(("text", "found"), [("l: [{password: p}]", True), ("l: !append [{name: n}]", False)])
def test_values_in_lists_and_behind_markers(text: str, found: bool, desk: Any) -> None:
    document = desk.seal(desk.write("environments/prod/x.yaml", text))
    rules = [{"path_regex": "prod", "encrypted_regex": "password"}]
    assert bool(check_creation_rules({"creation_rules": rules}, [document])) is found


def test_an_encrypted_file_an_empty_one_and_one_that_is_reported_already(desk: Any) -> None:
    documents = [
        desk.seal(desk.encrypt("environments/prod/a.sops.yaml", TEXT)),
        desk.seal(desk.write("environments/prod/b.yaml", "")),
        desk.seal(desk.write("environments/prod/c.sops.yaml", TEXT)),
        desk.seal(desk.write("environments/prod/d.yaml", "a: ''\nb: !append []\n")),
    ]
    assert check_creation_rules({"creation_rules": [{"path_regex": "prod"}]}, documents) == []


@pytest.mark.parametrize("config", [None, [], "text", {}, {"creation_rules": None}])
def test_any_content_of_the_file_is_fine(config: Any, desk: Any) -> None:
    assert check_creation_rules(config, [desk.seal(desk.write("environments/prod/x.yaml", TEXT))]) == []
