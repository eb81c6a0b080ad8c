"""Tasks of environments, and how their answers fit together.

An environment is one task; where there are more workers than environments, its components are shared out. Shares are
for what is silent: when anything is to be said about one, the environment is done again as a whole, so that findings
are those of one rendering. When all shares are there, one more task checks the environment.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from cfgc.diagnostics import Diagnostic
from cfgc.diagnostics.travel import finding_from
from cfgc.pipeline.packed import Packed, RenderedSet
from cfgc.pipeline.parcel import unwrap
from cfgc.pipeline.session import Session
from cfgc.pipeline.spread.request import Requests
from cfgc.pipeline.wanted import Wanted
from cfgc.stages.render import collisions
from cfgc.stages.write.manifest import load

_WORTH = 50
"""Layer files of an environment for which another share is worth it."""


class Task(NamedTuple):
    """A part of the work: `kind` is `whole`, `share` or `check`, with the words that the worker needs for it."""

    environment: str
    kind: str = "whole"
    words: tuple[Any, ...] = ()


class Answer(NamedTuple):
    """A rendering of other machines."""

    set: RenderedSet
    diagnostics: list[Diagnostic]


class Puzzle:
    """What is there of each environment. `found` has those that are complete; `refused` the versions of who refused."""

    def __init__(self, session: Session, requests: Requests, wanted: Sequence[Wanted], workers: int) -> None:
        self.found: dict[str, Answer] = {}
        self.refused: Mapping[str, str] | None = None
        self._session = session
        self._requests = requests
        self._wanted = {each.environment: each for each in wanted}
        self._each = workers // max(len(wanted), 1)
        self._shares: dict[str, dict[int, tuple[Packed, list[int]]]] = {}
        self._again: set[str] = set()

    def first(self) -> list[Task]:
        """The tasks to begin with."""
        return [task for name, wanted in self._wanted.items() for task in self._tasks(name, wanted)]

    def requests(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, bytes]]:
        """The tasks with the bytes to send, but for those that are for this machine."""
        for task in tasks:
            request = self._requests.request(self._wanted[task.environment], [task.kind, *task.words])
            if request is not None:
                yield task, request

    def take(self, task: Task, content: bytes) -> list[Task]:
        """Put an answer in its place; what is to be done now."""
        try:
            label, rest = unwrap(content)
        except ValueError:  # whoever had it is lost
            return []
        if "refused" in label:
            self.refused = label["refused"]
        elif "missing" in label:
            return [task] if self._requests.add((kind, path) for kind, path in label["missing"]) else []
        elif "whole" in label:
            return self._whole(task.environment)
        elif "count" in label:
            packed = Packed(bytes(rest), label["count"])
            return (
                self._share(task, packed, label["secret"])
                if task.kind == "share"
                else self._complete(task, packed, label)
            )
        return []

    def _tasks(self, name: str, wanted: Wanted) -> list[Task]:
        shares = min(self._each, len(self._requests.files(name)) // _WORTH)
        if shares < 2 or wanted.components:
            return [Task(name)]
        self._shares[name] = {}
        return [Task(name, "share", (number, shares)) for number in range(shares)]

    def _share(self, task: Task, packed: Packed, secret: list[int]) -> list[Task]:
        number, shares = task.words
        known = self._shares[task.environment]
        known[number] = packed, secret
        if len(known) < shares:
            return []
        artifacts = self._artifacts(task.environment)
        if collisions(artifacts):
            return self._whole(task.environment)
        places, before = [], 0
        for _, (some, mine) in sorted(known.items()):
            places += [before + place for place in mine]
            before += len(some)
        return [Task(task.environment, "check", (places,))]

    def _artifacts(self, name: str) -> Packed:
        first, *others = (packed for _, (packed, _) in sorted(self._shares[name].items()))
        return Packed(first.content, len(first), *others)

    def _whole(self, name: str) -> list[Task]:
        """The environment in one piece, once."""
        if name in self._again:
            return []
        self._again.add(name)
        return [Task(name)]

    def _complete(self, task: Task, packed: Packed, label: dict[str, Any]) -> list[Task]:
        manifest = load(label["manifest"].encode())
        revision = self._session.revision(manifest.inputs)
        manifest = manifest._replace(source=revision, components=dict.fromkeys(manifest.components, revision))
        narrowed = None if label["narrowed"] is None else frozenset(label["narrowed"])
        artifacts = self._artifacts(task.environment) if task.kind == "check" else packed
        found = [finding_from(each) for each in label["found"]]
        self.found[task.environment] = Answer(RenderedSet(manifest, artifacts, narrowed), found)
        return []
