"""Where an artifact goes: names that stay inside the output folder, on every system (THREATS O09), and collisions."""

from __future__ import annotations

import re
from collections.abc import Iterable

from cfgc.diagnostics import Diagnostic, Label, report
from cfgc.model.artifact import Artifact
from cfgc.model.keypath import show
from cfgc.stages.render.job import Context, Job

_SEGMENT = re.compile(r"[A-Za-z0-9._-]{1,200}")
_DEVICES = re.compile(r"(?:CON|PRN|AUX|NUL|COM[0-9]|LPT[0-9])(?:\..*)?", re.IGNORECASE)
_LONGEST = 1000

MANIFEST = "manifest.json"


def destination(job: Job, context: Context) -> tuple[str, list[Diagnostic]]:
    """The path of a job's artifact below `dist/ENV`: `FILE`, or `COMPONENT/FILE`."""
    to = job.output.to
    path = f"{_folder(job, context)}/{to}" if job.component else to
    reason = _reason(path)
    if reason is None:
        return path, []
    return path, [report("output-name", at=job.output.location, component=job.name, word=to, reason=reason)]


def _folder(job: Job, context: Context) -> str:
    return show(job.component) if context.dist_names == "path" else str(job.component[-1])


def _reason(path: str) -> str | None:
    if len(path) > _LONGEST:
        return f"it is longer than {_LONGEST} characters"
    for segment in path.split("/"):
        if not segment:
            return "it is absolute or has an empty part"
        if segment in (".", ".."):
            return f"`{segment}` would leave its folder"
        if not _SEGMENT.fullmatch(segment):
            return "only ASCII letters, digits, `.`, `_` and `-` may stand in it, at most 200 in a part"
        if segment.endswith("."):
            return "Windows drops a dot at the end of a name"
        if _DEVICES.fullmatch(segment):
            return f"`{segment}` is a device on Windows"
    return None


def collisions(artifacts: Iterable[Artifact]) -> list[Diagnostic]:
    """Artifacts that would be one file, on any file system, or a file where another needs a folder."""
    owners: dict[str, Artifact] = {}
    folders: dict[str, Artifact] = {}
    found: list[Diagnostic] = []
    for artifact in artifacts:
        key = artifact.path.casefold()
        above = _folders(key)
        other = owners.get(key) or folders.get(key) or next((owners[one] for one in above if one in owners), None)
        if key == MANIFEST:
            found.append(
                report("output-reserved", at=artifact.setting, component=artifact.component, file=artifact.path)
            )
        elif other is not None:
            found.append(_clash(artifact, other))
        owners.setdefault(key, artifact)
        for folder in above:
            folders.setdefault(folder, artifact)
    return found


def _folders(path: str) -> list[str]:
    parts = path.split("/")
    return ["/".join(parts[:length]) for length in range(1, len(parts))]


def _clash(artifact: Artifact, other: Artifact) -> Diagnostic:
    same_name = (
        artifact.component != other.component and artifact.component.split(".")[-1:] == other.component.split(".")[-1:]
    )
    return report(
        "output-collision",
        at=artifact.setting,
        component=artifact.component,
        related=[Label(other.setting, "the other output")] if other.setting else (),
        help="set `dist_names: path`, so that each component has a folder of its own" if same_name else None,
        file=artifact.path,
        other=other.path,
        owner=artifact.component or "the environment",
        other_owner=other.component or "the environment",
    )
