"""What Jinja says of a template that it cannot read, in our words: no template is secret, so its words may be shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from typing import NamedTuple

from cfgc.model.text import closest

_TAGS = (
    "if", "elif", "else", "endif", "for", "endfor", "set", "endset", "macro", "endmacro", "block", "endblock", "call",
    "endcall", "filter", "endfilter", "include", "import", "from", "extends", "with", "endwith", "raw", "endraw",
)  # fmt: skip


class Words(NamedTuple):
    """Why a template cannot be read, the word in it that is to blame, and what to do, where that is known."""

    reason: str
    word: str = ""
    help: str | None = None


def explained(message: str, known: Callable[[str], Collection[str]]) -> Words:
    """The words for a message of Jinja; `known` gives the names there are of a kind, `filter` or `test`."""
    found = re.match(r"No (filter|test) named '(.*?)'", message)
    if found:
        kind, name = found.groups()
        return Words(f"there is no {kind} `{name}`", name, _meant(name, known(kind)))
    found = re.match(r"Encountered unknown tag '(.*?)'", message)
    if found:
        return _tag(found[1], message)
    if message.startswith("Unexpected end of template"):
        return Words(f"it ends {_inside(message)}", "", _close(message))
    for pattern, words in _MESSAGES:
        found = re.match(pattern.replace("'", "['\"]"), message)
        if found:
            return Words(words.format(*[_token(group or "") for group in found.groups()]))
    return Words("the syntax of a tag or an expression is wrong")


def _tag(name: str, message: str) -> Words:
    if name in _TAGS:
        where = f"{_inside(message)}" if "innermost" in message else "where no block is open that it could belong to"
        return Words(f"`{name}` stands {where}", name, _close(message))
    return Words(f"there is no tag `{name}`", name, _meant(name, _TAGS))


def _inside(message: str) -> str:
    block = re.search(r"innermost block that needs to be closed is '(.*?)'", message)
    return f"inside `{block[1]}`, which is not closed" if block else "inside a tag or an expression"


def _close(message: str) -> str | None:
    block = re.search(r"innermost block that needs to be closed is '(.*?)'", message)
    return f"close it with `{{% end{block[1]} %}}`" if block else None


def _meant(name: str, known: Collection[str]) -> str | None:
    meant = closest(name, list(known))
    return f"did you mean `{meant}`?" if meant else None


_NAMES = {
    "end of statement block": "the end of the tag",
    "end of print statement": "`}}`",
    "end of template": "the end of the template",
    "begin of statement block": "`{%`",
    "begin of print statement": "`{{`",
    "string": "text in quotes",
    "name": "a name",
    "integer": "a number",
    "float": "a number",
    "template data / text": "text",
}


def _token(described: str) -> str:
    return _NAMES.get(described) or f"`{described}`"


_MESSAGES: tuple[tuple[str, str], ...] = (
    (r"unexpected end of template, expected '(.*)'\.", "it ends where {0} should stand"),
    (r"expected token '(.*)', got '(.*)'", "{1} stands where {0} should"),
    (r"unexpected '(.*)', expected '(.*)'", "{0} stands where {1} should"),
    (r"Expected an expression, got '(.*)'", "{0} stands where an expression should"),
    (r"unexpected char '(.*)' at", "{0} has no meaning in an expression"),
    (r"unexpected '(.*)'", "{0} stands where it has no meaning"),
    (r"tag name expected", "a tag has no name"),
    (r"Missing end of comment", "a comment is not closed with `#}}`"),
    (r"Missing end of raw", "`raw` is not closed"),
    (r"can't assign to '(.*)'", "nothing can be assigned to {0}"),
    (r"Can't assign to special loop variable", "`loop` cannot be the variable of a loop"),
    (r"block '(.*)' defined twice", "the block {0} is there twice"),
    (r"cannot use extend from", "`extends` stands inside another tag"),
    (r"names starting with an underline", "a name that starts with `_` cannot be imported"),
    (r"non-default argument", "a parameter without a default follows one with a default"),
    (r"expected call", "`call` is followed by what is no call"),
    (r"expected name or number", "a `.` is followed by neither a name nor a number"),
    (r"expected subscript", "`[]` is empty"),
    (r"invalid syntax for function call", "the arguments of a call are wrong"),
    (r"You cannot chain multiple tests", "a test follows a test: put the first in parentheses"),
    (r"Invalid character in identifier", "a name holds a character that names cannot hold"),
    (r"Block names in Jinja", "the name of a block is no name: letters, digits and `_`"),
)
