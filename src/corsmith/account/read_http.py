"""Reading HTTP APIs, and the custom domains of both kinds of API."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from .asking import Asking, Gone, parsed
from .snapshot import DomainState, HttpApiState, Json

_MOST = "500"


def list_http_apis(asking: Asking) -> Iterator[Json]:
    """Yield the HTTP APIs of a Region; WebSocket APIs know no CORS."""
    listed = asking.every("apigatewayv2", "GetApis", _here(asking), "Items", MaxResults=_MOST)
    return (each for each in listed if each.get("ProtocolType", "HTTP") == "HTTP")


def read_http_api(asking: Asking, api: Json, now: float) -> HttpApiState | None:
    """Return an HTTP API with all that decides about pages; None where it was deleted meanwhile.

    Three calls; one more where a route has an authorizer, and one for each stage without auto-deploy.
    """
    before = len(asking.failures)
    empty = HttpApiState(place=asking.place, read_at=now, api=api)
    about: dict[str, Any] = {"ApiId": empty.id}
    subject = empty.arn
    paged = {**about, "MaxResults": _MOST}
    try:
        routes = tuple(asking.every("apigatewayv2", "GetRoutes", subject, "Items", **paged))
        integrations = tuple(asking.every("apigatewayv2", "GetIntegrations", subject, "Items", **paged))
        stages = tuple(asking.every("apigatewayv2", "GetStages", subject, "Items", **paged))
        authorizers: tuple[Json, ...] = ()
        if any(route.get("AuthorizerId") for route in routes):
            authorizers = tuple(asking.every("apigatewayv2", "GetAuthorizers", subject, "Items", **paged))
        exports: dict[str, Json] = {}
        for stage in stages:
            if not stage.get("AutoDeploy") and stage.get("DeploymentId"):
                name = str(stage.get("StageName"))
                served = _export(asking, f"{subject}/stages/{name}", about, name)
                if served is not None:
                    exports[name] = served
    except Gone:
        return None
    return HttpApiState(
        place=asking.place,
        read_at=now,
        api=api,
        routes=routes,
        integrations=integrations,
        authorizers=authorizers,
        stages=stages,
        exports=exports,
        failures=tuple(asking.failures[before:]),
    )


def _export(asking: Asking, subject: str, about: dict[str, Any], stage: str) -> Json | None:
    answer = asking.one(
        "apigatewayv2", "ExportApi", subject, Specification="OAS30", OutputType="JSON", StageName=stage, **about
    )
    return parsed(answer.get("body")) if answer is not None else None


def list_domains(asking: Asking) -> Iterator[Json]:
    """Yield the custom domains of a Region, of both kinds of API."""
    return asking.every("apigatewayv2", "GetDomainNames", _here(asking), "Items", MaxResults=_MOST)


def read_domain(asking: Asking, domain: Json, now: float) -> DomainState | None:
    """Return a custom domain with what it leads to, in one call; None where it was deleted meanwhile."""
    before = len(asking.failures)
    empty = DomainState(place=asking.place, read_at=now, domain=domain)
    try:
        mappings = tuple(_mappings(asking, empty.arn, empty.id, domain))
    except Gone:
        return None
    return replace(empty, mappings=mappings, failures=tuple(asking.failures[before:]))


def _mappings(asking: Asking, subject: str, name: str, domain: Json) -> Iterator[Json]:
    """Yield what a domain leads to. Edge-optimised domains are REST APIs' alone: the older API tells of theirs."""
    types = [each.get("EndpointType") for each in domain.get("DomainNameConfigurations") or ()]
    if "EDGE" not in types:
        yield from asking.every("apigatewayv2", "GetApiMappings", subject, "Items", DomainName=name, MaxResults=_MOST)
        return
    for each in asking.every("apigateway", "GetBasePathMappings", subject, "items", domainName=name, limit=500):
        path = str(each.get("basePath") or "")
        yield {
            "ApiId": each.get("restApiId"),
            "ApiMappingKey": "" if path == "(none)" else path,
            "Stage": each.get("stage"),
        }


def _here(asking: Asking) -> str:
    return f"account {asking.place.account}, {asking.place.region}"
