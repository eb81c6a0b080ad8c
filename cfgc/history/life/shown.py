"""Logs and blamed values as JSON data and as text. Texts of commits are foreign: escaped and cut (THREATS Gi10)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from cfgc.diagnostics.renderers.paint import Paint
from cfgc.external.git.commits import Commit
from cfgc.history.changes import Change
from cfgc.history.life.blame import Blamed
from cfgc.history.life.log import Placed, Turn
from cfgc.history.views.json import place
from cfgc.history.views.words import LONGEST_NAME, place_text, sign, value_text
from cfgc.model.keypath import KeyPath, show
from cfgc.model.text import inline

_LONGEST_SUBJECT = 100
_MOST_CHANGES = 20
_WIDEST_NAME, _WIDEST_VALUE = 20, 72
_NOBODY = "not committed"
_STYLES = {"added": "help", "removed": "error"}


def turn_data(turn: Turn) -> dict[str, Any]:
    """The JSON shape of one entry of `cfgc log`; `origin` is the line of the first change, null for what is gone."""
    return {
        **_commit_data(turn.commit),
        "kind": turn.kind,
        "old": turn.old,
        "new": turn.new,
        "secret": turn.secret,
        "origin": place(turn.changes[0].origin),
    }


def turn_text(turn: Turn, path: KeyPath, paint: Paint) -> str:
    """A line for the commit, then one for each change at the path or below it."""
    commit = turn.commit
    subject = _cut(commit.subject, _LONGEST_SUBJECT)
    rows = [f"{paint('other', commit.id[:9])}  {commit.author.date[:10]}  {_author(commit)}  {subject}".rstrip()]
    rows += [_change_text(each, path, paint) for each in turn.changes[:_MOST_CHANGES]]
    if len(turn.changes) > _MOST_CHANGES:
        rows.append(f"  ... and {len(turn.changes) - _MOST_CHANGES} more")
    return "".join(f"{row}\n" for row in rows)


def blamed_data(found: Blamed) -> dict[str, Any]:
    """The JSON shape of one leaf of `cfgc blame`; `commit`, `author` and `date` are null when it is not committed."""
    known = {"commit": None, "author": None, "date": None} if found.commit is None else _commit_data(found.commit)
    return {
        "path": show(found.path),
        "value": found.value,
        "secret": found.secret,
        **known,
        "boundary": found.boundary,
        "origin": place(found.origin),
    }


def blamed_text(found: Sequence[Blamed], paint: Paint) -> Iterator[str]:
    """A line for each leaf, in columns: commit, author, date, key path and value, place."""
    names = [_cut(each.commit.author.name, _WIDEST_NAME) if each.commit else _NOBODY for each in found]
    values = [f"{inline(show(each.path))} = {value_text(each.value)}" for each in found]
    name_width = max(map(len, names), default=0)
    value_width = min(_WIDEST_VALUE, max(map(len, values), default=0))
    for each, name, value in zip(found, names, values, strict=True):
        commit = _short(each)
        date = each.commit.author.date[:10] if each.commit else ""
        row = (
            f"{paint('other', commit)} {name:{name_width}} {date:10}  {value:{value_width}}  {place_text(each.origin)}"
        )
        yield f"{row.rstrip()}\n"


def _commit_data(commit: Commit) -> dict[str, Any]:
    return {"commit": commit.id, "author": commit.author.name, "date": commit.author.date}


def _short(found: Blamed) -> str:
    """As `git blame` writes it: zeros for nobody's, a caret where the history was cut off."""
    if found.commit is None:
        return "0" * 9
    return f"^{found.commit.id[:8]}" if found.boundary else found.commit.id[:9]


def _change_text(found: Placed, path: KeyPath, paint: Paint) -> str:
    change = found.change
    name = "" if change.path == path else f" {inline(show(change.path))}:"
    where = place_text(found.origin)
    return (
        f"  {paint(_STYLES.get(change.kind, 'warning'), sign(change.kind))}{name} {_values(change)}  {where}".rstrip()
    )


def _values(change: Change) -> str:
    if change.kind == "added":
        return value_text(change.new)
    if change.kind == "removed":
        return value_text(change.old)
    return f"{value_text(change.old)} -> {value_text(change.new)}"


def _author(commit: Commit) -> str:
    return _cut(commit.author.name, LONGEST_NAME)


def _cut(text: str, longest: int) -> str:
    return inline(text if len(text) <= longest else f"{text[: longest - 1]}…")
