"""What of a checked project needs no second look, now that a few staged files differ (docs/decisions/0020).

After a check that found nothing it is known which files it looked at, and which component each layer file is about.
Where only layer files differ from then, a second check looks at what these can have touched. It tells whether there is
still nothing to say, and says no whenever it cannot be sure; then everything is checked.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from cfgc.diagnostics import Failed
from cfgc.pipeline.excerpt import Excerpt, Part, above_of, is_regular
from cfgc.pipeline.session import Session

ROOT = "environments"
EVERYTHING = "*"
NOBODY = ""
"""Whose references those are that stand in no component."""


class Component(NamedTuple):
    """A component: the environments that have it, by number, and the layer files that are about it alone."""

    name: str
    environments: list[int]
    files: list[str]


class Known(NamedTuple):
    """What is known of a project about which there was nothing to say.

    `names` are the environments that were checked (none: layer files by themselves), `layers` those of every
    environment, `folders` where layers are, `asked` the paths that were looked at or below, `shared` the files that are
    about no single component, `entangled` the components that others refer to, `needs` those that one refers to, and
    `components` what `pack` made of them.
    """

    names: list[str]
    layers: dict[str, list[str]]
    folders: list[str]
    asked: list[str]
    shared: list[str]
    entangled: list[str]
    needs: dict[str, list[str]]
    components: bytes = b""


def dumped(known: Known) -> bytes:
    """What is known, as bytes."""
    import json

    head = json.dumps(known._replace(components=b"")._asdict() | {"components": ""}).encode()
    return len(head).to_bytes(4, "big") + head + known.components


def loaded(dumped: bytes) -> Known:
    """What `dumped` made bytes of."""
    import json

    at = 4 + int.from_bytes(dumped[:4], "big")
    return Known(**json.loads(dumped[4:at]) | {"components": dumped[at:]})


def pack(components: Iterable[Component]) -> bytes:
    """Components as lines that can be found by name and by file. Raises `ValueError` for a name that breaks lines."""
    lines = []
    for name, environments, files in components:
        words = [name, ",".join(map(str, environments)), *files]
        if any("\n" in word or "\0" in word for word in words):
            raise ValueError
        lines.append("\0".join((*words, "")))
    return "\n".join(("", *lines, "")).encode("utf-8", "surrogateescape")


def component_of_file(components: bytes, path: str) -> Component | None:
    """The component that a file is about."""
    return _line(components, components.find(f"\0{path}\0".encode("utf-8", "surrogateescape")))


def component_named(components: bytes, name: str) -> Component | None:
    at = components.find(f"\n{name}\0".encode("utf-8", "surrogateescape"))
    return _line(components, at if at < 0 else at + 1)


def _line(components: bytes, at: int) -> Component | None:
    if at < 0:
        return None
    line = components[components.rfind(b"\n", 0, at) + 1 : components.index(b"\n", at)]
    name, environments, *files = line.decode("utf-8", "surrogateescape").split("\0")
    return Component(name, [int(word) for word in environments.split(",") if word], files[:-1])


class Touched(NamedTuple):
    """Staged files that differ, and the components that they are about."""

    files: set[str]
    components: list[Component]


def matters(known: Known, path: str) -> bool:
    """Whether a check would notice a file."""
    return any(path == asked or path.startswith(f"{asked}/") or asked.startswith(f"{path}/") for asked in known.asked)


def touched(known: Known, paths: Iterable[str]) -> Touched | None:
    """The components that some files are about; none where one is about more than a component."""
    files = {path for path in paths if matters(known, path)}
    found = {path: component_of_file(known.components, path) for path in files}
    if known.names:
        components = {each.name: each for each in found.values() if each}
        tied = {EVERYTHING, *components} & {*known.entangled}
        return None if None in found.values() or (components and tied) else Touched(files, [*components.values()])
    return None if None in found.values() else Touched(files, [])


def files_needed(known: Known, changed: Touched) -> list[str]:
    """The files to check again: those of the components, of what they refer to, and what is about no single one."""
    if not known.names:
        return [*known.shared, *changed.files]
    names, found = [*known.needs.get(NOBODY, ()), *(each.name for each in changed.components)], {}
    while names:
        name = names.pop()
        if name not in found and (component := component_named(known.components, name)):
            found[name] = component.files
            names += known.needs.get(name, ())
    return [*known.shared, *(file for files in found.values() for file in files)]


def session_over(root: Path, known: Known, files: Mapping[str, bytes | None]) -> Session | None:
    """A session over some of the staged files alone; none where they are not there, or do not make the same project."""
    present = {name: file for name, file in files.items() if file is not None and is_regular(file)}
    if len(present) < len(files):
        return None
    return _plain(Session(Excerpt(root, present, known.folders), root), known)


def _plain(session: Session, known: Known) -> Session | None:
    """A session that finds the project that is known, and nothing to say of it."""
    try:
        same = _layers(session) == known.layers
    except Failed:
        return None
    return session if same and not session.findings else None


def part_of(root: Path, known: Known, changed: Iterable[str]) -> Session | None:
    """A session over the layer files of a working tree that changed ones may concern; none where that is not plain.

    The names of all files must be what they were.
    """
    found = touched(known, changed)
    if found is None or len(found.files) < len({*changed}):
        return None
    return _plain(Session(Part(root, files_needed(known, found), known.folders), root), known)


def known_of(session: Session, asked: Iterable[str], names: Sequence[str], components: Iterable[Component]) -> Known:
    """What is to be known of a project about which there was nothing to say. Raises `ValueError` for odd names."""
    looked = _outermost(set(asked))
    found, entries = list(components), {entry.path for path in looked for entry in session.source.list(path)}
    return Known(
        names=list(names),
        layers=_layers(session),
        folders=[f"{ROOT}/{layer}" for layer, files in session.project.files.items() if files],
        asked=looked,
        shared=sorted(entries.difference(*(each.files for each in found))),
        entangled=[],
        needs={},
        components=pack(found),
    )


def _layers(session: Session) -> dict[str, list[str]]:
    return {name: list(each.layers) for name, each in session.project.environments.items()}


def _outermost(asked: Collection[str]) -> list[str]:
    """The paths that lie below no other one."""
    return sorted(path for path in asked if not any(above in asked for above in above_of(path)))
