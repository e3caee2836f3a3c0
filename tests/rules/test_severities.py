"""How bad and how sure: the severities and confidences that users' gates rely on."""

from __future__ import annotations

import shlex

import pytest
from msgspec import Struct

from corsmith.api.tree import Memory, Tree
from corsmith.project.check import Question, check

from . import templates as t
from .second_dialect import BARE, ECHO, PUT, behind
from .test_pages import flags

GOOD = '{"Access-Control-Allow-Origin": "https://app.example.com"}'
BUILDS = f"""\
def handler(event, context):
    if not event.get("queryStringParameters"):
        return {{"statusCode": 400, "headers": {{}}, "body": "no query"}}
    return {{"statusCode": 200, "headers": {GOOD}, "body": ""}}
"""
RAISES = f"""\
def handler(event, context):
    name = event["queryStringParameters"]["name"]
    return {{"statusCode": 200, "headers": {GOOD}, "body": name}}
"""
NEVER = BUILDS.replace(GOOD, "{}")
REFLECTS = """\
def handler(event, context):
    origin = event["headers"].get("origin") or event["headers"].get("Origin") or ""
    headers = {"Access-Control-Allow-Origin": origin, "Vary": "Origin"%s}
    return {"statusCode": 200, "headers": headers, "body": ""}
"""
SUFFIX = """\
def handler(event, context):
    origin = event["headers"].get("origin") or event["headers"].get("Origin") or ""
    headers = {"Vary": "Origin"%s}
    if origin.endswith("example.com"):
        headers["Access-Control-Allow-Origin"] = origin
    return {"statusCode": 200, "headers": headers, "body": ""}
"""
CREDENTIALS = ', "Access-Control-Allow-Credentials": "true"'
BARE_ERRORS = t.rest_api().replace(
    "gatewayresponse.header.Access-Control-Allow-Origin", "gatewayresponse.header.X-Other"
)


class Case(Struct, frozen=True):
    """A project, and what one rule says of it."""

    rule: str
    template: str
    code: str
    severity: str
    confidence: str = "high"
    arguments: str = "--origin https://app.example.com --method GET"


CASES: dict[str, Case] = {
    "a 400 that the code builds": Case("handler-missing-headers-on-error", t.rest_api(), BUILDS, "error"),
    "an exception for bad input": Case("handler-missing-headers-on-error", BARE_ERRORS, RAISES, "warning", "medium"),
    "a 400 of code that never sends the headers": Case(
        "handler-missing-headers-on-error", t.rest_api(), NEVER, "warning"
    ),
    "no header on success": Case("handler-missing-headers", t.rest_api(), BARE, "error"),
    "errors of API Gateway itself": Case("rest-missing-gateway-responses", BARE_ERRORS, t.handler(), "warning"),
    "any origin, with credentials": Case(
        "insecure-reflects-origin-with-credentials", t.rest_api(), REFLECTS % CREDENTIALS, "error"
    ),
    "look-alikes with credentials": Case("insecure-suffix-origin-match", t.rest_api(), SUFFIX % CREDENTIALS, "error"),
    "look-alikes without credentials": Case("insecure-suffix-origin-match", t.rest_api(), SUFFIX % "", "warning"),
    "one permission of two": Case(
        "function-url-permission-missing", t.function_url(permissions="one"), BARE, "error", "medium"
    ),
    "no word of permissions": Case(
        "function-url-permission-missing", t.function_url(permissions="none"), BARE, "info", "medium"
    ),
    "a deployment that does not wait": Case(
        "rest-stage-not-deployed", t.rest_api(PUT, method="PUT", depends="[Call]"), t.handler(), "error", "medium"
    ),
    "a deployment that waits for all": Case(
        "rest-stage-not-deployed",
        t.rest_api(PUT, method="PUT", depends="[Call, Preflight, Default4Xx, Default5Xx]"),
        t.handler(),
        "info",
    ),
    "an origin that depends on who asks": Case("missing-vary-origin", t.rest_api(), ECHO % "", "info"),
    "the same behind a cache": Case(
        "missing-vary-origin",
        behind(
            f"{t.ALL_METHODS}, CachePolicyId: 83da9c7e-98b4-4e11-a168-04f0df8e2c65",
            t.rest_api(),
            origin="OriginPath: /prod, CustomOriginConfig: {OriginProtocolPolicy: https-only}",
        ),
        ECHO % "",
        "warning",
    ),
    "only the letter of the standard": Case(
        "allow-headers-wildcard-authorization",
        t.http_api("AllowOrigins: ['*'], AllowHeaders: ['*'], MaxAge: 600"),
        BARE,
        "warning",
        arguments="--origin https://app.example.com --method GET --header 'authorization: Bearer x'",
    ),
    "a setting that matches nothing, by assumption": Case(
        "httpapi-subdomain-wildcard", t.http_api("AllowOrigins: ['https://*.example.com']"), BARE, "error", "medium"
    ),
    "no time for preflights": Case(
        "preflight-not-cached", t.rest_api(PUT, method="PUT"), t.handler(), "info", arguments="--method PUT"
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_how_bad_and_how_sure(name: str) -> None:
    case = CASES[name]
    found = check(
        Tree(Memory({"t.yaml": case.template, "app.py": case.code})),
        Question((".",), flags(shlex.split(case.arguments))),
    )
    said = {
        (each.finding.severity.value, each.finding.confidence.value)
        for each in found.groups
        if each.finding.rule == case.rule
    }
    assert said == {(case.severity, case.confidence)}, [
        (each.finding.rule, each.finding.severity.value, each.finding.confidence.value) for each in found.groups
    ]


def test_a_finding_that_rests_on_a_disputed_fact_says_which() -> None:
    """Whether a Function URL's 403 carries the configured headers is not known for sure."""
    found = check(
        Tree(Memory({"t.yaml": t.function_url(permissions="one"), "app.py": BARE})),
        Question((".",), flags(["--method", "GET"])),
    )
    (finding,) = [each.finding for each in found.groups if each.finding.rule == "function-url-permission-missing"]
    assert "url_refusals_carry_cors" in finding.message
