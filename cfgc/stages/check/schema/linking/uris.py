"""Addresses of schemas: how the text of a `$ref` becomes a file of `schemas/` and a place in it.

Every file has an address on a host that cannot exist (RFC 2606), so that `$id`, relative addresses and fragments
follow RFC 3986 while nothing can be fetched: an address is only ever looked up in a table.
"""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import quote, unquote, urldefrag, urljoin, urlsplit

from cfgc.model.keypath import KeyPath
from cfgc.stages.check.schema.linking.files import FOLDER

_HOST = "https://schemas.invalid/"


class Address(NamedTuple):
    """An absolute address without its fragment, and the fragment, decoded."""

    uri: str
    fragment: str


def of_file(path: str) -> str:
    """The address of a project file."""
    return _HOST + quote(path)


def join(base: str, text: str) -> Address | None:
    """The address that `text` means inside a schema of address `base`; none if it is malformed."""
    if text.startswith("#"):
        return Address(base, unquote(text[1:]))
    try:
        uri, fragment = urldefrag(urljoin(base, text))
    except ValueError:  # e.g. brackets that hold no IPv6 address
        return None
    return Address(uri, unquote(fragment))


def to_file(uri: str) -> str | None:
    """The project path that an address means, or none if it lies outside `schemas/`."""
    if not uri.startswith(_HOST):
        return None
    path = unquote(uri[len(_HOST) :])
    inside = path.startswith(FOLDER + "/") and not {"", ".", ".."} & set(path.split("/"))
    return path if inside else None


def is_relative(text: str) -> bool:
    """Whether a `$ref` is written relative to its own file: no scheme, no host, no root, no backslash."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return not (parts.scheme or parts.netloc or text.startswith("/") or "\\" in text)


def pointer(path: KeyPath) -> str:
    """The JSON pointer of a path, as it stands in the fragment of an address."""
    return "".join("/" + quote(str(step).replace("~", "~0").replace("/", "~1")) for step in path)


def tokens(fragment: str) -> list[str]:
    """The steps of a JSON pointer that is not empty."""
    return [token.replace("~1", "/").replace("~0", "~") for token in fragment[1:].split("/")]
