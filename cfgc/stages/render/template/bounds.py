"""Operations that could make something huge, with bounds (THREATS J02). What slips through, the child's limits end."""

from __future__ import annotations

import operator
from typing import Any

from cfgc.stages.render.template.fault import Fault

_LONGEST_RANGE = 10_000
_LONGEST_TEXT = 8 << 20
_MOST_BITS = 4096


def numbers(*bounds: int) -> range:
    """`range`."""
    found = range(*bounds)
    if len(found) > _LONGEST_RANGE:
        raise Fault("template-too-large", what=f"a `range` of more than {_LONGEST_RANGE} numbers")
    return found


def bounded(text: str) -> str:
    """The text, if it is not too long; raises `Fault`."""
    if len(text) > _LONGEST_TEXT:
        raise Fault("template-too-large", what=f"a text of more than {_LONGEST_TEXT} characters")
    return text


def _add(left: Any, right: Any) -> Any:
    result = operator.add(left, right)
    return bounded(result) if isinstance(result, str) else result


def _multiply(left: Any, right: Any) -> Any:
    for one, other in ((left, right), (right, left)):
        if isinstance(one, (str, list, tuple)) and isinstance(other, int) and len(one) * other > _LONGEST_TEXT:
            raise Fault("template-too-large", what=f"a result of more than {_LONGEST_TEXT} characters")
    if isinstance(left, int) and isinstance(right, int) and left.bit_length() + right.bit_length() > _MOST_BITS:
        raise Fault("template-too-large", what=f"a number of more than {_MOST_BITS} bits")
    return operator.mul(left, right)


def _power(left: Any, right: Any) -> Any:
    if isinstance(left, int) and isinstance(right, int) and left.bit_length() * abs(right) > _MOST_BITS:
        raise Fault("template-too-large", what=f"a number of more than {_MOST_BITS} bits")
    return operator.pow(left, right)


def _modulo(left: Any, right: Any) -> Any:
    if isinstance(left, str):
        raise Fault("template-failed", reason="`%` works on numbers; join text with `~`")
    return operator.mod(left, right)


OPERATIONS = {"+": _add, "*": _multiply, "**": _power, "%": _modulo}
