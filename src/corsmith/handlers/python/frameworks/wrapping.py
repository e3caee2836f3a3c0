"""What stands around an application, between it and the adapter: `app = wrap(app)`, `app.wsgi_app = wrap(app.wsgi_app)`.

This project's own wrappers are judged by their policy; wrappers that are known to leave headers alone are passed over;
under any other nothing is known of the responses, and its name is said.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from corsmith.api.span import Span

from ...decisions import Value
from ...machine import Machine, short_name
from ...values import Class, Decorator, External, Function, Made, MadeMethod, Opaque, Place, Ref
from ...ways import Way

OWN = ("lambda_cors.wsgi.cors", "lambda_cors.asgi.cors")
_NEUTRAL = {
    "werkzeug.middleware.proxy_fix.ProxyFix",
    "werkzeug.contrib.fixers.ProxyFix",
    "werkzeug.middleware.profiler.ProfilerMiddleware",
    "opentelemetry.instrumentation.wsgi.OpenTelemetryMiddleware",
    "opentelemetry.instrumentation.asgi.OpenTelemetryMiddleware",
    "sentry_sdk.integrations.wsgi.SentryWsgiMiddleware",
    "sentry_sdk.integrations.asgi.SentryAsgiMiddleware",
    "newrelic.agent.WSGIApplicationWrapper",
    "newrelic.agent.ASGIApplicationWrapper",
    "ddtrace.contrib.wsgi.DDWSGIMiddleware",
    "ddtrace.contrib.asgi.TraceMiddleware",
    "uvicorn.middleware.proxy_headers.ProxyHeadersMiddleware",
    "starlette.middleware.gzip.GZipMiddleware",
    "fastapi.middleware.gzip.GZipMiddleware",
    "starlette.middleware.sessions.SessionMiddleware",
}
_DEEPEST = 20


def unwrapped(
    machine: Machine, value: Value | None, is_core: Callable[[Made], bool]
) -> tuple[Made | None, list[Value]]:
    """Return the application inside its wrappers, and these, the outermost first; None where there is none."""
    return _unwrapped(machine, value, is_core, 0)


def _unwrapped(
    machine: Machine, value: Value | None, is_core: Callable[[Made], bool], deep: int
) -> tuple[Made | None, list[Value]]:
    if isinstance(value, Made) and is_core(value):
        return value, []
    if isinstance(value, MadeMethod) and value.name == "wsgi_app" and is_core(value.owner):
        return value.owner, []
    for each in _held(machine, value) if deep < _DEEPEST else ():
        core, around = _unwrapped(machine, each, is_core, deep + 1)
        if core is not None:
            return core, around if value is None else [value, *around]
    return None, []


def _held(machine: Machine, value: Value | None) -> Sequence[Value]:
    if isinstance(value, Made):
        return (*value.arguments, *value.keywords.values())
    if isinstance(value, Decorator):
        return value.call.arguments
    if isinstance(value, Ref) and machine.record(value).kind == "instance":
        return tuple(machine.record(value).fields.values())
    return ()


def assigned(machine: Machine, app: Made) -> list[Value]:
    """Return what `app.wsgi_app` was wrapped in, the outermost first."""
    found: list[Value] = []
    for call in app.calls:
        if call.method == "wsgi_app=":
            core, around = unwrapped(machine, call.arguments[0], lambda made: made is app)
            found = [*(around if core is app else call.arguments), *found]
    return found


def through(machine: Machine, around: Sequence[Value], ways: list[Way], condition: Value, span: Span) -> list[Way]:
    """Return the ways out of an application whose own are `ways`, with wrappers around it, the outermost first."""
    for layer in reversed(around):
        if is_neutral(layer):
            continue
        own = _own(machine, layer, condition, span, ways)
        ways = _anything(machine, layer, condition, span) if own is None else own
    return ways


def is_neutral(layer: Value) -> bool:
    """Say whether a wrapper is known to leave CORS headers, statuses and preflights alone."""
    return isinstance(layer, Made) and layer.name.removesuffix("()") in _NEUTRAL


def _own(machine: Machine, layer: Value, condition: Value, span: Span, inner: list[Way]) -> list[Way] | None:
    if not isinstance(layer, Made) or layer.name.removesuffix("()") not in OWN:
        return None
    from .lambda_cors import governed, policy_of

    # `cors(policy)(app.wsgi_app)`: the call that is called comes first.
    first = layer.arguments[0] if layer.name.endswith("()") else layer
    if not isinstance(first, Made):
        return None
    policy = policy_of(machine, Made(first.name, (*first.arguments[:1], Opaque("the application")), first.keywords))
    if policy is None:
        return None
    place = first.place or layer.place
    return governed(machine, policy, condition, place.span() if place is not None else span, inner, "lambda_cors")


def _anything(machine: Machine, layer: Value, condition: Value, span: Span) -> list[Way]:
    name, place = named(machine, layer), getattr(layer, "place", None)
    machine.frameworks[name] = None
    because = f"what {name} does around the application is not followed"
    if isinstance(layer, Opaque):
        because = f"what stands around the application is not known: {layer.because}"
    return [_open(machine, condition, because, place, span, name)]


def _open(machine: Machine, condition: Value, because: str, place: Place | None, span: Span, name: str) -> Way:
    machine.say_unread(because, place)
    at = span if place is None else place.span()
    return Way(condition, Opaque(because, place), machine.store.fork(), at, made_by=name)


def named(machine: Machine, layer: Value) -> str:
    """Return the name of a wrapper as the code has it."""
    if isinstance(layer, Ref):
        kind = machine.record(layer).type
        return short_name(kind) if kind is not None else "a wrapper"
    if isinstance(layer, Decorator):
        return f"{layer.owner.name}.{layer.call.method}"
    if isinstance(layer, (Made, External)):
        return layer.name.removesuffix("()")
    return layer.name if isinstance(layer, (Function, Class)) else "a wrapper"
