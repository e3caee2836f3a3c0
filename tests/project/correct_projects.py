"""Small projects that their owners would call correct, in the styles that people write."""

from __future__ import annotations

from tests.rules import templates as cfn

from .python_styles import (
    ANSWERS_1,
    ANSWERS_2,
    COOKIE,
    DECORATED,
    FASTAPI,
    FLASK,
    FROM_ENV,
    HELPER,
    MULTI,
    OPEN,
    PLAIN,
    POWERTOOLS,
    SEVERAL,
    SILENT,
)

APP = "https://app.example.com"
Q = f"\"'{APP}'\""
HEAD = "Transform: AWS::Serverless-2016-10-31\n"
ERRORS = f"""\
      GatewayResponses:
        DEFAULT_4XX: {{ResponseParameters: {{Headers: {{Access-Control-Allow-Origin: {Q}}}}}}}
        DEFAULT_5XX: {{ResponseParameters: {{Headers: {{Access-Control-Allow-Origin: {Q}}}}}}}
"""


def sam_rest(api: str = "", events: str = "GET /items", errors: str = ERRORS, more: str = "") -> str:
    """Return a SAM REST API; `api` are further properties, `events` "METHOD /path" separated by commas."""
    return (
        f"{HEAD}Resources:\n  Shop:\n    Type: AWS::Serverless::Api\n    Properties:\n      StageName: prod\n{api}{errors}"
        + sam_function("Api", "RestApiId: !Ref Shop", events)
        + more
    )


def sam_http(api: str = "", events: str = "GET /items", more: str = "") -> str:
    """Return a SAM HTTP API."""
    properties = f"    Properties:\n{api}" if api else ""
    return (
        f"{HEAD}Resources:\n  Shop:\n    Type: AWS::Serverless::HttpApi\n{properties}"
        + sam_function("HttpApi", "ApiId: !Ref Shop", events)
        + more
    )


def sam_function(kind: str, api: str, events: str) -> str:
    """Return a SAM function with events."""
    lines = ["  Items:", "    Type: AWS::Serverless::Function", "    Properties:", "      Runtime: python3.13"]
    lines += ["      Handler: app.handler", "      CodeUri: src", "      Events:"]
    for number, event in enumerate(events.split(", ")):
        method, _, path = event.partition(" ")
        route = f"Path: '{path}', Method: {method}" if path else ""
        lines.append(f"        E{number}: {{Type: {kind}, Properties: {{{', '.join(p for p in (api, route) if p)}}}}}")
    return "\n".join(lines) + "\n"


def sam_url(cors: str = "") -> str:
    """Return a SAM Function URL."""
    settings = f"        Cors: {cors}\n" if cors else ""
    return (
        f"{HEAD}Resources:\n  Items:\n    Type: AWS::Serverless::Function\n    Properties:\n      Runtime: python3.13\n"
        f"      Handler: app.handler\n      CodeUri: src\n      FunctionUrlConfig:\n        AuthType: NONE\n{settings}"
    )


CORS = f"      Cors: {{AllowOrigin: {Q}, AllowMethods: \"'*'\", AllowHeaders: \"'content-type,authorization'\"}}\n"
HTTP_CORS = f"""\
      CorsConfiguration:
        AllowOrigins: ['{APP}']
        AllowMethods: ['*']
        AllowHeaders: [content-type, authorization]
"""
URL_CORS = f"{{AllowOrigins: ['{APP}'], AllowMethods: ['*'], AllowHeaders: [content-type]}}"
TOKENS = """\
      Auth:
        DefaultAuthorizer: Tokens
        Authorizers:
          Tokens:
            IdentitySource: $request.header.Authorization
            JwtConfiguration: {issuer: https://id.example.com, audience: [shop]}
"""
POOL = """\
      Auth:
        DefaultAuthorizer: Pool
        AddDefaultAuthorizerToCorsPreflight: false
        Authorizers: {Pool: {UserPoolArn: 'arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_A'}}
"""
KEYED = "      Auth: {ApiKeyRequired: true, AddApiKeyRequiredToCorsPreflight: false}\n"

PUT = f"Access-Control-Allow-Origin: {Q}; Access-Control-Allow-Methods: \"'GET,PUT'\""
EDGE = f"{cfn.ALL_METHODS}, {cfn.NO_CACHE}, {cfn.EXCEPT_HOST}"
SAME_SITE = """\
  Site:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        Aliases: [%s]
        Origins:
          - {Id: pages, DomainName: !GetAtt Pages.RegionalDomainName, S3OriginConfig: {}}
          - Id: api
            DomainName: !Sub '${Shop}.execute-api.${AWS::Region}.amazonaws.com'
            OriginPath: %s
            CustomOriginConfig: {OriginProtocolPolicy: https-only}
        DefaultCacheBehavior:
          TargetOriginId: pages
          ViewerProtocolPolicy: redirect-to-https
          CachePolicyId: 658327ea-f89d-4fab-a63d-7e88639e58f6
        CacheBehaviors:
          - {PathPattern: '/items*', TargetOriginId: api, ViewerProtocolPolicy: redirect-to-https, %s}
  Pages: {Type: AWS::S3::Bucket}
"""
POLICY = f"""\
  Added:
    Type: AWS::CloudFront::ResponseHeadersPolicy
    Properties:
      ResponseHeadersPolicyConfig:
        Name: added
        CorsConfig:
          OriginOverride: true
          AccessControlAllowCredentials: false
          AccessControlAllowHeaders: {{Items: ['*']}}
          AccessControlAllowMethods: {{Items: [GET, PUT]}}
          AccessControlAllowOrigins: {{Items: ['{APP}']}}
"""
OPENAPI = f"""\
openapi: 3.0.1
info: {{title: shop, version: "1"}}
x-amazon-apigateway-cors:
  {{allowOrigins: ['{APP}'], allowMethods: [GET, PUT], allowHeaders: [content-type], maxAge: 600}}
paths:
  /items:
    put:
      x-amazon-apigateway-integration: {{type: aws_proxy, httpMethod: POST, payloadFormatVersion: '2.0', uri: arn}}
"""
SERVERLESS_REST = f"""\
service: shop
provider: {{name: aws, runtime: python3.13}}
functions:
  items:
    handler: src/app.handler
    events:
      - http: {{path: items, method: get, cors: {{origin: '{APP}', headers: [content-type]}}}}
resources:
  Resources:
    Errors4:
      Type: AWS::ApiGateway::GatewayResponse
      Properties:
        ResponseType: DEFAULT_4XX
        RestApiId: !Ref ApiGatewayRestApi
        ResponseParameters: {{gatewayresponse.header.Access-Control-Allow-Origin: {Q}}}
    Errors5:
      Type: AWS::ApiGateway::GatewayResponse
      Properties:
        ResponseType: DEFAULT_5XX
        RestApiId: !Ref ApiGatewayRestApi
        ResponseParameters: {{gatewayresponse.header.Access-Control-Allow-Origin: {Q}}}
"""
SERVERLESS_HTTP = f"""\
service: shop
provider:
  name: aws
  runtime: python3.13
  httpApi:
    cors: {{allowedOrigins: ['{APP}'], allowedMethods: [GET, PUT], allowedHeaders: [content-type]}}
functions:
  items:
    handler: src/app.handler
    events: [{{httpApi: 'GET /items'}}, {{httpApi: 'PUT /items'}}]
"""


def sam(template: str, code: str = PLAIN, **more: str) -> dict[str, str]:
    """Return a SAM project."""
    return {"template.yaml": template, "src/app.py": code, **more}


def plain(template: str, code: str = PLAIN) -> dict[str, str]:
    """Return a project in plain CloudFormation."""
    return {"stack.yaml": template, "app.py": code}


PROJECTS: dict[str, dict[str, str]] = {
    "REST: the shorthand": sam(sam_rest(f"      Cors: {Q}\n")),
    "REST: the map": sam(sam_rest(CORS, "GET /items, PUT /items")),
    "REST: a body, helper for all answers": sam(sam_rest(CORS, "POST /items"), HELPER),
    "REST: a decorator": sam(sam_rest(CORS, "GET /items/{id}"), DECORATED),
    "REST: several sites": sam(sam_rest(f"      Cors: {Q}\n"), SEVERAL),
    "REST: a user pool, preflights free": sam(sam_rest(CORS + POOL)),
    "REST: an API key, preflights free": sam(sam_rest(CORS.replace("authorization", "x-api-key") + KEYED)),
    "REST: GET alone needs no OPTIONS": sam(sam_rest("")),
    "REST: the code answers ANY": sam(sam_rest("", "ANY /{proxy+}"), ANSWERS_1),
    "REST: everybody": sam(
        sam_rest("      Cors: \"'*'\"\n", errors=ERRORS.replace(Q, "\"'*'\"")),
        cfn.handler('{"Access-Control-Allow-Origin": "*"}'),
    ),
    "REST: credentials": sam(
        sam_rest(
            f"      Cors: {{AllowOrigin: {Q}, AllowCredentials: true}}\n",
            errors=ERRORS.replace(f"{Q}}}", f"{Q}, Access-Control-Allow-Credentials: \"'true'\"}}"),
        ),
        COOKIE,
    ),
    "REST: binary types that are not all": sam(sam_rest(CORS + "      BinaryMediaTypes: [image/png]\n", "PUT /items")),
    "REST: the origin from a parameter": sam(
        sam_rest("      Cors: !Sub \"'${Page}'\"\n").replace(
            HEAD, f"{HEAD}Parameters:\n  Page: {{Type: String, Default: '{APP}'}}\n"
        )
        + "      Environment: {Variables: {ORIGIN: !Ref Page}}\n",
        FROM_ENV,
    ),
    "REST: the implicit API": sam(
        f"{HEAD}Globals:\n  Api:\n    Cors: {Q}\n"
        + ERRORS.replace("      ", "    ", 1).replace("\n        ", "\n      ")
        + "Resources:\n"
        + sam_function("Api", "", "GET /items").replace("{, ", "{")
    ),
    "HTTP: configured": sam(sam_http(HTTP_CORS, "GET /items, PUT /items"), SILENT),
    "HTTP: configured, and the code says the same": sam(sam_http(HTTP_CORS), PLAIN),
    "HTTP: everybody": sam(sam_http("      CorsConfiguration: true\n"), SILENT),
    "HTTP: tokens, verbs listed": sam(sam_http(HTTP_CORS + TOKENS, "GET /items, PUT /items"), SILENT),
    "HTTP: the code answers everything": sam(sam_http("", "ANY /{proxy+}"), ANSWERS_2),
    "HTTP: a route for any method": sam(sam_http("", "ANY /items"), ANSWERS_2),
    "HTTP: Powertools": sam(sam_http("", "ANY /{proxy+}"), POWERTOOLS),
    "HTTP: FastAPI": sam(sam_http("", "ANY /{proxy+}"), FASTAPI),
    "HTTP: Flask": sam(sam_http("", "ANY /{proxy+}"), FLASK),
    "HTTP: a stage with a name": sam(sam_http(HTTP_CORS + "      StageName: live\n"), SILENT),
    "HTTP: an unhandled error is read as it is": sam(
        sam_http(HTTP_CORS, "GET /items/{id}"),
        'def handler(event, context):\n    return {"statusCode": 200, "body": event["pathParameters"]["name"]}\n',
    ),
    "HTTP: no statusCode, configured": sam(
        sam_http(HTTP_CORS), 'def handler(event, context):\n    return {"items": []}\n'
    ),
    "URL: configured": sam(sam_url(URL_CORS), SILENT),
    "URL: the code answers": sam(sam_url(), ANSWERS_2),
    "URL: everybody": sam(sam_url("{AllowOrigins: ['*']}"), SILENT),
    "URL: FastAPI owns it": sam(sam_url(), FASTAPI),
    "CloudFormation: HTTP": plain(cfn.http_api(), SILENT),
    "CloudFormation: HTTP, format 1.0": plain(cfn.http_api(payload="1.0"), SILENT),
    "CloudFormation: HTTP, the code answers": plain(cfn.http_api("", route="ANY /items"), ANSWERS_2),
    "CloudFormation: REST": plain(cfn.rest_api(PUT, method="PUT")),
    "CloudFormation: REST, GET alone": plain(cfn.rest_api()),
    "CloudFormation: URL": plain(cfn.function_url(), SILENT),
    "CloudFormation: URL, the code answers": plain(cfn.function_url(""), ANSWERS_2),
    "CloudFormation: load balancer": plain(cfn.load_balancer(), ANSWERS_1),
    "CloudFormation: load balancer, open": plain(cfn.load_balancer(), OPEN),
    "CloudFormation: load balancer, lists": plain(cfn.load_balancer(multi_value=True), MULTI),
    "CloudFront: the API under its own name": plain(cfn.http_api() + cfn.distribution(EDGE), SILENT),
    "CloudFront: REST with the stage as its path": plain(
        cfn.rest_api(PUT, method="PUT")
        + cfn.distribution(EDGE, origin="OriginPath: /prod, CustomOriginConfig: {OriginProtocolPolicy: https-only}")
    ),
    "CloudFront: pages and API on one site": plain(
        cfn.http_api("") + SAME_SITE % ("", "''", EDGE),
        'def handler(event, context):\n    return {"statusCode": 200, "body": ""}\n',
    ),
    "CloudFront: pages and REST API on one site": plain(
        cfn.rest_api("", method="PUT") + SAME_SITE % ("app.example.com", "/prod", EDGE), SILENT
    ),
    "CloudFront: a policy adds the headers": plain(
        cfn.http_api("") + cfn.distribution(f"{EDGE}, ResponseHeadersPolicyId: !Ref Added", extra=POLICY), SILENT
    ),
    "CloudFront: everybody, kept": plain(
        cfn.rest_api()
        + cfn.distribution(
            f"{cfn.ALL_METHODS}, {cfn.CACHE}",
            origin="OriginPath: /prod, CustomOriginConfig: {OriginProtocolPolicy: https-only}",
        ),
    ),
    "OpenAPI: the extension": {"api.yaml": OPENAPI},
    "Serverless: REST": {"serverless.yml": SERVERLESS_REST, "src/app.py": PLAIN},
    "Serverless: HTTP": {"serverless.yml": SERVERLESS_HTTP, "src/app.py": SILENT},
}
