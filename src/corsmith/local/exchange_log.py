"""The log of exchanges: what a browser makes of each; equal ones are counted."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from corsmith.api.exchange import Request, Response, values
from corsmith.api.model import FrontDoor

from .opinions import Key, Opinions, key_of

if TYPE_CHECKING:
    from .verdict import Opinion


class ExchangeLog:
    """Writes a line for every exchange that carries an Origin; of equal ones in a row the first, the 10th, the 100th …

    `write` takes the opinion, the exchange's summary, and how many equal ones there were, in the opinions' thread.
    """

    def __init__(self, opinions: Opinions, write: Callable[[Opinion, str, int], None]) -> None:
        self._opinions = opinions
        self._write = write
        self._last: Key | None = None
        self._request: Request | None = None
        self._response: Response | None = None
        self._equal = 0

    def __call__(self, front_door: FrontDoor, request: Request, response: Response) -> None:
        """Take an exchange."""
        if request is self._request and response is self._response:
            # The very same answer, given again.
            self._equal += 1
        elif values(request.headers, "origin"):
            key = key_of(request, response)
            self._equal = self._equal + 1 if key == self._last else 1
            self._last, self._request, self._response = key, request, response
        else:
            return
        if _is_power_of_ten(self._equal):
            summary, times = f"{response.status} {request.method} {request.url}", self._equal
            self._opinions.ask(front_door, request, response, lambda judged: self._write(judged, summary, times))


def _is_power_of_ten(count: int) -> bool:
    while count % 10 == 0:
        count //= 10
    return count == 1
