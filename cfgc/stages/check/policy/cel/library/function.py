"""What the evaluator knows of a function: which types it takes, what it does, what it costs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, Literal, NamedTuple, TypeAlias

CHARACTERS_A_STEP: Final = 16
"""of a text that is copied, compared or searched"""

Run: TypeAlias = "Callable[..., Any]"
Style: TypeAlias = Literal["plain", "member", "both"]
"""`plain`: `f(x)`; `member`: `x.f()`"""


def length(text: Any, *_: Any) -> int:
    """The steps of going through a text once; other values cost nothing."""
    return len(text) // CHARACTERS_A_STEP if type(text) is str or type(text) is bytes else 0


class Function(NamedTuple):
    """A function or operator: `overloads` by the exact types of its arguments, the receiver being the first.

    `fallback` runs when no overload fits, with whatever comes. `cost` gives the steps of a call whose work or
    result grows with its arguments. `framed` ones get the evaluation's frame as first argument, so that they
    can spend steps as they go. Unknown arguments reach `framed` ones only: the others' result is then unknown.
    `extra` lists further counts of arguments that only the fallback takes.
    """

    name: str
    overloads: Mapping[tuple[type, ...], Run]
    style: Style = "plain"
    fallback: Run | None = None
    cost: Callable[..., int] | None = None
    framed: bool = False
    extra: tuple[int, ...] = ()

    @property
    def spelling(self) -> str:
        """The name as a policy writes it: `+` for `_+_`."""
        return self.name.strip("_") if self.name.endswith("_") else self.name

    def arities(self, *, member: bool) -> tuple[int, ...]:
        """How many arguments it takes when it is called on a receiver, or without one; none if it can't be."""
        if self.style == ("plain" if member else "member"):
            return ()
        counts = {len(types) for types in self.overloads} | set(self.extra)
        return tuple(sorted(count - member for count in counts))
