"""What counts as made only of references (SPEC section 6, `x-cfgc-secret`)."""

from __future__ import annotations

import pytest

from cfgc.stages.resolve.template import only_references


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("${a.b}", True),
        ("${A}${b}", True),
        ("${A:-}", True),
        ("${A:-${b}}", True),
        ("${A:?it is needed}", True),
        ("${file:x}", True),
        ("plain", False),
        ("", False),
        ("x${a}", False),
        ("${a}:${b}", False),
        ("${A:-plain}", False),
        ("${A:-${b:-plain}}", False),
        ("$${a}", False),
        ("${a", False),
    ],
)
def test_only_references(text: str, expected: bool) -> None:
    assert only_references(text) is expected
