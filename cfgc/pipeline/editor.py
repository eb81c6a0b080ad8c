"""Schemas for editors: one for each place where layer files stand, and the setting by which editors find them.

yaml-language-server (VS Code, Neovim, Helix ...) completes and checks a layer file against the schema that
`yaml.schemas` names for it. It reads a glob as the end of a path, `*` standing for any text, slashes too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from cfgc.model.keypath import KeyPath, show
from cfgc.model.layers import LayerFile
from cfgc.pipeline.session import Session

SETTINGS = ".vscode/settings.json"
FOLDER = ".cfgc/schemas"
LAYERS = "environments"
_SETTING = "yaml.schemas"
_TAG_SETTING = "yaml.customTags"
_TAGS = (
    *(f"!replace {kind}" for kind in ("scalar", "mapping", "sequence")),
    *(f"!raw {kind}" for kind in ("scalar", "mapping", "sequence")),
    *(f"!unset {kind}" for kind in ("scalar", "mapping")),
    *(f"{tag} sequence" for tag in ("!append", "!prepend", "!unique")),
)
_OUR_TAGS = frozenset({"!by", *(tag.partition(" ")[0] for tag in _TAGS)})


def schema_of(session: Session, path: str | None) -> dict[str, Any] | None:
    """The schema of the whole tree, or of one layer file; none for a file that is no layer file."""
    if path is None:
        return session.schemas.bundle()
    file = next((file for files in session.project.files.values() for file in files if file.path == path), None)
    return None if file is None else session.schemas.for_file(file.at, each=file.each)


def editor_files(session: Session, settings: str | None = None) -> dict[str, str]:
    """Project path -> text of every file that editors need: the schemas, and the settings with other entries kept.

    `settings` is the present text of `SETTINGS`. Raises `ValueError` when that is no JSON object with such an entry.
    """
    files: dict[str, str] = {}
    places: dict[str, list[str]] = {}
    everything = [file for files in session.project.files.values() for file in files]
    layers = sorted({file.layer for file in everything})
    for (at, each), own in _by_place(everything).items():
        readable = [file for file in own if file.format in ("yaml", "json")]
        if not readable:
            continue
        schema = session.schemas.for_file(at, each=each)
        name = f"{FOLDER}/{_name(at, each=each)}.schema.json"
        files[name] = json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
        others = [file.path for file in everything if (file.at, file.each) != (at, each)]
        places[f"./{name}"] = sorted({glob for file in readable for glob in _globs(file, layers, others)})
    files[SETTINGS] = _settings(settings, places, _tags(session, everything))
    return files


def _by_place(files: Iterable[LayerFile]) -> dict[tuple[KeyPath, bool], list[LayerFile]]:
    found: dict[tuple[KeyPath, bool], list[LayerFile]] = {}
    for file in files:
        if not file.sops:
            found.setdefault((file.at, file.each), []).append(file)
    return found


def _globs(file: LayerFile, layers: list[str], others: list[str]) -> list[str]:
    """What names a layer file, and the file that would stand at its place in any other layer.

    One glob over all layers unless it would name a file of another place; then a name for each layer.
    """
    folder = f"{LAYERS}/{file.layer}/"
    if not file.path.startswith(folder):  # another layout, or the one file of a layer
        return [file.path]
    rest = file.path.removeprefix(folder)
    glob = f"{LAYERS}/**/{rest}"
    if any(re.search(_pattern(glob), path) for path in others):
        return [f"{LAYERS}/{layer}/{rest}" for layer in layers]
    return [glob]


def _pattern(glob: str) -> str:
    return re.escape(glob).replace(r"\*", ".*") + "$"


def _name(at: KeyPath, *, each: bool) -> str:
    return f"{show(at) if at else 'root'}{'._each' if each else ''}"


def _tags(session: Session, files: Iterable[LayerFile]) -> list[str]:
    """The markers, as tags that an editor need not complain of; a `!by:` is known to it only with its key."""
    keyed = {
        match[0].decode()
        for file in files
        if file.format == "yaml" and not file.sops
        for match in re.finditer(rb"!by:[\w.-]+", session.source.read(file.path))
    }
    return [*_TAGS, *(f"{tag} sequence" for tag in sorted({"!by:name", *keyed}))]


def _settings(text: str | None, places: dict[str, list[str]], tags: list[str]) -> str:
    data = json.loads(text) if text and text.strip() else {}
    present = data.get(_SETTING, {}) if isinstance(data, dict) else None
    if not isinstance(present, dict):
        raise ValueError(f"`{SETTINGS}` is no JSON object, or `{_SETTING}` in it is none")
    present_tags = data.get(_TAG_SETTING)
    known_tags = present_tags if isinstance(present_tags, list) else []
    other_tags = [tag for tag in known_tags if str(tag).partition(":")[0].partition(" ")[0] not in _OUR_TAGS]
    others = {name: globs for name, globs in present.items() if f"/{FOLDER}/" not in name}
    ours = {_SETTING: {**others, **places}, _TAG_SETTING: [*other_tags, *tags]}
    return json.dumps({**data, **ours}, indent=2, ensure_ascii=False) + "\n"
