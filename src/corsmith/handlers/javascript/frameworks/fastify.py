"""Fastify with @fastify/cors, through @fastify/aws-lambda.

Measured with fastify 5.12, @fastify/aws-lambda 6.4 and @fastify/cors 11.4: what was set before stays on errors and on
404; a method that no route of a path has is 404; @fastify/cors answers every OPTIONS request that is a preflight with
204 and its lists, whatever it asks for, and others with 400; its default methods are GET, HEAD and POST; one origin is
sent to everybody, a list echoes what is in it, and credentials are said to others, too.
"""

from __future__ import annotations

from msgspec import Struct, field

from corsmith.api.span import Span

from ...decisions import FALSE, TRUE, Value
from ...event import header
from ...machine import ELSEWHERE, Attempt, Failure, Machine
from ...requests import sent_origin
from ...store import Record
from ...values import NOTHING, Const, Made, Opaque, Origin, Place, Ref, SomeText
from ...ways import Way
from ..arithmetic import number_text
from ..calls import call
from ..exceptions import failure_of
from ..promises import awaited
from ..streams import answer
from ..tests import truth
from ..values import UNDEFINED, Bound, Closure, Native, Pattern, Promise
from .express import reflected, status_of
from .fastify_messages import reply_object, request_of
from .headers import Put, set_headers
from .messages import Exchange
from .options import Options, joined, options_of, texts
from .routes import Case, Registered, cases, join_paths, named, reply, span_of, unknown_headers, way

_VERBS = {"get", "post", "put", "delete", "patch", "head", "options", "all"}
_BEFORE = ("onRequest", "preParsing", "preValidation", "preHandler")
_QUIET = (
    "@fastify/helmet",
    "@fastify/sensible",
    "@fastify/swagger",
    "@fastify/jwt",
    "@fastify/cookie",
    "@fastify/formbody",
    "@fastify/multipart",
    "@fastify/rate-limit",
    "@fastify/env",
    "@fastify/autoload",
    "@fastify/compress",
    "@fastify/etag",
)
_CORS = ("@fastify/cors", "fastify-cors", "@fastify/cors.fastifyCors", "@fastify/cors.default")
_METHODS = "GET,HEAD,POST"


class _App(Struct):
    """What was registered: hooks in the order they run, routes, and how errors and unknown paths are answered."""

    hooks: list[tuple[str, Value]] = field(default_factory=list)
    routes: list[Registered] = field(default_factory=list)
    on_error: Value = field(default_factory=lambda: UNDEFINED)
    not_found: Value = field(default_factory=lambda: UNDEFINED)


def ways(machine: Machine, app: Made, condition: Value, span: Span) -> list[Way]:
    """Return the ways out of an application behind its adapter."""
    known = _App()
    machine.condition = condition
    _register(machine, app, "/", known, set())
    serving = _Serving(machine, span, known)
    found: list[Way] = []
    before = machine.store
    for case in cases(machine, known.routes, condition):
        if case.condition is not FALSE:
            machine.store, machine.condition = before.fork(), case.condition
            found += serving.answer(case)
    machine.store = before
    return found


def _register(machine: Machine, app: Made, base: str, known: _App, seen: set[int]) -> None:
    if id(app) in seen:
        return
    for each in app.calls:
        given = list(each.arguments)
        if each.method == "register" and given:
            _plugin(machine, given, base, known, seen | {id(app)}, each.place)
        elif each.method == "addHook" and len(given) > 1 and isinstance(given[0], Const):
            known.hooks.append((str(given[0].value), given[1]))
        elif each.method == "setErrorHandler" and given:
            known.on_error = given[0]
        elif each.method == "setNotFoundHandler" and given:
            known.not_found = given[-1]
        elif each.method == "route" and given:
            options = Options(machine, given[0], known=True, place=each.place)
            methods = tuple(name.upper() for name in texts(machine, options.get("method")) or ())
            for url in texts(machine, options.get("url")) or texts(machine, options.get("path")) or ():
                known.routes.append(_route(methods, join_paths(base, url), options.get("handler"), each.place))
        elif each.method in _VERBS and given:
            verb = each.method.upper()
            methods = () if verb == "ALL" else (verb, "HEAD") if verb == "GET" else (verb,)
            handler: Value = given[-1]
            if isinstance(handler, Ref):
                handler = Options(machine, handler, known=True, place=None).get("handler")
            for path in texts(machine, given[0]) or ():
                known.routes.append(_route(methods, join_paths(base, path), handler, each.place))


def _route(methods: tuple[str, ...], path: str, handler: Value, place: Place | None) -> Registered:
    return Registered(methods or None, named(path), (handler,), True, place)  # noqa: FBT003


def _plugin(machine: Machine, given: list[Value], base: str, known: _App, seen: set[int], place: Place | None) -> None:
    plugin = given[0].value if isinstance(given[0], Promise) else given[0]
    name = getattr(plugin, "name", "")
    if isinstance(plugin, Made) and plugin.name.startswith("fastify-plugin") and plugin.arguments:
        plugin = plugin.arguments[0]
    if isinstance(plugin, (Closure, Bound)):
        prefix = options_of(machine, Made("", (given[1] if len(given) > 1 else UNDEFINED,))).plain("prefix")
        inner = Made("fastify", (), {}, place)
        done = Native("done", lambda machine, this, arguments, place: UNDEFINED)
        call(machine, plugin, UNDEFINED, [inner, given[1] if len(given) > 1 else UNDEFINED, done], place)
        _register(machine, inner, join_paths(base, prefix if isinstance(prefix, str) else ""), known, seen)
    elif name in _CORS:
        known.hooks.append(("cors", Made("@fastify/cors", tuple(given[1:]), {}, place)))
    elif not name.startswith(_QUIET):
        known.hooks.append(("unknown", Made(name or "a plugin", (), {}, place)))


class _Serving(Struct):
    """Serves the requests of an application."""

    machine: Machine
    span: Span
    app: _App

    def answer(self, case: Case) -> list[Way]:
        """Return the ways out for a case."""
        machine = self.machine
        machine.own.answers = []
        headers = machine.new(Record("dict", {}))
        request = Exchange(case, headers, request_of(machine), Ref(0))
        request.response = reply_object(machine, headers, lambda place: self._send(request, place))
        attempt = Attempt(quiet=True)
        machine.attempts.append(attempt)
        self._hook(request, 0)
        machine.attempts.pop()
        found: list[Way] = []
        waiting: Value = TRUE
        for each in machine.own.answers:
            machine.condition = machine.decisions.both(waiting, each.condition)
            waiting = machine.decisions.both(waiting, machine.decisions.negate(each.condition))
            machine.store = each.store
            span = each.place.span() if each.place is not None else span_of(machine, each.value, case.place, self.span)
            made = way(machine, case, each.value, span, "Fastify", caused=each.after_exception)
            if made is not None:
                found.append(made)
        return found

    def _hook(self, request: Exchange, at: int) -> Value:
        """Run the hooks from `at` on, then the route."""
        machine = self.machine
        if at >= len(self.app.hooks):
            self._handle(request)
            return UNDEFINED
        kind, hook = self.app.hooks[at]
        if kind == "cors" and isinstance(hook, Made):
            self._cors(request, options_of(machine, hook), at)
        elif kind == "unknown":
            because = f"what {getattr(hook, 'name', '')} does to responses is not followed"
            unknown_headers(machine, request.headers, because)
            self._hook(request, at + 1)
        elif kind in _BEFORE and isinstance(hook, (Closure, Bound)):
            self._run_hook(request, hook, at)
        elif kind in {"onSend", "preSerialization"}:
            unknown_headers(machine, request.headers, f"what a hook {kind} does to responses is not followed")
            self._hook(request, at + 1)
        else:
            self._hook(request, at + 1)
        return UNDEFINED

    def _run_hook(self, request: Exchange, hook: Value, at: int) -> None:
        """A hook goes on when it calls `done`, or when its promise comes to nothing."""

        def go_on(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
            failed = truth(machine, arguments[0] if arguments else UNDEFINED)

            def fail() -> Value:
                self._fail(request, failure_of(machine, arguments[0], place), machine.condition)
                return UNDEFINED

            return machine.branch(failed, fail, lambda: self._hook(request, at + 1))

        function = hook.function if isinstance(hook, Bound) else hook
        asynchronous = isinstance(function, Closure) and function.node.asynchronous
        arguments: list[Value] = [request.request, request.response, Native("done", go_on)]
        value = self._guarded(request, hook, arguments)
        machine = self.machine
        if asynchronous and machine.condition is not FALSE:
            ended = machine.decisions.change(value, lambda leaf: TRUE if leaf is UNDEFINED else FALSE)
            machine.branch(ended, lambda: self._hook(request, at + 1), lambda: UNDEFINED)
        machine.condition = FALSE

    def _handle(self, request: Exchange) -> None:
        """Run the route; what it returns is sent, unless it was sent before."""
        machine, case = self.machine, request.case
        if case.missed:
            self._missing(request)
            return
        function = next((each for each in case.chain if isinstance(each, (Closure, Bound, Native))), None)
        if function is None:
            unknown_headers(machine, request.headers, "what answers this route is not followed")
            self._send(request, case.place)
            return
        self._returned(request, self._guarded(request, function, [request.request, request.response]))

    def _returned(self, request: Exchange, value: Value) -> None:
        machine = self.machine
        given = machine.decisions.change(
            value, lambda leaf: FALSE if leaf is UNDEFINED or leaf is request.response else TRUE
        )
        machine.condition = machine.decisions.both(machine.condition, given)
        if machine.condition is not FALSE:
            self._send(request, None)
        machine.condition = FALSE

    def _missing(self, request: Exchange) -> None:
        machine = self.machine
        if isinstance(self.app.not_found, (Closure, Bound)):
            self._status(request, Const(404))
            value = self._guarded(request, self.app.not_found, [request.request, request.response])
            self._returned(request, value)
            return
        self._status(request, Const(404))
        self._send(request, None)
        machine.condition = FALSE

    def _guarded(self, request: Exchange, function: Value, arguments: list[Value]) -> Value:
        """Call a function of the application; what it throws, now or later, is answered."""
        machine = self.machine
        attempt = Attempt(quiet=True)
        machine.attempts.append(attempt)
        value = awaited(machine, call(machine, function, UNDEFINED, arguments, None), None)
        machine.attempts.pop()
        after, condition = machine.store, machine.condition
        for failure in attempt.failures:
            machine.store = failure.store.fork()
            self._fail(request, failure, failure.condition)
        machine.store, machine.condition = after, condition
        return value

    def _fail(self, request: Exchange, failure: Failure, condition: Value) -> None:
        """Hand an error to the application's handler; without one its own status is sent, else 500."""
        machine = self.machine
        if condition is FALSE or (failure.kind == ELSEWHERE and not failure.from_input and not machine.expecting):
            return
        machine.condition = condition
        machine.handling.append(failure)
        self._status(request, status_of(machine, failure))
        if isinstance(self.app.on_error, (Closure, Bound)):
            handler, given = self.app.on_error, [failure.instance, request.request, request.response]
            before, self.app.on_error = self.app.on_error, UNDEFINED
            self._returned(request, self._guarded(request, handler, given))
            self.app.on_error = before
        else:
            self._send(request, failure.place)
        machine.handling.pop()

    def _status(self, request: Exchange, status: Value) -> None:
        self.machine.store.writable(request.response.number).fields["statusCode"] = status

    def _send(self, request: Exchange, place: Place | None) -> None:
        machine = self.machine
        copied = machine.new(Record("dict", {}, place))
        set_headers(machine, copied, request.headers)
        status = machine.record(request.response).fields["statusCode"]
        answer(machine, reply(machine, status, copied, lists=False), place)

    # @fastify/cors

    def _cors(self, request: Exchange, options: Options, at: int) -> None:
        machine = self.machine
        if (
            not options.known
            or isinstance(options.value, (Closure, Bound))
            or options.get("delegator") is not UNDEFINED
        ):
            unknown_headers(machine, request.headers, "the options of @fastify/cors are not known")
        origin = options.get("origin")
        if origin is UNDEFINED:
            origin = Const("*", options.place)
        plain = isinstance(origin, Const) and (isinstance(origin.value, str) or origin.value is False)
        if not plain and "*" not in (texts(machine, origin) or ()):
            Put(machine, request.headers).add("vary", "Origin")
        if isinstance(origin, (Closure, Bound)):
            self._asked(request, options, origin, at)
            return
        machine.each(origin, lambda leaf: self._with(request, options, leaf, at))

    def _asked(self, request: Exchange, options: Options, function: Value, at: int) -> None:
        """`origin: (origin, callback) => …`, or a function that gives a promise."""
        machine = self.machine
        sent = machine.decisions.change(sent_origin(machine), lambda leaf: UNDEFINED if leaf is NOTHING else leaf)

        def called(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
            error, allowed = (arguments[each] if each < len(arguments) else UNDEFINED for each in (0, 1))

            def fail() -> Value:
                self._fail(request, failure_of(machine, error, place), machine.condition)
                machine.condition = FALSE
                return UNDEFINED

            def go_on() -> Value:
                machine.each(allowed, lambda leaf: self._with(request, options, leaf, at))
                machine.condition = FALSE
                return UNDEFINED

            return machine.branch(truth(machine, error), fail, go_on)

        value = self._guarded(request, function, [sent, Native("callback", called)])
        if machine.condition is not FALSE:
            machine.each(value, lambda leaf: self._with(request, options, leaf, at) if leaf is not UNDEFINED else leaf)
        machine.condition = FALSE

    def _with(self, request: Exchange, options: Options, origin: Value, at: int) -> Value:
        machine = self.machine
        if isinstance(origin, Const) and origin.value is False:
            return self._hook(request, at + 1)
        put = Put(machine, request.headers)
        listed = texts(machine, origin) if isinstance(origin, Ref) else None
        if isinstance(origin, Const) and isinstance(origin.value, str):
            put.set("access-control-allow-origin", origin)
        elif listed is not None and "*" in listed:
            put.set("access-control-allow-origin", Const("*", options.place))
        elif isinstance(origin, (Const, Ref, Pattern)):
            put.set("access-control-allow-origin", reflected(machine, origin))
        else:
            put.set("access-control-allow-origin", Opaque("the origin that @fastify/cors is given"))
        allows = truth(machine, options.get("credentials"))
        put.set(
            "access-control-allow-credentials", machine.decisions.choose(allows, Const("true", options.place), NOTHING)
        )
        if options.texts("exposedHeaders") != ():
            put.set("access-control-expose-headers", joined(machine, options.get("exposedHeaders"), ", "))
        if request.case.method != "OPTIONS" or options.flag("preflight", default=True) is False:
            return self._hook(request, at + 1)
        return self._strictly(request, options, at)

    def _strictly(self, request: Exchange, options: Options, at: int) -> Value:
        """What has no Origin is no preflight: it is refused, unless `strictPreflight` is off."""
        machine = self.machine
        if options.flag("strictPreflight", default=True) is False:
            return self._preflight(request, options, at)
        there = machine.decisions.change(sent_origin(machine), lambda leaf: TRUE if isinstance(leaf, Origin) else FALSE)

        def refuse() -> Value:
            self._status(request, Const(400, options.place))
            self._send(request, options.place)
            return UNDEFINED

        return machine.branch(there, lambda: self._preflight(request, options, at), refuse)

    def _preflight(self, request: Exchange, options: Options, at: int) -> Value:
        machine, put = self.machine, Put(self.machine, request.headers)
        methods = options.get("methods")
        put.set(
            "access-control-allow-methods",
            Const(_METHODS, options.place) if methods is UNDEFINED else joined(machine, methods, ", "),
        )
        names = options.get("allowedHeaders")
        if names is UNDEFINED or (isinstance(names, Const) and names.value is None):
            put.add("vary", "Access-Control-Request-Headers")
            asked = header(machine.decisions, "access-control-request-headers", ignores_case=True)
            put.set("access-control-allow-headers", asked)
        else:
            put.set("access-control-allow-headers", joined(machine, names, ", "))
        age = options.get("maxAge")
        if isinstance(age, Const) and age.value is not None:
            put.set("access-control-max-age", Const(number_text(age.value), age.place))
        elif age is not UNDEFINED and not isinstance(age, Const):
            put.set("access-control-max-age", SomeText("maxAge"))
        if options.flag("preflightContinue") is True:
            return self._hook(request, at + 1)
        status = options.get("optionsSuccessStatus")
        self._status(request, Const(204, options.place) if status is UNDEFINED else status)
        self._send(request, options.place)
        return UNDEFINED
