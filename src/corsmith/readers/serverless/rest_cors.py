"""`cors` of http events: an OPTIONS method with a mock for each path that has an event with it.

Source: the guide "REST API (API Gateway v1)", "Enabling CORS"; what Serverless 3 packages, measured.
"""

from __future__ import annotations

from msgspec import Struct, field

from corsmith.api.span import Span
from corsmith.readers.nodes import Mapping, Node, Sequence

from . import naming
from .defaults import HEADERS
from .parts import (
    Unresolved,
    attribute,
    get,
    is_on,
    items_of,
    listed,
    made,
    on,
    record,
    ref,
    text_of,
    unresolved,
    word,
)
from .rest_calls import Call
from .service import Stack

_EVERY = "DELETE,GET,HEAD,PATCH,POST,PUT"
_RESPONSE = "method.response.header."


class Listed(Struct, frozen=True):
    """Texts of a list setting, and the place of the list."""

    items: tuple[Node, ...]
    span: Span


class Preflight(Struct):
    """What the events of one path ask for. `origin` None: nothing is given, where `origins` are."""

    path: str
    span: Span
    origin: Node | None = None
    origins: Listed | None = None
    headers: Listed | None = None
    methods: Listed | None = None
    credentials: Node | None = None
    max_age: Node | None = None
    cache_control: Node | None = None
    others: list[Node] = field(default_factory=list)


def add_preflights(calls: tuple[Call, ...], stack: Stack) -> tuple[str, ...]:
    """Add the OPTIONS methods, and return their paths."""
    found: dict[str, Preflight] = {}
    for call in calls:
        cors = call.cors
        if cors is None:
            continue
        entry = call.body.entry("cors") if isinstance(call.body, Mapping) else None
        own = found.setdefault(call.path, Preflight(call.path, entry.span if entry is not None else cors.span))
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
    origins, origin = get(cors, "origins"), get(cors, "origin")
    if origins is not None and is_on(origins):
        own.origins = _union(Listed(items_of(origins), origins.span), own.origins)
        own.origin = origin
    else:
        own.origin = origin if origin is not None else made("*", span, "cors")
    headers = get(cors, "headers")
    names = (
        Listed(items_of(headers), headers.span)
        if headers is not None and is_on(headers)
        else Listed(tuple(made(name, span, "cors") for name in HEADERS), span)
    )
    own.headers = _union(names, own.headers)
    written = get(cors, "methods")
    listed_methods = items_of(written)
    if not isinstance(cors, Mapping) or written is None:
        listed_methods = (made("OPTIONS", span, "cors"),)
    known = [text_of(item) for item in listed_methods]
    listed_methods += tuple(
        made(name, span, "cors") for name in dict.fromkeys(("OPTIONS", method)) if name not in known
    )
    own.methods = _union(Listed(listed_methods, written.span if written is not None else span), own.methods)
    credentials, age, cache = get(cors, "allowCredentials"), get(cors, "maxAge"), get(cors, "cacheControl")
    own.credentials = own.credentials or (credentials if is_on(credentials) else None)
    own.max_age = age if is_on(age) else own.max_age
    own.cache_control = cache if is_on(cache) else own.cache_control


def _union(first: Listed, second: Listed | None) -> Listed:
    found: dict[object, Node] = {}
    for item in first.items + (second.items if second is not None else ()):
        found.setdefault(text_of(item) if text_of(item) is not None else id(item), item)
    return Listed(tuple(found.values()), first.span)


def quoted(node: Node, of: str) -> Node:
    """Return the literal of a mapping expression that Serverless makes of a setting."""
    if isinstance(node, Unresolved):
        return node
    text = text_of(node)
    return made(f"'{text}'", node.span, of) if text is not None else unresolved(f"{of} is no text", node.span)


def joined(listed_: Listed, of: str) -> Node:
    """Return the items of a list as one literal."""
    texts: list[str] = []
    for item in listed_.items:
        text = text_of(item)
        if text is None:
            because = item.because if isinstance(item, Unresolved) else f"an item of {of} is no text"
            return unresolved(because, item.span)
        texts.append(text)
    return made("'" + ",".join(texts) + "'", listed_.span, of)


def _method(own: Preflight, stack: Stack) -> None:
    span = own.span
    origin, origins = own.origin, own.origins
    text = text_of(origin)
    if text is not None and "," in text and origin is not None:
        parts = tuple(made(part.strip(), origin.span, "origin") for part in text.split(","))
        origins = Listed(parts, origin.span)
    if origins is not None and origins.items:
        origin = origins.items[0]
    headers: list[tuple[str, Node]] = [
        (
            "Access-Control-Allow-Origin",
            quoted(origin, "origin") if origin is not None else made("'undefined'", span, "origins"),
        ),
    ]
    if own.headers is not None and own.methods is not None:
        headers.append(("Access-Control-Allow-Headers", joined(own.headers, "headers")))
        headers.append(("Access-Control-Allow-Methods", _spelled(joined(own.methods, "methods"), own.methods)))
    if own.credentials is not None:
        unknown = isinstance(own.credentials, Unresolved)
        value = own.credentials if unknown else made("'true'", own.credentials.span, "allowCredentials")
        headers.append(("Access-Control-Allow-Credentials", value))
    for name, node in (("Access-Control-Max-Age", own.max_age), ("Cache-Control", own.cache_control)):
        if node is not None:
            headers.append((name, quoted(node, "cors")))
    response = record(
        span,
        [
            ("StatusCode", made("200", span, "cors")),
            ("ResponseParameters", record(span, [(_RESPONSE + name, value) for name, value in headers])),
            ("ResponseTemplates", record(span, [("application/json", _template(origins, span))])),
        ],
    )
    mock = record(
        span,
        [
            ("Type", word("MOCK", span)),
            ("RequestTemplates", record(span, [("application/json", made("{statusCode:200}", span, "cors"))])),
            ("ContentHandling", made("CONVERT_TO_TEXT", span, "cors")),
            ("IntegrationResponses", listed(span, (response,))),
        ],
    )
    declared = record(
        span,
        [
            ("StatusCode", made("200", span, "cors")),
            ("ResponseParameters", record(span, [(_RESPONSE + name, on(span)) for name, _ in headers])),
        ],
    )
    place = ref(naming.resource(own.path), span) if own.path else attribute(naming.REST_API, "RootResourceId", span)
    stack.add(
        naming.method(own.path, "options"),
        "AWS::ApiGateway::Method",
        span,
        [
            ("AuthorizationType", word("NONE", span)),
            ("HttpMethod", word("OPTIONS", span)),
            ("MethodResponses", listed(span, (declared,))),
            ("Integration", mock),
            ("ResourceId", place),
            ("RestApiId", ref(naming.REST_API, span)),
        ],
    )


def _spelled(value: Node, methods: Listed) -> Node:
    """Return the methods with ANY written out."""
    text = text_of(value)
    if text is None or "ANY" not in [text_of(item) for item in methods.items]:
        return value
    return made(text.replace("ANY", _EVERY, 1), value.span, "methods")


def _template(origins: Listed | None, span: Span) -> Node:
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
            return joined(Listed(origins.items, origins.span), "origins")
        return quoted(origins, "origins")
    return quoted(origin if origin is not None else made("*", cors.span, "cors"), "origin")
