"""One exchange over real HTTP: what the browser asks for goes out, and an answer or a plain reason comes back."""

from __future__ import annotations

import asyncio
import ipaddress
from functools import lru_cache

from msgspec import Struct

from corsmith.api.exchange import Headers, NetworkFailure, Response
from corsmith.browser import Ask
from corsmith.browser.url import Url, parse_url

from .connection import Closed, Connection
from .dial import Unreachable
from .pool import Pool
from .public import is_public
from .sent import headers_sent
from .wire import NotHttp, decoded, request_bytes

_BODY_WITHIN = 2.0
"""Seconds that a body may still take once the head is there: a stream without end is no failure."""
WITHOUT_EFFECTS = frozenset(("GET", "HEAD", "OPTIONS"))
"""Methods that are sent without being told to."""


_METADATA = ("fd00:ec2::254",)
"""EC2's metadata service over IPv6."""
_public = lru_cache(maxsize=4096)(is_public)


class Client(Struct):
    """Sends for a page at `page`. `timeout` is in seconds, for the connection and for the response's head each."""

    page: str
    pool: Pool
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
            return _not_followed(url, literal)
        waiting = self.pool.waiting(url)
        if waiting is not None and method not in WITHOUT_EFFECTS:
            # It may just have been closed, and what may have effects is not sent into that doubt. Nor is it left open: a
            # server that serves one connection at a time would not see the next.
            waiting.close()
            waiting = None
        if waiting is not None:
            answer = await self._talk(ask, url, waiting, raw)
            if not (isinstance(answer, NetworkFailure) and waiting.lost and waiting.silent):
                return answer
        try:
            async with asyncio.timeout(self.timeout):
                connection = await self.pool.fresh(url)
        except TimeoutError:
            return NetworkFailure(f"{url.host} did not accept a connection within {self.timeout:g} s.")
        except Unreachable as error:
            return NetworkFailure(str(error))
        return await self._talk(ask, url, connection, raw)

    async def _talk(self, ask: Ask, url: Url, connection: Connection, raw: bytes) -> Response | NetworkFailure:
        inward = self._leads_inward(ask, connection.peer)
        if inward:
            connection.close()
            return _not_followed(url, inward)
        method = ask.request.method
        try:
            answer = await connection.ask(
                raw, method, head_within=self.timeout, body_within=min(_BODY_WITHIN, self.timeout)
            )
        except TimeoutError:
            return NetworkFailure(f"{url.host} did not answer the {method} within {self.timeout:g} s.")
        except NotHttp as error:
            return NetworkFailure(f"{url.host} does not answer in HTTP/1.1: {error}.")
        except Closed:
            return NetworkFailure(f"{url.host} closed the connection without answering the {method}.")
        finally:
            self.pool.give_back(url, connection)
        assert answer.head is not None, "an answer without a head is none"
        return Response(answer.head.status, answer.head.headers, decoded(bytes(answer.body), answer.head.headers))

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


def _not_followed(url: Url, address: str) -> NetworkFailure:
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
