"""The routes that a page can call: every declared route, with the methods that ANY and the like really serve."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from corsmith.api.alb import Alb, AlbAction, AlbRule, AlbTarget
from corsmith.api.cell import Route
from corsmith.api.front_door import LambdaProxy
from corsmith.api.function_url import FunctionUrl
from corsmith.api.http_api import HttpApi
from corsmith.api.model import FrontDoor
from corsmith.api.outcome import HandlerSummary
from corsmith.api.rest_api import Mapped, RestApi
from corsmith.api.value import Known, Text, Texts, Undecided
from corsmith.gateways import match

from .pages import Told, methods_to, named_by

SAFELISTED = ("GET", "POST")
"""Methods that are tried where nothing says which are served (HEAD is answered as GET is)."""

Summaries = Callable[[str], HandlerSummary | None]
"""Function name to what was read of its handler."""


def routes(
    front_door: FrontDoor, summaries: Summaries, asked: tuple[str, ...] = (), calls: tuple[Told, ...] = ()
) -> Iterator[Route]:
    """Yield the callable routes of `front_door`; OPTIONS itself is nobody's call.

    `asked`: only these methods; a catch-all then serves each of them. `calls`: what the project's pages call.
    """
    for route in _all(front_door, summaries, asked, calls):
        if not asked or route.method in asked:
            yield route


def _all(
    front_door: FrontDoor, summaries: Summaries, asked: tuple[str, ...], calls: tuple[Told, ...]
) -> Iterator[Route]:
    if isinstance(front_door, FunctionUrl):
        yield from _function_url(front_door, summaries, asked, calls)
        return
    if isinstance(front_door, Alb):
        yield from _listener(front_door, summaries, asked)
        return
    if isinstance(front_door, HttpApi):
        listed = _http_lists(front_door)
        for route in front_door.routes:
            for verb, path in _served(front_door, route.method, route.path, route, summaries, listed, asked, calls):
                yield Route(front_door, verb, path, route)
    if isinstance(front_door, RestApi):
        explicit = {(each.path, each.verb.upper()) for each in front_door.methods}
        for each in front_door.methods:
            for verb, path in _served(front_door, each.verb.upper(), each.path, each, summaries, (), asked, calls):
                if each.verb.upper() != "ANY" or (each.path, verb) not in explicit:
                    yield Route(front_door, verb, path, each)


def function_of(declared: object) -> str | None:
    """Return the logical id of the function behind a route, None where it is no function or not known."""
    integration = declared if isinstance(declared, FunctionUrl | AlbTarget) else getattr(declared, "integration", None)
    if isinstance(declared, AlbRule):
        integration = declared.action
    if isinstance(integration, LambdaProxy | Mapped | FunctionUrl | AlbTarget) and isinstance(
        integration.function, Known
    ):
        return integration.function.value
    return None


def example_path(pattern: str) -> str:
    """Return a path that `pattern` takes: `/items/{id}` becomes `/items/1`, `$default` becomes `/`."""
    if pattern == "$default":
        return "/"
    return re.sub(r"\{[^}]*\}", "1", pattern)


def _served(
    door: FrontDoor,
    method: str,
    path: str,
    declared: object,
    summaries: Summaries,
    listed: tuple[str, ...],
    asked: tuple[str, ...],
    calls: tuple[Told, ...],
) -> Iterator[tuple[str, str]]:
    if method == "OPTIONS":
        return
    if method != "ANY":
        yield method, example_path(path)
        return
    name = function_of(declared)
    yield from _dynamic(path, summaries(name) if name else None, listed, asked, calls, door)


def _function_url(
    url: FunctionUrl, summaries: Summaries, asked: tuple[str, ...], calls: tuple[Told, ...]
) -> Iterator[Route]:
    name = function_of(url)
    cors = url.cors.value if isinstance(url.cors, Known) else None
    listed = known(cors.allow_methods) if cors is not None else ()
    for method, path in _dynamic("$default", summaries(name) if name else None, listed, asked, calls, url):
        yield Route(url, method, path, url)


def _listener(listener: Alb, summaries: Summaries, asked: tuple[str, ...]) -> Iterator[Route]:
    for declared in (*listener.rules, listener.default):
        if isinstance(declared.action if isinstance(declared, AlbRule) else declared, AlbTarget):
            name = function_of(declared)
            for verb, path in _forwarded(listener, declared, summaries(name) if name else None, asked):
                yield Route(listener, verb, path, declared)


def _forwarded(
    listener: Alb, declared: AlbRule | AlbAction, summary: HandlerSummary | None, asked: tuple[str, ...]
) -> Iterator[tuple[str, str]]:
    """Yield what a rule or default action sends to its function: the router's routes, else an example of its paths."""
    rule = declared if isinstance(declared, AlbRule) else None
    methods, patterns = (known(rule.methods), known(rule.paths)) if rule is not None else ((), ())
    calls = tuple(verb for verb in methods if verb != "OPTIONS")
    if methods and not calls:
        return
    tried = _dynamic("$default", summary, (), calls or asked)
    served = [(verb, path) for verb, path in tried if verb != "OPTIONS" and (not calls or verb in calls)]
    kept = [(verb, path) for verb, path in served if _leads(listener, verb, path, declared)]
    examples = [re.sub(r"[*?]", "1", pattern) for pattern in patterns] or ["/", "/1"]
    for verb in () if kept else dict.fromkeys(verb for verb, _ in served) or calls:
        kept += [(verb, path) for path in examples if _leads(listener, verb, path, declared)][:1]
    yield from kept


def _leads(listener: Alb, verb: str, path: str, declared: AlbRule | AlbAction) -> bool:
    """Say whether a request comes to `declared`, as far as its method and path tell."""
    try:
        takes = match(listener, verb, path)
    except Undecided:
        return True
    return takes == declared or (isinstance(takes, AlbRule) and bool(takes.hosts or takes.headers or takes.others))


def _dynamic(
    pattern: str,
    summary: HandlerSummary | None,
    listed: tuple[str, ...],
    asked: tuple[str, ...],
    calls: tuple[Told, ...] = (),
    door: FrontDoor | None = None,
) -> Iterator[tuple[str, str]]:
    """Yield what a catch-all serves: its router's routes, else the methods the code names, else the usual ones.

    Where no router names the paths, those that the project's pages call are served, too.
    """
    prefix = pattern.split("{")[0].rstrip("/") if pattern != "$default" else ""
    usual = asked or tuple(m for m in dict.fromkeys((*SAFELISTED, *listed)) if m not in ("*", "OPTIONS", "HEAD"))
    serves = summary.serves if summary is not None else ()
    served = [
        (method, path) for method, path in serves if method != "OPTIONS" and (not path or path.startswith(prefix))
    ]
    named = [(method, path) for method, path in served if method != "ANY"]
    found: dict[tuple[str, str], None] = {}
    for method, path in named or served or [("ANY", "")]:
        for verb in usual if method == "ANY" else (method,):
            found[verb, example_path(path or pattern)] = None
    if door is not None and (pattern == "$default" or pattern.endswith("+}")) and not any(path for _, path in served):
        found.update(
            {(verb, path): None for verb, path in named_by(calls, pattern, door) if verb not in ("OPTIONS", "HEAD")}
        )
    elif pattern != "$default":
        found.update({(verb, example_path(pattern)): None for verb in methods_to(calls, pattern) if not served})
    yield from found


def _http_lists(front_door: HttpApi) -> tuple[str, ...]:
    cors = front_door.cors.value if isinstance(front_door.cors, Known) else None
    return known(cors.allow_methods) if cors is not None else ()


def known(setting: Texts | None) -> tuple[str, ...]:
    """Return the items of a list setting that are known; none of a list that is not."""
    if not isinstance(setting, Known):
        return ()
    items: tuple[Text, ...] = setting.value
    return tuple(item.value for item in items if isinstance(item, Known))
