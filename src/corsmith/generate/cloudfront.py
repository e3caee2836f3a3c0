"""A response headers policy of CloudFront, and the behavior that lets preflights reach the origin server.

CloudFront adds the headers to what its origin server answers, preflights included; it turns no refusal into a success.
Source: the CloudFront developer guide, "Understand response headers policies", and the CloudFormation reference.
"""

from __future__ import annotations

from lambda_cors import Policy

from .cannot import CannotSay

CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
ALL_VIEWER_EXCEPT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac"
BEHAVIOR_METHODS = ("GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE")
REMARKS = (
    "Take the policy into your template, and what is new of the behavior into yours. The origin server is to answer",
    "OPTIONS with a status of 2xx: CloudFront adds the headers, and asks it first. The policies of the behavior are",
    "CachingDisabled and AllViewerExceptHostHeader.",
)


def allowed_methods(policy: Policy) -> list[str]:
    """Return the methods in CloudFront's words. Raises `CannotSay`."""
    if policy.methods == ("*",):
        return ["ALL"]
    for method in policy.methods:
        if method not in BEHAVIOR_METHODS:
            raise CannotSay(f"CloudFront knows no method {method}: let the function answer, with `--for python`")
    return list(policy.methods) or ["GET", "HEAD", "POST"]


def allowed_headers(policy: Policy) -> list[str]:
    """Return the request headers; where there are none, one that every page may send: the list may not be empty."""
    return list(policy.request_headers) or ["accept"]


def check(policy: Policy) -> None:
    """Raise `CannotSay` for what a response headers policy cannot say."""
    for origin in policy.origins:
        if "*" in origin and origin != "*":
            raise CannotSay(f"{origin} is a pattern: let the function answer, with `--for python`, or name the origins")
    if policy.max_age == -1:
        raise CannotSay("CloudFront takes a maximal age from 0 on")
