"""`cors(policy)`: a handler's every response leaves with the policy's headers, whatever the handler did."""

from functools import update_wrapper

from lambda_cors.events import header, header_lines, read_event, routes
from lambda_cors.policy import Policy, PolicyError, Problem
from lambda_cors.responses import CRASH, JSON, report, to_json, write

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any, Literal, TypeAlias

    from lambda_cors.events import Door

    Handler: TypeAlias = Callable[[Any, Any], Any]

CRASHED = {"statusCode": 500, "headers": JSON, "body": CRASH}


def cors(
    policy: "Policy | Mapping[str, Policy] | None" = None,
    *,
    policy_for: "Callable[[Any], Policy] | None" = None,
    owner: "Literal['function', 'front-door']" = "function",
    on_error: "Callable[[BaseException, Any], Any] | None" = None,
    deadline: "float | None" = None,
    debug: bool = False,
) -> "Callable[[Handler], Handler]":
    """A decorator for Lambda handlers.

    policy: one Policy, or several by route (`{"GET /public": A, "*": B}`; a key is what API Gateway calls the route, or
    a method and a path; `ANY` stands for every method). policy_for: chooses the Policy by event instead.
    owner: "front-door" where an HTTP API or a Function URL is configured for CORS: nothing is added, and what the
    code added is taken away. on_error: given the exception and the event, returns the body of the 500 (a string, or what
    becomes JSON) or a whole response, or raises. deadline: answer 504 so many seconds before Lambda would stop the
    function. debug: let the browser name the real cause, and log it with the fix.

    Raises PolicyError where the arguments make no sense. Events that are no HTTP requests pass untouched.
    """
    choose = _chooser(policy, policy_for, owner)
    only = policy if isinstance(policy, Policy) else None
    emits = owner == "function"
    if deadline is not None and (type(deadline) not in (int, float) or not 0 < deadline < 900):
        raise _refused("deadline-range", "deadline", deadline, "is not a number of seconds", "write deadline=0.5")

    if not (on_error is None or callable(on_error)):
        raise _refused("on-error", "on_error", on_error, "is no function", "write one")

    def decorate(handler: "Handler") -> "Handler":
        call = handler
        if deadline is not None:
            from lambda_cors.deadline import limited

            call = limited(handler, deadline)

        def wrapped(event: "Any", context: "Any" = None) -> "Any":
            read = read_event(event)
            if read is None:
                return handler(event, context)
            door, method = read
            add: dict[str, str] = {}
            if emits:
                origin = header(event, "origin")
                asked = None
                if method == "OPTIONS" and origin is not None:
                    asked = header(event, "access-control-request-method")
                chosen = only
                if chosen is None:
                    try:
                        chosen = choose(event, str(asked or method))
                    except Exception as error:  # noqa: BLE001 - a tenant's mistake is answered as the handler's is
                        report("no policy for this request", error)
                        return write(door, CRASHED, {"Vary": "Origin"})
                if asked is not None:
                    return _preflight(door, chosen, event, str(origin), asked, debug=debug)
                if chosen is not None:
                    add = chosen.headers_for(origin)
            try:
                result = call(event, context)
                if debug and emits:
                    from lambda_cors.debug import explain_response

                    explain_response(chosen, event, origin, result)
                return write(door, result, add)
            except KeyboardInterrupt:
                raise
            except BaseException as error:  # noqa: BLE001 - sys.exit and cancelled tasks are failures too
                report("the handler failed", error)
                reply = CRASHED if on_error is None else on_error(error, event)
            try:
                return write(door, _reply(reply), add)
            except Exception as error:  # noqa: BLE001 - what on_error gave back is no better than the handler's result
                report("on_error failed", error)
                return write(door, CRASHED, add)

        return update_wrapper(wrapped, handler, updated=())

    return decorate


def _preflight(
    door: "Door", policy: "Policy | None", event: "Any", origin: str, method: str, *, debug: bool
) -> "dict[str, Any]":
    names = header_lines(event, "access-control-request-headers")
    headers = policy.preflight_headers_for(origin, method, names) if policy else {}
    if debug:
        from lambda_cors.debug import explain_preflight

        headers = explain_preflight(policy, event, origin, method, names) or headers
    if door.multi:
        return {"statusCode": 204, "multiValueHeaders": {k: [v] for k, v in headers.items()}, "body": ""}
    return {"statusCode": 204, "headers": headers, "body": ""}


def _reply(given: "Any") -> "Any":
    if isinstance(given, dict) and "statusCode" in given:
        return given
    return {**CRASHED, "body": given if isinstance(given, str) else to_json(given)}


def _chooser(policy: "Any", policy_for: "Any", owner: object) -> "Callable[[Any, str], Policy | None]":
    if owner not in ("function", "front-door"):
        raise _refused("owner", "owner", owner, "owns nothing", "write 'function' or 'front-door'")
    if owner == "function" and (not policy) == (policy_for is None):
        raise _refused("policy", "policy", policy, "is not the one thing that decides", "write cors(policy)")
    if policy_for is not None:

        def asked(event: "Any", method: str) -> "Policy | None":
            chosen = policy_for(event)
            if isinstance(chosen, Policy):
                return chosen
            raise TypeError(f"policy_for gave back {chosen!r}, not a Policy")

        return asked
    table = policy if isinstance(policy, dict) else {"*": policy}
    for key, value in table.items():
        if key != "*" and not (key.partition(" ")[0].isupper() and key.partition(" ")[2][:1] in ("/", "$")):
            raise _refused("route", "policy", key, "names no route", "write 'GET /items', 'ANY /items' or '*'")
        if policy is not None and not isinstance(value, Policy):
            raise _refused("policy", "policy", value, "is not a Policy", "write cors(Policy(origins=…))")

    def listed(event: "Any", method: str) -> "Policy | None":
        return next((table[key] for key in routes(event, method) if key in table), table.get("*"))

    return listed


def _refused(code: str, field: str, value: object, why: str, fix: str) -> PolicyError:
    return PolicyError(Problem(code, field, value, why, fix))
