"""lambda-api: routes, middlewares, `res.cors()`.

Measured with 1.5: 404 and 405 are answered before any middleware runs, and an error takes all headers away that are
not in `errorHeaderWhitelist`; OPTIONS is a method like any other; what a route returns is sent.
"""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from corsmith.api.span import Span

from ...decisions import FALSE, TRUE, Value
from ...machine import ELSEWHERE, Attempt, Failure, Machine
from ...store import Record
from ...values import NOTHING, Const, Made, Opaque, Place, Ref
from ...ways import Way
from ..arithmetic import text_of
from ..calls import call
from ..failing import error
from ..promises import awaited
from ..streams import answer
from ..tests import truth
from ..values import UNDEFINED, Bound, Closure, Native
from .headers import Put, set_headers
from .messages import Exchange, request_object, response_object
from .options import options_of, texts
from .routes import Case, Registered, cases, join_paths, named, reply, span_of, unknown_headers, way

APP = "lambda-api"
_VERBS = {"get", "post", "put", "delete", "patch", "options", "head"}
_DEFAULTS = {
    "origin": ("access-control-allow-origin", "*"),
    "methods": ("access-control-allow-methods", "GET, PUT, POST, DELETE, OPTIONS"),
    "headers": ("access-control-allow-headers", "Content-Type, Authorization, Content-Length, X-Requested-With"),
}
_ERROR_PARAMETERS = 4
_MILLISECONDS = 1000


def application(leaf: Made) -> Made | None:
    """Return the application whose `run` gave the response."""
    app = leaf.arguments[0] if leaf.arguments else UNDEFINED
    return app if isinstance(app, Made) and app.name == APP else None


def ways(machine: Machine, app: Made, condition: Value, span: Span) -> list[Way]:
    """Return the ways out of `api.run(event, context)`."""
    machine.condition = condition
    registered = registered_of(machine, app, "/", set())
    handlers = [each.functions[0] for each in registered if not each.endpoint and _handles_errors(each.functions[0])]
    kept = texts(machine, options_of(machine, app).get("errorHeaderWhitelist")) or ()
    serving = _Serving(machine, span, handlers, tuple(name.lower() for name in kept))
    found: list[Way] = []
    before = machine.store
    everywhere = [each for each in registered if each.endpoint and each.pattern_takes(None)]
    preflights_only = all(each.methods == ("OPTIONS",) for each in everywhere)
    for case in cases(machine, registered, condition):
        if preflights_only and case.path is None:
            # `options('/*')` alone takes OPTIONS for paths of other routes, and for no others.
            case = replace(case, missed=True)
        if case.condition is FALSE:
            continue
        machine.store, machine.condition = before.fork(), case.condition
        found += serving.answer(case)
    machine.store = before
    return found


def registered_of(machine: Machine, app: Made, base: str, seen: set[int]) -> list[Registered]:
    """Return what was registered: middlewares first, as they run for any route."""
    before: list[Registered] = []
    routes: list[Registered] = []
    if id(app) in seen:
        return []
    for each in app.calls:
        given = list(each.arguments)
        path = texts(machine, given.pop(0)) if given and isinstance(given[0], (Const, Ref)) else None
        if each.method == "register":
            inner = Made(APP, (), {}, each.place)
            prefix = options_of(machine, Made("", (each.arguments[1:] or (UNDEFINED,)))).plain("prefix")
            call(machine, each.arguments[0], UNDEFINED, [inner, UNDEFINED], each.place)
            below = join_paths(base, prefix if isinstance(prefix, str) else "")
            for one in registered_of(machine, inner, below, seen | {id(app)}):
                (routes if one.endpoint else before).append(one)
        elif each.method == "use":
            before += [
                Registered(None, named(join_paths(base, one)) if one != "*" else "*", (function,), endpoint=False)
                for one in path or ("*",)
                for function in given
            ]
        elif each.method in _VERBS or each.method in {"any", "METHOD"}:
            methods: tuple[str, ...] | None = (each.method.upper(),)
            if each.method == "get":
                methods = ("GET", "HEAD")
            elif each.method == "any":
                methods = None
            elif each.method == "METHOD":
                methods, path = path, texts(machine, given.pop(0)) if given else None
            routes += [
                Registered(methods, named(join_paths(base, one)), tuple(given), endpoint=True, place=each.place)
                for one in path or ("/*",)
            ]
    return before + routes


def _handles_errors(function: Value) -> bool:
    return isinstance(function, Closure) and len(function.node.parts()[0]) == _ERROR_PARAMETERS


class _Serving(Struct):
    """Serves the requests of an application."""

    machine: Machine
    span: Span
    handlers: list[Value]
    kept: tuple[str, ...]

    def answer(self, case: Case) -> list[Way]:
        """Return the ways out for a case."""
        machine = self.machine
        machine.own.answers = []
        headers = machine.new(Record("dict", {}))
        request = Exchange(case, headers, request_object(machine), Ref(0))
        request.response = response_object(machine, headers, lambda status, place: self._send(request, status, place))
        self._more(request)
        attempt = Attempt(quiet=True)
        machine.attempts.append(attempt)
        if case.missed:
            status = Const(404 if case.path is None else 405)
            self._error(request, error(machine, "Error", None), status, None)
        else:
            self._run(request, 0)
        machine.attempts.pop()
        found: list[Way] = []
        waiting: Value = TRUE
        for each in machine.own.answers:
            machine.condition = machine.decisions.both(waiting, each.condition)
            waiting = machine.decisions.both(waiting, machine.decisions.negate(each.condition))
            machine.store = each.store
            span = each.place.span() if each.place is not None else span_of(machine, each.value, case.place, self.span)
            made = way(machine, case, each.value, span, APP, caused=each.after_exception)
            if made is not None:
                found.append(made)
        return found

    def _run(self, request: Exchange, at: int) -> Value:
        machine, chain = self.machine, request.case.chain
        if at >= len(chain):
            return UNDEFINED
        function = chain[at]
        if not isinstance(function, (Closure, Bound, Native)):
            unknown_headers(machine, request.headers, "what a middleware does to responses is not followed")
            return self._run(request, at + 1)
        if _handles_errors(function):
            return self._run(request, at + 1)

        def go_on(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
            return self._run(request, at + 1)

        attempt = Attempt(quiet=True)
        machine.attempts.append(attempt)
        arguments = [request.request, request.response, Native("next", go_on)]
        value = awaited(machine, call(machine, function, UNDEFINED, arguments, None), None)
        machine.attempts.pop()
        self._returned(request, value)
        after = machine.store
        for failure in attempt.failures:
            machine.store = failure.store.fork()
            self._fail(request, failure, Const(500, failure.place))
        machine.store, machine.condition = after, FALSE
        return UNDEFINED

    def _returned(self, request: Exchange, value: Value) -> None:
        """What a route returns is sent; a response that was sent before counts."""
        machine = self.machine
        given = machine.decisions.change(
            value, lambda leaf: FALSE if leaf is UNDEFINED or leaf is request.response else TRUE
        )
        condition = machine.decisions.both(machine.condition, given)
        if condition is not FALSE:
            machine.condition = condition
            self._send(request, machine.record(request.response).fields["statusCode"], None)

    def _fail(self, request: Exchange, failure: Failure, status: Value) -> None:
        """An error takes the headers away, but for those that are kept; then the handlers of errors run."""
        machine = self.machine
        if failure.condition is FALSE or (failure.kind == ELSEWHERE and not failure.from_input):
            return
        machine.condition = failure.condition
        machine.handling.append(failure)
        self._error(request, failure.instance, status, failure.place)
        machine.handling.pop()

    def _error(self, request: Exchange, error: Value, status: Value, place: Place | None) -> None:
        machine = self.machine
        record = machine.store.writable(request.headers.number)
        record.fields = {name: value for name, value in record.fields.items() if name in self.kept}
        machine.store.writable(request.response.number).fields["statusCode"] = status
        sent = len(machine.own.answers)
        for function in self.handlers:
            following = Native("next", lambda machine, this, arguments, place: UNDEFINED)
            given = [error, request.request, request.response, following]
            value = awaited(machine, call(machine, function, UNDEFINED, given, place), place)
            self._returned(request, value)
        if machine.condition is not FALSE and len(machine.own.answers) == sent:
            self._send(request, machine.record(request.response).fields["statusCode"], place)

    def _send(self, request: Exchange, status: Value, place: Place | None) -> None:
        machine = self.machine
        copied = machine.new(Record("dict", {}, place))
        set_headers(machine, copied, request.headers)
        answer(machine, reply(machine, status, copied, lists=True), place)

    def _more(self, request: Exchange) -> None:
        """What this response has beside those of others: `cors`, `error`, `html`."""
        machine = self.machine

        def cors(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
            _cors(machine, request.headers, arguments, place)
            return request.response

        def fail(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
            first = arguments[0] if arguments else UNDEFINED
            coded = isinstance(first, Const) and isinstance(first.value, int)
            status = first if coded else Const(500, place)
            self._error(request, (arguments[1] if coded and len(arguments) > 1 else first), status, place)
            return UNDEFINED

        fields = machine.store.writable(request.response.number).fields
        fields.update(cors=Native("cors", cors), error=Native("error", fail), html=fields["send"])
        for name in ("etag", "cache", "modified"):
            fields[name] = fields["type"]


def _cors(machine: Machine, headers: Ref, arguments: list[Value], place: Place | None) -> None:
    options = options_of(machine, Made("", tuple(arguments), {}, place))
    put = Put(machine, headers)
    for option, (name, default) in _DEFAULTS.items():
        given = options.get(option)
        before = machine.record(headers).fields.get(name, NOTHING)
        otherwise = Const(default, place) if before is NOTHING else before
        put.set(name, machine.decisions.choose(truth(machine, given), given, otherwise))
    age = options.get("maxAge")
    if isinstance(age, Const) and isinstance(age.value, (int, float)):
        put.set("access-control-max-age", Const(str(int(age.value / _MILLISECONDS)), age.place))
    elif age is not UNDEFINED:
        put.set("access-control-max-age", Opaque("maxAge"))
    for option, name in (
        ("credentials", "access-control-allow-credentials"),
        ("exposeHeaders", "access-control-expose-headers"),
    ):
        given = options.get(option)
        put.set(name, machine.decisions.choose(truth(machine, given), text_of(machine, given), NOTHING))
