"""Tasks of environments, and how their answers fit together.

Some environments are one task: what they share is then read and decrypted once. Each worker has two tasks, so that
none waits long for the others. Where there are twice as many workers as environments, components are shared out.
Shares are for what is silent: when anything is to be said about one, the environment is done again as a whole, so that
findings are those of one rendering. When all shares are there, one more task checks the environment.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
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

_TASKS = 2
"""Tasks for each worker."""
_WORTH = 50
"""Layer files of an environment for which another share is worth it."""


_MOST_LACKING = 20
"""Times that a task is asked again, with what a worker lacked."""


class Task(NamedTuple):
    """A part of the work: `kind` is `whole`, `share` or `check`, with the words that the worker needs for it."""

    environments: tuple[str, ...]
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
        self._workers = workers
        self._shares: dict[str, dict[int, tuple[Packed, list[int]]]] = {}
        self._again: set[str] = set()
        self._lacking: Counter[Task] = Counter()

    def first(self) -> list[Task]:
        """The tasks to begin with."""
        names = list(self._wanted)
        if self._workers < 2 * len(names):
            groups = min(len(names), max(_TASKS * self._workers, 1))
            cuts = [number * len(names) // groups for number in range(groups + 1)]
            return [Task(tuple(names[start:end])) for start, end in pairwise(cuts)]
        return [task for name, wanted in self._wanted.items() for task in self._tasks(name, wanted)]

    def requests(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, bytes]]:
        """The tasks with the bytes to send, but for those that are for this machine."""
        for task in tasks:
            wanted = [self._wanted[name] for name in task.environments]
            request = self._requests.request(wanted, [task.kind, *task.words])
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
            self._lacking[task] += 1
            known = self._requests.add((kind, path) for kind, path in label["missing"])
            return [task] if known and self._lacking[task] < _MOST_LACKING else []
        elif "whole" in label:
            return self._whole(task.environments[0])
        elif "share" in label:
            return self._share(task, Packed(bytes(rest), label["share"]["count"]), label["share"]["secret"])
        elif "sets" in label:
            self._complete(task, label["sets"], rest)
        return []

    def _tasks(self, name: str, wanted: Wanted) -> list[Task]:
        shares = min(self._workers // len(self._wanted), len(self._requests.files(name)) // _WORTH)
        if shares < 2 or wanted.components:
            return [Task((name,))]
        self._shares[name] = {}
        return [Task((name,), "share", (number, shares)) for number in range(shares)]

    def _share(self, task: Task, packed: Packed, secret: list[int]) -> list[Task]:
        number, shares = task.words
        (name,) = task.environments
        known = self._shares[name]
        known[number] = packed, secret
        if len(known) < shares:
            return []
        if collisions(self._artifacts(name)):
            return self._whole(name)
        places, before = [], 0
        for _, (some, mine) in sorted(known.items()):
            places += [before + place for place in mine]
            before += len(some)
        return [Task((name,), "check", (tuple(places),))]

    def _artifacts(self, name: str) -> Packed:
        first, *others = (packed for _, (packed, _) in sorted(self._shares[name].items()))
        return Packed(first.content, len(first), *others)

    def _whole(self, name: str) -> list[Task]:
        """The environment in one piece, once."""
        if name in self._again:
            return []
        self._again.add(name)
        return [Task((name,))]

    def _complete(self, task: Task, labels: Sequence[dict[str, Any] | None], rest: memoryview) -> None:
        at = 0
        for name, label in zip(task.environments, labels, strict=True):
            if label is not None:
                packed = Packed(bytes(rest[at : at + label["size"]]), label["count"])
                artifacts = self._artifacts(name) if task.kind == "check" else packed
                self.found[name] = self._answer(name, label, artifacts)
                at += label["size"]

    def _answer(self, name: str, label: dict[str, Any], artifacts: Packed) -> Answer:
        manifest = load(label["manifest"].encode())
        revision = self._session.revision(manifest.inputs)
        components = dict.fromkeys(manifest.components, revision)
        manifest = manifest._replace(environment=name, source=revision, components=components)
        narrowed = None if label["narrowed"] is None else frozenset(label["narrowed"])
        found = [finding_from(each) for each in label["found"]]
        return Answer(RenderedSet(manifest, artifacts, narrowed), found)
