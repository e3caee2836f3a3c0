"""What a front door asks of whoever drives it, and the answers it takes.

Theory of operation: a front door does no I/O. `answer` is a generator that yields an ask where AWS would run a function
or decide about a caller, is sent the answer, and returns an `Answered`. The static check answers from what it read of
the code, the local gateway by running the code: the front door is the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from corsmith.api.exchange import Response
from corsmith.api.front_door import Authorizer
from corsmith.api.value import OneOf, Unknown

Event = dict[str, Any]
"""The JSON object that AWS hands to a function."""


@dataclass(frozen=True, slots=True)
class Invoke:
    """Run `function` (a logical id) with `event`. `timeout_ms` is the integration's limit, not the function's own.

    `streams`: the function is invoked with response streaming, so the answer may be `Streamed`.
    """

    function: str
    event: Event
    timeout_ms: int
    streams: bool = False
    purpose: str = "integration"


@dataclass(frozen=True, slots=True)
class Authorize:
    """Does the caller pass `authorizer`? Asked only where the identity sources are present.

    `identity` holds their values in the order of the sources. `event` is what a Lambda authorizer is sent, None for the
    other kinds; `authorizer_answers.decide` turns a Lambda authorizer's result into a decision.
    """

    authorizer: Authorizer
    event: Event | None
    identity: tuple[str, ...]


Ask = Invoke | Authorize


@dataclass(frozen=True, slots=True)
class Payload:
    """The JSON value that the runtime posted."""

    value: Any


@dataclass(frozen=True, slots=True)
class RawPayload:
    """What the runtime posted was not JSON (Python: `bytes`)."""

    body: bytes
    content_type: str = "application/unknown"


@dataclass(frozen=True, slots=True)
class Failed:
    """The function failed. `kind`: "exception", "init" (its module did not load), "exit", "marshal".

    `message` is the error message, None where it is not known.
    """

    kind: str = "exception"
    message: str | None = None


@dataclass(frozen=True, slots=True)
class TimedOut:
    """The function ran into its own limit."""


@dataclass(frozen=True, slots=True)
class Slow:
    """The function was still running when the integration's limit was over."""


@dataclass(frozen=True, slots=True)
class Throttled:
    """Lambda refused to run the function: its concurrency is used up."""


@dataclass(frozen=True, slots=True)
class Streamed:
    """The function streamed its response.

    `prelude` is the JSON metadata before the eight NUL bytes, None where there was none. `failed`: the stream ended
    with an error.
    """

    prelude: bytes | None
    body: bytes = b""
    content_type: str = "application/octet-stream"
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Unread:
    """What the function answers cannot be read from the project.

    Some front doors decide all that matters without it (an HTTP API with CORS configured, a non-proxy integration);
    the others raise `Undecided` with `why`.
    """

    why: Unknown | OneOf[Any]


InvokeResult = Payload | RawPayload | Failed | TimedOut | Slow | Throttled | Streamed | Unread


@dataclass(frozen=True, slots=True)
class Granted:
    """The caller passes. `context` is what the authorizer hands to the function; `principal` whom it recognised."""

    context: Mapping[str, Any] = field(default_factory=dict)
    principal: str = "user"


@dataclass(frozen=True, slots=True)
class Denied:
    """The caller is known and refused: a policy denies, `isAuthorized` is false, a scope is missing."""


@dataclass(frozen=True, slots=True)
class Unauthorized:
    """The caller is not recognised: a token that does not verify, or an authorizer that raised "Unauthorized"."""


@dataclass(frozen=True, slots=True)
class AuthorizerBroken:
    """The authorizer gave no decision. `kind`: "failure" (it raised) or "configuration" (bad output, not callable)."""

    kind: str = "failure"


AuthorizerDecision = Granted | Denied | Unauthorized | AuthorizerBroken
Told = InvokeResult | AuthorizerDecision
"""What a driver may send back."""


@dataclass(frozen=True, slots=True)
class Answered:
    """The response that leaves AWS. `relied` names the fields of `Assumptions` it depends on, each once."""

    response: Response
    relied: tuple[str, ...] = ()
