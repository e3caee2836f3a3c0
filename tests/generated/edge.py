"""A CloudFront distribution in front of the API, as CloudFormation has it."""

from __future__ import annotations

from typing import Any

from .plan import HTTP, REST, URL, Edge, Plan
from .yaml_text import Att, Call, Sub

METHODS = ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"]
POLICIES = {
    "except-host": "b689b0a8-53d0-40ab-baf2-68738e2966ac",
    "all": "216adef6-5c7f-47e4-b989-5492eafa07d3",
    "origin": "59781a5b-3903-41f3-afcb-af62929ccde1",
    "nothing": "",
}
CACHED, NOT_CACHED = "658327ea-f89d-4fab-a63d-7e88639e58f6", "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"


def resources(plan: Plan) -> dict[str, dict[str, Any]]:
    """Return the distribution, nothing where the plan has none."""
    if plan.edge is None:
        return {}
    origin: dict[str, Any] = {
        "Id": "shop",
        "DomainName": _domain(plan),
        "CustomOriginConfig": {"OriginProtocolPolicy": "https-only"},
    }
    if plan.door == REST:
        origin["OriginPath"] = "/prod"
    config: dict[str, Any] = {
        "Enabled": True,
        "Aliases": ["api.shop.example"],
        "Origins": [origin],
        "DefaultCacheBehavior": behavior(plan.edge),
    }
    if plan.edge.error_page:
        page = {"ResponsePagePath": "/index.html", "ResponseCode": 200}
        config["CustomErrorResponses"] = [{"ErrorCode": 404, **page}, {"ErrorCode": 400, **page}]
    return {"Edge": {"Type": "AWS::CloudFront::Distribution", "Properties": {"DistributionConfig": config}}}


def behavior(edge: Edge) -> dict[str, Any]:
    """Return the default behavior."""
    found: dict[str, Any] = {
        "TargetOriginId": "shop",
        "ViewerProtocolPolicy": "redirect-to-https",
        "CachePolicyId": CACHED if edge.cached else NOT_CACHED,
    }
    if edge.methods:
        found["AllowedMethods"] = list(METHODS)
    if POLICIES[edge.forwards]:
        found["OriginRequestPolicyId"] = POLICIES[edge.forwards]
    return found


def _domain(plan: Plan) -> Any:
    if plan.door == URL:
        url = Att("ItemsUrl", "FunctionUrl")
        return Call("Select", [2, Call("Split", ["/", url])])
    if plan.door in (HTTP, REST):
        return Sub("${Shop}.execute-api.${AWS::Region}.amazonaws.com")
    return Att("Balancer", "DNSName")
