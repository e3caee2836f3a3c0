"""The Lambda Runtime API for one process: it hands out events and takes what comes of them.

Theory of operation. A runtime client asks for the next event and is left waiting until there is one; then it posts the
response or an error, and asks again. So a process is idle exactly while it waits at `next`. One address serves one
process, because the API's paths do not say which process is asking
(AWS, "Using the Lambda runtime API", https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html).

The clients that corsmith brings write a response and the next question together, always in the same words: what is
written so is taken without a parser.
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
_OUT_OF_TURN = Outgoing(403, (("content-type", "application/json"),), b'{"errorType":"InvalidStateTransition"}')
_DECODER = Decoder()
_BLANK = b"\r\n\r\n"
_POST = b"POST /2018-06-01/runtime/invocation/"
_JSON = b"/response HTTP/1.1\r\nHost: runtime\r\nContent-Type: application/json\r\nContent-Length: "
_ASKS = b"GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: runtime\r\n\r\n"
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
        self._listener = Listener(self._handle, _LIMITS, self._inflow, self._taken)
        self._waiting: Answer[Outgoing] | None = None
        self._asking: asyncio.Transport | None = None
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
        self._event, self._answer = event, answer
        asking, self._asking = self._asking, None
        if asking is not None:
            if not asking.is_closing():
                asking.write(_ACCEPTED.ready + _next(event))
            return
        assert self._waiting is not None
        waiting, self._waiting = self._waiting, None
        waiting.set_result(Outgoing(200, ready=_next(event)))

    def settle(self, result: InvokeResult) -> None:
        """Say what came of the event that is under way, if there is one."""
        if self._stream is not None:
            self._stream.cut(result)
        answer, self._event, self._answer, self._stream = self._answer, None, None, None
        _tell(answer, result)

    def _taken(self, data: bytes, asking: asyncio.Transport) -> bool:
        """Take a response with the question for the next event, where they came together and in the usual words."""
        if self._event is None or self._stream is not None or not data.endswith(_ASKS):
            return False
        head = b"%b%b%b" % (_POST, self._event.request_id.encode(), _JSON)
        end = data.find(_BLANK, len(head))
        body = data[end + len(_BLANK) : -len(_ASKS)]
        if not data.startswith(head) or data[len(head) : end] != b"%d" % len(body):
            return False
        self.settle(_payload(body, "application/json"))
        self._on_posted()
        self._asking = asking
        self._on_idle()
        return True

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
        return self._posted(_payload(incoming.body, _content_type(incoming.headers)), _ACCEPTED)

    def _next(self) -> Outgoing | Awaitable[Outgoing]:
        if self._event is not None or (self._asking is not None and not self._asking.is_closing()):
            # A copy of the process, which a handler forked, asks on the same connection.
            return _OUT_OF_TURN
        self._settle_ready(None)
        is_known_to_wait = self._waiting is not None or self._asking is not None
        waiting, self._asking = Answer[Outgoing](), None
        self._waiting = waiting
        if not is_known_to_wait:
            self._on_idle()
        return waiting

    def _posted(self, result: InvokeResult, reply: Outgoing) -> Outgoing:
        self.settle(result)
        self._on_posted()
        return reply

    def _settle_ready(self, failed: Failed | None) -> None:
        if not self.ready.done():
            self.ready.set_result(failed)


def _next(event: Event) -> bytes:
    lines = (
        f"Lambda-Runtime-Aws-Request-Id: {event.request_id}\r\n"
        f"Lambda-Runtime-Deadline-Ms: {event.deadline_ms}\r\n"
        f"Lambda-Runtime-Invoked-Function-Arn: {event.arn}\r\n"
        f"Content-Length: {len(event.body)}\r\n\r\n"
    )
    return _EVENT + lines.encode() + event.body


def _tell(answer: asyncio.Future[InvokeResult] | None, result: InvokeResult) -> None:
    if answer is not None and not answer.done():
        answer.set_result(result)


def _streams(headers: Headers) -> bool:
    return "streaming" in values(headers, "Lambda-Runtime-Function-Response-Mode")


def _payload(body: bytes, content_type: str) -> InvokeResult:
    try:
        return Payload(_DECODER.decode(body))
    except (ValueError, RecursionError):
        # Lone surrogates are JSON to some.
        return _lenient(body, content_type)


def _lenient(body: bytes, content_type: str) -> InvokeResult:
    try:
        return Payload(json.loads(body, parse_constant=_no_constant))
    except (ValueError, RecursionError):
        return RawPayload(body, content_type)


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
