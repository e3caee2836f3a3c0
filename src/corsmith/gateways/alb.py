"""What leaves an Application Load Balancer.

Theory of operation: the first rule by priority whose conditions hold decides, else the default action. A load balancer
has no CORS of its own: the function answers preflights too, and what the load balancer makes itself (502, a fixed
response) carries no CORS headers. At the load balancer's own address, and on loopback, every host condition holds:
nobody says which domain points there.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from corsmith.api.alb import Alb, AlbAction, AlbRedirect, AlbRule, AlbTarget, Elsewhere, FixedResponse
from corsmith.api.exchange import Headers, Response
from corsmith.api.value import Known, Text, Texts, Undecided, Unknown, mapped

from .address import REGION, at_default_address, identifier
from .asks import Answered, Ask, Invoke, Payload, Throttled, Told, Unread
from .call import Call
from .events.alb import load_balancer
from .header_values import declared_status, is_name, line_of, status_of
from .patterns import fits
from .shaped import Shaped, decoded
from .streamed import collected

_LARGEST = 1_048_576
_LONGEST_MS = 900_000
_REASONS = {
    403: "403 Forbidden",
    413: "413 Request Entity Too Large",
    502: "502 Bad Gateway",
    503: "503 Service Temporarily Unavailable",
}


def host(alb: Alb) -> str:
    """Return the host of a listener: one that all rules with hosts share, else an address like AWS's."""
    named = [_known(rule.hosts) for rule in alb.rules if isinstance(rule.hosts, Known)]
    named = [patterns for patterns in named if patterns]
    for pattern in named[0] if named else ():
        if all(pattern in patterns for patterns in named):
            return pattern.replace("*", "www").replace("?", "x")
    return f"{identifier(alb.name)}.{REGION}.elb.amazonaws.com"


def _known(patterns: Known[tuple[Text, ...]]) -> tuple[str, ...]:
    return tuple(pattern.value for pattern in patterns.value if isinstance(pattern, Known))


def match(alb: Alb, method: str, path: str) -> AlbRule | AlbTarget | None:
    """Return the first rule that takes `method` on `path` by its path and method conditions.

    Where there is none, the default action if it leads to a function. Raises `Undecided`.
    """
    taken = next((rule for rule in _ordered(alb) if _admits(rule, method, path)), None)
    return alb.default if taken is None and isinstance(alb.default, AlbTarget) else taken


def _ordered(alb: Alb) -> list[AlbRule]:
    if len(alb.rules) < 2:
        return list(alb.rules)
    return sorted(alb.rules, key=lambda rule: rule.priority.get())


def _admits(rule: AlbRule, method: str, path: str) -> bool:
    return _one_fits(rule.paths, path) and _one_fits(rule.methods, method)


def _one_fits(patterns: Texts | None, text: str) -> bool:
    return patterns is None or any(fits(pattern.get(), text) for pattern in patterns.get())


def answer(alb: Alb, call: Call) -> Generator[Ask, Told, Answered]:
    """Return the response of a listener. Raises `Undecided`."""
    if call.circumstances.waf_blocks:
        return call.answered(_own(403, "waf"))
    rule = next((each for each in _ordered(alb) if _holds(each, call)), None)
    action: AlbAction = alb.default if rule is None else rule.action
    if isinstance(action, AlbTarget):
        return (yield from _invoked(alb, action, call))
    return call.answered(_acted(action, call))


def _holds(rule: AlbRule, call: Call) -> bool:
    holds = (
        _admits(rule, call.method, call.path)
        and (rule.hosts is None or at_default_address(call.host) or _one_fits_host(rule.hosts, call.host))
        and all(_one_fits(patterns, call.header(name.lower()) or "") for name, patterns in rule.headers)
    )
    if holds and rule.others:
        rule.others[0].get()
    return holds


def _one_fits_host(patterns: Texts, given: str) -> bool:
    bare = given.partition(":")[0].lower()
    return any(fits(pattern.get().lower(), bare) for pattern in patterns.get())


def _acted(action: FixedResponse | AlbRedirect | Elsewhere, call: Call) -> Response:
    if isinstance(action, FixedResponse):
        headers = (("Server", "awselb/2.0"), ("Content-Type", action.content_type.get()))
        return Response(declared_status(action.status), headers, action.body.get().encode("utf-8"), "alb")
    if isinstance(action, AlbRedirect):
        headers = (("Server", "awselb/2.0"), ("Location", _location(action.location.get(), call)))
        status = mapped(action.status, lambda text: str(text).removeprefix("HTTP_"))
        return Response(declared_status(status), headers, b"", "alb")
    raise Undecided(Unknown(action.what, action.span))


def _location(template: str, call: Call) -> str:
    bare, _, port = call.host.partition(":")
    parts = {"protocol": "https", "host": bare, "port": port or "443", "path": call.path[1:], "query": call.query}
    for name, value in parts.items():
        template = template.replace(f"#{{{name}}}", value)
    return template.removesuffix("?")


def _invoked(alb: Alb, target: AlbTarget, call: Call) -> Generator[Ask, Told, Answered]:
    if len(call.request.body or b"") > _LARGEST:
        return call.answered(_own(413))
    if call.circumstances.not_permitted or not target.permitted.get():
        return call.answered(_own(502))
    multi_value = target.multi_value.get()
    event = load_balancer(alb.name, call, multi_value=multi_value)
    told = yield Invoke(target.function.get(), event, _LONGEST_MS)
    if isinstance(told, Unread):
        raise Undecided(told.why)
    if isinstance(told, Throttled):
        return call.answered(_own(503))
    shaped = _shaped(collected(told), call, multi_value=multi_value)
    if shaped is None or len(shaped.body) > _LARGEST:
        return call.answered(_own(502))
    return call.answered(Response(shaped.status, _inserted(shaped.headers, alb), shaped.body, "handler"))


def _inserted(headers: Headers, alb: Alb) -> Headers:
    """Return `headers` with those that the listener's attributes set in the place of the function's."""
    if not alb.inserts:
        return headers
    names = {name.lower() for name, _ in alb.inserts}
    kept = tuple(pair for pair in headers if pair[0].lower() not in names)
    return kept + tuple((name, value.get()) for name, value in alb.inserts)


def _shaped(told: Told, call: Call, *, multi_value: bool) -> Shaped | None:
    value = told.value if isinstance(told, Payload) else None
    if not isinstance(value, dict):
        return None
    status = status_of(value.get("statusCode"))
    headers = _many(value.get("multiValueHeaders"), call) if multi_value else _one(value.get("headers"), call)
    body = value.get("body") or ""
    if status is None or headers is None or not isinstance(body, str):
        return None
    content = decoded(body) if value.get("isBase64Encoded") is True else body.encode("utf-8", "replace")
    return None if content is None else Shaped(status, headers, content)


def _one(value: Any, call: Call) -> Headers | None:
    if value is None:
        return ()
    if not isinstance(value, dict):
        return None
    return _lines([(name, each) for name, each in value.items()], call)


def _many(value: Any, call: Call) -> Headers | None:
    if value is None:
        return ()
    if not isinstance(value, dict) or not all(isinstance(items, list) for items in value.values()):
        return None
    return _lines([(name, each) for name, items in value.items() for each in items], call)


def _lines(pairs: list[tuple[Any, Any]], call: Call) -> Headers | None:
    lines = []
    for name, value in pairs:
        line = line_of(value, lambda: call.assumptions.alb_header_values == "refused") if is_name(name) else None
        if line is None:
            return None
        lines.append((name, line))
    return tuple(lines)


def _own(status: int, made_by: str = "alb") -> Response:
    """Return an error page of the load balancer's own."""
    reason = _REASONS[status]
    head = f"<html>\r\n<head><title>{reason}</title></head>\r\n"
    page = f"{head}<body>\r\n<center><h1>{reason}</h1></center>\r\n</body>\r\n</html>\r\n"
    return Response(status, (("Server", "awselb/2.0"), ("Content-Type", "text/html")), page.encode(), made_by)
