"""The log of exchanges: what a browser makes of each, judged once for equal ones, and equal lines counted."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

from corsmith.api.exchange import Headers, Request, Response, values
from corsmith.api.model import FrontDoor

from .verdict import Opinion, opinion

REMEMBERED = 512
"""Opinions that are kept; judging takes milliseconds, and most exchanges are alike."""

_ASKED = ("origin", "access-control-request-method", "access-control-request-headers", "cookie")
_Key = tuple[str, str, int, Headers, Headers]


class ExchangeLog:
    """Writes a line for every exchange that carries an Origin; of equal ones in a row the first, the 10th, the 100th …

    `write` takes the opinion, the exchange's summary, and how many equal ones there were.
    """

    def __init__(self, write: Callable[[Opinion, str, int], None]) -> None:
        self._write = write
        self._opinions: OrderedDict[_Key, Opinion | None] = OrderedDict()
        self._last: _Key | None = None
        self._equal = 0

    def __call__(self, front_door: FrontDoor, request: Request, response: Response) -> None:
        """Take an exchange."""
        del front_door
        if not values(request.headers, "origin"):
            return
        key = _key(request, response)
        self._equal = self._equal + 1 if key == self._last else 1
        self._last = key
        if not _is_power_of_ten(self._equal):
            return
        judged = self._judged(key, request, response)
        if judged is not None:
            self._write(judged, f"{response.status} {request.method} {request.url}", self._equal)

    def _judged(self, key: _Key, request: Request, response: Response) -> Opinion | None:
        if key not in self._opinions:
            self._opinions[key] = opinion(request, response)
            if len(self._opinions) > REMEMBERED:
                self._opinions.popitem(last=False)
        return self._opinions[key]


def _key(request: Request, response: Response) -> _Key:
    asked = tuple(pair for pair in request.headers if pair[0].lower() in _ASKED)
    told = tuple(pair for pair in response.headers if pair[0].lower().startswith("access-control-"))
    return request.method, request.url, response.status, asked, told


def _is_power_of_ten(count: int) -> bool:
    while count % 10 == 0:
        count //= 10
    return count == 1
