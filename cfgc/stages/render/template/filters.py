"""The filters and tests of templates: an allowlist of Jinja's, and our own where Jinja's guess or mangle.

Jinja's `int` makes 0 of what is no number and its `join` writes `True`; ours do neither. `yaml`, `json` (also
`tojson`), `toml`, `env` and `shell` write a value as the emitters of these names do.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Mapping
from functools import wraps
from typing import Any

from jinja2 import Environment, Undefined, pass_environment
from jinja2.filters import FILTERS
from jinja2.tests import TESTS

from cfgc.model.keypath import KeyPath
from cfgc.stages.render.emitters import Sheet, Unfit, emitter
from cfgc.stages.render.emitters import json as json_emitter
from cfgc.stages.render.emitters import toml as toml_emitter
from cfgc.stages.render.emitters import yaml as yaml_emitter
from cfgc.stages.render.emitters.variables import compact
from cfgc.stages.render.template.bare import Formatted
from cfgc.stages.render.template.fault import Fault, TokenUsed, named
from cfgc.stages.render.template.runtime import EXPANDING, Expanding, Runtime, concatenated
from cfgc.stages.render.template.text import text_of
from cfgc.stages.render.template.token import Token
from cfgc.stages.render.template.views import data_of

_OF_JINJA = (
    "abs", "batch", "capitalize", "count", "dictsort", "first", "indent", "last", "length", "list", "lower", "map",
    "max", "min", "reject", "rejectattr", "replace", "reverse", "round", "select", "selectattr", "slice", "sort", "sum",
    "title", "trim", "truncate", "unique", "upper", "wordwrap",
)  # fmt: skip
_KEEP_FORMAT = frozenset({"indent", "trim"})
_TESTS = (
    "boolean", "defined", "divisibleby", "eq", "==", "equalto", "even", "false", "float", "ge", ">=", "gt", ">",
    "greaterthan", "in", "integer", "iterable", "le", "<=", "lessthan", "lower", "lt", "<", "mapping", "ne", "!=",
    "none", "number", "odd", "sameas", "sequence", "string", "true", "undefined", "upper",
)  # fmt: skip


def filters() -> dict[str, Callable[..., Any]]:
    """Every filter by its name, each of which refuses a sealed secret."""
    found: dict[str, Any] = {name: FILTERS[name] for name in _OF_JINJA} | _own()
    return {name: _guarded(function, keeps=name in _KEEP_FORMAT) for name, function in found.items()}


def tests() -> dict[str, Callable[..., Any]]:
    """Every test by its name; only whether it is there may be asked of a sealed secret."""
    asked = ("defined", "undefined")
    known: dict[str, Any] = TESTS
    return {name: known[name] if name in asked else _guarded(known[name]) for name in _TESTS}


def _guarded(function: Any, *, keeps: bool = False) -> Callable[..., Any]:
    @wraps(function)
    def guarded(*args: Any, **options: Any) -> Any:
        refuse_tokens(args, options)
        result = function(*args, **options)
        return Formatted(result) if keeps and any(type(arg) is Formatted for arg in args) else result

    return guarded


def refuse_tokens(args: tuple[Any, ...], options: Mapping[str, Any]) -> None:
    """Raises the signal when a sealed secret is handed to foreign code."""
    for value in (*args, *options.values()):
        if type(value) is Token:
            raise TokenUsed(value.path)
        if type(value) is slice:
            refuse_tokens((value.start, value.stop, value.step), {})


def _own() -> dict[str, Callable[..., Any]]:
    return {
        "b64encode": _placed(_b64encode),
        "d": _default,
        "default": _default,
        "env": _placed(lambda value: _variable("env", value)),
        "float": _float,
        "int": _int,
        "items": _items,
        "join": _join,
        "json": _placed(_json),
        "shell": _placed(lambda value: _variable("shell", value)),
        "string": text_of,
        "tojson": _placed(_json),
        "toml": _placed(lambda value: _format("toml", toml_emitter.inline, value)),
        "yaml": _placed(_yaml),
    }


def _format(name: str, write: Callable[[Any], str], value: Any) -> Formatted:
    try:
        return Formatted(write(data_of(value)))
    except Unfit as unfit:
        raise _unfit(name, unfit) from None


def _unfit(name: str, unfit: Unfit, path: KeyPath | None = None) -> Fault:
    reason = unfit.facts.get("reason", _REASONS.get(unfit.rule, ""))
    return Fault("template-format", path, what=named(path), format=name, reason=reason)


def _placed(write: Callable[..., Any]) -> Callable[..., Any]:
    """The filter, whose faults say where the value stands that it was given."""

    @pass_environment
    @wraps(write)
    def placed(environment: Environment, value: Any, *options: Any, **named_options: Any) -> Any:
        try:
            return write(value, *options, **named_options)
        except Fault as fault:
            reads = getattr(environment, "reads", None)
            if fault.path is None and fault.rule == "template-format" and reads is not None:
                fault.path = getattr(value, "key_path", None) or reads.path_of(value)
                fault.facts["what"] = named(fault.path)
            raise

    return placed


_REASONS = {
    "number-not-finite": "it is infinite or not a number",
    "number-too-large": "the number is too large",
    "text-not-unicode": "it is not valid Unicode",
}


def _b64encode(value: Any) -> Formatted:
    try:
        return Formatted(base64.b64encode(text_of(value).encode()).decode())
    except UnicodeEncodeError:
        raise Fault("template-format", what=named(None), format="Base64", reason=_REASONS["text-not-unicode"]) from None


def expanded(name: str, value: Runtime) -> Expanding:
    """A value with runtime variables as the reader of a format in `EXPANDING` expands it; raises `Fault`."""
    try:
        return Expanding.of(value, name)
    except Unfit as unfit:
        raise _unfit(EXPANDING[name], unfit, value.path) from None


def _variable(name: str, value: Any) -> str:
    if type(value) is Runtime:
        return expanded(name, value)

    def write(data: Any) -> str:
        return emitter(EXPANDING[name]).write({"X": data}, Sheet()).partition("=")[2].removesuffix("\n")

    return _format(EXPANDING[name], write, value)


def _json(value: Any, indent: int | None = None) -> Formatted:
    write = compact if indent is None else lambda data: json_emitter.write(data, Sheet()).rstrip("\n")
    return _format("json", lambda data: json_emitter.escape(write(data)), value)


def _yaml(value: Any) -> Formatted:
    """A scalar on one line; a map or a list in block style, to be indented with `indent`."""

    def write(data: Any) -> str:
        return yaml_emitter.one_line(data) if isinstance(data, str) else yaml_emitter.write(data).rstrip("\n")

    return _format("yaml", write, value)


@pass_environment
def _default(environment: Environment, value: Any, instead: Any = "", boolean: bool = False) -> Any:
    if isinstance(value, Undefined):
        path = getattr(value, "key_path", None)
        reads = getattr(environment, "reads", None)
        if path is not None and reads is not None and reads.missing(path):
            raise Fault("template-secret-missing", path)
        return instead
    return instead if boolean and not value else value


def _int(value: Any, *default: Any) -> Any:
    return _number(int, value, default)


def _float(value: Any, *default: Any) -> Any:
    return _number(float, value, default)


def _number(kind: type, value: Any, default: tuple[Any, ...]) -> Any:
    try:
        return kind(value)
    except (TypeError, ValueError, OverflowError):
        if default:
            return default[0]
        raise Fault("template-failed", reason=f"`{kind.__name__}` was given what is no number") from None


def _items(value: Any) -> Iterator[tuple[str, Any]]:
    if not isinstance(value, (Mapping, Undefined)):
        raise Fault("template-failed", reason="`items` was given what is no map")
    return iter(value.items())


@pass_environment
def _join(environment: Environment, value: Any, separator: str = "", attribute: str | int | None = None) -> str:
    items = value if attribute is None else [environment.getitem(item, attribute) for item in value]
    return concatenated([text_of(item) for item in items], text_of(separator))
