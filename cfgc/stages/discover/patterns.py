"""The layout of patterns: layer files are where the repository always had them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from itertools import chain
from typing import NamedTuple

from cfgc.diagnostics import Diagnostic, Label, report
from cfgc.model.layers import Entry, LayerFile, Source
from cfgc.model.location import start_of
from cfgc.stages.discover.filenames import EACH, FileName, advice, is_documentation, parse
from cfgc.stages.discover.layout import Assigned, in_order, layer_twins
from cfgc.stages.discover.names import Twins, objection
from cfgc.stages.discover.pattern import Pattern
from cfgc.stages.discover.refused import refused
from cfgc.stages.discover.suggestion import did_you_mean


class _Match(NamedTuple):
    """A file that a pattern takes: the values of the pattern's placeholders."""

    entry: Entry
    parts: FileName
    pattern: Pattern
    values: Mapping[str, str]

    @property
    def layer(self) -> str:
        return self.pattern.layer_of(self.values)


class Patterns:
    """The layers that patterns find; each file is of one pattern."""

    def __init__(self, source: Source, patterns: list[Pattern]) -> None:
        self._patterns = patterns
        self._findings: list[Diagnostic] = []
        entries = chain.from_iterable(source.list(folder) for folder in _roots(patterns))
        self._matches = [match for entry in entries for match in self._match(entry)]

    def environments(self) -> list[str]:
        return self.layers()

    def layers(self) -> list[str]:
        return sorted({match.layer for match in self._matches})

    def holds(self, layer: str) -> bool:
        return any(match.layer == layer for match in self._matches)

    def assign(self, declared: AbstractSet[str], *, implied: bool) -> Assigned:  # noqa: ARG002 -- all layers are alike
        files: dict[str, list[LayerFile]] = {layer: [] for layer in sorted(declared)}
        findings = [*self._findings, *layer_twins(self.layers()), *self._idle_patterns()]
        unused: dict[str, str] = {}
        twins = Twins()
        for match in self._matches:
            if bad := _bad_name(match):
                findings.append(bad)
            elif match.layer in declared:
                file = _layer_file(match)
                files[match.layer].append(file)
                findings += filter(None, [twins.clash("/".join(map(str, file.at)), file.path)])
            else:
                unused.setdefault(match.layer, match.entry.path)
        findings += [
            report("unused-layer", at=start_of(path), called=name, help=did_you_mean(name, declared))
            for name, path in unused.items()
        ]
        return Assigned({layer: in_order(found) for layer, found in files.items()}, findings)

    def _match(self, entry: Entry) -> Iterator[_Match]:
        """The pattern that takes an entry; findings for an entry that cannot be taken, or is taken twice."""
        if entry.kind != "file":
            if any(pattern.leads_through(entry.path) for pattern in self._patterns):
                self._findings.append(refused(entry))
            return
        taken = [(pattern, values) for pattern in self._patterns if (values := pattern.match(entry.path)) is not None]
        if len(taken) > 1:
            self._findings.append(_matched_twice(entry.path, [pattern for pattern, _ in taken]))
        if taken:
            pattern, values = taken[0]
            parts = parse(entry.path.rpartition("/")[2])
            if parts is not None:
                yield _Match(entry, parts, pattern, values)
            else:
                self._stray(entry.path)

    def _stray(self, path: str) -> None:
        name = path.rpartition("/")[2]
        if not is_documentation(name):
            self._findings.append(report("not-a-layer-file", at=start_of(path), file=path, help=advice(name)))

    def _idle_patterns(self) -> list[Diagnostic]:
        busy = {match.pattern.number for match in self._matches}
        return [
            report("matches-nothing", at=pattern.location, what="no file", pattern=pattern.text)
            for pattern in self._patterns
            if pattern.number not in busy
        ]


def _roots(patterns: list[Pattern]) -> list[str]:
    """The folders to list: none lies in another."""
    roots: list[str] = []
    for root in sorted({pattern.root for pattern in patterns}):
        if not any(known == "" or root.startswith(f"{known}/") for known in roots):
            roots.append(root)
    return roots


def _matched_twice(path: str, patterns: list[Pattern]) -> Diagnostic:
    related = [Label(pattern.location, "matches it") for pattern in patterns]
    return report("matched-twice", at=start_of(path), related=related, file=path)


def _bad_name(match: _Match) -> Diagnostic | None:
    for name, value in match.values.items():
        if reason := objection(value):
            at = start_of(match.entry.path)
            return report("bad-name", at=at, called=value, what=f"`{{{name}}}`", reason=reason)
    return None


def _layer_file(match: _Match) -> LayerFile:
    return LayerFile(
        match.entry.path,
        match.layer,
        match.pattern.at_of(match.values),
        match.parts.format,
        each=match.parts.stem == EACH,
        sops=match.parts.sops,
    )
