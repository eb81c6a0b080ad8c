"""SOPS files as Git's drivers see them: an outline for `git diff`, a merge by key for `git merge`.

sops signs a file as a whole (its MAC), so sops itself must make what is merged by key, and that needs a key. Without
one there is no merge: a file that sops would refuse is never left behind without conflict markers in it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from cfgc.diagnostics import Diagnostic
from cfgc.external.git.text_merge import Sides
from cfgc.external.hardening import harden
from cfgc.external.sops import Services, Sops, SopsError, Step, find_sops
from cfgc.model.keypath import show
from cfgc.model.layers import Document, Format, LayerFile
from cfgc.model.values import Tree, Value
from cfgc.stages.read import read_text
from cfgc.stages.secrets.metadata import block_of, parse_block, without_block
from cfgc.stages.secrets.outline import outline
from cfgc.stages.secrets.recipients import LOCAL_KINDS
from cfgc.stages.secrets.three_way import three_way

_FORMATS: dict[str, Format] = {".json": "json", ".env": "dotenv"}
_OF_EACH_SAVING = frozenset(("lastmodified", "mac", "version"))
_COMMENT = re.compile(rb"^\s*#.*$", re.MULTILINE)
_REASONS = {
    "not-found": "`sops` is not installed",
    "too-old": "`sops` is too old",
    "no-key": "`sops` found no key to sign the merged file with",
    "mac-mismatch": "the signature (MAC) of one side does not fit its values",
    "tampered": "a value of one side was changed without `sops`",
}


class CannotMerge(Exception):
    """Why a file was not merged, in words that hold no secret."""


def outlined(raw: bytes, name: str) -> bytes:
    """What `git diff` compares for a SOPS file; a file of another name is given as it is."""
    if ".sops" not in PurePosixPath(name).suffixes:
        return raw
    document, found = _document(raw, name)
    if document is None:
        return "".join(f"# cannot be read: {each.message}\n" for each in found).encode()
    return outline(document).encode()


def merge_sops(sides: Sides, name: str, root: Path) -> bytes:
    """The merged file, edited and signed by the sops outside of `root`; raises `CannotMerge` and `Failed`.

    Our file gets the values that they changed; all other ciphertext stays as it is. The proof: sops decrypts the
    result, which is what the three decrypted sides give when they are merged by key.
    """
    base, ours, theirs = (_readable(raw, name, side) for raw, side in zip(sides, Sides._fields, strict=True))
    _check_blocks(ours, theirs)
    _, conflicts = three_way(*map(without_block, (base, ours, theirs)))
    if conflicts:
        keys = ", ".join(f"`{show(path)}`" for path in conflicts)
        raise CannotMerge(f"both sides changed {keys}")
    if _COMMENT.findall(sides.base) != _COMMENT.findall(sides.theirs):
        raise CannotMerge("theirs changed a comment, which has no key")
    harden()
    try:
        sops = find_sops(root)
        opened = [_opened(sops, raw, ours.file.format) for raw in sides]
        wanted, _ = three_way(*opened)
        edited = sops.edit(sides.ours, ours.file.format, list(_steps(opened[1], wanted, "")))
        if _equal(_opened(sops, edited, ours.file.format), wanted):
            return edited
    except SopsError as error:
        raise CannotMerge(_REASONS.get(error.reason, "`sops` failed")) from None
    raise CannotMerge("`sops` does not write all of what was merged")


def _steps(ours: Value, wanted: Value, index: str) -> Iterator[Step]:
    """What makes the wanted data of ours: a list is one value."""
    if not isinstance(ours, dict) or not isinstance(wanted, dict):
        if not _equal(ours, wanted):
            yield Step(index, json.dumps(wanted).encode())
        return
    for key in {**ours, **wanted}:
        below = f"{index}[{json.dumps(key)}]"
        if key not in wanted:
            yield Step(below, None)
        elif key not in ours:
            yield Step(below, json.dumps(wanted[key]).encode())
        else:
            yield from _steps(ours[key], wanted[key], below)


def _document(raw: bytes, name: str) -> tuple[Document | None, list[Diagnostic]]:
    kind = _FORMATS.get(PurePosixPath(name).suffix, "yaml")
    data, found = read_text(raw, name, kind, secret=True)
    if any(each.is_error for each in found):
        return None, found
    file = LayerFile(name, "", (), kind, sops=True)
    return Document(file, data if isinstance(data, dict) else {}), []


def _readable(raw: bytes, name: str, side: str) -> Document:
    document, _ = _document(raw, name)
    if document is None or block_of(document) is None:
        raise CannotMerge({"base": "there is no common ancestor that is"}.get(side, f"{side} is not") + " a SOPS file")
    try:
        json.dumps(document.data)
    except TypeError:
        raise CannotMerge(f"{side} holds a merge marker, which sops drops") from None
    return document


def _check_blocks(ours: Document, theirs: Document) -> None:
    """Ciphertext of both sides fits into one file only under one data key; sops may ask no server for it here."""
    metadata = parse_block(block_of(ours) or {}, ours)
    if metadata.problems or any(recipient.kind not in LOCAL_KINDS for recipient in metadata.recipients):
        raise CannotMerge("its `sops` block names more than age and PGP keys")
    if not _equal(_lasting(ours), _lasting(theirs)):
        raise CannotMerge("the sides differ in recipients, settings or data key")


def _lasting(document: Document) -> Tree:
    return {key: value for key, value in (block_of(document) or {}).items() if key not in _OF_EACH_SAVING}


def _opened(sops: Sops, raw: bytes, format: Format) -> Value:
    return json.loads(sops.decrypt(raw, format, Services()))


def _equal(one: Value, other: Value) -> bool:
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
