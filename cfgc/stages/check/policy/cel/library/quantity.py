"""The quantity library of Kubernetes: `512Mi`, `1.5G`, `250m`, `2e3`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from cfgc.stages.check.policy.cel.library.function import Function
from cfgc.stages.check.policy.cel.library.operators import int64
from cfgc.stages.check.policy.cel.values import INT_MAX, CelError

if TYPE_CHECKING:
    from fractions import Fraction

_QUANTITY: Final = (
    r"(?a)([+-]?)(?=[0-9.]*[0-9])([0-9]*)(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]{1,3})|([KMGTPE]i|[numkMGTPE]?))"
)
_DECIMAL: Final = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_BINARY: Final = {"Ki": 10, "Mi": 20, "Gi": 30, "Ti": 40, "Pi": 50, "Ei": 60}


class Quantity(NamedTuple):
    """An exact amount."""

    amount: Fraction

    @property
    def type_name(self) -> str:
        """Its name in CEL."""
        return "kubernetes.Quantity"


def _parse(text: str) -> Quantity | None:
    from fractions import Fraction

    found = re.fullmatch(_QUANTITY, text) if len(text) <= 100 else None
    if found is None:
        return None
    sign, whole, part, exponent, suffix = found.groups()
    digits = part or ""
    power = int(exponent) if exponent is not None else _DECIMAL.get(suffix or "", 0)
    amount = Fraction(int(f"{whole}{digits}" or "0")) * Fraction(10) ** (power - len(digits))
    amount *= 2 ** _BINARY.get(suffix or "", 0)
    return Quantity(-amount if sign == "-" else amount) if amount <= INT_MAX else None


def _quantity(text: str) -> Quantity:
    found = _parse(text)
    if found is None:
        raise CelError("the string is no quantity: write `512Mi`, `1.5G`, `250m`")
    return found


def _integer(quantity: Quantity) -> int:
    if quantity.amount.denominator != 1:
        raise CelError("the quantity is no integer")
    return int64(int(quantity.amount))


FUNCTIONS: Final = (
    Function("isQuantity", {(str,): lambda text: _parse(text) is not None}),
    Function("quantity", {(str,): _quantity}),
    Function("sign", {(Quantity,): lambda one: (one.amount > 0) - (one.amount < 0)}, style="member"),
    Function("isInteger", {(Quantity,): lambda one: one.amount.denominator == 1}, style="member"),
    Function("asInteger", {(Quantity,): _integer}, style="member"),
    Function("asApproximateFloat", {(Quantity,): lambda one: float(one.amount)}, style="member"),
    Function(
        "add",
        {
            (Quantity, Quantity): lambda one, other: Quantity(one.amount + other.amount),
            (Quantity, int): lambda one, other: Quantity(one.amount + other),
        },
        style="member",
    ),
    Function(
        "sub",
        {
            (Quantity, Quantity): lambda one, other: Quantity(one.amount - other.amount),
            (Quantity, int): lambda one, other: Quantity(one.amount - other),
        },
        style="member",
    ),
    Function("isGreaterThan", {(Quantity, Quantity): lambda one, other: one > other}, style="member"),
    Function("isLessThan", {(Quantity, Quantity): lambda one, other: one < other}, style="member"),
    Function("compareTo", {(Quantity, Quantity): lambda one, other: (one > other) - (one < other)}, style="member"),
)
