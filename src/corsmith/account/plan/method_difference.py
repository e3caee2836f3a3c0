"""The requests that turn a REST method as it is into the one that is wanted.

An existing method is patched: PutMethod and PutMethodResponse refuse what is there already (ConflictException), and what a
second PutIntegration does to integration responses is not documented. PutIntegrationResponse replaces the whole response,
as recorded against AWS in localstack/localstack.
"""

from __future__ import annotations

from collections.abc import Iterator

from .call import Json, Request, Thing
from .same import same

_METHOD = ("authorizationType", "authorizerId", "apiKeyRequired", "operationName", "requestParameters", "requestModels")
_INTEGRATION = (
    "type",
    "httpMethod",
    "uri",
    "credentials",
    "requestTemplates",
    "requestParameters",
    "passthroughBehavior",
)


def method_requests(thing: Thing, now: Json | None, wanted: Json | None) -> Iterator[Request]:
    """Yield the requests that make `wanted` of `now`."""
    resource, verb = thing.part
    given: Json = {"restApiId": thing.owner, "resourceId": resource, "httpMethod": verb}
    if wanted is None:
        yield _to("DeleteMethod", given)
        return
    if now is None:
        more = {
            name: wanted[name] for name in (*_METHOD, "authorizationScopes", "requestValidatorId") if wanted.get(name)
        }
        yield _to("PutMethod", given, {"authorizationType": "NONE", **more})
    else:
        yield from _patched_method(given, now, wanted)
    was, to = now or {}, wanted
    yield from _responses_before(given, was, to)
    yield from _integration(given, was.get("methodIntegration"), to.get("methodIntegration"))
    yield from _method_responses(given, was, to)
    yield from _integration_responses(given, was, to)
    yield from _responses_after(given, was, to)


def _patched_method(given: Json, now: Json, wanted: Json) -> Iterator[Request]:
    patches: list[Json] = []
    for name in ("authorizationType", "authorizerId"):
        value = wanted.get(name)
        if value and value != now.get(name):
            patches.append(_replace(f"/{name}", str(value)))
    if any(patch["path"] == "/authorizationType" for patch in patches) and wanted.get("authorizerId"):
        # AWS takes a type that needs an authorizer only together with its id.
        patches = [patch for patch in patches if patch["path"] != "/authorizerId"]
        patches.append(_replace("/authorizerId", str(wanted["authorizerId"])))
    if bool(wanted.get("apiKeyRequired")) != bool(now.get("apiKeyRequired")):
        patches.append(_replace("/apiKeyRequired", "true" if wanted.get("apiKeyRequired") else "false"))
    had, scopes = set(now.get("authorizationScopes") or ()), set(wanted.get("authorizationScopes") or ())
    patches += ({"op": "add", "path": "/authorizationScopes", "value": each} for each in sorted(scopes - had))
    patches += ({"op": "remove", "path": "/authorizationScopes", "value": each} for each in sorted(had - scopes))
    if patches:
        yield _to("UpdateMethod", given, {"patchOperations": patches})


def _integration(given: Json, now: Json | None, wanted: Json | None) -> Iterator[Request]:
    if wanted is None:
        if now is not None:
            yield _to("DeleteIntegration", given)
        return
    if now is None:
        more = {name: wanted[name] for name in (*_INTEGRATION, "contentHandling") if wanted.get(name)}
        if "httpMethod" in more:
            more["integrationHttpMethod"] = more.pop("httpMethod")
        yield _to("PutIntegration", given, more)
        return
    patches = [
        _replace(f"/{name}", wanted.get(name) or "")
        for name in ("passthroughBehavior", "contentHandling")
        if (wanted.get(name) or "") != (now.get(name) or "")
    ]
    patches += _map_patches("requestTemplates", now, wanted)
    if patches:
        yield _to("UpdateIntegration", given, {"patchOperations": patches})


def _method_responses(given: Json, now: Json, wanted: Json) -> Iterator[Request]:
    had = now.get("methodResponses") or {}
    for status, response in (wanted.get("methodResponses") or {}).items():
        here = {**given, "statusCode": status}
        if status not in had:
            more = {name: response[name] for name in ("responseParameters", "responseModels") if response.get(name)}
            yield _to("PutMethodResponse", here, more)
        else:
            patches = _declarations(had[status], response, ("add", "replace"))
            if patches:
                yield _to("UpdateMethodResponse", here, {"patchOperations": patches})


def _integration_responses(given: Json, now: Json, wanted: Json) -> Iterator[Request]:
    had = (now.get("methodIntegration") or {}).get("integrationResponses") or {}
    for status, response in ((wanted.get("methodIntegration") or {}).get("integrationResponses") or {}).items():
        if status not in had or not same("method", had[status], response):
            names = ("selectionPattern", "responseParameters", "responseTemplates", "contentHandling")
            more = {name: response[name] for name in names if response.get(name) not in (None, {})}
            if "responseTemplates" in more:
                more["responseTemplates"] = {kind: text or "" for kind, text in more["responseTemplates"].items()}
            yield _to("PutIntegrationResponse", {**given, "statusCode": status}, more)


def _responses_before(given: Json, now: Json, wanted: Json) -> Iterator[Request]:
    """Take away integration responses that are not wanted, before what they refer to."""
    keeps = (wanted.get("methodIntegration") or {}).get("integrationResponses") or {}
    if wanted.get("methodIntegration") is not None:
        for status in (now.get("methodIntegration") or {}).get("integrationResponses") or {}:
            if status not in keeps:
                yield _to("DeleteIntegrationResponse", {**given, "statusCode": status})


def _responses_after(given: Json, now: Json, wanted: Json) -> Iterator[Request]:
    """Take away method responses and their headers, after what referred to them."""
    keeps = wanted.get("methodResponses") or {}
    for status, response in (now.get("methodResponses") or {}).items():
        here = {**given, "statusCode": status}
        if status not in keeps:
            yield _to("DeleteMethodResponse", here)
        else:
            patches = _declarations(response, keeps[status], ("remove",))
            if patches:
                yield _to("UpdateMethodResponse", here, {"patchOperations": patches})


def _declarations(now: Json, wanted: Json, operations: tuple[str, ...]) -> list[Json]:
    return [patch for patch in _map_patches("responseParameters", now, wanted) if patch["op"] in operations]


def _map_patches(member: str, now: Json, wanted: Json) -> list[Json]:
    had, to = now.get(member) or {}, wanted.get(member) or {}
    found: list[Json] = []
    for name, value in to.items():
        if name not in had or (had[name] or "") != (value or ""):
            text = ("true" if value else "false") if isinstance(value, bool) else value or ""
            found.append({"op": "replace" if name in had else "add", "path": _path(member, name), "value": text})
    found += ({"op": "remove", "path": _path(member, name)} for name in had if name not in to)
    return found


def _path(member: str, name: str) -> str:
    return f"/{member}/" + name.replace("~", "~0").replace("/", "~1")


def _replace(path: str, value: str) -> Json:
    return {"op": "replace", "path": path, "value": value}


def _to(operation: str, given: Json, more: Json | None = None) -> Request:
    return Request("apigateway", operation, {**given, **(more or {})})
