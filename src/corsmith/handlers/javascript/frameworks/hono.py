"""Hono: middlewares and handlers with a context, `hono/cors`, the Lambda adapters.

Measured with 4.13: what is set before the response is made is laid over the response's own headers, errors and 404
included; `hono/cors` answers every OPTIONS request that reaches it with 204, sends credentials to any origin, and a
list as an echo of what is in it; HEAD goes to GET.
"""

from __future__ import annotations

from msgspec import Struct

from corsmith.api.origin_test import OriginTest
from corsmith.api.span import Span

from ...decisions import FALSE, Value
from ...event import header
from ...machine import ELSEWHERE, Failure, Machine
from ...operators import UNKNOWN_TEST
from ...store import Record
from ...values import NOTHING, Const, Made, Opaque, Place, Ref, SomeText
from ...ways import Way
from ..arithmetic import number_text
from ..calls import call, catching
from ..objects import get
from ..promises import awaited
from ..tests import truth
from ..values import UNDEFINED, Act, Bound, Closure, Native, Rejected
from .headers import Put, header_setter, if_passes, set_headers
from .hono_messages import header_object, request_object
from .options import Options, joined, options_of, texts
from .routes import Case, Registered, cases, join_paths, named, reply, span_of, unknown_headers, way

ADAPTERS = {"hono/aws-lambda.handle", "hono/aws-lambda.streamHandle", "hono/aws-lambda"}
APPS = {"hono.Hono", "hono/tiny.Hono", "hono/quick.Hono", "@hono/zod-openapi.OpenAPIHono", "hono"}
_VERBS = {"get", "post", "put", "delete", "patch", "options"}
_CORS = {"hono/cors.cors"}
_QUIET = (
    "hono/logger", "hono/secure-headers", "hono/etag", "hono/timing", "hono/pretty-json", "hono/request-id", "hono/compress",
    "hono/body-limit", "hono/trailing-slash", "hono/powered-by", "hono/context-storage", "hono/cache",
    "@hono/zod-validator", "hono/validator",
)  # fmt: skip
_REFUSING = ("hono/basic-auth", "hono/bearer-auth", "hono/jwt", "hono/jwk", "hono/csrf", "hono/ip-restriction")
_METHODS = "GET,HEAD,PUT,POST,DELETE,PATCH,QUERY"


def ways(machine: Machine, made: Made, condition: Value, span: Span) -> list[Way] | None:
    """Return the ways out of `handle(app)`; None where the application is not known."""
    app = made.arguments[0] if made.arguments else UNDEFINED
    if isinstance(app, Made) and app.name in ADAPTERS:
        app = app.arguments[0] if app.arguments else UNDEFINED
    if not isinstance(app, Made) or app.name not in APPS:
        return None
    serving = _Serving(machine, app, span)
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
    """Return what was registered, in order, with what other applications bring along."""
    found: list[Registered] = []
    if id(app) in seen:
        return found
    for each in app.calls:
        given = list(each.arguments)
        path = "*"
        if given and isinstance(given[0], Const) and each.method != "on":
            path = str(given.pop(0).value)  # type: ignore[attr-defined]
        if each.method == "basePath":
            base = join_paths(base, path)
        elif each.method == "use":
            pattern = join_paths(base, path)
            found.append(Registered(None, named(pattern), tuple(given), endpoint=False))
        elif each.method in _VERBS or each.method == "all":
            upper = each.method.upper()
            methods = None if upper == "ALL" else (upper, "HEAD") if upper == "GET" else (upper,)
            found.append(Registered(methods, named(join_paths(base, path)), tuple(given), True, each.place))  # noqa: FBT003
        elif each.method == "on" and len(given) > 1:
            listed = tuple(method.upper() for method in texts(machine, given[0]) or ())
            found += [
                Registered(listed, named(join_paths(base, one)), tuple(given[2:]), True, each.place)  # noqa: FBT003
                for one in texts(machine, given[1]) or ("*",)
            ]
        elif each.method == "route" and given and isinstance(given[0], Made):
            found += registered_of(machine, given[0], join_paths(base, path), seen | {id(app)})
    return found


class _Context(Struct):
    """The context of one request: records in the store."""

    headers: Ref
    """What was set on the response from outside: it counts more than what the response is made with."""
    prepared: Ref
    """What `c.header` set before there was a response: it counts less."""
    state: Ref
    """`response`, and the `status` that was set."""


class _Serving(Struct):
    """Serves the requests of an application."""

    machine: Machine
    app: Made
    span: Span

    def answer(self, case: Case) -> list[Way]:
        """Return the ways out for a case."""
        machine = self.machine
        headers = machine.new(Record("dict", {}))
        state = machine.new(Record("dict", {"response": UNDEFINED, "status": UNDEFINED}))
        context = _Context(headers, machine.new(Record("dict", {})), state)
        self._run(case, context, self._context_object(context), 0)
        response = machine.record(state).fields["response"]
        if machine.condition is FALSE:
            return []
        found: list[Way] = []
        value = machine.each(response, lambda leaf: self._finished(leaf, context))
        span = span_of(machine, response, case.place, self.span)
        caused = "caused" in machine.record(state).fields
        made = way(machine, case, value, span, "Hono", caused=caused)
        if made is not None:
            found.append(made)
        return found

    def _finished(self, leaf: Value, context: _Context) -> Value:
        """What was set beside the response is laid over its own headers."""
        machine = self.machine
        record = machine.record(leaf) if isinstance(leaf, Ref) else None
        own = record.fields.get("headers", NOTHING) if record is not None else NOTHING
        merged = machine.new(Record("dict", {}, record.place if record is not None else None))
        for layer in (context.prepared, own, context.headers):
            set_headers(machine, merged, layer)
        if record is None:
            unknown_headers(machine, merged, "a response that is not known")
        status = record.fields.get("statusCode", Const(200)) if record is not None else Opaque("a status")
        return reply(machine, status, merged, lists=True)

    def _run(self, case: Case, context: _Context, given: Ref, at: int) -> None:
        """Run the chain from `at` on; an exception is answered where it is thrown."""
        machine = self.machine
        if at >= len(case.chain):
            self._set_response(context, self._not_found(given))
            return
        function = case.chain[at]

        def go_on(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
            self._run(case, context, given, at + 1)
            return UNDEFINED

        name = function.name if isinstance(function, Made) else ""
        if name in _CORS and isinstance(function, Made):
            self._cors(case, context, given, options_of(machine, function), at)
            return
        if isinstance(function, (Closure, Bound, Native)):
            following = Native("next", go_on)
            promise = catching(
                machine, lambda: awaited(machine, call(machine, function, UNDEFINED, [given, following], None), None)
            )
            machine.each(promise.value, lambda leaf: self._returned(leaf, context, given))
            return
        if name.startswith(_REFUSING):
            refused = machine.opaque("refused", machine.store.next_number())
            machine.branch(refused, lambda: self._refused(context), lambda: go_on(machine, UNDEFINED, [], None))
            return
        if not name.startswith(_QUIET):
            unknown_headers(
                machine, context.headers, f"what {name or 'a middleware'} does to responses is not followed"
            )
        go_on(machine, UNDEFINED, [], None)

    def _refused(self, context: _Context) -> Value:
        self._set_response(context, response_of(self.machine, Const(401), UNDEFINED, None))
        return UNDEFINED

    def _returned(self, leaf: Value, context: _Context, given: Ref) -> Value:
        if isinstance(leaf, Rejected):
            self._failed(leaf.failure, context, given)
        elif leaf is not UNDEFINED:
            self._set_response(context, leaf)
        return UNDEFINED

    def _set_response(self, context: _Context, value: Value) -> None:
        self.machine.store.writable(context.state.number).fields["response"] = value

    def _not_found(self, given: Ref) -> Value:
        for each in self.app.calls:
            if each.method == "notFound" and each.arguments:
                return awaited(
                    self.machine, call(self.machine, each.arguments[0], UNDEFINED, [given], each.place), None
                )
        return response_of(self.machine, Const(404), UNDEFINED, None)

    def _failed(self, failure: Failure, context: _Context, given: Ref) -> None:
        """`onError`, else an HTTPException's own status, else 500."""
        machine = self.machine
        if failure.kind == ELSEWHERE and not failure.from_input:
            machine.stop()
            return
        machine.store.writable(context.state.number).fields["caused"] = Const(value=True)
        for each in self.app.calls:
            if each.method == "onError" and each.arguments:
                machine.handling.append(failure)
                value = call(machine, each.arguments[0], UNDEFINED, [failure.instance, given], each.place)
                machine.handling.pop()
                self._set_response(context, awaited(machine, value, each.place))
                return
        thrown = failure.instance
        status: Value = Const(500, failure.place)
        if isinstance(thrown, Made) and thrown.name.endswith("HTTPException"):
            status = thrown.arguments[0] if thrown.arguments else status
        self._set_response(context, response_of(machine, status, UNDEFINED, failure.place))

    # hono/cors

    def _cors(self, case: Case, context: _Context, given: Ref, options: Options, at: int) -> None:
        machine, headers, place = self.machine, context.headers, options.place
        put = Put(machine, headers)
        origin = options.get("origin")
        fixed = origin is UNDEFINED or (isinstance(origin, Const) and origin.value == "*")
        put.set("access-control-allow-origin", self._allowed(options, origin, given))
        put.set(
            "access-control-allow-credentials",
            machine.decisions.choose(truth(machine, options.get("credentials")), Const("true", place), NOTHING),
        )
        if options.texts("exposeHeaders") != ():
            put.set("access-control-expose-headers", joined(machine, options.get("exposeHeaders")))
        if not options.known:
            unknown_headers(machine, headers, "the options of hono/cors are not known")
        if case.method != "OPTIONS":
            self._run(case, context, given, at + 1)
            if not fixed:
                put.append("vary", "Origin")
            return
        if not fixed:
            put.append("vary", "Origin")
        age = options.get("maxAge")
        put.set(
            "access-control-max-age",
            machine.decisions.change(age, lambda leaf: NOTHING if leaf is UNDEFINED else _as_text(leaf)),
        )
        methods = options.get("allowMethods")
        put.set(
            "access-control-allow-methods", Const(_METHODS, place) if methods is UNDEFINED else joined(machine, methods)
        )
        if options.texts("allowHeaders") == ():
            asked = header(machine.decisions, "access-control-request-headers", ignores_case=True)
            put.set("access-control-allow-headers", asked)
            vary = machine.decisions.change(
                asked, lambda leaf: NOTHING if leaf is NOTHING else Const("Access-Control-Request-Headers")
            )
            put.append_value("vary", vary)
        else:
            put.set("access-control-allow-headers", joined(machine, options.get("allowHeaders")))
            put.append("vary", "Access-Control-Request-Headers")
        self._set_response(context, response_of(machine, Const(204), UNDEFINED, place))

    def _allowed(self, options: Options, origin: Value, given: Ref) -> Value:
        machine = self.machine
        if origin is UNDEFINED:
            return Const("*", options.place)
        sent = header(machine.decisions, "origin", ignores_case=True)

        def of(setting: Value) -> Value:
            if isinstance(setting, (Closure, Bound)):
                asked = machine.decisions.change(sent, lambda leaf: Const("") if leaf is NOTHING else leaf)
                returned = awaited(
                    machine, call(machine, setting, UNDEFINED, [asked, given], options.place), options.place
                )
                return machine.decisions.choose(truth(machine, returned), returned, NOTHING)
            if isinstance(setting, Const) and setting.value == "*":
                return setting
            items = texts(machine, setting)
            test = UNKNOWN_TEST if items is None else OriginTest("list", items)
            return machine.decisions.change(sent, lambda leaf: if_passes(machine, leaf, test))

        return machine.each(origin, of)

    # The context

    def _context_object(self, context: _Context) -> Ref:
        machine = self.machine
        natives: dict[str, Act] = {
            "json": self._maker(context, "application/json"),
            "text": self._maker(context, "text/plain; charset=UTF-8"),
            "html": self._maker(context, "text/html; charset=UTF-8"),
            "body": self._maker(context, ""),
            "newResponse": self._maker(context, ""),
            "redirect": self._redirect(context),
            "header": self._header(context),
            "status": self._status(context),
            "notFound": lambda machine, this, arguments, place: response_of(machine, Const(404), UNDEFINED, place),
        }
        fields: dict[str, Value] = {name: Native(name, act) for name, act in natives.items()}
        fields["req"] = request_object(machine)
        res = Record("dict", {"headers": header_object(machine, context.headers)})
        res.rest = Opaque("the response")
        fields["res"] = machine.new(res)
        record = Record("dict", fields)
        record.rest = Opaque("the context")
        return machine.new(record)

    def _maker(self, context: _Context, kind: str) -> Act:
        def make(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
            given = arguments[1] if len(arguments) > 1 else UNDEFINED
            pending = machine.record(context.state).fields["status"]
            status = pending if pending is not UNDEFINED else Const(200, place)
            headers = arguments[2] if len(arguments) > 2 else UNDEFINED
            made = response_of(machine, status, UNDEFINED, place)

            def one(leaf: Value) -> Value:
                if isinstance(leaf, Ref):
                    return response_of(
                        machine,
                        _given(get(machine, leaf, Const("status"), place), status),
                        get(machine, leaf, Const("headers"), place),
                        place,
                    )
                return made if leaf is UNDEFINED else response_of(machine, leaf, UNDEFINED, place)

            value = machine.each(given, one)
            if headers is not UNDEFINED:
                machine.each(value, lambda leaf: _more_headers(machine, leaf, headers))
            return value

        return make

    def _redirect(self, context: _Context) -> Act:
        def make(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
            made = response_of(machine, arguments[1] if len(arguments) > 1 else Const(302, place), UNDEFINED, place)
            fields = machine.record(get(machine, made, Const("headers"), None)).fields  # type: ignore[arg-type]
            fields["location"] = arguments[0] if arguments else UNDEFINED
            return made

        return make

    def _header(self, context: _Context) -> Act:
        late, early = header_setter(context.headers), header_setter(context.prepared)

        def act(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
            response = machine.record(context.state).fields["response"]
            return (early if response is UNDEFINED else late)(machine, this, arguments, place)

        return act

    def _status(self, context: _Context) -> Act:
        def act(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
            machine.store.writable(context.state.number).fields["status"] = arguments[0] if arguments else UNDEFINED
            return UNDEFINED

        return act


def _given(value: Value, otherwise: Value) -> Value:
    return otherwise if value is UNDEFINED else value


def _as_text(leaf: Value) -> Value:
    return Const(number_text(leaf.value), leaf.place) if isinstance(leaf, Const) else SomeText("maxAge")


def _more_headers(machine: Machine, leaf: Value, headers: Value) -> Value:
    if isinstance(leaf, Ref):
        own = machine.record(leaf).fields.get("headers")
        if isinstance(own, Ref):
            set_headers(machine, own, headers)
    return leaf


def response_of(machine: Machine, status: Value, headers: Value, place: Place | None) -> Ref:
    """Return a Response."""
    own = machine.new(Record("dict", {}, place))
    set_headers(machine, own, headers)
    return machine.new(Record("dict", {"statusCode": status, "headers": own, "body": SomeText("the body")}, place))
