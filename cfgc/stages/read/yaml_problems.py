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
    """A refusal by libyaml: its words, where it stopped, and where the construct began that it was reading."""

    problem: str
    at: int
    context: str = ""
    began: int | None = None


_BEGIN: Final = "write the value, put it in quotes, or close the bracket before it"
_QUOTE_IT: Final = "put the value in quotes"
_TABLE: Final[dict[str, _Words]] = {
    "mapping values are not allowed in this context": _Words(
        "a `:` followed by a space begins a map in the middle of a value",
        "put the value in quotes, or begin the map on a line of its own",
    ),
    "could not find expected ':'": _Words(
        "a key without its `:` stands here",
        "write `key: value`; a text over several lines needs `|`, `>` or quotes",
    ),
    "block sequence entries are not allowed in this context": _Words(
        "a list cannot begin on the line of its key", "begin the list on the next line, or quote a value that is `-`"
    ),
    "mapping keys are not allowed in this context": _Words(
        "a `?` followed by a space cannot begin a key here", _QUOTE_IT
    ),
    "did not find expected key": _Words(
        "something that belongs to nothing stands here", "check the indentation, and the quotes of the line before"
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
_TABS: Final = frozenset(
    (
        "found a tab character where an indentation space is expected",
        "found a tab character that violates indentation",
    )
)
_BRACKETS: Final = frozenset(("did not find expected ',' or ']'", "did not find expected ',' or '}'"))


def explain(text: Text, complaint: Complaint) -> Diagnostic:
    """The diagnostic of a refusal; it holds no text of the file."""
    character = text.text[complaint.at : complaint.at + 1]
    if complaint.problem in _TABS or (character == "\t" and "cannot start any token" in complaint.problem):
        return report("tab-indentation", at=text.location(complaint.at))
    if complaint.context == "while scanning a quoted scalar" and complaint.problem.startswith("found unexpected"):
        return report("unclosed-quote", at=text.location(_began(complaint)))
    if complaint.problem in _BRACKETS:
        return _bracket(text, complaint)
    if "cannot start any token" in complaint.problem or "node content" in complaint.problem:
        what = (
            f"a value cannot begin with `{text.shown(character)}` here" if character.strip() else "a value is missing"
        )
        return report("yaml-syntax", at=text.location(complaint.at), what=what, help=_BEGIN)
    words = _TABLE.get(complaint.problem, _Words(complaint.problem, "check the line, and the one before it"))
    return report("yaml-syntax", at=text.location(complaint.at), what=words.what, help=words.help)


def _began(complaint: Complaint) -> int:
    return complaint.at if complaint.began is None else complaint.began


def _bracket(text: Text, complaint: Complaint) -> Diagnostic:
    began = _began(complaint)
    opening = text.text[began : began + 1]
    reference = "${" in text.text[max(0, complaint.at - 2) : complaint.at + 1]
    return report(
        "unclosed-bracket",
        at=text.location(complaint.at),
        related=[Label(text.location(began), "opened here")],
        bracket=opening,
        help="put the reference `${...}` in quotes: inside `[ ]` and `{ }` its braces are YAML's"
        if reference
        else None,
    )
