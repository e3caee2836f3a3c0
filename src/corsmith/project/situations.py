"""What can happen to a request besides the normal course: refused, throttled, crashed, too slow."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from corsmith.api.cell import Route
from corsmith.api.cloudfront import CacheBehavior
from corsmith.api.front_door import LambdaProxy
from corsmith.api.http_api import HttpRoute
from corsmith.api.outcome import HandlerSummary
from corsmith.api.rest_api import RestApi, RestMethod
from corsmith.api.value import Known
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
from corsmith.rules.origin_header_case import spelling


class Situation(Struct, frozen=True):
    """One situation of the actual request. `result`: what the function comes to, None where its code decides.

    `by_code`: the function answers as it always does, so each of its ways out is looked at. `spelled`: header names come
    as HTTP/1.1 browsers write them (`Origin`), not in lower case as HTTP/2 has them.
    """

    name: str = ""
    circumstances: Circumstances = Circumstances()
    decision: AuthorizerDecision = Granted()
    result: InvokeResult | None = None
    by_code: bool = False
    spelled: bool = False


NORMAL = Situation()
UNAUTHORIZED = Situation("unauthorized", decision=Unauthorized())
DENIED = Situation("denied", decision=Denied())
WRONG_KEY = Situation("unknown API key", circumstances=Circumstances(api_keys=frozenset()))
THROTTLED = Situation("throttled", circumstances=Circumstances(throttled=True))
CRASHED = Situation("crashed", result=Failed())
SLOW = Situation("timed out", result=Slow())
OVER_HTTP_1 = Situation("over HTTP/1.1", by_code=True, spelled=True)


def spellings(summary: HandlerSummary | None) -> Iterator[Situation]:
    """Yield the browser of the other protocol, where the code looks for Origin in one spelling only."""
    if summary is not None and any(spelling(outcome) is not None for outcome in summary.outcomes):
        yield OVER_HTTP_1


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


def stored(route: Route, origins: tuple[str, ...]) -> Iterator[Situation]:
    """Yield whose answer a distribution's cache may hand out, where Origin does not tell the cached answers apart."""
    behavior = route.behavior
    if behavior is None or route.method not in ("GET", "HEAD") or not _keeps(behavior):
        return
    yield Situation("cached for a request without Origin", Circumstances(cached_for=""), by_code=True)
    if len(origins) > 1:
        yield Situation("cached for another page", Circumstances(cached_for=origins[-1]), by_code=True)


def _keeps(behavior: CacheBehavior) -> bool:
    key, forwarded = behavior.cache_key, behavior.forwarded
    if not (isinstance(behavior.caches, Known) and behavior.caches.value):
        return False
    if not isinstance(key, Known) or not isinstance(forwarded, Known):
        return False
    apart = {each.value for each in key.value if isinstance(each, Known)}
    sent = {each.value for each in forwarded.value if isinstance(each, Known)}
    return not apart & {"origin", "*"} and bool(sent & {"origin", "*"})


def mishaps(route: Route) -> Iterator[Situation]:
    """Yield what can happen to any call: looked at once for each REST API, whose gateway responses answer for all.

    An HTTP API or Function URL with CORS settings of its own adds the headers to these answers too; without such
    settings nothing could, and no finding would help.
    """
    if isinstance(route.last.front_door, RestApi) and isinstance(
        getattr(route.declared, "integration", None), LambdaProxy
    ):
        yield THROTTLED
        yield CRASHED
        yield SLOW
