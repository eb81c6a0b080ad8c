"""Data and some bytes as one compressed text: what waits in memory, and what travels. JSON and bytes, no pickle."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

_LENGTH = 8
_FAST = 1
"""Level of compression: the next ones take twice the time for a tenth less."""


def wrap(label: Any, contents: Iterable[bytes] = ()) -> bytes:
    """JSON-able data and contents, one after the other: the label has to tell their lengths."""
    import zlib

    head = json.dumps(label).encode()
    return zlib.compress(b"".join((len(head).to_bytes(_LENGTH, "big"), head, *contents)), _FAST)


def unwrap(parcel: bytes) -> tuple[Any, memoryview]:
    """The label and all contents of a parcel; raises `ValueError` for what is none."""
    import zlib

    try:
        content = memoryview(zlib.decompress(parcel))
    except zlib.error as error:
        raise ValueError("no parcel") from error
    start = _LENGTH + int.from_bytes(content[:_LENGTH], "big")
    return json.loads(bytes(content[_LENGTH:start])), content[start:]
