"""A SOPS file -> lines that anybody may see: every key, no secret, and a mark that changes with its ciphertext."""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256

from cfgc.external.regex import PatternError
from cfgc.model.keypath import KeyPath, show
from cfgc.model.layers import Document
from cfgc.model.text import inline
from cfgc.model.values import MASK, Marked, Value
from cfgc.stages.secrets.block import BLOCK
from cfgc.stages.secrets.metadata import Metadata, block_of, content, parse_block, without_block
from cfgc.stages.secrets.token import parse_token

_MARK = 8
_CHANGES_ALWAYS = frozenset(("lastmodified", "mac", "enc", "created_at"))
"""names of a `sops` block that tell a reader nothing"""


def outline(document: Document) -> str:
    """One line a leaf, by key path: an encrypted value is the mask and a mark, its settings and recipients follow.

    The mark is a digest of the ciphertext, so it tells nothing of the secret. Of a file that is not encrypted, and of
    a value that sops would encrypt and that is not, the mask alone is shown.
    """
    block = block_of(document)
    if block is None:
        rows = [_row(path, MASK) for path, _ in _leaves(content(document), ())]
        return "".join(f"{row}\n" for row in ["# not encrypted: its values are not shown", *rows])
    metadata = parse_block(block, document)
    rows = [_row(path, _shown(value, path, metadata)) for path, value in _leaves(without_block(document), ())]
    settings = [_row((BLOCK, *path), _text(value)) for path, value in _leaves(block, ()) if _tells(path)]
    return "".join(f"{row}\n" for row in [*rows, *settings])


def _row(path: KeyPath, text: str) -> str:
    return inline(f"{show(path)}: {text}")


def _leaves(node: Value, path: KeyPath) -> Iterator[tuple[KeyPath, Value]]:
    if isinstance(node, Marked):
        node = node.value
    if isinstance(node, dict) and node:
        for key, item in node.items():
            yield from _leaves(item, (*path, key))
    elif isinstance(node, list) and node:
        for index, item in enumerate(node):
            yield from _leaves(item, (*path, index))
    else:
        yield path, node


def _shown(value: Value, path: KeyPath, metadata: Metadata) -> str:
    if isinstance(value, str) and parse_token(value) is not None:
        return f"{MASK} {sha256(value.encode()).hexdigest()[:_MARK]}"
    return _text(value) if value in (None, "", {}, []) or _is_public(path, metadata) else f"{MASK} (not encrypted)"


def _is_public(path: KeyPath, metadata: Metadata) -> bool:
    """Whether sops leaves the value at a path as it is; not where that cannot be told."""
    try:
        return metadata.selection.known and not metadata.selection.encrypts(path)
    except PatternError:
        return False


def _tells(path: KeyPath) -> bool:
    return not _CHANGES_ALWAYS.intersection(step for step in path if isinstance(step, str))


def _text(value: Value) -> str:
    return json.dumps(value, ensure_ascii=False)
