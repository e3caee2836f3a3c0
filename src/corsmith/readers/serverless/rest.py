"""The REST API of a service: `http` events and `provider.apiGateway`. Source: the guide "REST API (API Gateway v1)"."""

from __future__ import annotations

from corsmith.api.span import Span
from corsmith.readers.nodes import Mapping, Node, Scalar

from . import naming
from .parts import (
    Unresolved,
    entries_of,
    get,
    is_on,
    items_of,
    link,
    listed,
    on,
    record,
    ref,
    term,
    text_of,
    turned_on,
    unresolved,
)
from .permissions import add_permission
from .rest_authorizers import add_authorizer, authorization
from .rest_calls import Call, calls_of, resource_of
from .rest_cors import add_preflights
from .rest_integrations import integration, method_responses
from .service import Service, Stack

API = naming.REST_API
DEPLOYMENT = "ApiGatewayDeployment"
"""What the deployment is called here; Serverless gives each a number of its own."""


def add_rest_api(service: Service, stack: Stack) -> tuple[str, ...]:
    """Add the REST API that the events of a service make. Returns the paths whose OPTIONS method Serverless makes."""
    calls = calls_of(service, stack)
    if not calls:
        return ()
    config = service.provider("apiGateway")
    span = config.span if isinstance(config, Mapping) else calls[0].span
    _api(config, span, stack)
    done: set[str] = set()
    roots = {root: at for at, root in enumerate(dict.fromkeys(call.path.split("/")[0] for call in calls))}
    # One tree of paths after the other, as Serverless makes them.
    for call in sorted(calls, key=lambda each: roots[each.path.split("/")[0]]):
        _resources(call, done, stack)
    answered = {call.path for call in calls if call.method == "options"}
    preflights = tuple(path for path in add_preflights(calls, stack) if path not in answered)
    for call in calls:
        _method(service, call, stack)
    stage = get(config, "stage") or service.stage
    own = [("RestApiId", link(API)), ("StageName", stage)]
    stack.add(DEPLOYMENT, "AWS::ApiGateway::Deployment", span, own)
    _keys(config, stage, span, stack)
    return preflights


def _api(config: Node | None, span: Span, stack: Stack) -> None:
    policy = get(config, "resourcePolicy")
    types = get(config, "binaryMediaTypes")
    elsewhere = get(config, "restApiId")
    if elsewhere is not None:
        types = unresolved("the binary media types are those of a REST API of another stack", elsewhere.span)
    own = [
        ("BinaryMediaTypes", listed(types.span, (types,)) if text_of(types) and types is not None else types),
        ("Policy", record(policy.span, [("Statement", policy)]) if policy is not None else None),
    ]
    stack.add(API, "AWS::ApiGateway::RestApi", span, own)


def _resources(call: Call, done: set[str], stack: Stack) -> None:
    """Add the resources of a path. Of paths that come to one logical id, such as a and A, the last one counts."""
    parent = resource_of("")
    parts: list[str] = []
    for part in call.path.split("/") if call.path else ():
        parts.append(part)
        path = "/".join(parts)
        name = naming.resource(path)
        if path not in done:
            done.add(path)
            own = [("ParentId", parent), ("PathPart", term(part)), ("RestApiId", link(API))]
            stack.add(name, "AWS::ApiGateway::Resource", call.span, own)
        parent = link(name)


def _method(service: Service, call: Call, stack: Stack) -> None:
    span, function = call.span, call.event.function
    own: list[tuple[str, Node | None]] = [
        ("HttpMethod", term(call.method.upper())),
        ("ResourceId", resource_of(call.path)),
        ("RestApiId", link(API)),
        # Written out where it is not asked for: of two events of one method the last one counts.
        ("ApiKeyRequired", turned_on(call.settings.get("private")) or Scalar("false", span, "bool", "made")),
        ("Integration", integration(call)),
        ("MethodResponses", method_responses(call)),
        *authorization(service, call, stack),
        *_validation(service, call, stack),
    ]
    stack.add(naming.method(call.path, call.method), "AWS::ApiGateway::Method", span, own)
    permission = naming.normal(function.name) + "LambdaPermissionApiGateway"
    if permission not in stack.resources:
        add_permission(stack, function.id, permission, span, API, "/*/*")
    add_authorizer(service, call, stack)


def _validation(service: Service, call: Call, stack: Stack) -> list[tuple[str, Node | None]]:
    """Return what a method asks of its parameters and body, and add the validator that looks after it."""
    request, span = call.settings.get("request"), call.span
    if request is None:
        return []
    required: list[tuple[str, Node | None]] = []
    for kind, place in (("querystrings", "querystring"), ("paths", "path"), ("headers", "header")):
        for entry in entries_of(get(request, "parameters", kind)):
            asked = entry.value
            if isinstance(asked, Mapping):
                asked = get(asked, "required") or on(entry.key.span)
            required.append((f"method.request.{place}.{entry.key.text}", asked))
    schemas = get(request, "schemas")
    if not any(is_on(each) for _, each in required) and schemas is None:
        return []
    name = naming.validator(service.name)
    if name not in stack.resources:
        stack.add(
            name,
            "AWS::ApiGateway::RequestValidator",
            span,
            [
                ("RestApiId", link(API)),
                ("ValidateRequestBody", on(span)),
                ("ValidateRequestParameters", on(span)),
            ],
        )
    models = [("RequestModels", schemas)] if schemas is not None and not isinstance(schemas, Unresolved) else []
    return [("RequestValidatorId", link(name)), ("RequestParameters", record(span, required)), *models]


def _keys(config: Node | None, stage: Node, span: Span, stack: Stack) -> None:
    """Add API keys and usage plans. A plan without a name takes the keys that stand in no group."""
    keys, plans = get(config, "apiKeys"), get(config, "usagePlan")
    if isinstance(keys, Unresolved) or (keys is None and plans is None):
        return
    names = (
        [entry.key.text for each in items_of(plans) for entry in entries_of(each)[:1]]
        if not isinstance(plans, Mapping)
        else []
    )
    api = record(span, [("ApiId", ref(API, span)), ("Stage", stage)])
    for name in names or [""]:
        stack.add(_plan(name), "AWS::ApiGateway::UsagePlan", span, [("ApiStages", listed(span, (api,)))])
    count = 0
    for item in items_of(keys):
        group = entries_of(item)[0] if entries_of(item) else None
        if group is not None and group.key.text in names:
            for at, key in enumerate(items_of(group.value), 1):
                _key(key, group.key.text, at, stack)
        else:
            count += 1
            _key(item, "", count, stack)


def _key(key: Node, plan: str, at: int, stack: Stack) -> None:
    span, suffix = key.span, f"{naming.capital(plan)}{at}"
    stack.add(f"ApiGatewayApiKey{suffix}", "AWS::ApiGateway::ApiKey", span, [("Value", get(key, "value"))])
    own = [("KeyId", ref(f"ApiGatewayApiKey{suffix}", span)), ("UsagePlanId", ref(_plan(plan), span))]
    stack.add(f"ApiGatewayUsagePlanKey{suffix}", "AWS::ApiGateway::UsagePlanKey", span, own)


def _plan(name: str) -> str:
    return "ApiGatewayUsagePlan" + naming.capital(name)
