"""Keys that nobody can tell apart are a lint (SPEC section 3, THREATS Y12)."""

from __future__ import annotations

import pytest

from cfgc.stages.read.lookalikes import lookalikes


@pytest.mark.parametrize(
    "keys",
    [
        ("admin", "\u0430dmin"),
        ("é", "e\u0301"),
        ("file", "\ufb01le"),
        ("a-b", "a\u2011b"),
        ("A", "\u0391", "\u0410"),
        ("1", "\uff11"),
        ("\u0441\u0435\u043a", "cek"),
    ],
)  # fmt: skip
def test_y12_keys_that_look_alike_are_one_group(keys: tuple[str, ...]) -> None:
    assert lookalikes(["other", *keys, "ключи", "日本"]) == [keys]


@pytest.mark.parametrize(
    "keys", [("a", "A"), ("l1", "ll"), ("O", "0"), ("é", "è"), ("é", "e"), ("a", "a"), ("a b", "a_b")]
)
def test_keys_that_can_be_told_apart_are_not(keys: tuple[str, ...]) -> None:
    assert lookalikes(["ü", *keys]) == []
    assert lookalikes(keys) == []
