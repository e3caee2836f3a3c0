"""A HAR file that a visitor drops on the page: judged as it was recorded, nothing is sent."""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from corsmith.live.har import Har, Judgement, Unusable, judged, read_har

from .limits import TooMuch
from .question import BadQuestion
from .tester import Tester, body_of

MOST_ENTRIES = 2000
"""The most entries that are judged here: each takes a fraction of a millisecond from all other visitors."""


async def recorded(tester: Tester, request: Request) -> Response:
    """Return the part of the page that says what came of each call of the posted file."""
    try:
        with tester.admitted(request):
            har, judgement = await asyncio.to_thread(_judged, await body_of(request))
    except (Unusable, BadQuestion) as error:
        said = f"The file {error}." if isinstance(error, Unusable) else str(error)
        return tester.pages.refused(request, {}, "recording", said, 400)
    except TooMuch as error:
        return tester.pages.turned_away(request, {}, error)
    return HTMLResponse(tester.pages.recorded(har, judgement))


def _judged(raw: bytes) -> tuple[Har, Judgement]:
    har = read_har(raw)
    left = len(har.entries) - MOST_ENTRIES
    if left > 0:
        said = f"{left:,} more entries were not looked at: corsmith check FILE.har reads all"
        har = Har(har.entries[:MOST_ENTRIES], (*har.problems, said))
    return har, judged(har)
