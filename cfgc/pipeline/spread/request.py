"""Some environments -> the bytes that a worker needs to render them: what the source has answered."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from cfgc.diagnostics import Failed
from cfgc.external.recorded import Recorder
from cfgc.pipeline.parcel import wrap
from cfgc.pipeline.scope import files_of
from cfgc.pipeline.session import FOLDERS, Session
from cfgc.pipeline.spread.versions import versions
from cfgc.pipeline.wanted import Wanted

_TEXTS = re.compile(rb"\$\{file:([A-Za-z0-9._/-]+)")


class Requests:
    """Makes requests of a session, whose source records what it answers. Raises `Failed` as `Session.project` does."""

    def __init__(self, session: Session, recipient: str | None, *, sealed: bool) -> None:
        """What workers decrypt is for `recipient` to open."""
        assert isinstance(session.source, Recorder)
        self._session = session
        self._source = session.source
        self._facts = {"versions": versions(), "root": str(session.root), "sealed": sealed, "recipient": recipient}
        _ = session.project, session.schemas, session.policies
        self._ask(("exists", folder) for folder in FOLDERS)
        self._ask([("read", each.path) for each in self._source.list("templates") if each.kind == "file"])
        self._common = tuple(self._source.contents)
        self._lacked: dict[tuple[str, str], None] = {}

    def add(self, missing: Iterable[tuple[str, str]]) -> bool:
        """Ask the source what a worker lacked; whether there is an answer to all of it."""
        missing = list(missing)
        self._lacked.update(dict.fromkeys(missing))
        return self._ask(missing)

    def files(self, environment: str) -> list[str]:
        """The layer files of an environment."""
        project = self._session.project
        return [each.path for each in files_of(project, project.environments[environment])]

    def request(self, wanted: Sequence[Wanted], task: list[Any]) -> bytes | None:
        """The request for a task; none where a file can't be read, which is for this machine to say."""
        paths = list(dict.fromkeys(path for each in wanted for path in self.files(each.environment)))
        contents = self._source.contents
        if not self._ask([("read", path) for path in paths if path not in contents]):
            return None
        texts = sorted({name.decode() for path in paths for name in _TEXTS.findall(contents[path])})
        self._ask([("read", path) for path in texts if path not in contents])
        more = (path for kind, path in self._lacked if kind == "read")
        sent = [path for path in dict.fromkeys((*self._common, *paths, *texts, *more)) if path in contents]
        label = {
            **self._facts,
            "task": task,
            "wanted": [_data(each) for each in wanted],
            "lists": self._source.lists,
            "found": self._source.found,
            "contents": {path: len(contents[path]) for path in sent},
        }
        return wrap(label, [contents[path] for path in sent])

    def _ask(self, questions: Iterable[tuple[str, str]]) -> bool:
        known = True
        doors = {"list": self._source.list, "exists": self._source.exists, "read": self._source.read}
        for kind, path in questions:
            try:
                doors[kind](path)
            except (OSError, Failed):
                known = False
        return known


def _data(wanted: Wanted) -> dict[str, Any]:
    assert wanted.today is not None
    return {
        "environment": wanted.environment,
        "components": wanted.components,
        "overrides": wanted.overrides,
        "override_variables": dict(wanted.override_variables),
        "today": wanted.today.isoformat(),
    }
