"""Each CFG4xx code has a page whose failing example reports it and whose passing example reports nothing of merging."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from cfgc.diagnostics.catalogue.merging import RULES
from tests.merge.texts import merge_texts

PAGES = Path(__file__).resolve().parents[2] / "cfgc" / "diagnostics" / "pages"
ELSEWHERE = {"near-override-key"}
"""said of an option before anything is merged: `tests/diagnostics` runs its page"""
EXAMPLES = [
    rule
    for rule in RULES
    if rule.name not in ELSEWHERE and "## Case" not in (PAGES / f"{rule.code}.md").read_text(encoding="utf-8")
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_codes_are_numbered_without_gaps_and_titled_as_their_pages(rule: Any) -> None:
    assert rule.code == f"CFG{401 + RULES.index(rule)}"
    assert (PAGES / f"{rule.code}.md").read_text(encoding="utf-8").startswith(f"# {rule.code} {rule.name}\n\n")


@pytest.mark.parametrize("rule", EXAMPLES, ids=lambda rule: rule.code)
def test_the_failing_example_fails_and_the_passing_one_passes(rule: Any) -> None:
    text = (PAGES / f"{rule.code}.md").read_text(encoding="utf-8")
    sets = tuple(re.findall(r"^Command: .* --set (\S+)$", text, re.MULTILINE))
    failing, passing = re.split(r"^## Passes$", text, flags=re.MULTILINE)
    assert rule.code in codes(failing, sets)
    assert codes(passing, sets) == set()


def codes(text: Any, sets: Any) -> Any:
    files = {
        path: "".join(line[4:] + "\n" for line in body.splitlines())
        for path, body in re.findall(r"^`([^`\n]+)`\n\n((?: {4}.*\n|\n(?= {4}))+)", text + "\n", re.MULTILINE)
    }
    assert files
    schema = {}
    for path in [path for path in files if path.startswith("schemas/")]:
        at = path.removeprefix("schemas/").removesuffix(".schema.json").replace("/", ".")
        for key, stated in json.loads(files.pop(path))["properties"].items():
            schema[f"{at}.{key}"] = stated["x-cfgc-merge"]
    layers = {
        path.removeprefix("environments/"): re.sub(r"(?s)^sops:.*", "", body, flags=re.MULTILINE)
        for path, body in files.items()
    }
    layers = {path: re.sub(r"ENC\[([^]]*)\]", "ENC(x)", body) for path, body in layers.items()}
    return {found.code for found in merge_texts(layers, schema=schema, sets=sets).diagnostics}
