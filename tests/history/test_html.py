"""Issue 3, section 1: the page says all of a difference, needs nothing else, and no value acts in it (THREATS O12)."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256

import pytest
from hypothesis import example, given

from cfgc.history.difference import ArtifactChange, Difference, EnvironmentDifference
from cfgc.history.views import Shown, render
from cfgc.history.views.aligned import Part, marked, pairs
from cfgc.model.text import printable
from tests.history.differences import CHANGES, DIFFERENCES, FULL, HOSTILE, NOTHING, TEXTS, commit, value
from tests.pages import Page

SHOWN = Shown(artifacts=True)
GLOBAL = {"class", "id", "hidden", "data-kind", "data-environment", "data-environments", "data-component"}
KNOWN = {
    "html": {"lang"}, "head": set(), "meta": {"charset", "http-equiv", "content", "name"}, "title": set(),
    "style": set(), "script": set(), "body": set(), "a": {"href"}, "header": set(), "h1": set(), "h2": set(),
    "h3": set(), "p": set(), "code": set(), "span": {"aria-label", "title"}, "section": {"aria-label"}, "ul": set(),
    "li": set(), "small": set(), "div": set(), "table": set(), "thead": set(), "tbody": set(), "tr": set(),
    "th": {"scope"}, "td": {"data-label", "colspan"}, "form": {"role"}, "label": set(), "select": {"name"},
    "option": {"value"}, "input": {"name", "type", "placeholder", "autocomplete"}, "button": {"type", "name"},
    "output": {"name", "aria-live"}, "main": set(), "details": {"open"}, "summary": set(), "pre": set(), "mark": set(),
    "colgroup": set(), "col": set(),
}  # fmt: skip


class Whole(Page):
    """A page whose text is as it stands, but for a blank behind each cell: marks divide words."""

    def handle_endtag(self, tag: str) -> None:
        super().handle_endtag(tag)
        self.words += [" "] if tag in ("td", "th") else []

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", "".join(self.words))


def page(difference: Difference, shown: Shown = SHOWN) -> Whole:
    return Whole(render("html", difference, shown))


def test_section_1_the_page_says_what_the_difference_holds() -> None:
    said = page(FULL).text
    for words in (
        "main → working tree",
        "Rules changed 1 These files decide what is valid",
        "recipient environments/prod/x.sops.yaml changed +age1new -age1old",
        "error CFG622 managers.web lacks a, which its schema requires environments/base/managers/web.yaml:7 in prod,",
        "prod production 1 1 2 1 1 1 3",
        "reaches production environments/base/managers/web.yaml changes test, prod",
        "web.yaml:3 changes nothing in prod: overridden in environments/prod/managers/web.yaml:4 managers.web.a,",
        "Without a difference: 1 more.",
        "changed managers.web.replicas environments/prod/managers/web.yaml:4 1a2b3c4d1 Ann Example 2 3",
        'type changed managers.web.port string → integer environments/base/managers/web.yaml:2 "80" 80',
        'added managers.web.routes[name="a|b"] environments/base/managers/web.yaml:2 — name: a|b to: /x',
        "removed managers.web.debug environments/base/managers/web.yaml:2 true —",
        "secret changed managers.web.password environments/base/managers/web.yaml:2 ******** ********",
        "renamed managers.web.host renamed from managers.web.address environments/base/managers/web.yaml:2",
        "changed web/.env Line Old Line New 1 A=1 1 A=1 2 B=2 2 B=3",
        "removed web/logo No text: the bytes differ.",
        "added compose.yaml Line New 1 x: 1",
        "Findings that are gone 1",
    ):  # fmt: skip
        assert words in said, words


def test_section_1_rules_come_first_and_production_before_others() -> None:
    said = page(FULL).text
    places = [said.index(word) for word in ("Rules changed", "New findings", "Summary", "Edits without", "7 changes")]
    assert places == sorted(places)
    assert said.index("prod production 7 changes, 3 artifacts") < said.index("test 1 change, 0 artifacts")


def test_section_1_nothing_is_said_in_one_line() -> None:
    assert page(NOTHING).text.endswith("No difference: nothing that is rendered changes. ")


def test_section_1_the_same_difference_is_the_same_page() -> None:
    assert render("html", FULL, SHOWN) == render("html", FULL, SHOWN)


def test_section_1_without_artifacts_asked_for_only_their_names_stand_there() -> None:
    said = page(FULL, Shown()).text
    assert "changed web/.env removed web/logo added compose.yaml" in said
    assert "A=1" not in said


def test_section_1_the_page_is_self_contained_and_allows_itself_its_own_script_alone() -> None:
    made = page(FULL)
    (policy,) = (each["content"] for each in made.all("meta") if each.get("http-equiv") == "Content-Security-Policy")
    style, script = (b64encode(sha256(made.inside[name].encode()).digest()).decode() for name in ("style", "script"))
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{style}'; script-src 'sha256-{script}'; "
        "base-uri 'none'; form-action 'none'"
    )
    assert not re.search(r"url\(|@import|https?:|fetch|XMLHttp|innerHTML|eval", "".join(made.inside.values()))


def test_section_1_without_javascript_all_is_shown() -> None:
    made = page(FULL)
    assert all("open" in each for each in made.all("details"))
    assert [tag for tag, attributes in made.elements if "hidden" in attributes] == ["form", "p"]


def test_section_1_a_file_that_differs_at_its_end_alone_says_so() -> None:
    artifact = ArtifactChange("a", "", "changed", b"x\n", b"x")
    environment = EnvironmentDifference("prod", True, (), (artifact,), ())
    assert "changed a No line differs" in page(FULL._replace(environments={"prod": environment})).text


@given(DIFFERENCES)
@example(FULL)
def test_o12_the_page_holds_the_views_own_elements_alone(difference: Difference) -> None:
    made = page(difference)
    for tag, attributes in made.elements:
        assert set(attributes) <= KNOWN[tag] | GLOBAL
        assert re.fullmatch(r"#[a-z]+(-[0-9]+)?", attributes.get("href", "#a"))
        assert re.fullmatch(r"[a-z]+(-[0-9]+)?", attributes.get("id", "a"))
    assert len(made.all("script")) == len(made.all("style")) == 1


@given(DIFFERENCES)
def test_o11_no_control_character_leaves_as_itself(difference: Difference) -> None:
    made = render("html", difference, SHOWN)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\ud800-\udfff]", made)
    made.encode()


@pytest.mark.parametrize("hostile", HOSTILE)
def test_gi10_an_author_is_a_short_text(hostile: str) -> None:
    change = value(CHANGES[0].change, by=commit(hostile * 2000))
    difference = FULL._replace(environments={"prod": EnvironmentDifference("prod", True, (change,), (), ())})
    assert len(render("html", difference, SHOWN)) - len(render("html", FULL, Shown())) < 1000


@given(TEXTS, TEXTS)
@example("\n\n", "@all\n\n")
def test_side_by_side_the_parts_of_a_value_are_the_value(old: str, new: str) -> None:
    before, after = marked(old, new)
    assert ("".join(part.text for part in before), "".join(part.text for part in after)) == (old, new)
    one, other = ("".join(part.text for part in side if not part.differs) for side in (before, after))
    assert one in (other, f"{other}\n") or other == f"{one}\n", "the last line of a text ends with nothing"


def test_side_by_side_what_differs_is_marked() -> None:
    assert marked("allkeys-lru", "allkeys-lfu") == (
        [Part("allkeys-l", False), Part("r", True), Part("u", False)],
        [Part("allkeys-l", False), Part("f", True), Part("u", False)],
    )
    assert marked("a\nb\nc", "a\nc")[0] == [Part("a\n", False), Part("b\n", True), Part("c", False)]


@given(TEXTS, TEXTS)
def test_side_by_side_every_line_that_differs_stands_there_with_its_number(old: str, new: str) -> None:
    old, new = (text.encode("utf-8", "replace").decode() for text in (old, new))
    found = pairs(ArtifactChange("a", "", "changed", old.encode(), new.encode()))
    assert found is not None
    for number, text in ((1, old), (2, new)):
        lines = [printable(line) for line in text.removesuffix("\n").split("\n")] if text else []
        for pair in found:
            line = (pair.old, pair.new)[number - 1]
            if line.number:
                assert "".join(part.text for part in line.parts) == lines[line.number - 1]
    assert (old.removesuffix("\n") == new.removesuffix("\n")) == (not found)


def visible(dom: str) -> list[tuple[str, str]]:
    """Kind and environment of the rows that are not hidden."""
    found = re.finditer(r'<(?:tr|div) class="[^"]*" data-kind="([^"]*)" data-environment="([^"]*)"[^>]*>', dom)
    return [(each[1], each[2]) for each in found if " hidden" not in each[0]]


@pytest.mark.parts
@pytest.mark.parametrize(
    ("address", "rows", "said"),
    [
        ("", 12, "17 rows"),
        ("environment=prod&kind=removed", 1, "1 of 17 rows"),
        ("component=managers.web&kind=artifact", 2, "2 of 17 rows"),
        ("search=REPLICAS+ann", 2, "2 of 17 rows"),
        ("kind=shadowed", 0, "1 of 17 rows"),
        ("environment=nowhere", 12, "17 rows"),
    ],
)
def test_section_1_the_page_filters_in_a_browser(
    chromium: Callable[..., str], address: str, rows: int, said: str
) -> None:
    dom = chromium(render("html", FULL, SHOWN), address)
    assert len(visible(dom)) == rows
    assert f">{said}</output>" in dom
    assert '<form class="filters" role="search">' in dom


@pytest.mark.parts
def test_o12_in_a_browser_no_value_acts(chromium: Callable[..., str]) -> None:
    run = "document.title='acted'"
    act = f'</pre></code></title></style></script><img src=x onerror="{run}"><script>{run}</script>'
    changes = tuple(
        value(CHANGES[0].change._replace(path=("managers", "web", each), old=each, new=f"{each}{act}"), by=commit(act))
        for each in (*HOSTILE, act)
    )
    artifact = ArtifactChange(act, act, "changed", act.encode(), b"x")
    environment = EnvironmentDifference(act, True, changes, (artifact,), (act,))
    hostile = Difference(act, act, {act: environment}, (), (), (), FULL.findings)
    dom = chromium(render("html", hostile, SHOWN))
    assert "<title>acted" not in dom
    assert "<img" not in dom
    assert dom.count("<script>") == 1
    assert len(visible(dom)) == len(HOSTILE) + 2
