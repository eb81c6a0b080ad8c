"""What may stand for a value in the template, the best first. Candidates are proposals: the schema check decides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from cfgc.diagnostics import Failed
from cfgc.external import regex
from cfgc.model.values import Value
from cfgc.pipeline.printing import text_of
from cfgc.reports.docs.shape import Shape
from cfgc.reports.docs.template.pattern import sample

_FORMATS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "go-duration": ("30s",),
        "duration-days": ("30d",),
        "byte-size": ("512Mi",),
        "port": ("8080",),
        "cron": ("0 3 * * *",),
        "semver": ("1.0.0",),
        "date-time": ("2026-01-31T12:00:00Z",),
        "date": ("2026-01-31",),
        "time": ("12:00:00Z",),
        "duration": ("P1D",),
        "email": ("someone@example.com",),
        "idn-email": ("someone@example.com",),
        "hostname": ("example.com",),
        "idn-hostname": ("example.com",),
        "ipv4": ("192.0.2.1",),
        "ipv6": ("2001:db8::1",),
        "uri": ("https://example.com/", "http://example.com/", "postgres://example.com/db", "urn:example:a"),
        "uri-reference": ("/example",),
        "iri": ("https://example.com/",),
        "iri-reference": ("/example",),
        "uuid": ("00000000-0000-4000-8000-000000000000",),
        "uri-template": ("https://example.com/{id}",),
        "json-pointer": ("/example",),
        "relative-json-pointer": ("0",),
        "regex": (".*",),
    }
)
"""Texts of each format; the addresses are those kept for examples (RFC 2606, 5737, 3849)."""

_READABLE = ("example", "example.com", "/example", "https://example.com/", "example.com:8080", "EXAMPLE", "1")
"""Texts that people take for placeholders, tried before one that is made from a pattern."""

_UNITS = ("s", "Mi")
"""endings with which a number becomes a duration or a size, for a pattern that asks for more than the format"""

_PORT = 8080


def candidates(shape: Shape) -> Iterator[Value]:
    """Whole values for a place: what its schemas name, then what their types ask for."""
    if shape.all("const"):
        yield shape.get("const")
    yield from shape.all("default")
    yield from (value for values in shape.all("examples") for value in values)
    yield from (value for values in shape.all("enum") for value in values)
    for name in shape.types() or ("string",):
        yield from _OF_TYPE[name](shape)


def is_writable(value: Value) -> bool:
    """Whether YAML can hold a value: not a number of more than 64 bits, nor half a character."""
    if value is None or isinstance(value, bool) or (isinstance(value, str) and value.isascii() and value.isprintable()):
        return True
    try:
        text_of(value if isinstance(value, (dict, list)) else [value], "yaml")
    except Failed:
        return False
    return True


def _texts(shape: Shape) -> Iterator[Value]:
    least = max(shape.all("minLength"), default=0)
    for text in _bare_texts(shape):
        yield text.ljust(least, "x") if text else text
    yield "x" * max(least, 1)


def _bare_texts(shape: Shape) -> Iterator[str]:
    patterns = shape.all("pattern")
    for name in shape.all("format"):
        yield from _FORMATS.get(name, ())
    yield from (text for text in _READABLE if all(_matches(pattern, text) for pattern in patterns))
    for pattern in patterns:
        text = sample(pattern)
        if text is not None:
            if not pattern.endswith("$"):
                yield f"{text}{_READABLE[0]}"
            yield from (text, *(f"{text}1{unit}" for unit in _UNITS))


def _matches(pattern: str, text: str) -> bool:
    try:
        return regex.search(pattern, text)
    except regex.PatternError:  # a finding of its own, wherever the schema is used
        return False


def _numbers(shape: Shape) -> Iterator[Value]:
    if "port" in shape.all("format"):
        yield _PORT
    step = shape.get("multipleOf", 1)
    lowest = [*shape.all("minimum"), *(bound + step for bound in shape.all("exclusiveMinimum"))]
    highest = [*shape.all("maximum"), *(bound - step for bound in shape.all("exclusiveMaximum"))]
    if lowest:
        yield _multiple(max(lowest), step)
        yield max(lowest)
    yield from (value for value in (1, step, 0) if not lowest or value >= max(lowest))
    if highest:
        yield min(highest)
        yield _multiple(min(highest) - step, step)
    yield from ((low + high) / 2 for low in shape.all("exclusiveMinimum") for high in shape.all("exclusiveMaximum"))


def _multiple(bound: Any, step: Any) -> Any:
    """The first multiple of a step that is not below a bound."""
    return -(-bound // step) * step


_OF_TYPE: Mapping[str, Any] = MappingProxyType(
    {
        "string": _texts,
        "integer": lambda shape: (int(value) for value in _numbers(shape) if float(value).is_integer()),
        "number": _numbers,
        "boolean": lambda _: iter((False, True)),
        "null": lambda _: iter((None,)),
        "array": lambda _: iter(([],)),
        "object": lambda _: iter(({},)),
    }
)
