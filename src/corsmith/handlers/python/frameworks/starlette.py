"""FastAPI and Starlette behind Mangum, with CORSMiddleware inside the application or around it.

Measured with FastAPI 0.165, Starlette 1.10 and Mangum 0.22: the middleware adds its headers to every response but the
500 that ServerErrorMiddleware makes of an exception nobody handles, unless the middleware is put around the whole
application; it answers preflights itself, with 400 where they ask for more than is allowed; with credentials, `*` as an
origin means an echo of any.
"""

from __future__ import annotations

import ast

from msgspec import Struct

from corsmith.api.origin_test import OriginTest
from corsmith.api.outcome import PreflightGuard
from corsmith.api.span import Span

from ...decisions import FALSE, TRUE, Rank, Value
from ...machine import Machine
from ...operators import UNKNOWN_TEST
from ...requests import admitted, echo_where, method_condition, with_origin
from ...values import NOTHING, Const, External, Function, HeaderText, Made, Opaque, Place, Ref
from ...ways import Way
from ..iteration import items_of
from .replies import (
    Route,
    Ways,
    hooks,
    open_headers,
    raised_status,
    reply,
    route_condition,
    run_view,
    span_of,
    spans_of,
)
from .settings import Texts, argument, flag, joined, plain, texts
from .starlette_routes import routes_of
from .wrapping import OWN, is_neutral, named, through, unwrapped

_APPS = ("fastapi.FastAPI", "fastapi.applications.FastAPI", "starlette.applications.Starlette")
MIDDLEWARE = ("fastapi.middleware.cors.CORSMiddleware", "starlette.middleware.cors.CORSMiddleware")
ADAPTERS = ("mangum.Mangum", "mangum.adapter.Mangum")
_EVERY_METHOD = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "QUERY")
_SAFELISTED = ("Accept", "Accept-Language", "Content-Language", "Content-Type")
_HTTP_ERRORS = {"HTTPException": 500}
_HARMLESS = {"GZipMiddleware", "TrustedHostMiddleware", "HTTPSRedirectMiddleware", "SessionMiddleware"}


class Cors(Struct, frozen=True):
    """A CORSMiddleware's settings. `outside`: it wraps the application, its error page included."""

    origins: Texts
    methods: Texts
    headers: Texts
    exposed: Texts
    regex: Value | None
    credentials: bool | None
    max_age: Value
    place: Place | None
    outside: bool = False
    credentials_at: Place | None = None

    @property
    def echoes(self) -> tuple[Span, ...]:
        """The settings `*` and credentials, where both are set: then the answer names whoever asks."""
        if not self.open or not self.credentials:
            return ()
        return spans_of(getattr(self.origins.value_of("*"), "place", None), self.credentials_at or self.place)

    @property
    def open(self) -> bool:
        """Whether every origin is allowed."""
        return self.origins.has("*")


def is_app(value: Value) -> bool:
    """Say whether a value is an ASGI application that is understood."""
    return isinstance(value, Made) and (value.name in _APPS or (value.name in MIDDLEWARE))


def ways(machine: Machine, adapter: Made, condition: Value, span: Span) -> list[Way] | None:
    """Return the ways out of an application behind Mangum; None where the application is not understood."""
    app, around = unwrapped(machine, argument(adapter, 0, "app"), lambda made: made.name in _APPS)
    if app is None:
        return None
    cors: list[Cors] = []
    first = _added_last(machine, app)
    while first is None and around and ((nearest := around[-1]) and (is_neutral(nearest) or _is_middleware(nearest))):
        if isinstance(nearest, Made) and _is_middleware(nearest):
            cors.insert(0, _settings(machine, nearest, 1, outside=True))
        around.pop()
    around += [] if first is None else [first]
    return through(
        machine, around, _of_app(machine, app, [*cors, *_inner(machine, app)], condition, span), condition, span
    )


def _is_middleware(layer: Value) -> bool:
    return isinstance(layer, Made) and layer.name in MIDDLEWARE


def _added_last(machine: Machine, app: Made) -> Made | None:
    """This project's own wrapper, where `add_middleware(cors(policy))` comes last: it sees every response first."""
    calls = [call for call in app.calls if call.method in {"add_middleware", "middleware"}]
    given = [call.arguments[0] for call in calls if call.arguments]
    last = next((each for each in reversed(given) if not _is_harmless(machine, each)), None)
    return last if isinstance(last, Made) and last.name in OWN else None


def _is_harmless(machine: Machine, middleware: Value) -> bool:
    return named(machine, middleware).rpartition(".")[2] in _HARMLESS


def _of_app(machine: Machine, app: Made, cors: list[Cors], condition: Value, span: Span) -> list[Way]:
    routes = routes_of(machine, app, "", set())
    found = Ways(machine, "FastAPI" if app.name.startswith("fastapi") else "Starlette", span_of(app.place, span))
    found.hooked = _hooked(machine, app)
    if found.hooked:
        machine.say_unread(found.hooked, app.place)
    found.wildcard = tuple(span for each in cors for span in each.echoes)
    _preflights(found, condition, cors)
    others = _after_preflight(machine, condition, cors)
    for route in routes:
        _route(found, machine.decisions.both(others, route_condition(machine, route)), route, cors)
    if not routes:
        found.add(others, _reply(machine, Opaque("the status of a route that is not known"), cors))
    _misses(found, others, routes, cors)
    return found.found


def serves(machine: Machine, adapter: Made) -> list[Route]:
    """Return the routes of the application behind Mangum."""
    app, _ = unwrapped(machine, argument(adapter, 0, "app"), lambda made: made.name in _APPS)
    return [] if app is None else routes_of(machine, app, "", set())


def _settings(machine: Machine, made: Made, first: int, *, outside: bool) -> Cors:
    def given(name: str, position: int) -> Value | None:
        return argument(made, position if position < 0 else position + first, name)

    credentials = flag(given("allow_credentials", 3), default=False)
    regex = given("allow_origin_regex", 4)
    return Cors(
        texts(machine, given("allow_origins", 0)),
        texts(machine, given("allow_methods", 1), ("GET",)),
        texts(machine, given("allow_headers", 2)),
        texts(machine, made.keywords.get("expose_headers")),
        None if isinstance(regex, Const) and regex.value is None else regex,
        credentials,
        made.keywords.get("max_age") or Const(600),
        made.place,
        outside,
        getattr(given("allow_credentials", 3), "place", None),
    )


def _inner(machine: Machine, app: Made) -> list[Cors]:
    """The middleware that the application has been given, the one that acts first at the front."""
    found: list[Cors] = []
    for call in app.calls:
        if call.method == "add_middleware" and _named(call.arguments[:1]):
            as_made = Made("", call.arguments[1:], call.keywords, call.place)
            found.insert(0, _settings(machine, as_made, 0, outside=False))
    given = app.keywords.get("middleware")
    for item in (items_of(machine, given) or []) if given is not None else []:
        if isinstance(item, Made) and item.name.endswith(".Middleware") and _named(item.arguments[:1]):
            as_made = Made("", item.arguments[1:], item.keywords, item.place)
            found.append(_settings(machine, as_made, 0, outside=False))
    return found


def _hooked(machine: Machine, app: Made) -> str:
    """Middleware other than those that leave the CORS headers alone."""
    own = _added_last(machine, app)
    given = [call.arguments[0] for call in app.calls if call.method == "add_middleware" and call.arguments]
    listed = app.keywords.get("middleware")
    items = [] if listed is None else items_of(machine, listed)
    if items is None:
        return "the middleware of the application are not known"
    given += [item.arguments[0] for item in items if isinstance(item, Made) and item.arguments]
    followed = [own, *(each for each in given if _named((each,)) or _is_harmless(machine, each))]
    others = sorted((named(machine, each) for each in given if each not in followed), key=lambda name: name in OWN)
    if others:
        return f"what the middleware {others[0]} does to responses is not followed"
    return hooks(app.calls, {"middleware"})


def _named(arguments: tuple[Value, ...]) -> bool:
    return bool(arguments) and isinstance(arguments[0], External) and arguments[0].name in MIDDLEWARE


def _allowed(machine: Machine, cors: Cors) -> Value:
    """The condition that the request's Origin is allowed."""
    tests: list[OriginTest] = []
    if cors.open:
        return admitted(machine, [OriginTest("any")])
    if cors.origins.items is None:
        tests.append(UNKNOWN_TEST)
    elif cors.origins.items:
        tests.append(OriginTest("list", cors.origins.items))
    if cors.regex is not None:
        pattern = plain(cors.regex)
        tests.append(OriginTest("regex", (pattern,), "full") if isinstance(pattern, str) else UNKNOWN_TEST)
    return admitted(machine, tests)


def _preflights(found: Ways, condition: Value, cors: list[Cors]) -> None:
    """The first middleware answers a preflight: 200, or 400 where it asks for more than is allowed."""
    if not cors:
        return
    machine, first = found.machine, cors[0]
    decisions = machine.decisions
    here = decisions.both(condition, _is_preflight(machine))
    allowed = _allowed(machine, first)
    methods = first.methods.items
    if first.methods.has("*"):
        methods = _EVERY_METHOD
    names = None if first.headers.items is None or first.headers.has("*") else (*_SAFELISTED, *first.headers.items)
    headers = _preflight_headers(machine, first, methods, names, allowed)
    lowered = None if names is None else frozenset(name.lower() for name in names)
    asked = frozenset(methods) if methods is not None else None
    place = span_of(first.place, found.span)
    granted, refused = (PreflightGuard(granted, asked, lowered) for granted in (True, False))
    found.add(decisions.both(here, allowed), reply(machine, Const(200), headers), place, preflight=granted)
    refusal = reply(machine, Const(400), headers)
    if asked is not None or lowered is not None:
        found.add(decisions.both(here, allowed), refusal, place, unusual=True, preflight=refused)
    found.add(decisions.both(here, decisions.negate(allowed)), refusal, place, unusual=True)


def _preflight_headers(
    machine: Machine, cors: Cors, methods: tuple[str, ...] | None, names: tuple[str, ...] | None, allowed: Value
) -> dict[str, Value]:
    decisions = machine.decisions
    asked = decisions.when(decisions.atom(Rank.OPAQUE, ("header", "access-control-request-headers")))
    mirrored = decisions.choose(asked, HeaderText("access-control-request-headers"), NOTHING)
    every = Texts(methods, cors.methods.values)
    if cors.open and cors.credentials is False:
        origin: Value = cors.origins.value_of("*")
    else:
        origin = echo_where(machine, allowed)
    max_age = plain(cors.max_age)
    headers: dict[str, Value] = {
        "vary": Const(
            "Origin, Access-Control-Request-Method, Access-Control-Request-Headers, "
            "Access-Control-Request-Private-Network"
        ),
        "access-control-allow-origin": origin,
        "access-control-allow-methods": joined(every, ", ", cors.place),
        "access-control-max-age": Const(str(max_age), cors.place) if not isinstance(max_age, Value) else max_age,
        "access-control-allow-headers": mirrored
        if names is None
        else Const(", ".join(sorted(set(names))), cors.headers.values[0].place if cors.headers.values else cors.place),  # type: ignore[attr-defined]
        "content-type": Const("text/plain; charset=utf-8"),
        "content-length": Opaque("the length"),
    }
    headers["access-control-allow-credentials"] = _credentials(machine, cors, TRUE)
    return headers


def _credentials(machine: Machine, cors: Cors, where: Value) -> Value:
    if cors.credentials is None:
        return Opaque("allow_credentials is not known", cors.place)
    return machine.decisions.choose(where, Const("true", cors.place), NOTHING) if cors.credentials else NOTHING


def _is_preflight(machine: Machine) -> Value:
    decisions = machine.decisions
    options = method_condition(machine, ("OPTIONS",))
    asked = decisions.when(decisions.atom(Rank.OPAQUE, ("header", "access-control-request-method")))
    return decisions.both(decisions.both(options, admitted(machine, [OriginTest("any")])), asked)


def _after_preflight(machine: Machine, condition: Value, cors: list[Cors]) -> Value:
    if not cors:
        return condition
    return machine.decisions.both(condition, machine.decisions.negate(_is_preflight(machine)))


def _response_headers(machine: Machine, cors: list[Cors]) -> dict[str, Value]:
    headers: dict[str, Value] = {}
    for each in cors:
        allowed = _allowed(machine, each)
        if each.open and each.credentials is False:
            origin = with_origin(machine, each.origins.value_of("*"))
        else:
            origin = echo_where(machine, allowed)
        headers["access-control-allow-origin"] = origin
        headers["vary"] = Const("Origin")
        headers["access-control-allow-credentials"] = _credentials(
            machine, each, admitted(machine, [OriginTest("any")])
        )
        if each.exposed.items is None or each.exposed.items:
            headers["access-control-expose-headers"] = with_origin(machine, joined(each.exposed, ", ", each.place))
    return headers


def _reply(machine: Machine, status: Value, cors: list[Cors], extra: dict[str, Value] | None = None) -> Ref:
    headers = {"content-type": Opaque("a content type"), "content-length": Opaque("the length"), **(extra or {})}
    return reply(machine, status, {**headers, **_response_headers(machine, cors)})


def _route(found: Ways, condition: Value, route: Route, cors: list[Cors]) -> None:
    machine = found.machine
    views = run_view(machine, route.function, condition)
    place = span_of(route.place, found.span)
    status = route.settings.get("status_code") or Const(200)
    for leaf, where, spot in views.leaves(condition):
        made = _of_view(machine, leaf, status, cors)
        if _sets_headers(route.function):
            open_headers(machine, made, "the view is given the response, and may set headers on it")
        found.add(where, made, span_of(spot, place))
    crashed: Value = FALSE
    for failure in views.failures:
        here = machine.decisions.both(condition, failure.condition)
        spot_span = span_of(failure.place, place)
        raised = raised_status(failure, _HTTP_ERRORS, "status_code", 0)
        if raised is not None:
            found.add(here, _reply(machine, raised, cors), spot_span)
        else:
            crashed = machine.decisions.either(crashed, here)
    if crashed is not FALSE:
        outside = [each for each in cors if each.outside]
        found.add(crashed, _reply(machine, Const(500), outside), place, unusual=True)


def _sets_headers(function: Value) -> bool:
    """Say whether a view takes the response that FastAPI will send as a parameter."""
    node = function.code.args if isinstance(function, Function) else None
    parameters = (*node.posonlyargs, *node.args, *node.kwonlyargs) if node is not None else ()
    return any(isinstance(each.annotation, ast.Name) and each.annotation.id == "Response" for each in parameters)


def _of_view(machine: Machine, leaf: Value, status: Value, cors: list[Cors]) -> Ref:
    if isinstance(leaf, Made) and leaf.name.rpartition(".")[2].endswith("Response"):
        given = argument(leaf, 1, "status_code") or Const(307 if "Redirect" in leaf.name else 200)
        extra: dict[str, Value] = {}
        set_headers = argument(leaf, 2, "headers")
        if isinstance(set_headers, Ref) and machine.record(set_headers).rest is None:
            extra = {str(name).lower(): value for name, value in machine.record(set_headers).fields.items()}
        elif set_headers is not None and not isinstance(set_headers, Const):
            made = _reply(machine, given, cors)
            _, headers = made, machine.record(made).fields["headers"]
            if isinstance(headers, Ref):
                machine.store.writable(headers.number).rest = Opaque("headers of a response that are not known")
            return made
        return _reply(machine, given, cors, extra)
    return _reply(machine, status, cors)


def _misses(found: Ways, condition: Value, routes: list[Route], cors: list[Cors]) -> None:
    """Known paths under other methods get 405, OPTIONS among them; unknown paths 404."""
    machine, decisions = found.machine, found.machine.decisions
    served: dict[str, tuple[str, ...]] = {}
    for route in routes:
        served[route.path] = (*served.get(route.path, ()), *route.methods)
    options = method_condition(machine, ("OPTIONS",))
    known: Value = FALSE
    for path, methods in served.items():
        at_path = decisions.when(decisions.atom(Rank.PATH, path))
        known = decisions.either(known, at_path)
        others = decisions.both(
            condition, decisions.both(at_path, decisions.negate(method_condition(machine, methods)))
        )
        refused = _reply(machine, Const(405), cors)
        # What sees every request may answer preflights itself.
        to_options = Opaque(found.hooked) if found.hooked else refused
        found.add(decisions.both(others, options), to_options, unusual=bool(cors))
        found.add(decisions.both(others, decisions.negate(options)), refused, unusual=True)
    if routes:
        found.add(decisions.both(condition, decisions.negate(known)), _reply(machine, Const(404), cors), unnamed=True)
