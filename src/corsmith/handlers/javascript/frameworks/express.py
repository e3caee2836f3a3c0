"""Express and the `cors` package, through its Lambda adapters.

Measured with express 5.3 and cors 2.8: what was set before stays on 404s and on errors; the `cors` middleware answers
every OPTIONS request that reaches it with 204, whatever it asks for; without it Express answers OPTIONS for paths of
its routes with 200 and Allow; a list echoes what is in it, one origin is sent to everybody, `origin: false` sends nothing.
"""

from __future__ import annotations

import re

from msgspec import Struct

from corsmith.api.origin_test import OriginTest
from corsmith.api.span import Span

from ...decisions import FALSE, TRUE, Value
from ...event import header
from ...machine import ELSEWHERE, Attempt, Failure, Machine
from ...operators import UNKNOWN_TEST
from ...requests import sent_origin
from ...store import Record
from ...values import NOTHING, Const, Made, Opaque, Place, Ref, SomeText
from ...ways import Way
from ..arithmetic import number_text
from ..calls import call, settled
from ..copies import items_of
from ..exceptions import failure_of
from ..streams import answer
from ..tests import truth
from ..values import UNDEFINED, Bound, Closure, Native, Pattern, Rejected
from .headers import Put, if_passes, set_headers
from .messages import Exchange, request_object, response_object
from .options import Options, joined, options_of, texts
from .routes import Case, Registered, cases, join_paths, named, reply, span_of, unknown_headers, way

_APPS = {"express", "express.Router"}
_VERBS = {"get", "post", "put", "delete", "patch", "options", "head"}
_BODIES = {"express.json", "body-parser.json", "body-parser"}
_QUIET = (
    "helmet", "morgan", "compression", "express.", "body-parser", "cookie-parser", "express-session", "multer", "hpp",
    "response-time", "serve-static", "method-override", "pino-http", "express-winston", "aws-serverless-express/middleware",
    "@vendia/serverless-express", "connect-timeout", "on-finished", "cors-anywhere", "express-fileupload",
)  # fmt: skip
_EVERYWHERE = re.compile(r"/?(\*\w*|\(\.\*\)|\{\*\w*\}|\.\*|/\(\.\*\))")
_METHODS = "GET,HEAD,PUT,PATCH,POST,DELETE"
_ERROR_PARAMETERS = 4
_NEST_STATUSES = {
    "BadRequest": 400, "Unauthorized": 401, "Forbidden": 403, "NotFound": 404, "MethodNotAllowed": 405,
    "NotAcceptable": 406, "RequestTimeout": 408, "Conflict": 409, "Gone": 410, "PayloadTooLarge": 413,
    "UnsupportedMediaType": 415, "UnprocessableEntity": 422, "InternalServerError": 500, "NotImplemented": 501,
    "BadGateway": 502, "ServiceUnavailable": 503, "GatewayTimeout": 504,
}  # fmt: skip


def ways(
    machine: Machine, app: Made, condition: Value, span: Span, *, lists: bool, made_by: str = "Express"
) -> list[Way]:
    """Return the ways out of an application behind an adapter. `lists`: it sends headers as lists under payload 1.0."""
    serving = _Serving(machine, span, lists, made_by)
    found: list[Way] = []
    before = machine.store
    for case in cases(machine, registered_of(machine, app, "/", set()), condition):
        if case.condition is FALSE:
            continue
        machine.store, machine.condition = before.fork(), case.condition
        found += serving.answer(case)
    machine.store = before
    return found


def registered_of(machine: Machine, app: Made, base: str, seen: set[int]) -> list[Registered]:
    """Return what was registered, in order, with what routers bring along."""
    found: list[Registered] = []
    if id(app) in seen:
        return found
    below = seen | {id(app)}
    route = ""
    for each in app.calls:
        given = _flat(machine, list(each.arguments))
        patterns: tuple[str, ...] = ("*",) if each.method == "use" else (route or "/",)
        if given and (isinstance(given[0], (Const, Pattern)) or _is_list_of_texts(machine, each.arguments[0])):
            patterns = _patterns(machine, given.pop(0) if isinstance(given[0], (Const, Pattern)) else given[0])
        if each.method == "route":
            route = patterns[0]
        methods = (each.method.upper(), "HEAD") if each.method == "get" else (each.method.upper(),)
        for pattern in patterns:
            path = (
                "*" if pattern == "*" and base == "/" else named(join_paths(base, pattern if pattern != "*" else "/*"))
            )
            if each.method == "use":
                for function in given:
                    if isinstance(function, Made) and function.name in _APPS:
                        found += registered_of(
                            machine, function, base if pattern == "*" else join_paths(base, pattern), below
                        )
                    else:
                        found.append(Registered(None, path, (function,), endpoint=False))
            elif each.method == "all":
                found.append(Registered(None, path, tuple(given), endpoint=pattern != "*", place=each.place))
            elif each.method in _VERBS and given:
                found.append(Registered(methods, path, tuple(given), endpoint=True, place=each.place))
    return found


def _flat(machine: Machine, given: list[Value]) -> list[Value]:
    flat: list[Value] = []
    for each in given:
        items = items_of(machine, each) if isinstance(each, Ref) else None
        flat += items if items is not None else [each]
    return flat


def _is_list_of_texts(machine: Machine, value: Value) -> bool:
    return isinstance(value, Ref) and bool(texts(machine, value))


def _patterns(machine: Machine, value: Value) -> tuple[str, ...]:
    if isinstance(value, Pattern):
        return ("*",)
    return tuple("*" if _EVERYWHERE.fullmatch(text) else text for text in texts(machine, value) or ("*",))


class _Serving(Struct):
    """Serves the requests of an application."""

    machine: Machine
    span: Span
    lists: bool = False
    made_by: str = "Express"

    def answer(self, case: Case) -> list[Way]:
        """Return the ways out for a case."""
        machine = self.machine
        machine.own.answers = []
        headers = machine.new(Record("dict", {}))
        request = Exchange(case, headers, request_object(machine), Ref(0))
        request.response = response_object(machine, headers, lambda status, place: self._send(request, status, place))
        attempt = Attempt(quiet=True)
        machine.attempts.append(attempt)
        self._run(request, 0)
        machine.attempts.pop()
        found: list[Way] = []
        waiting: Value = TRUE
        for each in machine.own.answers:
            machine.condition = machine.decisions.both(waiting, each.condition)
            waiting = machine.decisions.both(waiting, machine.decisions.negate(each.condition))
            machine.store = each.store
            span = each.place.span() if each.place is not None else span_of(machine, each.value, case.place, self.span)
            made = way(machine, case, each.value, span, self.made_by, caused=each.after_exception)
            if made is not None:
                found.append(made)
        return found

    def _run(self, request: Exchange, at: int) -> Value:
        """Run the chain from `at` on."""
        machine, chain = self.machine, request.case.chain
        if at >= len(chain):
            self._ending(request)
            return UNDEFINED
        function = chain[at]
        if isinstance(function, Made):
            self._package(request, function, at)
            return UNDEFINED
        if not isinstance(function, (Closure, Bound, Native)):
            unknown_headers(machine, request.headers, "what a middleware does to responses is not followed")
            return self._run(request, at + 1)
        if _handles_errors(function):
            return self._run(request, at + 1)
        arguments = [request.request, request.response, self._next(request, at)]
        self._guarded(request, function, arguments, at)
        return UNDEFINED

    def _guarded(self, request: Exchange, function: Value, arguments: list[Value], at: int) -> None:
        """Call a function of the chain; what it throws, now or later, goes to the handlers of errors."""
        machine = self.machine
        attempt = Attempt(quiet=True)
        machine.attempts.append(attempt)
        value = settled(machine, call(machine, function, UNDEFINED, arguments, None))
        machine.attempts.pop()
        after, condition = machine.store, machine.condition
        rejected = [
            (leaf.failure, machine.decisions.both(condition, where))
            for leaf, where in machine.decisions.parts(value, condition)
            if isinstance(leaf, Rejected)
        ]
        for failure in attempt.failures:
            machine.store = failure.store.fork()
            self._fail(request, failure, failure.condition, at)
        for failure, where in rejected:
            machine.store = after.fork()
            self._fail(request, failure, where, at)
        machine.store, machine.condition = after, FALSE

    def _next(self, request: Exchange, at: int) -> Native:
        def go_on(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
            error = arguments[0] if arguments else UNDEFINED
            failed = truth(machine, error)

            def fail() -> Value:
                self._fail(request, failure_of(machine, error, place), machine.condition, at)
                return UNDEFINED

            return machine.branch(failed, fail, lambda: self._run(request, at + 1))

        return Native("next", go_on)

    def _fail(self, request: Exchange, failure: Failure, condition: Value, at: int) -> None:
        """Go to the next function that takes errors; without one, the error's own status is sent, else 500."""
        machine, chain = self.machine, request.case.chain
        if condition is FALSE or (failure.kind == ELSEWHERE and not failure.from_input and not machine.expecting):
            return
        machine.condition = condition
        machine.handling.append(failure)
        for position in range(at + 1, len(chain)):
            function = chain[position]
            if isinstance(function, (Closure, Bound)) and _handles_errors(function):
                given = [failure.instance, request.request, request.response, self._next(request, position)]
                self._guarded(request, function, given, position)
                break
        else:
            self._send(request, status_of(machine, failure), failure.place)
        machine.handling.pop()

    def _ending(self, request: Exchange) -> None:
        """No function answered: OPTIONS for a path of a route is, all else is 404."""
        known = request.case.path is not None and request.case.method == "OPTIONS"
        self._send(request, Const(200 if known else 404), None)

    def _send(self, request: Exchange, status: Value, place: Place | None) -> None:
        machine = self.machine
        copied = machine.new(Record("dict", {}, place))
        set_headers(machine, copied, request.headers)
        answer(machine, reply(machine, status, copied, lists=self.lists), place)
        machine.condition = FALSE

    def _package(self, request: Exchange, function: Made, at: int) -> None:
        """Run a middleware of a package."""
        machine = self.machine
        name = function.name
        if name == "cors":
            self._cors(request, function, at)
            return
        if name in _BODIES:
            machine.json_read.append(machine.condition)
        elif not name.startswith(_QUIET):
            unknown_headers(machine, request.headers, f"what {name} does to responses is not followed")
        self._run(request, at + 1)

    # The cors package

    def _cors(self, request: Exchange, function: Made, at: int) -> None:
        machine = self.machine
        given = function.arguments[0] if function.arguments else UNDEFINED
        if isinstance(given, (Closure, Bound)):
            unknown_headers(machine, request.headers, "the options of cors are worked out for each request")
            self._run(request, at + 1)
            return
        options = options_of(machine, function)
        origin = options.get("origin")
        if not options.known:
            unknown_headers(machine, request.headers, "the options of cors are not known")
        if isinstance(origin, (Closure, Bound)):
            self._asked(request, options, origin, at)
            return
        machine.each(Const("*") if origin is UNDEFINED else origin, lambda leaf: self._with(request, options, leaf, at))

    def _asked(self, request: Exchange, options: Options, function: Value, at: int) -> None:
        """`origin: (origin, callback) => …`."""
        machine = self.machine
        sent = machine.decisions.change(sent_origin(machine), lambda leaf: UNDEFINED if leaf is NOTHING else leaf)

        def called(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
            error, allowed = (arguments[each] if each < len(arguments) else UNDEFINED for each in (0, 1))

            def fail() -> Value:
                self._fail(request, failure_of(machine, error, place), machine.condition, at)
                return UNDEFINED

            def go_on() -> Value:
                return machine.each(allowed, lambda leaf: self._with(request, options, leaf, at))

            return machine.branch(truth(machine, error), fail, go_on)

        self._guarded(request, function, [sent, Native("callback", called)], at)

    def _with(self, request: Exchange, options: Options, origin: Value, at: int) -> Value:
        machine = self.machine
        allowed = truth(machine, origin)

        def add() -> Value:
            self._headers(request, options, origin)
            preflight = request.case.method == "OPTIONS"
            if preflight:
                self._preflight_headers(request, options)
            if preflight and options.flag("preflightContinue") is not True:
                status = options.get("optionsSuccessStatus")
                self._send(request, Const(204, options.place) if status is UNDEFINED else status, options.place)
                return UNDEFINED
            return self._run(request, at + 1)

        return machine.branch(allowed, add, lambda: self._run(request, at + 1))

    def _headers(self, request: Exchange, options: Options, origin: Value) -> None:
        machine, put = self.machine, Put(self.machine, request.headers)
        if isinstance(origin, Const) and isinstance(origin.value, str):
            put.set("access-control-allow-origin", origin)
            if origin.value != "*":
                put.add("vary", "Origin")
        else:
            put.set("access-control-allow-origin", reflected(machine, origin))
            put.add("vary", "Origin")
        if options.flag("credentials") is not False:
            known = options.flag("credentials") is True
            put.set(
                "access-control-allow-credentials", Const("true", options.place) if known else Opaque("credentials")
            )
        if options.texts("exposedHeaders") != ():
            put.set("access-control-expose-headers", joined(machine, options.get("exposedHeaders")))

    def _preflight_headers(self, request: Exchange, options: Options) -> None:
        machine, put = self.machine, Put(self.machine, request.headers)
        methods = options.get("methods")
        put.set(
            "access-control-allow-methods",
            Const(_METHODS, options.place) if methods is UNDEFINED else joined(machine, methods),
        )
        names = options.get("allowedHeaders")
        names = options.get("headers") if names is UNDEFINED else names
        if names is UNDEFINED:
            put.add("vary", "Access-Control-Request-Headers")
            put.set(
                "access-control-allow-headers",
                header(machine.decisions, "access-control-request-headers", ignores_case=True),
            )
        elif texts(machine, names) != ():
            put.set("access-control-allow-headers", joined(machine, names))
        age = options.get("maxAge")
        if isinstance(age, Const):
            put.set("access-control-max-age", Const(number_text(age.value), age.place))
        elif age is not UNDEFINED:
            put.set("access-control-max-age", SomeText("maxAge"))


def _handles_errors(function: Value) -> bool:
    return isinstance(function, Closure) and len(function.node.parts()[0]) == _ERROR_PARAMETERS


def status_of(machine: Machine, failure: Failure) -> Value:
    """An error's own `status` or `statusCode`, where it is one of an error; else 500."""
    thrown = failure.instance
    if isinstance(thrown, Made) and thrown.arguments and thrown.name.startswith("http-errors"):
        return thrown.arguments[0]
    if isinstance(thrown, Made) and thrown.name.startswith("@nestjs/common."):
        known = _NEST_STATUSES.get(thrown.name.rpartition(".")[2].removesuffix("Exception"))
        return Const(known, failure.place) if known else (*thrown.arguments, UNDEFINED, UNDEFINED)[1]
    if isinstance(thrown, Ref):
        for name in ("status", "statusCode"):
            value = machine.record(thrown).fields.get(name, NOTHING)
            if value is not NOTHING:
                return value
    return Const(500, failure.place)


def reflected(machine: Machine, origin: Value) -> Value:
    """The Origin, where the setting admits it: true, a list, a pattern."""
    sent = sent_origin(machine)
    return machine.decisions.change(sent, lambda leaf: if_passes(machine, leaf, _test(machine, origin)))


def _test(machine: Machine, origin: Value) -> OriginTest:
    from ..patterns import origin_pattern

    if isinstance(origin, Const):
        return OriginTest("any")
    items = [origin] if isinstance(origin, Pattern) else items_of(machine, origin)
    if items is None or not all(isinstance(each, (Const, Pattern)) for each in items):
        return UNKNOWN_TEST
    exact = tuple(str(each.value) for each in items if isinstance(each, Const))
    tests = [origin_pattern(each) for each in items if isinstance(each, Pattern)]
    tests = [OriginTest("list", exact), *tests] if exact else tests
    return tests[0] if len(tests) == 1 else OriginTest("either", tests=tuple(tests))
