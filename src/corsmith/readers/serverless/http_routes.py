"""The routes of an HTTP API: `httpApi` events. Source: the guide "HTTP API (API Gateway v2)"."""

from __future__ import annotations

import re

from msgspec import Struct

from corsmith.readers.nodes import Mapping, Node

from . import naming
from .parts import Unresolved, get, text_of
from .service import Event, Service, Stack

METHODS = ("ANY", "GET", "POST", "PUT", "PATCH", "OPTIONS", "HEAD", "DELETE")
_SHORT = re.compile(rf"({'|'.join(METHODS)}) (/\S*)$", re.IGNORECASE)


class Route(Struct, frozen=True):
    """A route: its method ("ANY" for all), its path, and its key, "*" for the default route."""

    event: Event
    method: str
    path: str
    authorizer: Node | None = None

    @property
    def key(self) -> str:
        """The route's key as Serverless spells it."""
        return "*" if self.path == "*" else f"{self.method} {self.path}"


def routes_of(service: Service, stack: Stack) -> tuple[Route, ...]:
    """Return the routes that the events of a service make."""
    found: dict[str, Route] = {}
    for event in service.events("httpApi", stack):
        route = _route(event, stack)
        if route is None:
            continue
        before = found.get(route.key)
        if before is not None and route.key != "*":
            names = f"{before.event.function.name} and {route.event.function.name}"
            message = f"The route {route.key} is declared by two events, of {names}."
            stack.refuse("conflict", route.event.span, message, api=naming.HTTP_API)
        found[route.key] = route
    return tuple(found.values())


def _route(event: Event, stack: Stack) -> Route | None:
    node, name = event.value, event.function.name
    if isinstance(node, Mapping):
        method, path = get(node, "method"), get(node, "path")
        for each in (method, path):
            if isinstance(each, Unresolved):
                stack.unread(each, f"an httpApi event of {name}")
                return None
        verb, where, authorizer = text_of(method), text_of(path), get(node, "authorizer")
    else:
        written = (text_of(node) or "").strip()
        match = _SHORT.match(written)
        verb, where = (match.group(1), match.group(2)) if match else (None, "*" if written == "*" else None)
        authorizer = None
    if where is None:
        message = f"An httpApi event of {name} must be '*', 'METHOD /path', or have a path."
        stack.refuse("missing", event.span, message, api=naming.HTTP_API, key="path")
        return None
    if where == "*":
        if verb not in (None, "*"):
            message = f"The httpApi event of {name} has a method, which the path '*' cannot have."
            stack.refuse("invalid-value", event.span, message, api=naming.HTTP_API, key="path")
        return Route(event, "ANY", "*", authorizer)
    if verb is None:
        message = f"The httpApi event {where} of {name} has no method."
        stack.refuse("missing", event.span, message, api=naming.HTTP_API, key="method")
        return None
    verb = "ANY" if verb == "*" else verb.upper()
    if verb not in METHODS:
        message = f"{verb} is no method of an httpApi event; they are {', '.join(METHODS)}."
        stack.refuse("invalid-value", event.span, message, api=naming.HTTP_API, key="method")
        return None
    return Route(event, verb, where, authorizer)
