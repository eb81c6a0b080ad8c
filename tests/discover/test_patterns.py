"""The layout of patterns (SPEC 2)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cfgc.diagnostics import Diagnostic
from cfgc.model.keypath import show
from cfgc.stages.discover.pattern import Pattern, compile_pattern
from tests.discover.conftest import Discover, Refused, Write, discover_folder, layers, shown

SPEC = """\
layout:
  patterns:
    - {files: "services/{name}/values.yaml", layer: base, at: "services.{name}"}
    - {files: "services/{name}/values-{layer}.yaml", at: "services.{name}"}
"""


def test_maps_files_where_they_are(discovered: Discover) -> None:
    """The example of SPEC 2; other files of the repository are none of its business."""
    found = discovered(
        {
            "cfgc.yaml": SPEC,
            "services/web/values.yaml": "",
            "services/web/values-prod.yaml": "",
            "services/web/values-prod.sops.yaml": "",
            "services/node.js/values.yaml": "",
            "services/web/Dockerfile": "",
            "services/web/chart/values.yaml": "",
            "main.py": "",
        }
    )
    assert layers(found) == {"prod": ("base", "prod")}
    assert found[1] == []
    assert {file.path: show(file.at) for files in found[0].files.values() for file in files} == {
        "services/node.js/values.yaml": 'services."node.js"',
        "services/web/values.yaml": "services.web",
        "services/web/values-prod.yaml": "services.web",
        "services/web/values-prod.sops.yaml": "services.web",
    }
    assert [file.sops for file in found[0].files["prod"]] == [True, False]


def test_environments_may_be_declared(discovered: Discover) -> None:
    found = discovered(
        {
            "cfgc.yaml": SPEC + "environments: {live: {extends: prod, labels: {tier: prod}}}\n",
            "services/web/values.yaml": "",
            "services/web/values-prod.yaml": "",
            "services/web/values-test.yaml": "",
        }
    )
    assert layers(found) == {"live": ("prod", "live")}
    assert shown(found[1]) == [
        "services/web/values-test.yaml:1:1: CFG117 no environment uses the layer `test`",
        "services/web/values.yaml:1:1: CFG117 no environment uses the layer `base`",
    ]


def test_a_star_takes_part_of_a_name_and_two_take_folders(discovered: Discover) -> None:
    text = (
        'layout: {patterns: [{files: "config/{layer}/**/*.yaml"}, {files: "each/{layer}/_each.yaml", at: services}]}\n'
    )
    found = discovered(
        {"cfgc.yaml": text, "config/prod/a.yaml": "", "config/prod/b/c/d.yaml": "", "each/prod/_each.yaml": ""}
    )
    assert [(file.path, show(file.at), file.each) for file in found[0].files["prod"]] == [
        ("config/prod/a.yaml", ".", False),
        ("config/prod/b/c/d.yaml", ".", False),
        ("each/prod/_each.yaml", "services", True),
    ]


def test_a_layer_may_be_made_of_placeholders(discovered: Discover) -> None:
    text = (
        'layout: {patterns: [{files: "{region}/{tier}.yaml", layer: "regions/{region}-{tier}"}]}\n'
        "environments: {prod: {extends: [], layers: [regions/eu-prod]}}\n"
    )
    found = discovered({"cfgc.yaml": text, "eu/prod.yaml": ""})
    assert [file.path for file in found[0].files["regions/eu-prod"]] == ["eu/prod.yaml"]


def test_a_placeholder_that_stands_twice_is_one_text() -> None:
    pattern = compiled("apps/{name}/{name}-{layer}.yaml")
    assert pattern.match("apps/web/web-prod.yaml") == {"name": "web", "layer": "prod"}
    assert pattern.match("apps/web/api-prod.yaml") is None


def test_the_first_placeholder_takes_the_most() -> None:
    assert compiled("{name}-{layer}.yaml").match("path-manager-prod.yaml") == {"name": "path-manager", "layer": "prod"}


def test_a_file_matched_twice_is_an_error(discovered: Discover) -> None:
    """CFG125."""
    text = SPEC + '    - {files: "services/{name}/values-prod.yaml", layer: extra}\n'
    _, findings = discovered({"cfgc.yaml": text, "services/web/values.yaml": "", "services/web/values-prod.yaml": ""})
    found = next(one for one in findings if one.is_error)
    assert str(found.location) == "services/web/values-prod.yaml:1:1"
    assert found.message == "`services/web/values-prod.yaml` is matched by two patterns of the layout"
    assert [str(label.location) for label in found.related] == ["cfgc.yaml:4:15", "cfgc.yaml:5:15"]


def test_a_pattern_without_a_file_is_reported(discovered: Discover) -> None:
    """CFG110: a misspelt pattern would lose its files in silence."""
    files = {"services/a/values-prod.yaml": "", "services/a/values.yaml": ""}
    _, findings = discovered({"cfgc.yaml": SPEC + '    - {files: "srv/{layer}.yaml"}\n', **files})
    assert shown(findings) == ["cfgc.yaml:5:15: CFG110 `srv/{layer}.yaml` matches no file"]


@pytest.mark.parametrize("place", ["services/web/values.yaml", "services/web", "services"])
def test_a_link_on_the_way_of_a_pattern_is_an_error(project: Write, place: str) -> None:
    """CFG122, F03: elsewhere in the repository a link is nobody's business."""
    root = project({"cfgc.yaml": SPEC + "environments: {prod: {}}\n", "x": "", "services2": ""})
    (root / place).parent.mkdir(parents=True, exist_ok=True)
    (root / place).symlink_to(root / "x")
    (root / "other").symlink_to("x")
    _, findings = discover_folder(root)
    assert [one for one in shown(findings) if "CFG110" not in one] == [
        f"{place}:1:1: CFG122 `{place}` is a symbolic link, and cfgc follows none"
    ]


def test_a_name_in_a_path_has_the_same_grammar(discovered: Discover) -> None:
    """CFG119: what does not fit is not lost in silence."""
    _, findings = discovered({"cfgc.yaml": SPEC, "services/ü/values.yaml": "", "services/a/values-prod.yaml": ""})
    (found,) = findings
    assert (found.code, str(found.location)) == ("CFG119", "services/ü/values.yaml:1:1")
    assert found.message.startswith("`ü` cannot be the name of `{name}`: only ASCII letters")


def test_a_stray_file_that_matches_is_an_error(discovered: Discover) -> None:
    """CFG121."""
    text = 'layout: {patterns: [{files: "c/{layer}/*"}]}\n'
    _, findings = discovered({"cfgc.yaml": text, "c/prod/a.yaml": "", "c/prod/b.ini": "", "c/prod/README.md": ""})
    assert [(one.code, str(one.location)) for one in findings] == [("CFG121", "c/prod/b.ini:1:1")]


BRACES = "`{` and `}` enclose a placeholder's name, of small letters, digits and `_`"
OUTSIDE = "it is no path below the project's root"
STARS = "`**` may stand once, and not at the end"
CROWDED = "in one segment at most 2 placeholders may stand, with text between them"


@pytest.mark.parametrize(
    ("entry", "place", "reason"),
    [
        ({"files": "a/{name}.yaml"}, "files", "neither `{layer}` nor a key `layer` names the layer"),
        ({"files": "/a/{layer}.yaml"}, "files", OUTSIDE),
        ({"files": "a/../{layer}.yaml"}, "files", OUTSIDE),
        ({"files": "a//{layer}.yaml"}, "files", OUTSIDE),
        ({"files": "{layer}/**/b/**/c"}, "files", STARS),
        ({"files": "{layer}/**"}, "files", STARS),
        ({"files": "{Layer}.yaml"}, "files", BRACES),
        ({"files": "{layer.yaml"}, "files", BRACES),
        ({"files": "{a}{layer}"}, "files", CROWDED),
        ({"files": "{a}-{b}-{layer}"}, "files", CROWDED),
        ({"files": "a.yaml", "layer": "../x"}, "layer", "it cannot name a layer: only ASCII letters"),
        ({"files": "a.yaml", "layer": "{region}"}, "layer", "`files` has no placeholder `{region}`"),
        ({"files": "{layer}/{name}.yaml", "at": "x.{nme}"}, "at", "`files` has no placeholder `{nme}`: did you mean"),
        ({"files": "{layer}.yaml", "at": "a..b"}, "at", "it is no key path: unexpected character at position 3"),
        ({"files": "{layer}.yaml", "at": "a[0]"}, "at", "files stand in maps, not in lists"),
    ],
)
def test_every_broken_pattern_says_why(entry: dict[str, str], place: str, reason: str) -> None:
    """CFG126."""
    found = compile_pattern(entry, 3)
    assert isinstance(found, Diagnostic)
    assert str(found.location) == f"cfgc.yaml#layout.patterns[3].{place}"
    assert found.message.startswith(f"`{entry[place]}` is no pattern of a layout: {reason}")


def test_a_broken_pattern_is_placed(refused: Refused) -> None:
    assert [one.partition(" is ")[0] for one in shown(refused({"cfgc.yaml": SPEC + "    - {files: a.yaml}\n"}))] == [
        "cfgc.yaml:5:15: CFG126 `a.yaml`"
    ]


def compiled(files: str) -> Pattern:
    found = compile_pattern({"files": files, "layer": "base"} if "{layer}" not in files else {"files": files}, 0)
    assert isinstance(found, Pattern)
    return found


SEGMENTS = st.lists(st.sampled_from(["a", "b.yaml", "{x}", "{x}-{y}", "*", "a*", "*-*.yaml"]), min_size=1, max_size=3)
PATHS = st.lists(st.text("ab-.", min_size=1, max_size=4), min_size=1, max_size=4).map("/".join)


def test_a_link_is_on_the_way_where_a_file_below_it_could_match() -> None:
    pattern = compiled("config/{layer}/**/x-*.yaml")
    ways = ("config", "config/prod", "config/prod/a", "config/prod/x-a.sops.yaml", "config/prod/a/b/c")
    assert [path for path in (*ways, "other", "configs") if pattern.leads_through(path)] == list(ways)
    short = compiled("a/{layer}.yaml")
    assert [path for path in ("a", "a/b.yaml", "a/b", "a/b.yaml/c") if short.leads_through(path)] == ["a", "a/b.yaml"]


@given(SEGMENTS, PATHS)
def test_what_matches_is_listed_and_leads_through(segments: list[str], path: str) -> None:
    pattern = compiled("/".join(segments))
    if pattern.match(path) is not None:
        assert pattern.root == "" or path.startswith(f"{pattern.root}/")
        for end in range(1, path.count("/") + 2):
            assert pattern.leads_through("/".join(path.split("/")[:end]))


def test_a_hostile_path_costs_little() -> None:
    """A pattern is a stranger's text: at most two variable parts a segment, so at most quadratic in a name."""
    assert compiled("{a}-{b}x").match("-" * 255) is None
    assert isinstance(compile_pattern({"files": "*-*-*-*-*-*-*-*-*-*-*x", "layer": "base"}, 0), Diagnostic)
