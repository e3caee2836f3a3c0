"""Where a thing stands in what was read of an account, and that account with another in its place."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from corsmith.account.snapshot import FunctionState, HttpApiState, RestApiState, State

from .call import Json, Thing


def look(state: State, thing: Thing) -> Json | None:
    """Return what AWS said of `thing`; None where there is none. Raises `KeyError` where it can stand nowhere."""
    if isinstance(state, RestApiState):
        return _in_rest_api(state, thing)
    if isinstance(state, HttpApiState):
        return _in_http_api(state, thing)
    if isinstance(state, FunctionState):
        return _in_function(state, thing)
    raise KeyError(thing.kind)


def put(state: State, thing: Thing, now: Json | None) -> State:
    """Return `state` with `now` in the place of `thing`; None takes it away. Raises `KeyError`."""
    if isinstance(state, RestApiState):
        return _put_in_rest_api(state, thing, now)
    if isinstance(state, HttpApiState):
        return _put_in_http_api(state, thing, now)
    if isinstance(state, FunctionState):
        return _put_in_function(state, thing, now)
    raise KeyError(thing.kind)


def _in_rest_api(state: RestApiState, thing: Thing) -> Json | None:
    if thing.kind == "method":
        resource, verb = thing.part
        found = next(each for each in state.resources if each["id"] == resource)
        return (found.get("resourceMethods") or {}).get(verb)
    if thing.kind == "gateway-response":
        row = _named(state.gateway_responses, "responseType", thing.part[0])
        return None if row is None or row.get("defaultResponse") else row
    if thing.kind == "stage":
        return _named(state.stages, "stageName", thing.part[0])
    raise KeyError(thing.kind)


def _put_in_rest_api(state: RestApiState, thing: Thing, now: Json | None) -> RestApiState:
    if thing.kind == "method":
        resource, verb = thing.part
        return replace(
            state,
            resources=tuple(
                {**each, "resourceMethods": _without_none({**(each.get("resourceMethods") or {}), verb: now})}
                if each["id"] == resource
                else each
                for each in state.resources
            ),
        )
    if thing.kind == "gateway-response":
        unset = {"responseType": thing.part[0], "defaultResponse": True}
        rows = _replaced(state.gateway_responses, "responseType", thing.part[0], now or unset)
        return replace(state, gateway_responses=rows)
    if thing.kind == "stage":
        # What another deployment serves was not exported.
        exports = {name: each for name, each in state.exports.items() if name != thing.part[0]}
        return replace(state, stages=_replaced(state.stages, "stageName", thing.part[0], now), exports=exports)
    raise KeyError(thing.kind)


def _in_http_api(state: HttpApiState, thing: Thing) -> Json | None:
    if thing.kind == "http-cors":
        return state.api.get("CorsConfiguration") or None
    if thing.kind == "route":
        return _named(state.routes, "RouteId", thing.part[0])
    if thing.kind == "new-route":
        return _named(state.routes, "RouteKey", thing.part[0])
    if thing.kind == "http-stage":
        return _named(state.stages, "StageName", thing.part[0])
    raise KeyError(thing.kind)


def _put_in_http_api(state: HttpApiState, thing: Thing, now: Json | None) -> HttpApiState:
    if thing.kind == "http-cors":
        return replace(state, api=_without_none({**state.api, "CorsConfiguration": now}))
    if thing.kind == "route":
        return replace(state, routes=_replaced(state.routes, "RouteId", thing.part[0], now))
    if thing.kind == "new-route":
        return replace(state, routes=_replaced(state.routes, "RouteKey", thing.part[0], now))
    if thing.kind == "http-stage":
        exports = {name: each for name, each in state.exports.items() if name != thing.part[0]}
        return replace(state, stages=_replaced(state.stages, "StageName", thing.part[0], now), exports=exports)
    raise KeyError(thing.kind)


def _in_function(state: FunctionState, thing: Thing) -> Json | None:
    if thing.kind == "url-cors":
        url = next(each for each in state.urls if qualifier_of(each) == thing.part[0])
        return url.get("Cors") or None
    if thing.kind == "permission":
        qualifier, sid = thing.part
        return _named(tuple(statements(state, qualifier)), "Sid", sid)
    raise KeyError(thing.kind)


def _put_in_function(state: FunctionState, thing: Thing, now: Json | None) -> FunctionState:
    if thing.kind == "url-cors":
        return replace(
            state,
            urls=tuple(
                _without_none({**each, "Cors": now}) if qualifier_of(each) == thing.part[0] else each
                for each in state.urls
            ),
        )
    if thing.kind == "permission":
        qualifier, sid = thing.part
        kept = list(_replaced(tuple(statements(state, qualifier)), "Sid", sid, now))
        policy = {**(state.policies.get(qualifier) or {"Version": "2012-10-17"}), "Statement": kept}
        return replace(state, policies={**state.policies, qualifier: policy if kept else {}})
    raise KeyError(thing.kind)


def qualifier_of(url: Json) -> str:
    """Return the alias that a Function URL belongs to, "" for the function itself."""
    parts = str(url["FunctionArn"]).split(":")
    return parts[7] if len(parts) > 7 else ""


def statements(state: FunctionState, qualifier: str) -> list[Json]:
    """Return the statements of a function's resource policy; one that stands alone need not be in a list."""
    own: Any = (state.policies.get(qualifier) or {}).get("Statement") or []
    return list(own) if isinstance(own, list | tuple) else [own]


def _named(rows: tuple[Json, ...], name: str, value: str) -> Json | None:
    return next((each for each in rows if each.get(name) == value), None)


def _replaced(rows: tuple[Json, ...], name: str, value: str, now: Json | None) -> tuple[Json, ...]:
    """Return the rows with `now` where `value` was, or at the end."""
    found = [now if each.get(name) == value else each for each in rows]
    if _named(rows, name, value) is None:
        found.append(now)
    return tuple(each for each in found if each is not None)


def _without_none(own: Json) -> Json:
    return {name: value for name, value in own.items() if value is not None}
