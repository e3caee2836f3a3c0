"""The IAM policy in the docs for reading: what the calls that are really made need, no more and no less."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from corsmith.account.accesses import Wanted
from corsmith.account.audit import Reader
from corsmith.account.read import Scope
from corsmith.account.store import Store
from corsmith.cli import main

from . import states
from .large import Nobody, Pretending
from .reading_aws import FakeAws, serving
from .test_code import archive
from .test_read import _SHOWN

PAGE = Path(__file__).parents[2] / "docs" / "audit.md"
NEEDS_NONE = frozenset(("sts:GetCallerIdentity",))
"""AWS answers it whatever a policy says (IAM reference, GetCallerIdentity)."""


def policies() -> dict[str, frozenset[str]]:
    """Return the actions that the page's policies allow, by the statements' ids."""
    blocks = re.findall(r"```json\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    statements = [each for block in blocks for each in json.loads(block)["Statement"]]
    return {each["Sid"]: frozenset(each["Action"]) for each in statements}


def action(service: str, operation: str) -> str:
    """Return the IAM action of a call: API Gateway's are HTTP methods (IAM reference, "Actions for API Gateway Management")."""
    if service.startswith("apigateway"):
        assert operation.startswith(("Get", "Export"))
        return "apigateway:GET"
    return f"{service}:{operation}"


def everything() -> FakeAws:
    """An account that makes an audit use every call it knows."""
    aws = FakeAws()
    guarded = states.proxy(authorizationType="CUSTOM", authorizerId="a1", requestValidatorId="v1", apiKeyRequired=True)
    aws.rest = [
        states.rest(
            "rest1",
            methods={"POST": guarded, "OPTIONS": states.preflight()},
            authorizers=[{"id": "a1", "name": "guard", "type": "TOKEN"}],
            validators=[{"id": "v1", "name": "all"}],
            stages=[
                {
                    "stageName": "prod",
                    "deploymentId": "d1",
                    "webAclArn": states.ACL,
                    "canarySettings": {"deploymentId": "d2", "percentTraffic": 5.0},
                }
            ],
            canaries={"prod": {"/items": {"POST": {"authorizationType": "NONE", "apiKeyRequired": False}}}},
            web_acls={states.ACL: states.web_acl()},
        )
    ]
    route = {
        "RouteId": "r",
        "RouteKey": "PUT /x",
        "AuthorizationType": "JWT",
        "AuthorizerId": "a",
        "Target": "integrations/i1",
    }
    aws.http = [
        states.http(
            "http1",
            cors=states.GOOD_CORS,
            routes=[route],
            authorizers=[{"AuthorizerId": "a", "Name": "users", "AuthorizerType": "JWT"}],
            stages=[{"StageName": "v1", "AutoDeploy": False, "DeploymentId": "d"}],
            exports={"v1": {"openapi": "3.0.1", "paths": {}}},
        )
    ]
    aws.functions = [states.function(urls=[states.url()])]
    aws.domains = [{"domain": {"DomainName": "api.example.com"}, "mappings": []}]
    behavior = {"CachePolicyId": "own", "OriginRequestPolicyId": "own", "ResponseHeadersPolicyId": "own"}
    front = {**states.distribution("rest1.execute-api.eu-west-1.amazonaws.com", **behavior), **_SHOWN}
    acl = f"arn:aws:wafv2:us-east-1:{states.ACCOUNT}:global/webacl/front/acl1"
    aws.distributions = [{**front, "WebACLId": acl}]
    aws.acls = [{**states.web_acl(), "ARN": acl}]
    edge = {"DomainName": "edge.example.com", "DomainNameConfigurations": [{"EndpointType": "EDGE"}]}
    aws.domains.append({"domain": edge, "mappings": []})
    return aws


def test_reading_needs_what_the_page_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    aws = everything()
    with serving(aws) as address:
        monkeypatch.setenv("AWS_ENDPOINT_URL", address)
        asked: set[tuple[str, str]] = set()
        reader = Reader(
            Wanted(all_regions=True),
            Store(tmp_path),
            Scope(),
            Nobody(),
            frozenset(),
            Pretending(),
            asked=lambda service, operation: asked.add((service, operation)),
        )
        assert reader.read().all_failures() == ()
        monkeypatch.setattr("corsmith.account.code.fetch", lambda address: archive({"app.py": ""}))
        aws.functions[0]["code"] = "https://s3.example/code"
        assert CliRunner().invoke(main, ["audit", "--code"]).exit_code in (0, 1)
    services = {operation: service for service, operation in asked}
    services |= {"GetCallerIdentity": "sts", "DescribeRegions": "ec2", "GetFunction": "lambda"}
    used = {action(services[operation], operation) for operation, _ in aws.calls}
    assert used - NEEDS_NONE == policies()["CorsmithReads"]


def test_the_pages_policies_are_the_ones_that_are_known() -> None:
    assert policies()["CorsmithReachesAccounts"] == {"organizations:ListAccounts", "sts:AssumeRole"}
    assert not any("*" in each for actions in policies().values() for each in actions)
