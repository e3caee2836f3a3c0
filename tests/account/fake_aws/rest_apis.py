"""REST APIs: the working copy, its deployments and stages.

What is refused, replaced and kept is as recorded against AWS in localstack/localstack (tests/aws/services/apigateway).
"""

from __future__ import annotations

import copy
import re

from .apis import Apis, Json
from .export import rest_export
from .refusing import bad, conflict, missing

TYPES = [
    "ACCESS_DENIED",
    "API_CONFIGURATION_ERROR",
    "AUTHORIZER_CONFIGURATION_ERROR",
    "AUTHORIZER_FAILURE",
    "BAD_REQUEST_BODY",
    "BAD_REQUEST_PARAMETERS",
    "DEFAULT_4XX",
    "DEFAULT_5XX",
    "EXPIRED_TOKEN",
    "INTEGRATION_FAILURE",
    "INTEGRATION_TIMEOUT",
    "INVALID_API_KEY",
    "INVALID_SIGNATURE",
    "MISSING_AUTHENTICATION_TOKEN",
    "QUOTA_EXCEEDED",
    "REQUEST_TOO_LARGE",
    "RESOURCE_NOT_FOUND",
    "THROTTLED",
    "UNAUTHORIZED",
    "UNSUPPORTED_MEDIA_TYPE",
    "WAF_FILTERED",
]
_TEMPLATE = {"application/json": '{"message":$context.error.messageString}'}
_MAPPING = re.compile(r"'.*'|(integration|context|stageVariables)\..+|method\.request\..+", re.DOTALL)


class RestApis(Apis):
    """The REST APIs of an account."""

    names = ("restApiId", "deploymentId", "stageName")

    def method(self, given: Json) -> Json:
        resource = self.api(given)["resources"].get(given["resourceId"])
        if resource is None:
            raise missing("Invalid Resource identifier specified")
        if given["httpMethod"] not in resource["resourceMethods"]:
            raise missing("Invalid Method identifier specified")
        found: Json = resource["resourceMethods"][given["httpMethod"]]
        return found

    def integration(self, given: Json) -> Json:
        found = self.method(given).get("methodIntegration")
        if found is None:
            raise missing("Invalid Integration identifier specified")
        return dict.__getitem__(self.method(given), "methodIntegration")

    def create_rest_api(self, given: Json) -> Json:
        id_, root = self.id("rest"), self.id("root")
        own = {key: each for key, each in given.items() if key in ("name", "binaryMediaTypes", "tags", "policy")}
        self.apis[id_] = {
            "api": {"id": id_, **own, "rootResourceId": root, "endpointConfiguration": {"types": ["REGIONAL"]}},
            "resources": {root: {"id": root, "path": "/", "resourceMethods": {}}},
            "gateway": {},
            "authorizers": {},
            "stages": {},
            "deployments": {},
        }
        return dict(self.apis[id_]["api"])

    def get_rest_apis(self, given: Json) -> Json:
        del given
        return {"items": [each["api"] for each in self.apis.values()]}

    def get_rest_api(self, given: Json) -> Json:
        return dict(self.api(given)["api"])

    def create_resource(self, given: Json) -> Json:
        resources = self.api(given)["resources"]
        parent, id_ = resources[given["parentId"]], self.id("res")
        path = parent["path"].rstrip("/") + "/" + given["pathPart"]
        own = {"id": id_, "parentId": parent["id"], "pathPart": given["pathPart"], "path": path}
        resources[id_] = {**own, "resourceMethods": {}}
        return dict(own)

    def get_resources(self, given: Json) -> Json:
        items = []
        for each in self.api(given)["resources"].values():
            methods = each["resourceMethods"]
            own = {key: value for key, value in each.items() if key != "resourceMethods"}
            items.append({**own, **({"resourceMethods": methods} if methods else {})})
        return {"items": items}

    def create_authorizer(self, given: Json) -> Json:
        id_ = self.id("auth")
        own = {"id": id_, **{key: each for key, each in given.items() if key != "restApiId"}}
        self.api(given)["authorizers"][id_] = own
        return dict(own)

    def get_authorizers(self, given: Json) -> Json:
        return {"items": list(self.api(given)["authorizers"].values())}

    def get_request_validators(self, given: Json) -> Json:
        self.api(given)
        return {"items": []}

    def get_usage_plans(self, given: Json) -> Json:
        del given
        return {"items": []}

    def get_method(self, given: Json) -> Json:
        return self.method(given)

    def put_method(self, given: Json) -> Json:
        resource = self.api(given)["resources"].get(given["resourceId"])
        if resource is None:
            raise missing("Invalid Resource identifier specified")
        verb = given["httpMethod"]
        if verb in resource["resourceMethods"]:
            raise conflict("Method already exists for this resource")
        self._authorizer(given, given["authorizationType"], given.get("authorizerId"))
        own = {key: each for key, each in given.items() if key not in ("restApiId", "resourceId")}
        resource["resourceMethods"][verb] = {"apiKeyRequired": False, **own}
        return dict(resource["resourceMethods"][verb])

    def update_method(self, given: Json) -> Json:
        method = self.method(given)
        now = patched(
            method,
            given,
            {
                "/authorizationType": "replace",
                "/authorizerId": "replace",
                "/apiKeyRequired": "replace",
                "/authorizationScopes": "add remove",
            },
        )
        self._authorizer(given, now["authorizationType"], now.get("authorizerId"))
        if now["authorizationType"] in ("NONE", "AWS_IAM"):
            now.pop("authorizerId", None)
        now["apiKeyRequired"] = str(now["apiKeyRequired"]).lower() == "true"
        method.clear()
        method.update(now)
        return dict(method)

    def _authorizer(self, given: Json, kind: str, id_: str | None) -> None:
        if kind in ("CUSTOM", "COGNITO_USER_POOLS") and id_ not in self.api(given)["authorizers"]:
            raise bad(
                "Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires "
                "a valid authorizer."
            )

    def delete_method(self, given: Json) -> Json:
        self.method(given)
        del self.api(given)["resources"][given["resourceId"]]["resourceMethods"][given["httpMethod"]]
        return {}

    def put_integration(self, given: Json) -> Json:
        method = self.method(given)
        own = {key: each for key, each in given.items() if key not in ("restApiId", "resourceId", "httpMethod")}
        if "integrationHttpMethod" in own:
            own["httpMethod"] = own.pop("integrationHttpMethod")
        made = {"passthroughBehavior": "WHEN_NO_MATCH", "timeoutInMillis": 29000, "cacheKeyParameters": [], **own}
        method["methodIntegration"] = {**made, "cacheNamespace": given["resourceId"]}
        return dict(method["methodIntegration"])

    def update_integration(self, given: Json) -> Json:
        integration = self.integration(given)
        now = patched(
            integration,
            given,
            {
                "/passthroughBehavior": "replace",
                "/contentHandling": "replace",
                "/requestTemplates/": "add replace remove",
            },
        )
        integration.clear()
        integration.update(now)
        return dict(integration)

    def delete_integration(self, given: Json) -> Json:
        self.integration(given)
        del self.method(given)["methodIntegration"]
        return {}

    def put_method_response(self, given: Json) -> Json:
        responses = self.method(given).setdefault("methodResponses", {})
        if given["statusCode"] in responses:
            raise conflict("Response already exists for this resource")
        names = ("statusCode", "responseParameters", "responseModels")
        responses[given["statusCode"]] = {key: given[key] for key in names if key in given}
        return dict(responses[given["statusCode"]])

    def _response(self, given: Json) -> Json:
        found = (self.method(given).get("methodResponses") or {}).get(given["statusCode"])
        if found is None:
            raise missing("Invalid Response status code specified")
        return dict.__getitem__(self.method(given)["methodResponses"], given["statusCode"])

    def update_method_response(self, given: Json) -> Json:
        response = self._response(given)
        now = patched(
            response, given, {"/responseParameters/": "add replace remove", "/responseModels/": "add replace remove"}
        )
        now["responseParameters"] = {
            n: str(v).lower() == "true" for n, v in (now.get("responseParameters") or {}).items()
        }
        for name in self._mapped(given):
            if self.strict and name not in now["responseParameters"]:
                raise bad(f"Invalid mapping expression parameter specified: {name}")
        response.clear()
        response.update(now)
        return dict(response)

    def _mapped(self, given: Json) -> Json:
        integration = self.method(given).get("methodIntegration") or {}
        own = (integration.get("integrationResponses") or {}).get(given["statusCode"]) or {}
        return own.get("responseParameters") or {}

    def delete_method_response(self, given: Json) -> Json:
        self._response(given)
        if self.strict and self._mapped(given):
            raise bad("an integration response refers to this method response")
        del self.method(given)["methodResponses"][given["statusCode"]]
        return {}

    def put_integration_response(self, given: Json) -> Json:
        responses = self.integration(given).setdefault("integrationResponses", {})
        status = given["statusCode"]
        declared = ((self.method(given).get("methodResponses") or {}).get(status) or {}).get("responseParameters") or {}
        if self.strict and status not in (self.method(given).get("methodResponses") or {}):
            raise missing("Invalid Response status code specified")
        for name, value in (given.get("responseParameters") or {}).items():
            if self.strict and name not in declared:
                raise bad(f"Invalid mapping expression parameter specified: {name}")
            self._expression(value)
        pattern = given.get("selectionPattern") or ""
        for other, each in responses.items():
            if other != status and (each.get("selectionPattern") or "") == pattern:
                raise conflict(f"Integration response with selection pattern {pattern or 'default'} already exists")
        names = ("statusCode", "selectionPattern", "responseParameters", "responseTemplates", "contentHandling")
        own = {key: given[key] for key in names if key in given}
        if "responseTemplates" in own:
            own["responseTemplates"] = {kind: text or None for kind, text in own["responseTemplates"].items()}
        responses[status] = own
        return dict(own)

    def _expression(self, value: str) -> None:
        if self.strict and _MAPPING.fullmatch(value) is None:
            raise bad(
                "Invalid mapping expression specified: Validation Result: warnings : [], errors : "
                f"[Invalid mapping expression specified: {value}]"
            )

    def delete_integration_response(self, given: Json) -> Json:
        responses = self.integration(given).get("integrationResponses") or {}
        if given["statusCode"] not in responses:
            raise missing("Invalid Response status code specified")
        del responses[given["statusCode"]]
        return {}

    def get_gateway_responses(self, given: Json) -> Json:
        own = self.api(given)["gateway"]
        return {"items": [own.get(type_) or unset(type_) for type_ in TYPES]}

    def get_gateway_response(self, given: Json) -> Json:
        return self.api(given)["gateway"].get(given["responseType"]) or unset(given["responseType"])

    def put_gateway_response(self, given: Json) -> Json:
        for value in (given.get("responseParameters") or {}).values():
            self._expression(value)
        names = ("responseType", "statusCode", "responseParameters", "responseTemplates")
        own = {
            "responseParameters": {},
            "responseTemplates": dict(_TEMPLATE),
            **{key: given[key] for key in names if key in given},
        }
        self.api(given)["gateway"][given["responseType"]] = {**own, "defaultResponse": False}
        return dict(self.api(given)["gateway"][given["responseType"]])

    def delete_gateway_response(self, given: Json) -> Json:
        if given["responseType"] not in self.api(given)["gateway"]:
            raise missing("Gateway response type not defined on api")
        del self.api(given)["gateway"][given["responseType"]]
        return {}

    def create_deployment(self, given: Json) -> Json:
        api = self.api(given)
        methods = [m for each in api["resources"].values() for m in each["resourceMethods"].values()]
        if not methods:
            raise bad("The REST API doesn't contain any methods")
        if any("methodIntegration" not in each for each in methods):
            raise bad("No integration defined for method")
        id_ = self.id("dep")
        snapshot = copy.deepcopy({key: api[key] for key in ("api", "resources", "gateway", "authorizers")})
        api["deployments"][id_] = {"id": id_, "description": given.get("description"), "snapshot": snapshot}
        name = given.get("stageName")
        if name:
            stage = api["stages"].setdefault(name, {"stageName": name, "methodSettings": {}})
            stage["deploymentId"] = id_
        return {"id": id_, "description": given.get("description")}

    def get_deployment(self, given: Json) -> Json:
        found = self.deployment(given)
        return {"id": found["id"], "description": found["description"]}

    def get_deployments(self, given: Json) -> Json:
        return {
            "items": [
                {"id": each["id"], "description": each["description"]}
                for each in self.api(given)["deployments"].values()
            ]
        }

    def get_stages(self, given: Json) -> Json:
        return {"item": list(self.api(given)["stages"].values())}

    def update_stage(self, given: Json) -> Json:
        self.get_stage(given)
        stage = self.api(given)["stages"][given["stageName"]]
        now = patched(stage, given, {"/deploymentId": "replace"})
        if now["deploymentId"] not in self.api(given)["deployments"]:
            raise bad("Deployment id does not exist")
        stage.update(now)
        return dict(stage)

    def get_export(self, given: Json) -> Json:
        stage = self.get_stage(given)
        return rest_export(self.api(given)["deployments"][stage["deploymentId"]]["snapshot"])


def unset(type_: str) -> Json:
    return {
        "responseType": type_,
        "defaultResponse": True,
        "responseParameters": {},
        "responseTemplates": dict(_TEMPLATE),
    }


def patched(own: Json, given: Json, allowed: dict[str, str]) -> Json:
    """Return `own` with a request's patch operations done, as far as AWS takes them there."""
    now = copy.deepcopy(own)
    for each in given.get("patchOperations") or ():
        path, op = each["path"], each["op"]
        taken = next(
            (
                ops
                for prefix, ops in allowed.items()
                if path == prefix or (prefix[-1] == "/" and path.startswith(prefix))
            ),
            None,
        )
        if taken is None:
            raise bad(f"Invalid patch path {path}")
        if op not in taken.split():
            raise bad(f"Invalid patch operation specified. Must be one of: [{', '.join(taken.split())}]")
        first, *rest = (part.replace("~1", "/").replace("~0", "~") for part in path[1:].split("/"))
        if first == "authorizationScopes":
            scopes = now.setdefault(first, [])
            scopes.append(each["value"]) if op == "add" else scopes.remove(each["value"])
        elif not rest:
            if each.get("value"):
                now[first] = each["value"]
            else:
                now.pop(first, None)
        else:
            inner = now.setdefault(first, {})
            if op in ("replace", "remove") and rest[0] not in inner:
                raise missing("Invalid parameter name specified")
            if op == "remove":
                del inner[rest[0]]
            else:
                inner[rest[0]] = each.get("value")
    return now
