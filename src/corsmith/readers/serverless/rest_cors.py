"""`cors` of http events: an OPTIONS method with a mock for each path that has an event with it.

Source: the guide "REST API (API Gateway v1)", "Enabling CORS"; what Serverless 3 packages, measured.
"""

from __future__ import annotations

from functools import lru_cache

from msgspec import Struct

from corsmith.api.span import Span
from corsmith.readers.nodes import Mapping, Node, Scalar, Sequence

from . import naming
from .defaults import HEADERS
from .parts import (
    NOWHERE,
    Unresolved,
    get,
    is_on,
    items_of,
    link,
    listed,
    made,
    made_of,
    on,
    record,
    settings_of,
    term,
    text_of,
    unresolved,
)
from .rest_calls import Call, resource_of
from .service import Stack

_EVERY = "DELETE,GET,HEAD,PATCH,POST,PUT"
_ANSWER = "{statusCode:200}"
_RESPONSE = "method.response.header."
_ORIGIN = _RESPONSE + "Access-Control-Allow-Origin"
_HEADERS = _RESPONSE + "Access-Control-Allow-Headers"
_METHODS = _RESPONSE + "Access-Control-Allow-Methods"
_CREDENTIALS = _RESPONSE + "Access-Control-Allow-Credentials"
_AGE = _RESPONSE + "Access-Control-Max-Age"
_CACHE = _RESPONSE + "Cache-Control"


class Listed(Struct, frozen=True):
    """The items of a list setting, and the place of the list. An item that is known is its text."""

    items: tuple[str | Node, ...]
    span: Span


class Origins(Struct, frozen=True):
    """The items of `origins`, and the place of the list."""

    items: tuple[Node, ...]
    span: Span


class Preflight(Struct):
    """What the events of one path ask for. `origin` None: nothing is given, where `origins` are."""

    path: str
    span: Span
    origin: Node | None = None
    origins: Origins | None = None
    headers: Listed | None = None
    methods: Listed | None = None
    credentials: Node | None = None
    max_age: Node | None = None
    cache_control: Node | None = None


def add_preflights(calls: tuple[Call, ...], stack: Stack) -> tuple[str, ...]:
    """Add the OPTIONS methods, and return their paths."""
    found: dict[str, Preflight] = {}
    for call in calls:
        cors = call.cors
        if cors is None:
            continue
        own = found.get(call.path)
        if own is None:
            setting = call.event.value
            entry = setting.entry("cors") if isinstance(setting, Mapping) else None
            own = found[call.path] = Preflight(call.path, entry.span if entry is not None else cors.span)
        _join(own, cors, call.method.upper())
    for each in found.values():
        _method(each, stack)
    return tuple(found)


def _join(own: Preflight, cors: Node, method: str) -> None:
    """Add the settings of one event; the last one's origin counts, and lists begin with the last one's items."""
    span = cors.span
    if isinstance(cors, Unresolved):
        own.origin, own.headers, own.methods = cors, Listed((cors,), span), Listed((cors,), span)
        return
    given = settings_of(cors)
    origins, origin = given.get("origins"), given.get("origin")
    if origins is not None and is_on(origins):
        items = _distinct(items_of(origins) + (own.origins.items if own.origins is not None else ()))
        own.origins = Origins(items, origins.span)
        own.origin = origin
    else:
        own.origin = origin if origin is not None else made("*", span, "cors")
    headers = given.get("headers")
    if headers is not None and is_on(headers):
        own.headers = _union(_texts(items_of(headers)), headers.span, own.headers)
    else:
        own.headers = _union(HEADERS, span, own.headers)
    written = given.get("methods")
    if written is not None:
        names = (*_texts(items_of(written)), "OPTIONS", method)
        own.methods = _union(names, written.span, own.methods)
    else:
        own.methods = _union(("OPTIONS", method), span, own.methods)
    credentials, age, cache = given.get("allowCredentials"), given.get("maxAge"), given.get("cacheControl")
    own.credentials = own.credentials or (credentials if is_on(credentials) else None)
    own.max_age = age if is_on(age) else own.max_age
    own.cache_control = cache if is_on(cache) else own.cache_control


def _texts(items: tuple[Node, ...]) -> tuple[str | Node, ...]:
    """Return the items of a list, the texts of those that are known."""
    return tuple([item if (text := text_of(item)) is None else text for item in items])


def _union(first: tuple[str | Node, ...], span: Span, second: Listed | None) -> Listed:
    """Return the items of two lists, each once; the place is that of the first."""
    return Listed(tuple(dict.fromkeys(first + second.items if second is not None else first)), span)


def _distinct(items: tuple[Node, ...]) -> tuple[Node, ...]:
    found: dict[object, Node] = {}
    for item in items:
        text = text_of(item)
        found.setdefault(text if text is not None else id(item), item)
    return tuple(found.values())


def quoted(node: Node, of: str) -> Node:
    """Return the literal of a mapping expression that Serverless makes of a setting."""
    if isinstance(node, Unresolved):
        return node
    text = text_of(node)
    return made(f"'{text}'", node.span, of) if text is not None else unresolved(f"{of} is no text", node.span)


def joined(items: tuple[str | Node, ...], span: Span, of: str) -> Node:
    """Return the items of a list that stands at `span` as one literal."""
    texts: list[str] = []
    for item in items:
        if not isinstance(item, str):
            because = item.because if isinstance(item, Unresolved) else f"an item of {of} is no text"
            return unresolved(because, item.span)
        texts.append(item)
    return made("'" + ",".join(texts) + "'", span, of)


def _method(own: Preflight, stack: Stack) -> None:
    span = own.span
    origin, origins = own.origin, own.origins
    text = text_of(origin)
    if text is not None and "," in text and origin is not None:
        parts = tuple(made(part.strip(), origin.span, "origin") for part in text.split(","))
        origins = Origins(parts, origin.span)
    if origins is not None and origins.items:
        origin = origins.items[0]
    headers: list[tuple[str, Node]] = [
        (_ORIGIN, quoted(origin, "origin") if origin is not None else made("'undefined'", span, "origins")),
    ]
    if own.headers is not None and own.methods is not None:
        headers.append((_HEADERS, joined(own.headers.items, own.headers.span, "headers")))
        headers.append((_METHODS, _spelled(own.methods)))
    if own.credentials is not None:
        unknown = isinstance(own.credentials, Unresolved)
        value = own.credentials if unknown else made("'true'", own.credentials.span, "allowCredentials")
        headers.append((_CREDENTIALS, value))
    for name, node in ((_AGE, own.max_age), (_CACHE, own.cache_control)):
        if node is not None:
            headers.append((name, quoted(node, "cors")))
    way = (made_of("cors", span),)
    status = Scalar("200", span, "str", "made", "", way)
    response = record(
        span,
        [
            ("StatusCode", status),
            ("ResponseParameters", record(span, headers)),
            ("ResponseTemplates", record(span, [("application/json", _template(origins, span))])),
        ],
    )
    mock = record(
        span,
        [
            ("Type", term("MOCK")),
            ("RequestTemplates", record(span, [("application/json", Scalar(_ANSWER, span, "str", "made", "", way))])),
            ("ContentHandling", Scalar("CONVERT_TO_TEXT", span, "str", "made", "", way)),
            ("IntegrationResponses", listed(span, (response,))),
        ],
    )
    declared = record(
        span,
        [
            ("StatusCode", status),
            ("ResponseParameters", _declared(tuple([name for name, _ in headers]))),
        ],
    )
    stack.add(
        naming.method(own.path, "options"),
        "AWS::ApiGateway::Method",
        span,
        [
            ("AuthorizationType", term("NONE")),
            ("HttpMethod", term("OPTIONS")),
            ("MethodResponses", listed(span, (declared,))),
            ("Integration", mock),
            ("ResourceId", resource_of(own.path)),
            ("RestApiId", link(naming.REST_API)),
        ],
    )


@lru_cache(maxsize=256)
def _declared(names: tuple[str, ...]) -> Mapping:
    """Return the headers that a method declares: what stands under their names is told nobody."""
    return record(NOWHERE, [(name, on(NOWHERE)) for name in names])


def _spelled(methods: Listed) -> Node:
    """Return the methods as one literal, with ANY written out."""
    value = joined(methods.items, methods.span, "methods")
    text = text_of(value)
    if text is None or "ANY" not in methods.items:
        return value
    return made(text.replace("ANY", _EVERY, 1), value.span, "methods")


def _template(origins: Origins | None, span: Span) -> Node:
    """Return the template that answers with the page's origin where it is one of several."""
    if origins is None or not origins.items:
        return made("", span, "cors")
    tests: list[str] = []
    for item in origins.items:
        text = text_of(item)
        if text is None:
            return unresolved(item.because if isinstance(item, Unresolved) else "an origin is no text", item.span)
        tests.append('$origin.matches("' + text.replace(".", "[.]").replace("*", ".+", 1) + '")')
    lines = (
        '#set($origin = $input.params("Origin"))',
        '#if($origin == "") #set($origin = $input.params("origin")) #end',
        f"#if({' || '.join(tests)}) #set($context.responseOverride.header.Access-Control-Allow-Origin = $origin) #end",
    )
    return made("\n".join(lines), origins.span, "origins")


def origin_of_responses(cors: Node) -> Node:
    """Return what non-proxy responses send as Access-Control-Allow-Origin: several origins are joined by commas."""
    if isinstance(cors, Unresolved):
        return cors
    origins, origin = get(cors, "origins"), get(cors, "origin")
    if origins is not None and is_on(origins):
        if isinstance(origins, Sequence):
            return joined(_texts(origins.items), origins.span, "origins")
        return quoted(origins, "origins")
    return quoted(origin if origin is not None else made("*", cors.span, "cors"), "origin")
