"""AWS Lambda Powertools for Python: the event handler's resolvers.

Measured with 3.37: allowed origins are compared exactly, `*` is sent as it is and without credentials, Vary never; a
preflight is any OPTIONS request without a route of its own, answered with 204 and every method of the application;
404 and service errors carry the headers, an exception without a handler leaves the function as it is.
"""

from __future__ import annotations

from msgspec import Struct

from corsmith.api.origin_test import OriginTest
from corsmith.api.span import Span

from ...decisions import FALSE, Rank, Value
from ...event import second
from ...machine import Machine, short_name
from ...operators import UNKNOWN_TEST
from ...requests import admitted, echo_where, method_condition
from ...values import NOTHING, Const, Made, Opaque, Place, SomeText, Tuple
from ...ways import Way
from .replies import Route, Ways, hooks, raised_status, reply, route_condition, run_view, span_of
from .settings import Texts, argument, flag, joined, plain, texts

_VERBS = ("get", "post", "put", "delete", "patch", "head", "options")
# Whether headers are sent as lists.
_RESOLVERS = {
    "APIGatewayRestResolver": True,
    "APIGatewayHttpResolver": False,
    "LambdaFunctionUrlResolver": False,
    "ALBResolver": False,
    "ApiGatewayResolver": True,
}
# The others fail with events of another payload format.
_ANY_PAYLOAD = ("ALBResolver", "ApiGatewayResolver")
_REQUIRED = ("Authorization", "Content-Type", "X-Amz-Date", "X-Api-Key", "X-Amz-Security-Token")
_ERRORS = {
    "BadRequestError": 400,
    "UnauthorizedError": 401,
    "ForbiddenError": 403,
    "NotFoundError": 404,
    "RequestTimeoutError": 408,
    "RequestEntityTooLargeError": 413,
    "InternalServerError": 500,
    "ServiceUnavailableError": 503,
    "ServiceError": 500,
}
_ORIGIN, _CREDENTIALS = "Access-Control-Allow-Origin", "Access-Control-Allow-Credentials"
_HEADERS, _EXPOSED, _AGE = "Access-Control-Allow-Headers", "Access-Control-Expose-Headers", "Access-Control-Max-Age"


class Cors(Struct, frozen=True):
    """A CORSConfig's settings."""

    origins: Texts
    headers: Texts
    exposed: Texts
    max_age: Value | None
    credentials: bool | None
    place: Place | None


class _App(Struct, frozen=True):
    """A resolver: its ways out so far, its settings, whether it sends headers as lists, what it has handlers for."""

    found: Ways
    cors: Cors | None
    lists: bool
    handled: frozenset[str]


def is_resolver(value: Value) -> bool:
    """Say whether a value is a resolver."""
    return (
        isinstance(value, Made)
        and value.name.startswith("aws_lambda_powertools.event_handler")
        and _short(value) in _RESOLVERS
    )


def _short(made: Made) -> str:
    return made.name.rpartition(".")[2]


def ways(machine: Machine, app: Made, condition: Value, span: Span) -> list[Way]:
    """Return the ways out of `app.resolve(event, context)`."""
    found = Ways(machine, "Powertools", span)
    found.hooked = hooks(app.calls, {"use"}) or _with_middlewares(app)
    given = argument(app, 1, "cors") if _short(app) != "ApiGatewayResolver" else app.keywords.get("cors")
    given = app.keywords.get("cors", given if isinstance(given, Made) else None)
    cors = _settings(machine, given) if isinstance(given, Made) else None
    unknown = given is not None and cors is None and not (isinstance(given, Const) and given.value is None)
    if unknown:
        machine.say_unread("the CORS configuration of the Powertools resolver is not known", app.place)
    if _short(app) not in _ANY_PAYLOAD:
        newer = second(machine.decisions)
        expected = machine.decisions.negate(newer) if _RESOLVERS[_short(app)] else newer
        found.raises(machine.decisions.both(condition, machine.decisions.negate(expected)), "KeyError")
        condition = machine.decisions.both(condition, expected)
    routes = routes_of(machine, app, "", set())
    made = _App(found, cors, _RESOLVERS[_short(app)], frozenset(_handled(app)))
    for route in routes:
        _route(made, machine.decisions.both(condition, route_condition(machine, route)), route)
    _misses(made, condition, routes)
    return found.found


def _with_middlewares(app: Made) -> str:
    own = any("middlewares" in call.keywords for call in app.calls)
    return "what the middlewares of a route do to responses is not followed" if own else ""


def _settings(machine: Machine, made: Made) -> Cors:
    first = argument(made, 0, "allow_origin") or Const("*", made.place)
    more = texts(machine, argument(made, 1, "extra_origins"))
    known = isinstance(first, Const) and more.items is not None
    origins = (str(first.value), *(more.items or ())) if known else None  # type: ignore[attr-defined]
    return Cors(
        Texts(origins, (first, *more.values)),
        texts(machine, argument(made, 2, "allow_headers")),
        texts(machine, argument(made, 3, "expose_headers")),
        argument(made, 4, "max_age"),
        flag(argument(made, 5, "allow_credentials"), default=False),
        made.place,
    )


def routes_of(machine: Machine, app: Made, prefix: str, seen: set[int]) -> list[Route]:
    """Return the routes of a resolver or router, included routers too."""
    found: list[Route] = []
    if id(app) in seen:
        return found
    for call in app.calls:
        as_made = Made("", call.arguments, call.keywords)
        rule = plain(argument(as_made, 0, "rule"), "")
        path = prefix + rule.replace("<", "{").replace(">", "}") if isinstance(rule, str) else prefix
        function = call.decorated[0] if call.decorated else Opaque("a view")
        if call.method in _VERBS:
            found.append(Route((call.method.upper(),), path or "/", function, call.place, call.keywords))
        elif call.method == "route":
            methods = texts(machine, argument(as_made, 1, "method"), ("GET",)).items or ("GET",)
            found.append(Route(methods, path or "/", function, call.place, call.keywords))
        elif call.method == "include_router" and call.arguments and isinstance(call.arguments[0], Made):
            more = plain(argument(as_made, 1, "prefix"), "")
            inner = prefix + (more if isinstance(more, str) else "")
            found += routes_of(machine, call.arguments[0], inner, seen | {id(app)})
    return found


def _handled(app: Made) -> set[str]:
    """The exceptions that the application has a handler for."""
    names: set[str] = set()
    for call in app.calls:
        if call.method == "exception_handler":
            for each in call.arguments:
                for kind in each.items if isinstance(each, Tuple) else (each,):
                    names.add(str(getattr(kind, "name", "")).rpartition(".")[2])
        if call.method == "not_found":
            names.add("NotFoundError")
    return names


def _allowed(machine: Machine, cors: Cors) -> Value:
    if cors.origins.items is None:
        return admitted(machine, [UNKNOWN_TEST])
    return admitted(
        machine,
        [OriginTest("any" if cors.origins.has("*") else "list", () if cors.origins.has("*") else cors.origins.items)],
    )


def _cors_headers(machine: Machine, cors: Cors | None) -> dict[str, Value]:
    if cors is None:
        return {}
    decisions, allowed = machine.decisions, _allowed(machine, cors)
    named = tuple(item for item in cors.origins.items or () if item != "*")
    echoed = admitted(machine, [OriginTest("list", named)]) if named else FALSE
    origin = echo_where(machine, allowed)
    if cors.origins.has("*"):
        open_value = decisions.choose(allowed, cors.origins.value_of("*"), NOTHING)
        origin = decisions.choose(echoed, echo_where(machine, echoed), open_value)
    elif cors.origins.items is not None:
        origin = echo_where(machine, allowed)
    where = echoed if cors.origins.items is not None else allowed
    headers: dict[str, Value] = {_ORIGIN: origin}
    allow = Texts(
        None if cors.headers.items is None else tuple(sorted({*_REQUIRED, *cors.headers.items})), cors.headers.values
    )
    headers[_HEADERS] = decisions.choose(allowed, joined(allow, ",", cors.place), NOTHING)
    if cors.exposed.items is None or cors.exposed.items:
        headers[_EXPOSED] = decisions.choose(allowed, joined(cors.exposed, ",", cors.place), NOTHING)
    age = plain(cors.max_age)
    if age is not None:
        value = SomeText("max_age", cors.place) if isinstance(age, Value) else Const(str(age), cors.place)
        headers[_AGE] = decisions.choose(allowed, value, NOTHING)
    if cors.credentials is None:
        headers[_CREDENTIALS] = Opaque("allow_credentials is not known", cors.place)
    elif cors.credentials:
        headers[_CREDENTIALS] = decisions.choose(where, Const("true", cors.place), NOTHING)
    return headers


def _answer(
    app: _App, condition: Value, status: Value, headers: dict[str, Value], span: Span, *, unusual: bool = False
) -> None:
    found = app.found
    found.add(condition, reply(found.machine, status, headers, lists=app.lists), span, unusual=unusual)


def _route(app: _App, condition: Value, route: Route) -> None:
    found, machine = app.found, app.found.machine
    cors = app.cors if flag(route.settings.get("cors"), default=True) is not False else None
    added = _cors_headers(machine, cors)
    views = run_view(machine, route.function, condition)
    place = span_of(route.place, found.span)
    for leaf, where, spot in views.leaves(condition):
        status, headers = _of_view(machine, leaf)
        _answer(app, where, status, {**headers, **added}, span_of(spot, place))
    for failure in views.failures:
        here = machine.decisions.both(condition, failure.condition)
        at = span_of(failure.place, place)
        name = short_name(failure.kind)
        raised = raised_status(failure, _ERRORS, "status_code", 0 if name == "ServiceError" else -1)
        if name in app.handled or "Exception" in app.handled:
            _answer(app, here, Opaque("the status of an exception handler"), added, at, unusual=True)
        elif raised is not None:
            _answer(app, here, raised, {"Content-Type": Const("application/json"), **added}, at)
        else:
            found.raises(here, name, at)


def _of_view(machine: Machine, leaf: Value) -> tuple[Value, dict[str, Value]]:
    if isinstance(leaf, Made) and leaf.name.rpartition(".")[2] == "Response":
        headers: dict[str, Value] = {}
        content = argument(leaf, 1, "content_type")
        if content is not None and not (isinstance(content, Const) and content.value is None):
            headers["Content-Type"] = content
        given = argument(leaf, 3, "headers")
        record = machine.store.records.get(getattr(given, "number", -1))
        if record is not None:
            headers.update({str(name): value for name, value in record.fields.items()})
        return argument(leaf, 0, "status_code") or Const(200), headers
    status: Value = Const(200)
    if isinstance(leaf, Tuple) and len(leaf.items) == 2:
        status = leaf.items[1]
    return status, {"Content-Type": Const("application/json")}


def _misses(app: _App, condition: Value, routes: list[Route]) -> None:
    """What no route takes: preflights are answered, all else is 404."""
    found, machine, decisions = app.found, app.found.machine, app.found.machine.decisions
    served: dict[str, tuple[str, ...]] = {}
    for route in routes:
        served[route.path] = (*served.get(route.path, ()), *route.methods)
    options = method_condition(machine, ("OPTIONS",))
    added = _cors_headers(machine, app.cors)
    headers: dict[str, Value] = {"Content-Type": Const("application/json"), **added}
    status: Value = Opaque("the status of an exception handler") if "NotFoundError" in app.handled else Const(404)
    missed = condition
    for route in routes:
        missed = decisions.both(missed, decisions.negate(route_condition(machine, route)))
    preflight = decisions.both(missed, options)
    if app.cors is not None:
        allow = Const(",".join(sorted(_methods(routes))), app.cors.place)
        answer = {"Access-Control-Allow-Methods": allow, **added}
        _answer(app, preflight, Const(204), answer, span_of(app.cors.place, found.span))
    else:
        _answer(app, preflight, status, headers, found.span)
    not_found = reply(machine, status, headers, lists=app.lists)
    unknown = decisions.both(condition, decisions.negate(options))
    for path, methods in served.items():
        at_path = decisions.when(decisions.atom(Rank.PATH, path))
        unknown = decisions.both(unknown, decisions.negate(at_path))
        here = decisions.both(at_path, decisions.negate(method_condition(machine, (*methods, "OPTIONS"))))
        found.add(decisions.both(condition, here), not_found, unusual=True)
    found.add(unknown, not_found, unnamed=True)


def _methods(routes: list[Route]) -> set[str]:
    covered = [route for route in routes if flag(route.settings.get("cors"), default=True) is not False]
    return {"OPTIONS", *(method for route in covered for method in route.methods)}
