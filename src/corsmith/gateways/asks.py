"""What a front door asks of whoever drives it, and the answers it takes.

Theory of operation: a front door does no I/O. `answer` is a generator that yields an ask where AWS would run a function
or decide about a caller, is sent the answer, and returns an `Answered`. The static check answers from what it read of
the code, the local gateway by running the code: the front door is the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct, field

from corsmith.api.exchange import Response
from corsmith.api.front_door import Authorizer
from corsmith.api.value import OneOf, Unknown

Event = dict[str, Any]
"""The JSON object that AWS hands to a function."""


class Invoke(Struct, frozen=True):
    """Run `function` (a logical id) with `event`. `timeout_ms` is the integration's limit, not the function's own.

    `streams`: the function is invoked with response streaming, so the answer may be `Streamed`.
    """

    function: str
    event: Event
    timeout_ms: int
    streams: bool = False
    purpose: str = "integration"
    unknown: Unknown | OneOf[str] | None = None
    """Why it is not known which function that is; `function` is empty then. What is the same for every function may be
    answered all the same."""


class Authorize(Struct, frozen=True):
    """Does the caller pass `authorizer`? Asked only where the identity sources are present.

    `identity` holds their values in the order of the sources. `event` is what a Lambda authorizer is sent, None for the
    other kinds; `authorizer_answers.decide` turns a Lambda authorizer's result into a decision.
    """

    authorizer: Authorizer
    event: Event | None
    identity: tuple[str, ...]


Ask = Invoke | Authorize


class Payload(Struct, frozen=True):
    """The JSON value that the runtime posted."""

    value: Any


class RawPayload(Struct, frozen=True):
    """What the runtime posted was not JSON (Python: `bytes`)."""

    body: bytes
    content_type: str = "application/unknown"


class Failed(Struct, frozen=True):
    """The function failed. `kind`: "exception", "init" (its module did not load), "exit", "marshal".

    `message` is the error message, None where it is not known.
    """

    kind: str = "exception"
    message: str | None = None


class TimedOut(Struct, frozen=True):
    """The function ran into its own limit."""


class Slow(Struct, frozen=True):
    """The function was still running when the integration's limit was over."""


class Throttled(Struct, frozen=True):
    """Lambda refused to run the function: its concurrency is used up."""


class Streamed(Struct, frozen=True):
    """The function streamed its response.

    `prelude` is the JSON metadata before the eight NUL bytes, None where there was none. `failed`: the stream ended
    with an error.
    """

    prelude: bytes | None
    body: bytes = b""
    content_type: str = "application/octet-stream"
    failed: bool = False


class Unread(Struct, frozen=True):
    """What the function answers cannot be read from the project.

    Some front doors decide all that matters without it (an HTTP API with CORS configured, a non-proxy integration);
    the others raise `Undecided` with `why`.
    """

    why: Unknown | OneOf[Any]


InvokeResult = Payload | RawPayload | Failed | TimedOut | Slow | Throttled | Streamed | Unread


class Granted(Struct, frozen=True):
    """The caller passes. `context` is what the authorizer hands to the function; `principal` whom it recognised."""

    context: Mapping[str, Any] = field(default_factory=dict)
    principal: str = "user"


class Denied(Struct, frozen=True):
    """The caller is known and refused: a policy denies, `isAuthorized` is false, a scope is missing."""


class Unauthorized(Struct, frozen=True):
    """The caller is not recognised: a token that does not verify, or an authorizer that raised "Unauthorized"."""


class AuthorizerBroken(Struct, frozen=True):
    """The authorizer gave no decision. `kind`: "failure" (it raised) or "configuration" (bad output, not callable)."""

    kind: str = "failure"


AuthorizerDecision = Granted | Denied | Unauthorized | AuthorizerBroken
Told = InvokeResult | AuthorizerDecision
"""What a driver may send back."""


class Answered(Struct, frozen=True):
    """The response that leaves AWS. `relied` names the fields of `Assumptions` it depends on, each once."""

    response: Response
    relied: tuple[str, ...] = ()
