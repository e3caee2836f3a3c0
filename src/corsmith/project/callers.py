"""For whom a route is checked: derived from what the project says, unless a flag says it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from corsmith.api.caller import Caller, CallerFlags
from corsmith.api.cell import Route
from corsmith.api.cloudfront import CacheBehavior
from corsmith.api.exchange import Headers
from corsmith.api.front_door import Authorizer
from corsmith.api.function_url import FunctionUrl
from corsmith.api.http_api import HttpApi, HttpRoute
from corsmith.api.outcome import HandlerSummary
from corsmith.api.page_call import PageCall, SentHeader
from corsmith.api.rest_api import Mapped, RestApi, RestMethod
from corsmith.api.span import Span
from corsmith.api.value import Known
from corsmith.gateways.remembered import Remembered
from corsmith.rules.answers import headers as headers_of
from corsmith.rules.answers import leaves

from .pages import is_answer

WITHOUT_BODY = frozenset({"GET", "HEAD", "DELETE", "OPTIONS"})


def callers(
    route: Route,
    summary: HandlerSummary | None,
    origins: tuple[str, ...],
    flags: CallerFlags,
    calls: tuple[PageCall, ...] = (),
) -> Iterator[Caller]:
    """Yield who calls `route`: one caller per origin, which sends what the project's pages send there (`calls`).

    Where pages send headers that only servers can (`Access-Control-Allow-Origin`), that is a second caller.
    """
    allows = any(call.credentials for call in calls) or _allows_credentials(route, summary)
    credentials = flags.credentials if flags.credentials is not None else allows
    body = None if route.method in WITHOUT_BODY else b"{}"
    sent = {} if flags.headers is not None else {each.name: each for call in calls for each in call.headers}
    kept = {name: each for name, each in sent.items() if not is_answer(name)}
    headers = flags.headers if flags.headers is not None else _with(_headers(route, summary), kept)
    mode = "include" if credentials else "same-origin"
    for origin in flags.origins or origins:
        yield Caller(origin, route.method, headers, mode, body, _places(kept))
        if len(kept) < len(sent):
            yield Caller(origin, route.method, _with(headers, sent), mode, body, _places(sent))


def _with(headers: Headers, sent: Mapping[str, SentHeader]) -> Headers:
    """Return headers with those that pages send."""
    known = {name.lower() for name, _ in headers}
    return (*headers, *((each.name, _value_of(each)) for each in sent.values() if each.name not in known))


def _value_of(header: SentHeader) -> str:
    if header.value:
        return header.value.strip() or "1"
    return {"content-type": "application/json", "authorization": "Bearer token"}.get(header.name, "1")


def _places(sent: Mapping[str, SentHeader]) -> tuple[tuple[str, Span], ...]:
    return tuple((each.name, each.span) for each in sent.values())


def _headers(route: Route, summary: HandlerSummary | None) -> Headers:
    found: dict[str, str] = {}
    declared = route.declared
    reads = summary is not None and _reads_json(summary, route.method)
    if route.method not in WITHOUT_BODY and (reads or _takes_only_json(declared)):
        found["content-type"] = "application/json"
    if isinstance(declared, HttpRoute | RestMethod):
        authorizer = declared.authorizer if isinstance(declared, HttpRoute) else _known_authorizer(declared)
        if authorizer is not None:
            found.update(_credentials_of(authorizer))
    if (
        isinstance(declared, FunctionUrl)
        and isinstance(declared.auth_type, Known)
        and declared.auth_type.value == "AWS_IAM"
    ):
        found.update(_credentials_of(Authorizer("AWS_IAM", "iam")))
    if isinstance(declared, RestMethod):
        if isinstance(declared.api_key_required, Known) and declared.api_key_required.value:
            found["x-api-key"] = "key"
        for check in declared.validates:
            kind, _, name = check.partition(" ")
            if kind == "header":
                found[name.lower()] = "1"
    return tuple(found.items())


def _reads_json(summary: HandlerSummary, method: str) -> bool:
    return summary.reads_json is None or method in summary.reads_json


def _takes_only_json(declared: object) -> bool:
    """Say whether a non-proxy integration has a template for JSON and refuses what it has none for."""
    made = declared.integration if isinstance(declared, RestMethod) else None
    if (
        not isinstance(made, Mapped)
        or not isinstance(made.passthrough, Known)
        or made.passthrough.value == "WHEN_NO_MATCH"
    ):
        return False
    return any(kind.lower() == "application/json" for kind, _ in made.request_templates)


def _known_authorizer(method: RestMethod) -> Authorizer | None:
    return method.authorizer.value if isinstance(method.authorizer, Known) else None


def _credentials_of(authorizer: Authorizer) -> Iterator[tuple[str, str]]:
    """Yield the headers by which a page shows who it is: the authorizer's identity sources."""
    if authorizer.kind == "iam":
        yield "authorization", "AWS4-HMAC-SHA256 Credential=token"
        yield "x-amz-date", "20260101T000000Z"
        return
    sources = authorizer.identity_sources.value if isinstance(authorizer.identity_sources, Known) else ()
    for source in sources:
        if isinstance(source, Known) and ".header." in source.value:
            yield source.value.split(".header.")[1].lower(), "Bearer token"


def _allows_credentials(route: Route, summary: HandlerSummary | None) -> bool:
    """Say whether any layer allows credentials: then pages that send them are among the callers."""
    front_door = route.last.front_door
    if route.behavior is not None and _true_in(route.behavior):
        return True
    if isinstance(front_door, HttpApi | FunctionUrl):
        cors = front_door.cors.value if isinstance(front_door.cors, Known) else None
        setting = cors.allow_credentials if cors is not None else None
        if isinstance(setting, Known) and setting.value:
            return True
    if isinstance(front_door, RestApi) and _maps_credentials(front_door):
        return True
    for outcome in summary.outcomes if summary is not None else ():
        for name, node, _ in headers_of(outcome):
            if name.lower() == "access-control-allow-credentials" and any(_true(leaf) for leaf in leaves(node)):
                return True
    return False


def _mapped(api: RestApi) -> bool:
    """Say whether an integration response of the API allows credentials."""
    return any(
        name.lower() == "access-control-allow-credentials" and _true(value)
        for method in api.methods
        for response in getattr(method.integration, "responses", ())
        for name, value in response.parameters
    )


_maps_credentials = Remembered(_mapped)
"""Asked once for each API, not for each of its routes."""


def _true_in(behavior: CacheBehavior) -> bool:
    cors = behavior.cors.value if isinstance(behavior.cors, Known) else None
    return cors is not None and _true(cors.allow_credentials)


def _true(value: object) -> bool:
    return isinstance(value, Known) and str(value.value).strip("'").lower() == "true"
