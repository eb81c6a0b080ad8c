"""The line that makes a value another than it was."""

from __future__ import annotations

from cfgc.history.life.lookup import ABSENT, alike, value_at
from cfgc.model.keypath import KeyPath
from cfgc.model.location import Location
from cfgc.pipeline.compile import Compiled


def cause(old: Compiled, new: Compiled, path: KeyPath) -> Location | None:
    """The line behind the value at a path (of plain indexes) in `new`, which is another one in `old`.

    That is where the value stands; or, if the same is written there in both, as in a text with a reference inside, the
    line that changed what is referred to.
    """
    return new.merged.place(_moved(old, new, path, set()) if new.resolved.references else path)


def _moved(old: Compiled, new: Compiled, path: KeyPath, seen: set[KeyPath]) -> KeyPath:
    """Where another value is written than before, on the way that references lead from a path."""
    place = new.resolved.follow(path)[0]
    then = value_at(old.merged.tree, place)
    seen.add(place)
    if then is ABSENT or not alike(then, value_at(new.merged.tree, place)):
        return place
    targets = [hop.target for hop in new.resolved.references if hop.path == place and hop.target not in seen]
    for target in targets:
        if not alike(value_at(old.tree, target), value_at(new.tree, target)):
            return _moved(old, new, target, seen)
    return place
