"""What a tree is made of.

A tree is plain data: `dict`, `list`, `str`, `int`, `float`, `bool`, `None`, plus a few leaf types
of our own: `Marked` (before merging only), `Secret` and `Unknown` (a value with a runtime
variable in it, after resolving only). Trees are shared and never changed in place: a stage
that changes a value makes new containers on the way to it.
"""

from __future__ import annotations

from typing import Any, Literal, NamedTuple, TypeAlias

Value: TypeAlias = Any
Tree: TypeAlias = "dict[str, Any]"
Kind: TypeAlias = Literal["map", "list", "string", "integer", "number", "boolean", "null"]
MarkerName: TypeAlias = Literal["replace", "unset", "append", "prepend", "unique", "by", "raw"]

INCLUDE = "\0<<"
"""The key under which `<<: ${a.b}` waits for the resolver: a control character keeps it apart from
every key that a file can hold. Its value is a `str` or a list of them."""


class Marked:
    """A value that carries a merge marker; `key` is the identity of `!by:key`."""

    __slots__ = ("key", "name", "value")

    def __init__(self, name: MarkerName, value: Value, key: str | None = None) -> None:
        self.name = name
        self.value = value
        self.key = key

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Marked) and (self.name, self.key, self.value) == (other.name, other.key, other.value)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        suffix = f":{self.key}" if self.key else ""
        return f"Marked(!{self.name}{suffix} {self.value!r})"


MASK = "********"
"""What stands for every secret in every text: always as wide as this."""


class Secret:
    """A secret leaf: its SOPS token (the sealed form), its kind, and its plain value if revealed.

    Not a `str`, and no operator works on it, so that a library that does not know it fails
    instead of printing it. Only `cfgc.model.reveal` hands out the plain value, and a test holds the
    list of modules that may import that.
    """

    __slots__ = ("_plain", "kind", "origins", "token")

    def __init__(self, token: str, kind: Kind, plain: Value = None, origins: tuple[tuple[Any, ...], ...] = ()) -> None:
        self.token = token
        self.kind: Kind = kind
        self._plain = plain
        self.origins = origins  # key paths of the encrypted leaves that went into it, filled by the resolver

    @property
    def revealed(self) -> bool:
        return self._plain is not None

    def with_origins(self, origins: tuple[tuple[Any, ...], ...]) -> Secret:
        """The same secret, which knows the key paths of the encrypted leaves that went into it."""
        return Secret(self.token, self.kind, self._plain, origins)

    def __repr__(self) -> str:
        return MASK

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return MASK

    def _refuse(self, *_: object) -> Any:
        raise TypeError("a secret takes part in no operation")

    __eq__ = __lt__ = __le__ = __gt__ = __ge__ = _refuse
    __bool__ = __len__ = __iter__ = __contains__ = __getitem__ = __add__ = __radd__ = _refuse
    __reduce__ = __reduce_ex__ = __copy__ = __deepcopy__ = _refuse
    __hash__ = None  # type: ignore[assignment]


class Variable(NamedTuple):
    """A runtime variable inside an `Unknown`: `${NAME}`, `${NAME:-default}` or `${NAME:?message}`."""

    name: str
    operator: Literal["", ":-", ":?"] = ""
    operand: str = ""

    @property
    def text(self) -> str:
        return f"${{{self.name}{self.operator}{self.operand}}}"


class Unknown:
    """A value that holds a runtime variable: its parts in order, text, variables and secrets.

    One `Variable` alone may become any scalar; inside text the whole is a string.
    """

    __slots__ = ("parts",)

    def __init__(self, parts: tuple[str | Variable | Secret, ...]) -> None:
        self.parts = parts

    @property
    def alone(self) -> bool:
        return len(self.parts) == 1

    @property
    def variables(self) -> tuple[Variable, ...]:
        return tuple(part for part in self.parts if isinstance(part, Variable))

    @property
    def secret(self) -> bool:
        return any(isinstance(part, Secret) for part in self.parts)

    def __repr__(self) -> str:
        return "".join(
            part.text if isinstance(part, Variable) else MASK if isinstance(part, Secret) else part
            for part in self.parts
        )

    __hash__ = None  # type: ignore[assignment]

    def __eq__(self, other: object) -> bool:
        raise TypeError("an unknown value takes part in no operation")

    __bool__ = Secret.__bool__


def kind_of(value: Value) -> Kind:
    """The kind of a value as diagnostics name it; an `Unknown` counts as a string."""
    if isinstance(value, str):
        return "string"
    if value is None:
        return "null"
    if value is True or value is False:
        return "boolean"
    for type_, kind in _KINDS:
        if isinstance(value, type_):
            return kind
    if isinstance(value, Secret):
        return value.kind
    if isinstance(value, Marked):
        return kind_of(value.value)
    return "string"


_KINDS: tuple[tuple[type, Kind], ...] = ((dict, "map"), (list, "list"), (int, "integer"), (float, "number"))


def masked(value: Value) -> Value:
    """A copy of a value in which every secret is the mask and every unknown its text: safe to print."""
    if isinstance(value, dict):
        return {key: masked(item) for key, item in value.items()}
    if isinstance(value, list):
        return [masked(item) for item in value]
    if isinstance(value, (Secret, Unknown)):
        return repr(value)
    if isinstance(value, Marked):
        return masked(value.value)
    return value
