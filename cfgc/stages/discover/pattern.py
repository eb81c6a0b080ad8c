"""One pattern of a layout: `services/{name}/values-{layer}.yaml`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise, takewhile
from typing import NamedTuple

from cfgc.diagnostics import Diagnostic, report
from cfgc.model.keypath import KeyPath, KeyPathError, parse
from cfgc.model.location import Location
from cfgc.model.text import closest
from cfgc.stages.discover.names import objection
from cfgc.stages.discover.places import setting

LAYER = "layer"

_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_PART = re.compile(r"\{([a-z][a-z0-9_]*)\}|\*|[^{}*]+")
_SOPS = re.compile(r"\.sops(\.[a-z]+)$")
_MOST_PARTS = 2
"""So many placeholders and `*` may stand in one segment: their number is the power by which matching can grow."""

_OPEN, _CLOSE = "\ue000", "\ue001"
"""Stand for braces while a template is parsed as a key path, in which braces would have to be quoted."""


class Pattern(NamedTuple):
    """A pattern, ready to match. `number` is its place in `cfgc.yaml`; a segment `**` is none."""

    text: str
    number: int
    whole: re.Pattern[str]
    segments: tuple[re.Pattern[str] | None, ...]
    root: str
    layer: str
    at: KeyPath

    @property
    def location(self) -> Location:
        return setting(("layout", "patterns", self.number, "files"))

    def match(self, path: str) -> Mapping[str, str] | None:
        """The values of the placeholders, none for a path that does not match; `x.sops.yaml` matches as `x.yaml`."""
        found = self.whole.fullmatch(_unsealed(path))
        return found.groupdict() if found else None

    def leads_through(self, path: str) -> bool:
        """Whether this path, or one below it, could match."""
        names = _unsealed(path).split("/")
        for segment, name in zip(self.segments, names, strict=False):
            if segment is None:
                return True
            if not segment.fullmatch(name):
                return False
        return len(names) <= len(self.segments)

    def layer_of(self, values: Mapping[str, str]) -> str:
        return _PLACEHOLDER.sub(lambda found: values[found[1]], self.layer)

    def at_of(self, values: Mapping[str, str]) -> KeyPath:
        return tuple(_PLACEHOLDER.sub(lambda found: values[found[1]], str(step)) for step in self.at)


class _Mistake(ValueError):
    """Why a pattern is none, and which of its keys says so."""

    def __init__(self, key: str, reason: str) -> None:
        super().__init__(reason)
        self.key = key


def compile_pattern(written: Mapping[str, str], number: int) -> Pattern | Diagnostic:
    """A pattern as `cfgc.yaml` writes it, ready to match, or what is wrong with it."""
    text = written["files"]
    names = set(_PLACEHOLDER.findall(text))
    try:
        segments = [_parts(segment) for segment in _unsealed(text).split("/")]
        _check(segments)
        layer, at = _layer(written.get("layer"), names), _at(written.get("at", ""), names)
    except _Mistake as mistake:
        place = setting(("layout", "patterns", number, mistake.key))
        return report("invalid-pattern", at=place, text=written[mistake.key], reason=mistake)
    steps = tuple(None if parts == ["**"] else re.compile(_regex(parts, None)) for parts in segments)
    return Pattern(text, number, _whole(segments), steps, _root(segments), layer, at)


def _parts(segment: str) -> list[str]:
    """Text, placeholders and `*` of a segment, in order; `**` is a segment of its own."""
    if segment == "**":
        return [segment]
    parts = [found[0] for found in _PART.finditer(segment)]
    if "".join(parts) != segment:
        raise _Mistake("files", "`{` and `}` enclose a placeholder's name, of small letters, digits and `_`")
    variable = [_is_variable(part) for part in parts]
    if sum(variable) > _MOST_PARTS or any(left and right for left, right in pairwise(variable)):
        raise _Mistake("files", f"in one segment at most {_MOST_PARTS} placeholders may stand, with text between them")
    return parts


def _check(segments: list[list[str]]) -> None:
    if any(parts in ([], ["."], [".."]) for parts in segments):
        raise _Mistake("files", "it is no path below the project's root")
    if segments.count(["**"]) > 1 or segments[-1] == ["**"]:
        raise _Mistake("files", "`**` may stand once, and not at the end")


def _is_variable(part: str) -> bool:
    return part[0] in "{*"


def _whole(segments: list[list[str]]) -> re.Pattern[str]:
    seen: set[str] = set()
    pieces = ("(?:[^/]+/)*" if parts == ["**"] else f"{_regex(parts, seen)}/" for parts in segments)
    return re.compile("".join(pieces).removesuffix("/"))


def _regex(parts: list[str], seen: set[str] | None) -> str:
    """The regular expression of a segment. With `seen` its placeholders are groups, and a name matches one text."""
    regex = ""
    for part in parts:
        name = part[1:-1] if part[0] == "{" else ""
        if part == "*":
            regex += "[^/]*"
        elif not name:
            regex += re.escape(part)
        elif seen is None:
            regex += "[^/]+"
        else:
            regex += f"(?P={name})" if name in seen else f"(?P<{name}>[^/]+)"
            seen.add(name)
    return regex


def _root(segments: list[list[str]]) -> str:
    """The folder that holds all that can match."""
    fixed = takewhile(lambda parts: not any(map(_is_variable, parts)), segments[:-1])
    return "/".join("".join(parts) for parts in fixed)


def _layer(text: str | None, names: set[str]) -> str:
    if text is None:
        if LAYER not in names:
            raise _Mistake("files", "neither `{layer}` nor a key `layer` names the layer")
        return f"{{{LAYER}}}"
    _check_names("layer", text, names)
    fixed = _PLACEHOLDER.sub("x", text)
    if reason := next(filter(None, map(objection, fixed.split("/"))), None):
        raise _Mistake("layer", f"it cannot name a layer: {reason}")
    return text


def _at(text: str, names: set[str]) -> KeyPath:
    _check_names("at", text, names)
    try:
        steps = parse(_PLACEHOLDER.sub(rf"{_OPEN}\1{_CLOSE}", text))
    except KeyPathError as error:
        raise _Mistake("at", f"it is no key path: unexpected character at position {error.column + 1}") from None
    if not all(isinstance(step, str) for step in steps):
        raise _Mistake("at", "files stand in maps, not in lists")
    return tuple(str(step).replace(_OPEN, "{").replace(_CLOSE, "}") for step in steps)


def _check_names(key: str, text: str, names: set[str]) -> None:
    for name in _PLACEHOLDER.findall(text):
        if name not in names:
            meant = closest(name, sorted(names))
            hint = f": did you mean `{{{meant}}}`?" if meant else ""
            raise _Mistake(key, f"`files` has no placeholder `{{{name}}}`{hint}")


def _unsealed(path: str) -> str:
    return _SOPS.sub(r"\1", path)
