"""Linear-time patterns: one dialect for schemas, policies and templates (ADR 0007).

The engine is the automaton of jsonschema-rs (Rust's `regex`), the same that checks `pattern` on the fast path,
so that a pattern means the same wherever it stands. It knows ECMA-262 patterns without look-around and without
back references, and no input makes it slower than linear.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

SIZE_LIMIT = 4 << 20
"""bytes of a compiled pattern; `^.{1,1000}$` takes 1.2 MB"""


class PatternError(ValueError):
    """A text that is no pattern, or none for a linear-time engine (look-around, back reference, too large)."""

    def __init__(self, pattern: str) -> None:
        super().__init__("not a pattern that can be matched in linear time")
        self.pattern = pattern


def search(pattern: str, text: str) -> bool:
    """Whether the pattern matches anywhere in the text; raises `PatternError`."""
    found: bool = _compiled(pattern).is_valid(encodable(text))
    return found


def check(pattern: str) -> None:
    """Raises `PatternError` unless the pattern can be matched in linear time."""
    _compiled(pattern)


def options() -> Any:
    """The engine's options, for the compiled schemas that must match in the same dialect."""
    from jsonschema_rs import RegexOptions

    return RegexOptions(size_limit=SIZE_LIMIT)


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> Any:
    from jsonschema_rs import Draft202012Validator

    try:
        return Draft202012Validator({"pattern": pattern}, pattern_options=options(), offline=True)
    except ValueError:  # the engine's ValidationError, or a lone surrogate
        raise PatternError(pattern) from None


def encodable(text: str) -> str:
    """The text with lone surrogates replaced, which no file holds but a command line may."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
