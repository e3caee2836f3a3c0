"""How the tester is served: what it may call, and whom it answers."""

from __future__ import annotations

import ipaddress

from msgspec import Struct

from corsmith.live.dial import Dialer, Dials
from corsmith.live.public import PublicDialer

LOOPBACK_NAMES = frozenset(("localhost", "127.0.0.1", "[::1]", "::1"))


class Serving(Struct, frozen=True):
    """The operator's choices.

    `allow_private`: servers on this machine and in private networks are called too, on every port; for one's own
    machine only. `send`: calls that may have effects are made too. `trusted_proxies`: how many proxies in front may be
    believed about the visitor's address. `timeout`: seconds that a whole question may take.
    """

    allow_private: bool = False
    send: bool = False
    trusted_proxies: int = 0
    timeout: float = 20.0
    dialer: Dials | None = None

    @property
    def dials(self) -> Dials:
        """What connects to the servers that are asked about."""
        return self.dialer or (Dialer() if self.allow_private else PublicDialer())


def is_loopback(host: str) -> bool:
    """Say whether to listen on `host` is to listen on this machine only."""
    if host.lower() in LOOPBACK_NAMES:
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def visitor(peer: str, forwarded: str, trusted: int) -> str:
    """Return the visitor's address: the peer's, or what the outermost trusted proxy says of it.

    `forwarded` is the X-Forwarded-For header; each proxy adds the address it saw at the end, and what stands before
    the trusted ones' entries is the visitor's own invention. An IPv6 visitor counts as its /64.
    """
    entries = [entry.strip() for entry in forwarded.split(",") if entry.strip()]
    seen = entries[-trusted] if 0 < trusted <= len(entries) else peer
    try:
        address = ipaddress.ip_address(seen)
    except ValueError:
        return peer
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)
