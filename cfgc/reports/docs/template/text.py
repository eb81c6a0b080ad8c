"""The template as text. A comment is `# ` and words; `#` before anything else is a line that may be taken in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from textwrap import wrap

from cfgc.model.text import inline
from cfgc.model.values import Unknown, Value
from cfgc.pipeline.printing import text_of
from cfgc.reports.docs.template.plan import Entry
from cfgc.reports.docs.words import constraints, types_in_words

_WIDTH = 110
_INDENT = "  "


def lines_of(entry: Entry) -> Iterator[str]:
    """The lines of the whole template, from the root's entry."""
    for each in entry.entries or ():
        if not entry.path:
            yield ""
        yield from _lines(each, commented=False)


def _lines(entry: Entry, *, commented: bool) -> Iterator[str]:
    """The lines of one key, not yet indented."""
    body = list(_body(entry, commented=commented or not entry.live))
    yield from _comments(entry)
    yield from (f"#{line}" for line in body) if not entry.live and not commented else body


def _body(entry: Entry, *, commented: bool) -> Iterator[str]:
    name = str(entry.path[-1])
    if entry.entries is None:
        yield from _written({name: entry.value})
        return
    yield _written({name: 0})[0].removesuffix(" 0")
    for each in entry.entries:
        lines = _item(each, commented=commented) if entry.is_list else _lines(each, commented=commented)
        yield from (f"{_INDENT}{line}" for line in lines)


def _item(entry: Entry, *, commented: bool) -> Iterator[str]:
    """The lines of a list item, its keys with their comments."""
    if entry.entries is None or entry.is_list:
        yield from _written([entry.tree(everything=commented)])
        return
    yield "-"
    for each in entry.entries:
        yield from (f"{_INDENT}{line}" for line in _lines(each, commented=commented))


def _written(value: Value) -> list[str]:
    return text_of(value, "yaml").removesuffix("\n").split("\n")


def _comments(entry: Entry) -> Iterator[str]:
    """What the schemas say, in words."""
    shape = entry.shape
    secret = shape.secret and entry.entries is None
    facts = [" or ".join(types_in_words(shape)), "required" if entry.required else "optional"]
    facts += ["secret: sealed with SOPS, or a reference"] if secret else constraints(shape)
    facts += ["deprecated"] if any(shape.all("deprecated")) else []
    if shape.all("default") and not secret:
        facts.append(f"default {json.dumps(shape.get('default'), ensure_ascii=False)}")
    if isinstance(entry.value, Unknown) and not secret:
        facts.append("no placeholder is known: put a value here, or give the schema `examples`")
    description = str(shape.get("description", ""))
    for text in (description, f"({'; '.join(fact.replace('`', '') for fact in facts if fact)})"):
        for line in wrap(inline(" ".join(text.split())), _WIDTH, break_long_words=False, break_on_hyphens=False):
            yield f"# {line}"
