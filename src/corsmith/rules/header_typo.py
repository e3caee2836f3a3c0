"""header-typo: a CORS header's name or a CORS setting's key is misspelt."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from corsmith.api.finding import Category
from corsmith.api.fix import Edit, Fix
from corsmith.api.model import Api, FrontDoor, Refused
from corsmith.api.rest_api import Mapped, Mock, Parameters, RestApi, RestMethod
from corsmith.api.span import Span
from corsmith.api.tree import Tree

from .answers import headers
from .blocked import ALLOW_ORIGIN, Blocked
from .rule import Diagnosis, Found, Rule
from .spelling import header_meant, key_meant

_METHODS, _HEADERS = "access-control-allow-methods", "access-control-allow-headers"
_CREDENTIALS = "access-control-allow-credentials"
_LISTS = ("AllowOrigins", "AllowMethods", "AllowHeaders", "ExposeHeaders", "MaxAge", "AllowCredentials")
_KEYS = {
    "http_api": (*_LISTS, "CorsConfiguration"),
    "function_url": (*_LISTS, "Cors"),
    "rest_api": (
        "AllowOrigin",
        "AllowMethods",
        "AllowHeaders",
        "MaxAge",
        "AllowCredentials",
        "Cors",
        "GatewayResponses",
    ),
}
_WHOLE = frozenset(("Cors", "CorsConfiguration", "GatewayResponses"))


def explain(blocked: Blocked) -> Diagnosis | None:
    """Explain calls that lack just the header whose name is misspelt in the answer, or just the setting."""
    lacking = _lacking(blocked)
    for name, proper, span, value in _misspelt(blocked):
        if proper.lower() == lacking:
            place = span or _name_before(blocked.tree, value, name)
            return Diagnosis(
                f"The answer has a header called {name}; the name that browsers look for is {proper}.",
                tuple(each for each in (place or value, blocked.front_door.span) if each is not None),
                partial(_rename, place, name, proper),
                severity=blocked.severity,
            )
    return _of_settings(blocked, lacking)


def inspect(api: Api, tree: Tree, origins: tuple[str, ...]) -> Iterator[Found]:
    """Find misspelt settings for which the template is refused."""
    del tree, origins
    by_name = {front_door.name: front_door for front_door in api.front_doors}
    for refused in api.refused:
        proper = setting_meant(api, refused)
        if proper is not None:
            yield by_name.get(refused.api), _refused(refused, proper)


def setting_meant(api: Api, refused: Refused) -> str | None:
    """Return the CORS setting that an unknown key misspells, None where the key is no such slip."""
    if refused.what != "unknown-key":
        return None
    door = next((each for each in api.front_doors if each.name == refused.api), None)
    kinds = [_KEYS.get(door.kind, ())] if door is not None else list(_KEYS.values())
    return next((meant for known in kinds if (meant := key_meant(refused.key, known)) is not None), None)


def _refused(refused: Refused, proper: str) -> Diagnosis:
    return Diagnosis(
        f"{refused.message} {refused.by} refuses the template. Write {proper}.",
        (refused.span,),
        partial(_rename, refused.span, refused.key, proper),
    )


def _of_settings(blocked: Blocked, lacking: str) -> Diagnosis | None:
    api, door = blocked.cell.api, blocked.front_door
    for refused in api.refused:
        proper = setting_meant(api, refused)
        if proper is not None and refused.api == door.name and _would_help(proper, lacking):
            return _refused(refused, proper)
    for stray in api.strays:
        meant = key_meant(stray.key, stray.known) if stray.known and door.name in stray.doors else None
        if meant is not None and _would_help(meant, lacking):
            return Diagnosis(
                f"{stray.because[:1].upper()}{stray.because[1:]}. Write {meant}.",
                (stray.span, door.span),
                partial(_rename, stray.span, stray.key, meant),
            )
    return None


def _would_help(setting: str, lacking: str) -> bool:
    if setting in _WHOLE or lacking == ALLOW_ORIGIN:
        return True
    return setting.lower().startswith(lacking.removeprefix("access-control-").replace("-", "")[:10])


def _lacking(blocked: Blocked) -> str:
    """Return the header that the browser missed, "" where none is missing."""
    error = blocked.error.removeprefix("Preflight")
    if error == "MethodDisallowedByPreflightResponse" or blocked.error.startswith("MethodDisallowed"):
        name = _METHODS
    elif blocked.error.startswith("HeaderDisallowed"):
        name = _HEADERS
    elif error == "InvalidAllowCredentials":
        name = _CREDENTIALS
    elif not blocked.values(ALLOW_ORIGIN):
        return ALLOW_ORIGIN
    else:
        return ""
    return "" if blocked.values(name) else name


def _misspelt(blocked: Blocked) -> Iterator[tuple[str, str, Span | None, Span | None]]:
    """Yield (name, what it should be, where the name stands, where its value stands)."""
    if blocked.outcome is not None and blocked.made_by == "handler":
        for name, node, holder in headers(blocked.outcome):
            proper = header_meant(name)
            if proper is not None:
                names = [key for key, _ in holder.entries]
                at = names.index(name)
                span = holder.key_spans[at] if at < len(holder.key_spans) else None
                yield name, proper, span, getattr(node, "span", None) or blocked.outcome.span
    for parameters in _parameters(blocked):
        for name, value in parameters:
            proper = header_meant(name)
            if proper is not None:
                yield name, proper, None, value.span


def _parameters(blocked: Blocked) -> Iterator[Parameters]:
    door: FrontDoor = blocked.front_door
    if not isinstance(door, RestApi):
        return
    method = blocked.takes if blocked.at_preflight else blocked.cell.route.declared
    if isinstance(method, RestMethod) and isinstance(method.integration, Mock | Mapped):
        for response in method.integration.responses:
            yield response.parameters
    if blocked.made_by in ("gateway", "authorizer"):
        for answer in door.gateway_responses:
            yield answer.parameters


def _name_before(tree: Tree, value: Span | None, name: str) -> Span | None:
    """Return where `name` stands before the value at `value`, as a key does."""
    if value is None:
        return None
    text = tree.read(value.file)
    at = text.rfind(name, max(0, value.start - len(name) - 120), value.start)
    return Span(value.file, at, at + len(name)) if at >= 0 else None


def _rename(place: Span | None, name: str, proper: str) -> Iterator[Fix]:
    if place is None:
        return
    # A name in code stands in its quotes.
    quotes = (place.end - place.start - len(name)) // 2
    if quotes in (0, 1):
        edit = Edit(place.file, place.start + quotes, place.end - quotes, proper)
        yield Fix(f"Write {proper}", safe=True, edits=(edit,))


RULE = Rule(
    "header-typo",
    Category.BLOCKED,
    "a CORS header name or a CORS setting's key is misspelt",
    explain,
    inspect,
)
