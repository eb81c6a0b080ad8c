"""The options of an output, decided: what it says, else what its format does."""

from __future__ import annotations

from collections.abc import Iterator

from cfgc.diagnostics import Diagnostic, report
from cfgc.model.annotations import Annotations, Cursor
from cfgc.model.keypath import Item, KeyPath, Step
from cfgc.model.values import Value
from cfgc.stages.render.emitters import Emitter, Sheet
from cfgc.stages.render.emitters.variables import text_of
from cfgc.stages.render.job import Job
from cfgc.stages.render.plain import Cut

ENV_NAME = "x-cfgc-env"
_SPECIAL = ("prefix", "name", "namespace", "labels", "data", "suffix")


def cut_of(job: Job, value: Value, emitter: Emitter) -> Cut:
    """What the output leaves out. Excluded paths stand inside the component, those of a cut inside its `from`."""
    output = job.output
    as_file = output.data == "file"
    return Cut(
        exclude=excluded(job, value),
        only=output.only or emitter.only,
        nulls=output.nulls or (None if as_file else emitter.nulls),
        runtime=output.runtime or emitter.runtime,
        leaf_lists=emitter.leaf_lists and not as_file,
    )


def excluded(job: Job, value: Value) -> frozenset[KeyPath]:
    """The key paths that the output leaves out, as they stand inside `value`, which is what its `from` leads to."""
    skip = len(job.output.start)
    return frozenset(_concrete(path[skip:], value) for path in job.output.exclude if path[:skip] == job.output.start)


def _concrete(path: KeyPath, value: Value) -> KeyPath:
    """The path with positions for list items that it names by a key of theirs."""
    steps: list[Step] = []
    for step in path:
        if isinstance(step, Item) and isinstance(value, list):
            step = next((at for at, item in enumerate(value) if _is(item, step)), step)
        steps.append(step)
        value = _below(value, step)
    return tuple(steps)


def _is(item: Value, named: Item) -> bool:
    found = item if named.key == "." else item.get(named.key) if isinstance(item, dict) else None
    return isinstance(found, (str, int, float)) and text_of(found) == named.value


def _below(value: Value, step: Step) -> Value:
    if isinstance(value, dict):
        return value.get(step)
    return value[step] if isinstance(value, list) and isinstance(step, int) and -1 < step < len(value) else None


def sheet_of(job: Job, data: Value, annotations: Annotations) -> Sheet:
    """What the emitter needs to know of the output."""
    output = job.output
    names = env_names(data, job.start, annotations) if annotations.uses(ENV_NAME) else {}
    name = output.name or (str(job.component[-1]) if job.component else "environment")
    return Sheet(output.prefix, names, name, output.namespace, output.labels, output.data or "env")


def env_names(data: Value, start: KeyPath, annotations: Annotations) -> dict[KeyPath, str]:
    """The key paths inside `data` for which the schema has `x-cfgc-env`, with that name."""
    cursor = annotations.root()
    for step in start:
        cursor = cursor.step(_step(step)) if cursor is not None else None
    return dict(_named(data, cursor, ())) if cursor is not None else {}


def _step(step: object) -> str | int:
    return step if isinstance(step, (str, int)) else 0


def _named(value: Value, cursor: Cursor, path: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    name = cursor.get(ENV_NAME)
    if name is not None:
        yield path, str(name)
    if type(value) is dict:
        for key, item in value.items():
            below = cursor.step(key)
            if below is not None:
                yield from _named(item, below, (*path, key))


def unused(job: Job, known: frozenset[str], what: str) -> list[Diagnostic]:
    """A finding for each option that the output sets and its format does not know."""
    return [
        report("output-option", at=job.output.location, component=job.name, option=option, format=what)
        for option in _SPECIAL
        if option not in known and getattr(job.output, option)
    ]
