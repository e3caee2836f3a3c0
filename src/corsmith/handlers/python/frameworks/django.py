"""Django behind a WSGI or ASGI adapter, with django-cors-headers.

Measured with Django 5.2, django-cors-headers 4.9, apig-wsgi 2.20 and serverless-wsgi 3.1: the middleware answers every
preflight with 200 and its lists, whatever it asks for and whether the path is known; every response passes it, 404 and
500 too; `Vary: origin` is always sent; all origins without credentials are `*`, else the Origin itself; without the
middleware a view gets OPTIONS as any other method.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct

from corsmith.api.origin_test import OriginTest
from corsmith.api.span import Span

from ...decisions import FALSE, Rank, Value
from ...event import METHOD, PATH
from ...machine import Machine, short_name
from ...operators import UNKNOWN_TEST
from ...requests import admitted, echo_where, method_condition
from ...store import Record
from ...values import NOTHING, Bound, Const, Function, LowerHeaders, Made, Module, Opaque, Place, Ref, SomeText
from ...ways import Way
from ..imports import load
from ..iteration import items_of
from .replies import Ways, reply, run_view, span_of, spans_of
from .settings import Texts, argument, flag, joined, texts
from .wrapping import through, unwrapped

APPLICATIONS = ("django.core.wsgi.get_wsgi_application", "django.core.asgi.get_asgi_application")
_MIDDLEWARE = "corsheaders.middleware.CorsMiddleware"
_METHODS = ("DELETE", "GET", "OPTIONS", "PATCH", "POST", "PUT")
_HEADERS = ("accept", "authorization", "content-type", "user-agent", "x-csrftoken", "x-requested-with")
_NAMED = re.compile(
    r"""DJANGO_SETTINGS_MODULE["']\s*,\s*["']([\w.]+)["']|DJANGO_SETTINGS_MODULE["']\]\s*=\s*["']([\w.]+)["']"""
)
_STATUSES = {"Http404": 404, "PermissionDenied": 403, "SuspiciousOperation": 400, "BadRequest": 400}
_ANSWERS = {
    "HttpResponse": 200, "JsonResponse": 200, "HttpResponseRedirect": 302, "HttpResponsePermanentRedirect": 301,
    "HttpResponseNotFound": 404, "HttpResponseForbidden": 403, "HttpResponseBadRequest": 400, "HttpResponseNotAllowed": 405,
    "HttpResponseGone": 410, "HttpResponseServerError": 500, "StreamingHttpResponse": 200, "FileResponse": 200,
    "redirect": 302, "render": 200,
}  # fmt: skip


class Cors(Struct, frozen=True):
    """The settings of django-cors-headers. `paths`: the pattern of the paths that it is for."""

    every: bool | None
    origins: Texts
    patterns: Texts
    methods: Texts
    headers: Texts
    exposed: Texts
    credentials: bool | None
    age: Value | None
    paths: str
    place: Place | None
    every_at: Place | None = None


class View(Struct, frozen=True):
    """A path of the project, and the view behind it."""

    path: str
    function: Value
    place: Place | None


def ways(machine: Machine, adapter: Made, condition: Value, span: Span) -> list[Way] | None:
    """Return the ways out of an application behind an adapter; None where it is no Django, or its settings are not found."""
    app, around = served(machine, adapter)
    if app is None:
        return None
    own = _of_app(machine, app, condition, span)
    return None if own is None else through(machine, around, own, condition, span)


def served(machine: Machine, adapter: Made) -> tuple[Made | None, list[Value]]:
    """Return the application behind an adapter, and what is around it; None where it is no Django."""
    for each in (*adapter.arguments, *adapter.keywords.values()):
        app, around = unwrapped(machine, each, lambda made: made.name in APPLICATIONS)
        if app is not None:
            return app, around
    return None, []


def _of_app(machine: Machine, app: Made, condition: Value, span: Span) -> list[Way] | None:
    settings = _settings(machine)
    if settings is None:
        machine.say_unread("the settings of the Django project are not found", app.place)
        return None
    cors = _cors(machine, settings, app.place)
    found = Ways(machine, "Django", span_of(app.place, span))
    if cors is not None and cors.every and cors.credentials:
        found.wildcard = spans_of(cors.every_at or cors.place)
    decisions = machine.decisions
    preflight = method_condition(machine, ("OPTIONS",)) if cors is not None else FALSE
    views = _views(machine, settings)
    known: Value = FALSE
    for view in views:
        at_path = decisions.when(decisions.atom(Rank.PATH, view.path))
        known = decisions.either(known, at_path)
        _view(found, decisions.both(condition, at_path), view, cors)
    missed = decisions.both(condition, decisions.negate(known))
    if cors is not None:
        everywhere = cors if cors.paths in _EVERYWHERE else None
        place = span_of(cors.place, found.span)
        for where, applying in ((missed, everywhere),):
            answer = _reply(machine, Const(200 if applying else 404), {}, applying, preflight=True)
            found.add(decisions.both(where, preflight), answer, place, unnamed=True)
        others = decisions.both(missed, decisions.negate(preflight))
        status: Value = Const(404) if views else Opaque("the status of a path that is not known")
        found.add(others, _reply(machine, status, {}, everywhere), unnamed=bool(views))
    else:
        status = Const(404) if views else Opaque("the status of a path that is not known")
        found.add(missed, _reply(machine, status, {}, None), unnamed=bool(views))
    return found.found


_EVERYWHERE = ("^.*$", ".*", "^", "")


def _settings(machine: Machine) -> Mapping[str, Value] | None:
    """Return the settings: the module that the environment or the code names, or what `settings.configure` is given."""
    for made in machine.made:
        if made.name == "django.conf.settings.configure":
            return made.keywords
    named = getattr(machine.environment.get("DJANGO_SETTINGS_MODULE"), "value", None)
    names = [named] if isinstance(named, str) else []
    for file in machine.files:
        names += [one or other for one, other in _NAMED.findall(machine.finder.tree.read(file))]
    for name in names:
        module = load(machine, tuple(name.split(".")))
        if module is not None:
            return machine.store.records[module.scope].fields
    return None


def _cors(machine: Machine, settings: Mapping[str, Value], place: Place | None) -> Cors | None:
    listed = texts(machine, settings.get("MIDDLEWARE"))
    if listed.items is not None and _MIDDLEWARE not in listed.items:
        return None

    def either(new: str, old: str) -> Value | None:
        return settings.get(new, settings.get(old))

    every = either("CORS_ALLOW_ALL_ORIGINS", "CORS_ORIGIN_ALLOW_ALL")
    paths = settings.get("CORS_URLS_REGEX")
    origins = either("CORS_ALLOWED_ORIGINS", "CORS_ORIGIN_WHITELIST")
    at = next((each.place for each in listed.values if isinstance(each, Const) and each.value == _MIDDLEWARE), place)
    return Cors(
        flag(every, default=False) if listed.items is not None else None,
        texts(machine, origins),
        texts(machine, either("CORS_ALLOWED_ORIGIN_REGEXES", "CORS_ORIGIN_REGEX_WHITELIST")),
        texts(machine, settings.get("CORS_ALLOW_METHODS"), _METHODS),
        texts(machine, settings.get("CORS_ALLOW_HEADERS"), _HEADERS),
        texts(machine, settings.get("CORS_EXPOSE_HEADERS")),
        flag(settings.get("CORS_ALLOW_CREDENTIALS"), default=False),
        settings.get("CORS_PREFLIGHT_MAX_AGE") or Const(86400),
        str(paths.value) if isinstance(paths, Const) else "^.*$" if paths is None else "",
        at,
        getattr(every, "place", None),
    )


def _views(machine: Machine, settings: Mapping[str, Value]) -> list[View]:
    root = settings.get("ROOT_URLCONF")
    if not isinstance(root, Const) or not isinstance(root.value, str):
        return []
    module = load(machine, tuple(root.value.split(".")))
    patterns = None if module is None else machine.store.records[module.scope].fields.get("urlpatterns")
    return _patterns(machine, patterns, "/", 0)


def _patterns(machine: Machine, patterns: Value | None, base: str, deep: int) -> list[View]:
    found: list[View] = []
    for each in items_of(machine, patterns) or () if patterns is not None and deep < 6 else ():
        if not isinstance(each, Made) or each.name.rpartition(".")[2] not in {"path", "re_path", "url"}:
            continue
        given = argument(each, 0, "route")
        path = base + _route(str(given.value), each.name) if isinstance(given, Const) else base
        view = argument(each, 1, "view")
        if isinstance(view, Made) and view.name.rpartition(".")[2] == "include":
            found += _patterns(machine, _included(machine, view), path, deep + 1)
        elif view is not None:
            found.append(View(path if path == "/" else path.rstrip("/") or "/", view, each.place))
    return found


def _route(text: str, name: str) -> str:
    """Return a route as API Gateway writes it: `<int:id>` and `(?P<id>…)` become `{id}`."""
    if name.endswith(("re_path", ".url")):
        text = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"{\1}", text.removeprefix("^").removesuffix("$"))
        return text.replace("\\.", ".").replace("/?", "")
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", text)


def _included(machine: Machine, view: Made) -> Value | None:
    given = argument(view, 0, "arg")
    if isinstance(given, Const) and isinstance(given.value, str):
        module: Value | None = load(machine, tuple(given.value.split(".")))
        given = module
    if isinstance(given, Module):
        return machine.store.records[given.scope].fields.get("urlpatterns")
    return given


def _view(found: Ways, condition: Value, view: View, cors: Cors | None) -> None:
    machine, decisions = found.machine, found.machine.decisions
    applying = cors if cors is not None and _applies(cors, view.path) else None
    place = span_of(view.place, found.span)
    options = method_condition(machine, ("OPTIONS",))
    if applying is not None:
        at = span_of(applying.place, found.span)
        found.add(decisions.both(condition, options), _reply(machine, Const(200), {}, applying, preflight=True), at)
        condition = decisions.both(condition, decisions.negate(options))
    function, allowed = _unwrapped(machine, view.function)
    if allowed is not None:
        taken = method_condition(machine, allowed)
        refused = decisions.both(condition, decisions.negate(taken))
        found.add(refused, _reply(machine, Const(405), {}, applying), place, unusual=True)
        condition = decisions.both(condition, taken)
    views = run_view(machine, function, condition, _request(machine))
    for leaf, where, spot in views.leaves(condition):
        status, headers, more = _response(machine, leaf)
        answer = _reply(machine, status, headers, applying)
        if more:
            from .replies import open_headers

            open_headers(machine, answer, more)
        found.add(where, answer, span_of(spot, place))
    for failure in views.failures:
        here = decisions.both(condition, failure.condition)
        code = _STATUSES.get(short_name(failure.kind), 500)
        answer = _reply(machine, Const(code), {}, applying)
        found.add(here, answer, span_of(failure.place, place), unusual=code == 500)


def _applies(cors: Cors, path: str) -> bool:
    try:
        return re.match(cors.paths, path) is not None
    except re.error:
        return True


def _unwrapped(machine: Machine, view: Value) -> tuple[Value, tuple[str, ...] | None]:
    """Return a view without the decorators around it, and the methods that they let through."""
    allowed: tuple[str, ...] | None = None
    while isinstance(view, Made) and view.arguments and isinstance(view.arguments[-1], (Function, Bound, Made)):
        short = view.name.removesuffix("()").rpartition(".")[2]
        if short == "require_http_methods":
            first = view.arguments[0]
            given = first.arguments[0] if isinstance(first, Made) and first.arguments else first
            allowed = texts(machine, given).items
        elif short in {"require_GET", "require_POST", "require_safe"}:
            allowed = {"require_GET": ("GET",), "require_POST": ("POST",)}.get(short, ("GET", "HEAD"))
        view = view.arguments[-1]
    return view, allowed


def _request(machine: Machine) -> Ref:
    record = Record("instance", {"method": METHOD, "path": PATH, "headers": LowerHeaders()})
    record.rest = Opaque("the request")
    return machine.new(record)


def _response(machine: Machine, leaf: Value) -> tuple[Value, dict[str, Value], str]:
    """The status and headers of what a view returns, and why there may be other headers."""
    if not isinstance(leaf, Made):
        return Opaque("the status of a response that is not known"), {}, ""
    short = leaf.name.rpartition(".")[2]
    default = _ANSWERS.get(short)
    if default is None:
        return Opaque("the status of a response that is not known"), {}, ""
    status = argument(leaf, 2 if short == "HttpResponse" else -1, "status") or Const(default, leaf.place)
    headers: dict[str, Value] = {}
    given = leaf.keywords.get("headers")
    if isinstance(given, Ref) and machine.record(given).kind == "dict":
        headers = {str(name): value for name, value in machine.record(given).fields.items()}
    elif given is not None:
        return status, {}, "headers of a response that are not known"
    return status, headers, "headers that the view sets on its response" if leaf.opened else ""


def _reply(
    machine: Machine, status: Value, headers: Mapping[str, Value], cors: Cors | None, *, preflight: bool = False
) -> Ref:
    made: dict[str, Value] = {"Content-Type": Opaque("a content type"), **headers}
    if cors is not None:
        made["Vary"] = Const("origin", cors.place)
        made.update(_cors_headers(machine, cors, preflight=preflight))
    return reply(machine, status, made, lists=True)


def _cors_headers(machine: Machine, cors: Cors, *, preflight: bool) -> dict[str, Value]:
    decisions, place = machine.decisions, cors.place
    tests: list[OriginTest] = []
    if cors.every is None or cors.origins.items is None or cors.patterns.items is None:
        tests = [UNKNOWN_TEST]
    elif cors.every:
        tests = [OriginTest("any")]
    else:
        if cors.origins.items:
            tests.append(OriginTest("list", cors.origins.items))
        if cors.patterns.items:
            tests.append(OriginTest("regex", cors.patterns.items, "start"))
    allowed = admitted(machine, tests)
    origin = echo_where(machine, allowed)
    if cors.every and cors.credentials is False:
        origin = decisions.choose(allowed, Const("*", cors.every_at or place), NOTHING)
    made: dict[str, Value] = {"Access-Control-Allow-Origin": origin}

    def where(value: Value) -> Value:
        return decisions.choose(allowed, value, NOTHING)

    if cors.credentials is None:
        made["Access-Control-Allow-Credentials"] = Opaque("CORS_ALLOW_CREDENTIALS is not known", place)
    elif cors.credentials:
        made["Access-Control-Allow-Credentials"] = where(Const("true", place))
    if cors.exposed.items is None or cors.exposed.items:
        made["Access-Control-Expose-Headers"] = where(joined(cors.exposed, ", ", place))
    if preflight:
        made["Access-Control-Allow-Methods"] = where(joined(cors.methods, ", ", place))
        made["Access-Control-Allow-Headers"] = where(joined(cors.headers, ", ", place))
        age = cors.age
        if not isinstance(age, Const):
            made["Access-Control-Max-Age"] = where(SomeText("CORS_PREFLIGHT_MAX_AGE", place))
        elif age.value:
            made["Access-Control-Max-Age"] = where(Const(str(age.value), age.place or place))
    return made
