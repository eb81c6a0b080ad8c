"""Marked containers -> the containers with their values in place."""

from __future__ import annotations

from collections.abc import Iterator

from cfgc.model.values import INCLUDE, Unknown, Value
from cfgc.stages.resolve.sites import FAILED, UNSET, Marks, Site


def open_sites(marks: Marks) -> Iterator[Site]:
    """The sites in a container that have no value yet."""
    for child in (*marks.children.values(), *marks.includes):
        if isinstance(child, Site):
            if child.value is UNSET:
                yield child
        elif isinstance(child, Marks) and child.value is UNSET:
            yield from open_sites(child)


def build(marks: Marks) -> Value:
    """The container with every marked child in its place; all that is not marked stays shared."""
    if marks.value is not UNSET:
        return marks.value
    built = dict(marks.node) if type(marks.node) is dict else list(marks.node)
    for step, child in marks.children.items():
        if isinstance(child, Marks):
            built[step] = build(child)
        elif child.value is FAILED:
            built[step] = Unknown((child.text,) if isinstance(child, Site) else ())
        else:
            built[step] = child.value
    if type(built) is dict:
        built.pop(INCLUDE, None)
    for site in marks.includes:
        built = fill(built, site.value)
    return built


def fill(own: Value, more: Value) -> Value:
    """A map with the keys that it lacks taken from another, deeply; anything else as it is."""
    if type(own) is not dict or type(more) is not dict:
        return own
    filled = dict(own)
    for key, value in more.items():
        filled[key] = fill(filled[key], value) if key in filled else value
    return filled
