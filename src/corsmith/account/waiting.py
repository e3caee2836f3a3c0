"""Clients that say when nobody answers, and do not wait for ever: a wrong address or a dead network is told in seconds.

boto3 tries a call that was not answered as often as one that was throttled, in silence. Whether anybody answers at all is
another question than whether AWS is busy: it is asked some times, each time with a word to the person who waits.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import Struct

MOST = 3
"""How often in a row a call may stay without an answer."""


class Silent(Exception):  # noqa: N818 - it names a state
    """Nobody answers. The message is a phrase; `never`: this service never answered here."""

    def __init__(self, message: str, *, never: bool) -> None:
        super().__init__(message)
        self.never = never


class Waiting(Struct, eq=False):
    """Listens to a client. `where` names what is called, "apigateway in eu-west-1"; `tell` takes a sentence."""

    where: str
    tell: Callable[[str], None]
    answered: bool = False
    _in_vain: int = 0
    _why: str = ""

    def listen(self, client: Any) -> None:
        """Hear of every request that `client` sends, and of what comes of it."""
        client.meta.events.register("before-send", self._before)
        client.meta.events.register("response-received", self._after)

    def _before(self, **_: Any) -> None:
        if self._in_vain >= MOST:
            self._in_vain = 0
            raise Silent(
                f"{self.where} does not answer, asked {MOST} times ({self._why}): is the network up, and the address right?",
                never=not self.answered,
            )

    def _after(self, exception: Exception | None = None, **_: Any) -> None:
        from botocore.exceptions import ConnectionError as NoConnection
        from botocore.exceptions import HTTPClientError

        if exception is None:
            self.answered, self._in_vain = True, 0
        elif isinstance(exception, HTTPClientError | NoConnection):
            self._in_vain += 1
            self._why = _reason(exception)
            if self._in_vain < MOST:
                self.tell(f"{self.where} does not answer ({self._why}); it is asked again")


def _reason(exception: Exception) -> str:
    """Return why there was no answer, without the stack of reasons that libraries put before it."""
    text = str(exception).strip()
    for name, said in _REASONS.items():
        if name in type(exception).__name__:
            return f"{said}: {_address(exception)}" if _address(exception) else said
    return text


_REASONS = {
    "ConnectTimeout": "no connection within 10 s",
    "ReadTimeout": "no answer within 60 s",
    "EndpointConnection": "no connection",
    "ConnectionClosed": "the connection was closed without an answer",
    "ProxyConnection": "no connection to the proxy",
    "SSL": "no safe connection",
}


def _address(exception: Any) -> str:
    told = getattr(exception, "kwargs", {})
    address = str(told.get("endpoint_url") or told.get("proxy_url") or "")
    return "/".join(address.split("/")[:3]).rpartition("@")[2] if address else ""
