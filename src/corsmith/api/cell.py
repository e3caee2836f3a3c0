"""A cell: one caller, one route, one outcome, and what the browser makes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from .caller import Caller
from .cloudfront import CacheBehavior
from .exchange import Request, Response
from .model import Api, FrontDoor
from .outcome import Outcome
from .value import OneOf, Unknown

if TYPE_CHECKING:
    from typing import Any


class Route(Struct, frozen=True):
    """A callable route of a front door: one method and one path, as a browser would ask for it.

    `declared` is the method or route of the front door that takes it (an HttpRoute, a RestMethod, or the Function URL).
    Through a distribution it is that of the front door behind it: `behind` is the route there, and `behavior` what leads to
    it.
    """

    front_door: FrontDoor
    method: str
    path: str
    declared: Any
    behind: Route | None = None
    behavior: CacheBehavior | None = None

    @property
    def last(self) -> Route:
        """The route at the front door that calls the function."""
        return self.behind or self

    @property
    def label(self) -> str:
        """Return "POST /items"."""
        return f"{self.method} {self.path}"


class Exchange(Struct, frozen=True):
    """One request of the browser and its answer. `kind`: "preflight" or "request"."""

    kind: str
    request: Request
    response: Response


class Cell(Struct, frozen=True):
    """What one browser call comes to. `verdict` is the browser's (`corsmith.browser.Verdict`), None when undecided.

    `outcome` is what the function did on the actual request, None where the front door answered alone (`situation`
    names it: "unauthorized", "throttled", "timeout", …, "" for the normal course).
    """

    api: Api
    route: Route
    caller: Caller
    situation: str
    outcome: Outcome | None
    preflight_outcome: Outcome | None
    exchanges: tuple[Exchange, ...]
    verdict: Any
    undecided: Unknown | OneOf[Any] | None = None
    relied: tuple[str, ...] = ()
    """The disputed facts that the deciding answer depends on: fields of `corsmith.gateways.Assumptions`."""
