"""What went wrong with a reference -> a diagnostic with the words of the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cfgc.diagnostics import Diagnostic, Label, report
from cfgc.model.keypath import KeyPath, show, starts_with
from cfgc.model.location import Location
from cfgc.model.text import closest
from cfgc.model.values import Kind
from cfgc.stages.resolve.locate import Absent
from cfgc.stages.resolve.relative import container
from cfgc.stages.resolve.template import LITERAL_HELP, excerpt

_SHOWN_KEYS = 8


class Missing(Exception):
    """A reference leads to nothing; `optional` says whether a default may stand in."""

    def __init__(self, diagnostic: Diagnostic, *, optional: bool) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic
        self.optional = optional


def a(kind: Kind) -> str:
    """A kind with its article."""
    if kind == "null":
        return "null"
    return f"an {kind}" if kind == "integer" else f"a {kind}"


def missing(absent: Absent, path: KeyPath, up: int, siblings: Sequence[str]) -> Missing:
    """The finding for a key path that leads to nothing.

    `up` counts the leading dots of the reference at `path`, `siblings` are the keys next to it.
    """
    target = show((*absent.path, *absent.rest))
    parent = show(absent.place.path)
    if absent.reason == "range":
        count = len(absent.place.node)
        found = report("reference-out-of-range", path=path, target=target, parent=parent, count=count)
    elif absent.reason == "ambiguous":
        found = report("ambiguous-reference", path=path, target=target)
    elif absent.reason in ("not-a-map", "not-a-list"):
        wanted = absent.reason.replace("-", " ").removeprefix("not ")
        kind = a(absent.kind)
        found = report("reference-into-scalar", path=path, target=target, parent=parent, kind=kind, wanted=wanted)
    else:
        found = report("unknown-reference", path=path, target=target, hint=_hint(absent, path, up, siblings))
    return Missing(found, optional=absent.optional)


def _hint(absent: Absent, path: KeyPath, up: int, siblings: Sequence[str]) -> str:
    step = str(absent.step)
    if not absent.place.path and step in siblings:
        return f"did you mean `${{.{show((step, *absent.rest))}}}`, the key next to it?"
    if absent.reason == "no-item":
        return f"no item of the list `{show(absent.place.path)}` is named so"
    meant = closest(step, absent.keys)
    if meant is not None:
        return f"did you mean `${{{_written((*absent.place.path, meant, *absent.rest), path, up)}}}`?"
    if not absent.keys:
        return f"`{show(absent.place.path)}` holds no keys; {LITERAL_HELP}"
    known = ", ".join(f"`{excerpt(key)}`" for key in absent.keys[:_SHOWN_KEYS])
    more = ", ..." if len(absent.keys) > _SHOWN_KEYS else ""
    where = f"in `{show(absent.place.path)}`" if absent.place.path else "at the top"
    return f"the keys {where} are {known}{more}; {LITERAL_HELP}"


def _written(target: KeyPath, path: KeyPath, up: int) -> str:
    """A key path as the reference at `path` writes it: with as many leading dots, where they lead there."""
    base = container(path, up) if up else None
    return show(target) if base is None or not starts_with(target, base) else "." * up + show(target[len(base) :])


def cycle(paths: Sequence[KeyPath], place: Callable[[KeyPath], Location | None]) -> Diagnostic:
    """The finding for values that need each other, with the position of every one of them."""
    start = min(range(len(paths)), key=lambda index: show(paths[index]))
    ring = [*paths[start:], *paths[:start]]
    names = [f"`{show(path)}`" for path in (*ring, ring[0])]
    shown = names if len(names) <= 2 * _SHOWN_KEYS else [*names[:_SHOWN_KEYS], "...", *names[-_SHOWN_KEYS:]]
    places = [(place(path), name) for path, name in zip(ring[1:], names[2:], strict=True)]
    return report(
        "reference-cycle",
        path=ring[0],
        label=f"needs {names[1]}",
        related=[Label(where, f"needs {name}") for where, name in places if where is not None],
        first=show(ring[0]),
        chain=" -> ".join(shown),
    )
