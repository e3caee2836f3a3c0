"""A WebDriver BiDi connection: commands out, their results back. Only what judging with Firefox needs."""

from __future__ import annotations

import asyncio
import itertools
import json
from typing import TYPE_CHECKING, Any

from .failures import BrowserError
from .installed import package_missing

if TYPE_CHECKING:
    from websockets.asyncio.client import ClientConnection

_MESSAGE_LIMIT = 64 << 20


class Bidi:
    """One session. Commands may overlap; each gets its own answer."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._reading = asyncio.ensure_future(self._read())

    async def send(self, method: str, **params: Any) -> dict[str, Any]:
        """Send a command and return its result. Raises `BrowserError` with the browser's words when it fails."""
        from websockets.exceptions import ConnectionClosed

        number = next(self._numbers)
        answer = self._waiting[number] = asyncio.get_running_loop().create_future()
        try:
            await self._connection.send(json.dumps({"id": number, "method": method, "params": params}))
        except ConnectionClosed as error:
            raise BrowserError("Firefox is not there any more.") from error
        reply = await answer
        if reply.get("type") == "error":
            raise BrowserError(f"Firefox refused {method}: {reply.get('message') or reply.get('error')}")
        result: dict[str, Any] = reply["result"]
        return result

    async def evaluate(self, context: str, function: str, *arguments: str) -> str:
        """Call a JavaScript function that takes and returns text, and wait for its promise."""
        reply = await self.send(
            "script.callFunction",
            functionDeclaration=function,
            arguments=[{"type": "string", "value": argument} for argument in arguments],
            target={"context": context},
            awaitPromise=True,
        )
        if reply["type"] == "exception":
            raise BrowserError(f"A script failed in Firefox: {reply['exceptionDetails']['text']}")
        return str(reply["result"].get("value", ""))

    async def close(self) -> None:
        """End the connection."""
        self._reading.cancel()
        await self._connection.close()

    async def _read(self) -> None:
        from websockets.exceptions import ConnectionClosed

        try:
            while True:
                message = json.loads(await self._connection.recv())
                waiting = self._waiting.pop(message.get("id"), None)
                if waiting is not None and not waiting.done():
                    waiting.set_result(message)
        except ConnectionClosed:
            for waiting in self._waiting.values():
                if not waiting.done():
                    waiting.set_exception(BrowserError("Firefox closed the connection."))


async def connect(address: str) -> Bidi:
    """Connect to a browser's WebDriver BiDi address (`ws://127.0.0.1:PORT`) and begin a session."""
    try:
        from websockets.asyncio.client import connect as open_socket
    except ImportError as error:
        raise package_missing("websockets") from error
    # A proxy of the environment is for the world outside; Firefox refuses a connection that has an Origin header.
    connection = await open_socket(f"{address}/session", max_size=_MESSAGE_LIMIT, origin=None, proxy=None)
    bidi = Bidi(connection)
    await bidi.send("session.new", capabilities={"alwaysMatch": {"acceptInsecureCerts": True}})
    return bidi
