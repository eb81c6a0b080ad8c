"""From a tree to environment variables: their names and their text (SPEC section 8, THREATS O08)."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from cfgc.model.keypath import KeyPath, show
from cfgc.stages.render.emitters.emitter import Plain, Sheet, Traced, Unfit, leaves, refuse_all

_NAME = re.compile(r"[A-Z_][A-Z0-9_]*")
_KEY = re.compile(r"[A-Za-z0-9_.-]+")
_UPPER = str.maketrans("-.", "__")

_STEERING = re.compile(
    r"""PATH | HOME | SHELL | IFS | CDPATH | PS[0-9] | PROMPT_COMMAND | SHELLOPTS | BASHOPTS | GLOBIGNORE
    | BASH_ENV | BASH_FUNC_.* | LD_.* | DYLD_.* | GCONV_PATH | LOCPATH | NLSPATH | TMPDIR
    | GIT_.* | SSH_ASKPASS | EDITOR | VISUAL | PAGER | LESSOPEN | LESSCLOSE
    | PYTHON[A-Z]* | NODE_OPTIONS | NODE_PATH | NODE_EXTRA_CA_CERTS | NPM_CONFIG_.*
    | PERL5?LIB | PERL5?OPT | PERL5DB | RUBYLIB | RUBYOPT | GEM_PATH | GEM_HOME | PHPRC | PHP_INI_SCAN_DIR
    | CLASSPATH | JAVA_TOOL_OPTIONS | JDK_JAVA_OPTIONS | _JAVA_OPTIONS
    | OPENSSL_CONF | OPENSSL_MODULES | SSL_CERT_FILE | SSL_CERT_DIR""",
    re.VERBOSE,
)
"""Names that make the program that reads them run, load or trust something else."""


def assign(data: Plain, sheet: Sheet) -> tuple[list[str], list[Any]]:
    """The names and the values of the variables, in tree order; raises `Unfit`. An empty map gives nothing."""
    if type(data) is not dict:
        raise Unfit("format-needs-map", ())
    names: list[str] = []
    values: list[Any] = []
    if sheet.names:
        names = [name_of(path, sheet) for path in paths(data)]
        values = [value for _, value in _variables(data)]
    else:
        _collect(data, sheet.prefix, names, values)
    if len(set(names)) != len(names) or not all(map(_fine, names)):
        refuse_all(_wrong_names(data, sheet))
    return names, values


def name_of(path: KeyPath, sheet: Sheet) -> str:
    """The name of the variable of a key path; raises `Unfit` for a key that no name can be made of."""
    own = sheet.names.get(path)
    if own is not None:
        return sheet.prefix + own
    return sheet.prefix + "_".join([_part(str(step)) for step in path])


def _collect(node: dict[str, Any], lead: str, names: list[str], values: list[Any]) -> None:
    for name, value in zip(_names(lead, tuple(node)), node.values(), strict=True):
        if type(value) is dict:
            _collect(value, name + "_", names, values)
        else:
            names.append(name)
            values.append(value)


@lru_cache(maxsize=1 << 14)
def _names(lead: str, keys: tuple[str, ...]) -> tuple[str, ...]:
    return tuple([lead + _part(key) for key in keys])


def _part(key: str) -> str:
    if not _KEY.fullmatch(key):
        raise Unfit("env-name-invalid", word=key)
    return key.upper().translate(_UPPER)


def paths(data: dict[str, Any]) -> list[KeyPath]:
    """The key path of each variable, in the order of `assign`."""
    return [path for path, _ in _variables(data)]


def _variables(data: dict[str, Any]) -> list[tuple[KeyPath, Any]]:
    return [(path, value) for path, value in leaves(data, leaf_lists=True) if type(value) is not dict]


def _wrong_names(data: dict[str, Any], sheet: Sheet) -> Iterator[Unfit]:
    """What is wrong with the names, each with its key path."""
    first: dict[str, KeyPath] = {}
    for path, _ in _variables(data):
        name = name_of(path, sheet)
        if not _NAME.fullmatch(name):
            yield Unfit("env-name-invalid", path, word=name)
        if _STEERING.fullmatch(name):
            yield Unfit("env-name-steering", path, word=name)
        if name in first:
            yield Unfit("env-name-collision", path, word=name, other=show(first[name]))
        first.setdefault(name, path)


@lru_cache(maxsize=1 << 16)
def _fine(name: str) -> bool:
    return _NAME.fullmatch(name) is not None and _STEERING.fullmatch(name) is None


def text_of(value: Any) -> str:
    """A value as a program expects it in a variable: `true`, `5432`, compact JSON for a list; null is empty."""
    if type(value) is str:
        return value
    if type(value) is int:
        return str(value)
    if value is True:
        return "true"
    if value is False:
        return "false"
    if value is None:
        return ""
    if type(value) is float and not math.isfinite(value):
        raise Unfit("number-not-finite")
    return compact(value) if type(value) is list or type(value) is dict else str(value)


def compact(value: Any) -> str:
    """Compact JSON, characters beyond ASCII as they are."""
    try:
        return _encode(value)
    except ValueError:
        raise Unfit("number-not-finite") from None


def _refuse(_: Any) -> Any:
    raise Unfit("variable-in-list")


_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_refuse).encode


class Assignments(NamedTuple):
    """A format that is a line `LEAD NAME=VALUE` a variable; `other` writes what is neither string nor integer."""

    string: Callable[[str], str]
    other: Callable[[Any], str]
    lead: str = ""

    def write(self, data: Plain, sheet: Sheet) -> str:
        return "".join(self._lines(data, sheet))

    def trace(self, data: Plain, sheet: Sheet) -> Traced:
        return zip(self._lines(data, sheet), paths(data), strict=True)

    def _lines(self, data: Plain, sheet: Sheet) -> list[str]:
        string, other, lead = self.string, self.other, self.lead
        return [
            f"{lead}{name}={string(value) if type(value) is str else value if type(value) is int else other(value)}\n"
            for name, value in zip(*assign(data, sheet), strict=True)
        ]
