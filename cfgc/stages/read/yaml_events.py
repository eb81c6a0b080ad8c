"""Text -> libyaml's parser events. This module and `yaml_nodes` alone know PyYAML; import them where they are needed.

Only the event layer of libyaml is used: it keeps its state on the heap, while its composer recurses and crashes
the process on deep nesting (THREATS Y03). libyaml scans YAML 1.1; what it takes otherwise than YAML 1.2 is set right
here or refused:

- U+0085, U+2028 and U+2029 end a line in 1.1 and are ordinary characters in 1.2: stand-ins go
  through the scanner in their place;
- `%TAG` would change what a tag means (and many of them take quadratic time): no directive but `%YAML 1.2`;
- `"a"#b`, `[a,#b]`: a comment needs a space before it in 1.2;
- `[?a]` is a plain text in 1.2, a key in 1.1.
"""

from __future__ import annotations

import re
from typing import Any, Final, TypeAlias

from yaml import MarkedYAMLError, YAMLError
from yaml._yaml import CParser

from cfgc.diagnostics import Diagnostic, Failed, report
from cfgc.stages.read.limits import Clock
from cfgc.stages.read.text import Text
from cfgc.stages.read.yaml_problems import Complaint, explain

Event: TypeAlias = Any

_DIRECTIVE = re.compile(r"^%(?!YAML[ ]+1\.2[ \t]*(?:[ \t]#.*)?$)", re.MULTILINE)
_BREAKS_OF_1_1: Final = "\x85\u2028\u2029"
_GAP = re.compile(r"(?:[^#\s]|\s+(?:#[^\r\n]*)?)*+")
_BLOCK_HEADER = re.compile(r"[^\r\n]*[|>][-+0-9]*#")
_EVENTS_PER_LOOK: Final = 1024


class Events:
    """The events of one text, checked one by one. Raises `Failed` with the first that is wrong."""

    def __init__(self, text: Text, clock: Clock) -> None:
        if found := _DIRECTIVE.search(text.text):
            raise Failed(report("yaml-directive", at=text.location(found.start())))
        self._text = text
        self._clock = clock
        self._back = _stand_ins(text.text)
        self._parser = CParser(_swapped(text.text, {new: old for old, new in self._back.items()}))
        self._end = 0
        self._hash = _first_hash(text.text, 0)
        self._read = 0
        self._quoted = (0, 0)

    def next(self) -> Event:
        """The next event; `start_mark.index` and `end_mark.index` are offsets in the text."""
        self._read += 1
        if self._read % _EVENTS_PER_LOOK == 0:
            self._clock.check()
        try:
            event: Event = self._parser.get_event()
        except MarkedYAMLError as error:
            raise Failed(self._refusal(error)) from None
        except YAMLError:
            raise Failed(report("yaml-syntax", at=self._text.location(self._end), what="this is not YAML")) from None
        start = event.start_mark.index
        if start > self._hash:
            self._check_gap(start)
        if event.end_mark.index > self._end:
            self._end = event.end_mark.index
        return event

    def text_of(self, event: Event) -> str:
        """The text of a plain scalar event."""
        value: str = event.value
        return _swapped(value, self._back) if self._back else value

    def quoted_text_of(self, event: Event) -> str:
        """The text of a scalar event in quotes, or under `|` or `>`."""
        start = event.start_mark.index
        if event.style in ("'", '"'):
            self._quoted = start, event.end_mark.index
        elif found := _BLOCK_HEADER.match(self._text.text, start):
            raise Failed(self._comment(found.end() - 1))
        return self.text_of(event)

    def check_question(self, start: int) -> None:
        """Refuses what begins right after a `?` inside brackets, where 1.2 sees one plain text."""
        if start and self._text.text[start - 1] == "?":
            what = "a `?` stands before a text without a space"
            advice = "quote the text, or write a space after the `?`"
            raise Failed(report("yaml-syntax", at=self._text.location(start - 1), what=what, help=advice))

    def _check_gap(self, start: int) -> None:
        """Refuses a comment without a space before it, between the event before and what begins at `start`."""
        text, end = self._text.text, self._end
        self._hash = _first_hash(text, end)
        if self._hash > start:
            return
        gap = text[end:start] if end and text[end - 1] not in "\r\n" else "\n" + text[end:start]
        matched = _GAP.match(gap)
        if matched and matched.end() < len(gap):
            raise Failed(self._comment(start - len(gap) + matched.end()))

    def _comment(self, at: int) -> Diagnostic:
        what = "a `#` stands in the middle of the line without a space before it"
        advice = "write a space before the `#` of a comment, or quote the text"
        return report("yaml-syntax", at=self._text.location(at), what=what, help=advice)

    def _refusal(self, error: Any) -> Diagnostic:
        mark, began = error.problem_mark or error.context_mark, error.context_mark
        at = min(mark.index, len(self._text.text)) if mark else self._end
        start = began.index if began else at
        return explain(self._text, Complaint(error.problem or "", at, error.context or "", start, self._quoted))


def _first_hash(text: str, start: int) -> int:
    found = text.find("#", start)
    return len(text) if found < 0 else found


def _stand_ins(text: str) -> dict[str, str]:
    """Stand-in -> character: private characters that the text neither holds nor writes as an escape."""
    present = [character for character in _BREAKS_OF_1_1 if character in text]
    if not present:
        return {}
    lower = text.lower()
    free = (chr(code) for code in range(0xE000, 0xF8FF) if chr(code) not in text and f"{code:x}" not in lower)
    return dict(zip(free, present, strict=False))


def _swapped(text: str, by: dict[str, str]) -> str:
    for old, new in by.items():
        text = text.replace(old, new)
    return text
