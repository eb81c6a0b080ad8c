"""Schemas for editors: one for each place where layer files stand, and the setting by which editors find them.

yaml-language-server (VS Code, Neovim, Helix ...) completes and checks a layer file against the schema that
`yaml.schemas` names for it.
"""

from __future__ import annotations

import json
from typing import Any

from cfgc.model.keypath import KeyPath, show
from cfgc.model.layers import LayerFile
from cfgc.pipeline.session import Session

SETTINGS = ".vscode/settings.json"
FOLDER = ".cfgc/schemas"
_SETTING = "yaml.schemas"


def schema_of(session: Session, path: str | None) -> dict[str, Any] | None:
    """The schema of the whole tree, or of one layer file; none for a file that is no layer file."""
    if path is None:
        return session.schemas.bundle()
    file = next((file for files in session.project.files.values() for file in files if file.path == path), None)
    return None if file is None else session.schemas.for_file(file.at, each=file.each)


def editor_files(session: Session, settings: str | None = None) -> dict[str, str]:
    """Project path -> text of every file that editors need: the schemas, and the settings with other entries kept.

    `settings` is the present text of `SETTINGS`. Raises `ValueError` when that is not a JSON object.
    """
    files: dict[str, str] = {}
    places: dict[str, list[str]] = {}
    for (at, each), layer_files in _by_place(session).items():
        schema = session.schemas.for_file(at, each=each)
        name = f"{FOLDER}/{_name(at, each=each)}.schema.json"
        files[name] = json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
        places[f"./{name}"] = sorted(file.path for file in layer_files if file.format in ("yaml", "json"))
    files[SETTINGS] = _settings(settings, places)
    return files


def _by_place(session: Session) -> dict[tuple[KeyPath, bool], list[LayerFile]]:
    found: dict[tuple[KeyPath, bool], list[LayerFile]] = {}
    for files in session.project.files.values():
        for file in files:
            if not file.sops:
                found.setdefault((file.at, file.each), []).append(file)
    return found


def _name(at: KeyPath, *, each: bool) -> str:
    return f"{show(at) if at else 'root'}{'._each' if each else ''}"


def _settings(text: str | None, places: dict[str, list[str]]) -> str:
    data = json.loads(text) if text else {}
    if not isinstance(data, dict):
        raise ValueError(f"`{SETTINGS}` is no JSON object")
    others = {name: globs for name, globs in data.get(_SETTING, {}).items() if f"/{FOLDER}/" not in name}
    return json.dumps({**data, _SETTING: {**others, **places}}, indent=2, ensure_ascii=False) + "\n"
