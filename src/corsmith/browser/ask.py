"""What the browser asks of whoever drives it."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TYPE_CHECKING

from msgspec import Struct

from corsmith.api.exchange import NetworkFailure, Request, Response

if TYPE_CHECKING:
    from .verdict import Verdict

Answer = Response | NetworkFailure


class Ask(Struct, frozen=True):
    """A request that the browser sends now. `kind`: "preflight" or "request"; `hop` counts redirects from 0.

    `streamed`: its body is sent as a stream, which browsers do over HTTP/2 and later only.
    """

    kind: str
    request: Request
    hop: int = 0
    streamed: bool = False


Asking = Generator[Ask, Answer, "Verdict"]
"""A fetch under way: yields an `Ask`, is sent the answer, returns the verdict."""


def drive(asking: Asking, answer: Callable[[Ask], Answer]) -> Verdict:
    """Return the verdict of a fetch, `answer` being called for each exchange that the browser asks for."""
    try:
        ask = next(asking)
        while True:
            ask = asking.send(answer(ask))
    except StopIteration as stop:
        verdict: Verdict = stop.value
        return verdict
