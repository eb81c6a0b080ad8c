"""The process that renders one environment on a worker: a request on standard input, the answer on standard output.

A request holds the answers of the project's source, as they were recorded. The answer is one of

    {"refused": versions}   this is another program than the one that asks
    {"missing": [...]}      the request does not hold all that is needed: it is to be asked again, with these
    {"left": true}          it must be done where it was asked for
    {"whole": true}         there is something to say about a share: it is for a rendering of the whole environment
    {"count": n, ...}       the artifacts; but for a share also findings, and the manifest without a revision

and where a recipient is named, it is encrypted for that recipient with age.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from cfgc.diagnostics import Failed
from cfgc.diagnostics.travel import data_of
from cfgc.external.recorded import Recorded
from cfgc.model.manifest import Revision
from cfgc.pipeline.packed import pack
from cfgc.pipeline.parcel import unwrap, wrap
from cfgc.pipeline.render import Rendering, Share, check_shares, render_environments, render_share
from cfgc.pipeline.session import Session
from cfgc.pipeline.spread.identity import encrypted
from cfgc.pipeline.spread.versions import versions
from cfgc.pipeline.wanted import Wanted
from cfgc.stages.write.manifest import dump

_LEFT = frozenset(
    {"no-key", "sops-failed", "sops-not-found", "sops-too-old", "template-overrun", "unexpected-sops-output"}
)
"""errors that may come from this machine alone"""


def answer(request: bytes) -> bytes:
    """The answer to a request."""
    asked, contents = unwrap(request)
    if asked["versions"] != versions():
        return wrap({"refused": versions()})
    source = Recorded(asked["lists"], asked["found"], dict(_contents(asked["contents"], contents)))
    session = Session(source, Path(asked["root"]))
    session.known_revision = Revision()
    try:
        _ = session.schemas, session.policies
        done = _done(session, asked)
    except Failed:
        done = wrap({"left": True})
    if source.missing:
        return wrap({"missing": list(source.missing)})
    return encrypted(done, asked["recipient"])


def _done(session: Session, asked: dict[str, Any]) -> bytes:
    wanted, (kind, *words), sealed = _wanted(asked["wanted"]), asked["task"], asked["sealed"]
    if kind == "share":
        artifacts = render_share(session, wanted, Share(*words), sealed=sealed)
        if artifacts is None:
            return wrap({"whole": True})
        packed = pack(artifacts)
        secret = [place for place, each in enumerate(artifacts) if each.secret]
        return wrap({"count": len(packed), "secret": secret}, [packed.content])
    if kind == "check":
        return _answer(check_shares(session, wanted, words[0], sealed=sealed))
    return _answer(render_environments(session, [wanted], sealed=sealed)[0])


def _answer(rendering: Rendering) -> bytes:
    found = rendering.diagnostics
    if any(each.is_error and each.name in _LEFT for each in found):
        return wrap({"left": True})
    made = rendering.set
    packed = pack(made.artifacts)
    label = {
        "found": [data_of(each) for each in found],
        "manifest": dump(made.manifest).decode(),
        "count": len(packed),
        "narrowed": None if made.narrowed is None else sorted(made.narrowed),
    }
    return wrap(label, [packed.content])


def _contents(sizes: dict[str, int], contents: memoryview) -> Iterator[tuple[str, bytes]]:
    at = 0
    for path, size in sizes.items():
        yield path, bytes(contents[at : at + size])
        at += size


def _wanted(data: dict[str, Any]) -> Wanted:
    return Wanted(
        data["environment"],
        components=tuple(data["components"]),
        overrides=tuple(data["overrides"]),
        override_variables=data["override_variables"],
        today=date.fromisoformat(data["today"]),
    )


def main() -> None:
    """The whole life of the process. Its standard error is read by nobody: a trace may hold values."""
    gc.disable()
    view = memoryview(answer(sys.stdin.buffer.read()))
    while view:
        view = view[os.write(1, view) :]
    os._exit(0)


if __name__ == "__main__":
    main()
