"""Changes of one environment's values -> edits of layer files, in memory, proved by compiling them.

What is proved: the files read as was meant, and the environment's merged tree then holds each wanted value. Whether the
environments still pass their checks is the question of `prove`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from cfgc.diagnostics import Failed, report
from cfgc.edit.change import FALL_BACK, REMOVE, Change, FileEdit, Gone, NotExact, Placed, Plan, Replace, Target
from cfgc.edit.home import Home, Homes
from cfgc.edit.intent import MISSING, bare, get, rewrapped
from cfgc.edit.items import Joined, at, first_list, into_item, over_item, plain
from cfgc.edit.missed import not_exact, why_missed
from cfgc.edit.overlay import Overlay
from cfgc.edit.page import Page
from cfgc.edit.rewrite.put import Rewriter
from cfgc.model.keypath import KeyPath, show
from cfgc.model.layers import LayerFile
from cfgc.model.location import start_of
from cfgc.model.same import same
from cfgc.model.values import Marked, Secret, Unknown, Value
from cfgc.pipeline.compile import Compiled, compile_environment
from cfgc.pipeline.session import Session
from cfgc.pipeline.wanted import Wanted
from cfgc.stages.resolve.template import OPENING

_KEPT = ("replace", "raw")
"""markers of a value that a new value keeps: they say how it meets lower layers, or how it is read"""


def plan_edits(session: Session, compiled: Compiled, changes: Sequence[Change], target: Target | None = None) -> Plan:
    """The edits that give one environment the wanted values; nothing is written.

    `compiled` is the environment as `session` compiles it, without overrides. A value is edited where it stands if only
    this environment (and those that extend it) sees that layer, else it is written over in the environment's own layer.
    Where a plain value would be merged with a lower one, it is marked `!replace`. Raises `Failed`.
    """
    wanted = target or Target()
    for change in changes:
        _refuse(compiled, change)
    forced: set[int] = set()
    while True:
        desk = _Desk(session, compiled, wanted)
        for number, change in enumerate(changes):
            desk.make(change, forced=number in forced)
        plan = desk.plan()
        missed = {number for number, change in enumerate(changes) if not _holds(plan, change)}
        if not missed:
            return plan
        if missed & forced:
            raise Failed(*(why_missed(plan, changes[number]) for number in sorted(missed & forced)))
        forced |= missed


def _refuse(compiled: Compiled, change: Change) -> None:
    """Raises `Failed` for what is no layer file's to say: a secret, or a value behind a reference."""
    tree, path = compiled.merged.tree, change.path
    if not path:
        raise Failed(report("edit-not-exact", file="the whole tree", reason="name a key path below it"))
    secret = None if isinstance(change.value, Gone) else next(secrets_in(at(tree, path), plain(tree, path)), None)
    if secret is not None:
        where = compiled.merged.place(secret)
        file = where.file if where else "the SOPS file"
        raise Failed(report("edit-secret", at=where, path=secret, target=show(secret), file=file))
    for depth in range(1, len(path)):
        above = at(tree, path[:depth])
        if isinstance(above, str) and OPENING in above and not compiled.merged.is_raw(plain(tree, path[:depth])):
            raise Failed(
                report(
                    "edit-through-reference", at=compiled.merged.place(path[:depth]), path=path,
                    target=show(path), above=show(path[:depth]), text=above,
                )
            )  # fmt: skip


def secrets_in(value: Value, path: KeyPath) -> Iterator[KeyPath]:
    """The paths of the secrets at or below a value at `path`."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from secrets_in(item, (*path, key))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from secrets_in(item, (*path, number))
    elif isinstance(value, Secret) or (isinstance(value, Unknown) and value.secret):
        yield path


@dataclass(eq=False, repr=False)
class _Desk:
    """The files of one attempt."""

    session: Session
    before: Compiled
    target: Target
    rewriters: dict[str, Rewriter] = field(default_factory=dict)
    old: dict[str, bytes | None] = field(default_factory=dict)
    placed: list[Placed] = field(default_factory=list)
    made: dict[str, LayerFile] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.homes = Homes(self.session.project, self.before, self.target)

    def make(self, change: Change, *, forced: bool) -> None:
        """Edit the files for one change; `forced` overrules what lies below with `!replace` and `!unset`."""
        path, wish = plain(self.before.merged.tree, change.path), change.value
        if not self.target.layer and self._is_so(change, path):
            return
        standing = self.homes.standing(path)
        if wish is FALL_BACK or (wish is REMOVE and standing and not forced):
            for home in standing:
                self._edit(change, home, None)
        elif wish is REMOVE:
            self._write(change, path, standing[:1], Marked("unset", None))
        else:
            value = wish.value if isinstance(wish, Replace) else wish
            force = forced or isinstance(wish, Replace)
            self._write(change, path, standing[:1], Marked("replace", value) if force else value)

    def _is_so(self, change: Change, path: KeyPath) -> bool:
        """Whether the environment has a plain value already, by whatever layer."""
        said = self.homes.said(path)
        if isinstance(change.value, (Gone, Replace)) or not said:
            return False
        if not same(at(self.before.merged.tree, path), change.value):
            return False
        first = said[0]
        self.placed.append(Placed(change, first.file, first.path, first.layer, f"layer `{first.layer}`"))
        return True

    def _write(self, change: Change, path: KeyPath, standing: list[Home], value: Value) -> None:
        depth = first_list(path)
        listed = depth is not None and self.homes.standing(path[:depth])
        if standing and not (listed and change.value is REMOVE):
            self._edit(change, standing[0], value)
        elif depth is None:
            self._edit(change, self.homes.over(path, value), value)
        else:
            try:
                self._into_list(change, path, depth, value)
            except NotExact as error:
                raise self._no_item(change.path, path, depth, str(error)) from None

    def _into_list(self, change: Change, path: KeyPath, depth: int, value: Value) -> None:
        """Write a change of what a list holds: into an own item, into the layer's own list, or over the list below."""
        for end in range(len(path) - 1, depth, -1):
            for home in self.homes.standing(path[:end])[:1]:
                return self._edit(change, home._replace(inside=(*home.inside, *path[end:])), value)
        here = path[:depth]
        tree = self.before.merged.tree
        rule = self.session.schemas.annotations.get("x-cfgc-merge", here)
        wish: Value | Gone = REMOVE if change.value is REMOVE else bare(value)
        standing = self.homes.standing(here)
        if standing:
            home = standing[0]
            joined = Joined(at(tree, here), get(self._rewriter(home).page.data, home.inside), rule)
            below, said = into_item(joined, change.path[depth:], wish)
            return self._edit(change, home._replace(inside=(*home.inside, *below)), said)
        over, said = over_item(tree, change.path, wish, rule)
        whole = isinstance(value, Marked) and not isinstance(said, Marked) and not isinstance(rule, dict)
        said = Marked("replace", said) if whole and change.value is not REMOVE else said
        return self._edit(change, self.homes.over(over, said), said)

    def _no_item(self, target: KeyPath, path: KeyPath, depth: int, reason: str) -> Failed:
        """Why an item of a list is not edited, and which layer brings it."""
        said = self.homes.said(path[: depth + 1])
        layer, where = (said[0].layer, said[0].file) if said else ("", "")
        advice = f"edit it there with `--layer {layer}`, or set `{show(path[:depth])}` as a whole" if said else None
        return not_exact(target, reason, where, advice)

    def _edit(self, change: Change, home: Home, value: Value) -> None:
        """Put a value at its home; none takes away what stands there."""
        rewriter = self._rewriter(home)
        gone = value is None and isinstance(change.value, Gone)
        self.placed.append(Placed(change, home.file.path, home.inside, home.file.layer, home.why, gone))
        try:
            if gone:
                self._drop(rewriter, home.inside)
            else:
                rewriter.put(home.inside, _like(get(rewriter.page.data, home.inside), value))
        except NotExact as error:
            raise not_exact(change.path, str(error), home.file.path) from None

    def _drop(self, rewriter: Rewriter, inside: KeyPath) -> None:
        if inside:
            rewriter.drop(inside)
        else:
            rewriter.clear()

    def _rewriter(self, home: Home) -> Rewriter:
        path = home.file.path
        if path not in self.rewriters:
            raw = None if home.new else self.session.source.read(path)
            self.old[path] = raw
            self.rewriters[path] = Rewriter(Page(path, home.file.format, raw or b""), self.target.remark)
            if home.new:
                self.made[path] = home.file
        return self.rewriters[path]

    def plan(self) -> Plan:
        """The edits, compiled; raises `Failed` where the environment can't be read then."""
        files: dict[str, bytes | None] = {
            path: rewriter.page.raw for path, rewriter in self.rewriters.items() if rewriter.page.raw != self.old[path]
        }
        files = self._without_empty(files)
        after = Session(Overlay(self.session.source, files), self.session.root, self.session.shelf)
        for path, file in self.made.items():
            if files.get(path) is not None and not _found(after, file):
                raise Failed(report("no-place-for-override", layer=file.layer, target=show(file.at), at=start_of(path)))
        compiled = compile_environment(after, Wanted(self.before.environment.name))
        edits = [FileEdit(path, self.old[path], new, tuple(self.rewriters[path].lost)) for path, new in files.items()]
        return Plan(self.before, compiled, after, edits, self.placed)

    def _without_empty(self, files: dict[str, bytes | None]) -> dict[str, bytes | None]:
        """Files that an edit leaves empty go, where the project without them has the same environments."""
        blank = {path: None for path, new in files.items() if new is not None and not new.strip() and self.old[path]}
        blank |= {path: None for path in self.made if not (files.get(path) or b"").strip()}
        if not blank:
            return files
        fewer = {**files, **blank}
        try:
            environments = Session(Overlay(self.session.source, fewer), self.session.root).project.environments
        except Failed:
            return files
        return fewer if environments == self.session.project.environments else files


def _like(old: Value, value: Value) -> Value:
    """A new value with the markers that it keeps from the old one."""
    if isinstance(value, Marked) or not isinstance(old, Marked) or old.name not in _KEPT:
        return value
    return rewrapped(old, value) if type(bare(old)) is type(value) or not isinstance(value, (dict, list)) else value


def _found(session: Session, file: LayerFile) -> bool:
    return any((one.path, one.at) == (file.path, file.at) for one in session.project.files.get(file.layer, ()))


def _holds(plan: Plan, change: Change) -> bool:
    """Whether the environment has the wanted value after the edits."""
    if change.value is FALL_BACK:
        return True
    tree, path = plan.compiled.merged.tree, change.path
    if change.value is not REMOVE:
        wanted = change.value.value if isinstance(change.value, Replace) else change.value
        return same(at(tree, path), wanted)
    if isinstance(path[-1], str):
        return at(tree, path) is MISSING
    before, rest = at(plan.before.merged.tree, path[:-1]), at(tree, path[:-1])
    return len(rest if isinstance(rest, list) else ()) == len(before) - 1
