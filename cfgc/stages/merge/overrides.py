"""What comes on top of all layers: `CFGC_SET__...` variables and `--set` options (SPEC section 4)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cfgc.diagnostics import Diagnostic, report
from cfgc.model.keypath import Item, KeyPath, KeyPathError, Step, parse, show
from cfgc.model.location import Location, command_line
from cfgc.model.provenance import Contribution
from cfgc.model.text import closest
from cfgc.model.values import INCLUDE, Value
from cfgc.stages.merge.identity import find_item

PREFIX = "CFGC_SET__"
VARIABLES = "<environment variables>"
OPTIONS = "<--set>"

_FOLD = str.maketrans("-.", "__")
_ASSIGNMENT = re.compile(
    r"""(?P<key>(?:"(?:[^"\\]|\\.)*"|\[(?:"(?:[^"\\]|\\.)*"|[^]"])*\]|[^="\[])+)=(?P<text>.*)""", re.DOTALL
)


def split_option(text: str) -> tuple[str, str] | Diagnostic:
    """The key path and the YAML text of `--set KEY.PATH=YAML`; a `=` in brackets or quotes belongs to the path."""
    found = _ASSIGNMENT.fullmatch(text)
    if found is None:
        return _invalid("needs a key path, `=` and a value")
    return found["key"], found["text"]


def option_override(key: str, value: Value) -> Contribution | Diagnostic:
    """`--set` for one key path: it may name a new key, but only list items that are there."""
    try:
        path = parse(key)
    except KeyPathError as error:
        return _invalid(str(error).partition(": ")[2] + f" of `{key}`")
    if not path:
        return _invalid("names no key")
    return Contribution(OPTIONS, OPTIONS, path, value)


def near_miss(option: Contribution, tree: Value) -> Diagnostic | None:
    """A warning for an option that makes a new key whose name is near to one that is there.

    A map with an include may get the key from there.
    """
    for depth, step in enumerate(option.path):
        if isinstance(step, str) and isinstance(tree, dict) and step not in tree:
            meant = None if INCLUDE in tree else closest(step, list(tree))
            if meant is None:
                return None
            advice = f"did you mean `{show((*option.path[:depth], meant))}`?"
            made = option.path[: depth + 1]
            return report("near-override-key", at=command_line("--set"), path=made, help=advice, target=show(made))
        tree = _below(tree, step)
    return None


def _below(tree: Value, step: Step) -> Value:
    """The value one step deeper; none where nothing is."""
    if isinstance(tree, list):
        at = find_item(tree, step.key, step.value) if isinstance(step, Item) else step
        return tree[at] if isinstance(at, int) and -len(tree) <= at < len(tree) else None
    return tree.get(step) if isinstance(tree, dict) else None


def variable_override(name: str, value: Value, tree: Value) -> Contribution | Diagnostic:
    """The override of one `CFGC_SET__a__b` variable; its parts must be keys of the tree."""
    found = match_override(name.removeprefix(PREFIX).split("__"), tree, name)
    return found if isinstance(found, Diagnostic) else Contribution(VARIABLES, f"<{name}>", found, value)


def match_override(parts: Sequence[str], tree: Value, option: str = "CFGC_SET") -> KeyPath | Diagnostic:
    """The one path whose keys equal the parts when `-` and `.` are read as `_`."""
    path: tuple[str, ...] = ()
    for part in parts:
        keys = [key for key in tree if key != INCLUDE] if isinstance(tree, dict) else []
        found = [key for key in keys if key.translate(_FOLD) == part.translate(_FOLD)]
        if len(found) != 1:
            return _ambiguous(part, option, path, found) if found else _unknown(part, option, path, keys)
        path, tree = (*path, found[0]), tree[found[0]]
    return path


def _unknown(part: str, option: str, path: KeyPath, keys: list[str]) -> Diagnostic:
    folded = {key.translate(_FOLD): key for key in keys}
    near = closest(part, list(folded))
    advice = None if near is None else f"did you mean `{show((*path, folded[near]))}`?"
    target = show((*path, part))
    return report("unknown-override-key", at=_outside(option), path=path, help=advice, option=option, target=target)


def _ambiguous(part: str, option: str, path: KeyPath, found: list[str]) -> Diagnostic:
    keys = " and ".join(f"`{show((*path, key))}`" for key in sorted(found))
    return report("ambiguous-override", at=_outside(option), path=path, part=part, option=option, keys=keys)


def _outside(option: str) -> Location:
    return command_line(option)


def _invalid(why: str) -> Diagnostic:
    return report("invalid-override", at=command_line("--set"), option="--set", why=why)
