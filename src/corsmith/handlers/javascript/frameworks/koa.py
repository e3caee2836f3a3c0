"""Koa with @koa/router and @koa/cors, through its Lambda adapters.

Measured with koa 3.3, @koa/router 15.7 and @koa/cors 5.0: a status that nobody sets is 404, a body makes it 200; an
exception that reaches the application takes all headers away, but for those that @koa/cors keeps for it; @koa/cors
sends `*` or its one origin to everybody, with Vary, and answers a preflight with 204 whatever it asks for; without it
`allowedMethods` answers OPTIONS for known paths with 200, other methods with 405.
"""

from __future__ import annotations

from msgspec import Struct

from corsmith.api.span import Span

from ...decisions import FALSE, Value
from ...event import METHOD, PATH, header
from ...machine import ELSEWHERE, Failure, Machine
from ...requests import sent_origin
from ...store import Record
from ...values import NOTHING, Const, LowerHeaders, Made, Opaque, Place, Ref, SomeText
from ...ways import Way
from ..arithmetic import number_text
from ..calls import call, catching
from ..failing import error
from ..promises import awaited
from ..tests import truth
from ..values import UNDEFINED, Act, Bound, Closure, Native, Rejected
from .express import status_of
from .headers import Put, header_setter, set_headers
from .messages import lowered, request_object
from .options import Options, joined, options_of, texts
from .routes import Case, Registered, cases, join_paths, named, reply, span_of, unknown_headers, way

APP = "koa"
_ROUTERS = ("@koa/router", "koa-router", "@koa/router.Router", "koa-router.Router")
_CORS = ("@koa/cors", "koa2-cors", "koa-cors", "kcors")
_VERBS = {"get", "post", "put", "delete", "patch", "head", "options", "del"}
_BODIES = ("koa-bodyparser", "@koa/bodyparser", "koa-body", "koa-json-body")
_QUIET = (
    *_BODIES, "koa-helmet", "koa-logger", "koa-compress", "koa-json", "koa-static", "koa-etag", "koa-pino-logger",
    "koa-session", "koa-response-time",
)  # fmt: skip
_METHODS = "GET,HEAD,PUT,POST,DELETE,PATCH"
_UNSET = Const(404)


class _Layer(Struct, frozen=True):
    """Something registered, and the router that it was registered at; None: the application."""

    registered: Registered
    router: Made | None


def ways(machine: Machine, app: Made, condition: Value, span: Span, *, lists: bool) -> list[Way]:
    """Return the ways out of an application behind an adapter."""
    layers = list(_layers(machine, app))
    serving = _Serving(machine, span, layers, lists)
    found: list[Way] = []
    before = machine.store
    for case in cases(machine, [layer.registered for layer in layers], condition):
        if case.condition is not FALSE:
            machine.store, machine.condition = before.fork(), case.condition
            found += serving.answer(case)
    machine.store = before
    return found


def _layers(machine: Machine, app: Made) -> list[_Layer]:
    found: list[_Layer] = []
    for each in app.calls:
        if each.method != "use":
            continue
        for function in each.arguments:
            if (
                isinstance(function, Made)
                and function.name.endswith(".routes()")
                and isinstance(function.arguments[0], Made)
            ):
                found += _routes(machine, function.arguments[0], "/", set())
            else:
                found.append(_Layer(Registered(None, "*", (function,), endpoint=False), None))
    return found


def _routes(machine: Machine, router: Made, base: str, seen: set[int]) -> list[_Layer]:
    found: list[_Layer] = []
    if id(router) in seen:
        return found
    given = options_of(machine, router)
    prefix = given.plain("prefix")
    base = join_paths(base, prefix if isinstance(prefix, str) else "")
    for each in router.calls:
        functions = list(each.arguments)
        path = texts(machine, functions.pop(0)) if functions and isinstance(functions[0], (Const, Ref)) else None
        if each.method in _VERBS and path and functions and isinstance(functions[0], Const):
            # The first of two texts is the route's name.
            path = (str(functions.pop(0).value),)  # type: ignore[attr-defined]
        if each.method == "prefix" and path:
            base = join_paths(base, path[0])
        elif each.method == "use":
            for function in functions:
                if (
                    isinstance(function, Made)
                    and function.name.endswith(".routes()")
                    and isinstance(function.arguments[0], Made)
                ):
                    for one in path or ("",):
                        found += _routes(machine, function.arguments[0], join_paths(base, one), seen | {id(router)})
                else:
                    pattern = named(join_paths(base, path[0])) if path else (base if base != "/" else "*")
                    found.append(_Layer(Registered(None, pattern, (function,), endpoint=False), router))
        elif each.method in _VERBS or each.method == "all":
            verb = {"del": "DELETE"}.get(each.method, each.method.upper())
            methods = None if verb == "ALL" else ("GET", "HEAD") if verb == "GET" else (verb,)
            found += [
                _Layer(Registered(methods, named(join_paths(base, one)), tuple(functions), True, each.place), router)  # noqa: FBT003
                for one in path or ("/",)
            ]
    return found


class _Request(Struct):
    """One request: its records in the store. `kept` holds the headers that an exception leaves."""

    case: Case
    chain: tuple[Value, ...]
    context: Ref
    headers: Ref
    kept: Ref


class _Serving(Struct):
    """Serves the requests of an application."""

    machine: Machine
    span: Span
    layers: list[_Layer]
    lists: bool

    def _chain(self, case: Case) -> tuple[Value, ...]:
        """What a router has beside routes runs only where one of its routes is taken."""
        taken = [layer for layer in self.layers if layer.registered.takes(case.method, case.path)]
        serving = [layer.router for layer in taken if layer.registered.endpoint]
        return tuple(
            function
            for layer in taken
            if layer.registered.endpoint or layer.router is None or any(layer.router is each for each in serving)
            for function in layer.registered.functions
        )

    def answer(self, case: Case) -> list[Way]:
        """Return the ways out for a case."""
        machine = self.machine
        headers, kept = (machine.new(Record("dict", {})) for _ in range(2))
        request = _Request(case, self._chain(case), Ref(0), headers, kept)
        request.context = _context(machine, headers)
        promise = catching(machine, lambda: self._run(request, 0))
        value, store, reached = promise.value, machine.store, machine.condition
        found: list[Way] = []
        for leaf, condition in machine.decisions.parts(value, reached):
            machine.store, machine.condition = store.fork(), condition
            caused = isinstance(leaf, Rejected)
            if isinstance(leaf, Rejected):
                made = self._failed(request, leaf.failure)
                place = leaf.failure.place or case.place
            else:
                made = self._ended(request)
                place = case.place
            if made is not None:
                found += self._way(case, made, place, caused=caused)
        return found

    def _way(self, case: Case, value: Value, place: Place | None, *, caused: bool) -> list[Way]:
        span = span_of(self.machine, value, place, self.span)
        made = way(self.machine, case, value, span, "Koa", caused=caused)
        return [] if made is None else [made]

    def _ended(self, request: _Request) -> Value:
        machine = self.machine
        fields = machine.record(request.context).fields
        body = fields.get("body", UNDEFINED)
        by_body = machine.decisions.change(
            body, lambda leaf: _UNSET if leaf is _NO_BODY else Const(204) if _is_nothing(leaf) else Const(200)
        )
        status = machine.decisions.change(fields["status"], lambda leaf: by_body if leaf is _UNSET else leaf)
        return self._sent(status, request.headers)

    def _failed(self, request: _Request, failure: Failure) -> Value | None:
        machine = self.machine
        if failure.kind == ELSEWHERE and not failure.from_input and not machine.expecting:
            return None
        thrown = failure.instance
        if isinstance(thrown, Ref):
            own = machine.record(thrown).fields.get("headers", NOTHING)
            if own is not NOTHING:
                set_headers(machine, request.kept, own)
        return self._sent(status_of(machine, failure), request.kept)

    def _sent(self, status: Value, headers: Ref) -> Value:
        machine = self.machine
        copied = machine.new(Record("dict", {}))
        set_headers(machine, copied, headers)
        return reply(machine, status, copied, lists=self.lists)

    def _run(self, request: _Request, at: int) -> Value:
        """Run the chain from `at` on; what it throws is thrown here."""
        machine, chain = self.machine, request.chain
        if at >= len(chain):
            return UNDEFINED
        function = chain[at]

        def go_on(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
            return catching(machine, lambda: self._run(request, at + 1))

        if isinstance(function, Made):
            self._package(request, function, at)
            return UNDEFINED
        if not isinstance(function, (Closure, Bound, Native)):
            unknown_headers(machine, request.headers, "what a middleware does to responses is not followed")
            return self._run(request, at + 1)
        value = call(machine, function, UNDEFINED, [request.context, Native("next", go_on)], None)
        return awaited(machine, value, None)

    def _package(self, request: _Request, function: Made, at: int) -> None:
        """Run a middleware of a package."""
        machine, name = self.machine, function.name
        if name in _CORS:
            self._cors(request, options_of(machine, function), at)
            return
        if name in _ROUTERS:
            self._allowed_methods(request, at)
            return
        if name.startswith(_BODIES):
            machine.json_read.append(machine.condition)
        elif not name.startswith(_QUIET):
            unknown_headers(machine, request.headers, f"what {name} does to responses is not followed")
        self._run(request, at + 1)

    def _allowed_methods(self, request: _Request, at: int) -> None:
        """`router.allowedMethods()` answers what no route of a known path took."""
        self._run(request, at + 1)
        machine, case = self.machine, request.case
        known = case.path is not None and any(
            layer.registered.endpoint and layer.registered.pattern_takes(case.path) for layer in self.layers
        )
        if not known:
            return
        status = Const(200 if case.method == "OPTIONS" else 405)
        fields = machine.store.writable(request.context.number).fields
        fields["status"] = machine.decisions.change_two(
            fields["status"], fields["body"], lambda one, body: status if one is _UNSET and body is _NO_BODY else one
        )

    # @koa/cors

    def _cors(self, request: _Request, options: Options, at: int) -> None:
        machine = self.machine
        Put(machine, request.headers).add("vary", "Origin")
        if not options.known:
            unknown_headers(machine, request.headers, "the options of @koa/cors are not known")
        origin = options.get("origin")
        if isinstance(origin, (Closure, Bound)):
            origin = awaited(machine, call(machine, origin, UNDEFINED, [request.context], options.place), options.place)
        else:
            origin = machine.decisions.choose(truth(machine, origin), origin, Const("*", options.place))

        def go_on() -> Value:
            self._run(request, at + 1)
            return UNDEFINED

        def one(leaf: Value) -> Value:
            allowed = truth(machine, leaf)
            return machine.branch(allowed, lambda: self._allowed(request, options, leaf, at), go_on)

        machine.each(origin, one)

    def _allowed(self, request: _Request, options: Options, origin: Value, at: int) -> Value:
        machine = self.machine
        credentials = options.get("credentials")
        if isinstance(credentials, (Closure, Bound)):
            credentials = Opaque("credentials are decided for each request")
        allows = truth(machine, credentials)
        sent = machine.decisions.change(sent_origin(machine), lambda leaf: Const("") if leaf is NOTHING else leaf)
        starred = isinstance(origin, Const) and origin.value == "*"
        value = machine.decisions.choose(allows, sent, origin) if starred else origin
        if request.case.method == "OPTIONS":
            # Without Access-Control-Request-Method it is no preflight, and passed on: no page sends such a request.
            return self._preflight(request, options, value, allows)
        for headers in (request.headers, request.kept):
            if headers is request.kept and options.flag("keepHeadersOnError", default=True) is False:
                continue
            self._base(Put(machine, headers), options, value, allows)
            if options.texts("exposeHeaders") != ():
                Put(machine, headers).set(
                    "access-control-expose-headers", joined(machine, options.get("exposeHeaders"))
                )
        if options.flag("keepHeadersOnError", default=True) is not False:
            Put(machine, request.kept).add("vary", "Origin")
        return self._run(request, at + 1)

    def _base(self, put: Put, options: Options, origin: Value, allows: Value) -> None:
        put.set("access-control-allow-origin", origin)
        put.set(
            "access-control-allow-credentials",
            self.machine.decisions.choose(allows, Const("true", options.place), NOTHING),
        )

    def _preflight(self, request: _Request, options: Options, origin: Value, allows: Value) -> Value:
        machine, put = self.machine, Put(self.machine, request.headers)
        self._base(put, options, origin, allows)
        age = options.get("maxAge")
        if isinstance(age, Const):
            put.set("access-control-max-age", Const(number_text(age.value), age.place))
        elif age is not UNDEFINED:
            put.set("access-control-max-age", SomeText("maxAge"))
        methods = options.get("allowMethods")
        put.set(
            "access-control-allow-methods",
            Const(_METHODS, options.place) if methods is UNDEFINED else joined(machine, methods),
        )
        names = options.get("allowHeaders")
        if names is UNDEFINED:
            asked = header(machine.decisions, "access-control-request-headers", ignores_case=True)
            put.set("access-control-allow-headers", asked)
        elif texts(machine, names) != ():
            put.set("access-control-allow-headers", joined(machine, names))
        machine.store.writable(request.context.number).fields["status"] = Const(204, options.place)
        return UNDEFINED


_NO_BODY = Const(None)


def _is_nothing(leaf: Value) -> bool:
    return leaf is UNDEFINED or (isinstance(leaf, Const) and leaf.value is None)


def _context(machine: Machine, headers: Ref) -> Ref:
    """Return `ctx`, which stands for the response too."""
    made = machine.new(Record("dict", {"status": _UNSET, "body": _NO_BODY}))
    plain = header_setter(headers)

    def sets(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
        if arguments and isinstance(arguments[0], Ref):
            set_headers(machine, headers, arguments[0])
            return UNDEFINED
        return plain(machine, this, arguments, place)

    def reads(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
        from ..objects import get

        name = arguments[0] if arguments else UNDEFINED
        found = get(machine, LowerHeaders(), lowered(machine, name), place)
        return machine.decisions.change(found, lambda leaf: Const("") if leaf in (UNDEFINED, NOTHING) else leaf)

    def throws(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
        from ...decisions import TRUE

        thrown = error(machine, "HttpError", place)
        coded = [each for each in arguments if isinstance(each, Const) and isinstance(each.value, int)]
        assert isinstance(thrown, Ref)
        machine.store.writable(thrown.number).fields["status"] = coded[0] if coded else Const(500, place)
        machine.fail(TRUE, "HttpError", place, thrown)
        machine.stop()
        return UNDEFINED

    def redirects(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
        fields = machine.store.writable(made.number).fields
        fields["status"] = machine.decisions.change(
            fields["status"], lambda leaf: Const(302, place) if leaf is _UNSET else leaf
        )
        Put(machine, headers).set("location", arguments[0] if arguments else UNDEFINED)
        return UNDEFINED

    def removes(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
        if arguments and isinstance(arguments[0], Const):
            machine.store.writable(headers.number).fields.pop(str(arguments[0].value).lower(), None)
        return UNDEFINED

    def varies(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
        for text in texts(machine, arguments[0] if arguments else UNDEFINED) or ():
            Put(machine, headers).add("vary", text)
        return UNDEFINED

    acts: dict[str, Act] = {
        "set": sets, "append": plain, "setHeader": plain, "get": reads, "throw": throws, "redirect": redirects,
        "remove": removes, "removeHeader": removes, "vary": varies,
    }  # fmt: skip
    fields = machine.store.writable(made.number).fields
    fields.update({name: Native(name, act) for name, act in acts.items()})
    request = request_object(machine)
    fields.update(
        request=request, req=request, response=made, res=made, headers=LowerHeaders(), header=LowerHeaders(),
        method=METHOD, path=PATH, state=machine.new(Record("dict", {})),
        query=Opaque("the request's query", truthy=True), params=Opaque("the request's path parameters", truthy=True),
        url=SomeText("the request's address"), origin=SomeText("the server's own origin"),
    )  # fmt: skip
    machine.store.writable(made.number).rest = Opaque("the context")
    return made
