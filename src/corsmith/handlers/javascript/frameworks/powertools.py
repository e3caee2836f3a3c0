"""Powertools for AWS Lambda (TypeScript): the event handler's Router and its `cors` middleware.

Measured with 2.35: every answer after the middleware has the headers, 404 and 500 too, for Origins that are allowed and
for no request without one; a preflight is answered with 204 only where it asks for a method and headers of the lists,
else with 404 and no headers; `*` is sent as it is, an Origin of a list is echoed.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from corsmith.api.origin_test import OriginTest
from corsmith.api.outcome import PreflightGuard
from corsmith.api.span import Span

from ...decisions import FALSE, Value, leaves
from ...event import METHOD
from ...machine import ELSEWHERE, Failure, Machine
from ...operators import UNKNOWN_TEST
from ...requests import sent_origin
from ...store import Record
from ...values import NOTHING, Const, EventPart, Made, MadeCall, Opaque, Origin, Ref, SomeText
from ...ways import Way
from ..arithmetic import number_text
from ..calls import call, catching
from ..fetching import RESPONSE
from ..lowering import parts_of, text
from ..objects import get
from ..promises import awaited
from ..tests import truth
from ..values import UNDEFINED, Bound, Closure, Kind, Native, Rejected
from .decorators import evaluated, members
from .headers import Put, set_headers
from .hono import response_of
from .hono_messages import header_object, request_object
from .options import Options, options_of, texts
from .routes import Case, Registered, cases, join_paths, named, reply, span_of, unknown_headers, way

_PACKAGE = "@aws-lambda-powertools/event-handler"
_VERBS = {"get", "post", "put", "delete", "patch", "head", "options"}
_METHODS = ("DELETE", "GET", "HEAD", "PATCH", "POST", "PUT")
_HEADERS = ("Authorization", "Content-Type", "X-Amz-Date", "X-Api-Key", "X-Amz-Security-Token")
_ERRORS = {
    "BadRequestError": 400, "UnauthorizedError": 401, "ForbiddenError": 403, "NotFoundError": 404,
    "MethodNotAllowedError": 405, "RequestTimeoutError": 408, "RequestEntityTooLargeError": 413,
    "InternalServerError": 500, "ServiceUnavailableError": 503,
}  # fmt: skip


def ways(machine: Machine, leaf: Made, condition: Value, span: Span) -> list[Way] | None:
    """Return the ways out of `app.resolve(event, context)`; None where it is no router of HTTP routes."""
    streamed = leaf.name.endswith(("http.streamify", "http.streamify()"))
    app = leaf.arguments[0] if (leaf.name.endswith(".resolve()") or streamed) and leaf.arguments else None
    if isinstance(app, Made) and app.name.endswith("http.streamify") and app.arguments:
        app = app.arguments[0]
    if not isinstance(app, Made) or app.name.rpartition(".")[2] != "Router":
        return None
    registered = _registered(machine, app, "/", set())
    if not any(each.endpoint for each in registered):
        machine.say_unread("the routes of the Powertools router are not seen where it is made", app.place)
        return None
    serving = _Serving(machine, span, app)
    found: list[Way] = []
    before = machine.store
    for case in cases(machine, registered, condition):
        if case.condition is not FALSE:
            found += serving.answer(case, before)
    machine.store = before
    return [replace(each, streamed=True) for each in found] if streamed else found


def _registered(machine: Machine, app: Made, base: str, seen: set[int]) -> list[Registered]:
    """Return the middlewares first, as they run for any request, then the routes."""
    before: list[Registered] = []
    routes: list[Registered] = []
    if id(app) in seen:
        return []
    prefix = options_of(machine, app).plain("prefix")
    base = join_paths(base, prefix if isinstance(prefix, str) else "")
    for each in (*app.calls, *_decorated(machine, app)):
        given = list(each.arguments)
        if each.method == "use":
            before += [Registered(None, "*", (function,), endpoint=False) for function in given]
        elif each.method in _VERBS and given:
            functions = [item for value in given[1:] for item in _several(machine, value)]
            verb = each.method.upper()
            # The handler is the last; or the list of the route's own middlewares stands before it.
            path = named(join_paths(base, (texts(machine, given[0]) or ("/",))[0]))
            routes.append(Registered((verb,), path, tuple(functions), True, each.place))  # noqa: FBT003
        elif each.method == "route" and len(given) > 1:
            options = Options(machine, given[1], known=True, place=each.place)
            path = named(join_paths(base, (options.texts("path") or ("/",))[0]))
            methods = tuple(options.texts("method") or ("GET",))
            routes.append(Registered(methods, path, (given[0],), True, each.place))  # noqa: FBT003
        elif each.method == "includeRouter" and given and isinstance(given[0], Made):
            more = options_of(machine, Made("", tuple(given[1:]) or (UNDEFINED,))).plain("prefix")
            below = join_paths(base, more if isinstance(more, str) else "")
            for one in _registered(machine, given[0], below, seen | {id(app)}):
                (routes if one.endpoint else before).append(one)
    return before + routes


def _decorated(machine: Machine, app: Made) -> Iterator[MadeCall]:
    """Yield what methods of classes are registered with: `@app.get("/items")`."""
    kinds = {
        id(value): value
        for record in list(machine.store.records.values())
        if record.kind == "scope"
        for value in record.fields.values()
        if isinstance(value, Kind)
    }
    for kind in kinds.values():
        for _, name, nodes in members(kind):
            for node in nodes:
                call_node = node.named_children[0] if node.named_children else None
                function = call_node.child_by_field_name("function") if call_node is not None else None
                owner = function.child_by_field_name("object") if function is not None else None
                verb = function.child_by_field_name("property") if function is not None else None
                if call_node is None or owner is None or verb is None or evaluated(machine, kind, owner) is not app:
                    continue
                given = call_node.child_by_field_name("arguments")
                arguments = [evaluated(machine, kind, each) for each in (parts_of(given) if given is not None else ())]
                method = machine.store.records[kind.prototype].fields.get(name, UNDEFINED)
                instance = Record("dict", {})
                instance.type, instance.rest = kind, Opaque("what the class sets")
                bound = Bound(method, machine.new(instance), ())
                yield MadeCall(text(verb), (*arguments, bound), {}, None)


def _several(machine: Machine, value: Value) -> list[Value]:
    from ..copies import items_of

    items = items_of(machine, value) if isinstance(value, Ref) else None
    return [value] if items is None else items


class _Request(Struct):
    """One request: its records in the store. `granted`: it is a preflight that asks for what is allowed."""

    case: Case
    headers: Ref
    state: Ref
    context: Ref
    granted: bool
    guard: PreflightGuard | None = None


class _Serving(Struct):
    """Serves the requests of a router."""

    machine: Machine
    span: Span
    app: Made

    def answer(self, case: Case, before: object) -> list[Way]:
        """Return the ways out for a case; preflights that ask for what is allowed, and those that do not, go apart."""
        found: list[Way] = []
        for granted in (True, False) if case.method == "OPTIONS" else (False,):
            ways, guard = self._once(case, before, granted=granted)
            if guard is None:
                return ways
            found += [replace(each, preflight=guard, unusual=each.unusual or not granted) for each in ways]
        return found

    def _once(self, case: Case, before: object, *, granted: bool) -> tuple[list[Way], PreflightGuard | None]:
        machine = self.machine
        machine.store, machine.condition = before.fork(), case.condition  # type: ignore[attr-defined]
        headers = machine.new(Record("dict", {}))
        state = machine.new(Record("dict", {"response": UNDEFINED}))
        request = _Request(case, headers, state, Ref(0), granted)
        request.context = self._context(request)
        promise = catching(machine, lambda: self._run(request, 0))
        value, store, reached = promise.value, machine.store, machine.condition
        found: list[Way] = []
        for leaf, condition in machine.decisions.parts(value, reached):
            machine.store, machine.condition = store.fork(), condition
            caused = isinstance(leaf, Rejected)
            if isinstance(leaf, Rejected):
                answered = self._failed(request, leaf.failure)
                if answered is None:
                    continue
                response = answered
            else:
                response = machine.record(state).fields["response"]
            for part, here in machine.decisions.parts(response, machine.condition):
                machine.condition = here
                sent = self._sent(part, headers)
                span = span_of(machine, sent, case.place, self.span)
                made = way(machine, case, sent, span, "Powertools", caused=caused)
                if made is not None:
                    found.append(made)
        return found, request.guard

    def _run(self, request: _Request, at: int) -> Value:
        machine, chain = self.machine, request.case.chain
        if at >= len(chain):
            if request.case.missed:
                self._answer(request, self._raised(request, "NotFoundError", 404))
            return UNDEFINED
        function = chain[at]

        def go_on(machine: Machine, this: Value, arguments: list[Value], place: object) -> Value:
            return catching(machine, lambda: self._run(request, at + 1))

        if isinstance(function, Made) and function.name.endswith("middleware.cors"):
            return self._cors(request, options_of(machine, function), at)
        if not isinstance(function, (Closure, Bound, Native)):
            name = getattr(function, "name", "") or "a middleware"
            if not name.endswith(("middleware.compress", "middleware.tracer", "middleware.metrics")):
                unknown_headers(machine, request.headers, f"what {name} does to responses is not followed")
            return self._run(request, at + 1)
        last = at == len(chain) - 1 and not request.case.missed
        if last:
            self._answer(request, awaited(machine, call(machine, function, UNDEFINED, [request.context], None), None))
            return UNDEFINED
        following = {"reqCtx": request.context, "next": Native("next", go_on)}
        given = machine.new(Record("dict", dict(following)))
        value = awaited(machine, call(machine, function, UNDEFINED, [given], None), None)
        return machine.each(value, lambda leaf: leaf if leaf is UNDEFINED else self._answer(request, leaf))

    def _answer(self, request: _Request, value: Value) -> Value:
        """What a handler or middleware returns becomes the response."""
        self.machine.store.writable(request.state.number).fields["response"] = value
        return UNDEFINED

    def _sent(self, leaf: Value, headers: Ref) -> Ref:
        machine = self.machine
        record = machine.record(leaf) if isinstance(leaf, Ref) else None
        merged = machine.new(Record("dict", {}, record.place if record is not None else None))
        set_headers(machine, merged, headers)
        status: Value = Const(200)
        if record is not None and record.kind in {"dict", RESPONSE} and "statusCode" in record.fields:
            status = record.fields["statusCode"]
            set_headers(machine, merged, record.fields.get("headers", NOTHING))
        elif isinstance(leaf, (Made, Opaque)):
            status = Opaque("the status of a response that is not known")
        return reply(machine, status, merged, lists=False)

    def _failed(self, request: _Request, failure: Failure) -> Value | None:
        """A handler of the error, else its own status, else 500."""
        machine = self.machine
        if failure.kind == ELSEWHERE and not failure.from_input and not machine.expecting:
            return None
        kind, thrown = _kind_of(failure)
        status: Value = Const(_ERRORS.get(kind, 500), failure.place)
        if kind == "HttpError" and isinstance(thrown, Made) and thrown.arguments:
            status = thrown.arguments[0]
        return self._raised(request, kind, status, thrown, failure)

    def _raised(
        self,
        request: _Request,
        kind: str,
        status: Value | int,
        thrown: Value = UNDEFINED,
        failure: Failure | None = None,
    ) -> Value:
        machine = self.machine
        code = Const(status) if isinstance(status, int) else status
        for each in self.app.calls:
            handled = _handled(machine, each.method, each.arguments)
            if kind in handled or (handled and "Error" in handled):
                if failure is not None:
                    machine.handling.append(failure)
                value = call(machine, each.arguments[-1], UNDEFINED, [thrown, request.context], each.place)
                if failure is not None:
                    machine.handling.pop()
                value = awaited(machine, value, each.place)
                return machine.each(value, lambda leaf: self._of_handler(leaf, kind))
        return response_of(machine, code, UNDEFINED, failure.place if failure is not None else None)

    def _of_handler(self, leaf: Value, kind: str) -> Value:
        """What a handler of errors returns has a status of its own, else that of its kind."""
        machine = self.machine
        status: Value = Const({"NotFoundError": 404, "MethodNotAllowedError": 405}.get(kind, 500))
        if isinstance(leaf, Ref):
            own = machine.record(leaf).fields.get("statusCode", NOTHING)
            return leaf if own is not NOTHING else response_of(machine, status, UNDEFINED, machine.record(leaf).place)
        return response_of(machine, status, UNDEFINED, None)

    # The cors middleware

    def _cors(self, request: _Request, options: Options, at: int) -> Value:
        machine = self.machine
        if not options.known:
            unknown_headers(machine, request.headers, "the options of the cors middleware are not known")
        given = options.get("origin")
        origins = ("*",) if given is UNDEFINED else texts(machine, given)
        starred = origins is not None and "*" in origins
        test = UNKNOWN_TEST if origins is None else OriginTest("any") if starred else OriginTest("list", origins)
        from ...operators import origin_test

        allowed = machine.decisions.change(
            sent_origin(machine), lambda leaf: origin_test(machine, leaf, test) if isinstance(leaf, Origin) else FALSE
        )
        several = isinstance(given, Ref) and not starred

        def go_on() -> Value:
            return self._run(request, at + 1)

        def add() -> Value:
            if request.case.method == "OPTIONS":
                return self._preflight(request, options, at, several=several, starred=starred)
            put = self._base(request, options, several=several, starred=starred)
            for name in options.texts("exposeHeaders") or ():
                put.append("access-control-expose-headers", name)
            return go_on()

        return machine.branch(allowed, add, go_on)

    def _base(self, request: _Request, options: Options, *, several: bool, starred: bool) -> Put:
        machine, put = self.machine, Put(self.machine, request.headers)
        given = options.get("origin")
        star = Const("*", options.place) if given is UNDEFINED or not isinstance(given, Const) else given
        put.set("access-control-allow-origin", star if starred else sent_origin(machine))
        if several:
            put.set("vary", Const("Origin", options.place))
        allows = truth(machine, options.get("credentials"))
        put.set(
            "access-control-allow-credentials", machine.decisions.choose(allows, Const("true", options.place), NOTHING)
        )
        return put

    def _preflight(self, request: _Request, options: Options, at: int, *, several: bool, starred: bool) -> Value:
        machine = self.machine
        methods = _METHODS if options.get("allowMethods") is UNDEFINED else options.texts("allowMethods")
        names = _HEADERS if options.get("allowHeaders") is UNDEFINED else options.texts("allowHeaders")
        request.guard = PreflightGuard(
            request.granted,
            None if methods is None else frozenset(method.upper() for method in methods),
            None if names is None else frozenset(name.lower() for name in names),
        )
        if not request.granted:
            return self._run(request, at + 1)
        put = self._base(request, options, several=several, starred=starred)
        age = options.get("maxAge")
        if isinstance(age, Const):
            put.set("access-control-max-age", Const(number_text(age.value), age.place))
        elif age is not UNDEFINED:
            put.set("access-control-max-age", SomeText("maxAge"))
        for name, items in (("methods", methods), ("headers", names)):
            text = ", ".join(item.upper() if name == "methods" else item.lower() for item in items or ())
            known = Const(text, options.place) if items is not None else SomeText("a list that is not known")
            put.set(f"access-control-allow-{name}", known)
        return self._answer(request, response_of(machine, Const(204, options.place), UNDEFINED, options.place))

    def _context(self, request: _Request) -> Ref:
        """Return `reqCtx`."""
        machine = self.machine
        res = Record("dict", {"headers": header_object(machine, request.headers)})
        res.rest = Opaque("the response")
        fields: dict[str, Value] = {
            "req": self._with_headers(request_object(machine)),
            "res": machine.new(res),
            "event": EventPart(()),
            "params": Opaque("the request's path parameters", truthy=True),
            "method": METHOD,
        }
        record = Record("dict", fields)
        record.rest = Opaque("the context of a route")
        return machine.new(record)

    def _with_headers(self, made: Ref) -> Ref:
        machine = self.machine
        reads = get(machine, made, Const("header"), None)
        headers = machine.new(Record("dict", {"get": reads, "has": reads}))
        machine.store.writable(made.number).fields["headers"] = headers
        return made


def _kind_of(failure: Failure) -> tuple[str, Value]:
    thrown = failure.instance
    if isinstance(thrown, Made):
        return thrown.name.rpartition(".")[2], thrown
    kind = failure.kind
    name = kind if isinstance(kind, str) else getattr(kind, "name", "Error")
    return str(name).rpartition(".")[2], thrown


def _handled(machine: Machine, method: str, arguments: tuple[Value, ...]) -> set[str]:
    """Return the kinds of errors that a call registers a handler for."""
    if method == "notFound" and arguments:
        return {"NotFoundError"}
    if method == "methodNotAllowed" and arguments:
        return {"MethodNotAllowedError"}
    if method != "errorHandler" or len(arguments) < 2:
        return set()
    kinds = [one for value in leaves(arguments[0]) for one in _several(machine, value)]
    return {str(getattr(each, "name", "")).rpartition(".")[2] for each in kinds}
