"""Foreign text inside Markdown: in code spans and fences only, so that nothing in it means anything (THREATS O10).

GitLab looks for mentions, references, emoji and links in what is rendered, and leaves code alone; it looks for quick
actions in the text itself, at the start of a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape

from cfgc.model.text import cut, inline, printable

_NAMED = re.compile(r"(?P<open>\(?)`(?P<name>[^`]+)`(?P<close>[),;.:]*)|(?P<word>\S+)")
_WORD = re.compile(r"\(?[A-Za-z]+(?:['-][A-Za-z]+)*\)?[,;.:]?|[a-z]\.[a-z]\.,?|[0-9]{1,6},?")
_ENDING = re.compile(r"[,;.:]*\Z")
_ACTION = re.compile(r"^(\s*)/(?=[a-z])", re.MULTILINE | re.IGNORECASE)


def code(text: str, longest: int = 200) -> str:
    """A text as a code span, on one line and of bounded length; empty for no text."""
    shown = cut(inline(text), longest)
    if not shown:
        return ""
    ticks = "`" * (_longest_run(shown) + 1)
    padding = " " if shown[0] in "` " or shown[-1] in "` " else ""
    return f"{ticks}{padding}{shown}{padding}{ticks}"


def prose(text: str, longest: int = 600) -> str:
    """A message: plain words as they are, names in backticks and everything else as code."""
    parts = []
    for found in _NAMED.finditer(cut(inline(text), longest)):
        word = found["word"]
        if word:
            parts.append(word if _WORD.fullmatch(word) else _as_code(word))
        else:
            parts.append(f"{found['open']}{code(found['name'])}{found['close']}")
    return " ".join(parts)


def _as_code(word: str) -> str:
    """A word as code, the marks that end it behind."""
    core = _ENDING.sub("", word)
    return f"{code(core)}{word[len(core) :]}" if core else code(word)


def in_html(text: str, longest: int = 200) -> str:
    """A text as code inside a line of HTML."""
    return f"<code>{escape(cut(inline(text), longest))}</code>"


def row(cells: Iterable[str]) -> str:
    """A row of a table. A bar would end its cell even inside code."""
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def header(titles: Sequence[str]) -> tuple[str, str]:
    """The first two lines of a table; a title that ends with `#` is of a column of numbers."""
    return row(title.removesuffix("#") for title in titles), row(
        "--:" if title.endswith("#") else "---" for title in titles
    )


def fence(text: str) -> str:
    """The ticks that enclose a text."""
    return "`" * max(3, _longest_run(text) + 1)


def fenced_lines(text: str) -> list[str]:
    """The lines of a text that stands between fences."""
    return printable(text).removesuffix("\n").split("\n")


def without_actions(text: str) -> str:
    """A text in which no line begins like a quick action, inside fences neither: such a slash is shown as `\\x2f`."""
    return _ACTION.sub(r"\1\\x2f", text)


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)
