"""What the routes share: the operator's choices, the limits, the pages; and how a question is sent."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request

from corsmith.browser.url import parse_url
from corsmith.live.check import Sending, Told, UrlReport, check
from corsmith.live.secrets import masked_text

from .limits import Limits, TooMuch
from .pages import Pages
from .question import BadQuestion, Question
from .serving import Serving, visitor

LARGEST_REQUEST = 2_000_000
LOG = logging.getLogger("corsmith.web")


class Tester:
    """What the routes share: the operator's choices, the limits, the pages."""

    def __init__(self, serving: Serving, limits: Limits | None = None) -> None:
        self.serving = serving
        self.limits = limits or Limits(time.monotonic)
        self.pages = Pages(serving)

    @contextmanager
    def admitted(self, request: Request, server: str = "") -> Iterator[str]:
        """Count one question of a visitor, about `server` if it calls one, while the block runs; give the visitor's address.

        Raises `TooMuch`.
        """
        peer = request.client.host if request.client else ""
        who = visitor(peer, request.headers.get("x-forwarded-for", ""), self.serving.trusted_proxies)
        wait = self.limits.admit(who, server)
        if wait > 0:
            raise TooMuch(wait)
        try:
            yield who
        finally:
            self.limits.done()

    async def ask(self, request: Request, question: Question, told: Told | None = None) -> UrlReport:
        """Send what was asked; `told` takes each exchange as it happens. Raises `TooMuch`, `BadQuestion`."""
        target = parse_url(question.url)
        assert target is not None
        sending = Sending(self.serving.send, timeout=5.0, dialer=self.serving.dials)
        with self.admitted(request, str(target.host)) as who:
            started = time.monotonic()
            try:
                async with asyncio.timeout(self.serving.timeout):
                    report = await check(question.url, question.caller, sending, told=told)
            except TimeoutError:
                raise BadQuestion("url", f"{target.host} took longer than {self.serving.timeout:g} s.") from None
            except ValueError as error:
                raise BadQuestion("url", masked_text(str(error))) from None
        LOG.info("%s %s %s in %.2f s", who, target.host, report.call.verdict, time.monotonic() - started)
        return report


async def fields_of(request: Request) -> dict[str, str]:
    """Return the fields of a posted form. Raises `BadQuestion`."""
    body = (await body_of(request)).decode("utf-8", "replace")
    return dict(parse_qsl(body, keep_blank_values=True, max_num_fields=100))


async def body_of(request: Request) -> bytes:
    """Return the request's body. Raises `BadQuestion` where it is too large."""
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > LARGEST_REQUEST:
                raise BadQuestion("data", f"That is more than {LARGEST_REQUEST:,} bytes.")
    except ClientDisconnect:
        raise BadQuestion("data", "The request ended early.") from None
    return bytes(body)
