"""Apollo Server through @as-integrations/aws-lambda.

Measured with @apollo/server 5.5 and @as-integrations/aws-lambda 4.0: no answer has CORS headers, unless a `middleware`
of the integration adds them; a preflight is answered as any request that is no query, with 400.
"""

from __future__ import annotations

from corsmith.api.span import Span

from ...decisions import FALSE, Value
from ...machine import Machine
from ...requests import method_condition
from ...store import Record
from ...values import Const, EventPart, Made, Opaque, Ref, SomeText
from ...ways import Way
from ..calls import call
from ..copies import items_of
from ..promises import awaited
from ..values import UNDEFINED, Bound, Closure
from .options import options_of

_STARTS = "@as-integrations/aws-lambda.startServerAndCreateLambdaHandler"


def ways(machine: Machine, leaf: Made, condition: Value, span: Span) -> list[Way] | None:
    """Return the ways out of a handler that Apollo's integration made; None for what else the package has."""
    made: Value = leaf
    while isinstance(made, Made) and made.name.endswith("()") and made.arguments:
        made = made.arguments[0]
    if not isinstance(made, Made) or made.name != _STARTS:
        return None
    machine.json_read.append(condition)
    found: list[Way] = []
    before = machine.store
    options = method_condition(machine, ("OPTIONS",))
    asked = machine.opaque("graphql", made)
    answered = machine.decisions.choose(asked, Const(200, made.place), Const(400, made.place))
    for where, status in ((options, Const(400, made.place)), (machine.decisions.negate(options), answered)):
        here = machine.decisions.both(condition, where)
        if here is FALSE:
            continue
        machine.store, machine.condition = before.fork(), here
        for value, reached in machine.decisions.parts(_answer(machine, made, status), machine.condition):
            place = made.place.span() if made.place is not None else span
            found.append(Way(reached, value, machine.store.fork(), place, made_by="Apollo Server"))
    machine.store = before
    return found


def _answer(machine: Machine, made: Made, status: Value) -> Value:
    """Return the response after the middlewares: each may answer itself, or give a function that changes the result."""
    headers = machine.new(Record("dict", {"content-type": Const("application/json; charset=utf-8")}, made.place))
    result = machine.new(
        Record("dict", {"statusCode": status, "headers": headers, "body": SomeText("the body")}, made.place)
    )
    value: Value = result
    given = options_of(machine, made, 2).get("middleware")
    functions = items_of(machine, given) if isinstance(given, Ref) else []
    if functions is None or (given is not UNDEFINED and not isinstance(given, Ref)):
        machine.store.writable(headers.number).rest = Opaque("what middlewares do to responses is not followed")
        return result
    changing: list[Value] = []
    for function in functions:
        if not isinstance(function, (Closure, Bound)):
            machine.store.writable(headers.number).rest = Opaque("what a middleware does to responses is not followed")
            continue
        changing.append(awaited(machine, call(machine, function, UNDEFINED, [EventPart(())], None), None))
    for each in changing:

        def one(leaf: Value) -> Value:
            if isinstance(leaf, (Closure, Bound)):
                awaited(machine, call(machine, leaf, UNDEFINED, [result], None), None)
                return UNDEFINED
            return leaf

        early = machine.each(each, one)
        before = value
        value = machine.decisions.change(
            early,
            lambda leaf, before=before: leaf if isinstance(leaf, Ref) else before,  # type: ignore[misc]
        )
    return value
