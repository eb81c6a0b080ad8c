"""Which schema stands where: the folder `schemas/` as key paths (SPEC section 7)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from cfgc.diagnostics import Diagnostic, report
from cfgc.model.keypath import ROOT, KeyPath
from cfgc.model.layers import Entry, Source
from cfgc.model.location import start_of

FOLDER = "schemas"

_SCHEMA = re.compile(r"(.+)\.schema\.(?:json|yaml|yml)")
_DATA = re.compile(r".+\.(?:json|yaml|yml)")


class Mount(NamedTuple):
    """A schema file and the place of the tree it speaks about: the value at `at`, or each child of it."""

    at: KeyPath
    each: bool
    file: str


class SchemaFiles(NamedTuple):
    """The files of `schemas/`: those that stand somewhere, and all that a `$ref` may lead to."""

    mounts: tuple[Mount, ...]
    schemas: tuple[str, ...]
    """files named `*.schema.*`, mounted or shared"""
    others: frozenset[str]
    """other JSON and YAML files, schemas only if something refers to them"""
    refused: bool
    """whether some file could not be taken, so that nobody knows what it would have used"""


def find(source: Source) -> tuple[SchemaFiles, list[Diagnostic]]:
    """The schema files of a source; reports symbolic links, two schemas for one place and a folder without any.

    A project without the folder has no schemas, which is no finding.
    """
    found: list[Diagnostic] = []
    mounts: dict[tuple[KeyPath, bool], Mount] = {}
    schemas: list[str] = []
    others: set[str] = set()
    for entry in source.list(FOLDER):
        name = entry.path.rpartition("/")[2]
        if _is_hidden(entry.path):
            continue
        if entry.kind != "file":
            found.append(_no_file(entry))
        elif _SCHEMA.fullmatch(name):
            mount = _mount(entry.path)
            if mount and (twice := _add(mount, mounts)):
                found.append(twice)
            else:
                schemas.append(entry.path)
        elif _DATA.fullmatch(name):
            others.add(entry.path)
    if not schemas and source.exists(FOLDER):
        found.append(report("no-schema", at=start_of(FOLDER)))
    return SchemaFiles(tuple(mounts.values()), tuple(schemas), frozenset(others), bool(found)), found


def _is_hidden(path: str) -> bool:
    return any(part.startswith(".") for part in path.split("/"))


def _no_file(entry: Entry) -> Diagnostic:
    kinds: Mapping[str, str] = {"symlink": "a symbolic link", "submodule": "a submodule"}
    return report(
        "schema-no-file", at=start_of(entry.path), file=entry.path, kind=kinds.get(entry.kind, "not a regular file")
    )


def _mount(path: str) -> Mount | None:
    """Where a file stands; none for a shared one: a name below `schemas/` that starts with `_`."""
    *folders, name = path.split("/")[1:]
    matched = _SCHEMA.fullmatch(name)
    stem = matched[1] if matched else name
    if any(folder.startswith("_") for folder in folders):
        return None
    if stem in ("_each", "_index"):
        return Mount(tuple(folders), stem == "_each", path)
    if stem.startswith("_"):
        return None
    at = ROOT if (stem, folders) == ("config", []) else (*folders, stem)
    return Mount(at, each=False, file=path)


def _add(mount: Mount, mounts: dict[tuple[KeyPath, bool], Mount]) -> Diagnostic | None:
    first = mounts.setdefault((mount.at, mount.each), mount)
    if first is mount:
        return None
    return report("duplicate-schema", at=start_of(mount.file), first=first.file, file=mount.file)
