"""Timestamps and durations: reading, printing, and their parts."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, timedelta, timezone, tzinfo
from datetime import datetime as moment
from typing import Final

from cfgc.stages.check.policy.cel.library.function import Function, length
from cfgc.stages.check.policy.cel.library.operators import duration, timestamp
from cfgc.stages.check.policy.cel.values import CelError, Duration, Timestamp

SECOND: Final = 10**9
_EPOCH: Final = date(1970, 1, 1).toordinal()
_TIMESTAMP: Final = (
    r"(?a)(\d{4})-(\d\d)-(\d\d)[Tt]([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.(\d{1,9}))?"
    r"(?:[Zz]|([+-])([01]\d|2[0-3]):([0-5]\d))"
)
_UNITS: Final = {
    "h": 3600 * SECOND,
    "m": 60 * SECOND,
    "s": SECOND,
    "ms": 10**6,
    "us": 10**3,
    "µs": 10**3,
    "μs": 10**3,
    "ns": 1,
}
_PART: Final = r"(?a)(\d*)(?:\.(\d*))?(h|ms|m|s|us|µs|μs|ns)"
_OFFSET: Final = r"(?a)([+-]?)(\d{1,2}):([0-5]\d)"


def _timestamp(text: str) -> Timestamp:
    found = re.fullmatch(_TIMESTAMP, text)
    if found is None:
        raise CelError("the string is no timestamp (RFC 3339)")
    year, month, day, hour, minute, second, fraction, sign, off_hours, off_minutes = found.groups()
    try:
        days = date(int(year), int(month), int(day)).toordinal() - _EPOCH
    except ValueError:
        raise CelError("the string is no timestamp (RFC 3339)") from None
    offset = (int(off_hours) * 60 + int(off_minutes)) * (-60 if sign == "-" else 60) if sign else 0
    seconds = days * 86400 + int(hour) * 3600 + int(minute) * 60 + int(second) - offset
    return timestamp(seconds * SECOND + int((fraction or "").ljust(9, "0")))


def _duration(text: str) -> Duration:
    body = text[1:] if text[:1] in ("+", "-") else text
    nanos, at = 0, 0
    parts = re.compile(_PART)
    while at < len(body) and (part := parts.match(body, at)) and (part[1] or part[2]):
        unit = _UNITS[part[3]]
        fraction = (part[2] or "")[:18]
        nanos += int((part[1] or "0")[:40]) * unit + int(fraction or "0") * unit // 10 ** len(fraction)
        at = part.end()
    if (at < len(body) or not body) and body != "0":
        raise CelError("the string is no duration: write `1h30m`, `10s`, `1.5ms`")
    return duration(-nanos if text[0] == "-" else nanos)


def show_timestamp(value: Timestamp) -> str:
    """RFC 3339 in UTC, with as many decimals as needed."""
    seconds, nanos = divmod(value.nanos, SECOND)
    whole = moment(1970, 1, 1) + timedelta(seconds=seconds)
    fraction = f".{nanos:09d}".rstrip("0") if nanos else ""
    return f"{whole.isoformat()}{fraction}Z"


def show_duration(value: Duration) -> str:
    """Decimal seconds: `5400s`, `1.5s`."""
    seconds, nanos = divmod(abs(value.nanos), SECOND)
    fraction = f".{nanos:09d}".rstrip("0") if nanos else ""
    return f"{'-' if value.nanos < 0 else ''}{seconds}{fraction}s"


def _zone(name: str) -> tzinfo:
    if not name:
        return UTC
    if fixed := re.fullmatch(_OFFSET, name):
        minutes = int(fixed[2]) * 60 + int(fixed[3])
        if minutes < 24 * 60:
            return timezone(timedelta(minutes=-minutes if fixed[1] == "-" else minutes))
        raise CelError("unknown time zone")
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (ValueError, KeyError, OSError):  # no such name, no name at all, a folder of the database
        raise CelError("unknown time zone") from None


def _local(value: Timestamp, zone: str) -> moment:
    utc = moment(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=value.nanos // SECOND)
    try:
        return utc.astimezone(_zone(zone))
    except OverflowError:
        raise CelError("timestamp out of range") from None


def _part(name: str, read: Callable[[moment], int], length: int | None = None) -> Function:
    """An accessor of timestamps, with or without a zone; of durations too, `length` being the unit in nanoseconds."""
    overloads: dict[tuple[type, ...], Callable[..., int]] = {
        (Timestamp,): lambda value: read(_local(value, "")),
        (Timestamp, str): lambda value, zone: read(_local(value, zone)),
    }
    if length is not None:
        overloads[(Duration,)] = lambda value: int(abs(value.nanos) // length) * (-1 if value.nanos < 0 else 1)
    return Function(name, overloads, style="member")


def _milliseconds(value: Timestamp | Duration) -> int:
    if type(value) is Duration and value.nanos < 0:
        return -((-value.nanos) % SECOND // 10**6)
    return value.nanos % SECOND // 10**6


FUNCTIONS: Final = (
    Function(
        "timestamp",
        {(str,): _timestamp, (int,): lambda value: timestamp(value * SECOND), (Timestamp,): lambda value: value},
        cost=length,
    ),
    Function("duration", {(str,): _duration, (Duration,): lambda value: value}, cost=length),
    _part("getFullYear", lambda local: local.year),
    _part("getMonth", lambda local: local.month - 1),
    _part("getDate", lambda local: local.day),
    _part("getDayOfMonth", lambda local: local.day - 1),
    _part("getDayOfWeek", lambda local: local.isoweekday() % 7),
    _part("getDayOfYear", lambda local: local.timetuple().tm_yday - 1),
    _part("getHours", lambda local: local.hour, 3600 * SECOND),
    _part("getMinutes", lambda local: local.minute, 60 * SECOND),
    _part("getSeconds", lambda local: local.second, SECOND),
    Function(
        "getMilliseconds",
        {
            (Timestamp,): _milliseconds,
            (Timestamp, str): lambda value, zone: _local(value, zone) and _milliseconds(value),
            (Duration,): _milliseconds,
        },
        style="member",
    ),
)
