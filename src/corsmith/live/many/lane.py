"""Calls, one after the other, as long as their answers lead where those of earlier calls led.

A task that waits for each answer costs more than the answer itself: here the next request leaves where the answer before
it came in. Whatever is not as usual (no connection that waits, an answer that was not heard before, a failure) is handed
back with what was answered so far, and goes on from there as any call does.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar, cast

from corsmith.api.exchange import NetworkFailure, Response
from corsmith.browser.url import Url

from ..record import Heard
from .likeness import likeness
from .listed import Listed
from .recall import End, Outcome, Place, Question, Recall, place_of, written

Mark = TypeVar("Mark")
Left = tuple[Listed | None, list[Heard]]
"""A call that has to be judged, None where no more waits, and what it was answered so far."""


class Begins(Protocol):
    """Whatever sends a request where a connection waits (`Pool.begin`)."""

    def begin(
        self,
        url: Url,
        method: str,
        raw: bytes,
        timeout: float,
        told: Callable[[Response | NetworkFailure | None, str], None],
    ) -> bool:
        """Send it; False where no connection waits."""


class Lane(Generic[Mark]):
    """Makes calls. `over` takes what came of one, and returns the next one, None where no more waits."""

    def __init__(
        self,
        recall: Recall[Mark],
        network: Begins,
        timeout: float,
        over: Callable[[Listed, Outcome[Mark]], Listed | None],
    ) -> None:
        self._recall = recall
        self._network = network
        self._timeout = timeout
        self._over = over
        self._left: asyncio.Future[Left]
        self._call: Listed
        self._place: Place
        self._question: Question
        self._raw = b""
        self._values: list[str] = []
        self._heard: list[Heard] = []

    async def run(self, call: Listed) -> Left:
        """Make a call and those after it, up to one that has to be judged. Raises what `over` raises."""
        self._left = asyncio.get_running_loop().create_future()
        self._start(call)
        return await self._left

    def _start(self, call: Listed | None) -> None:
        while call is not None:
            place = place_of(call)
            first = None if place is None else self._recall.first(place)
            if place is None or first is None:
                break
            self._call, self._place = call, place
            self._values = [place.path, place.query]
            self._heard = []
            if isinstance(first, Question):
                self._ask(first)
                return
            call = self._ended(first)
        self._left.set_result((call, []))

    def _ask(self, question: Question) -> None:
        self._question = question
        target = self._place.path + self._place.query
        self._raw = raw = question.before + target.encode() + question.behind
        if not self._network.begin(self._place.url, question.method, raw, self._timeout, self._told):
            self._left.set_result((self._call, self._heard))

    def _told(self, answer: Response | NetworkFailure | None, peer: str) -> None:
        # The task may have been interrupted meanwhile.
        if self._left.done():
            return
        try:
            self._go_on(answer, peer)
        except Exception as error:  # noqa: BLE001 - the task raises it
            self._left.set_exception(error)

    def _go_on(self, answer: Response | NetworkFailure | None, peer: str) -> None:
        then: Question | End | None = None
        if answer is not None:
            self._heard.append(Heard(self._question.method, self._raw, answer, peer))
        if isinstance(answer, Response):
            alike, passing = likeness(answer)
            self._values += passing
            then = self._question.then.get(alike)
        if then is None:
            self._left.set_result((self._call, self._heard))
        elif isinstance(then, Question):
            self._ask(then)
        else:
            self._start(self._ended(then))

    def _ended(self, end: End) -> Listed | None:
        self._recall.of_use(self._place)
        line = end.line([written(value) for value in self._values])
        return self._over(self._call, Outcome(line, cast("Mark", end.mark)))
