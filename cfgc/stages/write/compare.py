"""`render --check`: how the set on disk differs from what would be written, without writing."""

from __future__ import annotations

import os
from contextlib import ExitStack

from cfgc.diagnostics import Diagnostic
from cfgc.model.manifest import MANIFEST_NAME
from cfgc.stages.write.finding import about
from cfgc.stages.write.folder import Folder, files_below
from cfgc.stages.write.outcome import Request
from cfgc.stages.write.write import cannot_write


def compare_set(request: Request) -> list[Diagnostic]:
    """One finding for each artifact that is missing, different, or no longer rendered."""
    try:
        found = _on_disk(request)
    except OSError as error:
        return [cannot_write(request.folder, error)]
    rendered = {artifact.path: artifact for artifact in request.artifacts}
    differences = [
        (
            path,
            "it is missing"
            if path not in found
            else "its content differs"
            if found[path][0] != made.content
            else "its mode differs",
        )
        for path, made in rendered.items()
        if found.get(path) != (made.content, 0o600 if made.secret else 0o644)
    ]
    if request.narrowed is None:
        differences += [(path, "nothing renders it") for path in found if path not in rendered]
    return [_outdated(request, path, difference) for path, difference in sorted(differences)]


def _outdated(request: Request, path: str, difference: str) -> Diagnostic:
    environment = request.manifest.environment
    place = f"{request.folder}/{environment}/{path}"
    return about("artifact-outdated", place, difference=difference, environment=environment)


def _on_disk(request: Request) -> dict[str, tuple[bytes | None, int | None]]:
    with ExitStack() as held:
        try:
            dist = held.enter_context(Folder.open(request.folder))
            name = request.manifest.environment
            if dist.kind(name) == "link":
                name = os.readlink(name, dir_fd=dist.descriptor)
            folder = held.enter_context(dist.inside(name))
        except FileNotFoundError:
            return {}
        paths = [path for path, _ in files_below(folder) if path != MANIFEST_NAME]
        return {path: _content(folder, path) for path in paths}


def _content(folder: Folder, path: str) -> tuple[bytes | None, int | None]:
    *parents, name = path.split("/")
    with ExitStack() as held:
        for parent in parents:
            folder = held.enter_context(folder.inside(parent))
        return folder.read(name), folder.mode(name)
