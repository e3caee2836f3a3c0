"""Web ACLs, mutual TLS and throttling: what turns a preflight away before the API is asked."""

from __future__ import annotations

import pytest

from corsmith.api.http_api import HttpApi
from corsmith.api.model import FrontDoor
from corsmith.api.rest_api import RestApi
from corsmith.api.tree import Memory, Tree
from corsmith.api.value import Known
from corsmith.readers import read

METHOD = "ByteMatchStatement: {FieldToMatch: {Method: {}}, PositionalConstraint: %s, SearchString: %s}"
HEADER = (
    "ByteMatchStatement: {FieldToMatch: {SingleHeader: {Name: %s}}, PositionalConstraint: EXACTLY, SearchString: k}"
)
IS_OPTIONS = METHOD % ("EXACTLY", "options")
IS_PUT = METHOD % ("EXACTLY", "PUT")
ADDRESS = "IPSetReferenceStatement: {Arn: arn}"
GROUP = "ManagedRuleGroupStatement: {VendorName: AWS, Name: AWSManagedRulesCommonRuleSet}"

ACLS = {
    "block OPTIONS": ("Allow", [("Block", IS_OPTIONS)], True),
    "block methods that begin so": ("Allow", [("Block", METHOD % ("STARTS_WITH", "OPT"))], True),
    "block another method": ("Allow", [("Block", IS_PUT)], False),
    "block what is not PUT": ("Allow", [("Block", f"NotStatement: {{Statement: {{{IS_PUT}}}}}")], True),
    "allow PUT only": ("Block", [("Allow", IS_PUT)], True),
    "allow OPTIONS, then block": ("Allow", [("Allow", IS_OPTIONS), ("Block", IS_OPTIONS)], False),
    "count only": ("Allow", [("Count", IS_OPTIONS)], False),
    "block without the page's header": ("Allow", [("Block", f"NotStatement: {{Statement: {{{HEADER % 'x-key'}}}}}")], True),
    "block without a header that preflights have": (
        "Allow", [("Block", f"NotStatement: {{Statement: {{{HEADER % 'Origin'}}}}}")], False,
    ),
    "allow by address": ("Block", [("Allow", ADDRESS)], False),
    "block by address": ("Allow", [("Block", ADDRESS)], False),
    "a managed group": ("Allow", [("Block", GROUP)], False),
    "OPTIONS and an address": (
        "Allow", [("Block", f"AndStatement: {{Statements: [{{{IS_OPTIONS}}}, {{{ADDRESS}}}]}}")], False,
    ),
    "PUT and an address": (
        "Block", [("Allow", f"AndStatement: {{Statements: [{{{IS_PUT}}}, {{{ADDRESS}}}]}}")], True,
    ),
    "OPTIONS or an address": (
        "Allow", [("Block", f"OrStatement: {{Statements: [{{{IS_OPTIONS}}}, {{{ADDRESS}}}]}}")], True,
    ),
    "a pattern": (
        "Allow", [("Block", "RegexMatchStatement: {FieldToMatch: {Method: {}}, RegexString: '^(OPTIONS|TRACE)$'}")], True,
    ),
    "a pattern that is none": (
        "Allow", [("Block", "RegexMatchStatement: {FieldToMatch: {Method: {}}, RegexString: '('}")], False,
    ),
    "nothing but the default": ("Block", [], True),
}  # fmt: skip


def acl(default: str, rules: list[tuple[str, str]]) -> str:
    lines = ["  Acl:", "    Type: AWS::WAFv2::WebACL", "    Properties:", f"      DefaultAction: {{{default}: {{}}}}"]
    lines += ["      Rules:"] if rules else []
    for number, (action, statement) in enumerate(rules):
        # The order is that of the priorities, not of the list.
        lines.insert(
            5,
            f"        - {{Name: r{number}, Priority: {number}, Action: {{{action}: {{}}}}, Statement: {{{statement}}}}}",
        )
    lines += ["  Use:", "    Type: AWS::WAFv2::WebACLAssociation"]
    lines += [
        "    Properties: {WebACLArn: !GetAtt Acl.Arn, ResourceArn: !Sub 'arn:aws:apigateway:r::/restapis/${Shop}/stages/p'}"
    ]
    return "\n".join(lines) + "\n"


def door(text: str) -> FrontDoor:
    api = read(Tree(Memory({"template.yaml": text})), "template.yaml")
    assert api is not None
    assert not api.problems
    return api.front_doors[0]


@pytest.mark.parametrize("name", ACLS)
def test_a_web_acl(name: str) -> None:
    default, rules, refuses = ACLS[name]
    shop = door("Resources:\n  Shop: {Type: AWS::ApiGateway::RestApi, Properties: {Name: s}}\n" + acl(default, rules))
    assert isinstance(shop, RestApi)
    assert [(guard.kind, guard.verbs) for guard in shop.guards] == ([("waf", ("OPTIONS",))] if refuses else [])


def test_a_header_that_a_distribution_adds_may_be_there() -> None:
    edge = (
        "  Edge: {Type: AWS::CloudFront::Distribution, Properties: {DistributionConfig: {Origins: [{Id: a, DomainName: a, "
        "OriginCustomHeaders: [{HeaderName: X-Key, HeaderValue: k}]}]}}}\n"
    )
    rules = [("Block", f"NotStatement: {{Statement: {{{HEADER % 'x-key'}}}}}")]
    shop = door(
        "Resources:\n  Shop: {Type: AWS::ApiGateway::RestApi, Properties: {Name: s}}\n" + acl("Allow", rules) + edge
    )
    assert isinstance(shop, RestApi)
    assert shop.guards == ()


TLS = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Shop:
    Type: AWS::Serverless::HttpApi
    Properties:
      DisableExecuteApiEndpoint: %s
      Domain: {DomainName: api.example.com, CertificateArn: arn%s}
  F:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      Events: {Call: {Type: HttpApi, Properties: {ApiId: !Ref Shop, Path: /, Method: get}}}
"""
TRUST = ", MutualTlsAuthentication: {TruststoreUri: s3://a/b}"


@pytest.mark.parametrize(
    ("alone", "trust", "kinds"), [("true", TRUST, ["mutual-tls"]), ("false", TRUST, []), ("true", "", [])]
)
def test_mutual_tls(alone: str, trust: str, kinds: list[str]) -> None:
    shop = door(TLS % (alone, trust))
    assert isinstance(shop, HttpApi)
    assert [guard.kind for guard in shop.guards] == kinds
    assert shop.stages[0].base_paths == (Known(""),)


STAGE = """\
Resources:
  Shop: {Type: AWS::ApiGateway::RestApi, Properties: {Name: s}}
  P:
    Type: AWS::ApiGateway::Stage
    Properties: {RestApiId: !Ref Shop, StageName: p, %s}
"""
LIMITS = {
    "nothing": ("Description: a", False, False),
    "zero for all": ("MethodSettings: [{ResourcePath: '/*', HttpMethod: '*', ThrottlingRateLimit: 0}]", True, False),
    "zero for OPTIONS": ("MethodSettings: [{ResourcePath: '/*', HttpMethod: OPTIONS, ThrottlingBurstLimit: 0}]", True, False),
    "zero for GET": ("MethodSettings: [{ResourcePath: '/*', HttpMethod: GET, ThrottlingBurstLimit: 0}]", False, False),
    "zero on one path": ("MethodSettings: [{ResourcePath: /a, HttpMethod: '*', ThrottlingBurstLimit: 0}]", False, False),
    "a rate below one": ("MethodSettings: [{ResourcePath: '/*', HttpMethod: '*', ThrottlingRateLimit: 0.5}]", False, False),
    "a cache that is used": (
        "CacheClusterEnabled: true, MethodSettings: [{ResourcePath: '/*', HttpMethod: '*', CachingEnabled: true}]", False, True,
    ),
    "a cache that is not": ("CacheClusterEnabled: true", False, False),
}  # fmt: skip


@pytest.mark.parametrize("name", LIMITS)
def test_a_stage(name: str) -> None:
    settings, throttled, cached = LIMITS[name]
    shop = door(STAGE % settings)
    assert isinstance(shop, RestApi)
    (stage,) = shop.stages
    assert stage.throttled.get() is throttled
    assert stage.cached.get() is cached


def test_a_route_limit_of_zero() -> None:
    shop = door(
        "Resources:\n  Shop: {Type: AWS::ApiGatewayV2::Api, Properties: {ProtocolType: HTTP}}\n  P:\n    Type: "
        "AWS::ApiGatewayV2::Stage\n    Properties:\n      ApiId: !Ref Shop\n      StageName: p\n      DefaultRouteSettings: "
        "{ThrottlingBurstLimit: 0}\n"
    )
    assert isinstance(shop, HttpApi)
    assert shop.stages[0].throttled.get() is True
    assert shop.stages[0].deployed == "nothing"
