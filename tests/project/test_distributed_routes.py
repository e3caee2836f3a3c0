"""Which routes pages call through a distribution, and under which address."""

from __future__ import annotations

import pytest

from corsmith.api.caller import CallerFlags
from corsmith.api.tree import Memory, Tree
from corsmith.project.check import Question, check
from tests.rules import templates as cfn

SILENT = 'def handler(event, context):\n    return {"statusCode": 200, "body": ""}\n'
EDGE = f"{cfn.ALL_METHODS}, {cfn.NO_CACHE}, {cfn.EXCEPT_HOST}"
HTTPS = "CustomOriginConfig: {OriginProtocolPolicy: https-only}"
URL = "!Select [2, !Split ['/', !GetAtt ItemsUrl.FunctionUrl]]"
BEHIND = """\
  Edge:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Origins: [{Id: pages, DomainName: pages.example.com}, {Id: api, DomainName: %s}]
        DefaultCacheBehavior: {TargetOriginId: pages, CachePolicyId: 658327ea-f89d-4fab-a63d-7e88639e58f6}
        CacheBehaviors: [{PathPattern: 'api/*', TargetOriginId: api, %s}]
"""

CALLED = {
    "everything": (cfn.http_api() + cfn.distribution(EDGE), {("cloudfront", "GET /items")}),
    "the stage in the address": (cfn.rest_api() + cfn.distribution(EDGE), {("cloudfront", "GET /prod/items")}),
    "the stage in the origin path": (
        cfn.rest_api() + cfn.distribution(EDGE, origin=f"OriginPath: /prod, {HTTPS}"),
        {("cloudfront", "GET /items")},
    ),
    "an origin path that is a part of the path": (
        cfn.http_api(route="GET /v1/items") + cfn.distribution(EDGE, origin=f"OriginPath: /v1, {HTTPS}"),
        {("cloudfront", "GET /items")},
    ),
    "an origin path that leads past the route": (
        cfn.http_api() + cfn.distribution(EDGE, origin=f"OriginPath: /v1, {HTTPS}"),
        {("http_api", "GET /items")},
    ),
    "another path than the behavior's": (
        cfn.http_api() + BEHIND % ("!Sub '${Shop}.execute-api.${AWS::Region}.amazonaws.com'", EDGE),
        {("http_api", "GET /items")},
    ),
    "what takes all, where the behavior leads to it": (
        cfn.function_url() + BEHIND % (URL, EDGE),
        {("cloudfront", "GET /api/1"), ("cloudfront", "POST /api/1")},
    ),
    "methods that are only supposed, and not let through": (
        cfn.function_url() + BEHIND % (URL, f"{cfn.NO_CACHE}, {cfn.EXCEPT_HOST}"),
        {("cloudfront", "GET /api/1")},
    ),
    "no distribution": (cfn.http_api(), {("http_api", "GET /items")}),
}


@pytest.mark.parametrize("name", CALLED)
def test_what_pages_call(name: str) -> None:
    template, called = CALLED[name]
    found = check(Tree(Memory({"t.yaml": template, "app.py": SILENT})), Question((".",)))
    assert {(cell.route.front_door.kind, cell.route.label) for cell in found.cells} == called


@pytest.mark.parametrize(
    ("path", "labels"),
    [("/items", {"GET /prod/items"}), ("/prod/items", {"GET /prod/items"}), ("/other", set()), ("/prod/other", set())],
)
def test_a_path_is_named_at_either_side(path: str, labels: set[str]) -> None:
    files = {"t.yaml": cfn.rest_api() + cfn.distribution(EDGE), "app.py": cfn.handler()}
    found = check(Tree(Memory(files)), Question((".",), CallerFlags(path=path)))
    assert {cell.route.label for cell in found.cells} == labels


def test_pages_of_the_distribution_are_of_its_origin() -> None:
    files = {"t.yaml": cfn.function_url("") + BEHIND % (URL, EDGE), "app.py": SILENT}
    found = check(Tree(Memory(files)), Question((".",)))
    assert {cell.caller.origin.split(".", 1)[1] for cell in found.cells} == {"cloudfront.net"}
    assert all(cell.verdict.tainting == "basic" for cell in found.cells)
    other = check(Tree(Memory(files)), Question((".",), CallerFlags(origins=("https://else.example",))))
    assert {each.finding.rule for each in other.groups} == {"function-url-no-cors-config"}
