"""Accounts with one fault each, built through boto3: in the fake of these tests, or in ministack."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import boto3
from msgspec import Struct

from .fake_aws.functions import ACCOUNT, REGION

ORIGIN = "https://app.example.com"
_HEADER = "method.response.header.Access-Control-Allow-"
_ZIP = b"PK\x05\x06" + b"\0" * 18
Json = dict[str, Any]


class Clients:
    """boto3's clients of one address."""

    def __init__(self, url: str, account: str = ACCOUNT) -> None:
        self.url, self.account = url, account
        session = boto3.Session(aws_access_key_id=account, aws_secret_access_key="secret", region_name=REGION)
        self.rest = session.client("apigateway", endpoint_url=url)
        self.http = session.client("apigatewayv2", endpoint_url=url)
        self.functions = session.client("lambda", endpoint_url=url)
        self.arn = f"arn:aws:lambda:{REGION}:{account}:function:items"
        self.invoke = f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{self.arn}/invocations"

    def close(self) -> None:
        """Close their connections."""
        for each in (self.rest, self.http, self.functions):
            each.close()

    def function(self, *, url: Json | None = None, permissions: tuple[Json, ...] = ()) -> None:
        """Make the function, with a URL and permissions."""
        self.functions.create_function(
            FunctionName="items",
            Runtime="python3.12",
            Handler="app.handler",
            Role="arn:aws:iam::123456789012:role/r",
            Code={"ZipFile": _ZIP},
        )
        if url is not None:
            self.functions.create_function_url_config(FunctionName="items", **url)
        for number, each in enumerate(permissions):
            self.functions.add_permission(FunctionName="items", StatementId=f"s{number}", **each)


class Faulty(Struct, frozen=True):
    """An account with a fault. `refused`: AWS would not let it be built, so that only a laxer server has it."""

    rule: str
    build: Callable[[Clients], None]
    name: str = ""
    refused: bool = False
    flags: Json = {}
    code: str = ""
    """The function's source, where it was read."""

    @property
    def id(self) -> str:
        """What a test is called by."""
        return f"{self.rule}{'-' + self.name if self.name else ''}"


API_MAY = {"Action": "lambda:InvokeFunction", "Principal": "apigateway.amazonaws.com"}
URL_MAY = (
    {"Action": "lambda:InvokeFunctionUrl", "Principal": "*", "FunctionUrlAuthType": "NONE"},
    {"Action": "lambda:InvokeFunction", "Principal": "*", "InvokedViaFunctionUrl": True},
)


class Rest:
    """A REST API with POST /items before the function, as it is built."""

    def __init__(self, clients: Clients, **settings: Any) -> None:
        self.clients, self.invoke = clients.rest, clients.invoke
        made = self.clients.create_rest_api(name="shop", **settings)
        self.id = made["id"]
        root = self.clients.get_resources(restApiId=self.id)["items"][0]["id"]
        self.items = self.clients.create_resource(restApiId=self.id, parentId=root, pathPart="items")["id"]
        if not clients.functions.list_functions()["Functions"]:
            clients.function(permissions=(API_MAY,))

    def proxy(self, verb: str = "POST", **how: Any) -> Rest:
        """Add a method that the function answers."""
        given = self.method(verb, **how)
        self.clients.put_integration(**given, type="AWS_PROXY", integrationHttpMethod="POST", uri=self.invoke)
        return self

    def method(self, verb: str, **how: Any) -> Json:
        """Add a method without an integration; return what names it."""
        given = {"restApiId": self.id, "resourceId": self.items, "httpMethod": verb}
        self.clients.put_method(**given, **{"authorizationType": "NONE", **how})
        return given

    def mock(
        self, headers: Json, *, template: str = '{"statusCode": 200}', how: Json | None = None, **mock: Any
    ) -> Rest:
        """Add OPTIONS with a MOCK that answers with `headers`, written as mapping expressions."""
        given = self.method("OPTIONS", **(how or {}))
        self.clients.put_integration(**given, type="MOCK", requestTemplates={"application/json": template}, **mock)
        named = {_HEADER + name: value for name, value in headers.items()}
        self.clients.put_method_response(**given, statusCode="200", responseParameters=dict.fromkeys(named, False))
        self.clients.put_integration_response(**given, statusCode="200", responseParameters=named, selectionPattern="")
        return self

    def errors(self) -> Rest:
        """Let API Gateway's own errors carry the headers."""
        for type_ in ("DEFAULT_4XX", "DEFAULT_5XX"):
            parameters = {"gatewayresponse.header.Access-Control-Allow-Origin": f"'{ORIGIN}'"}
            self.clients.put_gateway_response(restApiId=self.id, responseType=type_, responseParameters=parameters)
        return self

    def deploy(self) -> None:
        """Deploy it to a stage."""
        self.clients.create_deployment(restApiId=self.id, stageName="prod")

    def authorizer(self) -> Json:
        """Make an authorizer; return how a method names it."""
        made = self.clients.create_authorizer(
            restApiId=self.id,
            name="guard",
            type="TOKEN",
            authorizerUri=self.invoke,
            identitySource="method.request.header.Authorization",
        )
        return {"authorizationType": "CUSTOM", "authorizerId": made["id"]}


GOOD = {"Origin": f"'{ORIGIN}'", "Methods": "'OPTIONS,POST'", "Headers": "'content-type'"}


def _no_options(clients: Clients) -> None:
    Rest(clients).proxy().errors().deploy()


def _auth_on_options(clients: Clients) -> None:
    api = Rest(clients)
    api.proxy().mock(GOOD, how=api.authorizer()).errors().deploy()


def _auth_on_any(clients: Clients) -> None:
    api = Rest(clients)
    api.proxy("ANY", **api.authorizer()).errors().deploy()


def _iam_on_options(clients: Clients) -> None:
    Rest(clients).proxy().mock(GOOD, how={"authorizationType": "AWS_IAM"}).errors().deploy()


def _pool_on_options(clients: Clients) -> None:
    api = Rest(clients)
    made = api.clients.create_authorizer(
        restApiId=api.id,
        name="pool",
        type="COGNITO_USER_POOLS",
        providerARNs=[f"arn:aws:cognito-idp:{REGION}:{ACCOUNT}:userpool/eu-west-1_users"],
        identitySource="method.request.header.Authorization",
    )
    how = {
        "authorizationType": "COGNITO_USER_POOLS",
        "authorizerId": made["id"],
        "authorizationScopes": ["read", "write"],
    }
    api.proxy().mock(GOOD, how=how).errors().deploy()


def _key_on_options(clients: Clients) -> None:
    Rest(clients).proxy().mock(GOOD, how={"apiKeyRequired": True}).errors().deploy()


def _mock_yields_text(clients: Clients) -> None:
    Rest(clients).proxy().mock(GOOD, template='{"statusCode": "two hundred"}').errors().deploy()


def _mock_without_response(clients: Clients) -> None:
    api = Rest(clients).proxy()
    given = api.method("OPTIONS")
    api.clients.put_integration(**given, type="MOCK", requestTemplates={"application/json": '{"statusCode": 200}'})
    api.errors().deploy()


def _binary(clients: Clients) -> None:
    Rest(clients, binaryMediaTypes=["*/*"]).proxy().mock(GOOD).errors().deploy()


def _no_headers(clients: Clients) -> None:
    Rest(clients).proxy().mock({}).errors().deploy()


def _mapped_without_origin(clients: Clients) -> None:
    api = Rest(clients).mock(GOOD)
    given = api.method("POST")
    api.clients.put_integration(**given, type="MOCK", requestTemplates={"application/json": '{"statusCode": 200}'})
    api.clients.put_method_response(**given, statusCode="200")
    api.clients.put_integration_response(**given, statusCode="200", selectionPattern="")
    api.errors().deploy()


def _no_gateway_responses(clients: Clients) -> None:
    Rest(clients).proxy(apiKeyRequired=True).mock({**GOOD, "Headers": "'content-type,x-api-key'"}).deploy()


def _own_gateway_response(clients: Clients) -> None:
    api = Rest(clients).proxy(apiKeyRequired=True).mock({**GOOD, "Headers": "'content-type,x-api-key'"}).errors()
    parameters = {"gatewayresponse.header.x-shop": "'yes'"}
    api.clients.put_gateway_response(
        restApiId=api.id, responseType="INVALID_API_KEY", statusCode="401", responseParameters=parameters
    )
    api.deploy()


def _not_quoted(clients: Clients) -> None:
    Rest(clients).proxy().mock({**GOOD, "Origin": ORIGIN}).errors().deploy()


def _not_deployed(clients: Clients) -> None:
    api = Rest(clients).proxy().errors()
    api.deploy()
    api.mock(GOOD)


def _header_value_not_deployed(clients: Clients) -> None:
    api = Rest(clients).proxy().mock({**GOOD, "Headers": "'x-other'"}).errors()
    api.deploy()
    given = {"restApiId": api.id, "resourceId": api.items, "httpMethod": "OPTIONS", "statusCode": "200"}
    named = {_HEADER + name: value for name, value in GOOD.items()}
    api.clients.put_integration_response(**given, responseParameters=named, selectionPattern="")


def _gateway_response_not_deployed(clients: Clients) -> None:
    api = Rest(clients).proxy(apiKeyRequired=True).mock({**GOOD, "Headers": "'content-type,x-api-key'"})
    api.deploy()
    api.errors()


def _mock_says(**headers: str) -> Callable[[Clients], None]:
    def build(clients: Clients) -> None:
        said = {name: f"'{value}'" for name, value in headers.items()}
        Rest(clients).proxy("PUT").mock({**GOOD, "Methods": "'OPTIONS,PUT'", **said}).errors().deploy()

    return build


def _misspelt(clients: Clients) -> None:
    said = {"Origin": f"'{ORIGIN}'", "Methods": "'OPTIONS,POST'", "Header": "'content-type'"}
    Rest(clients).proxy().mock(said).errors().deploy()


def _star_beside_authorization(clients: Clients) -> None:
    cors = {"AllowOrigins": [ORIGIN], "AllowMethods": ["PUT"], "AllowHeaders": ["*"]}
    _http(cors, jwt=True)(clients)


def _no_permission(clients: Clients) -> None:
    clients.function()
    Rest(clients).proxy().mock(GOOD).deploy()


def _http(
    cors: Json | None,
    *,
    key: str = "PUT /items",
    jwt: bool = False,
    auto_deploy: bool = True,
) -> Callable[[Clients], str]:
    def build(clients: Clients) -> str:
        client = clients.http
        clients.function(permissions=(API_MAY,))
        own = {"CorsConfiguration": cors} if cors is not None else {}
        api = client.create_api(Name="web", ProtocolType="HTTP", **own)["ApiId"]
        made = client.create_integration(
            ApiId=api, IntegrationType="AWS_PROXY", IntegrationUri=clients.arn, PayloadFormatVersion="2.0"
        )
        guard: Json = {}
        if jwt:
            named = client.create_authorizer(
                ApiId=api,
                Name="login",
                AuthorizerType="JWT",
                IdentitySource=["$request.header.Authorization"],
                JwtConfiguration={"Issuer": "https://login.example.com", "Audience": ["web"]},
            )
            guard = {"AuthorizationType": "JWT", "AuthorizerId": named["AuthorizerId"]}
        client.create_route(ApiId=api, RouteKey=key, Target=f"integrations/{made['IntegrationId']}", **guard)
        client.create_stage(ApiId=api, StageName="$default", AutoDeploy=auto_deploy)
        if not auto_deploy:
            client.create_deployment(ApiId=api, StageName="$default")
        return str(api)

    return build


def _http_says(**cors: Any) -> Callable[[Clients], None]:
    good = {"AllowOrigins": [ORIGIN], "AllowMethods": ["PUT"], "AllowHeaders": ["content-type"]}
    return lambda clients: _done(_http({**good, **cors})(clients))


def _done(made: str) -> None:
    del made


def _http_stage(clients: Clients) -> None:
    api = _http(None, auto_deploy=False)(clients)
    cors = {"AllowOrigins": [ORIGIN], "AllowMethods": ["PUT"], "AllowHeaders": ["content-type"]}
    clients.http.update_api(ApiId=api, CorsConfiguration=cors)


def _http_without(clients: Clients) -> None:
    _http(None)(clients)


def _http_without_manual(clients: Clients) -> None:
    _http(None, auto_deploy=False)(clients)


def _http_any(clients: Clients) -> None:
    cors = {
        "AllowOrigins": [ORIGIN],
        "AllowMethods": ["GET", "POST"],
        "AllowHeaders": ["authorization", "content-type"],
    }
    _http(cors, key="ANY /items", jwt=True)(clients)


def _http_any_beside_verbs(clients: Clients) -> None:
    cors = {
        "AllowOrigins": [ORIGIN],
        "AllowMethods": ["GET", "POST"],
        "AllowHeaders": ["authorization", "content-type"],
    }
    api = _http(cors, key="ANY /items", jwt=True)(clients)
    route = clients.http.get_routes(ApiId=api)["Items"][0]
    guard = {name: route[name] for name in ("Target", "AuthorizationType", "AuthorizerId")}
    for verb in ("PUT", "PATCH", "DELETE", "HEAD"):
        clients.http.create_route(ApiId=api, RouteKey=f"{verb} /items", **guard)


def _http_default(clients: Clients) -> None:
    cors = {"AllowOrigins": [ORIGIN], "AllowMethods": ["*"], "AllowHeaders": ["authorization", "content-type"]}
    _http(cors, key="$default", jwt=True)(clients)


def _url_says(**cors: Any) -> Callable[[Clients], None]:
    good = {"AllowOrigins": [ORIGIN], "AllowMethods": ["GET", "POST"], "AllowHeaders": ["content-type"]}
    return lambda clients: clients.function(url={"AuthType": "NONE", "Cors": {**good, **cors}}, permissions=URL_MAY)


def _url_without(clients: Clients) -> None:
    clients.function(url={"AuthType": "NONE"}, permissions=URL_MAY)


def _url_not_allowed(clients: Clients) -> None:
    cors = {"AllowOrigins": [ORIGIN], "AllowMethods": ["*"], "AllowHeaders": ["content-type"]}
    clients.function(url={"AuthType": "NONE", "Cors": cors}, permissions=URL_MAY[:1])


def _url_of_an_alias(clients: Clients) -> None:
    cors = {"AllowOrigins": [ORIGIN], "AllowMethods": ["*"], "AllowHeaders": ["content-type"]}
    clients.function(url={"AuthType": "NONE", "Cors": cors}, permissions=URL_MAY)
    clients.functions.create_alias(FunctionName="items", Name="live", FunctionVersion="$LATEST")
    clients.functions.create_function_url_config(FunctionName="items", Qualifier="live", AuthType="NONE", Cors=cors)
    clients.functions.add_permission(FunctionName="items", Qualifier="live", StatementId="a0", **URL_MAY[0])


BARE = "def handler(event, context):\n    return {'statusCode': 200, 'body': '{}'}\n"
PUT: Json = {"methods": ("PUT",)}
COOKIES: Json = {"credentials": True}
FAULTY = (
    Faulty("rest-no-options-method", _no_options),
    Faulty("rest-options-requires-auth", _auth_on_options),
    Faulty("rest-options-requires-auth", _auth_on_any, "any"),
    Faulty("rest-options-requires-auth", _iam_on_options, "iam"),
    Faulty("rest-options-requires-auth", _pool_on_options, "pool"),
    Faulty("rest-options-requires-api-key", _key_on_options),
    Faulty("rest-mock-options-broken", _mock_yields_text),
    Faulty("rest-mock-options-broken", _mock_without_response, "no-response"),
    Faulty("rest-binary-media-breaks-mock-options", _binary),
    Faulty("rest-options-missing-response-parameters", _no_headers),
    Faulty("rest-method-missing-response-parameters", _mapped_without_origin),
    Faulty("rest-missing-gateway-responses", _no_gateway_responses),
    Faulty("rest-missing-gateway-responses", _own_gateway_response, "own"),
    Faulty("rest-unquoted-cors-value", _not_quoted, refused=True),
    Faulty("rest-stage-not-deployed", _not_deployed),
    Faulty("rest-stage-not-deployed", _header_value_not_deployed, "value"),
    Faulty("rest-stage-not-deployed", _gateway_response_not_deployed, "gateway-response"),
    Faulty("allow-headers-missing-header", _mock_says(Headers="x-other"), "rest"),
    Faulty("allow-methods-missing", _mock_says(Methods="OPTIONS,GET"), "rest"),
    Faulty("origin-trailing-slash", _mock_says(Origin=ORIGIN + "/"), "rest"),
    Faulty("origin-mismatch", _mock_says(Origin="http://app.example.com"), "rest"),
    Faulty("multiple-origins-in-one-header", _mock_says(Origin=f"{ORIGIN}, https://other.example.com"), "rest"),
    Faulty("credentials-header-missing", _mock_says(), "rest", flags=COOKIES),
    Faulty("wildcard-with-credentials", _mock_says(Origin="*", Credentials="true"), "rest", flags=COOKIES),
    Faulty("header-typo", _misspelt),
    Faulty("lambda-permission-missing", _no_permission),
    Faulty("allow-headers-wildcard-authorization", _star_beside_authorization),
    Faulty("max-age-out-of-range", _http_says(MaxAge=100_000), "http", refused=True),
    Faulty("max-age-out-of-range", _url_says(MaxAge=100_000), "url", refused=True),
    Faulty("httpapi-no-cors-config", _http_without),
    Faulty("httpapi-no-cors-config", _http_without_manual, "manual-deploy"),
    Faulty("httpapi-default-route-authorizer-catches-options", _http_any),
    Faulty("httpapi-default-route-authorizer-catches-options", _http_any_beside_verbs, "few"),
    Faulty("httpapi-default-route-authorizer-catches-options", _http_default, "default"),
    Faulty("httpapi-rest-style-quotes", _http_says(AllowOrigins=[f"'{ORIGIN}'"], AllowMethods=["'PUT'"])),
    Faulty(
        "httpapi-wildcard-credentials-rejected", _http_says(AllowOrigins=["*"], AllowCredentials=True), refused=True
    ),
    Faulty("httpapi-subdomain-wildcard", _http_says(AllowOrigins=["https://*.example.com"])),
    Faulty("httpapi-stage-not-deployed", _http_stage),
    Faulty("allow-headers-missing-header", _http_says(AllowHeaders=["x-other"]), "http"),
    Faulty("allow-methods-missing", _http_says(AllowMethods=["GET"]), "http"),
    Faulty("allow-list-joined-in-one-item", _http_says(AllowOrigins=[f"{ORIGIN},https://other.example.com"]), "http"),
    Faulty("origin-trailing-slash", _http_says(AllowOrigins=[ORIGIN + "/"]), "http"),
    Faulty("origin-mismatch", _http_says(AllowOrigins=["https://other.example.com"]), "http"),
    Faulty("credentials-header-missing", _http_says(), "http", flags=COOKIES),
    Faulty("wildcard-with-credentials", _http_says(AllowOrigins=["*"]), "http", flags=COOKIES),
    Faulty("function-url-no-cors-config", _url_without, code=BARE),
    Faulty("function-url-options-in-methods", _url_says(AllowMethods=["GET", "POST", "OPTIONS"]), refused=True),
    Faulty("function-url-subdomain-wildcard", _url_says(AllowOrigins=["https://*.example.com"]), refused=True),
    Faulty("function-url-permission-missing", _url_not_allowed),
    Faulty("function-url-permission-missing", _url_of_an_alias, "alias"),
    Faulty("allow-headers-missing-header", _url_says(AllowHeaders=["x-other"]), "url"),
    Faulty("allow-methods-missing", _url_says(AllowMethods=["GET"]), "url", flags=PUT),
    Faulty("origin-trailing-slash", _url_says(AllowOrigins=[ORIGIN + "/"]), "url"),
    Faulty("origin-mismatch", _url_says(AllowOrigins=["https://other.example.com"]), "url"),
    Faulty("credentials-header-missing", _url_says(), "url", flags=COOKIES),
    Faulty(
        "insecure-wildcard-with-credentials", _url_says(AllowOrigins=["*"], AllowCredentials=True), "url", code=BARE
    ),
    Faulty(
        "insecure-wildcard-with-credentials",
        _url_says(AllowOrigins=["https://*"], AllowCredentials=True),
        "url-scheme",
        code=BARE,
    ),
    Faulty("insecure-null-origin", _url_says(AllowOrigins=[ORIGIN, "null"]), "url", code=BARE),
)
