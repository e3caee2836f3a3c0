"""Repairs of the CORS settings that an HTTP API or a Function URL has of its own: one block, always sent whole.

AWS replaces the block by what an update sends (API Gateway API reference, UpdateApi; Lambda API reference,
UpdateFunctionUrlConfig), so a repair starts from the block as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from corsmith.account.snapshot import FunctionState, HttpApiState
from corsmith.api.exchange import values
from corsmith.api.span import Span

from .call import Json, Thing
from .case import NARROWED, NO_ORIGIN, Cannot, Case, Change, find

_LISTS = ("AllowOrigins", "AllowMethods", "AllowHeaders", "ExposeHeaders")
_URL_METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "*"))
_MOST_AGE = 86_400

Block = Json
Edit = Callable[[Case, Block], Block | Cannot]


def block_thing(case: Case) -> Thing | None:
    """Return the block of the front door that the finding is about; None where it has none of its own."""
    door = case.unit.door
    if isinstance(door, HttpApiState):
        return Thing(door.place, "http-cors", door.id, (), f"CORS of HTTP API {door.name} ({door.id})")
    if isinstance(door, FunctionState):
        at = case.at(_front_door_span(case))
        alias = at.arn.removeprefix(door.arn).lstrip(":") if at is not None else ""
        label = f"Cors of the URL of {door.name}" + (f":{alias}" if alias else "")
        return Thing(door.place, "url-cors", door.id, (alias,), label)
    return None


def _front_door_span(case: Case) -> Span | None:
    spans = [each.front_door.span for each in case.blocked] or list(case.group.finding.spans)
    return spans[0] if spans else None


def repair(case: Case) -> Iterator[Change | Cannot]:
    """Yield the block that ends the finding."""
    thing = block_thing(case)
    edit = _EDITS.get(case.rule)
    if thing is None or edit is None:
        return
    before = find(case.unit, thing)
    now = edit(case, dict(before or {}))
    if isinstance(now, Cannot):
        yield now
    elif now != (before or {}):
        block = {name: each for name, each in now.items() if each != []}
        note = (
            NARROWED if "*" in ((before or {}).get("AllowOrigins") or ()) and "*" not in block["AllowOrigins"] else ""
        )
        yield Change(_TITLES[case.rule], ((thing, block),), note)


def fresh(case: Case) -> Block | Cannot:
    """Return a block that lets all calls through that pages make."""
    if not case.need.origins:
        return Cannot(NO_ORIGIN)
    made: Block = {"AllowOrigins": list(case.need.origins), "AllowMethods": _methods(case)}
    if case.need.headers:
        made["AllowHeaders"] = list(case.need.headers)
    if case.need.credentials:
        made["AllowCredentials"] = True
    return made


def with_methods(case: Case, methods: tuple[str, ...]) -> Block | Cannot:
    """Return the block as it is, or a fresh one, with `methods` allowed as well."""
    thing = block_thing(case)
    block = find(case.unit, thing) if thing is not None else None
    now = block or fresh(case)
    if isinstance(now, Cannot) or "*" in (now.get("AllowMethods") or ()):
        return now
    return _added(now, "AllowMethods", methods)


def _configure(case: Case, block: Block) -> Block | Cannot:
    del block
    return fresh(case)


def _methods(case: Case) -> list[str]:
    wanted = list(case.need.methods)
    url = isinstance(case.unit.door, FunctionState)
    return ["*"] if url and not set(wanted) <= _URL_METHODS and not case.need.credentials else wanted


def _unquoted(case: Case, block: Block) -> Block:
    del case
    return _each_item(block, lambda item: [item.strip("'")])


def _split(case: Case, block: Block) -> Block:
    del case
    return _each_item(block, lambda item: [part.strip() for part in item.split(",") if part.strip()])


def _without_slash(case: Case, block: Block) -> Block:
    del case
    return {**block, "AllowOrigins": [item.rstrip("/") for item in block.get("AllowOrigins") or ()]}


def _with_origins(case: Case, block: Block) -> Block | Cannot:
    if not case.need.origins:
        return Cannot(NO_ORIGIN)
    return _added(block, "AllowOrigins", case.need.origins)


def _only_origins(case: Case, block: Block) -> Block | Cannot:
    if not case.need.origins:
        return Cannot(NO_ORIGIN)
    kept = [each for each in block.get("AllowOrigins") or () if "*" not in each]
    return _added({**block, "AllowOrigins": kept}, "AllowOrigins", case.need.origins)


def _with_methods(case: Case, block: Block) -> Block:
    return _added(block, "AllowMethods", sorted({each.cell.caller.method for each in case.blocked}))


def _with_headers(case: Case, block: Block) -> Block:
    have = {name.lower() for name in block.get("AllowHeaders") or ()}
    asked = [name for name in asked_headers(case) if name not in have]
    return _added(block, "AllowHeaders", asked)


def _with_authorization(case: Case, block: Block) -> Block:
    del case
    return _added(block, "AllowHeaders", ["authorization"])


def _with_credentials(case: Case, block: Block) -> Block | Cannot:
    allowed = {**block, "AllowCredentials": True}
    return _only_origins(case, allowed) if "*" in (block.get("AllowOrigins") or ()) else allowed


def _named(case: Case, block: Block) -> Block | Cannot:
    """Put names in the place of `*`, which is no wildcard once credentials travel."""
    now = dict(block)
    if "*" in (block.get("AllowOrigins") or ()):
        named = _only_origins(case, {**block, "AllowCredentials": True})
        if isinstance(named, Cannot):
            return named
        now = named
    if "*" in (block.get("AllowMethods") or ()):
        now["AllowMethods"] = list(case.need.methods)
    if "*" in (block.get("AllowHeaders") or ()):
        now["AllowHeaders"] = list(case.need.headers)
    return now


def _url_methods(case: Case, block: Block) -> Block:
    del case
    kept = [each for each in block.get("AllowMethods") or () if each in _URL_METHODS]
    return {**block, "AllowMethods": kept}


def _age_in_range(case: Case, block: Block) -> Block:
    least = -1 if isinstance(case.unit.door, HttpApiState) else 0
    return {**block, "MaxAge": min(max(int(block["MaxAge"]), least), _MOST_AGE)}


def _without_null(case: Case, block: Block) -> Block:
    del case
    return {**block, "AllowOrigins": [each for each in block.get("AllowOrigins") or () if each != "null"]}


def asked_headers(case: Case) -> tuple[str, ...]:
    """Return the headers that the blocked preflights ask for, in lower case."""
    found: dict[str, None] = {}
    for each in case.blocked:
        for line in values(each.deciding.request.headers, "access-control-request-headers"):
            found |= dict.fromkeys(name.strip().lower() for name in line.split(",") if name.strip())
    return tuple(found)


def _each_item(block: Block, change: Callable[[str], list[str]]) -> Block:
    now = dict(block)
    for name in _LISTS:
        if now.get(name):
            now[name] = list(dict.fromkeys(part for item in now[name] for part in change(str(item))))
    return now


def _added(block: Block, name: str, items: tuple[str, ...] | list[str]) -> Block:
    return {**block, name: list(dict.fromkeys((*(block.get(name) or ()), *items)))}


_EDITS: dict[str, Edit] = {
    "httpapi-no-cors-config": _configure,
    "function-url-no-cors-config": _configure,
    "httpapi-rest-style-quotes": _unquoted,
    "allow-list-joined-in-one-item": _split,
    "origin-trailing-slash": _without_slash,
    "origin-mismatch": _with_origins,
    "httpapi-subdomain-wildcard": _with_origins,
    "function-url-subdomain-wildcard": _only_origins,
    "httpapi-wildcard-credentials-rejected": _only_origins,
    "allow-methods-missing": _with_methods,
    "allow-headers-missing-header": _with_headers,
    "allow-headers-wildcard-authorization": _with_authorization,
    "credentials-header-missing": _with_credentials,
    "wildcard-with-credentials": _named,
    "function-url-options-in-methods": _url_methods,
    "max-age-out-of-range": _age_in_range,
    "insecure-null-origin": _without_null,
    "insecure-wildcard-with-credentials": _only_origins,
}

_TITLES = {
    "httpapi-no-cors-config": "Configure CORS",
    "function-url-no-cors-config": "Configure CORS",
    "httpapi-rest-style-quotes": "Take the inner quotes out",
    "allow-list-joined-in-one-item": "Write separate items",
    "origin-trailing-slash": "Take the slash off the origins",
    "origin-mismatch": "Allow the page's origin",
    "httpapi-subdomain-wildcard": "Allow the page's origin",
    "function-url-subdomain-wildcard": "Name the origins in place of the wildcard",
    "httpapi-wildcard-credentials-rejected": "Name the origins in place of the wildcard",
    "allow-methods-missing": "Allow the method",
    "allow-headers-missing-header": "Allow the header",
    "allow-headers-wildcard-authorization": "Allow Authorization by name",
    "credentials-header-missing": "Allow credentials",
    "wildcard-with-credentials": "Write names in place of the wildcard",
    "function-url-options-in-methods": "Take out what is no method of a Function URL",
    "max-age-out-of-range": "Bring MaxAge into range",
    "insecure-null-origin": "Take the origin null out",
    "insecure-wildcard-with-credentials": "Name the origins in place of the wildcard",
}
RULES = frozenset(_EDITS)
"""The rules whose findings a block of settings can end."""
