"""Chalice: `app` itself is the handler, for REST APIs only.

Measured with 1.34: one origin, sent to everybody and without Vary; views that fail get a 500 with the headers, methods
without a route a 405 without them; a preflight never reaches the code, because Chalice makes a MOCK for it when it deploys.
"""

from __future__ import annotations

from corsmith.api.span import Span

from ...decisions import Rank, Value
from ...event import second
from ...machine import Machine
from ...requests import method_condition
from ...values import NOTHING, Const, Made, Opaque, Ref, SomeText
from ...ways import Way
from .replies import Route, Ways, hooks, raised_status, reply, route_condition, run_view, span_of
from .settings import argument, joined, plain, texts

APPS = ("chalice.Chalice", "chalice.app.Chalice")
_VERBS = ("get", "post", "put", "delete", "patch", "head")
_REQUIRED = ("Content-Type", "X-Amz-Date", "Authorization", "X-Api-Key", "X-Amz-Security-Token")
_ERRORS = {
    "BadRequestError": 400,
    "UnauthorizedError": 401,
    "ForbiddenError": 403,
    "NotFoundError": 404,
    "MethodNotAllowedError": 405,
    "RequestTimeoutError": 408,
    "ConflictError": 409,
    "UnprocessableEntityError": 422,
    "TooManyRequestsError": 429,
    "ChaliceViewError": 500,
}


def ways(machine: Machine, app: Made, condition: Value, span: Span) -> list[Way]:
    """Return the ways out of a Chalice application."""
    found = Ways(machine, "Chalice", span_of(app.place, span))
    found.hooked = hooks(app.calls, {"middleware", "register_middleware"})
    decisions = machine.decisions
    newer = decisions.both(condition, second(decisions))
    found.add(newer, _reply(machine, Const(500), {}), unusual=True)
    condition = decisions.both(condition, decisions.negate(second(decisions)))
    served: dict[str, tuple[str, ...]] = {}
    for route in routes_of(machine, app, ""):
        served[route.path] = (*served.get(route.path, ()), *route.methods)
        _route(found, decisions.both(condition, route_condition(machine, route)), route)
    options = method_condition(machine, ("OPTIONS",))
    unknown = condition
    for path, methods in served.items():
        at_path = decisions.when(decisions.atom(Rank.PATH, path))
        missed = decisions.both(
            condition, decisions.both(at_path, decisions.negate(method_condition(machine, methods)))
        )
        refused = _reply(machine, Const(405), {"Allow": SomeText("the methods")})
        found.add(decisions.both(missed, options), refused)
        found.add(decisions.both(missed, decisions.negate(options)), refused, unusual=True)
    found.add(unknown, _reply(machine, Const(405), {"Allow": SomeText("the methods")}), unnamed=True)
    return found.found


def routes_of(machine: Machine, app: Made, prefix: str) -> list[Route]:
    """Return the routes of an application or blueprint."""
    found: list[Route] = []
    for call in app.calls:
        as_made = Made("", call.arguments, call.keywords)
        path = plain(argument(as_made, 0, "path"), "")
        if call.method == "register_blueprint" and call.arguments and isinstance(call.arguments[0], Made):
            more = plain(argument(as_made, 2, "url_prefix"), "")
            found += routes_of(machine, call.arguments[0], prefix + (more if isinstance(more, str) else ""))
        elif call.method == "route" and isinstance(path, str):
            methods = texts(machine, call.keywords.get("methods"), ("GET",)).items or ("GET",)
            function = call.decorated[0] if call.decorated else Opaque("a view")
            found.append(Route(methods, prefix + path, function, call.place, call.keywords))
    return found


def _cors_headers(machine: Machine, route: Route) -> dict[str, Value]:
    given = route.settings.get("cors")
    if given is None or plain(given) in (False, None):
        return {}
    if not isinstance(given, Made):
        if plain(given) is not True:
            return {"Access-Control-Allow-Origin": Opaque("the CORS configuration of the route", route.place)}
        given = Made("chalice.CORSConfig", place=given.place if isinstance(given, Const) else route.place)
    names = texts(machine, argument(given, 1, "allow_headers"))
    allow: Value = SomeText("allow_headers is not known", given.place)
    if names.items is not None:
        allow = Const(",".join(sorted({*_REQUIRED, *names.items})), given.place)
    headers: dict[str, Value] = {
        "Access-Control-Allow-Origin": argument(given, 0, "allow_origin") or Const("*", given.place),
        "Access-Control-Allow-Headers": allow,
    }
    exposed = texts(machine, argument(given, 2, "expose_headers"))
    if exposed.items is None or exposed.items:
        headers["Access-Control-Expose-Headers"] = joined(exposed, ",", given.place)
    age = plain(argument(given, 3, "max_age"))
    if age is not None:
        headers["Access-Control-Max-Age"] = (
            SomeText("max_age") if isinstance(age, Value) else Const(str(age), given.place)
        )
    credentials = plain(argument(given, 4, "allow_credentials"))
    if credentials is True:
        headers["Access-Control-Allow-Credentials"] = Const("true", given.place)
    elif isinstance(credentials, Value):
        headers["Access-Control-Allow-Credentials"] = Opaque("allow_credentials is not known", given.place)
    return headers


def _reply(machine: Machine, status: Value, headers: dict[str, Value]) -> Ref:
    return reply(machine, status, {"Content-Type": Const("application/json"), **headers})


def _route(found: Ways, condition: Value, route: Route) -> None:
    machine = found.machine
    cors = _cors_headers(machine, route)
    place = span_of(route.place, found.span)
    views = run_view(machine, route.function, condition)
    for leaf, where, spot in views.leaves(condition):
        status: Value = Const(200)
        own: dict[str, Value] = {}
        if isinstance(leaf, Made) and leaf.name.rpartition(".")[2] == "Response":
            status = argument(leaf, 2, "status_code") or status
            given = argument(leaf, 1, "headers")
            record = machine.store.records.get(getattr(given, "number", -1))
            own = {str(name): value for name, value in record.fields.items()} if record is not None else {}
        kept = {name: value for name, value in cors.items() if name not in own}
        found.add(where, _reply(machine, status, {**own, **kept}), span_of(spot, place))
    for failure in views.failures:
        here = machine.decisions.both(condition, failure.condition)
        status = raised_status(failure, _ERRORS, "", -1) or NOTHING
        found.add(
            here,
            _reply(machine, Const(500) if status is NOTHING else status, cors),
            span_of(failure.place, place),
            unusual=status is NOTHING,
        )
