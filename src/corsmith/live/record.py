"""Exchanges that were made before, given again: to a call that goes on from them, or to one that is judged without a network."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from msgspec import Struct

from corsmith.api.exchange import NetworkFailure, Response
from corsmith.browser.url import Url

from .exchange import Carrier, Guard


class Heard(Struct, frozen=True):
    """An exchange: the bytes that were sent, by which method, what came back from which address."""

    method: str
    raw: bytes
    answer: Response | NetworkFailure
    peer: str


class Record:
    """Takes requests to a network, and notes in `heard` what came of them.

    `known` was asked already, in this order: as long as the same is asked again, it is answered from there.
    """

    def __init__(self, network: Carrier, known: Iterable[Heard] = ()) -> None:
        self._network = network
        self._known = deque(known)
        self.heard: list[Heard] = []

    async def carry(self, url: Url, method: str, raw: bytes, timeout: float, guard: Guard) -> Response | NetworkFailure:
        """Answer from what is known, or from the network."""
        if self._known:
            heard = self._known.popleft()
            if heard.raw == raw and not guard(heard.peer):
                self.heard.append(heard)
                return heard.answer
            self._known.clear()
        peer = ""

        def noted(address: str) -> str:
            nonlocal peer
            peer = address
            return guard(address)

        answer = await self._network.carry(url, method, raw, timeout, noted)
        self.heard.append(Heard(method, raw, answer, peer))
        return answer


class Astray(Exception):  # noqa: N818 - it names what happened
    """More was asked than was recorded."""


class Replay:
    """Gives the answers of a record, in their order, whatever is asked. `sent` is what was."""

    def __init__(self, record: Iterable[Heard]) -> None:
        self._left = deque(record)
        self.sent: list[bytes] = []

    @property
    def ended(self) -> bool:
        """Whether every answer was given."""
        return not self._left

    async def carry(self, url: Url, method: str, raw: bytes, timeout: float, guard: Guard) -> Response | NetworkFailure:
        """Answer from the record. Raises `Astray` at its end."""
        del url, method, timeout
        if not self._left:
            raise Astray
        heard = self._left.popleft()
        guard(heard.peer)
        self.sent.append(raw)
        return heard.answer
