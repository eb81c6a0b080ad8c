"""What libyaml complains of -> a diagnostic in our words.

libyaml's own sentences are fixed texts of its scanner and parser, they hold nothing of the file;
one that this table does not know is passed on.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from cfgc.diagnostics import Diagnostic, Label, report
from cfgc.stages.read.text import Text


class _Words(NamedTuple):
    what: str
    help: str


class Complaint(NamedTuple):
    """A refusal by libyaml: its words and where it stopped, what it was reading and where that began.

    `quoted` is the span of the last text in quotes before it.
    """

    problem: str
    at: int
    context: str
    began: int
    quoted: tuple[int, int]


_QUOTE_IT: Final = "put the value in quotes"
_NO_MAP: Final = "mapping values are not allowed in this context"
_TABLE: Final[dict[str, _Words]] = {
    _NO_MAP: _Words(
        "a `:` followed by a space begins a map in the middle of a value",
        "put the value in quotes, or begin the map on a line of its own",
    ),
    "could not find expected ':'": _Words(
        "a key stands here without its `:`",
        "write `key: value`; a text over several lines needs `|`, `>` or quotes",
    ),
    "block sequence entries are not allowed in this context": _Words(
        "a list cannot begin on the line of its key", "begin the list on the next line, or quote a value that is `-`"
    ),
    "mapping keys are not allowed in this context": _Words(
        "a `?` followed by a space cannot begin a key here", _QUOTE_IT
    ),
    "did not find expected key": _Words(
        "something stands here that belongs to nothing", "check the indentation, and the quotes before it"
    ),
    "did not find expected '-' indicator": _Words(
        "a list goes on here without `- `", "check the indentation: every item of a list begins with `- `"
    ),
    "did not find expected <document start>": _Words(
        "the text goes on after its end", "check the indentation: one file holds one map"
    ),
    "found undefined tag handle": _Words("a tag with a second `!` stands here", "quote a text that begins with `!`"),
    "found unexpected ':'": _Words("a `:` stands before a bracket or comma", "write a space after the `:`"),
    "did not find expected alphabetic or numeric character": _Words(
        "`*` and `&` need a name of letters, digits, `-` and `_`", "quote a text that begins with `*` or `&`"
    ),
    "did not find expected whitespace or line break": _Words(
        "a tag ends in the middle of a word", "quote a text that begins with `!`"
    ),
    "found unknown escape character": _Words(
        "an unknown escape follows the `\\`", "write `\\\\` for a backslash, or use single quotes"
    ),
    "did not find expected hexdecimal number": _Words(
        "an escape lacks hexadecimal digits", "write `\\x41`, `\\u0041` or `\\U00000041`"
    ),
    "found invalid Unicode character escape code": _Words(
        "an escape names half of a surrogate pair or no character", "write the character as `\\U0001F600`"
    ),
    "did not find expected comment or line break": _Words(
        "text follows the `|` or `>`", "begin the text on the next line, or put it in quotes"
    ),
    "found an indentation indicator equal to 0": _Words(
        "an indentation of 0 follows the `|` or `>`", "write a number from 1 to 9, or none"
    ),
}
_LONGEST_KEY: Final = 1024
"""YAML 1.2 allows no more without a `?` (section 7.4.2)."""
_UNKNOWN: Final = "check the line, and the one before it"
_TABS: Final = frozenset(
    (
        "found a tab character where an indentation space is expected",
        "found a tab character that violates indentation",
    )
)
_BRACKETS: Final = frozenset(("did not find expected ',' or ']'", "did not find expected ',' or '}'"))
_NO_START: Final = "found character that cannot start any token"
_NO_VALUE: Final = "did not find expected node content"


def explain(text: Text, complaint: Complaint) -> Diagnostic:
    """The diagnostic of a refusal; it holds no text of the file beyond the character that it stopped at."""
    problem, at = complaint.problem, text.location(complaint.at)
    if problem in _TABS or (problem == _NO_START and text.text[complaint.at] == "\t"):
        return report("tab-indentation", at=at)
    if complaint.context == "while scanning a quoted scalar" and problem.startswith("found unexpected"):
        return report("unclosed-quote", at=text.location(complaint.began))
    if _follows_a_quote(text, complaint):
        return _after_a_quote(text, complaint)
    if problem in _BRACKETS:
        return _bracket(text, complaint)
    if complaint.context == "while scanning a simple key":
        at = text.location(complaint.began)
    words = _words(text, complaint)
    return report("yaml-syntax", at=at, what=words.what, help=words.help)


def _words(text: Text, complaint: Complaint) -> _Words:
    problem, character = complaint.problem, text.text[complaint.at : complaint.at + 1]
    if problem == _NO_START:
        return _Words(f"a value cannot begin with `{text.shown(character)}`", _QUOTE_IT)
    if problem == _NO_VALUE and character.strip():
        what = f"a value cannot begin with `{text.shown(character)}` here"
        return _Words(what, "write the value before it, or put the value in quotes")
    if problem == _NO_VALUE:
        return _Words("a value is missing at the end", "write the value, and close the brackets before it")
    before = text.before(complaint.at)
    if problem == _NO_MAP and len(before) > _LONGEST_KEY and ": " not in before:
        return _Words("a key has more than 1,024 characters", "write `? ` before it and `: ` on the next line")
    if problem == "did not find expected key" and not before.strip():
        return _Words("this line is indented like no line above it", "indent it like the line that it belongs to")
    return _TABLE.get(problem, _Words(problem, _UNKNOWN))


def _follows_a_quote(text: Text, complaint: Complaint) -> bool:
    start, end = complaint.quoted
    return start < end <= complaint.at and not text.text[end : complaint.at].strip(" \t")


def _after_a_quote(text: Text, complaint: Complaint) -> Diagnostic:
    """Most often the quoted text holds its own quote, or an earlier quote was left open up to here."""
    start = complaint.quoted[0]
    quote = text.text[complaint.quoted[1] - 1]
    escaped = '`\\"`' if quote == '"' else "`''`"
    return report(
        "yaml-syntax",
        at=text.location(complaint.at),
        related=[Label(text.location(start), "opened here")],
        what="text follows the closing quote",
        help=f"write {escaped} for a quote inside of the text, and check where the text should end",
    )


def _bracket(text: Text, complaint: Complaint) -> Diagnostic:
    reference = "${" in text.text[max(0, complaint.at - 2) : complaint.at + 1]
    advice = "put the reference `${...}` in quotes: inside `[ ]` and `{ }` its braces are YAML's"
    return report(
        "unclosed-bracket",
        at=text.location(complaint.at),
        related=[Label(text.location(complaint.began), "opened here")],
        bracket=text.text[complaint.began : complaint.began + 1],
        help=advice if reference else None,
    )
