"""The Lambda Runtime API for one process: it hands out events and takes what comes of them.

Theory of operation. A runtime client asks for the next event and is left waiting until there is one; then it posts the
response or an error, and asks again. So a process is idle exactly while it waits at `next`. One address serves one
process, because the API's paths do not say which process is asking
(AWS, "Using the Lambda runtime API", https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html).
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

from msgspec import Struct
from msgspec.json import Decoder

from corsmith.api.exchange import Headers, values
from corsmith.gateways.asks import Failed, InvokeResult, Payload, RawPayload, Streamed

from .eager import Answer
from .listener import HOST, Listener
from .message import Incoming, Limits, Outgoing
from .stream import LARGEST_WHOLE, TOO_LARGE, Stream

PREFIX = "/2018-06-01/runtime/"
_LIMITS = Limits(head=2 * 1024 * 1024, body=LARGEST_WHOLE, connections=16, slow=600.0, idle=float("inf"))
_REFUSED = Outgoing(413, (("content-type", "application/json"),), b'{"errorType":"RequestEntityTooLarge"}')
_DECODER = Decoder()
_EVENT = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
    b"Lambda-Runtime-Trace-Id: Root=1-00000000-000000000000000000000000;Parent=0000000000000000;Sampled=0\r\n"
)
_ACCEPTED = Outgoing(
    202,
    urgent=False,
    ready=b'HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\nContent-Length: 16\r\n\r\n{"status":"OK"}\n',
)
"""Nobody waits for it: it leaves with the next event."""


class Event(Struct, frozen=True):
    """One invocation: the event as JSON text, and when the function's time is over (Unix time in milliseconds)."""

    request_id: str
    arn: str
    body: bytes
    deadline_ms: int


class RuntimeApi:
    """Serves one process.

    `ready` is done once the process has asked for its first event, or said why it cannot; `on_idle` is called whenever
    it asks and there is none, `on_posted` whenever it has posted what came of an event.
    """

    def __init__(self, on_idle: Callable[[], None], on_posted: Callable[[], None]) -> None:
        self._on_idle = on_idle
        self._on_posted = on_posted
        self._listener = Listener(self._handle, _LIMITS, self._inflow)
        self._waiting: Answer[Outgoing] | None = None
        self._event: Event | None = None
        self._answer: asyncio.Future[InvokeResult] | None = None
        self._stream: Stream | None = None
        self.ready: asyncio.Future[Failed | None] = asyncio.get_running_loop().create_future()

    async def start(self) -> str:
        """Listen; return the address as `AWS_LAMBDA_RUNTIME_API` has it."""
        await self._listener.start()
        return f"{HOST}:{self._listener.port}"

    async def close(self) -> None:
        """Stop serving."""
        if self._waiting is not None:
            self._waiting.cancel()
        await self._listener.close()

    def send(self, event: Event, answer: asyncio.Future[InvokeResult]) -> None:
        """Hand `event` to the process, which waits for it; `answer` takes what comes of it, unless it is done by then."""
        assert self._waiting is not None
        self._event, self._answer = event, answer
        waiting, self._waiting = self._waiting, None
        waiting.set_result(_next(event))

    def settle(self, result: InvokeResult) -> None:
        """Say what came of the event that is under way, if there is one."""
        if self._stream is not None:
            self._stream.cut(result)
        answer, self._event, self._answer, self._stream = self._answer, None, None, None
        _tell(answer, result)

    def _inflow(self, method: str, target: str, headers: Headers, source: asyncio.Transport) -> Stream | None:
        """Take a response piece by piece where the function streams it."""
        event = self._event
        if event is None or target != f"{PREFIX}invocation/{event.request_id}/response" or not _streams(headers):
            return None
        self._stream = Stream(_content_type(headers), source, self._begun)
        return self._stream

    def _begun(self, streamed: Streamed) -> None:
        _tell(self._answer, streamed)

    def _handle(self, incoming: Incoming) -> Outgoing | Awaitable[Outgoing]:
        path = incoming.target.removeprefix(PREFIX)
        if incoming.method == "GET" and path == "invocation/next":
            return self._next()
        if incoming.method == "POST" and path == "init/error":
            self._settle_ready(Failed("init", _message(incoming.body)))
            return _ACCEPTED
        _, _, rest = path.partition("invocation/")
        request_id, _, what = rest.partition("/")
        if incoming.method != "POST" or what not in ("response", "error"):
            return Outgoing(404, (), b"")
        if self._event is None or request_id != self._event.request_id:
            return Outgoing(400, (("content-type", "application/json"),), b'{"errorType":"InvalidRequestID"}')
        if what == "error":
            return self._posted(_failed(incoming), _ACCEPTED)
        if self._stream is not None:
            self._event, self._answer, self._stream = None, None, None
            self._on_posted()
            return _ACCEPTED
        if incoming.too_large:
            return self._posted(TOO_LARGE, _REFUSED)
        return self._posted(_payload(incoming), _ACCEPTED)

    def _next(self) -> Awaitable[Outgoing]:
        self._settle_ready(None)
        waiting = self._waiting = Answer()
        self._on_idle()
        return waiting

    def _posted(self, result: InvokeResult, reply: Outgoing) -> Outgoing:
        self.settle(result)
        self._on_posted()
        return reply

    def _settle_ready(self, failed: Failed | None) -> None:
        if not self.ready.done():
            self.ready.set_result(failed)


def _next(event: Event) -> Outgoing:
    lines = (
        f"Lambda-Runtime-Aws-Request-Id: {event.request_id}\r\n"
        f"Lambda-Runtime-Deadline-Ms: {event.deadline_ms}\r\n"
        f"Lambda-Runtime-Invoked-Function-Arn: {event.arn}\r\n"
        f"Content-Length: {len(event.body)}\r\n\r\n"
    )
    return Outgoing(200, ready=_EVENT + lines.encode() + event.body)


def _tell(answer: asyncio.Future[InvokeResult] | None, result: InvokeResult) -> None:
    if answer is not None and not answer.done():
        answer.set_result(result)


def _streams(headers: Headers) -> bool:
    return "streaming" in values(headers, "Lambda-Runtime-Function-Response-Mode")


def _payload(incoming: Incoming) -> InvokeResult:
    try:
        return Payload(_DECODER.decode(incoming.body))
    except (ValueError, RecursionError):
        # Lone surrogates are JSON to some.
        return _lenient(incoming)


def _lenient(incoming: Incoming) -> InvokeResult:
    try:
        return Payload(json.loads(incoming.body, parse_constant=_no_constant))
    except (ValueError, RecursionError):
        return RawPayload(incoming.body, _content_type(incoming.headers))


def _content_type(headers: Headers) -> str:
    return next(iter(values(headers, "Content-Type")), "application/octet-stream")


def _failed(incoming: Incoming) -> Failed:
    error = _error(incoming.body)
    kind = "marshal" if error.get("errorType") == "Runtime.MarshalError" else "exception"
    return Failed(kind, _message(incoming.body))


def _error(body: bytes) -> dict[str, Any]:
    try:
        error = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return error if isinstance(error, dict) else {}


def _message(body: bytes) -> str | None:
    message = _error(body).get("errorMessage")
    return message if isinstance(message, str) else None


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")
