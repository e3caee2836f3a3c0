"""The requests that turn a thing as it is into the thing that is wanted: to change an account, and to put it back.

An OPTIONS method is made in AWS's order (method, integration, method response, integration response), and what refers to
something else is taken away before it. A stage is put back by pointing it to the deployment that it served: to deploy the
restored definition would publish changes that were waiting there before.
Source: the API Gateway API reference; "Set up a stage deployment", on going back to an earlier deployment.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from .call import Json, Request, Thing
from .method_difference import method_requests
from .same import same


class Irreversible(Exception):  # noqa: N818 - it names a state
    """AWS has no request that leads there. The message is a sentence."""


def requests(thing: Thing, now: Json | None, wanted: Json | None) -> tuple[Request, ...]:
    """Return the requests that make `wanted` of `now`, in their order; none where they say the same.

    Raises `Irreversible`.
    """
    if same(thing.kind, now, wanted):
        return ()
    return tuple(_KINDS[thing.kind](thing, now, wanted))


def _gateway_response(thing: Thing, now: Json | None, wanted: Json | None) -> Iterator[Request]:
    del now
    given: Json = {"restApiId": thing.owner, "responseType": thing.part[0]}
    if wanted is None:
        yield Request("apigateway", "DeleteGatewayResponse", given)
        return
    names = ("statusCode", "responseParameters", "responseTemplates")
    yield Request(
        "apigateway", "PutGatewayResponse", {**given, **{name: wanted[name] for name in names if wanted.get(name)}}
    )


def _stage(thing: Thing, now: Json | None, wanted: Json | None) -> Iterator[Request]:
    made = (now or {}).get("deploymentId")
    given: Json = {"restApiId": thing.owner}
    to = (wanted or {}).get("deploymentId")
    if not to:
        raise Irreversible(f"{thing.label} served nothing, and API Gateway cannot take a deployment off a stage")
    patch = {"op": "replace", "path": "/deploymentId", "value": to}
    yield Request("apigateway", "UpdateStage", {**given, "stageName": thing.part[0], "patchOperations": [patch]})
    if made:
        yield Request("apigateway", "DeleteDeployment", {**given, "deploymentId": made})


def _http_stage(thing: Thing, now: Json | None, wanted: Json | None) -> Iterator[Request]:
    made = (now or {}).get("DeploymentId")
    given: Json = {"ApiId": thing.owner}
    to = (wanted or {}).get("DeploymentId")
    if not to:
        raise Irreversible(f"{thing.label} served nothing, and API Gateway cannot take a deployment off a stage")
    yield Request("apigatewayv2", "UpdateStage", {**given, "StageName": thing.part[0], "DeploymentId": to})
    if made:
        yield Request("apigatewayv2", "DeleteDeployment", {**given, "DeploymentId": made})


def _http_cors(thing: Thing, now: Json | None, wanted: Json | None) -> Iterator[Request]:
    del now
    if not wanted:
        yield Request("apigatewayv2", "DeleteCorsConfiguration", {"ApiId": thing.owner})
    else:
        yield Request("apigatewayv2", "UpdateApi", {"ApiId": thing.owner, "CorsConfiguration": dict(wanted)})


def _url_cors(thing: Thing, now: Json | None, wanted: Json | None) -> Iterator[Request]:
    del now
    given = {"FunctionName": thing.owner, **({"Qualifier": thing.part[0]} if thing.part[0] else {})}
    yield Request("lambda", "UpdateFunctionUrlConfig", {**given, "Cors": dict(wanted or {})})


_ROUTE = ("RouteKey", "Target", "AuthorizationType", "AuthorizerId", "AuthorizationScopes")


def _route(thing: Thing, now: Json | None, wanted: Json | None) -> Iterator[Request]:
    was, to = now or {}, wanted or {}
    if now is None or wanted is None:
        raise Irreversible(f"{thing.label} is gone: a route that is made anew has another id")
    changed = {name: to[name] for name in _ROUTE if name in to and to[name] != was.get(name)}
    if "AuthorizerId" in changed or "AuthorizationScopes" in changed:
        changed["AuthorizationType"] = to.get("AuthorizationType", "NONE")
    yield Request("apigatewayv2", "UpdateRoute", {"ApiId": thing.owner, "RouteId": thing.part[0], **changed})


def _new_route(thing: Thing, now: Json | None, wanted: Json | None) -> Iterator[Request]:
    if wanted is None:
        # The id is known once the route is there: it is in what AWS says of it.
        yield Request("apigatewayv2", "DeleteRoute", {"ApiId": thing.owner, "RouteId": (now or {}).get("RouteId", "")})
        return
    yield Request(
        "apigatewayv2", "CreateRoute", {"ApiId": thing.owner, **{n: wanted[n] for n in _ROUTE if n in wanted}}
    )


def _permission(thing: Thing, now: Json | None, wanted: Json | None) -> Iterator[Request]:
    del now
    qualifier, sid = thing.part
    given = {"FunctionName": thing.owner, **({"Qualifier": qualifier} if qualifier else {}), "StatementId": sid}
    if wanted is None:
        yield Request("lambda", "RemovePermission", given)
        return
    principal = wanted["Principal"]
    more: Json = {"Action": wanted["Action"], "Principal": principal["Service"] if principal != "*" else "*"}
    for tests in (wanted.get("Condition") or {}).values():
        for name, value in tests.items():
            if name == "lambda:FunctionUrlAuthType":
                more["FunctionUrlAuthType"] = value
            elif name == "lambda:InvokedViaFunctionUrl":
                more["InvokedViaFunctionUrl"] = True
            elif name == "AWS:SourceArn":
                more["SourceArn"] = value
    yield Request("lambda", "AddPermission", {**given, **more})


_KINDS: dict[str, Callable[[Thing, Json | None, Json | None], Iterator[Request]]] = {
    "method": method_requests,
    "gateway-response": _gateway_response,
    "stage": _stage,
    "http-cors": _http_cors,
    "route": _route,
    "new-route": _new_route,
    "http-stage": _http_stage,
    "url-cors": _url_cors,
    "permission": _permission,
}
