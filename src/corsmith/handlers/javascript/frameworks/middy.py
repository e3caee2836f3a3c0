"""middy: middlewares around a handler, in their order.

Measured with @middy/core and @middy/http-cors 6.4: what runs after the handler and on errors runs from the last
middleware to the first; `http-cors` gives an error headers only where a middleware after it made a response of it; a
header that the handler spelt otherwise is sent beside that of `http-cors`; without options it sends nothing; preflights
are passed on to the handler unless `disableBeforePreflightResponse` is false.
"""

from __future__ import annotations

from collections.abc import Callable

from lambda_cors import PolicyError
from msgspec import Struct, field

from corsmith.api.span import Span

from ...decisions import FALSE, TRUE, Value
from ...machine import ELSEWHERE, Attempt, Failure, Machine, short_name
from ...store import Record
from ...values import NOTHING, Const, EventPart, External, Made, Opaque, Ref, SomeText
from ...ways import Way
from ..calls import call
from ..copies import assign, items_of
from ..objects import get
from ..promises import awaited
from ..streams import make_context
from ..values import UNDEFINED, Bound, Closure
from ..writing import set_leaf
from . import Behave, inside, lambda_cors
from .middy_cors import Preflight, add_headers
from .middy_policy import Policied
from .options import Options, options_of

Step = Callable[[Machine, Ref], None]

_CORS = {"@middy/http-cors", "@middy/http-cors.default", "middy.cors", "middy/middlewares.cors"}
_ERRORS = {"@middy/http-error-handler", "middy/middlewares.httpErrorHandler"}
_BODIES = {"@middy/http-json-body-parser": 422, "middy/middlewares.jsonBodyParser": 422}
_REFUSING = {"@middy/validator": 400, "@middy/http-content-negotiation": 406}
_QUIET = (
    "@middy/http-event-normalizer", "@middy/http-header-normalizer", "@middy/http-security-headers", "@middy/warmup",
    "@middy/http-response-serializer", "@middy/input-output-logger", "@middy/error-logger", "@middy/http-urlencode",
    "@middy/do-not-wait-for-empty-event-loop", "@middy/ssm", "@middy/secrets-manager", "@middy/s3", "@middy/sts",
    "@middy/cloudwatch-metrics", "@middy/event-normalizer", "@middy/http-partial-response", "@middy/rds-signer",
    "@middy/http-multipart-body-parser", "@aws-lambda-powertools/", "@dazn/lambda-powertools", "middy-middleware-warmup",
)  # fmt: skip
_HTTP_ERRORS = {
    "BadRequest": 400, "Unauthorized": 401, "Forbidden": 403, "NotFound": 404, "MethodNotAllowed": 405, "Conflict": 409,
    "UnprocessableEntity": 422, "TooManyRequests": 429, "InternalServerError": 500,
}  # fmt: skip
_FIRST_SERVER_ERROR = 500


class _Plan(Struct):
    """What runs, in the order in which it does."""

    before: list[Value | Step] = field(default_factory=list)
    after: list[Value | Step] = field(default_factory=list)
    errors: list[Value | Step] = field(default_factory=list)
    handler: Value | None = None
    unread: str = ""
    refused: str = ""
    """What the module raises when it is loaded."""


def ways(machine: Machine, made: Made, condition: Value, span: Span, behave: Behave) -> list[Way] | None:
    """Return the ways out of a handler that middy wraps."""
    plan = _plan_of(machine, made)
    if plan.handler is None:
        return None
    if plan.refused:
        place = made.place.span() if made.place is not None else span
        return [Way(condition, None, machine.store.fork(), place, plan.refused, made_by="lambda-cors")]
    if plan.unread:
        machine.say_unread(plan.unread, made.place)
    context = make_context(machine, callbacks=False)
    fields: dict[str, Value] = {"event": EventPart(()), "context": context, "response": UNDEFINED, "error": UNDEFINED}
    request = machine.new(Record("dict", {**fields, "internal": machine.new(Record("dict", {}))}))
    run = _Run(machine, plan, request, span)
    machine.condition = condition
    machine.expecting += bool(plan.errors)
    run.before()
    if machine.condition is not FALSE:
        ran = inside(machine, plan.handler, span, behave)
        if ran is None:
            return None
        returned, failures = ran
        run.failures += failures
        for way in returned:
            if way.value is None:
                run.found.append(way)
            else:
                run.after(way)
    machine.expecting -= bool(plan.errors)
    run.on_errors()
    return run.found


class _Run(Struct):
    """One run through the middlewares."""

    machine: Machine
    plan: _Plan
    request: Ref
    span: Span
    found: list[Way] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)

    def before(self) -> None:
        """Run what comes before the handler; a middleware that returns something answers."""
        attempt = Attempt(quiet=True)
        self.machine.attempts.append(attempt)
        self._steps(self.plan.before, None)
        self.machine.attempts.pop()
        self.failures += attempt.failures

    def after(self, way: Way) -> None:
        """Run what comes after the handler."""
        machine = self.machine
        assert way.value is not None
        machine.store, machine.condition = way.store.fork(), way.condition
        set_leaf(machine, self.request, Const("response"), way.value, None)
        attempt = Attempt(quiet=True)
        machine.attempts.append(attempt)
        self._steps(self.plan.after, way)
        machine.attempts.pop()
        self.failures += attempt.failures
        self._answer(way)

    def on_errors(self) -> None:
        """Run what an error goes through; one that nothing makes a response of leaves the function."""
        machine = self.machine
        for failure in self.failures:
            if failure.condition is FALSE:
                continue
            machine.store, machine.condition = failure.store.fork(), failure.condition
            set_leaf(machine, self.request, Const("response"), UNDEFINED, None)
            set_leaf(machine, self.request, Const("error"), failure.instance, None)
            span = failure.place.span() if failure.place is not None else self.span
            way = Way(failure.condition, UNDEFINED, machine.store, span, after_exception=True)
            attempt = Attempt(quiet=True)
            machine.attempts.append(attempt)
            machine.handling.append(failure)
            self._steps(self.plan.errors, way)
            machine.handling.pop()
            machine.attempts.pop()
            for again in attempt.failures:
                self._raise(again.condition, again, span)
            self._answer(way, failure)

    def _raise(self, condition: Value, failure: Failure, span: Span) -> None:
        if condition is not FALSE and (failure.kind != ELSEWHERE or failure.from_input):
            store = self.machine.store.fork()
            self.found.append(Way(condition, None, store, span, short_name(failure.kind), made_by="middy"))

    def _answer(self, way: Way, failure: Failure | None = None) -> None:
        """Whatever is the response now is sent."""
        machine = self.machine
        response = machine.record(self.request).fields["response"]
        condition = machine.condition
        if failure is not None:
            missing = machine.decisions.change(response, lambda leaf: TRUE if leaf is UNDEFINED else FALSE)
            self._raise(machine.decisions.both(condition, missing), failure, way.span)
            condition = machine.decisions.both(condition, machine.decisions.negate(missing))
        if condition is not FALSE:
            made = Way(condition, response, machine.store, way.span, after_exception=way.after_exception)
            self.found.append(made)

    def _steps(self, steps: list[Value | Step], way: Way | None) -> None:
        machine = self.machine
        for step in steps:
            if machine.condition is FALSE:
                return
            if isinstance(step, Policied):
                self.found += step.answers(machine, self.span)
                continue
            if isinstance(step, Preflight):
                self._early(step.response(machine), way)
                continue
            if not isinstance(step, Value):
                step(machine, self.request)
                continue
            value = awaited(machine, call(machine, step, UNDEFINED, [self.request], None), None)
            self._early(value, way)

    def _early(self, value: Value, way: Way | None) -> None:
        """What a middleware returns is the response, and nothing else runs."""
        machine, decisions = self.machine, self.machine.decisions
        goes_on = decisions.change(value, lambda leaf: TRUE if leaf is UNDEFINED else FALSE)
        answered = decisions.both(machine.condition, decisions.negate(goes_on))
        if answered is not FALSE:
            span = self.span if way is None else way.span
            caused = way is not None and way.after_exception
            self.found.append(Way(answered, value, machine.store.fork(), span, after_exception=caused))
        machine.condition = decisions.both(machine.condition, goes_on)


def _plan_of(machine: Machine, made: Made) -> _Plan:
    plan = _Plan()
    if made.arguments and not isinstance(made.arguments[0], Ref):
        plan.handler = made.arguments[0]
    for each in made.calls:
        given = each.arguments[0] if each.arguments else UNDEFINED
        if each.method == "handler":
            plan.handler = given
        elif each.method == "use":
            for middleware in (items_of(machine, given) if _is_list(machine, given) else None) or [given]:
                _use(machine, plan, middleware)
        elif each.method in {"before", "after", "onError"}:
            _add(plan, each.method, given)
    return plan


def _is_list(machine: Machine, value: Value) -> bool:
    return isinstance(value, Ref) and machine.record(value).kind == "list"


def _add(plan: _Plan, name: str, step: Value | Step) -> None:
    if name == "before":
        plan.before.append(step)
    else:
        (plan.after if name == "after" else plan.errors).insert(0, step)


def _use(machine: Machine, plan: _Plan, middleware: Value) -> None:
    if isinstance(middleware, Ref):
        fields = machine.record(middleware).fields
        for name in ("before", "after", "onError"):
            step = fields.get(name, UNDEFINED)
            if isinstance(step, (Closure, Bound)):
                _add(plan, name, step)
        return
    name = middleware.name.removesuffix(".default") if isinstance(middleware, Made) else ""
    if isinstance(middleware, Made) and name in _CORS:
        _cors(machine, plan, options_of(machine, middleware))
    elif isinstance(middleware, Made) and name in lambda_cors.MIDDLEWARE:
        _policy(machine, plan, middleware)
    elif name in _ERRORS:
        _add(plan, "onError", error_response)
    elif name in _BODIES:
        _add(plan, "before", lambda machine, request: _body(machine, request, _BODIES[name]))
    elif name in _REFUSING:
        _add(plan, "before", lambda machine, request: _refuse(machine, _REFUSING[name]))
    elif not name.startswith(_QUIET):
        plan.unread = f"the middleware {name or 'of middy'} is not followed"
        for each in ("after", "onError"):
            _add(plan, each, lambda machine, request: _open(machine, request, plan.unread))


def _policy(machine: Machine, plan: _Plan, middleware: Made) -> None:
    policy = lambda_cors.policy_of(machine, middleware)
    if policy is None or options_of(machine, middleware, 1).get("onError") is not UNDEFINED:
        plan.unread = f"the policy or the options of {middleware.name} are not known"
        for each in ("after", "onError"):
            _add(plan, each, lambda machine, request: _open(machine, request, plan.unread))
    elif isinstance(policy, PolicyError):
        plan.refused = "PolicyError"
    else:
        steps = Policied(policy)
        _add(plan, "before", steps)
        _add(plan, "after", steps.after)
        _add(plan, "onError", steps.on_error)


def _open(machine: Machine, request: Ref, why: str) -> None:
    set_leaf(machine, request, Const("response"), Opaque(why), None)


def _body(machine: Machine, request: Ref, status: int) -> None:
    """`http-json-body-parser`: the body is JSON, or the request is refused."""
    machine.json_read.append(machine.condition)
    _refuse(machine, status)


def _refuse(machine: Machine, status: int) -> None:
    error = Record("error", {"statusCode": Const(status), "message": SomeText("an error's message")})
    error.type = External("HttpError")
    machine.fail(machine.raises(), "HttpError", None, machine.new(error), from_input=True)


# Responses


def normal(machine: Machine, request: Ref) -> Ref:
    """Return the response with a status and headers, as middy gives them to any."""

    def one(leaf: Value) -> Value:
        made = machine.new(Record("dict", {}))
        if isinstance(leaf, Ref) and machine.record(leaf).kind == "dict":
            assign(machine, made, leaf, None)
            machine.store.writable(made.number).place = machine.record(leaf).place
        elif isinstance(leaf, (Opaque, Made)):
            machine.store.writable(made.number).rest = Opaque("a response that is not known")
            return made
        fields = machine.store.writable(made.number).fields
        plain = not {"statusCode", "body", "headers"} & set(fields)
        if plain and leaf is not UNDEFINED:
            fields.clear()
            fields.update(statusCode=Const(200), body=leaf)
        fields["statusCode"] = _given(machine, fields.get("statusCode", NOTHING), Const(500))
        fields["headers"] = _given(machine, fields.get("headers", NOTHING), machine.new(Record("dict", {})))
        return made

    made = machine.each(machine.record(request).fields["response"], one)
    set_leaf(machine, request, Const("response"), made, None)
    return made  # type: ignore[return-value]


def _given(machine: Machine, value: Value, otherwise: Value) -> Value:
    return machine.decisions.change(value, lambda leaf: otherwise if leaf is NOTHING or leaf is UNDEFINED else leaf)


def error_status(machine: Machine, error: Value) -> Value:
    """Return the status that an error stands for, UNDEFINED where it has none."""
    if isinstance(error, Made):
        first = error.arguments[0] if error.arguments else UNDEFINED
        if isinstance(first, Const) and isinstance(first.value, int):
            return first
        return Const(_HTTP_ERRORS[name]) if (name := error.name.rpartition(".")[2]) in _HTTP_ERRORS else UNDEFINED
    if isinstance(error, Ref):
        return get(machine, error, Const("statusCode"), None)
    return UNDEFINED


def error_response(machine: Machine, request: Ref) -> None:
    """`http-error-handler`: an error's own status below 500 is sent, all else is a 500; a response that is there stays."""
    fields = machine.record(request).fields
    error = fields["error"]

    def status(leaf: Value) -> Value:
        if isinstance(leaf, Const) and isinstance(leaf.value, int):
            return leaf if leaf.value < _FIRST_SERVER_ERROR else Const(500, leaf.place)
        return Const(500) if leaf is UNDEFINED else Opaque("an error's status")

    found = machine.each(error, lambda leaf: machine.decisions.change(error_status(machine, leaf), status))
    headers = Record("dict", {"Content-Type": SomeText("a type")})
    made = Record(
        "dict", {"statusCode": found, "headers": machine.new(headers), "body": SomeText("an error's message")}
    )
    response = machine.new(made)
    kept = machine.decisions.change(fields["response"], lambda leaf: response if leaf is UNDEFINED else leaf)
    set_leaf(machine, request, Const("response"), kept, None)


# http-cors


def _cors(machine: Machine, plan: _Plan, options: Options) -> None:
    if not options.known:
        plan.unread = "the options of http-cors are not known"

    def after(machine: Machine, request: Ref) -> None:
        add_headers(machine, normal(machine, request), options)

    def on_error(machine: Machine, request: Ref) -> None:
        response = machine.record(request).fields["response"]
        there = machine.decisions.change(response, lambda leaf: FALSE if leaf is UNDEFINED else TRUE)

        def change() -> Value:
            after(machine, request)
            return UNDEFINED

        machine.branch(there, change, lambda: UNDEFINED)

    answers = options.flag("disableBeforePreflightResponse", default=True) is False
    if answers:
        _add(plan, "before", Preflight(options))
    _add(plan, "after", after)
    _add(plan, "onError", on_error)
