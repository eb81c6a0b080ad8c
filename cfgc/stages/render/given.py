"""Which environment variables an output hands to its reader, and which outputs write a value at all."""

from __future__ import annotations

from cfgc.model.keypath import KeyPath, starts_with
from cfgc.stages.render.emit import prepare
from cfgc.stages.render.emitters import Unfit, emitter
from cfgc.stages.render.emitters.variables import name_of, paths
from cfgc.stages.render.job import Context, Job

_NAMING = frozenset({"dotenv", "shell", "docker-env", "systemd"})
_KUBERNETES = frozenset({"k8s-configmap", "k8s-secret"})


def given_variables(job: Job, context: Context) -> dict[str, KeyPath]:
    """Name -> key path of the variables that an output sets, and of those that it leaves to whoever starts the reader.

    Nothing for a template, for formats that are no environment, and for an output that cannot be written.
    """
    if not _is_environment(job):
        return {}
    emission, _ = prepare(job, context)
    if emission is None or type(emission.sealed) is not dict:
        return {}
    left_out = [path for _, path in emission.shaped.needs]
    try:
        return {name_of(path, emission.sheet): (*job.start, *path) for path in (*paths(emission.sealed), *left_out)}
    except Unfit:
        return {}


def writes(job: Job, path: KeyPath, *, secret: bool) -> bool:
    """Whether an output with a format may write the value at a key path: not what it excludes or is not for."""
    output = job.output
    if output.format is None or not starts_with(path, job.start):
        return False
    inside = path[len(job.component) :]
    if any(starts_with(inside, excluded) for excluded in output.exclude):
        return False
    only = output.only or emitter(output.format).only
    return only == "all" or (only == "secret") == secret


def _is_environment(job: Job) -> bool:
    return job.output.format in _NAMING or (job.output.format in _KUBERNETES and job.output.data != "file")
