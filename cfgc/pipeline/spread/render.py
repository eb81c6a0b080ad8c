"""The process that renders on a worker: a request on standard input, the answer on standard output.

A request holds the answers of the project's source, as they were recorded. The answer is one of

    {"refused": versions}   this is another program than the one that asks
    {"missing": [...]}      the request does not hold all that is needed: it is to be asked again, with these
    {"left": true}          it must be done where it was asked for
    {"whole": true}         there is something to say about a share: it is for a rendering of the whole environment
    {"share": ...}          the artifacts of a share
    {"sets": [...]}         for each environment findings, the manifest without a revision, and the artifacts; or none,
                            where it is left

and where a recipient is named, it is encrypted for that recipient with age.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from cfgc.diagnostics import Failed
from cfgc.diagnostics.travel import data_of
from cfgc.external.recorded import Recorded
from cfgc.model.manifest import Revision
from cfgc.pipeline.packed import pack
from cfgc.pipeline.parcel import unwrap, wrap
from cfgc.pipeline.render import Rendering, Share, check_shares, render_each, render_share
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
    wanted, (kind, *words), sealed = [_wanted(each) for each in asked["wanted"]], asked["task"], asked["sealed"]
    if kind == "whole":
        return _sets(map(_set, render_each(session, wanted, sealed=sealed)))
    if kind == "check":
        return _sets([_set(check_shares(session, wanted[0], words[0], sealed=sealed))])
    artifacts = render_share(session, wanted[0], Share(*words), sealed=sealed)
    if artifacts is None:
        return wrap({"whole": True})
    secret = [place for place, each in enumerate(artifacts) if each.secret]
    return wrap({"share": {"count": len(artifacts), "secret": secret}}, [pack(artifacts).content])


def _sets(sets: Iterable[tuple[dict[str, Any] | None, bytes]]) -> bytes:
    labels, contents = zip(*sets, strict=True)
    return wrap({"sets": labels}, contents)


def _set(rendering: Rendering) -> tuple[dict[str, Any] | None, bytes]:
    """What is told of an environment, and its artifacts; the rendering itself is let go of."""
    found, made = rendering.diagnostics, rendering.set
    if any(each.is_error and each.name in _LEFT for each in found):
        return None, b""
    packed = pack(made.artifacts)
    label = {
        "found": [data_of(each) for each in found],
        "manifest": dump(made.manifest).decode(),
        "count": len(packed),
        "size": len(packed.content),
        "narrowed": None if made.narrowed is None else sorted(made.narrowed),
    }
    return label, packed.content


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
