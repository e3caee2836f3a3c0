"""Listeners of load balancers, read from CloudFormation and SAM."""

from __future__ import annotations

from typing import Any

import pytest

from corsmith.api.alb import Alb, AlbRedirect, AlbTarget, Elsewhere, FixedResponse
from corsmith.api.model import Api
from corsmith.api.span import Span
from corsmith.api.tree import Memory, Tree
from corsmith.api.value import Known, Unknown
from corsmith.readers import Settings, read

from . import fixtures
from .translated import plain

FUNCTION = """\
  F:
    Type: AWS::Lambda::Function
    Properties: {Runtime: python3.13, Handler: index.handler, Code: {ZipFile: x}}
"""
GROUP = """\
  %s:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: {TargetType: lambda, Targets: [{Id: !GetAtt F.Arn}]}
"""
MAY = """\
  May:
    Type: AWS::Lambda::Permission
    Properties: {Action: lambda:InvokeFunction, FunctionName: !Ref F, Principal: elasticloadbalancing.amazonaws.com%s}
"""
LISTENER = """\
  L:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties: {LoadBalancerArn: arn, Port: 80, Protocol: HTTP, DefaultActions: [%s]%s}
"""
RULE = """\
  %s:
    Type: AWS::ElasticLoadBalancingV2::ListenerRule
    Properties:
      ListenerArn: %s
      Priority: %s
      Conditions: [%s]
      Actions: [%s]
"""
HEAD = "AWSTemplateFormatVersion: '2010-09-09'\n"
FORWARD = "{Type: forward, TargetGroupArn: !Ref G}"
BASE = FUNCTION + GROUP % "G" + MAY % ""


def api_of(resources: str, before: str = "", **parameters: str) -> tuple[Api, str]:
    text = f"{HEAD}{before}Resources:\n{resources}"
    api = read(Tree(Memory({"t.yaml": text})), "t.yaml", Settings(parameters=parameters))
    assert api is not None
    assert not api.problems
    return api, text


def listener(resources: str, before: str = "", **parameters: str) -> Alb:
    (door,) = api_of(resources, before, **parameters)[0].front_doors
    assert isinstance(door, Alb)
    return door


def default(action: str, more: str = "", resources: str = BASE) -> Any:
    return listener(resources + RULE % ("Keep", "!Ref L", 9, "", FORWARD) + LISTENER % (action, more)).default


def target(resources: str) -> AlbTarget:
    made = listener(resources + LISTENER % (FORWARD, "")).default
    assert isinstance(made, AlbTarget)
    return made


def cut(text: str, span: Span | None) -> str:
    assert span is not None
    return text[span.start : span.end]


def test_a_listener_with_rules() -> None:
    conditions = (
        "{Field: path-pattern, PathPatternConfig: {Values: ['/a/*', /b]}}, {Field: host-header, Values: [a.example]}"
    )
    methods = "{Field: http-request-method, HttpRequestMethodConfig: {Values: [GET]}}"
    fixed = "{Type: fixed-response, FixedResponseConfig: {StatusCode: '404', ContentType: text/html, MessageBody: no}}"
    api, text = api_of(
        BASE
        + RULE % ("Second", "!Ref L", 20, methods, fixed)
        + LISTENER % (FORWARD, "")
        + RULE % ("First", "!GetAtt L.ListenerArn", "'10'", conditions, FORWARD)
    )
    (door,) = api.front_doors
    assert isinstance(door, Alb)
    assert (door.name, cut(text, door.span)) == ("L", "L")
    second, first = door.rules
    assert [cut(text, rule.span) for rule in door.rules] == ["Second", "First"]
    assert [plain(rule.priority) for rule in door.rules] == [20, 10]
    assert [plain(second.methods), second.paths, second.hosts] == [["GET"], None, None]
    assert [plain(first.paths), plain(first.hosts), first.methods] == [["/a/*", "/b"], ["a.example"], None]
    assert not first.others
    assert isinstance(first.paths, Known)
    assert cut(text, first.paths.value[1].span) == "/b"
    assert cut(text, first.priority.span) == "'10'"
    assert isinstance(second.action, FixedResponse)
    assert [plain(second.action.status), plain(second.action.content_type), plain(second.action.body)] == [
        "404", "text/html", "no"
    ]  # fmt: skip
    assert cut(text, second.action.body.span) == "no"
    assert isinstance(first.action, AlbTarget)
    assert plain(first.action.function) == "F"
    assert cut(text, first.action.span) == "G"
    assert plain(door.default) == plain(first.action)


def test_a_sam_function_behind_a_listener_of_its_own_and_one_of_another_stack() -> None:
    api = read(Tree(Memory({"t.yaml": fixtures.text_of("load-balancer.yaml")})), "t.yaml")
    assert api is not None
    mine, shared = (door for door in api.front_doors if isinstance(door, Alb))
    assert (mine.name, mine.rules) == ("Web", ())
    assert isinstance(mine.default, AlbTarget)
    assert (plain(mine.default.function), plain(mine.default.permitted)) == ("Shop", True)
    assert (shared.name, plain(shared.rules[0].paths)) == ("SharedListener", ["/read/*"])
    assert isinstance(shared.default, Elsewhere)


@pytest.mark.parametrize("named", ["!ImportValue main-listener", "arn:aws:elasticloadbalancing:eu-west-1:1:listener/x"])
def test_rules_of_an_imported_listener_are_one_front_door(named: str) -> None:
    rules = RULE % ("R1", named, 1, "", FORWARD) + RULE % ("R2", named, 2, "", FORWARD)
    door = listener(BASE + rules)
    assert (door.name, len(door.rules)) == ("R1", 2)


@pytest.mark.parametrize(
    ("condition", "because"),
    [
        ("{Field: source-ip, SourceIpConfig: {Values: [10.0.0.0/8]}}", "source-ip condition is not known"),
        ("{Field: query-string, QueryStringConfig: {Values: [{Value: x}]}}", "query-string"),
        ("{Field: http-header, HttpHeaderConfig: {HttpHeaderName: X-Secret, Values: [s]}}", "http-header"),
        ("{Field: path-pattern, PathPatternConfig: {RegexValues: ['^/a']}}", "lists no patterns"),
        ("{Field: !ImportValue what}", "the condition is unknown"),
        ("!ImportValue every", "imported from another stack"),
    ],
)
def test_other_conditions_are_undecided(condition: str, because: str) -> None:
    (rule,) = listener(BASE + RULE % ("R", "!Ref L", 1, condition, FORWARD) + LISTENER % (FORWARD, "")).rules
    assert (rule.paths, rule.methods, rule.hosts) == (None, None, None)
    assert [because in other.because for other in rule.others] == [True]


def test_values_of_conditions_may_be_unknown_one_by_one() -> None:
    path = "{PathPatternConfig: {Values: [!Ref Path, /b, !ImportValue p]}}"
    (rule,) = listener(
        BASE + RULE % ("R", "!Ref L", "!Ref Order", path, FORWARD) + LISTENER % (FORWARD, ""),
        "Parameters: {Path: {Type: String, Default: /a}, Order: {Type: Number}}\n",
    ).rules
    assert isinstance(rule.paths, Known)
    assert [getattr(each, "value", None) for each in rule.paths.value] == ["/a", "/b", None]
    assert isinstance(rule.priority, Unknown)


def test_a_rule_that_rewrites_the_address_is_undecided() -> None:
    rewriting = RULE % ("R", "!Ref L", 1, "", FORWARD) + "      Transforms: [{Type: url-rewrite}]\n"
    (rule,) = listener(BASE + rewriting + LISTENER % (FORWARD, "")).rules
    assert [other.because for other in rule.others] == ["the rule rewrites the request's address"]


@pytest.mark.parametrize(
    ("config", "location"),
    [
        ("{StatusCode: HTTP_301, Protocol: HTTPS, Port: '443'}", "https://#{host}:443/#{path}?#{query}"),
        ("{StatusCode: HTTP_302, Host: b.example, Path: /x, Query: ''}", "#{protocol}://b.example:#{port}/x?"),
    ],
)
def test_redirects(config: str, location: str) -> None:
    made = default(f"{{Type: redirect, RedirectConfig: {config}}}")
    assert isinstance(made, AlbRedirect)
    assert plain(made.location) == location
    assert plain(made.status) in config


def test_a_redirect_to_a_place_that_is_not_known_is_undecided() -> None:
    made = default("{Type: redirect, RedirectConfig: {StatusCode: HTTP_302, Host: !ImportValue host}}")
    assert isinstance(made.location, Unknown)
    assert "imported" in made.location.because


SERVERS = "  S: {Type: 'AWS::ElasticLoadBalancingV2::TargetGroup', Properties: {TargetType: ip, Port: 80}}\n"


@pytest.mark.parametrize(
    ("action", "what"),
    [
        ("{Type: forward, TargetGroupArn: !Ref S}", "the target group S leads to servers"),
        ("{Type: forward, TargetGroupArn: !ImportValue s}", "the target group is not one of this template"),
        ("{Type: forward}", "the target group is not one of this template"),
        (
            "{Type: forward, ForwardConfig: {TargetGroups: [{TargetGroupArn: !Ref S}, {TargetGroupArn: x}]}}",
            "the target groups lead to no function",
        ),
        ("", "what the action does is not known"),
        (
            "{Type: authenticate-oidc, Order: 1}, {Type: redirect, RedirectConfig: {StatusCode: HTTP_302}}",
            "the action authenticate-oidc comes first",
        ),
    ],
)
def test_actions_that_lead_elsewhere(action: str, what: str) -> None:
    made = default(action, resources=BASE + SERVERS)
    assert isinstance(made, Elsewhere)
    assert made.what == what
    assert made.span is not None


@pytest.mark.parametrize(
    ("action", "because"),
    [
        ("!ImportValue first, " + FORWARD, "an action that is not known stands before the function"),
        ("{Type: authenticate-cognito, Order: 1}, " + FORWARD, "authenticate-cognito stands before the function"),
        (
            "{Type: forward, ForwardConfig: {TargetGroups: [{TargetGroupArn: !Ref G}, {TargetGroupArn: !Ref S}]}}",
            "several target groups",
        ),
        ("{Type: forward, TargetGroupArn: !If [C, !Ref G, !Ref S]}", "depends on a condition"),
    ],
)
def test_functions_that_something_stands_before_are_undecided(action: str, because: str) -> None:
    made = default(action, resources=BASE + SERVERS)
    assert isinstance(made, AlbTarget)
    assert isinstance(made.function, Unknown)
    assert because in made.function.because


def test_a_group_without_weight_gets_nothing() -> None:
    groups = "[{TargetGroupArn: !Ref S, Weight: 0}, {TargetGroupArn: !Ref G, Weight: 1}]"
    made = default(f"{{Type: forward, ForwardConfig: {{TargetGroups: {groups}}}}}", resources=BASE + SERVERS)
    assert plain(made.function) == "F"


def test_a_group_that_names_no_function() -> None:
    empty = "  G: {Type: 'AWS::ElasticLoadBalancingV2::TargetGroup', Properties: {TargetType: lambda}}\n"
    made = target(FUNCTION + empty)
    assert made.function.because == "the target group G names no function"


@pytest.mark.parametrize(
    ("value", "on"), [("'true'", True), ("true", True), ("'false'", False), ("!Ref AWS::NoValue", False)]
)
def test_multi_value_headers(value: str, on: bool) -> None:
    attributes = f"[{{Key: lambda.multi_value_headers.enabled, Value: {value}}}]"
    group = (GROUP % "G").replace("lambda,", f"lambda, TargetGroupAttributes: {attributes},")
    assert plain(target(FUNCTION + group + MAY % "").multi_value) is on
    assert plain(target(BASE).multi_value) is False


@pytest.mark.parametrize(
    ("permission", "permitted"),
    [
        (MAY % "", True),
        (MAY % ", SourceArn: !Ref G", True),
        (MAY % ", SourceArn: !Sub 'arn:aws:elasticloadbalancing:x:1:targetgroup/*'", True),
        ("", False),
        (MAY % ", SourceArn: !Ref Other", False),
        ((MAY % "").replace("elasticloadbalancing.", "apigateway."), False),
        ((MAY % "").replace("lambda:InvokeFunction", "lambda:GetFunction"), False),
        (MAY % ", SourceArn: arn:aws:elasticloadbalancing:x:1:targetgroup/one/1", None),
        ((MAY % "").replace("!Ref F", "a-name"), None),
    ],
)
def test_permissions(permission: str, permitted: bool | None) -> None:
    made = target(FUNCTION + GROUP % "G" + GROUP % "Other" + permission).permitted
    assert (None if isinstance(made, Unknown) else made.get()) is permitted
    assert made.span is not None


def test_headers_that_a_listener_sets() -> None:
    attributes = """, ListenerAttributes: [
      {Key: routing.http.response.access_control_allow_origin.header_value, Value: 'https://a.example'},
      {Key: routing.http.response.x_frame_options.header_value, Value: ''},
      {Key: routing.http.response.server.enabled, Value: 'false'}]"""
    door = listener(BASE + LISTENER % (FORWARD, attributes))
    assert [(name, plain(value)) for name, value in door.inserts] == [
        ("Access-Control-Allow-Origin", "https://a.example")
    ]


@pytest.mark.parametrize(
    "resources",
    [
        FUNCTION + SERVERS + LISTENER % ("{Type: forward, TargetGroupArn: !Ref S}", ""),
        BASE + LISTENER % ("{Type: redirect, RedirectConfig: {StatusCode: HTTP_301}}", ""),
        BASE + (LISTENER % (FORWARD, "")).replace("HTTP,", "TCP,"),
        BASE
        + (LISTENER % (FORWARD, "")).replace("arn,", "!Ref B,")
        + "  B: {Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', Properties: {Type: network}}\n",
    ],
    ids=["servers", "redirects", "TCP", "network"],
)
def test_listeners_that_lead_to_no_function_are_no_front_doors(resources: str) -> None:
    assert api_of(resources)[0].front_doors == ()


def test_rules_whose_condition_does_not_hold_are_left_out() -> None:
    off = (RULE % ("Off", "!Ref L", 1, "", FORWARD)).replace("Properties:", "Condition: Never\n    Properties:")
    door = listener(BASE + off + LISTENER % (FORWARD, ""), "Conditions: {Never: !Equals [a, b]}\n")
    assert door.rules == ()


def test_json_and_yaml_read_alike() -> None:
    own = '{"Ref": "G"}'
    text = (RULE % ("R", "!Ref L", 1, "", FORWARD)).replace("!Ref G", own).replace("!Ref L", '{"Ref": "L"}')
    one, other = (
        listener(BASE + rule + LISTENER % (FORWARD, "")) for rule in (text, RULE % ("R", "!Ref L", 1, "", FORWARD))
    )
    assert plain(one.rules[0]) == plain(other.rules[0])
