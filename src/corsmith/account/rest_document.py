"""A REST API as a document has it: the working copy, or the definition that a stage serves."""

from __future__ import annotations

import json
from typing import Any

from . import links
from .function_document import Functions, common_variables
from .snapshot import Json, RestApiState
from .writing import Writer, attribute, ref


def name_of(state: RestApiState, writer: Writer) -> str:
    """Return the logical name of a REST API: its name for people, and its id."""
    return writer.named(f"{state.name} ({state.id})")


def write_working_copy(writer: Writer, state: RestApiState, name: str, functions: Functions) -> None:
    """Write what the API is defined as now, deployed or not."""
    writer.add(name, "AWS::ApiGateway::RestApi", _api(state), links.rest_api(state))
    authorizers = {
        each["id"]: writer.named(f"authorizer {each.get('name') or each['id']}") for each in state.authorizers
    }
    for each in state.authorizers:
        writer.add(
            authorizers[each["id"]],
            "AWS::ApiGateway::Authorizer",
            _authorizer(each, name, functions),
            links.rest_api(state),
        )
    validators = {each["id"]: writer.named(f"validator {each.get('name') or each['id']}") for each in state.validators}
    for each in state.validators:
        writer.add(
            validators[each["id"]],
            "AWS::ApiGateway::RequestValidator",
            {
                "RestApiId": ref(name),
                "ValidateRequestBody": each.get("validateRequestBody"),
                "ValidateRequestParameters": each.get("validateRequestParameters"),
            },
            links.rest_api(state),
        )
    resources = {each["id"]: writer.named(f"resource {each.get('path')}") for each in state.resources}
    variables = common_variables(state.stages, "variables")
    for each in state.resources:
        _write_resource(writer, state, name, each, resources)
        for verb, method in sorted((each.get("resourceMethods") or {}).items()):
            own = _method(method, functions, variables)
            own |= {
                "RestApiId": ref(name),
                "ResourceId": _resource(name, each, resources),
                "HttpMethod": verb,
                "AuthorizerId": _named(authorizers, method.get("authorizerId")),
                "RequestValidatorId": _named(validators, method.get("requestValidatorId")),
            }
            path = str(each.get("path", "/"))
            writer.add(
                writer.named(f"{verb} {path}"),
                "AWS::ApiGateway::Method",
                own,
                links.rest_method(state, each["id"], path, verb),
            )
    _write_gateway_responses(writer, state, name)
    write_stages(writer, state, name)


def write_deployed(writer: Writer, state: RestApiState, name: str, functions: Functions, stage: str) -> None:
    """Write what a stage serves: the definition that was exported from it."""
    own = next((each for each in state.stages if each.get("stageName") == stage), {})
    body = linked(_customised(state, state.exports[stage]), functions, dict(own.get("variables") or {}))
    # The export has the media types and the policy of its deployment.
    properties = {key: each for key, each in _api(state).items() if key not in ("BinaryMediaTypes", "Policy")}
    writer.add(name, "AWS::ApiGateway::RestApi", {**properties, "Body": body}, links.rest_stage(state, stage))
    write_stages(writer, state, name)


RESPONSES = "x-amazon-apigateway-gateway-responses"


def _customised(state: RestApiState, export: Json) -> Json:
    """Return an export without models and documentation, which may be long and say nothing here.

    Gateway responses that are as AWS makes them are left out, too: an export may list them, and sets none.
    """
    listed = export.get(RESPONSES)
    export = {
        key: each for key, each in export.items() if key not in ("definitions", "x-amazon-apigateway-documentation")
    }
    if isinstance(export.get("components"), dict):
        export["components"] = {key: each for key, each in export["components"].items() if key != "schemas"}
    if not isinstance(listed, dict):
        return export
    own = {str(each.get("responseType")) for each in state.gateway_responses if not each.get("defaultResponse")}
    kept = {type_: each for type_, each in listed.items() if type_ in own or (each or {}).get("responseParameters")}
    return {**export, RESPONSES: kept}


def linked(node: Any, functions: Functions, variables: dict[str, str]) -> Any:
    """Return an exported definition in which integrations and authorizers name the functions of the document."""
    if isinstance(node, dict):
        return {
            key: functions.uri(each, variables)
            if key in ("uri", "authorizerUri") and isinstance(each, str)
            else linked(each, functions, variables)
            for key, each in node.items()
            if key != "servers"
        }
    return [linked(each, functions, variables) for each in node] if isinstance(node, list) else node


def write_stages(writer: Writer, state: RestApiState, name: str) -> None:
    """Write the stages; what they serve is told apart by whoever judges."""
    for stage in state.stages:
        settings = [_setting(path, each) for path, each in (stage.get("methodSettings") or {}).items()]
        properties = {
            "RestApiId": ref(name),
            "StageName": stage.get("stageName"),
            "CacheClusterEnabled": stage.get("cacheClusterEnabled"),
            "MethodSettings": settings or None,
        }
        own = writer.named(f"stage {stage.get('stageName')}")
        deployed = links.rest_stage(state, str(stage.get("stageName")))
        writer.add(own, "AWS::ApiGateway::Stage", properties, deployed)
        acl = state.web_acls.get(str(stage.get("webAclArn")))
        if acl is not None:
            guard = writer.named(str(acl.get("Name")))
            rules = {"Rules": acl.get("Rules"), "DefaultAction": acl.get("DefaultAction"), "Scope": "REGIONAL"}
            writer.add(guard, "AWS::WAFv2::WebACL", rules, links.web_acl(state.place, acl))
            joint = {"ResourceArn": ref(own), "WebACLArn": attribute(guard)}
            writer.add(writer.named(f"{guard} of {own}"), "AWS::WAFv2::WebACLAssociation", joint, deployed)


def _api(state: RestApiState) -> Json:
    api = state.api
    policy = api.get("policy")
    return {
        "Name": api.get("name"),
        "BinaryMediaTypes": api.get("binaryMediaTypes") or None,
        "Policy": parsed_policy(policy) if isinstance(policy, str) else policy,
        "EndpointConfiguration": {"Types": list((api.get("endpointConfiguration") or {}).get("types") or ())},
        "DisableExecuteApiEndpoint": api.get("disableExecuteApiEndpoint"),
    }


def parsed_policy(text: str) -> Json | None:
    """Return a resource policy; AWS hands it over with its quotes escaped once more."""
    for each in (text, text.replace('\\"', '"').replace("\\/", "/")):
        try:
            read = json.loads(each)
        except ValueError:
            continue
        if isinstance(read, dict):
            return read
    return None


def _authorizer(each: Json, api: str, functions: Functions) -> Json:
    return {
        "RestApiId": ref(api),
        "Name": each.get("name"),
        "Type": each.get("type"),
        "IdentitySource": each.get("identitySource"),
        "AuthorizerUri": functions.uri(each.get("authorizerUri"), {}),
        "IdentityValidationExpression": each.get("identityValidationExpression"),
    }


def _write_resource(writer: Writer, state: RestApiState, api: str, each: Json, resources: dict[str, str]) -> None:
    if each.get("path") == "/":
        return
    parent = each.get("parentId")
    root = next((other["id"] for other in state.resources if other.get("path") == "/"), None)
    above = attribute(api, "RootResourceId") if parent == root or parent not in resources else ref(resources[parent])
    properties = {"RestApiId": ref(api), "ParentId": above, "PathPart": each.get("pathPart")}
    writer.add(resources[each["id"]], "AWS::ApiGateway::Resource", properties, links.rest_api(state))


def _resource(api: str, each: Json, resources: dict[str, str]) -> Json:
    return attribute(api, "RootResourceId") if each.get("path") == "/" else ref(resources[each["id"]])


def _named(names: dict[str, str], id_: Any) -> Any:
    """Return the reference to what has an id; the id itself where it was not read."""
    return ref(names[id_]) if id_ in names else id_


def _method(method: Json, functions: Functions, variables: dict[str, str]) -> Json:
    responses = method.get("methodResponses") or {}
    made = method.get("methodIntegration")
    return {
        "AuthorizationType": method.get("authorizationType"),
        "ApiKeyRequired": method.get("apiKeyRequired"),
        "RequestParameters": method.get("requestParameters") or None,
        "MethodResponses": [
            {"StatusCode": status, "ResponseParameters": each.get("responseParameters") or None}
            for status, each in responses.items()
        ]
        or None,
        "Integration": _integration(made, functions, variables) if made else None,
    }


def _integration(made: Json, functions: Functions, variables: dict[str, str]) -> Json:
    read = {
        "Type": made.get("type"),
        "IntegrationHttpMethod": made.get("httpMethod"),
        "Uri": functions.uri(made.get("uri"), variables),
        "Credentials": made.get("credentials"),
        "RequestTemplates": made.get("requestTemplates") or None,
        "PassthroughBehavior": made.get("passthroughBehavior"),
        "ContentHandling": made.get("contentHandling"),
        "TimeoutInMillis": made.get("timeoutInMillis"),
        "ResponseTransferMode": made.get("responseTransferMode"),
        "IntegrationResponses": [
            _without_nothing(
                {
                    "StatusCode": status,
                    "SelectionPattern": each.get("selectionPattern"),
                    "ResponseParameters": each.get("responseParameters") or None,
                    "ResponseTemplates": {
                        key: text or "" for key, text in (each.get("responseTemplates") or {}).items()
                    }
                    or None,
                    "ContentHandling": each.get("contentHandling"),
                }
            )
            for status, each in (made.get("integrationResponses") or {}).items()
        ]
        or None,
    }
    return _without_nothing(read)


def _without_nothing(read: Json) -> Json:
    return {key: each for key, each in read.items() if each is not None}


def _write_gateway_responses(writer: Writer, state: RestApiState, api: str) -> None:
    for each in state.gateway_responses:
        if each.get("defaultResponse"):
            continue
        type_ = str(each.get("responseType"))
        properties = {
            "RestApiId": ref(api),
            "ResponseType": type_,
            "StatusCode": each.get("statusCode"),
            "ResponseParameters": each.get("responseParameters") or None,
            "ResponseTemplates": each.get("responseTemplates") or None,
        }
        own = writer.named(f"gateway response {type_}")
        writer.add(own, "AWS::ApiGateway::GatewayResponse", properties, links.gateway_response(state, type_))


def _setting(path: str, settings: Json) -> Json:
    """Return a method setting. Its key is "*/*", or "~1items/GET" with the path's slashes escaped."""
    resource, _, verb = path.rpartition("/")
    return _without_nothing(
        {
            "ResourcePath": "/*" if resource == "*" else resource.replace("~1", "/") or "/",
            "HttpMethod": verb,
            "CachingEnabled": settings.get("cachingEnabled"),
            "ThrottlingBurstLimit": settings.get("throttlingBurstLimit"),
            "ThrottlingRateLimit": settings.get("throttlingRateLimit"),
        }
    )
