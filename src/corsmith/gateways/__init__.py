"""What leaves AWS: for each front door, a pure function from request, configuration and the function's result."""

from .answer import answer, base_url, match
from .asks import (
    Answered,
    Ask,
    Authorize,
    AuthorizerBroken,
    AuthorizerDecision,
    Denied,
    Failed,
    Granted,
    Invoke,
    InvokeResult,
    Payload,
    RawPayload,
    Slow,
    Streamed,
    Throttled,
    TimedOut,
    Told,
    Unauthorized,
    Unread,
)
from .assumptions import Assumptions
from .circumstances import Circumstances

__all__ = [
    "Answered",
    "Ask",
    "Assumptions",
    "Authorize",
    "AuthorizerBroken",
    "AuthorizerDecision",
    "Circumstances",
    "Denied",
    "Failed",
    "Granted",
    "Invoke",
    "InvokeResult",
    "Payload",
    "RawPayload",
    "Slow",
    "Streamed",
    "Throttled",
    "TimedOut",
    "Told",
    "Unauthorized",
    "Unread",
    "answer",
    "base_url",
    "match",
]
