"""Issue 5, section 3: the graphs parse, in Mermaid itself, and show what they are about."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from cfgc.reports.docs.files import files as made_files
from cfgc.reports.docs.model import Chain, Link
from cfgc.reports.docs.views import mermaid
from tests.conftest import ROOT
from tests.reports_docs.projects import ESTATE, docs_of

BUNDLE = ROOT / ".parts/node_modules/@mermaid-js/tiny/dist/mermaid.tiny.js"
GRAPH = re.compile(r"^```mermaid\n(.*?)^```$", re.MULTILINE | re.DOTALL)

PAGE = """\
<!doctype html><meta charset="utf-8"><pre id="said"></pre><script src="BUNDLE"></script><script>
(async () => {
  const said = [];
  mermaid.initialize({startOnLoad: false});
  for (const [number, text] of GRAPHS.entries()) {
    try {
      await mermaid.parse(text);
      const {svg} = await mermaid.render("g" + number, text);
      const labels = new DOMParser().parseFromString(svg, "text/html").querySelectorAll(".nodeLabel");
      said.push([...labels].map((label) => label.textContent));
    } catch (error) {
      said.push("error: " + error.message);
    }
  }
  document.getElementById("said").textContent = JSON.stringify(said);
})();
</script>
"""

ODD = (
    'a"b',
    "end",
    "a`b`",
    "<b>x</b>",
    "#quot;",
    "graph TD; x-->y",
    "%%{init:{}}%%",
    "ключ",
    "a]b)c}",
    "  ",
    "\\",
    "…",
)


def graphs(folder: Path) -> list[str]:
    """Every graph on the pages of a project."""
    return [found[1] for text in made_files(docs_of(folder), "").values() for found in GRAPH.finditer(text)]


@pytest.fixture
def drawn(chromium: Callable[..., str]) -> Callable[[list[str]], list[list[str] | str]]:
    """What Mermaid draws of graphs in a real browser: the labels of each one's nodes, or what is wrong with it."""

    def draw(texts: list[str]) -> list[list[str] | str]:
        if not BUNDLE.exists():
            pytest.fail("Mermaid is missing: `make parts` installs it")
        graphs = json.dumps(texts).replace("<", "\\u003c")
        page = PAGE.replace("BUNDLE", BUNDLE.as_uri()).replace("GRAPHS", graphs)
        dom = chromium(page, "", "--virtual-time-budget=60000", "--dump-dom")
        shown = dom.partition('<pre id="said">')[2].partition("</pre>")[0]
        said: list[list[str] | str] = json.loads(html.unescape(shown))
        return said

    return draw


@pytest.mark.parts
def test_section_3_every_graph_of_the_estate_parses(drawn: Callable[[list[str]], list[list[str] | str]]) -> None:
    texts = graphs(ESTATE)
    assert len(texts) > 20
    found = drawn(texts)
    assert [each for each in found if isinstance(each, str)] == []
    assert {"base", "prod", "regions/eu", "prod-eu"} <= set(found[0])
    assert "managers.path-manager" in {label for labels in found for label in labels}


@pytest.mark.parts
def test_o10_odd_names_are_labels_and_nothing_else(drawn: Callable[[list[str]], list[list[str] | str]]) -> None:
    chains = [Chain(name, (f"base {name}",), {}) for name in ODD]
    texts = ["\n".join(mermaid.links([Link(name, "x", 1)])) for name in ODD]
    *found, layers = drawn([*texts, "\n".join(mermaid.layers(chains))])
    assert found == [[name, "x"] if name.strip() else ["", "x"] for name in ODD]
    assert len(layers) == 2 * len(ODD)


@pytest.mark.parts
def test_what_is_no_graph_is_seen(drawn: Callable[[list[str]], list[list[str] | str]]) -> None:
    """The positive control."""
    (found,) = drawn(['flowchart LR\n  a["x"\n'])
    assert str(found).startswith("error: ")


def test_chains_that_begin_alike_share_their_beginning() -> None:
    lines = mermaid.layers([Chain("prod", ("base", "prod"), {}), Chain("eu", ("base", "prod", "eu"), {})])
    assert lines.count('  l0["base"]') == 1
    assert [line for line in lines if "-->" in line] == ["  l0 --> l1", "  l1 --> l2"]
    assert [line for line in lines if "==>" in line] == ["  l1 ==> e0", "  l2 ==> e1"]


def test_too_many_references_are_folded_to_first_keys_and_then_left_out() -> None:
    fleet = [Link(f"a.{number}", f"b.{number}", 2) for number in range(mermaid.MOST_EDGES + 1)]
    assert mermaid.links(fleet) == ["flowchart LR", '  n0["a"]', '  n1["b"]', f"  n0 -->|{2 * len(fleet)}| n1"]
    assert mermaid.links([Link(f"a{number}", f"b{number}", 1) for number in range(mermaid.MOST_EDGES + 1)]) == []
    assert mermaid.links([]) == []
