"""Values that nobody names: no reference, no template, no output that selects, no code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cfgc.diagnostics import Severity
from cfgc.model.keypath import KeyPath
from cfgc.model.values import Secret, Unknown, Value
from cfgc.pipeline.compile import Compiled
from cfgc.pipeline.render import context_of, jobs_of
from cfgc.reports.gaps.estate import Estate, Node
from cfgc.reports.gaps.gap import Gap, gap
from cfgc.reports.gaps.supply import supplied
from cfgc.stages.render import Job
from cfgc.stages.render.given import writes


class Used:
    """Key paths that are used, with all that stands above and below them."""

    def __init__(self, paths: Iterable[KeyPath]) -> None:
        self._paths = frozenset(paths)
        self._above = frozenset(path[:depth] for path in self._paths for depth in range(len(path)))

    def __contains__(self, path: KeyPath) -> bool:
        return path in self._above or any(path[:depth] in self._paths for depth in range(len(path) + 1))


def find(estate: Estate) -> Iterator[Gap]:
    """A note where an output writes the value with all else, a warning where nothing renders it at all."""
    used = {name: Used(_used(estate, one)) for name, one in estate.compiled.items()}
    writers = {name: _Writers(estate, one) for name, one in estate.compiled.items()}
    for node in estate.leaves:
        if not any(node.path in used[name] for name in node.values):
            outputs = [to for name, value in node.values.items() for to in writers[name].of(node.path, value)]
            yield _gap(estate, node, list(dict.fromkeys(outputs)))


class _Writers:
    """The outputs of an environment by the component that they are for; those of the environment are for the root."""

    def __init__(self, estate: Estate, one: Compiled) -> None:
        self._jobs: dict[KeyPath, list[Job]] = {}
        for job in jobs_of(estate.session, one):
            self._jobs.setdefault(job.component, []).append(job)

    def of(self, path: KeyPath, value: Value) -> Iterator[str]:
        """The names of the outputs that write the value at a key path."""
        secret = isinstance(value, Secret) or (isinstance(value, Unknown) and value.secret)
        for depth in range(len(path) + 1):
            yield from (job.output.to for job in self._jobs.get(path[:depth], ()) if writes(job, path, secret=secret))


def _used(estate: Estate, one: Compiled) -> Iterator[KeyPath]:
    from cfgc.stages.render.template.used import used_paths

    context = context_of(estate.session, one, sealed=True)
    jobs = list(jobs_of(estate.session, one))
    yield from (hop.target for hop in one.resolved.references)
    yield from (hop.target for hop in one.resolved.asked)
    yield from used_paths([job for job in jobs if job.output.template is not None], context)
    yield from (job.start for job in jobs if job.output.template is None and job.output.start)
    yield from (given for each in supplied(estate, one) for name, given in each.given.items() if name in each.read)


def _gap(estate: Estate, node: Node, outputs: list[str]) -> Gap:
    place = estate.place(next(iter(node.values)), node.path)
    component = estate.component(node.path)
    if not outputs:
        return gap(
            "never-used",
            node.name,
            f"`{node.name}` is rendered nowhere: no output writes it, no template or reference uses it",
            component=component,
            severity=Severity.WARNING,
            location=place,
            cure="remove it, or refer to it where it was meant to be used",
        )
    said = " and ".join(f"`{to}`" for to in outputs[:2])
    message = f"no template or reference uses `{node.name}`; {said} write{'s' * (len(outputs) == 1)} it with all else"
    return gap("never-used", node.name, message, component=component, location=place)
