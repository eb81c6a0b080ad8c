"""Graphs in Mermaid's language. Every label is written in character codes where it is not plain (THREATS O10)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from cfgc.model.text import cut, inline
from cfgc.reports.docs.model import Chain, Link

MOST_EDGES = 60
"""edges that a reader can follow; Mermaid itself stops at 500"""
_LONGEST = 60
_UNPLAIN = re.compile(r"[^A-Za-z0-9 ._/-]")


def layers(chains: Sequence[Chain]) -> list[str]:
    """The lines of a graph of layers: chains that begin alike share their beginning, each ends in its environment."""
    ids: dict[tuple[str, ...], str] = {}
    edges: list[str] = []
    for chain in chains:
        for depth in range(1, len(chain.layers) + 1):
            if chain.layers[:depth] not in ids:
                ids[chain.layers[:depth]] = f"l{len(ids)}"
                edges.append(f"  {ids[chain.layers[:depth]]}[{_label(chain.layers[depth - 1])}]")
                if depth > 1:
                    edges.append(f"  {ids[chain.layers[: depth - 1]]} --> {ids[chain.layers[:depth]]}")
    for number, chain in enumerate(chains):
        edges.append(f"  e{number}([{_label(chain.name)}])")
        if chain.layers:
            edges.append(f"  {ids[chain.layers]} ==> e{number}")
    return ["flowchart LR", *edges] if len(edges) <= 2 * MOST_EDGES else []


def links(found: Iterable[Link]) -> list[str]:
    """The lines of a graph of references; folded to the first key of each path where there are too many; or none."""
    exact = list(found)
    for several in (exact, list(_folded(exact))):
        if 0 < len(several) <= MOST_EDGES:
            return ["flowchart LR", *_edges(several)]
    return []


def _edges(found: Sequence[Link]) -> Iterator[str]:
    names = dict.fromkeys(name for link in found for name in (link.source, link.target))
    ids = {name: f"n{number}" for number, name in enumerate(names)}
    yield from (f"  {ids[name]}[{_label(name)}]" for name in names)
    for link in found:
        yield f"  {ids[link.source]} -->|{link.times}| {ids[link.target]}"


def _folded(found: Iterable[Link]) -> Iterator[Link]:
    counts: dict[tuple[str, str], int] = {}
    for link in found:
        ends = link.source.partition(".")[0], link.target.partition(".")[0]
        if ends[0] != ends[1]:
            counts[ends] = counts.get(ends, 0) + link.times
    yield from (Link(*ends, count) for ends, count in counts.items())


def _label(text: str) -> str:
    shown = cut(inline(text), _LONGEST)
    return f'"{_UNPLAIN.sub(lambda found: f"#{ord(found[0])};", shown)}"'
