"""Formats: every one of 2020-12, as jsonschema-rs asserts them, and six of our own (SPEC section 7).

Both engines ask the same functions, so a format cannot mean two things.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from cfgc.external import regex
from cfgc.stages.check.schema.formats.cron import is_cron

STANDARD = (
    "date-time", "date", "time", "duration", "email", "idn-email", "hostname", "idn-hostname", "ipv4", "ipv6", "uri",
    "uri-reference", "iri", "iri-reference", "uuid", "uri-template", "json-pointer", "relative-json-pointer", "regex",
)  # fmt: skip

_NANOSECONDS = {
    "ns": 1, "us": 10**3, "\N{MICRO SIGN}s": 10**3, "\N{GREEK SMALL LETTER MU}s": 10**3,
    "ms": 10**6, "s": 10**9, "m": 60 * 10**9, "h": 3600 * 10**9,
}  # fmt: skip
_DAYS = {**_NANOSECONDS, "d": 24 * 3600 * 10**9, "w": 7 * 24 * 3600 * 10**9}
_PART = r"([0-9]*)(?:\.([0-9]*))?([^0-9.]+)"
_LIMIT = 2**63


def is_go_duration(text: str) -> bool:
    """What Go's `time.ParseDuration` takes: `1h30m`, `-1.5s`, `0`, up to 2^63 nanoseconds."""
    return _is_duration(text, _NANOSECONDS)


def is_duration_days(text: str) -> bool:
    """A Go duration that may be written with days (24 h) and weeks besides: `30d`, `1w2d`."""
    return _is_duration(text, _DAYS)


def _is_duration(text: str, units: Mapping[str, int]) -> bool:
    negative, body = text[:1] == "-", text[1:] if text[:1] in ("-", "+") else text
    if body == "0":
        return True
    pattern = re.compile(_PART)
    total, at = 0, 0
    while at < len(body) or not body:
        part = pattern.match(body, at)
        if part is None or part[3] not in units or not (part[1] or part[2]):
            return False
        total += _nanoseconds(part[1], part[2] or "", units[part[3]])
        at = part.end()
        if total > _LIMIT:
            return False
    return total < _LIMIT or negative


def _nanoseconds(whole: str, fraction: str, unit: int) -> int:
    """Nanoseconds of one number with its unit; a fraction of a nanosecond is dropped, as Go does."""
    if len(whole) > 40:  # far beyond any limit, and int() of a very long text is slow
        return _LIMIT + 1 if whole.strip("0") else 0
    digits = fraction[:40]
    return int(whole or "0") * unit + int(digits or "0") * unit // int(10 ** len(digits))


_SIZE = r"([0-9]{1,40})(?:\.([0-9]{1,40}))?(?:([kKMGTPE]|[KMGTPE]i)?B?)"
_POWERS = "KMGTPE"


def is_byte_size(text: str) -> bool:
    """A whole number of bytes, with a decimal (`10G`, `500kB`) or binary unit (`512Mi`, `1.5GiB`) or none."""
    from fractions import Fraction

    found = re.fullmatch(_SIZE, text)
    if found is None:
        return False
    unit = (found[3] or "").upper()
    power = _POWERS.index(unit[0]) + 1 if unit else 0
    scale: int = (1024 if unit.endswith("I") else 1000) ** power
    size = Fraction(f"{found[1]}.{found[2] or 0}") * scale
    return size.denominator == 1


_PORT = re.compile(r"[1-9][0-9]{0,4}")


def is_port(value: str | float) -> bool:
    """A TCP or UDP port, 1 to 65535, as an integer or as its digits without leading zeros."""
    if isinstance(value, str):
        return _PORT.fullmatch(value) is not None and int(value) <= 65535
    return 1 <= value <= 65535 and float(value).is_integer()


_NUMBER = r"(?:0|[1-9][0-9]*)"
_PRERELEASE = r"(?:0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*)"
_SEMVER = (
    rf"{_NUMBER}\.{_NUMBER}\.{_NUMBER}"
    rf"(?:-{_PRERELEASE}(?:\.{_PRERELEASE})*)?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?"
)


def is_semver(text: str) -> bool:
    """A version as semver.org 2.0.0 writes it: `1.2.3-rc.1+build`."""
    return re.fullmatch(_SEMVER, text) is not None


OWN: Mapping[str, Callable[[str], bool]] = MappingProxyType(
    {
        "go-duration": is_go_duration,
        "duration-days": is_duration_days,
        "byte-size": is_byte_size,
        "port": is_port,
        "cron": is_cron,
        "semver": is_semver,
    }
)

KNOWN = (*STANDARD, *OWN)

EXAMPLES: Mapping[str, str] = MappingProxyType(
    {
        "go-duration": "a duration as Go parses it, such as `1m30s`",
        "duration-days": "a duration such as `30d`, `1w` or `12h`",
        "byte-size": "a size in bytes such as `512Mi` or `10GB`",
        "port": "a port from 1 to 65535",
        "cron": "a cron expression of five fields such as `*/15 2 * * MON-FRI`",
        "semver": "a semantic version such as `1.2.3`",
        "date-time": "a date and time such as `2026-01-31T12:00:00Z`",
        "date": "a date such as `2026-01-31`",
        "time": "a time such as `12:00:00Z`",
        "duration": "an ISO 8601 duration such as `P1DT12H`",
        "email": "an e-mail address",
        "hostname": "a host name",
        "ipv4": "an IPv4 address",
        "ipv6": "an IPv6 address",
        "uri": "an address with a scheme, such as `https://example.com/`",
        "uuid": "a UUID",
        "regex": "a regular expression",
    }
)
"""What a value of the format is, for messages; the others are called by their names."""


def satisfies(format: str, value: Any) -> bool:
    """Whether a text (for `port` also a number) has the format; other values have every format."""
    if isinstance(value, str):
        own = OWN.get(format)
        return own(value) if own else bool(_standard(format).is_valid(regex.encodable(value)))
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return is_port(value) if is_number and format == "port" else True


@cache
def _standard(format: str) -> Any:
    from jsonschema_rs import Draft202012Validator

    return Draft202012Validator(
        {"format": format},
        validate_formats=True,
        ignore_unknown_formats=False,
        pattern_options=regex.options(),
        offline=True,
    )
