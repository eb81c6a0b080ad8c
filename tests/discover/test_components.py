"""Components and outputs: globs, names, and who gets which file (SPEC 1, 2, 8)."""

from __future__ import annotations

from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cfgc.diagnostics import Diagnostic, report
from cfgc.model.keypath import KeyPath
from cfgc.model.location import Location
from cfgc.model.project import Output, Project
from cfgc.stages.discover import (
    check_components,
    check_outputs,
    check_unmatched,
    components_of,
    matches,
    outputs_for,
    outputs_for_environment,
    placed,
    select_components,
)
from tests.discover.conftest import Discover, shown

TREE = {
    "managers": {"path-manager": {"a": 1}, "gateway": {}, "owner": "team"},
    "plugins": {"mail": {}, "gateway": {}},
    "orchestrator": {"x": {"y": {}}},
    "version": 3,
}
KNOWN: list[KeyPath] = [
    ("managers", "path-manager"),
    ("managers", "gateway"),
    ("plugins", "mail"),
    ("plugins", "gateway"),
    ("orchestrator",),
]


def with_components(*patterns: str) -> Project:
    return Project("", "2026.1", {}, {}, components=patterns, outputs=())


def with_outputs(*outputs: Output) -> Project:
    return Project("", "2026.1", {}, {}, components=("*",), outputs=outputs)


class TestComponents:
    @pytest.mark.parametrize(
        ("patterns", "found"),
        [
            (["*"], ["managers", "plugins", "orchestrator"]),
            (["managers/*", "plugins.*", "orchestrator"], [".".join(map(str, path)) for path in KNOWN]),
            (["*/gateway"], ["managers.gateway", "plugins.gateway"]),
            (["managers/*-manager"], ["managers.path-manager"]),
            (["managers.owner", "version", "missing"], []),
            (["**/y"], ["orchestrator.x.y"]),
            (["orchestrator/**"], ["orchestrator", "orchestrator.x", "orchestrator.x.y"]),
            ([], []),
        ],
    )
    def test_a_component_is_a_map_that_a_glob_names(self, patterns: list[str], found: list[str]) -> None:
        """In the tree's order; each top-level key by default."""
        components = components_of(with_components(*patterns), TREE)
        assert [".".join(map(str, path)) for path in components] == found

    def test_names_that_cannot_be_folders_are_found_at_their_key(self) -> None:
        """CFG119, CFG120, O09: also for a component that is no file's name but a key in one."""
        found = check_components([("m", "../x"), ("m", "web"), ("m", "Web"), ("con",), ("m", "_x"), ("n", "web")])
        assert [(one.code, one.path, one.blame_key) for one in found] == [
            ("CFG119", ("m", "../x"), True),
            ("CFG120", ("m", "Web"), True),
            ("CFG119", ("con",), True),
            ("CFG119", ("m", "_x"), True),
        ]
        assert check_components(KNOWN) == []


class TestGlobs:
    @pytest.mark.parametrize(
        ("pattern", "component", "expected"),
        [
            ("managers/gateway", "managers.gateway", True),
            ("managers.gateway", "managers.gateway", True),
            ("gateway", "managers.gateway", True),
            ("*", "managers.gateway", True),
            ("gate*", "managers.gateway", True),
            ("managers", "managers.gateway", False),
            ("managers/*", "managers.gateway", True),
            ("managers/*", "managers", False),
            ("*/gateway", "plugins.gateway", True),
            ("*/*", "a.b.c", False),
            ("**", "a.b.c", True),
            ("a/**/c", "a.c", True),
            ("a/**/c", "a.b.b.c", True),
            ("a/**/c", "a.b.b.d", False),
            ('managers."node.js"', 'managers|node.js', True),
            ("managers.node.js", "managers|node.js", False),
            ("", "a", False),
            ("a//b", "a.b", False),
            ("/a", "a", False),
            ('"a', "a", False),
            ('"a"b', "ab", False),
        ],
    )  # fmt: skip
    def test_a_name_means_a_component(self, pattern: str, component: str, *, expected: bool) -> None:
        """SPEC 1: a glob over the path (`/` and `.` are the same), or the last segment."""
        assert matches(pattern, tuple(component.split("|" if "|" in component else "."))) == expected

    @given(st.text("ab*", min_size=1, max_size=6), st.text("ab", min_size=1, max_size=8))
    def test_a_star_is_any_text_in_a_segment(self, pattern: str, name: str) -> None:
        if pattern != "**":
            assert matches(pattern, (name,)) == fnmatchcase(name, pattern)

    @given(
        st.lists(st.sampled_from(["a", "b", "*", "a*", "**"]), min_size=2, max_size=5),
        st.lists(st.sampled_from(["a", "b", "ab"]), min_size=1, max_size=5),
    )
    def test_two_stars_are_any_segments(self, pattern: list[str], path: list[str]) -> None:
        def expected(left: list[str], names: list[str]) -> bool:
            if not left:
                return not names
            if left[0] == "**":
                return expected(left[1:], names) or (bool(names) and expected(left, names[1:]))
            return bool(names) and fnmatchcase(names[0], left[0]) and expected(left[1:], names[1:])

        assert matches("/".join(pattern), tuple(path)) == expected(pattern, path)

    def test_a_hostile_pattern_costs_little(self) -> None:
        assert not matches("*a" * 100 + "b", ("a" * 10_000,))
        assert not matches("**/a/" * 50 + "b", tuple("a" * 100))


class TestSelection:
    @pytest.mark.parametrize(
        ("names", "found"),
        [
            (["managers.gateway"], ["managers.gateway"]),
            (["managers/gateway"], ["managers.gateway"]),
            (["mail"], ["plugins.mail"]),
            (["orchestrator"], ["orchestrator"]),
            (["*/gateway"], ["managers.gateway", "plugins.gateway"]),
            (["gate*"], ["managers.gateway", "plugins.gateway"]),
            (["mail", "path-manager", "mail"], ["managers.path-manager", "plugins.mail"]),
        ],
    )
    def test_a_component_is_named_by_path_glob_or_last_segment(self, names: list[str], found: list[str]) -> None:
        components, findings = select_components(names, KNOWN)
        assert ([".".join(map(str, path)) for path in components], findings) == (found, [])

    def test_a_shared_last_segment_is_ambiguous(self) -> None:
        """CFG128."""
        components, (found,) = select_components(["gateway"], KNOWN)
        assert components == []
        assert found.message == "`gateway` may be several components: `managers.gateway`, `plugins.gateway`"
        assert found.code == "CFG128"

    def test_a_whole_path_wins_over_a_last_segment(self) -> None:
        assert select_components(["web"], [("web",), ("plugins", "web")]) == ([("web",)], [])

    def test_an_unknown_name_gets_a_suggestion(self) -> None:
        """CFG127."""
        place = Location("cfgc.yaml", 3, 4)
        components, findings = select_components(["mial", "managers.gatway", "x*", "mail"], KNOWN, place)
        assert components == [("plugins", "mail")]
        assert [(one.code, one.message, one.help) for one in findings][:2] == [
            ("CFG127", "there is no component `mial`", "did you mean `mail`?"),
            ("CFG127", "there is no component `managers.gatway`", "did you mean `managers.gateway`?"),
        ]
        assert len(findings) == 3
        assert all(one.location == place for one in findings)


class TestOutputs:
    def to(self, project: Project, *component: str) -> list[str]:
        return [f"{one.to}:{one.format or one.template}" for one in outputs_for(project, component, KNOWN)]

    def test_each_component_gets_two_files_by_default(self, discovered: Discover) -> None:
        project, _ = discovered({"environments/prod.yaml": ""})
        assert self.to(project, "plugins", "mail") == [".env:dotenv", "config.yaml:yaml"]
        assert outputs_for_environment(project) == []

    def test_written_outputs_replace_the_defaults(self, discovered: Discover) -> None:
        project, _ = discovered({"environments/prod.yaml": "", "cfgc.yaml": "outputs: []\n"})
        assert self.to(project, "plugins", "mail") == []

    def test_the_last_entry_for_a_component_and_a_file_wins(self) -> None:
        project = with_outputs(
            Output("*", "config.yaml", "yaml"),
            Output("*", ".env", "dotenv"),
            Output("plugins/*", "config.yaml", "json"),
            Output("mail", "mail.conf", template="mail.j2"),
            Output("mail", "config.yaml", "toml"),
        )
        assert self.to(project, "managers", "gateway") == ["config.yaml:yaml", ".env:dotenv"]
        assert self.to(project, "plugins", "gateway") == [".env:dotenv", "config.yaml:json"]
        assert self.to(project, "plugins", "mail") == [".env:dotenv", "mail.conf:mail.j2", "config.yaml:toml"]

    def test_format_none_removes_a_file_and_a_later_entry_brings_it_back(self) -> None:
        project = with_outputs(
            Output("*", ".env", "dotenv"), Output("plugins/*", ".env", "none"), Output("mail", ".env", "shell")
        )
        assert self.to(project, "managers", "gateway") == [".env:dotenv"]
        assert self.to(project, "plugins", "gateway") == []
        assert self.to(project, "plugins", "mail") == [".env:shell"]

    def test_outputs_of_the_environment_are_no_components(self) -> None:
        project = with_outputs(
            Output("environment", "compose.yaml", template="a.j2"),
            Output("*", ".env", "dotenv"),
            Output("environment", "tree.json", "json"),
            Output("environment", "tree.json", "none"),
        )
        assert [one.to for one in outputs_for_environment(project)] == ["compose.yaml"]
        assert [one.to for one in outputs_for(project, ("environment",), [("environment",)])] == [".env"]

    def test_a_shared_last_segment_is_nobodys_and_a_finding(self) -> None:
        """CFG128."""
        place = Location("cfgc.yaml#outputs[0]", 0, 0)
        project = with_outputs(Output("gateway", "x", "yaml", location=place), Output("environment", "y", "yaml"))
        assert self.to(project, "managers", "gateway") == []
        (found,) = check_outputs(project, KNOWN)
        assert (found.code, found.location) == ("CFG128", place)
        assert check_outputs(project, [("managers", "gateway")]) == []
        assert self.to(with_outputs(Output("mail", "x", "yaml")), "plugins", "mail") == ["x:yaml"]

    def test_a_glob_that_means_nothing_anywhere_is_reported(self, discovered: Discover) -> None:
        """CFG110: a misspelt `for` would lose its file in silence."""
        text = (
            "components: ['managers/*', 'plugns/*']\n"
            "outputs: [{for: gatway, to: x, format: yaml}, {for: environment, to: y, format: yaml}]\n"
        )
        project, _ = discovered({"environments/prod.yaml": "", "cfgc.yaml": text})
        found = check_unmatched(project, KNOWN)
        assert [(one.code, one.message, str(one.location)) for one in found] == [
            ("CFG110", "`plugns/*` matches no component", "cfgc.yaml#components[1]"),
            ("CFG110", "`gatway` matches no component", "cfgc.yaml#outputs[0]"),
        ]

    def test_defaults_are_never_reported(self, discovered: Discover) -> None:
        """CFG110, the passing side."""
        project, _ = discovered({"environments/prod.yaml": ""})
        assert check_unmatched(project, []) == []


class Places:
    """A locator that says what it was asked for."""

    def value(self, file: str, path: KeyPath) -> Location:
        return Location(file, len(path), 7)


def test_a_setting_is_placed_when_a_finding_shows_it(discovered: Discover) -> None:
    """No run without a finding parses `cfgc.yaml` with marks."""
    text = "outputs:\n  - {for: '*', to: x, format: yaml}\n"
    project, _ = discovered({"environments/prod.yaml": "", "cfgc.yaml": text})
    at = project.outputs[0].location
    found = report("invalid-setting", at=at, setting="`x`", says="is wrong")
    assert placed(found, Places()).location == Location("cfgc.yaml", 2, 7)  # type: ignore[arg-type]


def test_other_places_stay(discovered: Discover) -> None:
    def finding(at: Location | None) -> Diagnostic:
        return report("invalid-setting", at=at, setting="`x`", says="is wrong")

    for at in (None, Location("cfgc.yaml", 3, 4), Location("<--set>", 0, 0)):
        assert placed(finding(at), Places()).location == at  # type: ignore[arg-type]
    assert shown([finding(Location("cfgc.yaml#outputs[0]", 0, 0))])[0].startswith("cfgc.yaml#outputs[0]: ")
