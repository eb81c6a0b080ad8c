"""The door of the schema check to plain values: what `render` decrypted is checked as it is (SPEC section 6).

What leaves here goes to the engines alone. A finding about it names key path and keyword, see `words`.
"""

from __future__ import annotations

from collections.abc import Iterable

from cfgc.model.reveal import plain_value
from cfgc.model.values import Secret, Value
from cfgc.stages.check.schema.engines.leaves import Found, replaced


def with_plain_values(value: Value, leaves: Iterable[Found]) -> Value:
    """A value in which revealed secrets are their plain values; the others stay."""
    return replaced(
        value,
        [
            (found.path, plain_value(found.leaf))
            for found in leaves
            if isinstance(found.leaf, Secret) and found.leaf.revealed
        ],
    )
