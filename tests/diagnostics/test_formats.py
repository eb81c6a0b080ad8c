"""SPEC 9: the formats that programs read keep to their schemas, whatever a finding says (THREATS O11, O12)."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from cfgc.diagnostics import Diagnostic, Label, Severity, report
from cfgc.diagnostics.catalogue import STAGES
from cfgc.diagnostics.renderers import FORMATS, Listing, render
from cfgc.model.location import Location, command_line

DENIED = report(
    "policy-denied",
    message="`managers.web` runs with debug in prod",
    at=Location("environments/prod/web.yaml", 4, 8, 4, 12),
    label="denied by `no-debug`",
    path=("managers", "web", "debug"),
    environment="prod",
    component="managers.web",
    related=[Label(Location("policies/p.yaml", 9, 13, 9, 40), "policy `no-debug` asserts this")],
    notes=["a note"],
    help="set `debug: false`",
)
WARNED = report(
    "policy-constant",
    policy="p",
    outcome="is true",
    at=Location("policies/p.yaml", 9, 13, 9, 40),
    severity=Severity.WARNING,
)
NOTED = report(
    "policy-waived", policy="p", target="t", until="2027-01-31", owner="o", reason="r", environment="test", path=("t",)
)
PLACELESS = report("waiver-unknown-policy", policy="p").but(help="")
GIVEN = report("waiver-idle", policy="p", target="t", at=command_line("--set"))
ALL = [DENIED, WARNED, NOTED, PLACELESS, GIVEN]

_SARIF_TEXT = {
    "type": "object",
    "required": ["text"],
    "properties": {"text": {"type": "string"}, "markdown": {"type": "string"}},
}
_SARIF_LOCATION: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "id": {"type": "integer", "minimum": -1},
        "message": {**_SARIF_TEXT, "additionalProperties": False},
        "physicalLocation": {
            "type": "object",
            "required": ["artifactLocation"],
            "additionalProperties": False,
            "properties": {
                "artifactLocation": {
                    "type": "object",
                    "additionalProperties": False,
                    "properties": {
                        "uri": {"type": "string", "pattern": r"^(?:[A-Za-z0-9._~/-]|%[0-9A-F]{2})+$"},
                        "uriBaseId": {"type": "string"},
                    },
                },
                "region": {
                    "type": "object",
                    "additionalProperties": False,
                    "properties": {
                        key: {"type": "integer", "minimum": 1}
                        for key in ("startLine", "startColumn", "endLine", "endColumn")
                    },
                },
            },
        },
        "logicalLocations": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"fullyQualifiedName": {"type": "string"}, "kind": {"type": "string"}},
            },
        },
    },
}
SARIF = {
    "type": "object",
    "required": ["version", "runs"],
    "additionalProperties": False,
    "properties": {
        "$schema": {"type": "string", "format": "uri"},
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "minItems": 1,
            "maxItems": 1,
            "items": {
                "type": "object",
                "required": ["tool"],
                "additionalProperties": False,
                "properties": {
                    "tool": {
                        "type": "object",
                        "required": ["driver"],
                        "properties": {
                            "driver": {
                                "type": "object",
                                "required": ["name", "version", "rules"],
                                "properties": {
                                    "rules": {
                                        "type": "array",
                                        "uniqueItems": True,
                                        "items": {
                                            "type": "object",
                                            "required": [
                                                "id",
                                                "name",
                                                "shortDescription",
                                                "help",
                                                "defaultConfiguration",
                                            ],
                                            "additionalProperties": False,
                                            "properties": {
                                                "id": {"pattern": "^CFG[0-9]{3}$"},
                                                "name": {"type": "string"},
                                                "shortDescription": _SARIF_TEXT,
                                                "help": _SARIF_TEXT,
                                                "defaultConfiguration": {
                                                    "properties": {"level": {"enum": ["error", "warning", "note"]}}
                                                },
                                            },
                                        },
                                    }
                                },
                            }
                        },
                    },
                    "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                    "results": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["message", "ruleId", "level", "locations", "partialFingerprints"],
                            "additionalProperties": False,
                            "properties": {
                                "ruleId": {"type": "string"},
                                "ruleIndex": {"type": "integer", "minimum": 0},
                                "level": {"enum": ["none", "note", "warning", "error"]},
                                "message": {**_SARIF_TEXT, "additionalProperties": False},
                                "locations": {"type": "array", "items": _SARIF_LOCATION},
                                "relatedLocations": {"type": "array", "uniqueItems": True, "items": _SARIF_LOCATION},
                                "partialFingerprints": {"type": "object", "additionalProperties": {"type": "string"}},
                                "properties": {"type": "object"},
                            },
                        },
                    },
                },
            },
        },
    },
}
"""the part of sarif-schema-2.1.0.json (OASIS) that our output uses, closed against everything else"""
GITLAB = {
    "type": "array",
    "items": {
        "type": "object",
        "additionalProperties": False,
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string", "pattern": "^[^\n]+$"},
            "check_name": {"type": "string"},
            "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{40}$"},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "pattern": "^[^./]"},
                    "lines": {"required": ["begin"], "properties": {"begin": {"type": "integer", "minimum": 1}}},
                },
            },
        },
    },
}
"""docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format"""
JSON = json.loads(files("cfgc.diagnostics.renderers").joinpath("findings.schema.json").read_text(encoding="utf-8"))
SCHEMAS = {"json": JSON, "gitlab": GITLAB, "sarif": SARIF}


def listing(*found: Diagnostic, environments: tuple[str, ...] = ("test", "prod")) -> Listing:
    return Listing(found, lambda file, line: f"line {line} of {file}", environments)


def problems(format_name: str, text: str) -> list[str]:
    return [error.message for error in Draft202012Validator(SCHEMAS[format_name]).iter_errors(json.loads(text))]


@pytest.mark.parametrize("format_name", SCHEMAS)
@pytest.mark.parametrize("found", [[], ALL, [DENIED] * 3], ids=["none", "all", "same"])
def test_the_output_keeps_to_its_schema(format_name: str, found: list[Diagnostic]) -> None:
    assert problems(format_name, render(format_name, listing(*found))) == []


def test_the_published_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(JSON)
    assert problems("json", '{"diagnostics": [{}]}') != []


def test_json_of_a_finding() -> None:
    document = json.loads(render("json", listing(DENIED, NOTED)))
    assert document["diagnostics"][1] == {
        "code": "CFG710",
        "name": "policy-denied",
        "severity": "error",
        "message": "`managers.web` runs with debug in prod",
        "file": "environments/prod/web.yaml",
        "line": 4,
        "column": 8,
        "end_line": 4,
        "end_column": 12,
        "path": "managers.web.debug",
        "environment": "prod",
        "environments": ["prod"],
        "component": "managers.web",
        "help": "set `debug: false`",
        "notes": ["a note"],
        "related": [{"file": "policies/p.yaml", "line": 9, "column": 13, "message": "policy `no-debug` asserts this"}],
    }
    assert document["summary"] == {"errors": 1, "warnings": 0, "notes": 1, "environments": ["test", "prod"]}


def test_json_of_a_finding_without_a_line_has_nulls() -> None:
    (found,) = json.loads(render("json", listing(GIVEN)))["diagnostics"]
    assert (found["file"], found["line"], found["end_column"]) == ("<--set>", None, None)


def test_concise_is_a_line_a_finding() -> None:
    assert render("concise", listing(*ALL, environments=("prod",))).splitlines() == [
        "t: note[CFG716] policy `p` is waived for `t` until 2027-01-31 by o: r",
        "cfgc: error[CFG718] a waiver names the unknown policy `p`",
        "<--set>: warning[CFG720] the waiver of `p` for `t` waives nothing",
        "environments/prod/web.yaml:4:8: error[CFG710] `managers.web` runs with debug in prod",
        "policies/p.yaml:9:13: warning[CFG709] `assert` of policy `p` is true whatever the configuration",
    ]


def test_gitlab_gives_file_line_and_severity() -> None:
    issues = {issue["check_name"]: issue for issue in json.loads(render("gitlab", listing(*ALL)))}
    denied = issues["CFG710 policy-denied"]
    assert denied["location"] == {"path": "environments/prod/web.yaml", "lines": {"begin": 4}}
    assert {name[:6]: issue["severity"] for name, issue in issues.items()} == {
        "CFG709": "minor", "CFG710": "major", "CFG716": "info", "CFG718": "major", "CFG720": "minor",
    }  # fmt: skip


def prints(format_name: str, *found: Diagnostic) -> list[str]:
    document = json.loads(render(format_name, listing(*found)))
    if format_name == "gitlab":
        return [issue["fingerprint"] for issue in document]
    return [result["partialFingerprints"]["cfgcFinding/v1"] for result in document["runs"][0]["results"]]


@pytest.mark.parametrize("format_name", ["gitlab", "sarif"])
def test_fingerprints_survive_that_lines_move_and_tell_findings_apart(format_name: str) -> None:
    moved = DENIED.but(location=Location("environments/prod/web.yaml", 40, 3, 40, 9))
    assert prints(format_name, DENIED) == prints(format_name, moved)
    assert prints(format_name, DENIED) == prints(format_name, DENIED, DENIED.but(environment="test"))
    others = [
        DENIED.but(path=("managers", "web", "port")),
        DENIED.but(location=Location("environments/base/web.yaml", 4, 8)),
        DENIED.but(message="another"),
        DENIED.but(component="managers.api"),
        DENIED.but(code="CFG711"),
    ]
    assert len({prints(format_name, each)[0] for each in [DENIED, *others]}) == 6
    assert len(set(prints(format_name, DENIED, moved))) == 2


def test_sarif_names_rule_place_and_other_side() -> None:
    (run,) = json.loads(render("sarif", listing(*ALL)))["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["CFG709", "CFG710", "CFG716", "CFG718", "CFG720"]
    assert all(rule["help"]["text"].startswith(f"# {rule['id']}") for rule in rules)
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in run["results"])
    denied = next(result for result in run["results"] if result["ruleId"] == "CFG710")
    assert denied["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "environments/prod/web.yaml", "uriBaseId": "%SRCROOT%"},
                "region": {"startLine": 4, "startColumn": 8, "endLine": 4, "endColumn": 12},
            },
            "logicalLocations": [{"fullyQualifiedName": "managers.web.debug", "kind": "member"}],
        }
    ]
    assert denied["relatedLocations"][0]["message"] == {"text": "policy `no-debug` asserts this"}


def test_sarif_writes_file_names_as_uris() -> None:
    text = render("sarif", listing(DENIED.but(location=Location("environments/ä b#%.yaml", 1))))
    assert "environments/%C3%A4%20b%23%25.yaml" in text


def suites(*found: Diagnostic) -> dict[str, ElementTree.Element]:
    root = ElementTree.fromstring(render("junit", listing(*found)))
    assert root.tag == "testsuites"
    return {suite.attrib["name"]: suite for suite in root}


def test_junit_has_a_suite_an_environment_and_a_case_a_stage() -> None:
    found = suites(*ALL)
    assert list(found) == ["project", "test", "prod"]
    for name, suite in found.items():
        assert suite.tag == "testsuite"
        cases = [case.attrib["name"] for case in suite]
        assert cases == list(STAGES)
        assert suite.attrib["tests"] == str(len(STAGES))
        assert suite.attrib["failures"] == str(len(suite.findall("testcase/failure")))
        assert all(case.attrib["classname"] == f"cfgc.{name}" for case in suite)


def test_junit_errors_are_failures_and_the_rest_is_output() -> None:
    found = suites(*ALL)
    (failure,) = found["prod"].findall("testcase/failure")
    assert failure.attrib == {"type": "CFG710", "message": "`managers.web` runs with debug in prod"}
    assert "environments/prod/web.yaml:4:8: error[CFG710]" in (failure.text or "")
    assert found["test"].findall("testcase/failure") == []
    assert "note[CFG716]" in (found["test"].findtext("testcase/system-out") or "")


def test_junit_of_nothing_passes_everything() -> None:
    assert [suite.attrib["failures"] for suite in suites().values()] == ["0", "0", "0"]


ANY_TEXT = st.text(st.characters(), max_size=30)


@settings(max_examples=30)
@given(ANY_TEXT, ANY_TEXT, ANY_TEXT)
def test_whatever_a_finding_says_every_format_stays_well_formed(message: str, key: str, file: str) -> None:
    found = report(
        "policy-denied",
        message=f"{message}]]></failure><x/>",
        at=Location(f"a{file}", 1, 1, 1, 3),
        label=key,
        path=(key or "k", 0),
        environment="prod",
        notes=[message],
        help=key,
    )
    for format_name in FORMATS:
        text = render(format_name, listing(found))
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", text), format_name
        text.encode()
        if format_name in SCHEMAS:
            assert problems(format_name, text) == []
    assert ElementTree.fromstring(render("junit", listing(found))).findall(".//x") == []


@pytest.mark.parametrize("format_name", ["full", "concise", "junit", "gitlab"])
def test_o10_no_name_poses_as_a_line_of_ours(format_name: str) -> None:
    """A file, a key or a value with a newline could forge a finding, or a quick action of GitLab."""
    evil = "a\n/approve\nerror[CFG000] forged"
    found = report("unknown-environment", called=evil, at=Location(f"{evil}.yaml", 1), path=(evil,))
    text = render(format_name, Listing([found], lambda *_: None, (evil,)))
    assert not [line for line in text.splitlines() if line.startswith(("/", "error[CFG000]"))]
    assert "\\n" in text


def test_a_message_does_not_quote_without_end() -> None:
    found = report("unknown-environment", called="x" * 1_000_000)
    assert len(found.message) < 1000
