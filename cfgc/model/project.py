"""A project, as `cfgc.yaml` and the folder say (SPEC section 2)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Literal, NamedTuple, TypeAlias

from cfgc.model.keypath import KeyPath
from cfgc.model.layers import LayerFile
from cfgc.model.location import Location

ListRule: TypeAlias = Literal["replace", "append", "prepend", "unique"]
Only: TypeAlias = Literal["all", "plain", "secret"]
Nulls: TypeAlias = Literal["refuse", "omit", "empty"]
RuntimeRule: TypeAlias = Literal["keep", "omit", "refuse"]

ENVIRONMENT_SCOPE = "environment"
"""The `for` of an output that is rendered once per environment."""


class Output(NamedTuple):
    """One entry of `outputs`; `none` as format removes what an earlier entry gave. None means: the format's default."""

    match: str
    to: str
    format: str | None = None
    template: str | None = None
    start: KeyPath = ()
    only: Only | None = None
    exclude: tuple[KeyPath, ...] = ()
    nulls: Nulls | None = None
    runtime: RuntimeRule | None = None
    prefix: str = ""
    name: str | None = None
    namespace: str | None = None
    labels: Mapping[str, str] = MappingProxyType({})
    data: Literal["env", "file"] | None = None
    suffix: Literal["digest"] | None = None
    location: Location | None = None


class MergeRules(NamedTuple):
    lists: ListRule = "replace"
    types: Literal["strict", "loose"] = "strict"


class Environment(NamedTuple):
    """A name, its layers from the lowest to the highest, its labels."""

    name: str
    layers: tuple[str, ...]
    labels: Mapping[str, str]
    location: Location | None = None


class Project(NamedTuple):
    """Everything that is known of a project before a layer file is read."""

    name: str
    semantics: str
    environments: Mapping[str, Environment]
    files: Mapping[str, tuple[LayerFile, ...]]
    """layer name -> its files, in byte order of their key paths"""
    components: tuple[str, ...]
    outputs: tuple[Output, ...]
    merge: MergeRules = MergeRules()
    recipients: Mapping[str, tuple[str, ...]] | None = None
    """environment or layer -> allowed SOPS recipients; none when the project does not say"""
    lint_rules: Mapping[str, str] = MappingProxyType({})
    dist_names: Literal["name", "path"] = "name"
    settings: Mapping[str, Any] = MappingProxyType({})
    """`cfgc.yaml` as read, for sections that later commands own"""
