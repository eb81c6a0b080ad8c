"""Where the layout says that a new layer file stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from cfgc.diagnostics import Diagnostic
from cfgc.model.keypath import KeyPath
from cfgc.model.project import Project
from cfgc.stages.discover.layout import ROOT
from cfgc.stages.discover.names import objection
from cfgc.stages.discover.pattern import LAYER, Pattern, compile_pattern

_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")


def new_file(project: Project, layer: str, at: KeyPath, beside: str) -> str | None:
    """The path of a YAML file of a layer that stands at a key path, none where the layout has no place for one.

    `beside` is the path of a file of another layer that says something about the same; a flat layout takes its name.
    Whether `discover` finds the file there is for the caller to see: patterns can overlap.
    """
    layout = project.settings.get("layout", "tree")
    if isinstance(layout, Mapping):
        compiled = (compile_pattern(entry, number) for number, entry in enumerate(layout["patterns"]))
        patterns = [pattern for pattern in compiled if not isinstance(pattern, Diagnostic)]
        return next(_by_patterns(patterns, layer, at), None)
    if layout == "flat":
        name = beside.rpartition("/")[2] or f"{at[-1] if at else 'values'}.yaml"
        return f"{ROOT}/{layer}/{_as_yaml(name)}" if not at or not objection(name.partition(".")[0]) else None
    if any(not isinstance(step, str) or objection(step) for step in at):
        return None
    return f"{ROOT}/{layer}/{'/'.join(map(str, at))}.yaml" if at else f"{ROOT}/{layer}/_index.yaml"


def _as_yaml(name: str) -> str:
    stem, _, suffix = name.rpartition(".")
    return name if suffix in ("yaml", "yml") and not stem.endswith(".sops") else f"{stem.removesuffix('.sops')}.yaml"


def _by_patterns(patterns: Sequence[Pattern], layer: str, at: KeyPath) -> Iterator[str]:
    """The files that patterns without `*` would match."""
    for pattern in patterns:
        values = _values(pattern, layer, at)
        if values is None or not pattern.text.endswith((".yaml", ".yml")):
            continue
        path = _PLACEHOLDER.sub(lambda found, known=values: known.get(found[1], "*"), pattern.text)  # type: ignore[misc]
        matched = None if "*" in path else pattern.match(path)
        if matched is not None and pattern.layer_of(matched) == layer and pattern.at_of(matched) == at:
            yield path


def _values(pattern: Pattern, layer: str, at: KeyPath) -> dict[str, str] | None:
    """The placeholders' values with which a pattern speaks of a layer and a key path."""
    if len(pattern.at) != len(at):
        return None
    values: dict[str, str] = {LAYER: layer}
    for said, wanted in (*zip(pattern.at, at, strict=True), (pattern.layer, layer)):
        found = re.fullmatch(_regex(str(said)), str(wanted))
        if found is None or any(values.get(name, text) != text for name, text in found.groupdict().items()):
            return None
        values |= found.groupdict()
    return values


def _regex(text: str) -> str:
    """The regular expression of a text with placeholders; a second mention of one must be the same."""
    regex, at, seen = "", 0, set()
    for found in _PLACEHOLDER.finditer(text):
        name = found[1]
        regex += re.escape(text[at : found.start()]) + (f"(?P={name})" if name in seen else f"(?P<{name}>.+)")
        seen.add(name)
        at = found.end()
    return regex + re.escape(text[at:])
