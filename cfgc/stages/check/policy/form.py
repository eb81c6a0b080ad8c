"""The mappings of a policy file, key by key: what is wrong with one is reported at its line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from cfgc.diagnostics import Diagnostic, report
from cfgc.model.keypath import KeyPath, KeyPathError, parse
from cfgc.model.layers import Locator
from cfgc.model.location import Location
from cfgc.model.text import closest
from cfgc.stages.check.policy.model import Place

_NAMED = re.compile(r"(?<![${])\{([A-Za-z_]\w*)\}(?!\})")


class Form:
    """One mapping at its place. The getters give a default, and report, where a value is missing or wrong."""

    def __init__(self, where: str, place: Place, data: dict[str, Any], locator: Locator) -> None:
        self.where = where
        self.place = place
        self.data = data
        self.found: list[Diagnostic] = []
        self._locator = locator

    def inner(self, where: str, data: dict[str, Any], *steps: str | int) -> Form:
        """The form of a mapping below this one; it reports to the same list."""
        form = Form(where, Place(self.place.file, (*self.place.path, *steps)), data, self._locator)
        form.found = self.found
        return form

    def only(self, known: Sequence[str]) -> None:
        """Reports the keys that are not known."""
        for key in self.data:
            if key not in known:
                meant = closest(key, list(known))
                names = ", ".join(f"`{name}`" for name in known)
                self._report(
                    "policy-unknown-key",
                    self._locator.key(self.place.file, (*self.place.path, key)),
                    help=f"did you mean `{meant}`?" if meant else None,
                    key=key,
                    known=names,
                )

    def text(self, key: str, *, example: str = "", default: str = "") -> str:
        """A text that is not empty; one with an example is required."""
        value = self.data.get(key)
        if isinstance(value, str) and value.strip():
            return value
        if key in self.data:
            self.wrong(key, "a text; quote it" if _is_scalar(value) else "a text")
        elif example:
            self.missing(key, example)
        return default

    def worded(self, key: str, words: Sequence[str], *, example: str) -> str:
        """A text that may name some words in braces, as `{component}`; `${...}` and `{{...}}` are text."""
        text = self.text(key, example=example)
        for found in _NAMED.finditer(text):
            if found[1] not in words:
                meant = closest(found[1], list(words))
                known = ", ".join(f"`{{{word}}}`" for word in words)
                self.wrong(
                    key,
                    f"a text without `{found[0]}`",
                    f"did you mean `{{{meant}}}`? known are {known}" if meant else f"known are {known}",
                )
        return text

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; one text alone is a list of it."""
        value = self.data.get(key, [])
        items = [value] if isinstance(value, str) else value
        usable = isinstance(items, list) and all(isinstance(item, str) and item for item in items)
        if usable and (items or key not in self.data):
            return tuple(items)
        self.wrong(key, "a list of names or globs")
        return ()

    def mapping(self, key: str) -> dict[str, Any]:
        """A mapping, empty if the key is missing."""
        value = self.data.get(key, {})
        if isinstance(value, dict):
            return value
        self.wrong(key, "a mapping")
        return {}

    def items(self, key: str) -> list[Any]:
        """A list, empty if the key is missing."""
        value = self.data.get(key, [])
        if isinstance(value, list):
            return value
        self.wrong(key, "a list")
        return []

    def choice(self, key: str, options: Sequence[str]) -> str:
        """One of some words, the first being the default."""
        value = self.data.get(key, options[0])
        if value in options:
            return str(value)
        meant = closest(value, list(options)) if isinstance(value, str) else None
        self.wrong(key, " or ".join(f"`{option}`" for option in options), f"did you mean `{meant}`?" if meant else "")
        return options[0]

    def path(self, key: str, *, example: str = "") -> KeyPath | None:
        """A key path."""
        text = self.text(key, example=example)
        if not text:
            return None
        try:
            return parse(text)
        except KeyPathError:
            self.wrong(key, "a key path such as `database.url`")
            return None

    def day(self, key: str, *, example: str) -> date | None:
        """A date, as `2027-01-31`."""
        text = self.text(key, example=example)
        if not text:
            return None
        try:
            found = date.fromisoformat(text)
        except ValueError:
            found = None
        if found is None or text != found.isoformat():
            self.wrong(key, f"a date such as `{example}`")
            return None
        return found

    def missing(self, key: str, example: str) -> None:
        """Reports that a key is missing."""
        self._report("policy-missing-key", self.location(), key=key, example=example)

    def wrong(self, key: str, wanted: str, help: str = "") -> None:
        """Reports a value of the wrong shape."""
        self._report("policy-invalid-value", self.location(key), help=help, key=key, wanted=wanted)

    def location(self, *steps: str) -> Location:
        """Where the mapping stands, or a value in it."""
        return self._locator.value(self.place.file, (*self.place.path, *steps))

    def add(self, found: Iterable[Diagnostic]) -> None:
        self.found.extend(found)

    def _report(self, name: str, at: Location, help: str | None = None, **facts: Any) -> None:
        self.found.append(report(name, at=at, help=help, where=self.where, **facts))


def _is_scalar(value: Any) -> bool:
    return isinstance(value, (bool, int, float))
