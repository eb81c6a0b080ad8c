"""JSON text -> data through Python's C scanner, where nothing in the text can be wrong for us."""

from __future__ import annotations

import json
import re
from typing import Final

from cfgc.model.values import Value
from cfgc.stages.read.limits import MAX_DIGITS, check_nodes, is_deep

_ODD: Final = re.compile(rf"\\[bfnrtu]|[^\n\r\t -~]|(?<![0-9])[0-9]{{{MAX_DIGITS}}}|[eE][-+]?[0-9]")
"""Escapes that a key may hide behind, characters beyond ASCII, long or large numbers."""


class NotOrdinary(Exception):
    """The text is for the reader that knows positions."""


def load(text: str, file: str) -> Value:
    """The data of a JSON text.

    Raises `NotOrdinary` where the text is wrong or out of the ordinary, `Failed` for one of too many nodes.
    """
    if _ODD.search(text):
        raise NotOrdinary
    try:
        value = json.loads(text, object_pairs_hook=_unique, parse_constant=_refuse)
    except (json.JSONDecodeError, RecursionError):
        raise NotOrdinary from None
    if is_deep(value, text):
        raise NotOrdinary
    check_nodes(value, len(text), file)
    return value


def _unique(pairs: list[tuple[str, Value]]) -> dict[str, Value]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise NotOrdinary
    return result


def _refuse(_: str) -> Value:
    raise NotOrdinary
