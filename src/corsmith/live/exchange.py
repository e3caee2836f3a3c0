"""One exchange over real HTTP: what the browser asks for goes out, and an answer or a plain reason comes back."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from functools import lru_cache
from typing import Protocol

from msgspec import Struct

from corsmith.api.exchange import Headers, NetworkFailure, Response
from corsmith.browser import Ask
from corsmith.browser.url import Url, parse_url

from .public import is_public
from .sent import headers_sent
from .wire import request_bytes

WITHOUT_EFFECTS = frozenset(("GET", "HEAD", "OPTIONS"))
"""Methods that are sent without being told to."""

Guard = Callable[[str], str]
"""Is told the address of the server before anything is sent to it, and returns it where it must not be called, else ""."""

_METADATA = ("fd00:ec2::254",)
"""EC2's metadata service over IPv6."""
_public = lru_cache(maxsize=4096)(is_public)


class Carrier(Protocol):
    """Whatever takes a request's bytes to a server and its answer back: a pool of connections, or a record of earlier ones."""

    async def carry(self, url: Url, method: str, raw: bytes, timeout: float, guard: Guard) -> Response | NetworkFailure:
        """Send `raw` to the server of `url`. `timeout` is in seconds, for the connection and the response's head each."""


class Client(Struct):
    """Sends for a page at `page`. `timeout` is in seconds, for the connection and for the response's head each."""

    page: str
    pool: Carrier
    timeout: float = 10.0
    cookies: Headers = ()
    began_outside: bool = False
    """Whether the call began at an address of the public internet: no redirect may lead it into this network then."""

    async def exchange(self, ask: Ask) -> Response | NetworkFailure:
        """Send what is asked for and return the answer. Only answers that are HTTP are responses."""
        url = parse_url(ask.request.url)
        if url is None or not url.is_http:
            return NetworkFailure(f"{ask.request.url} is no http or https URL.")
        method = ask.request.method
        headers = headers_sent(ask, url, self.page, self.cookies if ask.kind == "request" else ())
        raw = request_bytes(method, url.path, headers, ask.request.body)
        literal = _literal(url) if ask.hop else ""
        if literal and self._leads_inward(ask, literal):
            return not_followed(url, literal)
        return await self.pool.carry(url, method, raw, self.timeout, lambda peer: self._leads_inward(ask, peer))

    def _leads_inward(self, ask: Ask, peer: str) -> str:
        """Return the address that a redirect must not lead to, "" where it may.

        One that came from the public internet leads to the public internet alone; none leads to a link-local address,
        where clouds keep what a machine may know (EC2 user guide, "Instance metadata").
        """
        inside = bool(peer) and not _public(peer)
        if ask.hop == 0:
            self.began_outside = not inside
            return ""
        return peer if inside and (self.began_outside or _link_local(peer)) else ""


def not_followed(url: Url, address: str) -> NetworkFailure:
    """Return what comes of a redirect that leads where it must not."""
    return NetworkFailure(f"A redirect leads to {url.host}, at {address} inside this network, and is not followed.")


def _link_local(address: str) -> bool:
    ip = ipaddress.ip_address(address.partition("%")[0])
    mapped = ip.ipv4_mapped if isinstance(ip, ipaddress.IPv6Address) else None
    return (mapped or ip).is_link_local or address in _METADATA


def _literal(url: Url) -> str:
    """Return the address that a URL names, "" where it names a host."""
    text = (url.host or "").strip("[]")
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return ""
