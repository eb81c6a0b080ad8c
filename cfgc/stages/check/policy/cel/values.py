"""The values of CEL that plain Python data lacks, and the two ways a value can fail to be there.

CEL's `int`, `double`, `string`, `bytes`, `bool`, `null`, `list` and `map` are Python's `int`, `float`, `str`, `bytes`,
`bool`, `None`, `list` and `dict`. Dispatch is by exact type, so `UInt` is no `int` and `True` is no `1`.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple, TypeAlias

CelValue: TypeAlias = Any

INT_MIN: Final = -(2**63)
INT_MAX: Final = 2**63 - 1
UINT_MAX: Final = 2**64 - 1


class UInt(int):
    """An unsigned 64-bit integer: equal to the `int` and the `float` of the same value, as CEL has it."""

    __slots__ = ()


class Timestamp(NamedTuple):
    """A moment, in nanoseconds since 1970-01-01T00:00:00Z."""

    nanos: int


class Duration(NamedTuple):
    """A length of time in nanoseconds."""

    nanos: int


class TypeValue(NamedTuple):
    """A type as a value: what `type(x)` gives and what `int` names."""

    name: str


class Optional(NamedTuple):
    """A value that may be absent; `NONE` is the absent one."""

    present: bool
    value: CelValue = None


NONE: Final = Optional(present=False)


class Unknowns:
    """A value that is not known: `leaves` are the secrets and runtime variables of the tree it depends on.

    `there` says that it is a leaf itself: a value for certain, only which one is not known. Whatever was computed
    from one may have no value at all, `0 + config.password` for instance.
    """

    __slots__ = ("leaves", "there")

    def __init__(self, leaves: tuple[Any, ...] = (), *, there: bool = False) -> None:
        self.leaves = leaves
        self.there = there


def may_fail(value: CelValue) -> bool:
    """Whether a value may turn out not to be there: then a list or map that holds it may not either."""
    return type(value) is Unknowns and not value.there


def merge_unknowns(values: list[CelValue] | tuple[CelValue, ...]) -> Unknowns:
    """All unknown values among `values` as one; each leaf once, in order."""
    leaves = {id(leaf): leaf for value in values if type(value) is Unknowns for leaf in value.leaves}
    return Unknowns(tuple(leaves.values()))


class CelError(Exception):
    """An evaluation that has no value. The text names keys and functions of the expression, never a value of the tree.

    `at` is the offset in the expression where it happened, -1 until a node claims it.
    """

    def __init__(self, message: str, at: int = -1) -> None:
        super().__init__(message)
        self.message = message
        self.at = at

    def placed(self, at: int) -> CelError:
        """The error itself; it happened at `at` unless it knows better."""
        if self.at < 0:
            self.at = at
        return self


class Mistyped(CelError):
    """An evaluation that has no value because an operator or a function does not take such types."""


class TooCostly(Exception):
    """The evaluation has used up its budget. Not a `CelError`: no `||` absorbs this."""


class Frame(list[CelValue]):
    """One evaluation: a slot for each variable, and the steps that are left of its budget."""

    __slots__ = ("left",)

    def spend(self, steps: int) -> None:
        """Takes steps off the budget; raises `TooCostly` when it is used up."""
        self.left -= steps
        if self.left < 0:
            raise TooCostly

    left: int


TYPE_NAMES: Final[dict[type, str]] = {
    int: "int",
    UInt: "uint",
    float: "double",
    bool: "bool",
    str: "string",
    bytes: "bytes",
    list: "list",
    dict: "map",
    type(None): "null_type",
    Timestamp: "google.protobuf.Timestamp",
    Duration: "google.protobuf.Duration",
    TypeValue: "type",
    Optional: "optional_type",
}


def type_name(value: CelValue) -> str:
    """The CEL name of a value's type; values of libraries know theirs."""
    kind = type(value)
    return TYPE_NAMES.get(kind) or str(getattr(value, "type_name", kind.__name__))


def to_key(value: CelValue) -> CelValue:
    """A CEL value as a key of a `dict`: `true` must not be the key `1`. Raises `CelError` for what is no key."""
    kind = type(value)
    if kind is str or kind is int or kind is UInt:
        return value
    if kind is bool:
        return (value,)
    raise CelError(f"a map has no keys of type {type_name(value)}")


def from_key(key: CelValue) -> CelValue:
    """The CEL value of a key of a `dict`."""
    return key[0] if type(key) is tuple else key
