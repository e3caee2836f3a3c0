"""The routes of FastAPI and Starlette: of the application, its routers and what is mounted."""

from __future__ import annotations

from ...machine import Machine
from ...values import Made, Opaque, Ref, Tuple
from ..iteration import items_of
from .replies import Route
from .settings import argument, plain, texts

_VERBS = ("get", "post", "put", "delete", "patch", "head", "options", "trace")


def routes_of(machine: Machine, app: Made, prefix: str, seen: set[int]) -> list[Route]:
    """Return the routes of an application or router under `prefix`; `seen` are those being read."""
    if id(app) in seen:
        return []
    seen = seen | {id(app)}
    own = plain(app.keywords.get("prefix"), "")
    base = prefix + (own if isinstance(own, str) else "")
    found: list[Route] = []
    for call in app.calls:
        path = argument(Made("", call.arguments, call.keywords), 0, "path")
        text = plain(path, "")
        if call.method in _VERBS and isinstance(text, str):
            functions = call.decorated or [Opaque("a view")]
            found.append(Route((call.method.upper(),), base + text, functions[0], call.place, call.keywords))
        elif call.method in {"api_route", "route", "add_api_route", "add_route"} and isinstance(text, str):
            methods = texts(machine, call.keywords.get("methods"), ("GET",)).items or ("GET",)
            function = (
                call.decorated[0]
                if call.decorated
                else argument(Made("", call.arguments, call.keywords), 1, "endpoint")
            )
            found.append(
                Route(
                    tuple(m.upper() for m in methods),
                    base + text,
                    function or Opaque("a view"),
                    call.place,
                    call.keywords,
                )
            )
        elif call.method == "include_router" and call.arguments and isinstance(call.arguments[0], Made):
            more = plain(call.keywords.get("prefix"), "")
            found += routes_of(machine, call.arguments[0], base + (more if isinstance(more, str) else ""), seen)
        elif (
            call.method == "mount"
            and len(call.arguments) > 1
            and isinstance(call.arguments[1], Made)
            and isinstance(text, str)
        ):
            found += routes_of(machine, call.arguments[1], base + text, seen)
    given = app.keywords.get("routes") or (
        app.arguments[0] if app.name.startswith("starlette") and app.arguments else None
    )
    for item in (items_of(machine, given) or []) if isinstance(given, (Ref, Tuple)) else []:
        if (
            isinstance(item, Made)
            and item.name.endswith(".Route")
            and isinstance(plain(argument(item, 0, "path"), ""), str)
        ):
            methods = texts(machine, item.keywords.get("methods"), ("GET",)).items or ("GET",)
            function = argument(item, 1, "endpoint") or Opaque("a view")
            found.append(Route(methods, base + plain(argument(item, 0, "path"), ""), function, item.place))
    return found
