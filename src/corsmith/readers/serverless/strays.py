"""CORS settings that Serverless passes over: they stand where nothing reads them, or are misspelt."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from corsmith.api.model import Stray
from corsmith.readers.nodes import Entry, Mapping, Node

from . import naming
from .parts import entries_of, get, is_on
from .service import Function, Service

REST_KEYS = ("origin", "origins", "headers", "methods", "allowCredentials", "maxAge", "cacheControl")
KEYS = ("allowedOrigins", "allowedHeaders", "allowedMethods", "exposedResponseHeaders", "allowCredentials", "maxAge")
"""The settings of `cors` in http events, and of `provider.httpApi.cors` and `url.cors`."""

_OF_REST = "the cors of a REST API stands in each http event"
_OF_HTTP = "the cors of an HTTP API stands in provider.httpApi"


def strays_of(service: Service) -> tuple[Stray, ...]:
    """Return the settings that have no effect, in the order of the service's parts."""
    return tuple(_strays(service))


def _strays(service: Service) -> Iterator[Stray]:
    heard = [_events(function) for function in service.functions]
    kinds = {kind for events in heard for kind in events.kinds}
    doors = tuple(naming.REST_API if kind == "http" else naming.HTTP_API for kind in sorted(kinds))
    where = _OF_HTTP if kinds == {"httpApi"} else _OF_REST
    for owner, name in ((service.root, "the service"), (service.provider(), "provider")):
        yield from _cors(owner, f"{name} has no cors: {where}", doors)
    yield from _cors(service.provider("apiGateway"), f"provider.apiGateway has no cors: {_OF_REST}", (naming.REST_API,))
    settings = service.provider("httpApi", "cors")
    if "httpApi" in kinds:
        yield from _misspelt(settings, KEYS, (naming.HTTP_API,))
    elif "http" in kinds:
        because = "provider.httpApi.cors is for httpApi events, and the service has http events only"
        yield from _cors(service.provider("httpApi"), f"{because}: {_OF_REST}", (naming.REST_API,))
    for function, events in zip(service.functions, heard, strict=True):
        yield from _of_function(function, events, doors)


class _Events(Struct, frozen=True):
    """The events of a function, each with what stands under `http` and under `httpApi`; and which of these there are."""

    items: tuple[tuple[Node, Node | None, Node | None], ...]
    kinds: tuple[str, ...]


def _events(function: Function) -> _Events:
    items = tuple([(item, get(item, "http"), get(item, "httpApi")) for item in function.events])
    kinds = (kind for at, kind in ((1, "http"), (2, "httpApi")) if any(item[at] is not None for item in items))
    return _Events(items, tuple(kinds))


def _of_function(function: Function, events: _Events, doors: tuple[str, ...]) -> Iterator[Stray]:
    url = function.settings.get("url")
    if "cors" in function.settings:
        where = _OF_HTTP if events.kinds else "it stands in url, or in each http event"
        where = _OF_REST if "http" in events.kinds else where
        yield from _cors(function.body, f"the function {function.name} has no cors of its own: {where}", (function.id,))
    if isinstance(url, Mapping):
        address = (naming.normal(function.name) + "LambdaFunctionUrl",)
        yield from _misspelt(get(url, "cors"), KEYS, address)
        for entry in url.entries:
            if entry.key.text in KEYS:
                yield Stray(
                    entry.key.text, entry.key.span, f"url has no {entry.key.text}: it stands in url.cors", address
                )
    for item, http, http_api in events.items:
        if _entry(item, "cors") is not None and (http is not None or http_api is not None):
            kind = "http" if http is not None else "httpApi"
            door = naming.REST_API if http is not None else naming.HTTP_API
            because = (
                f"cors stands beside {kind}, not in it"
                if http is not None
                else f"an httpApi event has no cors: {_OF_HTTP}"
            )
            yield from _cors(item, because, (door,))
        if http is not None:
            yield from _misspelt(get(http, "cors"), REST_KEYS, (naming.REST_API,))
        if http_api is not None:
            yield from _cors(http_api, f"an httpApi event has no cors: {_OF_HTTP}", (naming.HTTP_API,))


def _cors(owner: Node | None, because: str, doors: tuple[str, ...]) -> Iterator[Stray]:
    entry = _entry(owner, "cors")
    if entry is not None and is_on(entry.value):
        yield Stray("cors", entry.key.span, because, doors)


def _misspelt(cors: Node | None, known: tuple[str, ...], doors: tuple[str, ...]) -> Iterator[Stray]:
    for entry in entries_of(cors):
        if entry.key.text not in known:
            because = (
                f"cors has no setting {entry.key.text} here, and Serverless passes it over; it has {', '.join(known)}"
            )
            yield Stray(entry.key.text, entry.key.span, because, doors, known)


def _entry(owner: Node | None, name: str) -> Entry | None:
    return owner.entry(name) if isinstance(owner, Mapping) else None
