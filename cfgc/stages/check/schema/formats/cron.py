"""Cron expressions of five fields, as crontab(5) and Kubernetes write them."""

from __future__ import annotations

import re
from typing import NamedTuple

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")


class _Field(NamedTuple):
    low: int
    high: int
    names: tuple[str, ...] = ()


_FIELDS = (_Field(0, 59), _Field(0, 23), _Field(1, 31), _Field(1, 12, _MONTHS), _Field(0, 7, _DAYS))
_ITEM = r"(\*|(?:[0-9]{1,2}|[A-Za-z]{3})(?:-(?:[0-9]{1,2}|[A-Za-z]{3}))?)(?:/([0-9]{1,2}))?"


def is_cron(text: str) -> bool:
    """Whether a text is minute, hour, day of month, month and day of week (0 and 7 are Sunday).

    Each field is a list of `*`, a number or a range, with `/STEP` after `*` or a range; months and days may be named.
    Macros (`@daily`) and the signs of other schedulers (`?`, `L`, `W`, `#`) are not cron's.
    """
    fields = re.split(r"[ \t]+", text)
    return len(fields) == len(_FIELDS) and all(map(_is_list, fields, _FIELDS))


def _is_list(text: str, field: _Field) -> bool:
    return all(_is_item(item, field) for item in text.split(","))


def _is_item(text: str, field: _Field) -> bool:
    found = re.fullmatch(_ITEM, text)
    if found is None:
        return False
    if found[2] is not None and (int(found[2]) == 0 or not (found[1] == "*" or "-" in found[1])):
        return False
    numbers = [] if found[1] == "*" else [_number(part, field) for part in found[1].split("-")]
    return all(field.low <= number <= field.high for number in numbers) and numbers == sorted(numbers)


def _number(text: str, field: _Field) -> int:
    """The number of a digit string or of a name; -1 for a name that the field does not have."""
    if text.isdigit():
        return int(text)
    return field.names.index(text.upper()) + field.low if text.upper() in field.names else -1
