"""Which addresses belong to the public internet, and which ports a tester that strangers use may call.

Source: IANA, "IPv4 Special-Purpose Address Registry" and "IPv6 Special-Purpose Address Registry". The table is our own,
because what `ipaddress` calls global changed between releases of Python.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from msgspec import Struct

from corsmith.browser.url import Url

from .connection import Connection
from .dial import Dialer, Dials, Unreachable

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_SPECIAL_4 = tuple(
    map(
        ipaddress.IPv4Network,
        (
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.31.196.0/24",
            "192.52.193.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "192.175.48.0/24",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/3",
        ),
    )
)
_UNICAST_6 = ipaddress.IPv6Network("2000::/3")
_SPECIAL_6 = tuple(
    map(
        ipaddress.IPv6Network,
        ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20"),
    )
)
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_PORTS = {"http": 80, "https": 443}
WEB_PORTS = frozenset((80, 443))
"""The ports of AWS's front doors."""


def is_public(address: str) -> bool:
    """Say whether an IP address is one of the public internet. What is no address is not.

    An IPv6 address that stands for an IPv4 one (mapped, or translated by NAT64) is what that one is; 6to4 and Teredo,
    which may lead anywhere, are refused.
    """
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    return all(_plain(each) for each in _meant(parsed))


def _meant(address: _Address) -> Iterator[_Address]:
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            yield address.ipv4_mapped
            return
        if address in _NAT64:
            yield ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
            return
    yield address


def _plain(address: _Address) -> bool:
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in network for network in _SPECIAL_4)
    return address in _UNICAST_6 and not any(address in network for network in _SPECIAL_6)


class PublicDialer(Struct, frozen=True):
    """Connects to public addresses and to `ports` only: each hop of a redirect comes by here."""

    ports: frozenset[int] = WEB_PORTS
    dialer: Dials = Dialer(permits=is_public)

    async def connect(self, url: Url) -> Connection:
        """Open a connection to the server of `url`. Raises `Unreachable`."""
        port = url.port or _PORTS[url.scheme]
        if port not in self.ports:
            allowed = " and ".join(str(each) for each in sorted(self.ports))
            raise Unreachable(f"This tester calls the ports {allowed} only, not {port}.")
        return await self.dialer.connect(url)
