"""Formats are asserted, every known one, by both engines alike (SPEC section 7, THREATS S11)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cfgc.stages.check.schema.engines import fast
from cfgc.stages.check.schema.formats import formats
from tests.schema.desk import lines, opened, root, said
from tests.schema.test_engines import verdicts

OWN: dict[str, tuple[list[Any], list[Any]]] = {
    "go-duration": (
        [
            "0",
            "+0",
            "-0",
            "30s",
            "1h30m",
            "-1.5h",
            ".5s",
            "1.s",
            "1us",
            "1µs",
            "1μs",
            "2562047h47m16.854775807s",
            "-9223372036854775808ns",
            "0.0000000000000000001s",
            "00s",
            "1h1h",
        ],
        [
            "",
            "30",
            "s",
            ".s",
            "1d",
            "1 s",
            " 1s",
            "1s\n",
            "1e3s",
            "--1s",
            "1h-1m",
            "2562047h47m16.854775808s",
            "9223372036854775808ns",
            "1S",
            "0x1s",
            "\N{ARABIC-INDIC DIGIT ONE}s",
            "9" * 100 + "ns",
            "1.2.3s",
        ],
    ),
    "duration-days": (["30d", "1w", "1w2d3h", "1.5d", "30s", "0"], ["30", "d", "1y", "1mo", "30 d", "106752d", "1D"]),
    "byte-size": (
        ["0", "512", "512Mi", "1.5Gi", "10GB", "10GiB", "1k", "1kB", "1KB", "7B", "0.5Ki", "2Ei"],
        ["", "Mi", "-1", "1.5", "0.3Ki", "512m", "512mi", "1ki", "1 Gi", "1e3", "1.", "10Gb", "1KiBB", "9" * 41],
    ),
    "port": (["1", "80", "65535", 1, 80, 80.0, 65535], ["0", "080", "65536", "+80", "80 ", "http", 0, -1, 65536, 80.5]),
    "cron": (
        ["* * * * *", "*/15 2 * * MON-FRI", "0,30 0-23/2 1 jan,jul 0", "59 23 31 12 7", "0\t0 1 1 *", "5 4 * * sun"],
        [
            "* * * *",
            "* * * * * *",
            "60 * * * *",
            "* 24 * * *",
            "* * 0 * *",
            "* * * 13 *",
            "* * * * 8",
            "@daily",
            "1/5 * * * *",
            "*/0 * * * *",
            "5-1 * * * *",
            "* * * * MON,",
            "0 0 ? * *",
            "0 0 L * *",
            " * * * * *",
            "* * foo * *",
            "* * * MON *",
        ],
    ),
    "semver": (
        ["1.2.3", "0.0.0", "1.0.0-rc.1", "1.0.0-0a.x-y+b.01", "1.0.0+001"],
        ["1.2", "v1.2.3", "01.2.3", "1.2.3-", "1.2.3-01", "1.2.3+", "1.2.3-a..b", "1.2.3 ", "1.2.3\n"],
    ),
}
STANDARD: dict[str, tuple[str, str]] = {
    "date-time": ("2026-01-31T12:00:00Z", "2026-02-30T12:00:00Z"),
    "date": ("2026-01-31", "2026-02-30"),
    "time": ("12:00:00Z", "25:00:00Z"),
    "duration": ("P1DT12H", "1d"),
    "email": ("ann@example.com", "ann"),
    "idn-email": ("ann@ex\N{LATIN SMALL LETTER A WITH DIAERESIS}mple.com", "ann"),
    "hostname": ("example.com", "exa_mple"),
    "idn-hostname": ("ex\N{LATIN SMALL LETTER A WITH DIAERESIS}mple.com", "-a"),
    "ipv4": ("10.0.0.1", "10.0.0.256"),
    "ipv6": ("::1", "::g"),
    "uri": ("https://example.com/", "/path"),
    "uri-reference": ("/path", "\\path"),
    "iri": ("https://ex\N{LATIN SMALL LETTER A WITH DIAERESIS}mple.com/", "/path"),
    "iri-reference": ("/p", "\\p"),
    "uuid": ("123e4567-e89b-12d3-a456-426614174000", "123e4567"),
    "uri-template": ("/a/{b}", "/a/{b"),
    "json-pointer": ("/a/b", "a"),
    "relative-json-pointer": ("1/a", "/a"),
    "regex": ("^a", "("),
}


@pytest.mark.parametrize("name", OWN)
def test_our_formats(name: str) -> None:
    good, bad = OWN[name]
    assert [value for value in good if not formats.satisfies(name, value)] == []
    assert [value for value in bad if formats.satisfies(name, value)] == []


@pytest.mark.parametrize("name", STANDARD)
def test_the_formats_of_2020_12(name: str) -> None:
    good, bad = STANDARD[name]
    assert (formats.satisfies(name, good), formats.satisfies(name, bad)) == (True, False)


def test_every_known_format_is_tested() -> None:
    assert {*OWN, *STANDARD} == set(formats.KNOWN)


@pytest.mark.parametrize("name", formats.KNOWN)
def test_both_engines_assert_every_format(name: str) -> None:
    good, bad = (OWN[name][0][0], OWN[name][1][-1]) if name in OWN else STANDARD[name]
    assert verdicts({"format": name}, good) == (True, True)
    assert verdicts({"format": name}, bad) == (False, False)
    others: list[Any] = [None, True, [], {}]
    for other in others:
        assert verdicts({"format": name}, other) == (True, True)


@given(
    st.sampled_from(sorted(OWN)),
    st.one_of(st.text("0123456789.-+hmsdwKMGiB*/, ", max_size=8), st.floats(), st.integers()),
)
def test_no_value_breaks_a_format(name: str, value: Any) -> None:
    assert formats.satisfies(name, value) in (True, False)


def test_s11_an_unknown_format_is_an_error() -> None:
    loaded, found = opened({"config.schema.json": {"properties": {"a": {"format": "go-duraton"}}}})
    assert lines(found) == ["error schema-format : `go-duraton` is a format that cfgc does not know"]
    assert found[0].help == "did you mean `go-duration`?"
    assert loaded.check({"a": "x"}, []) == []


def test_s11_a_format_that_the_engine_lacks_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """A build of the engine without a format stops the check, it does not skip it."""
    monkeypatch.setattr(fast, "OWN", {})
    [line] = said({"properties": {"a": {"format": "semver"}}}, {"a": "nonsense"})
    assert line.startswith("error schema-refused : the schema engine does not take `schemas/config.schema.json`")
    assert "semver" in line


def test_a_refused_schema_is_reported_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fast, "OWN", {})
    loaded = root({"properties": {"a": {"format": "semver"}}})
    assert [len(loaded.check({"a": "x"}, [])) for _ in range(2)] == [1, 0]
