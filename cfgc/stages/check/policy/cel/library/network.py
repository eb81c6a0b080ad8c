"""The IP and CIDR libraries of Kubernetes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, NamedTuple

from cfgc.stages.check.policy.cel.library.function import Function
from cfgc.stages.check.policy.cel.values import CelError

if TYPE_CHECKING:
    from ipaddress import IPv4Address, IPv4Interface, IPv6Address, IPv6Interface


class Ip(NamedTuple):
    """An IPv4 or IPv6 address without a zone."""

    address: IPv4Address | IPv6Address

    @property
    def type_name(self) -> str:
        """Its name in CEL."""
        return "net.IP"


class Cidr(NamedTuple):
    """An address and the length of its prefix; host bits may be set."""

    interface: IPv4Interface | IPv6Interface

    @property
    def type_name(self) -> str:
        """Its name in CEL."""
        return "net.CIDR"


def _parse_ip(text: str) -> Ip | None:
    import ipaddress

    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    if "%" in text or getattr(address, "ipv4_mapped", None):
        return None
    return Ip(address)


def _parse_cidr(text: str) -> Cidr | None:
    import ipaddress

    address, _, length = text.partition("/")
    if _parse_ip(address) is None or not length.isascii() or not length.isdigit() or length != str(int(length[:4])):
        return None
    try:
        return Cidr(ipaddress.ip_interface(text))
    except ValueError:
        return None


def _ip(text: str) -> Ip:
    found = _parse_ip(text)
    if found is None:
        raise CelError("the string is no IP address")
    return found


def _cidr(text: str) -> Cidr:
    found = _parse_cidr(text)
    if found is None:
        raise CelError("the string is no CIDR")
    return found


def _contains_ip(outer: Cidr, inner: Ip) -> bool:
    return inner.address in outer.interface.network


def _contains_cidr(outer: Cidr, inner: Cidr) -> bool:
    wide, narrow = outer.interface.network, inner.interface.network
    same = wide.version == narrow.version
    return same and wide.prefixlen <= narrow.prefixlen and narrow.network_address in wide


def _masked(cidr: Cidr) -> Cidr:
    import ipaddress

    return Cidr(ipaddress.ip_interface(str(cidr.interface.network)))


def _is_global(ip: Ip) -> bool:
    address = ip.address
    special = (address.is_unspecified, address.is_loopback, address.is_multicast, address.is_link_local)
    return not any(special) and str(address) != "255.255.255.255"


def _is_link_local_multicast(ip: Ip) -> bool:
    text = ip.address.exploded
    return text.startswith("224.0.0.") or (text.startswith("ff") and text[3] == "2")


def _asked(name: str, ask: Callable[[Ip], bool]) -> Function:
    return Function(name, {(Ip,): ask}, style="member")


FUNCTIONS: Final = (
    Function("isIP", {(str,): lambda text: _parse_ip(text) is not None}),
    Function("ip", {(str,): _ip}),
    Function("ip", {(Cidr,): lambda cidr: Ip(cidr.interface.ip)}, style="member"),
    Function("ip.isCanonical", {(str,): lambda text: str(_ip(text).address) == text}),
    Function("family", {(Ip,): lambda ip: ip.address.version}, style="member"),
    _asked("isUnspecified", lambda ip: ip.address.is_unspecified),
    _asked("isLoopback", lambda ip: ip.address.is_loopback),
    _asked("isLinkLocalUnicast", lambda ip: ip.address.is_link_local),
    _asked("isLinkLocalMulticast", _is_link_local_multicast),
    _asked("isGlobalUnicast", _is_global),
    Function("isCIDR", {(str,): lambda text: _parse_cidr(text) is not None}),
    Function("cidr", {(str,): _cidr}),
    Function(
        "containsIP",
        {(Cidr, Ip): _contains_ip, (Cidr, str): lambda cidr, text: _contains_ip(cidr, _ip(text))},
        style="member",
    ),
    Function(
        "containsCIDR",
        {(Cidr, Cidr): _contains_cidr, (Cidr, str): lambda cidr, text: _contains_cidr(cidr, _cidr(text))},
        style="member",
    ),
    Function("masked", {(Cidr,): _masked}, style="member"),
    Function("prefixLength", {(Cidr,): lambda cidr: cidr.interface.network.prefixlen}, style="member"),
    Function("string", {(Ip,): lambda ip: str(ip.address), (Cidr,): lambda cidr: str(cidr.interface)}),
)
