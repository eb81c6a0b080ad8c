"""The same expression in our engine and in Google's C++ CEL (`cel-expr-python`), brought to one form."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

from cel_expr_python import cel
from cel_expr_python.ext import ext_bindings, ext_math, ext_optional, ext_strings

from cfgc.stages.check.policy.cel import CelError, CelSyntaxError, compile_expression
from cfgc.stages.check.policy.cel.values import (
    Duration,
    Optional,
    Timestamp,
    TypeValue,
    UInt,
    from_key,
    type_name,
)

ERROR = ("error",)
DATA: dict[str, Any] = {
    "config": {
        "name": "web",
        "replicas": 3,
        "ratio": 1.5,
        "debug": False,
        "empty": "",
        "nothing": None,
        "ports": [80, 443, 8080],
        "hosts": ["a.example.com", "b.example.com"],
        "labels": {"tier": "prod", "a-b": "dashed", "for": "reserved"},
        "text": "héllo wörld 😀",
        "timeout": "1h30m",
        "since": "2024-02-29T12:30:45.5Z",
        "nested": {"list": [[1, 2], [3]], "map": {"x": {"y": 1}}},
        "mixed": [1, 1.0, "1", True, None],
        "emptyList": [],
        "emptyMap": {},
    },
    "tree": {"managers": {"web": {"port": 80}, "api": {"port": 81}}},
    "environment": "prod",
    "n": 0,
}

_NAMES = {"BOOL": "bool", "INT": "int", "UINT": "uint", "DOUBLE": "double", "STRING": "string", "BYTES": "bytes"}
_TYPES = {
    **_NAMES, "NULL": "null_type", "TIMESTAMP": "google.protobuf.Timestamp", "DURATION": "google.protobuf.Duration",
    "TYPE": "type",
}  # fmt: skip
_ENVIRONMENT = cel.NewEnv(
    variables=dict.fromkeys(DATA, cel.Type.DYN),
    extensions=[ext_strings.ExtStrings(), ext_bindings.ExtBindings(), ext_optional.ExtOptional(), ext_math.ExtMath()],
)
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def theirs(text: str, data: dict[str, Any] = DATA) -> Any:
    """What the library makes of an expression."""
    try:
        result = _ENVIRONMENT.compile(text, disable_check=True).eval(data=data)
        return _their_form(result)
    except (RuntimeError, TypeError):
        return ERROR


def _their_form(result: Any) -> Any:
    kind = result.type().name()
    if kind == "ERROR":
        return ERROR
    if kind.startswith("LIST"):
        return ("list", *(_their_form(item) for item in result.value()))
    if kind.startswith("MAP"):
        return ("map", *sorted(((repr(key), _their_form(item)) for key, item in result.value().items()), key=repr))
    if kind == "TYPE":
        name = result.value().name().partition("<")[0]
        return ("type", {"LIST": "list", "MAP": "map"}.get(name) or _TYPES.get(name, name))
    value = result.value()
    if kind == "TIMESTAMP":
        return ("timestamp", (value - _EPOCH) // dt.timedelta(microseconds=1))
    if kind == "DURATION":
        return ("duration", value // dt.timedelta(microseconds=1))
    return _scalar(_NAMES.get(kind, "null"), bytes(value) if kind == "BYTES" else value)


def ours(text: str, data: dict[str, Any] = DATA) -> Any:
    """What our engine makes of it."""
    try:
        expression, _ = compile_expression(text, list(data))
        return ERROR if expression is None else _our_form(expression.evaluate_with(data))
    except (CelError, CelSyntaxError):
        return ERROR


def _our_form(value: Any) -> Any:
    kind = type(value)
    if kind is list:
        return ("list", *map(_our_form, value))
    if kind is dict:
        return ("map", *sorted(((repr(from_key(key)), _our_form(item)) for key, item in value.items()), key=repr))
    if kind is TypeValue:
        return ("type", value.name)
    if kind is Timestamp or kind is Duration:
        return (kind.__name__.lower(), value.nanos // 1000)
    if kind is Optional:
        return ERROR  # the library cannot hand one out
    return _scalar("null" if value is None else type_name(value), int(value) if kind is UInt else value)


def _scalar(kind: str, value: Any) -> Any:
    if kind == "double":
        return (kind, "NaN" if math.isnan(value) else repr(float(value)))
    return (kind, value)
