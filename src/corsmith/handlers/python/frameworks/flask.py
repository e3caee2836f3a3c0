"""Flask behind a WSGI adapter, with flask-cors, `cross_origin` or an `after_request` of the project's own.

Measured with Flask 3.1.3, flask-cors 6.0.5, apig-wsgi 2.20 and serverless-wsgi 3.1: every response passes, 404, 405 and
500 too; OPTIONS is answered by Flask itself with 200; `*` is echoed unless `send_wildcard` is set; a text with the
characters of a pattern is one, matched from the start without regard to case.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct

from corsmith.api.origin_test import OriginTest
from corsmith.api.outcome import PreflightGuard
from corsmith.api.span import Span

from ...decisions import FALSE, TRUE, Rank, Value, leaves
from ...machine import Machine, short_name
from ...operators import UNKNOWN_TEST
from ...requests import admitted, echo_where, method_condition
from ...store import Record
from ...values import NOTHING, Const, External, HeaderText, Made, Opaque, Place, Ref, SomeText, Tuple
from ...ways import Way
from .replies import Route, Ways, reply, route_condition, run_view, span_of, spans_of
from .settings import Texts, argument, flag, joined, plain, texts
from .wrapping import assigned, through, unwrapped

ADAPTERS = (
    "apig_wsgi.make_lambda_handler",
    "serverless_wsgi.handle_request",
    "awsgi.response",
    "aws_wsgi.response",
    "awsgi2.response",
)
_APPS = ("flask.Flask", "flask.app.Flask")
_CORS = ("flask_cors.CORS", "flask_cors.extension.CORS")
_CROSS_ORIGIN = ("flask_cors.cross_origin", "flask_cors.decorator.cross_origin")
_VERBS = ("get", "post", "put", "delete", "patch")
_PATTERN = re.compile(r"[*\\\]?$^\[()]")
_EVERY = ("GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE")


class Cors(Struct, frozen=True):
    """The settings of one resource. `paths`: the pattern its paths are matched with."""

    paths: str
    origins: Texts
    methods: Texts
    headers: Texts
    exposed: Texts
    credentials: bool | None
    wildcard: bool
    max_age: Value | None
    vary: bool
    place: Place | None


def ways(machine: Machine, adapter: Made, condition: Value, span: Span) -> list[Way] | None:
    """Return the ways out of an application behind a WSGI adapter; None where the application is not understood."""
    app, around = unwrapped(machine, argument(adapter, 0, "app"), lambda made: made.name in _APPS)
    if app is None:
        return None
    around += assigned(machine, app)
    return through(machine, around, _of_app(machine, app, condition, span), condition, span)


def _of_app(machine: Machine, app: Made, condition: Value, span: Span) -> list[Way]:
    found = Ways(machine, "Flask", span_of(app.place, span))
    routes = routes_of(machine, app, "", set())
    cors = _extensions(machine, app)
    found.wildcard = tuple(span for each in cors if each.credentials for span in _echoes(each))
    for call in app.calls:
        if call.method in {"before_request", "errorhandler", "register_error_handler", "add_url_rule"}:
            machine.say_unread(f"the {call.method} of the Flask application is not followed", call.place)
    decisions = machine.decisions
    known: Value = FALSE
    for route in routes:
        at_path = decisions.when(decisions.atom(Rank.PATH, route.path))
        known = decisions.either(known, at_path)
        _route(found, decisions.both(condition, route_condition(machine, route)), route, app, _applying(cors, route))
    by_path: dict[str, list[Route]] = {}
    for route in routes:
        by_path.setdefault(route.path, []).append(route)
    for path, group in by_path.items():
        _options(found, condition, path, group, app, _applying(cors, group[0]))
    if not routes:
        found.add(
            condition, _reply(machine, Opaque("the status of a route that is not known"), {}, app, cors[:1], FALSE)
        )
    missed = decisions.both(condition, decisions.negate(known)) if routes else FALSE
    everywhere = [each for each in cors if each.paths in {"/*", "/.*"}][:1]
    options = method_condition(machine, ("OPTIONS",))
    _to_preflights(found, decisions.both(missed, options), Const(404), app, everywhere, unnamed=True)
    others = decisions.both(missed, decisions.negate(options))
    found.add(others, _reply(machine, Const(404), {}, app, everywhere, FALSE), unnamed=True)
    return found.found


def routes_of(machine: Machine, app: Made, prefix: str, seen: set[int]) -> list[Route]:
    """Return the routes of an application or blueprint."""
    found: list[Route] = []
    if id(app) in seen:
        return found
    for call in app.calls:
        as_made = Made("", call.arguments, call.keywords)
        rule = plain(argument(as_made, 0, "rule"), "")
        if call.method == "register_blueprint" and call.arguments and isinstance(call.arguments[0], Made):
            blueprint = call.arguments[0]
            given = plain(call.keywords.get("url_prefix") or blueprint.keywords.get("url_prefix"), "")
            found += routes_of(machine, blueprint, prefix + (given if isinstance(given, str) else ""), seen | {id(app)})
        elif (call.method == "route" or call.method in _VERBS) and isinstance(rule, str):
            methods = texts(machine, call.keywords.get("methods"), ("GET",)).items or ("GET",)
            if call.method in _VERBS:
                methods = (call.method.upper(),)
            function = call.decorated[0] if call.decorated else Opaque("a view")
            path = prefix + re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", rule)
            upper = [method.upper() for method in methods]
            upper += ["HEAD"] if "GET" in upper and "HEAD" not in upper else []
            found.append(Route(tuple(upper), path, function, call.place, call.keywords))
    return found


def _extensions(machine: Machine, app: Made) -> list[Cors]:
    found: list[Cors] = []
    for made in machine.made:
        if made.name not in _CORS:
            continue
        given = argument(made, 0, "app")
        keywords: Mapping[str, Value] = made.keywords
        for call in made.calls:
            if call.method == "init_app" and app in call.arguments:
                given, keywords = app, {**made.keywords, **call.keywords}
        if given is app or (isinstance(given, Made) and given.name.endswith("Blueprint")):
            found += _settings(machine, keywords, made.place)
    return found


def _echoes(cors: Cors) -> tuple[Span, ...]:
    """Where `*` and credentials are set: flask-cors then answers with the Origin itself, unless it is told to send `*`."""
    if cors.wildcard or not cors.origins.has("*"):
        return ()
    return spans_of(getattr(cors.origins.value_of("*"), "place", None), cors.place)


def _settings(machine: Machine, keywords: Mapping[str, Value], place: Place | None) -> list[Cors]:
    resources = keywords.get("resources")
    if isinstance(resources, Ref) and machine.record(resources).kind == "dict":
        found = []
        for pattern, options in machine.record(resources).fields.items():
            own: dict[str, Value] = {}
            if isinstance(options, Ref) and machine.record(options).kind == "dict":
                own = {str(name): value for name, value in machine.record(options).fields.items()}
            found.append(_one(machine, str(pattern), {**keywords, **own}, place))
        return found
    pattern = plain(resources, "/*")
    return [_one(machine, pattern if isinstance(pattern, str) else "/*", keywords, place)]


def _one(machine: Machine, pattern: str, keywords: Mapping[str, Value], place: Place | None) -> Cors:
    return Cors(
        "/.*" if pattern == "*" else pattern,
        texts(machine, keywords.get("origins"), ("*",)),
        texts(machine, keywords.get("methods"), _EVERY),
        texts(machine, keywords.get("allow_headers"), ("*",)),
        texts(machine, keywords.get("expose_headers")),
        flag(keywords.get("supports_credentials"), default=False),
        flag(keywords.get("send_wildcard"), default=False) is True,
        keywords.get("max_age"),
        flag(keywords.get("vary_header"), default=True) is not False,
        place,
    )


def _applying(cors: list[Cors], route: Route) -> list[Cors]:
    for each in cors:
        try:
            if re.match(each.paths, route.path):
                return [each]
        except re.error:
            continue
    return []


def _of_view(machine: Machine, function: Value) -> tuple[Value, list[Cors]]:
    """A view, without `cross_origin` around it, and the settings of that."""
    if isinstance(function, Made) and function.name in _CROSS_ORIGIN and function.arguments:
        return function.arguments[-1], [_one(machine, "/*", function.keywords, function.place)]
    return function, []


def _route(found: Ways, condition: Value, route: Route, app: Made, cors: list[Cors]) -> None:
    machine = found.machine
    view, own = _of_view(machine, route.function)
    cors = own or cors
    views = run_view(machine, view, condition)
    place = span_of(route.place, found.span)
    for leaf, where, spot in views.leaves(condition):
        status, headers, rest = _response(machine, leaf)
        made = _reply(machine, status, headers, app, cors, FALSE, rest)
        found.add(where, made, span_of(spot, place))
    for failure in views.failures:
        here = machine.decisions.both(condition, failure.condition)
        aborted = isinstance(failure.instance, Made) and failure.instance.name == "flask.abort"
        status = failure.instance.arguments[0] if aborted and failure.instance.arguments else Const(500)  # type: ignore[attr-defined]
        by_view = [] if own and not aborted else cors
        made = _reply(machine, status, {}, app, [] if own else by_view, FALSE)
        found.add(here, made, span_of(failure.place, place), unusual=not aborted or short_name(failure.kind) == "")


def _response(machine: Machine, leaf: Value) -> tuple[Value, dict[str, Value], str]:
    """The status and headers of what a view returns, and why there may be more headers."""
    status: Value = Const(200)
    headers: dict[str, Value] = {}
    body = leaf
    if isinstance(leaf, Tuple) and leaf.items:
        body = leaf.items[0]
        for part in leaf.items[1:]:
            if isinstance(part, Ref) and machine.record(part).kind == "dict":
                headers.update({str(name): value for name, value in machine.record(part).fields.items()})
            else:
                status = part
    if isinstance(body, Made):
        short = body.name.rpartition(".")[2]
        if body.opened:
            return status, headers, "headers that the view sets on its response"
        if short == "redirect":
            status = argument(body, 1, "code") or Const(302)
        elif short == "Response":
            status = argument(body, 1, "status") or status
            given = argument(body, 2, "headers")
            if isinstance(given, Ref) and machine.record(given).kind == "dict":
                headers.update({str(name): value for name, value in machine.record(given).fields.items()})
            elif given is not None:
                return status, headers, "headers of a response that are not known"
        elif short == "make_response" and len(body.arguments) > 1:
            status = body.arguments[1]
    return status, headers, ""


def _reply(
    machine: Machine,
    status: Value,
    headers: Mapping[str, Value],
    app: Made,
    cors: list[Cors],
    preflight: Value,
    rest: str = "",
) -> Ref:
    response: dict[str, Value] = {
        "Content-Type": Opaque("a content type"),
        "Content-Length": Opaque("the length"),
        **headers,
    }
    for each in cors:
        response.update(_cors_headers(machine, each, preflight))
    hooks = [
        function
        for call in app.calls
        if call.method == "after_request"
        for function in (*call.decorated, *call.arguments)
    ]
    single = machine.new(Record("dict", response))
    _after_request(machine, hooks, single)
    made = reply(machine, status, dict(machine.record(single).fields), lists=True)
    if rest:
        for leaf in leaves(machine.record(made).fields["headers"]):
            if isinstance(leaf, Ref):
                machine.store.writable(leaf.number).rest = Opaque(rest)
    return made


def _after_request(machine: Machine, hooks: list[Value], headers: Ref) -> None:
    """Run what the project has registered for every response, on a response with these headers."""
    from ..calls import call

    machine.store.writable(headers.number).type = External("werkzeug.datastructures.Headers")
    for hook in hooks:
        response = machine.new(Record("instance", {"headers": headers}))
        outside = machine.condition
        machine.condition = TRUE
        call(machine, hook, [response], {}, None)
        machine.condition = outside


def _allowed(machine: Machine, cors: Cors) -> Value:
    if cors.origins.items is None:
        return admitted(machine, [UNKNOWN_TEST])
    if "*" in cors.origins.items:
        return admitted(machine, [OriginTest("any")])
    plain_ones = tuple(item.lower() for item in cors.origins.items if not _PATTERN.search(item))
    patterns = tuple(f"(?i:{item})" for item in cors.origins.items if _PATTERN.search(item))
    tests = [OriginTest("list", plain_ones)] if plain_ones else []
    return admitted(machine, [*tests, OriginTest("regex", patterns, "start")] if patterns else tests)


def _cors_headers(machine: Machine, cors: Cors, preflight: Value) -> dict[str, Value]:
    decisions = machine.decisions
    allowed = _allowed(machine, cors)
    origin = echo_where(machine, allowed)
    if cors.wildcard and cors.origins.has("*"):
        origin = decisions.choose(allowed, cors.origins.value_of("*"), NOTHING)
    no_origin = decisions.negate(admitted(machine, [OriginTest("any")]))
    without: Value = NOTHING
    if cors.origins.has("*"):
        without = NOTHING if cors.credentials else cors.origins.value_of("*")
    elif cors.origins.items:
        without = Const(", ".join(sorted(item for item in cors.origins.items if not _PATTERN.search(item)))) or NOTHING
    headers: dict[str, Value] = {"Access-Control-Allow-Origin": decisions.choose(no_origin, without, origin)}
    sent = decisions.either(allowed, no_origin) if without is not NOTHING else allowed
    if cors.credentials is None:
        headers["Access-Control-Allow-Credentials"] = Opaque("supports_credentials is not known", cors.place)
    elif cors.credentials:
        headers["Access-Control-Allow-Credentials"] = decisions.choose(sent, Const("true", cors.place), NOTHING)
    if cors.exposed.items:
        headers["Access-Control-Expose-Headers"] = decisions.choose(
            sent, joined(cors.exposed, ", ", cors.place), NOTHING
        )
    several = (
        cors.origins.items is None or len(cors.origins.items) > 1 or any(_PATTERN.search(i) for i in cors.origins.items)
    )
    if cors.vary and several and not (cors.wildcard and cors.origins.has("*")):
        dynamic = allowed if cors.origins.has("*") else sent
        headers["Vary"] = decisions.choose(dynamic, Const("Origin"), NOTHING)
    headers.update(_preflight_headers(machine, cors, decisions.both(preflight, sent)))
    return headers


def _preflight_headers(machine: Machine, cors: Cors, options: Value) -> dict[str, Value]:
    """The headers that only preflights get which ask for a method of the list.

    Of the allowed header names only those are sent that the preflight asks for; browsers cannot tell the difference.
    """
    decisions = machine.decisions
    if options is FALSE:
        return {}
    names: Value = NOTHING
    if cors.headers.has("*"):
        wanted = decisions.when(decisions.atom(Rank.OPAQUE, ("header", "access-control-request-headers")))
        names = decisions.choose(wanted, HeaderText("access-control-request-headers"), NOTHING)
    elif cors.headers.items is not None:
        names = joined(cors.headers, ", ", cors.place)
    else:
        names = SomeText("allow_headers is not known", cors.place)
    methods = Texts(cors.methods.items and tuple(sorted(cors.methods.items)), cors.methods.values)
    headers = {
        "Access-Control-Allow-Methods": decisions.choose(options, joined(methods, ", ", cors.place), NOTHING),
        "Access-Control-Allow-Headers": decisions.choose(options, names, NOTHING),
    }
    age = plain(cors.max_age)
    if age is not None:
        value = SomeText("max_age is not known", cors.place) if isinstance(age, Value) else Const(str(age), cors.place)
        headers["Access-Control-Max-Age"] = decisions.choose(options, value, NOTHING)
    return headers


def _options(found: Ways, condition: Value, path: str, group: list[Route], app: Made, cors: list[Cors]) -> None:
    """Flask answers OPTIONS of a known path; other methods get 405."""
    machine, decisions = found.machine, found.machine.decisions
    served = tuple(method for route in group for method in route.methods)
    _, own = _of_view(machine, group[0].function)
    at_path = decisions.both(condition, decisions.when(decisions.atom(Rank.PATH, path)))
    others = decisions.both(at_path, decisions.negate(method_condition(machine, served)))
    options = method_condition(machine, ("OPTIONS",))
    place = span_of(group[0].place, found.span)
    _to_preflights(found, decisions.both(others, options), Const(200), app, own or cors, place)
    refused = _reply(machine, Const(405), {}, app, [] if own else cors, FALSE)
    found.add(decisions.both(others, decisions.negate(options)), refused, place, unusual=True)


def _to_preflights(
    found: Ways,
    condition: Value,
    status: Value,
    app: Made,
    cors: list[Cors],
    span: Span | None = None,
    *,
    unnamed: bool = False,
) -> None:
    """Preflights that ask for a method of the list get all the headers, others but those of every response."""
    machine = found.machine
    answer = _reply(machine, status, {}, app, cors, condition)
    asked = cors[0].methods.items if cors else None
    if asked is None:
        found.add(condition, answer, span, unnamed=unnamed)
        return
    granted, refused = (PreflightGuard(granted, frozenset(asked)) for granted in (True, False))
    less = _reply(machine, status, {}, app, cors, FALSE)
    found.add(condition, answer, span, unnamed=unnamed, preflight=granted)
    found.add(condition, less, span, unnamed=unnamed, unusual=True, preflight=refused)
