"""Files merged as one environment."""

from __future__ import annotations

from typing import Any

import pytest

from tests.merge.texts import merge_texts


@pytest.fixture(scope="session")
def merged() -> Any:
    """`merged({"base.yaml": "a: 1", "prod/web.yaml": "..."})`: the files merged as one environment."""
    return merge_texts
