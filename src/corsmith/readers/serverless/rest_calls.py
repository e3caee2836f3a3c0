"""The `http` events of a service."""

from __future__ import annotations

from msgspec import Struct

from corsmith.api.span import Span
from corsmith.readers.nodes import Mapping, Node

from . import naming
from .parts import NOWHERE, Unresolved, attribute, is_on, link, settings_of, text_of
from .service import Event, Service, Stack

DEEPEST = 30
"""Parts of a path; nobody has more, and each is a resource of the API."""
_ROOT = attribute(naming.REST_API, "RootResourceId", NOWHERE)
_INTEGRATIONS = {"LAMBDA": "AWS", "LAMBDA_PROXY": "AWS_PROXY"}


class Call(Struct, frozen=True):
    """An event: its path without the outer slashes, its method in lower case, its settings by name, no nulls.

    `integration` as API Gateway calls it ("AWS_PROXY", "AWS", …); "" where it is not known.
    """

    event: Event
    path: str
    method: str
    settings: dict[str, Node]
    integration: str

    @property
    def span(self) -> Span:
        """Where the event stands."""
        return self.event.span

    @property
    def cors(self) -> Node | None:
        """The event's cors setting, None where it is switched off."""
        node = self.settings.get("cors")
        return node if node is not None and is_on(node) else None


def resource_of(path: str) -> Node:
    """Return the reference to the resource of a path."""
    return link(naming.resource(path)) if path else _ROOT


def calls_of(service: Service, stack: Stack) -> tuple[Call, ...]:
    """Return the events that make the REST API, in order."""
    found: list[Call] = []
    for event in service.events("http", stack):
        call = _call(event, stack)
        if call is not None:
            found.append(call)
    return tuple(found)


def _call(event: Event, stack: Stack) -> Call | None:
    node, name = event.value, event.function.name
    settings = settings_of(node)
    if isinstance(node, Mapping):
        method, path = settings.get("method"), settings.get("path")
        for each in (method, path):
            if isinstance(each, Unresolved):
                stack.unread(each, f"an http event of {name}")
                return None
        verb, where = text_of(method), text_of(path)
    else:
        parts = (text_of(node) or "").split(" ")
        verb, where = parts[0] or None, parts[1] if len(parts) > 1 else None
    if verb is None or where is None:
        missing = "path" if where is None else "method"
        message = f"An http event of {name} has no {missing}."
        stack.refuse("missing", event.span, message, api=naming.REST_API, key=missing)
        return None
    bare = where.removeprefix("/").removesuffix("/")
    if bare.count("/") > DEEPEST:
        message = f"The path of an http event of {name} has more than {DEEPEST} parts."
        stack.refuse("invalid-value", event.span, message, api=naming.REST_API, key="path")
        return None
    return Call(event, bare, "any" if verb == "*" else verb.lower(), settings, _integration(settings))


def _integration(settings: dict[str, Node]) -> str:
    setting = settings.get("integration")
    written = text_of(setting)
    if isinstance(setting, Unresolved):
        return ""
    if written:
        name = written.upper().replace("-", "_", 1)
        return _INTEGRATIONS.get(name, name)
    return "AWS" if is_on(settings.get("async")) else "AWS_PROXY"
