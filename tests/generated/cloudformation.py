"""Projects in plain CloudFormation, and what CDK synthesizes, which is the same with metadata."""

from __future__ import annotations

import random
from typing import Any

from . import code, edge
from .lists import CLOUDFORMATION, members
from .plan import ALB, CDK, HTTP, REST, Plan, Preflight
from .yaml_text import Att, Ref, Sub, as_json, as_yaml

Resources = dict[str, dict[str, Any]]
INVOKED = "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Items.Arn}/invocations"
POOL = "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_A"


def files(plan: Plan, dice: random.Random) -> dict[str, str]:
    """Return the template of a plan."""
    found = resources(plan)
    if plan.dialect != CDK:
        head = {"AWSTemplateFormatVersion": "2010-09-09"} if dice.random() < 0.7 else {}
        if dice.random() < 0.15:
            return {"template.json": as_json({**head, "Resources": found})}
        return {dice.choice(("template.yaml", "stack.yml")): as_yaml({**head, "Resources": found}, dice)}
    for name, each in found.items():
        each["Metadata"] = {"aws:cdk:path": f"Shop/{name}/Resource"}
    found["Items"]["Metadata"] |= {"aws:asset:path": code.folder(plan), "aws:asset:property": "Code"}
    return {"cdk.out/Shop.template.json": as_json({"Resources": found})}


def resources(plan: Plan) -> Resources:
    """Return every resource of a plan."""
    found = {REST: _rest, HTTP: _http, ALB: _listener}.get(plan.door, _url)(plan)
    return {**found, "Items": function(plan), **edge.resources(plan), **_guard(plan)}


def function(plan: Plan) -> dict[str, Any]:
    """Return the function."""
    s3 = {"S3Bucket": "assets", "S3Key": "0123abcd.zip"}
    return _of(
        "AWS::Lambda::Function",
        Runtime=code.RUNTIMES[plan.language],
        Handler=code.handler(plan),
        Role="arn:aws:iam::123456789012:role/items",
        Code=s3 if plan.dialect == CDK else code.folder(plan),
    )


def _of(kind: str, **properties: Any) -> dict[str, Any]:
    return {"Type": kind, "Properties": properties}


def _permission(principal: str, **more: Any) -> dict[str, Any]:
    return _of(
        "AWS::Lambda::Permission",
        Action="lambda:InvokeFunction",
        FunctionName=Ref("Items"),
        Principal=principal,
        **more,
    )


def _allowed(plan: Plan, pattern: str) -> Resources:
    arn = Sub(f"arn:aws:execute-api:${{AWS::Region}}:${{AWS::AccountId}}:${{Shop}}/{pattern}")
    return {"Allowed": _permission("apigateway.amazonaws.com", SourceArn=arn)} if plan.permitted else {}


def _http(plan: Plan) -> Resources:
    api: dict[str, Any] = {"Name": "shop", "ProtocolType": "HTTP"}
    stray = plan.stray and plan.lists is not None
    if plan.lists is not None and not stray:
        api["CorsConfiguration"] = members(plan.lists, CLOUDFORMATION)
    stage: dict[str, Any] = {"ApiId": Ref("Shop"), "StageName": "$default"}
    if plan.deployed:
        stage["AutoDeploy"] = True
    if plan.throttled:
        stage["DefaultRouteSettings"] = {"ThrottlingBurstLimit": 0, "ThrottlingRateLimit": 0}
    route: dict[str, Any] = {"ApiId": Ref("Shop"), "RouteKey": route_key(plan), "Target": Sub("integrations/${Call}")}
    found: Resources = {"Shop": _of("AWS::ApiGatewayV2::Api", **api), "Stage": _of("AWS::ApiGatewayV2::Stage", **stage)}
    if plan.authorizer:
        route |= {"AuthorizationType": "JWT", "AuthorizerId": Ref("Tokens")}
        found["Tokens"] = _of(
            "AWS::ApiGatewayV2::Authorizer",
            ApiId=Ref("Shop"),
            AuthorizerType="JWT",
            Name="tokens",
            IdentitySource=["$request.header.Authorization"],
            JwtConfiguration={"Issuer": "https://id.example.com", "Audience": ["shop"]},
        )
    found["Call"] = _of(
        "AWS::ApiGatewayV2::Integration",
        ApiId=Ref("Shop"),
        IntegrationType="AWS_PROXY",
        IntegrationUri=Att("Items", "Arn"),
        PayloadFormatVersion="2.0",
    )
    found["Route"] = _of("AWS::ApiGatewayV2::Route", **route)
    return {**found, **_allowed(plan, "*/*")}


def route_key(plan: Plan) -> str:
    """Return the route of an HTTP API."""
    return "$default" if plan.catch_all else f"{plan.method} {plan.path}"


def _rest(plan: Plan) -> Resources:
    api: dict[str, Any] = {"Name": "shop"}
    if plan.binary:
        api["BinaryMediaTypes"] = list(plan.binary)
    found: Resources = {"Shop": _of("AWS::ApiGateway::RestApi", **api)}
    parent: Any = Att("Shop", "RootResourceId")
    waits = ["Method"]
    for at, part in enumerate(segments(plan)):
        found[f"Path{at}"] = _of("AWS::ApiGateway::Resource", RestApiId=Ref("Shop"), ParentId=parent, PathPart=part)
        parent = Ref(f"Path{at}")
    base = {"RestApiId": Ref("Shop"), "ResourceId": parent}
    if plan.authorizer:
        found["Pool"] = _of(
            "AWS::ApiGateway::Authorizer",
            RestApiId=Ref("Shop"),
            Name="pool",
            Type="COGNITO_USER_POOLS",
            IdentitySource="method.request.header.Authorization",
            ProviderARNs=[POOL],
        )
    found["Method"] = _of(
        "AWS::ApiGateway::Method",
        **base,
        HttpMethod="ANY" if plan.catch_all else plan.method,
        **_who(authorized=bool(plan.authorizer), keyed=plan.keyed),
        **_integration(plan),
    )
    if plan.preflight is not None:
        found["Preflight"] = _of(
            "AWS::ApiGateway::Method",
            **base,
            HttpMethod="OPTIONS",
            **_who(authorized=plan.preflight.authorized, keyed=plan.preflight.keyed),
            **mock(plan.preflight),
        )
        waits += ["Preflight"] if plan.deployed else []
    for kind in ("DEFAULT_4XX", "DEFAULT_5XX") if plan.gateway_responses else ():
        name = kind.title().replace("_", "")
        found[name] = _of(
            "AWS::ApiGateway::GatewayResponse",
            RestApiId=Ref("Shop"),
            ResponseType=kind,
            ResponseParameters={f"gatewayresponse.header.{key}": value for key, value in plan.gateway_responses},
        )
        waits += [name] if plan.deployed else []
    found["Release"] = {**_of("AWS::ApiGateway::Deployment", RestApiId=Ref("Shop")), "DependsOn": waits}
    stage: dict[str, Any] = {"RestApiId": Ref("Shop"), "DeploymentId": Ref("Release"), "StageName": "prod"}
    if plan.throttled:
        stage["MethodSettings"] = [
            {"HttpMethod": "*", "ResourcePath": "/*", "ThrottlingBurstLimit": 0, "ThrottlingRateLimit": 0}
        ]
    found["Stage"] = _of("AWS::ApiGateway::Stage", **stage)
    return {**found, **_allowed(plan, "*/*/*")}


def segments(plan: Plan) -> tuple[str, ...]:
    """Return the parts of the resource's path."""
    return ("{proxy+}",) if plan.catch_all else tuple(plan.path.strip("/").split("/"))


def _who(*, authorized: bool, keyed: bool) -> dict[str, Any]:
    how = {"AuthorizationType": "COGNITO_USER_POOLS", "AuthorizerId": Ref("Pool")} if authorized else {}
    return {"AuthorizationType": "NONE", **how, **({"ApiKeyRequired": True} if keyed else {})}


def _integration(plan: Plan) -> dict[str, Any]:
    proxy = {"IntegrationHttpMethod": "POST", "Uri": Sub(INVOKED)}
    if not plan.mapped:
        return {"Integration": {"Type": "AWS_PROXY", **proxy}}
    header = "method.response.header.Access-Control-Allow-Origin"
    response: dict[str, Any] = {"StatusCode": "200"}
    declared: dict[str, Any] = {"StatusCode": "200"}
    if plan.mapped != "-":
        response["ResponseParameters"] = {header: plan.mapped}
        declared["ResponseParameters"] = {header: True}
    return {
        "Integration": {"Type": "AWS", **proxy, "IntegrationResponses": [response]},
        "MethodResponses": [declared],
    }


def mock(preflight: Preflight) -> dict[str, Any]:
    """Return the integration and the responses of an OPTIONS mock."""
    made: dict[str, Any] = {"Type": "MOCK"}
    if preflight.template is not None:
        made["RequestTemplates"] = {"application/json": preflight.template}
    if preflight.text:
        made["ContentHandling"] = "CONVERT_TO_TEXT"
    response: dict[str, Any] = {"StatusCode": "200"}
    declared: dict[str, Any] = {"StatusCode": "200"}
    if preflight.parameters:
        response["ResponseParameters"] = {f"method.response.header.{key}": value for key, value in preflight.parameters}
        declared["ResponseParameters"] = {f"method.response.header.{key}": True for key, _ in preflight.parameters}
    if preflight.answers:
        made["IntegrationResponses"] = [response]
    return {"Integration": made, "MethodResponses": [declared]}


def _url(plan: Plan) -> Resources:
    own: dict[str, Any] = {"TargetFunctionArn": Att("Items", "Arn"), "AuthType": "AWS_IAM" if plan.signed else "NONE"}
    if plan.lists is not None and not plan.stray:
        own["Cors"] = members(plan.lists, CLOUDFORMATION)
    found: Resources = {"ItemsUrl": _of("AWS::Lambda::Url", **own)}
    if not plan.signed:
        found["MayCall"] = _of(
            "AWS::Lambda::Permission",
            Action="lambda:InvokeFunctionUrl",
            FunctionName=Ref("Items"),
            Principal="*",
            FunctionUrlAuthType="NONE",
        )
        if plan.invokes == "both":
            found["MayInvoke"] = _permission("*", InvokedViaFunctionUrl=True)
    return found


def _listener(plan: Plan) -> Resources:
    target = {"Type": "forward", "TargetGroupArn": Ref("Group")}
    own: dict[str, Any] = {"LoadBalancerArn": Ref("Balancer"), "Port": 443, "Protocol": "HTTPS"}
    found: Resources = {
        "Balancer": _of(
            "AWS::ElasticLoadBalancingV2::LoadBalancer",
            Scheme="internal" if plan.internal else "internet-facing",
            Type="application",
        )
    }
    if plan.listener_methods:
        nothing = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404", "ContentType": "text/plain"}}
        found["Listener"] = _of("AWS::ElasticLoadBalancingV2::Listener", **own, DefaultActions=[nothing])
        found["Rule"] = _of(
            "AWS::ElasticLoadBalancingV2::ListenerRule",
            ListenerArn=Ref("Listener"),
            Priority=1,
            Conditions=[
                {"Field": "http-request-method", "HttpRequestMethodConfig": {"Values": list(plan.listener_methods)}}
            ],
            Actions=[target],
        )
    else:
        found["Listener"] = _of("AWS::ElasticLoadBalancingV2::Listener", **own, DefaultActions=[target])
    if plan.moved:
        found["Moved"] = _of(
            "AWS::ElasticLoadBalancingV2::ListenerRule",
            ListenerArn=Ref("Listener"),
            Priority=2,
            Conditions=[
                {"Field": "host-header", "HostHeaderConfig": {"Values": ["old.shop.example"]}},
                {"Field": "http-request-method", "HttpRequestMethodConfig": {"Values": [plan.method]}},
            ],
            Actions=[{"Type": "redirect", "RedirectConfig": {"Host": "new.shop.example", "StatusCode": "HTTP_301"}}],
        )
    group: dict[str, Any] = {"TargetType": "lambda", "Targets": [{"Id": Att("Items", "Arn")}]}
    if plan.multi_value:
        group["TargetGroupAttributes"] = [{"Key": "lambda.multi_value_headers.enabled", "Value": "true"}]
    found["Group"] = _of("AWS::ElasticLoadBalancingV2::TargetGroup", **group)
    return {**found, **({"Allowed": _permission("elasticloadbalancing.amazonaws.com")} if plan.permitted else {})}


def _guard(plan: Plan) -> Resources:
    if not plan.guarded:
        return {}
    keyed = {
        "ByteMatchStatement": {
            "FieldToMatch": {"SingleHeader": {"Name": "x-api-key"}},
            "PositionalConstraint": "EXACTLY",
            "SearchString": "key",
            "TextTransformations": [{"Priority": 0, "Type": "NONE"}],
        }
    }
    rule = {
        "Name": "keyed",
        "Priority": 0,
        "Action": {"Block": {}},
        "Statement": {"NotStatement": {"Statement": keyed}},
    }
    arn: Any = Ref("Balancer")
    if plan.door == REST:
        arn = Sub("arn:aws:apigateway:${AWS::Region}::/restapis/${Shop}/stages/prod")
    return {
        "Acl": _of("AWS::WAFv2::WebACL", Scope="REGIONAL", DefaultAction={"Allow": {}}, Rules=[rule]),
        "Guarded": _of("AWS::WAFv2::WebACLAssociation", WebACLArn=Att("Acl", "Arn"), ResourceArn=arn),
    }
