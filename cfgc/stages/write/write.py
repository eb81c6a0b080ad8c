"""Artifacts -> `dist/ENV` and its manifest, as one whole set (SPEC section 8, THREATS F01-F12, K01-K07).

The set is staged in `.ENV.next`, then exchanged with `dist/ENV` in one system call; what was there stays as
`.ENV.previous` until the next exchange. Whatever kills the process, `dist/ENV` is one whole set; what it left behind
goes with the next run. Nothing is synced to disk: a set that a power loss damaged does not match its manifest, and
the next run replaces it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack

from cfgc.diagnostics import Diagnostic, Failed
from cfgc.external.timing import span
from cfgc.model.artifact import Artifact
from cfgc.model.manifest import MANIFEST_NAME, Entry, Manifest
from cfgc.stages.write import state
from cfgc.stages.write.current import Current, digest
from cfgc.stages.write.finding import about
from cfgc.stages.write.folder import CANNOT_EXCHANGE, Folder, parents
from cfgc.stages.write.lock import locked
from cfgc.stages.write.manifest import dump
from cfgc.stages.write.outcome import Outcome, Request
from cfgc.stages.write.staging import Leaf, Plan, Stager, plan_of, same

_GENERATIONS_KEPT = 2


def write_set(request: Request) -> tuple[Outcome | None, list[Diagnostic]]:
    """Put a whole set in place; on any error the set that stood there is untouched and the outcome is none."""
    outcomes, found = write_sets([request])
    return (outcomes[0] if outcomes else None), found


def write_sets(
    requests: Sequence[Request], settled: Callable[[Sequence[Outcome]], object] = lambda _: None
) -> tuple[list[Outcome], list[Diagnostic]]:
    """Put the sets of different environments in place, in one folder.

    All are staged before the first is exchanged: whatever is wrong with one, no set that stood there is touched and
    there are no outcomes. `settled` is called when all are in place, before anybody else may write.
    """
    path = requests[0].folder
    try:
        with span("write", count=sum(len(each.artifacts) for each in requests)), ExitStack() as held:
            folder = held.enter_context(_output_folder(path))
            held.enter_context(locked(folder, requests[0].wait))
            outcomes, found = _all_or_none([_Writer(request, folder, held) for request in requests])
            settled(outcomes)
            return outcomes, found
    except Failed as failed:
        return [], list(failed.diagnostics)
    except OSError as error:
        return [], [cannot_write(path, error)]


def _output_folder(path: str) -> Folder:
    try:
        return Folder.open(path, create=True)
    except (FileExistsError, NotADirectoryError):
        if os.path.isdir(path) and not os.path.islink(path):
            raise
        raise Failed(about("output-not-a-folder", _in_the_way(path))) from None


def _all_or_none(writers: Sequence[_Writer]) -> tuple[list[Outcome], list[Diagnostic]]:
    try:
        for writer in writers:
            writer.stage()
        for writer in writers:
            writer.exchange()
    except BaseException:
        for writer in writers:
            writer.drop_staged()
        raise
    return [writer.outcome for writer in writers], [found for writer in writers for found in writer.warnings]


def cannot_write(folder: str, error: OSError) -> Diagnostic:
    """The finding for whatever the operating system refused."""
    name = error.filename if isinstance(error.filename, str) else ""
    on_the_way = name.startswith("/") or f"{folder}/".startswith(f"{name}/")
    place = (name if on_the_way else f"{folder}/{name}") if name else folder
    if isinstance(error, NotADirectoryError) and on_the_way:
        return about("output-not-a-folder", _in_the_way(place))
    return about("cannot-write", place, reason=error.strerror or type(error).__name__)


def _in_the_way(path: str) -> str:
    """The part of a path that is no folder: the path itself, or a file where a folder above it should be."""
    above = os.path.dirname(path.rstrip("/"))
    return _in_the_way(above) if above and os.path.lexists(above) and not os.path.isdir(above) else path


class _Writer:
    def __init__(self, request: Request, folder: Folder, held: ExitStack) -> None:
        self.request = request
        self.folder = folder
        self.environment = request.manifest.environment
        self.staged = f".{self.environment}.next"
        self.before = f".{self.environment}.previous"
        self.probe = f".{self.environment}.probe"
        self.key = state.MachineKey(request.state_folder)
        self.current = self._open_current(held)
        self.outcome = Outcome(request.manifest)
        self.warnings: list[Diagnostic] = []

    def _open_current(self, held: ExitStack) -> Current | None:
        kind = self.folder.kind(self.environment)
        if kind is None:
            return None
        if kind != "folder" and not self._is_generation():
            place = f"{self.folder.path}/{self.environment}"
            raise Failed(about("output-not-a-folder", place))
        target = os.readlink(self.environment, dir_fd=self.folder.descriptor) if kind == "link" else self.environment
        current = Current(held.enter_context(self.folder.inside(target)), self.environment, self.key)
        current.remember(self.folder)
        return current

    def _is_generation(self) -> bool:
        try:
            target = os.readlink(self.environment, dir_fd=self.folder.descriptor)
        except OSError:
            return False
        return target.startswith(f".{self.environment}.set-") and "/" not in target

    def stage(self) -> None:
        """Build the new set beside the one that stands, unless that is the same; what a killed run left goes first."""
        self.folder.remove(self.staged)
        self.folder.remove(self.probe)
        made = list(self.request.artifacts)
        self.outcome.manifest, leaves = self._contents(made)
        text = dump(self.outcome.manifest)
        leaves.append(Leaf(MANIFEST_NAME, 0o644, text, None))
        leaves.extend(self._foreign({leaf.path for leaf in leaves}))
        plan = plan_of(leaves)
        if self._up_to_date(text, plan, {leaf.path for leaf in leaves}):
            self.outcome.replaced = False
            self.outcome.unchanged = len(self.outcome.manifest.artifacts)
            return
        stager = Stager(self.current, self.outcome)
        with self.folder.make(self.staged) as new:
            stager.stage(plan, new, self.current.folder if self.current else None)
        self._remember(text, made)
        self.warnings = stager.warnings

    def exchange(self) -> None:
        """Put the staged set in place."""
        if self.outcome.replaced:
            self._swap()
            self._count(self.outcome)

    def _contents(self, artifacts: Sequence[Artifact]) -> tuple[Manifest, list[Leaf]]:
        """The manifest to be, and the files of the set: those rendered now and those carried over."""
        entries: list[tuple[Entry, bytes | None]] = [(entry_of(made), made.content) for made in artifacts]
        facts = self.request.manifest
        last = self.current.manifest if self.current else None
        if self.request.narrowed is not None and last:
            fresh = {made.path for made in artifacts}
            entries += [(entry, None) for entry in self._kept(last, fresh)]
            facts = facts._replace(
                components={**last.components, **facts.components},
                inputs={**last.inputs, **facts.inputs},
                overrides=tuple(dict.fromkeys((*last.overrides, *facts.overrides))),
            )
        entries.sort(key=lambda item: item[0].path)
        manifest = facts._replace(
            artifacts=tuple(entry for entry, _ in entries),
            components=dict(sorted(facts.components.items())),
            inputs=dict(sorted(facts.inputs.items())),
        )
        return manifest, [Leaf(entry.path, entry.mode, content, entry) for entry, content in entries]

    def _kept(self, last: Manifest, fresh: set[str]) -> list[Entry]:
        """The artifacts to carry over: a set holds tokens or plain values, as its manifest says, and never both."""
        found = list(self._carried(last, fresh))
        if last.sealed != self.request.manifest.sealed and any(entry.secret for entry in found):
            kinds = ("sealed", "in plain text") if last.sealed else ("in plain text", "sealed")
            place = f"{self.folder.path}/{self.environment}"
            raise Failed(about("mixed-set", place, standing=kinds[0], made=kinds[1]))
        return found

    def _carried(self, last: Manifest, fresh: set[str]) -> Iterator[Entry]:
        """The artifacts of other components, save where one of this run now stands: theirs is gone or renamed."""
        narrowed = self.request.narrowed or ()
        taken = fresh.union(*map(parents, fresh))
        for entry in last.artifacts:
            if entry.component not in narrowed and entry.path not in taken and fresh.isdisjoint(parents(entry.path)):
                yield entry

    def _foreign(self, expected: set[str]) -> list[Leaf]:
        """Files of others in the folder: an error each, or with `--force` carried over where nothing new stands."""
        found = self.current.foreign(expected) if self.current else []
        folders = set().union(*map(parents, expected))
        refused = [
            path
            for path in found
            if not self.request.force or path in folders or not expected.isdisjoint(parents(path))
        ]
        if refused:
            places = [f"{self.folder.path}/{self.environment}/{path}" for path in refused]
            raise Failed(*(about("foreign-file", place) for place in places))
        return [Leaf(path, 0o644, None, None) for path in found]

    def _up_to_date(self, text: bytes, plan: Plan, expected: set[str]) -> bool:
        if self.current is None or self.current.text != text or not same(plan, self.current):
            return False
        return expected == {MANIFEST_NAME, *self.current.paths()}

    def drop_staged(self) -> None:
        """Remove what was staged and is not in place."""
        try:
            self.folder.remove(self.staged)
        except OSError:
            return  # the disk is broken; the next run prunes it, and the error that brought us here is the one to show

    def _remember(self, text: bytes, made: Sequence[Artifact]) -> None:
        """Keep the HMACs of both sets, so that either is known whenever the process dies."""
        known = state.load(self.folder, self.environment)
        sets = {}
        if self.current and self.current.text is not None:
            name = digest(self.current.text)
            sets[name] = known.get(name, {})
        sets[digest(text)] = self._fingerprints(sets, made)
        if any(sets.values()):
            state.save(self.folder, self.environment, sets)

    def _fingerprints(self, sets: dict[str, dict[str, str]], made: Sequence[Artifact]) -> dict[str, str]:
        secret = [each for each in made if each.secret and not self.request.manifest.sealed]
        fresh = {each.path: self.key.fingerprint(self.environment, each.path, each.content) for each in secret}
        carried = next(iter(sets.values()), {}) if self.request.narrowed is not None else {}
        return {**carried, **fresh}

    def _swap(self) -> None:
        if self.folder.kind(self.environment) is None and self._can_exchange():
            self.folder.rename(self.staged, self.environment)
            return
        self.folder.remove(self.before)
        try:
            self.folder.exchange(self.staged, self.environment)
        except OSError as error:
            if error.errno not in CANNOT_EXCHANGE:
                raise
            self._swap_link()
        else:
            self.folder.rename(self.staged, self.before)

    def _can_exchange(self) -> bool:
        """Whether this file system exchanges names; asked once, before the first set, on two folders of our own."""
        with self.folder.make(self.probe):
            pass
        try:
            self.folder.exchange(self.probe, self.staged)
            self.folder.exchange(self.probe, self.staged)
        except OSError as error:
            if error.errno not in CANNOT_EXCHANGE:
                raise
            return False
        finally:
            self.folder.remove(self.probe)
        return True

    def _swap_link(self) -> None:
        """Without an exchange: `dist/ENV` is a link to a generation, replaced by a rename."""
        if self.folder.kind(self.environment) == "folder":
            place = f"{self.folder.path}/{self.environment}"
            raise Failed(about("cannot-exchange", place))
        prefix = f".{self.environment}.set-"
        known = sorted(
            int(name[len(prefix) :])
            for name in self.folder.names()
            if name.startswith(prefix) and name[len(prefix) :].isdigit()
        )
        generation = known[-1] + 1 if known else 1
        self.folder.rename(self.staged, f"{prefix}{generation}")
        self.folder.link_to(f"{prefix}{generation}", self.environment)
        for old in known[: 1 - _GENERATIONS_KEPT]:
            self.folder.remove(f"{prefix}{old}")

    def _count(self, outcome: Outcome) -> None:
        kept = {entry.path for entry in outcome.manifest.artifacts}
        for paths in (outcome.added, outcome.changed):
            if MANIFEST_NAME in paths:
                paths.remove(MANIFEST_NAME)
        outcome.removed = sorted(self.current.entries.keys() - kept) if self.current else []


def entry_of(artifact: Artifact) -> Entry:
    """What the manifest says of an artifact."""
    return Entry(artifact.path, artifact.component, artifact.secret, digest(artifact.sealed), artifact.requires_env)
