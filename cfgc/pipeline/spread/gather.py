"""Environments on an executor, and what comes back; what does not come back is rendered here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, Future, wait
from typing import Any, NamedTuple, Protocol

from cfgc.diagnostics import Diagnostic, Failed, report
from cfgc.diagnostics.travel import finding_from
from cfgc.external.recorded import Recorder
from cfgc.pipeline.packed import Packed, RenderedSet
from cfgc.pipeline.parcel import unwrap
from cfgc.pipeline.render import render_each
from cfgc.pipeline.session import Session
from cfgc.pipeline.spread.request import Requests
from cfgc.pipeline.spread.versions import versions
from cfgc.pipeline.spread.work import work
from cfgc.pipeline.wanted import Wanted
from cfgc.stages.write.manifest import load

_LOOK = 2.0
"""Seconds between two looks whether anybody is there to work."""
_PATIENCE = 5
"""Looks in vain, one after the other, until what is left is done here."""
_ROUNDS = 20
"""Times that an environment is asked for again with more files."""


class Spread(NamedTuple):
    """Who renders: any executor of the standard library's interface, and how many workers it has at this moment."""

    address: str
    executor: Executor
    workers: Callable[[], int]


class Rendered(Protocol):
    """What a command looks at of an environment, whoever rendered it."""

    @property
    def set(self) -> RenderedSet: ...

    @property
    def diagnostics(self) -> list[Diagnostic]: ...


class _Answer(NamedTuple):
    set: RenderedSet
    diagnostics: list[Diagnostic]


class _Identity:
    """A key that lives as long as a run: what workers decrypt is encrypted for it, and nobody between can read it."""

    def __init__(self, *, sealed: bool) -> None:
        self._key: Any = None
        if not sealed:
            import pyrage

            self._key = pyrage.x25519.Identity.generate()

    @property
    def recipient(self) -> str | None:
        return None if self._key is None else str(self._key.to_public())

    def open(self, content: bytes) -> bytes:
        if self._key is None or not content.startswith(b"age-encryption.org/"):
            return content
        import pyrage

        try:
            return bytes(pyrage.decrypt(content, [self._key]))
        except pyrage.DecryptError:
            return b""


def gather(session: Session, wanted: Sequence[Wanted], spread: Spread, *, sealed: bool) -> Mapping[str, Rendered]:
    """What workers rendered, by environment. What is not in it is to be rendered here.

    Raises `Failed` for workers that run another program, and as `Session.project` does.
    """
    assert isinstance(session.source, Recorder)
    identity = _Identity(sealed=sealed)
    requests = Requests(session, session.source, identity.recipient, sealed=sealed)
    by_name = {each.environment: each for each in wanted}
    made = {name: requests.request(each) for name, each in by_name.items()}
    waiting = {name: request for name, request in made.items() if request is not None}
    found: dict[str, Rendered] = {}
    for _ in range(_ROUNDS):
        again: dict[str, bytes] = {}
        for name, content in _done(spread, waiting):
            label, rest = _opened(identity.open(content))
            if "refused" in label:
                raise Failed(_differs(spread.address, label["refused"]))
            if "missing" in label and requests.add(map(tuple, label["missing"])):
                again[name] = requests.request(by_name[name], [path for _, path in label["missing"]]) or b""
            elif "found" in label:
                found[name] = _answer(session, label, rest)
        if not (waiting := again):
            break
    return found


def render_spread(
    session: Session, wanted: Sequence[Wanted], answers: Mapping[str, Rendered], *, sealed: bool
) -> Iterator[Rendered]:
    """All environments in their order: answers where there are, and renderings of this machine."""
    here = render_each(session, [each for each in wanted if each.environment not in answers], sealed=sealed)
    for each in wanted:
        answer = answers.get(each.environment)
        yield next(here) if answer is None else answer


def _done(spread: Spread, requests: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """Each request with its answer, as they come; the others are given up when nobody is left to work."""
    futures = {spread.executor.submit(work, request): name for name, request in requests.items()}
    pending, looks = set(futures), 0
    while pending and looks < _PATIENCE:
        done, pending = wait(pending, timeout=_LOOK, return_when=FIRST_COMPLETED)
        looks = 0 if done or spread.workers() else looks + 1
        for each in done:
            yield futures[each], _result(each, spread.address)
    for future in pending:
        future.cancel()


def _result(future: Future[bytes], address: str) -> bytes:
    """What a worker answered; nothing where it was lost, whatever the reason."""
    try:
        error = future.exception()
    except CancelledError:
        return b""
    if isinstance(error, (ImportError, AttributeError)):  # no cfgc there, or one that has no such work
        raise Failed(_differs(address, {"cfgc": "none"}))
    return b"" if error is not None else future.result()


def _opened(content: bytes) -> tuple[dict[str, Any], memoryview]:
    try:
        return unwrap(content)
    except ValueError:
        return {"left": True}, memoryview(b"")


def _answer(session: Session, label: dict[str, Any], rest: memoryview) -> Rendered:
    manifest = load(label["manifest"].encode())
    revision = session.revision(manifest.inputs)
    manifest = manifest._replace(source=revision, components=dict.fromkeys(manifest.components, revision))
    narrowed = None if label["narrowed"] is None else frozenset(label["narrowed"])
    made = RenderedSet(manifest, Packed(bytes(rest), label["count"]), narrowed)
    return _Answer(made, [finding_from(each) for each in label["found"]])


def _differs(address: str, theirs: Mapping[str, str]) -> Diagnostic:
    ours = versions()
    name = next((name for name in ours if theirs.get(name) != ours[name]), "cfgc")
    return report("executor-differs", address=address, program=name, theirs=theirs.get(name, "none"), ours=ours[name])
