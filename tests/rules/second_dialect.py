"""For each rule a bad and a good project in another dialect than its page has: plain CloudFormation, OpenAPI."""

from __future__ import annotations

from msgspec import Struct

from . import templates as t

BARE = t.handler("{}")
ECHO = """\
SITES = ("https://app.example.com", "https://admin.example.com")


def handler(event, context):
    origin = event["headers"].get("origin") or event["headers"].get("Origin")
    headers = {%s}
    if origin in SITES:
        headers["Access-Control-Allow-Origin"] = origin
    return {"statusCode": 200, "headers": headers, "body": ""}
"""
PUT = "Access-Control-Allow-Origin: \"'https://app.example.com'\"; Access-Control-Allow-Methods: \"'PUT'\""
PUT_CACHED = PUT + "; Access-Control-Max-Age: \"'600'\""
JWT = """\
  Tokens:
    Type: AWS::ApiGatewayV2::Authorizer
    Properties:
      ApiId: !Ref Shop
      AuthorizerType: JWT
      Name: tokens
      IdentitySource: [$request.header.Authorization]
      JwtConfiguration: {Issuer: https://id.example.com, Audience: [shop]}
"""
AUTH = ", AuthorizationType: JWT, AuthorizerId: !Ref Tokens"
ACL = """\
  Acl:
    Type: AWS::WAFv2::WebACL
    Properties:
      DefaultAction: {Allow: {}}
      Rules:
        - Name: keyed
          Priority: 0
          Action: {Block: {}}
          Statement:
            NotStatement:
              Statement:
                ByteMatchStatement:
                  FieldToMatch: {SingleHeader: {Name: %s}}
                  PositionalConstraint: EXACTLY
                  SearchString: key
  Guarded:
    Type: AWS::WAFv2::WebACLAssociation
    Properties: {WebACLArn: !GetAtt Acl.Arn, ResourceArn: !Ref Balancer}
"""
ANSWERS = """\
def handler(event, context):
    if event["httpMethod"] == "OPTIONS":
        return {"statusCode": 204, "headers": {"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Methods": "PUT"}}
    return {"statusCode": 200, "headers": {"Access-Control-Allow-Origin": "*"}, "body": ""}
"""
POLICY = """\
  Added:
    Type: AWS::CloudFront::ResponseHeadersPolicy
    Properties:
      ResponseHeadersPolicyConfig:
        Name: added
        CorsConfig:
          OriginOverride: true
          AccessControlAllowCredentials: false
          AccessControlAllowHeaders: {Items: ['*']}
          AccessControlAllowMethods: {Items: [GET]}
          AccessControlAllowOrigins: {Items: [%s]}
"""
FOR_COOKIES = "AllowOrigins: ['https://app.example.com'], AllowCredentials: true, MaxAge: 600"


class Pair(Struct, frozen=True, dict=True):
    """A bad project, and the same one mended. `arguments` as of `corsmith check`."""

    bad: dict[str, str]
    good: dict[str, str]
    arguments: str = ""


def pair(
    bad: str, good: str, code: str = BARE, mended: str | None = None, arguments: str = "", name: str = "t.yaml"
) -> Pair:
    """Return a pair of templates, with the code of each."""
    return Pair({name: bad, "app.py": code}, {name: good, "app.py": mended if mended is not None else code}, arguments)


def behind(behavior: str, template: str | None = None, **more: str) -> str:
    """Return an API with a distribution in front of it."""
    return (template or t.http_api()) + t.distribution(behavior, **more)


EDGE = f"{t.ALL_METHODS}, {t.NO_CACHE}, {t.EXCEPT_HOST}"

MOVED = """\
  Moved:
    Type: AWS::ElasticLoadBalancingV2::ListenerRule
    Properties:
      ListenerArn: !Ref Listener
      Priority: 1
      Conditions:
        - {Field: host-header, HostHeaderConfig: {Values: [old.example.com]}}
        - {Field: http-request-method, HttpRequestMethodConfig: {Values: [%s]}}
      Actions: [{Type: fixed-response, FixedResponseConfig: {StatusCode: '410'}}]
"""

PAIRS: dict[str, Pair] = {
    "alb-answers-itself": pair(
        t.load_balancer() + MOVED % "GET", t.load_balancer() + MOVED % "DELETE", t.handler(), arguments="--method GET"
    ),
    "allow-headers-wildcard-authorization": pair(
        t.http_api("AllowOrigins: ['*'], AllowHeaders: ['*'], MaxAge: 600", auth=AUTH, extra=JWT),
        t.http_api("AllowOrigins: ['*'], AllowHeaders: [Authorization], MaxAge: 600", auth=AUTH, extra=JWT),
    ),
    "allow-list-joined-in-one-item": pair(
        t.function_url("AllowOrigins: ['*'], AllowHeaders: ['content-type,x-page'], AllowMethods: [GET], MaxAge: 600"),
        t.function_url("AllowOrigins: ['*'], AllowHeaders: [content-type, x-page], AllowMethods: [GET], MaxAge: 600"),
        arguments="--method GET --header 'x-page: 1'",
    ),
    "cors-config-on-wrong-resource": pair(
        t.definition(
            "x-amazon-apigateway-cors: {allowOrigins: ['*']}\n"
            "      x-amazon-apigateway-integration: {type: aws_proxy, httpMethod: POST, payloadFormatVersion: '2.0', uri: arn}"
        ),
        t.definition(
            "x-amazon-apigateway-integration: {type: aws_proxy, httpMethod: POST, payloadFormatVersion: '2.0', uri: arn}",
            extension="x-amazon-apigateway-cors: {allowOrigins: ['*'], allowHeaders: [x-page]}\n",
        ),
        arguments="--method GET --header 'x-page: 1'",
    ),
    "header-typo": pair(
        t.rest_api(PUT.replace("Origin:", "Orgin:"), method="PUT"), t.rest_api(PUT, method="PUT"), t.handler()
    ),
    "headers-not-applied": pair(
        t.load_balancer(multi_value=True),
        t.load_balancer(),
        t.handler(),
        arguments="--method GET",
    ),
    "non-string-header-value": pair(
        t.load_balancer(),
        t.load_balancer(),
        t.handler('{"Access-Control-Allow-Origin": ["*"]}'),
        t.handler('{"Access-Control-Allow-Origin": "*"}'),
        arguments="--method GET",
    ),
    "lambda-permission-missing": pair(
        t.load_balancer(permitted=False), t.load_balancer(), t.handler(), arguments="--method GET"
    ),
    "function-url-permission-missing": pair(
        t.function_url(permissions="none"), t.function_url(), arguments="--method GET"
    ),
    "rest-stage-not-deployed": pair(
        t.rest_api(PUT, method="PUT", depends="[Call]"),
        t.rest_api(PUT, method="PUT", depends="[Call, Preflight, Default4Xx, Default5Xx]"),
        t.handler(),
    ),
    "httpapi-stage-not-deployed": pair(t.http_api(stage="AutoDeploy: false"), t.http_api()),
    "httpapi-handler-headers-ignored": pair(
        t.http_api(), t.http_api(), t.handler('{"Access-Control-Allow-Origin": "*"}'), t.handler("{}")
    ),
    "expose-headers-missing": pair(
        t.function_url(),
        t.function_url("AllowOrigins: ['https://app.example.com'], ExposeHeaders: [x-request-cost], MaxAge: 600"),
        t.handler('{"X-Request-Cost": "3"}'),
        arguments="--method GET",
    ),
    "missing-vary-origin": pair(
        t.rest_api(), t.rest_api(), ECHO % "", ECHO % '"Vary": "Origin"', arguments="--origin https://app.example.com"
    ),
    "preflight-not-cached": pair(t.rest_api(PUT, method="PUT"), t.rest_api(PUT_CACHED, method="PUT"), t.handler()),
    "cookie-not-sent": pair(
        t.http_api(FOR_COOKIES),
        t.http_api(FOR_COOKIES),
        t.handler('{"Set-Cookie": "s=1; HttpOnly"}'),
        t.handler('{"Set-Cookie": "s=1; HttpOnly; Secure; SameSite=None"}'),
    ),
    "local-network-access": pair(
        t.load_balancer(scheme="internal"), t.load_balancer(), t.handler(), arguments="--method GET"
    ),
    "origin-header-case": pair(
        t.http_api("", payload="1.0"),
        t.http_api("", payload="1.0"),
        (ECHO % '"Vary": "Origin"').replace('event["headers"].get("origin") or ', ""),
        ECHO % '"Vary": "Origin"',
    ),
    "preflight-blocked-in-front": pair(
        t.load_balancer() + ACL % "x-api-key",
        t.load_balancer() + ACL % "user-agent",
        ANSWERS,
        arguments="--method PUT",
    ),
    "cloudfront-options-not-allowed": pair(
        behind(
            f"{t.NO_CACHE}, {t.EXCEPT_HOST}",
            t.function_url("AllowOrigins: ['*'], AllowMethods: ['*'], AllowHeaders: [x-page], MaxAge: 600"),
            domain="!Select [2, !Split ['/', !GetAtt ItemsUrl.FunctionUrl]]",
        ),
        behind(
            EDGE,
            t.function_url("AllowOrigins: ['*'], AllowMethods: ['*'], AllowHeaders: [x-page], MaxAge: 600"),
            domain="!Select [2, !Split ['/', !GetAtt ItemsUrl.FunctionUrl]]",
        ),
        arguments="--method GET --header 'x-page: 1'",
    ),
    "cloudfront-drops-origin-header": pair(
        behind(f"{t.ALL_METHODS}, ForwardedValues: {{QueryString: true, Headers: [Authorization]}}, MaxTTL: 0"),
        behind(f"{t.ALL_METHODS}, ForwardedValues: {{QueryString: true, Headers: [Authorization, Origin]}}, MaxTTL: 0"),
    ),
    "cloudfront-caches-without-origin": pair(
        behind(f"{t.ALL_METHODS}, {t.CACHE}, OriginRequestPolicyId: 59781a5b-3903-41f3-afcb-af62929ccde1"),
        behind(f"{t.ALL_METHODS}, CachePolicyId: 83da9c7e-98b4-4e11-a168-04f0df8e2c65"),
    ),
    "cloudfront-forwards-host": pair(
        behind(
            f"{t.ALL_METHODS}, {t.NO_CACHE}, {t.ALL_VIEWER}",
            t.rest_api(),
            origin="OriginPath: /prod, CustomOriginConfig: {OriginProtocolPolicy: https-only}",
        ),
        behind(EDGE, t.rest_api(), origin="OriginPath: /prod, CustomOriginConfig: {OriginProtocolPolicy: https-only}"),
        t.handler(),
    ),
    "cloudfront-replaces-errors": pair(
        behind(
            EDGE, config="CustomErrorResponses: [{ErrorCode: 404, ResponsePagePath: /index.html, ResponseCode: 200}]"
        ),
        behind(EDGE),
        t.handler("{}", status=404),
        t.handler("{}", status=404),
    ),
    "function-url-requires-iam": pair(
        t.function_url("").replace("AuthType: NONE", "AuthType: AWS_IAM"),
        t.function_url(f"AllowOrigins: ['{t.APP}'], AllowHeaders: ['*'], MaxAge: 600").replace(
            "AuthType: NONE", "AuthType: AWS_IAM"
        ),
        arguments="--method GET",
    ),
    "rest-method-missing-response-parameters": pair(
        t.definition(
            "responses: {'200': {description: read}}\n      x-amazon-apigateway-integration:\n        type: mock\n"
            "        requestTemplates: {application/json: '{\"statusCode\": 200}'}\n"
            "        responses: {default: {statusCode: '200'}}"
        ),
        t.definition(
            "responses: {'200': {description: read, headers: {Access-Control-Allow-Origin: {schema: {type: string}}}}}\n"
            "      x-amazon-apigateway-integration:\n        type: mock\n"
            "        requestTemplates: {application/json: '{\"statusCode\": 200}'}\n"
            "        responses: {default: {statusCode: '200', responseParameters: "
            "{method.response.header.Access-Control-Allow-Origin: \"'*'\"}}}"
        ),
    ),
}
