"""The routes that pages call where a CloudFront distribution stands in front of an API: they call the distribution."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec.structs import replace

from corsmith.api.alb import AlbRule, AlbTarget
from corsmith.api.cell import Route
from corsmith.api.cloudfront import CacheBehavior, CloudFront
from corsmith.api.function_url import FunctionUrl
from corsmith.api.http_api import HttpApi
from corsmith.api.model import Api, FrontDoor
from corsmith.api.rest_api import RestApi
from corsmith.api.value import Known, Undecided
from corsmith.gateways import match

from .pages import Told
from .routes import Summaries, function_of, known, routes


def served_by(
    api: Api, summaries: Summaries, asked: tuple[str, ...] = (), calls: tuple[Told, ...] = ()
) -> Iterator[tuple[FrontDoor, tuple[Route, ...]]]:
    """Yield each front door with its callable routes. What a distribution leads to is called there, not behind it."""
    led = {
        id(door): tuple(through(door, summaries, asked, calls))
        for door in api.front_doors
        if isinstance(door, CloudFront)
    }
    behind = {(id(each.last.front_door), each.last.label) for found in led.values() for each in found}
    for door in api.front_doors:
        if id(door) in led:
            yield door, led[id(door)]
        else:
            mine = routes(door, summaries, asked, calls)
            led_to = any(identity == id(door) for identity, _ in behind)
            yield (
                door,
                tuple(
                    route
                    for route in mine
                    if not led_to or ((id(door), route.label) not in behind and not _is_guess(route, summaries))
                ),
            )


def through(
    distribution: CloudFront, summaries: Summaries, asked: tuple[str, ...] = (), calls: tuple[Told, ...] = ()
) -> Iterator[Route]:
    """Yield the routes that a distribution leads to: those of the front doors behind it, under the addresses it has."""
    for behavior in distribution.behaviors:
        target = behavior.target
        if target is None:
            continue
        for route in routes(target, summaries, asked, calls):
            if not asked and _is_guess(route, summaries) and not _lets(behavior, route.method):
                continue
            path = _seen_from_outside(target, behavior, route.path)
            if path is not None and _takes_it(distribution, route.method, path) is behavior:
                yield Route(distribution, route.method, path, route.declared, route, behavior)
            elif _takes_all(route):
                yield from _example_of(distribution, behavior, route)


def _takes_all(route: Route) -> bool:
    """Say whether a route takes every path, and this one only stands for them."""
    return route.path == "/" and (
        isinstance(route.declared, FunctionUrl | AlbTarget) or getattr(route.declared, "path", "") == "$default"
    )


def _example_of(distribution: CloudFront, behavior: CacheBehavior, route: Route) -> Iterator[Route]:
    """Yield a path that the behavior takes, for what takes every path behind it."""
    if isinstance(behavior.path_pattern, Known):
        path = "/" + re.sub(r"[*?]", "1", behavior.path_pattern.value.removeprefix("/"))
        if _takes_it(distribution, route.method, path) is behavior:
            before = behavior.stage.value if isinstance(behavior.stage, Known) else ""
            inner = replace(route, path=f"/{before}{path}" if before else path)
            yield Route(distribution, route.method, path, route.declared, inner, behavior)


def _seen_from_outside(target: FrontDoor, behavior: CacheBehavior, path: str) -> str | None:
    """Return the address of a path behind a distribution: with the stage, where the origin path does not bring it."""
    if isinstance(behavior.stage, Known) and not behavior.stage.value and isinstance(target, RestApi | HttpApi):
        name = target.stages[0].name if target.stages else Known("$default")
        if not isinstance(name, Known):
            return None
        return path if name.value == "$default" else f"/{name.value}{path}"
    if isinstance(behavior.stage, Known) and isinstance(target, RestApi | HttpApi):
        stages = {each.name.value for each in target.stages if isinstance(each.name, Known)}
        first, prefix = behavior.stage.value.partition("/")[0], f"/{behavior.stage.value}"
        if "$default" in stages and first not in stages:
            # The origin path is a part of the API's own paths.
            return (path.removeprefix(prefix) or "/") if f"{path}/".startswith(f"{prefix}/") else None
    return path


def _is_guess(route: Route, summaries: Summaries) -> bool:
    """Say whether nothing names the method: a catch-all takes it, and neither its front door nor its code says so."""
    named = getattr(route.declared, "method", None) or getattr(route.declared, "verb", "ANY")
    if str(named).upper() != "ANY" or isinstance(route.declared, AlbRule):
        return False
    name = function_of(route.declared)
    summary = summaries(name) if name else None
    return summary is None or all(method != route.method for method, _ in summary.serves)


def _lets(behavior: CacheBehavior, method: str) -> bool:
    return not isinstance(behavior.allowed_methods, Known) or method in known(behavior.allowed_methods)


def _takes_it(distribution: CloudFront, method: str, path: str) -> object:
    try:
        return match(distribution, method, path)
    except Undecided:
        return None
