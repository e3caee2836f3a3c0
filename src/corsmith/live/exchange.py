"""One exchange over real HTTP: what the browser asks for goes out, and an answer or a plain reason comes back."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from msgspec import Struct, field

from corsmith.api.exchange import Headers, NetworkFailure, Response
from corsmith.browser import Ask
from corsmith.browser.url import Url, parse_url

from .dial import Dialer, Dials, Unreachable
from .sent import headers_sent
from .wire import NotHttp, decoded, read_body, read_head, request_bytes

_BODY_WITHIN = 2.0
"""Seconds that a body may still take once the head is there: a stream without end is no failure."""


class Client(Struct, frozen=True):
    """Sends for a page at `page`. `timeout` is in seconds, for the connection and for the response's head each."""

    page: str
    timeout: float = 10.0
    dialer: Dials = field(default_factory=Dialer)
    cookies: Headers = ()

    async def exchange(self, ask: Ask) -> Response | NetworkFailure:
        """Send what is asked for and return the answer. Only answers that are HTTP are responses."""
        url = parse_url(ask.request.url)
        if url is None or not url.is_http:
            return NetworkFailure(f"{ask.request.url} is no http or https URL.")
        try:
            async with asyncio.timeout(self.timeout):
                reader, writer = await self.dialer.connect(url)
        except TimeoutError:
            return NetworkFailure(f"{url.host} did not accept a connection within {self.timeout:g} s.")
        except Unreachable as error:
            return NetworkFailure(str(error))
        try:
            return await self._talk(ask, url, reader, writer)
        finally:
            # The answer is here: how the connection ends says nothing more.
            writer.transport.abort()

    async def _talk(
        self, ask: Ask, url: Url, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> Response | NetworkFailure:
        method = ask.request.method
        headers = headers_sent(ask, url, self.page, self.cookies if ask.kind == "request" else ())
        writer.write(request_bytes(method, url.path, headers, ask.request.body))
        try:
            async with asyncio.timeout(self.timeout):
                await writer.drain()
                head = await read_head(reader)
        except TimeoutError:
            return NetworkFailure(f"{url.host} did not answer the {method} within {self.timeout:g} s.")
        except NotHttp as error:
            return NetworkFailure(f"{url.host} does not answer in HTTP/1.1: {error}.")
        except (asyncio.IncompleteReadError, OSError):
            return NetworkFailure(f"{url.host} closed the connection without answering the {method}.")
        body = bytearray()
        with suppress(TimeoutError, OSError):
            async with asyncio.timeout(min(_BODY_WITHIN, self.timeout)):
                await read_body(reader, head, method, body)
        return Response(head.status, head.headers, decoded(bytes(body), head.headers))
