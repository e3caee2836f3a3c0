"""What a request makes of a thing, worked out without sending it: a plan is proven on this before it is shown.

What each operation keeps and replaces is as the API Gateway API reference and the Lambda API reference have it, and as
recorded against AWS in localstack/localstack (tests/aws/services/apigateway): PutGatewayResponse and
PutIntegrationResponse replace the whole record; an update names what it changes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from corsmith.account.snapshot import State

from .call import Call, Json, Request
from .same import MARK, NEW_DEPLOYMENT
from .things import look, put


def applied(state: State, call: Call) -> State:
    """Return what AWS will say after `call`. Raises `KeyError` for what is not there."""
    return put(state, call.thing, after(call.request, look(state, call.thing)))


def after(request: Request, before: Json | None) -> Json | None:
    """Return what AWS will return of a thing that `request` changes. Raises `KeyError`."""
    return _OPERATIONS[request.service, request.operation](request.parameters, before)


def _put_method(given: Json, before: Json | None) -> Json:
    del before
    own = _picked(given, "httpMethod", "authorizationType", "authorizerId", "authorizationScopes", "operationName")
    own |= _picked(given, "requestParameters", "requestModels", "requestValidatorId")
    return {**own, "apiKeyRequired": bool(given.get("apiKeyRequired"))}


def _update_method(given: Json, before: Json | None) -> Json | None:
    return _patched(given, before or {}, {"apiKeyRequired": lambda text: text == "true"})


def _put_integration(given: Json, before: Json | None) -> Json:
    names = ("type", "requestTemplates", "passthroughBehavior", "contentHandling", "uri", "credentials")
    made = {"passthroughBehavior": "WHEN_NO_MATCH", "timeoutInMillis": 29_000, **_picked(given, *names)}
    return {**(before or {}), "methodIntegration": made}


def _update_integration(given: Json, before: Json | None) -> Json:
    own = before or {}
    return {**own, "methodIntegration": _patched(given, own["methodIntegration"])}


def _delete_integration(given: Json, before: Json | None) -> Json:
    del given
    return {name: value for name, value in (before or {}).items() if name != "methodIntegration"}


def _put_method_response(given: Json, before: Json | None) -> Json:
    return _with_response(
        before, given["statusCode"], _picked(given, "statusCode", "responseParameters", "responseModels")
    )


def _update_method_response(given: Json, before: Json | None) -> Json:
    status = given["statusCode"]
    own = (before or {})["methodResponses"][status]
    return _with_response(before, status, _patched(given, own, {"responseParameters": lambda text: text == "true"}))


def _delete_method_response(given: Json, before: Json | None) -> Json:
    return _with_response(before, given["statusCode"], None)


def _with_response(before: Json | None, status: str, response: Json | None) -> Json:
    own = before or {}
    return {**own, "methodResponses": _without_none({**(own.get("methodResponses") or {}), status: response})}


def _put_integration_response(given: Json, before: Json | None) -> Json:
    names = ("statusCode", "selectionPattern", "responseParameters", "responseTemplates", "contentHandling")
    return _with_integration_response(before, given["statusCode"], _picked(given, *names))


def _delete_integration_response(given: Json, before: Json | None) -> Json:
    return _with_integration_response(before, given["statusCode"], None)


def _with_integration_response(before: Json | None, status: str, response: Json | None) -> Json:
    own = before or {}
    integration = own["methodIntegration"]
    responses = _without_none({**(integration.get("integrationResponses") or {}), status: response})
    return {**own, "methodIntegration": {**integration, "integrationResponses": responses}}


def _put_gateway_response(given: Json, before: Json | None) -> Json:
    del before
    names = ("responseType", "statusCode", "responseParameters", "responseTemplates")
    return {**_picked(given, *names), "defaultResponse": False}


def _create_rest_deployment(given: Json, before: Json | None) -> Json:
    return {**(before or {}), "deploymentId": NEW_DEPLOYMENT, MARK: given["description"]}


def _update_rest_stage(given: Json, before: Json | None) -> Json:
    return _patched(given, before or {})


def _update_api(given: Json, before: Json | None) -> Json | None:
    del before
    return given["CorsConfiguration"] or None


def _create_route(given: Json, before: Json | None) -> Json:
    del before
    names = ("RouteKey", "Target", "AuthorizationType", "AuthorizerId", "AuthorizationScopes", "ApiKeyRequired")
    return {"AuthorizationType": "NONE", **_picked(given, *names, "OperationName")}


def _update_route(given: Json, before: Json | None) -> Json:
    names = ("RouteKey", "Target", "AuthorizationType", "AuthorizerId", "AuthorizationScopes")
    now = {**(before or {}), **_picked(given, *names)}
    if now.get("AuthorizationType") == "NONE":
        now.pop("AuthorizerId", None)
    return now


def _create_http_deployment(given: Json, before: Json | None) -> Json:
    return {**(before or {}), "DeploymentId": NEW_DEPLOYMENT, MARK: given["Description"]}


def _update_http_stage(given: Json, before: Json | None) -> Json:
    return {**(before or {}), **_picked(given, "DeploymentId")}


def _update_url(given: Json, before: Json | None) -> Json | None:
    del before
    return given["Cors"] or None


def _add_permission(given: Json, before: Json | None) -> Json:
    del before
    conditions: Json = {}
    if "FunctionUrlAuthType" in given:
        conditions["StringEquals"] = {"lambda:FunctionUrlAuthType": given["FunctionUrlAuthType"]}
    if given.get("InvokedViaFunctionUrl"):
        conditions["Bool"] = {"lambda:InvokedViaFunctionUrl": "true"}
    if "SourceArn" in given:
        conditions["ArnLike"] = {"AWS:SourceArn": given["SourceArn"]}
    principal = given["Principal"]
    return {
        "Sid": given["StatementId"],
        "Effect": "Allow",
        "Principal": "*" if principal == "*" else {"Service": principal},
        "Action": given["Action"],
        "Resource": given["FunctionName"],
        **({"Condition": conditions} if conditions else {}),
    }


def _gone(given: Json, before: Json | None) -> None:
    del given, before


def _kept(given: Json, before: Json | None) -> Json | None:
    del given
    return before


_OPERATIONS: dict[tuple[str, str], Callable[[Json, Json | None], Json | None]] = {
    ("apigateway", "PutMethod"): _put_method,
    ("apigateway", "UpdateMethod"): _update_method,
    ("apigateway", "DeleteMethod"): _gone,
    ("apigateway", "PutIntegration"): _put_integration,
    ("apigateway", "UpdateIntegration"): _update_integration,
    ("apigateway", "DeleteIntegration"): _delete_integration,
    ("apigateway", "PutMethodResponse"): _put_method_response,
    ("apigateway", "UpdateMethodResponse"): _update_method_response,
    ("apigateway", "DeleteMethodResponse"): _delete_method_response,
    ("apigateway", "PutIntegrationResponse"): _put_integration_response,
    ("apigateway", "DeleteIntegrationResponse"): _delete_integration_response,
    ("apigateway", "PutGatewayResponse"): _put_gateway_response,
    ("apigateway", "DeleteGatewayResponse"): _gone,
    ("apigateway", "CreateDeployment"): _create_rest_deployment,
    ("apigateway", "UpdateStage"): _update_rest_stage,
    ("apigateway", "DeleteDeployment"): _kept,
    ("apigatewayv2", "UpdateApi"): _update_api,
    ("apigatewayv2", "DeleteCorsConfiguration"): _gone,
    ("apigatewayv2", "CreateRoute"): _create_route,
    ("apigatewayv2", "UpdateRoute"): _update_route,
    ("apigatewayv2", "DeleteRoute"): _gone,
    ("apigatewayv2", "CreateDeployment"): _create_http_deployment,
    ("apigatewayv2", "UpdateStage"): _update_http_stage,
    ("apigatewayv2", "DeleteDeployment"): _kept,
    ("lambda", "UpdateFunctionUrlConfig"): _update_url,
    ("lambda", "AddPermission"): _add_permission,
    ("lambda", "RemovePermission"): _gone,
}


def _patched(given: Json, before: Json, kinds: dict[str, Callable[[str], Any]] | None = None) -> Json:
    """Return `before` with patch operations done: "replace" and "add" set a member, "remove" takes it away."""
    now = dict(before)
    for patch in given["patchOperations"]:
        first, *rest = (part.replace("~1", "/").replace("~0", "~") for part in patch["path"].split("/")[1:])
        if first == "authorizationScopes":
            scopes = [each for each in now.get(first) or () if each != patch["value"]]
            now[first] = [*scopes, patch["value"]] if patch["op"] == "add" else scopes
            continue
        read = (kinds or {}).get(first, str)
        own = dict(now.get(first) or {}) if rest else now
        name = rest[0] if rest else first
        if patch["op"] == "remove" or (not rest and patch.get("value") == ""):
            own.pop(name, None)
        else:
            own[name] = read(patch["value"])
        if rest:
            now[first] = own
    if now.get("authorizationType") in ("NONE", "AWS_IAM"):
        now.pop("authorizerId", None)
    return now


def _picked(given: Json, *names: str) -> Json:
    return {name: given[name] for name in names if name in given}


def _without_none(own: Json) -> Json:
    return {name: value for name, value in own.items() if value is not None}
