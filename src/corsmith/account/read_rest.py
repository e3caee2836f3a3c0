"""Reading REST APIs: the working copy in as few calls as it takes, and once what each deployment in use holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from .asking import Asking, Gone, parsed
from .snapshot import Json, RestApiState

_WEB_ACL = re.compile(r"arn:[a-z-]+:wafv2:[a-z0-9-]+:[0-9]+:regional/webacl/([^/]+)/([^/]+)")
_MOST = 500
"""The longest page that API Gateway gives."""


def list_rest_apis(asking: Asking) -> Iterator[Json]:
    """Yield the REST APIs of a Region, as lists have them."""
    return asking.every("apigateway", "GetRestApis", _here(asking), "items", limit=_MOST)


def read_rest_api(asking: Asking, api: Json, now: float) -> RestApiState | None:
    """Return a REST API with all that decides about pages; None where it was deleted meanwhile.

    Three calls and one for each deployment in use; authorizers, validators, canaries and web ACLs cost one more each where
    there are any.
    """
    before = len(asking.failures)
    empty = RestApiState(place=asking.place, read_at=now, api=api)
    about: dict[str, Any] = {"restApiId": empty.id}
    subject = empty.arn
    try:
        resources = tuple(
            asking.every("apigateway", "GetResources", subject, "items", embed=["methods"], limit=_MOST, **about)
        )
        methods = [method for each in resources for method in (each.get("resourceMethods") or {}).values()]
        stages = tuple((asking.one("apigateway", "GetStages", subject, **about) or {}).get("item") or ())
        responses = tuple(asking.every("apigateway", "GetGatewayResponses", subject, "items", limit=_MOST, **about))
        authorizers: tuple[Json, ...] = ()
        validators: tuple[Json, ...] = ()
        if any(method.get("authorizerId") for method in methods):
            authorizers = tuple(asking.every("apigateway", "GetAuthorizers", subject, "items", limit=_MOST, **about))
        if any(method.get("requestValidatorId") for method in methods):
            validators = tuple(
                asking.every("apigateway", "GetRequestValidators", subject, "items", limit=_MOST, **about)
            )
        exports = _exports(asking, subject, about, stages)
        canaries = _canaries(asking, subject, about, stages)
        web_acls = _web_acls(asking, stages)
    except Gone:
        return None
    return RestApiState(
        place=asking.place,
        read_at=now,
        api=api,
        resources=resources,
        gateway_responses=responses,
        authorizers=authorizers,
        validators=validators,
        stages=stages,
        exports=exports,
        web_acls=web_acls,
        canaries=canaries,
        failures=tuple(asking.failures[before:]),
    )


def _exports(asking: Asking, subject: str, about: dict[str, Any], stages: tuple[Json, ...]) -> dict[str, Json]:
    """Return what stages serve. Stages of one deployment serve one definition, and it is read once."""
    by_deployment: dict[str, Json | None] = {}
    found: dict[str, Json] = {}
    for stage in stages:
        name, deployment = str(stage.get("stageName")), str(stage.get("deploymentId") or "")
        if not deployment:
            continue
        if deployment not in by_deployment:
            answer = asking.one(
                "apigateway",
                "GetExport",
                f"{subject}/stages/{name}",
                stageName=name,
                exportType="oas30",
                parameters={"extensions": "apigateway"},
                accepts="application/json",
                **about,
            )
            by_deployment[deployment] = parsed(answer.get("body")) if answer is not None else None
        served = by_deployment[deployment]
        if served is not None:
            found[name] = served
    return found


def list_usage_plans(asking: Asking) -> Iterator[Json]:
    """Yield the usage plans of a Region: which stages their keys are good for. Keys are not read."""
    return asking.every("apigateway", "GetUsagePlans", _here(asking), "items", limit=_MOST)


def asks_for_keys(state: RestApiState) -> bool:
    """Say whether a method of the API asks for a key."""
    methods = (method for each in state.resources for method in (each.get("resourceMethods") or {}).values())
    return any(method.get("apiKeyRequired") for method in methods)


def canary_of(stage: Json) -> str | None:
    """Return the deployment that takes a share of a stage's calls, None where all go to the stage's own."""
    settings = stage.get("canarySettings") or {}
    own = settings.get("deploymentId")
    return str(own) if own not in (None, stage.get("deploymentId")) and settings.get("percentTraffic") else None


def _canaries(asking: Asking, subject: str, about: dict[str, Any], stages: tuple[Json, ...]) -> dict[str, Json]:
    """Return what AWS tells of canaries: a deployment is exported only by the stage that it is the whole of."""
    found: dict[str, Json] = {}
    for stage in stages:
        deployment = canary_of(stage)
        if deployment is None:
            continue
        try:
            answer = asking.one(
                "apigateway",
                "GetDeployment",
                f"{subject}/deployments/{deployment}",
                deploymentId=deployment,
                embed=["apisummary"],
                **about,
            )
        except Gone:
            continue
        if answer is not None and answer.get("apiSummary"):
            found[str(stage.get("stageName"))] = answer["apiSummary"]
    return found


def _web_acls(asking: Asking, stages: tuple[Json, ...]) -> dict[str, Json]:
    """Return the web ACLs in front of stages. Classic ones (arn:aws:waf-regional:…) are not read: their rules are elsewhere."""
    found: dict[str, Json] = {}
    for arn in dict.fromkeys(str(stage.get("webAclArn") or "") for stage in stages):
        match = _WEB_ACL.fullmatch(arn)
        if match is not None:
            name, id_ = match.groups()
            try:
                answer = asking.one("wafv2", "GetWebACL", arn, Name=name, Id=id_, Scope="REGIONAL")
            except Gone:
                continue
            if answer is not None and answer.get("WebACL"):
                found[arn] = answer["WebACL"]
    return found


def _here(asking: Asking) -> str:
    return f"account {asking.place.account}, {asking.place.region}"
