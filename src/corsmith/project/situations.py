"""What can happen to a request besides the normal course: refused, throttled, crashed, too slow."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from corsmith.api.cell import Route
from corsmith.api.front_door import LambdaProxy
from corsmith.api.http_api import HttpRoute
from corsmith.api.rest_api import RestApi, RestMethod
from corsmith.gateways import (
    AuthorizerDecision,
    Circumstances,
    Denied,
    Failed,
    Granted,
    InvokeResult,
    Slow,
    Unauthorized,
)


class Situation(Struct, frozen=True):
    """One situation of the actual request. `result`: what the function comes to, None where its code decides."""

    name: str = ""
    circumstances: Circumstances = Circumstances()
    decision: AuthorizerDecision = Granted()
    result: InvokeResult | None = None


NORMAL = Situation()
UNAUTHORIZED = Situation("unauthorized", decision=Unauthorized())
DENIED = Situation("denied", decision=Denied())
WRONG_KEY = Situation("unknown API key", circumstances=Circumstances(api_keys=frozenset()))
THROTTLED = Situation("throttled", circumstances=Circumstances(throttled=True))
CRASHED = Situation("crashed", result=Failed())
SLOW = Situation("timed out", result=Slow())


def refusals(route: Route) -> Iterator[Situation]:
    """Yield how `route` can refuse its caller: these are looked at for each route that has an authorizer or a key."""
    declared = route.declared
    if isinstance(declared, HttpRoute) and declared.authorizer is not None:
        yield UNAUTHORIZED
        yield DENIED
    if isinstance(declared, RestMethod):
        if getattr(declared.authorizer, "value", None) is not None:
            yield UNAUTHORIZED
            yield DENIED
        if getattr(declared.api_key_required, "value", False):
            yield WRONG_KEY


def mishaps(route: Route) -> Iterator[Situation]:
    """Yield what can happen to any call: looked at once for each REST API, whose gateway responses answer for all.

    An HTTP API or Function URL with CORS settings of its own adds the headers to these answers too; without such
    settings nothing could, and no finding would help.
    """
    if isinstance(route.front_door, RestApi) and isinstance(getattr(route.declared, "integration", None), LambdaProxy):
        yield THROTTLED
        yield CRASHED
        yield SLOW
