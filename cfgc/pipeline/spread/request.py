"""One environment -> the bytes that a worker needs to render it: what the source has answered."""

from __future__ import annotations

import re
from collections.abc import Iterable
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
    """Makes requests of a session, whose source records what it answers."""

    def __init__(self, session: Session, source: Recorder, recipient: str | None, *, sealed: bool) -> None:
        self._session = session
        self._source = source
        self._facts = {"versions": versions(), "root": str(session.root), "sealed": sealed, "recipient": recipient}
        _ = session.project, session.schemas, session.policies
        for folder in FOLDERS:
            source.exists(folder)
        self.add([("read", each.path) for each in source.list("templates") if each.kind == "file"])
        self._common = frozenset(source.contents)

    def add(self, missing: Iterable[tuple[str, str]]) -> bool:
        """Ask the source what a worker lacks; whether there was an answer to all of it."""
        known = True
        for kind, path in missing:
            try:
                {"list": self._source.list, "exists": self._source.exists, "read": self._source.read}[kind](path)
            except (OSError, Failed, KeyError):
                known = False
        return known

    def request(self, wanted: Wanted, more: Iterable[str] = ()) -> bytes | None:
        """The request for an environment; none where a file of it can't be read, which is for this machine to say."""
        project = self._session.project
        paths = [each.path for each in files_of(project, project.environments[wanted.environment])]
        if not self.add([("read", path) for path in paths if path not in self._source.contents]):
            return None
        contents = self._source.contents
        texts = {name.decode() for path in paths for name in _TEXTS.findall(contents[path])}
        self.add([("read", path) for path in sorted(texts) if path not in contents])
        sent = [path for path in dict.fromkeys((*self._common, *paths, *sorted(texts), *more)) if path in contents]
        label = {
            **self._facts,
            "wanted": _data(wanted),
            "lists": self._source.lists,
            "found": self._source.found,
            "contents": {path: len(contents[path]) for path in sent},
        }
        return wrap(label, [contents[path] for path in sent])


def _data(wanted: Wanted) -> dict[str, Any]:
    assert wanted.today is not None
    return {
        "environment": wanted.environment,
        "components": wanted.components,
        "overrides": wanted.overrides,
        "override_variables": dict(wanted.override_variables),
        "today": wanted.today.isoformat(),
    }
