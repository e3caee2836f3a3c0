"""The answer as it comes: a line of JSON for each exchange, then one for the result. Each holds a part of the page."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from corsmith.api.cell import Exchange
from corsmith.live.check import UrlReport
from corsmith.live.layers import Fingerprint

from .question import BadQuestion, Question
from .tester import Tester

LINES = "application/x-ndjson"
Steps = asyncio.Queue[str | None]
"""Parts of the page; None when there are no more."""


async def stepwise(tester: Tester, request: Request, question: Question) -> Response:
    """Send what was asked, and answer while it goes on. Raises `TooMuch`, `BadQuestion` where nothing was answered yet."""
    steps: Steps = asyncio.Queue()

    def told(exchange: Exchange, seen: Fingerprint) -> None:
        steps.put_nowait(tester.pages.step(exchange, seen))

    asking = asyncio.create_task(tester.ask(request, question, told))
    asking.add_done_callback(lambda _: steps.put_nowait(None))
    try:
        first = await steps.get()
        if first is None:
            asking.result()
    except BaseException:
        asking.cancel()
        raise
    return StreamingResponse(_lines(tester, request, question, asking, steps, first), media_type=LINES)


async def _lines(
    tester: Tester,
    request: Request,
    question: Question,
    asking: asyncio.Task[UrlReport],
    steps: Steps,
    step: str | None,
) -> AsyncIterator[str]:
    try:
        while step is not None:
            yield json.dumps({"step": step}) + "\n"
            step = await steps.get()
        try:
            result = tester.pages.checked(request, question, asking.result())
        except BadQuestion as error:
            result = tester.pages.refused(request, {}, error.field, str(error), 400)
        yield json.dumps({"result": bytes(result.body).decode()}) + "\n"
    finally:
        # A visitor who has gone wants no answer.
        asking.cancel()
