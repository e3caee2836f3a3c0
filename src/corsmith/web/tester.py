"""What the routes share: the operator's choices, the limits, the pages; and how a question is sent."""

from __future__ import annotations

import asyncio
import logging
import time
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request

from corsmith.browser.url import parse_url
from corsmith.live.check import Sending, UrlReport, check
from corsmith.live.secrets import masked_url

from .limits import Limits
from .pages import Pages
from .question import BadQuestion, Question
from .serving import Serving, visitor

LARGEST_REQUEST = 2_000_000
LOG = logging.getLogger("corsmith.web")


class TooMuch(Exception):  # noqa: N818 - it names a state
    """No answer now. `wait` is in seconds."""

    def __init__(self, wait: float) -> None:
        super().__init__(f"Too many questions. The next one may come in {max(1, round(wait))} s.")
        self.wait = wait


class Tester:
    """What the routes share: the operator's choices, the limits, the pages."""

    def __init__(self, serving: Serving, limits: Limits | None = None) -> None:
        self.serving = serving
        self.limits = limits or Limits(time.monotonic)
        self.pages = Pages(serving)

    async def ask(self, request: Request, question: Question) -> UrlReport:
        """Send what was asked. Raises `TooMuch`, `BadQuestion`."""
        target = parse_url(question.url)
        assert target is not None
        peer = request.client.host if request.client else ""
        who = visitor(peer, request.headers.get("x-forwarded-for", ""), self.serving.trusted_proxies)
        wait = self.limits.admit(who, str(target.host))
        if wait > 0:
            raise TooMuch(wait)
        started = time.monotonic()
        try:
            async with asyncio.timeout(self.serving.timeout):
                report = await check(
                    question.url, question.caller, Sending(self.serving.send, timeout=5.0, dialer=self.serving.dials)
                )
        except TimeoutError:
            raise BadQuestion("url", f"{target.host} took longer than {self.serving.timeout:g} s.") from None
        except ValueError as error:
            raise BadQuestion("url", masked_url(str(error))) from None
        finally:
            self.limits.done()
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
