"""What the browser asks of whoever drives it."""

from __future__ import annotations

from dataclasses import dataclass

from corsmith.api.exchange import NetworkFailure, Request, Response


@dataclass(frozen=True, slots=True)
class Ask:
    """A request that the browser sends now. `kind`: "preflight" or "request"; `hop` counts redirects from 0."""

    kind: str
    request: Request
    hop: int = 0


Answer = Response | NetworkFailure


@dataclass(frozen=True, slots=True)
class Exchanged:
    """A request that was sent, and what came back. `kind` and `hop` as in `Ask`."""

    kind: str
    request: Request
    response: Answer
    hop: int = 0
