"""The front doors, by their type."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from msgspec.structs import replace

from corsmith.api.alb import Alb, AlbRule, AlbTarget
from corsmith.api.cloudfront import CacheBehavior, CloudFront
from corsmith.api.exchange import Request
from corsmith.api.function_url import FunctionUrl
from corsmith.api.http_api import HttpRoute
from corsmith.api.model import FrontDoor
from corsmith.api.rest_api import RestMethod
from corsmith.api.value import Undecided

from .address import api_host, identifier, stage_name
from .asks import Answered, Ask, Told
from .assumptions import WORKING, Assumptions
from .call import Call
from .circumstances import NORMAL, Circumstances

_DOORS: dict[str, Any] = {}
"""The modules of the front doors that were met: each is loaded with the first of its kind, because start-up must be fast."""


def _door(kind: str) -> Any:
    door = _DOORS.get(kind)
    if door is None:
        door = _DOORS[kind] = _loaded(kind)
    return door


def _loaded(kind: str) -> Any:
    if kind == "rest_api":
        from . import rest_api

        return rest_api
    if kind == "http_api":
        from . import http_api

        return http_api
    if kind == "function_url":
        from . import function_url

        return function_url
    if kind == "alb":
        from . import alb

        return alb
    from . import cloudfront

    return cloudfront


def answer(
    front_door: FrontDoor,
    request: Request,
    circumstances: Circumstances = NORMAL,
    assumptions: Assumptions = WORKING,
) -> Generator[Ask, Told, Answered]:
    """Return the response that `front_door` gives to `request`, asking the driver where a function or caller decides.

    Raises `corsmith.api.value.Undecided` where the answer depends on a setting that is not known.
    """
    met = _met(front_door, request.method, circumstances)
    return _answer(circumstances.deployed or front_door, Call(request, met, assumptions))


def _met(front_door: FrontDoor, method: str, circumstances: Circumstances) -> Circumstances:
    """Return the circumstances with what the front door's guards do to a request."""
    if isinstance(front_door, FunctionUrl) or not front_door.guards:
        return circumstances
    kinds = {guard.kind for guard in front_door.guards if "*" in guard.verbs or method in guard.verbs}
    return replace(
        circumstances,
        waf_blocks=circumstances.waf_blocks or "waf" in kinds,
        client_certificate_missing=circumstances.client_certificate_missing or "mutual-tls" in kinds,
    )


def _answer(front_door: FrontDoor, call: Call) -> Generator[Ask, Told, Answered]:
    if isinstance(front_door, CloudFront):
        return _distributed(front_door, call)
    asking: Generator[Ask, Told, Answered] = _door(front_door.kind).answer(front_door, call)
    return asking


def _distributed(distribution: CloudFront, call: Call) -> Generator[Ask, Told, Answered]:
    """Return the response of a distribution: it lets the front door behind it answer."""
    behavior = _door("cloudfront").match(distribution, call.path)
    if call.circumstances.waf_blocks:
        return call.answered(_door("cloudfront").own(403, "waf"))
    if behavior is None:
        return call.answered(_door("cloudfront").own(404))
    if _door("cloudfront").refused(behavior, call):
        response = _door("cloudfront").own(403)
    else:
        behind = yield from _behind(behavior, call)
        response = behind.response
        call.rely_on(behind.relied)
    return call.answered(_door("cloudfront").finish(distribution, behavior, response, call))


def _behind(behavior: CacheBehavior, call: Call) -> Generator[Ask, Told, Answered]:
    target = behavior.target
    if target is None:
        raise Undecided(behavior.elsewhere)
    request = _door("cloudfront").upstream(behavior, call)
    hosts = [value for name, value in request.headers if name.lower() == "host"]
    if hosts and not isinstance(target, Alb):
        # The front door is not known under the viewer's Host (API Gateway and Function URLs alike).
        return Answered(_door("cloudfront").forbidden())
    address = base_url(target, behavior.stage.get() or "$default")
    forwarded = replace(request, url=address + request.url)
    inner = replace(call.circumstances, stage=None, deployed=None, waf_blocks=False)
    return (yield from answer(target, forwarded, inner, call.assumptions))


def base_url(front_door: FrontDoor, stage: str | None = None) -> str:
    """Return the address AWS would give `front_door`, without a trailing slash: `https://host[/stage]`.

    `stage` None: the first stage. A stage called `$default` is no part of the address.
    """
    if isinstance(front_door, FunctionUrl):
        return f"https://{_door('function_url').host(front_door.name)}"
    if isinstance(front_door, Alb):
        return f"https://{_door('alb').host(front_door)}"
    if isinstance(front_door, CloudFront):
        named = _door("cloudfront").alias(front_door)
        return f"https://{named or f'd{identifier(front_door.name, 13)}.cloudfront.net'}"
    name = stage
    if name is None:
        name = stage_name(front_door.stages[0]) if front_door.stages else "$default"
    return f"https://{api_host(front_door.name)}" + ("" if name == "$default" else f"/{name}")


Declared = RestMethod | HttpRoute | FunctionUrl | AlbRule | AlbTarget | CacheBehavior
"""What a front door declares for a method and path."""


def match(front_door: FrontDoor, method: str, path: str) -> Declared | None:
    """Return what the front door declares for `method` on `path` (no stage prefix), or None.

    A Function URL takes everything itself; so does the default action of a load balancer's listener, what no rule
    takes, where it leads to a function. Raises `Undecided`.
    """
    if isinstance(front_door, FunctionUrl):
        return front_door
    declared: Declared | None
    if isinstance(front_door, CloudFront):
        declared = _door("cloudfront").match(front_door, path)
    else:
        declared = _door(front_door.kind).match(front_door, method, path)
    return declared
