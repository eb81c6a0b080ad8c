"""The URL library of Kubernetes: `isURL`, `url`, `getScheme`, ... An URL is absolute, or an absolute path."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from cfgc.stages.check.policy.cel.library.function import Function, length
from cfgc.stages.check.policy.cel.values import CelError

_SCHEME: Final = r"(?s)([A-Za-z][A-Za-z0-9+.\-]*):(.*)"
_HOST: Final = r"(\[[0-9A-Fa-f:.]+(?:%25[^\]]+)?\]|[^\s<>\"{}|\\^`\[\]/?#@:]*)(?::([0-9]*))?"
_CONTROL: Final = r"[\x00-\x1f\x7f]"
_BAD_ESCAPE: Final = r"%(?![0-9A-Fa-f]{2})"


class Url(NamedTuple):
    """The parts of an URL; `host` with its port as written."""

    scheme: str
    host: str
    hostname: str
    port: str
    path: str
    query: str

    @property
    def type_name(self) -> str:
        """Its name in CEL."""
        return "kubernetes.URL"


def _parse(text: str) -> Url | None:
    if not text or re.search(_CONTROL, text):
        return None
    found = re.fullmatch(_SCHEME, text)
    scheme, rest = (found[1].lower(), found[2]) if found else ("", text)
    rest, _, query = rest.partition("?")
    if not rest.startswith("/"):
        return Url(scheme, "", "", "", "", query) if scheme else None
    authority = ""
    if scheme and rest.startswith("//"):
        authority, slash, rest = rest[2:].partition("/")
        rest = slash + rest
    host = authority.rpartition("@")[2]
    parts = re.fullmatch(_HOST, host)
    if parts is None or re.search(_BAD_ESCAPE, rest):
        return None
    return Url(scheme, host, parts[1].strip("[]"), parts[2] or "", rest, query)


def _url(text: str) -> Url:
    parsed = _parse(text)
    if parsed is None:
        raise CelError("the string is no absolute URL")
    return parsed


def _escaped(url: Url) -> str:
    from urllib.parse import quote

    return quote(url.path, safe="/%$&+,:;=@!*'()~-._")


def _query(url: Url) -> dict[str, list[str]]:
    from urllib.parse import parse_qs

    return parse_qs(url.query, keep_blank_values=True)


FUNCTIONS: Final = (
    Function("isURL", {(str,): lambda text: _parse(text) is not None}, cost=length),
    Function("url", {(str,): _url}, cost=length),
    Function("getScheme", {(Url,): lambda url: url.scheme}, style="member"),
    Function("getHost", {(Url,): lambda url: url.host}, style="member"),
    Function("getHostname", {(Url,): lambda url: url.hostname}, style="member"),
    Function("getPort", {(Url,): lambda url: url.port}, style="member"),
    Function("getEscapedPath", {(Url,): _escaped}, style="member", cost=lambda url: length(url.path)),
    Function("getQuery", {(Url,): _query}, style="member", cost=lambda url: len(url.query)),
)
