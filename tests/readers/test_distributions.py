"""CloudFront distributions in front of a template's APIs: what is let through, kept and added."""

from __future__ import annotations

import pytest

from corsmith.api.cloudfront import CacheBehavior, CloudFront
from corsmith.api.tree import Memory, Tree
from corsmith.api.value import Known, Texts, Unknown, texts
from corsmith.gateways import base_url
from corsmith.readers import read

HEAD = """\
Resources:
  Shop: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: s, ProtocolType: HTTP}}
  Url: {Type: AWS::Lambda::Url, Properties: {TargetFunctionArn: !Ref F, AuthType: NONE}}
  F: {Type: AWS::Lambda::Function, Properties: {Runtime: python3.13, Handler: app.handler, Code: .}}
  Balancer: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: {Type: application}}
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: !Ref Balancer
      Protocol: HTTPS
      DefaultActions: [{Type: forward, TargetGroupArn: !Ref Group}]
  Group: {Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: {TargetType: lambda, Targets: [{Id: !GetAtt F.Arn}]}}
  Key:
    Type: AWS::CloudFront::CachePolicy
    Properties:
      CachePolicyConfig:
        Name: key
        MaxTTL: %(ttl)s
        ParametersInCacheKeyAndForwardedToOrigin: {HeadersConfig: {HeaderBehavior: whitelist, Headers: [Origin, X-A]}}
  Request:
    Type: AWS::CloudFront::OriginRequestPolicy
    Properties: {OriginRequestPolicyConfig: {Name: r, HeadersConfig: {HeaderBehavior: %(kind)s, Headers: [%(headers)s]}}}
  Site:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Aliases: [Shop.example.com]
        Origins:
          - {Id: a, DomainName: %(domain)s, OriginPath: %(path)s}
          - {Id: elsewhere, DomainName: other.example.com}
        DefaultCacheBehavior: {TargetOriginId: a, %(behavior)s}
        CacheBehaviors: [{PathPattern: /static/*, TargetOriginId: elsewhere}]
        CustomErrorResponses: [{ErrorCode: 404, ResponsePagePath: /index.html, ResponseCode: 200}]
"""
API = "!Sub '${Shop}.execute-api.${AWS::Region}.amazonaws.com'"


def site(behavior: str = "", **parts: str) -> CloudFront | None:
    values = {"ttl": "60", "kind": "whitelist", "headers": "Origin", "domain": API, "path": "''", "behavior": behavior}
    text = HEAD % (values | parts)
    api = read(Tree(Memory({"template.yaml": text})), "template.yaml")
    assert api is not None
    assert not api.problems
    return next((door for door in api.front_doors if isinstance(door, CloudFront)), None)


def default(behavior: str = "", **parts: str) -> CacheBehavior:
    made = site(behavior, **parts)
    assert made is not None
    return made.behaviors[-1]


def plain(setting: Texts) -> set[str] | None:
    return set(texts(setting)) if isinstance(setting, Known) else None


PASSES = {
    "nothing said": ("CachePolicyId: 4135ea2d-6df8-44a3-9df3-4b5a84be39ad", set(), set(), False),
    "a managed policy that keeps": ("CachePolicyId: 658327ea-f89d-4fab-a63d-7e88639e58f6", set(), set(), True),
    "a managed policy with Origin in its key": (
        "CachePolicyId: 83da9c7e-98b4-4e11-a168-04f0df8e2c65", {"origin"}, {"origin"}, True,
    ),
    "all but Host": (
        ("CachePolicyId: 4135ea2d-6df8-44a3-9df3-4b5a84be39ad, "
        "OriginRequestPolicyId: b689b0a8-53d0-40ab-baf2-68738e2966ac"), {"*"}, set(), False,
    ),
    "all with Host": (
        ("CachePolicyId: 4135ea2d-6df8-44a3-9df3-4b5a84be39ad, "
        "OriginRequestPolicyId: 216adef6-5c7f-47e4-b989-5492eafa07d3"), {"*", "host"}, set(), False,
    ),
    "policies of the template": (
        "CachePolicyId: !Ref Key, OriginRequestPolicyId: !Ref Request", {"origin", "x-a"}, {"origin", "x-a"}, True,
    ),
    "the older settings": (
        "ForwardedValues: {Headers: [Origin, Authorization]}",
        {"origin", "authorization"}, {"origin", "authorization"}, True,
    ),
    "the older settings, all": ("ForwardedValues: {Headers: ['*']}", {"*", "host"}, {"*"}, False),
    "the older settings, none": ("ForwardedValues: {QueryString: true}", set(), set(), True),
    "the older settings, nothing kept": ("ForwardedValues: {Headers: [Origin]}, MaxTTL: 0", {"origin"}, {"origin"}, False),
    "the older settings, kept at the origin server's wish": (
        "ForwardedValues: {Headers: [Origin]}, DefaultTTL: 0, MaxTTL: 60", {"origin"}, {"origin"}, True,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PASSES)
def test_what_passes(name: str) -> None:
    behavior, forwarded, key, caches = PASSES[name]
    made = default(behavior)
    assert plain(made.forwarded) == forwarded
    assert plain(made.cache_key) == key
    assert made.caches.get() is caches


KINDS = {
    "whitelist": ("Origin", {"origin", "x-a"}),
    "allViewer": ("", {"*", "host", "origin", "x-a"}),
    "none": ("", {"origin", "x-a"}),
    "allExcept": ("Host", {"*", "origin", "x-a"}),
    "allExcept ": ("Host, Authorization", {"*", "origin", "x-a"}),
    "allExcept  ": ("Authorization", {"*", "host", "origin", "x-a"}),
    "allExcept   ": (
        "Host, Origin", {"access-control-request-headers", "access-control-request-method", "origin", "x-a"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_a_request_policy(kind: str) -> None:
    headers, forwarded = KINDS[kind]
    made = default("CachePolicyId: !Ref Key, OriginRequestPolicyId: !Ref Request", kind=kind.strip(), headers=headers)
    assert plain(made.forwarded) == forwarded


@pytest.mark.parametrize("setting", ["CachePolicyId: !ImportValue key", "OriginRequestPolicyId: !ImportValue request"])
def test_a_policy_of_another_stack_is_not_known(setting: str) -> None:
    policy = "" if setting.startswith("Cache") else "CachePolicyId: !Ref Key, "
    assert isinstance(default(policy + setting).forwarded, Unknown)


def test_a_cache_policy_that_keeps_nothing() -> None:
    assert default("CachePolicyId: !Ref Key", ttl="0").caches.get() is False


TARGETS = {
    "an API": (API, "http_api"),
    "a Function URL": ("!Select [2, !Split ['/', !GetAtt Url.FunctionUrl]]", "function_url"),
    "a load balancer": ("!GetAtt Balancer.DNSName", "alb"),
}


@pytest.mark.parametrize("name", TARGETS)
def test_where_it_leads(name: str) -> None:
    domain, kind = TARGETS[name]
    made = site(domain=domain)
    assert made is not None
    static, behavior = made.behaviors
    assert behavior.target is not None
    assert behavior.target.kind == kind
    assert static.target is None
    assert static.path_pattern == Known("/static/*", static.path_pattern.span)
    assert base_url(made) == "https://shop.example.com"
    assert [page.status.get() for page in made.error_pages] == [404]


def test_a_distribution_of_pages_only_is_no_front_door() -> None:
    assert site(domain="pages.example.com") is None


def test_stage_methods_and_code() -> None:
    made = default("AllowedMethods: [GET, HEAD, OPTIONS]", path="/prod")
    assert (made.stage.get(), plain(made.allowed_methods), made.code) == ("prod", {"GET", "HEAD", "OPTIONS"}, None)
    assert plain(default().allowed_methods) == {"GET", "HEAD"}
    assert default("FunctionAssociations: [{EventType: viewer-response}]").code is not None
    assert default("LambdaFunctionAssociations: []").code is None


ADDED = {
    "": None,
    "ResponseHeadersPolicyId: 60669652-455b-4ae9-85a4-c4c02393f86c": {"*"},
    "ResponseHeadersPolicyId: 5cc3b908-e619-4b99-88e5-2cf7f45965bd": {"*"},
    "ResponseHeadersPolicyId: 67f7725c-6f97-4210-82d7-5512b31e9d03": None,
}


@pytest.mark.parametrize("setting", ADDED)
def test_what_is_added(setting: str) -> None:
    cors = default(setting).cors.get()
    assert (None if cors is None else plain(cors.allow_origins)) == ADDED[setting]


def test_an_unknown_response_policy() -> None:
    assert isinstance(default("ResponseHeadersPolicyId: !ImportValue added").cors, Unknown)
