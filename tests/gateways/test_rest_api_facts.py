"""One test for each fact about REST APIs, by its name."""

from __future__ import annotations

import base64
import json

import pytest
from fronts import (
    APP,
    BEARER,
    HERE,
    OK,
    ORIGIN,
    OTHER,
    authorizer,
    call,
    function,
    gateway_response,
    method,
    mock,
    parameters,
    preflight,
    response,
    rest_api,
)

from corsmith.api.front_door import HttpProxy, LambdaProxy, Stage
from corsmith.api.rest_api import Mapped, PolicyRefusal
from corsmith.api.value import Known, Undecided, Unknown
from corsmith.gateways import (
    AuthorizerBroken,
    Denied,
    Failed,
    Granted,
    Payload,
    RawPayload,
    Slow,
    Streamed,
    Throttled,
    TimedOut,
    Unauthorized,
    match,
)
from corsmith.gateways import rest_errors as errors
from corsmith.gateways.rest_expressions import is_expression

BROKEN = b'{"message": "Internal server error"}'
TOKEN = authorizer("lambda_token", "method.request.header.Authorization")
COGNITO = authorizer("cognito")


def options(integration=None, **settings):
    """An API with an OPTIONS method on /items."""
    return rest_api(method("OPTIONS /items", integration or mock(), **settings))


def returned(value, *, binary=(), headers=ORIGIN, **situation):
    """What a function's result becomes."""
    return call(rest_api("GET /items", binary=binary), "GET", "/items", headers, Payload(value), **situation)


def test_rest_no_method_403():
    for api in (rest_api("PUT /items"), rest_api("OPTIONS /other")):
        seen = call(api, "OPTIONS", "/items", preflight())
        assert (seen.status, seen.body, seen.cors) == (403, b'{"message":"Missing Authentication Token"}', {})
        assert (seen.all("x-amzn-errortype"), seen.made_by) == (("MissingAuthenticationTokenException",), "gateway")
        assert (seen.all("x-amzn-requestid"), seen.all("x-amz-apigw-id")) == (
            ("c6af9ac6-7b61-11e6-9a41-93e8deadbeef",),
            ("c6af9ac6-7b61-1=",),
        )


def test_rest_greedy_takes_options():
    api = rest_api("POST /test", method("OPTIONS /{proxy+}", mock()))
    assert (call(api, "OPTIONS", "/test", preflight()).status, match(api, "OPTIONS", "/test").path) == (
        200,
        "/{proxy+}",
    )


def test_rest_any_takes_options():
    api = rest_api("ANY /test/any", method("OPTIONS /{proxy+}", mock()))
    assert match(api, "OPTIONS", "/test/any").verb == "ANY"
    guarded = rest_api(method("ANY /items", None, COGNITO))
    assert call(guarded, "OPTIONS", "/items", preflight()).status == 401


def test_rest_options_before_any():
    api = rest_api("ANY /items", method("OPTIONS /items", mock()))
    assert call(api, "OPTIONS", "/items", preflight()).made_by == "mock"


def test_rest_greedy_not_parent():
    api = rest_api("ANY /{proxy+}", "ANY /a/{proxy+}")
    assert match(api, "GET", "/") is None
    assert match(api, "GET", "/a").path == "/{proxy+}"
    assert match(api, "GET", "/a/b/c").path == "/a/{proxy+}"


def test_rest_trailing_slash():
    api = rest_api("GET /items", "GET /")
    assert match(api, "GET", "/items/").path == "/items"
    assert match(api, "GET", "/").path == "/"
    assert call(api, "GET", "", (), OK).status == 200


def test_rest_method_override():
    seen = call(rest_api("PUT /items"), "POST", "/items", (("X-HTTP-Method-Override", "PUT"),), OK)
    assert seen.status == 200


def test_rest_mock_answers():
    mapped = parameters(Access_Control_Allow_Origin=f"'{APP}'", Access_Control_Allow_Methods="'GET,PUT'")
    seen = call(options(mock('{"statusCode": 200}', response("204", mapped=mapped))), "OPTIONS", "/items", preflight())
    assert (seen.status, seen.body, seen.made_by, seen.asks) == (204, b"", "mock", [])
    assert seen.cors == {"allow-origin": (APP,), "allow-methods": ("GET,PUT",)}
    assert seen.relied == ()
    names = [name for name, _ in seen.headers]
    assert names == [
        "x-amzn-RequestId",
        "x-amz-apigw-id",
        "Content-Type",
        "Access-Control-Allow-Origin",
        "Access-Control-Allow-Methods",
    ]


@pytest.mark.parametrize(
    "template",
    [
        "{ statusCode: 200 }",
        "{statusCode:200}",
        "{'statusCode': 200,}",
        '{"statusCode" : 200, "x": [1, {}, "a",], }\n',
        "#set($n = 200){statusCode: $n}",
    ],
)
def test_rest_mock_lenient_template(template):
    assert call(options(mock(template)), "OPTIONS", "/items", preflight()).status == 200


@pytest.mark.parametrize(
    "template",
    [
        "",
        "{}",
        '{"statusCode": "200"}',
        "statusCode: 200",
        '{"status": 200}',
        "[200]",
        "200",
        '{"statusCode": 200',
        '{"statusCode": 200}}',
        "{statusCode 200}",
        '{"statusCode": 2e2}',
        '{"statusCode": "200}',
        "{statusCode: 200 x: 1}",
        "[1 2]",
        "{:1}",
        "{statusCode:}",
        "{200}",
        None,
    ],
)
def test_rest_mock_needs_whole_status(template):
    seen = call(options(mock(template)), "OPTIONS", "/items", preflight())
    assert (seen.status, seen.body, seen.cors) == (500, BROKEN, {})
    assert (seen.all("x-amzn-errortype"), seen.made_by) == (("InternalServerErrorException",), "gateway")


def test_rest_mock_default_response():
    chosen = mock("{statusCode: 204}", response("500", "5\\d\\d"), response("201"), response("203"))
    assert call(options(chosen), "OPTIONS", "/items", preflight()).status == 201
    matched = mock("{statusCode: 204}", response("201"), response("202", "20[4-6]"))
    assert call(options(matched), "OPTIONS", "/items", preflight()).status == 202
    named = mock("{statusCode: 204}", response("201", "default"))
    assert call(options(named), "OPTIONS", "/items", preflight()).status == 201


def test_rest_mock_no_response():
    seen = call(options(mock("{statusCode: 204}", response("200", "200"))), "OPTIONS", "/items", preflight())
    assert (seen.status, seen.body) == (500, BROKEN)
    with pytest.raises(Undecided, match="selection pattern"):
        call(options(mock("{statusCode: 204}", response("200", "("))), "OPTIONS", "/items", preflight())


@pytest.mark.parametrize(
    ("templates", "passthrough", "body", "status"),
    [
        (True, "WHEN_NO_MATCH", None, 500),
        (True, "WHEN_NO_MATCH", b'{"statusCode": 200}', 200),
        (True, "WHEN_NO_TEMPLATES", None, 415),
        (False, "WHEN_NO_TEMPLATES", b'{"statusCode": 200}', 200),
        (True, "NEVER", None, 415),
        (False, "NEVER", None, 415),
    ],
)
def test_rest_mock_passthrough(templates, passthrough, body, status):
    api = options(mock("{statusCode: 200}" if templates else None, passthrough=Known(passthrough)))
    headers = (*preflight(), ("content-type", "application/x-www-form-urlencoded; charset=utf-8"))
    seen = call(api, "OPTIONS", "/items", headers, body=body)
    assert seen.status == status
    if status == 415:
        assert seen.body == b'{"message":"Unsupported Media Type"}'
    typed = (*preflight(), ("content-type", "APPLICATION/json; charset=utf-8"))
    assert not templates or call(api, "OPTIONS", "/items", typed).status == 200


def test_rest_mock_default_template():
    api = options(mock(None, passthrough=Known("NEVER")))
    integration = api.methods[0].integration
    named = type(integration)((("$default", Known("{statusCode: 200}")),), integration.responses, Known("NEVER"))
    seen = call(options(named), "OPTIONS", "/items", (*preflight(), ("content-type", "text/plain")))
    assert seen.status == 200


@pytest.mark.parametrize(
    ("binary", "headers", "status"),
    [
        (("*/*",), (), 500),
        (("*~1*",), (), 500),
        (("image/png",), (), 200),
        (("image/png",), (("accept", "image/png,*/*"),), 500),
        (("image/png",), (("content-type", "image/png"),), 500),
        (("Application/JSON",), (), 500),
        (("image/png",), (("accept", "*/*, image/png"),), 200),
    ],
)
def test_rest_mock_binary(binary, headers, status):
    api = rest_api(method("OPTIONS /items", mock()), binary=binary)
    assert call(api, "OPTIONS", "/items", (*preflight(), *headers)).status == status


def test_rest_mock_convert_to_text():
    for handling, status in (("CONVERT_TO_TEXT", 200), ("CONVERT_TO_BINARY", 500)):
        one = mock("{statusCode: 200}", content_handling=Known(handling))
        seen = call(rest_api(method("OPTIONS /items", one), binary=("*/*",)), "OPTIONS", "/items", preflight())
        assert seen.status == status
        assert seen.relied == (("rest_text_conversion_suffices",) if status == 200 else ())
    strict = {"rest_text_conversion_suffices": False}
    one = rest_api(method("OPTIONS /items", mock(content_handling=Known("CONVERT_TO_TEXT"))), binary=("*/*",))
    assert call(one, "OPTIONS", "/items", preflight(), **strict).status == 500
    both = mock(
        "{statusCode: 200}",
        response(content_handling=Known("CONVERT_TO_TEXT")),
        content_handling=Known("CONVERT_TO_TEXT"),
    )
    seen = call(rest_api(method("OPTIONS /items", both), binary=("*/*",)), "OPTIONS", "/items", preflight(), **strict)
    assert (seen.status, seen.relied) == (200, ())


def test_rest_mock_204_typed():
    api = options(mock("{statusCode: 204}", response("204")))
    assert call(api, "OPTIONS", "/items", preflight()).all("content-type") == ("application/json",)
    bare = call(api, "OPTIONS", "/items", preflight(), rest_mock_204_has_content_type=False)
    assert bare.all("content-type") == ()
    assert call(options(), "OPTIONS", "/items", preflight(), rest_mock_204_has_content_type=False).all("content-type")
    mapped = options(mock("{statusCode: 200}", response(mapped=parameters(content_type="'text/plain'"))))
    assert call(mapped, "OPTIONS", "/items", preflight()).all("content-type") == ("text/plain",)


def test_rest_response_override():
    override = "#set($context.responseOverride.header.access-control-allow-origin = 'https://a.example')"
    on_request = options(mock(f"{override}#set($context.responseOverride.status = 203){{statusCode: 200}}"))
    seen = call(on_request, "OPTIONS", "/items", preflight())
    assert (seen.status, seen.cors["allow-origin"]) == (203, ("https://a.example",))
    on_response = options(
        mock("{statusCode: 200}", response(templates=(("application/json", Known(f"{override}body")),)))
    )
    seen = call(on_response, "OPTIONS", "/items", preflight())
    assert (seen.status, seen.cors["allow-origin"], seen.body) == (200, ("https://a.example",), b"body")


def test_rest_response_template_follows_accept():
    templates = (("text/plain", Known("plain")), ("application/json", Known("json")))
    api = options(mock("{statusCode: 200}", response(templates=templates)))
    assert call(api, "OPTIONS", "/items", (("accept", "text/plain;q=1, */*"),)).body == b"plain"
    assert call(api, "OPTIONS", "/items", (("accept", "*/*"),)).body == b"json"
    only = options(mock("{statusCode: 200}", response(templates=templates[:1])))
    assert call(only, "OPTIONS", "/items").body == b"plain"


def test_rest_template_header_case():
    template = (
        '#set($o = $input.params().header.get("Origin"))#if($o == "")#set($o = $input.params().header.get("origin"))#end'
        "#set($context.responseOverride.header.Access-Control-Allow-Origin = $o)"
    )
    api = options(mock("{statusCode: 200}", response(templates=(("application/json", Known(template)),))))
    for name, relied in (("Origin", ()), ("origin", ("rest_missing_parameter_is_empty",))):
        seen = call(api, "OPTIONS", "/items", ((name, APP),))
        assert (seen.cors["allow-origin"], seen.relied) == ((APP,), relied)
    with pytest.raises(Undecided):
        # Null is no text, so the override would be nothing that can be printed.
        call(api, "OPTIONS", "/items", (("origin", APP),), rest_missing_parameter_is_empty=False)


@pytest.mark.parametrize("value", ["*", APP, "600", "'", "'*", "", "method.request.header", "request.header.Origin"])
def test_rest_unquoted_refused(value):
    api = options(mock("{statusCode: 200}", response(mapped=parameters(Access_Control_Allow_Origin=value))))
    with pytest.raises(Undecided, match="refuses to deploy"):
        call(api, "OPTIONS", "/items", preflight())


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("'*'", True),
        ("''", True),
        ("method.request.header.Origin", True),
        ("integration.request.path.id", True),
        ("integration.response.header.X-A", True),
        ("integration.response.body", True),
        ("integration.response.body.a.b", True),
        ("context.requestId", True),
        ("stageVariables.origin", True),
        ("*", False),
        ("600", False),
        ("'", False),
        ("https://app.example.com", False),
        ("method.request.cookie.a", False),
        ("method.request.header.'x'", False),
        ("true", False),
    ],
)
def test_rest_mapping_expressions(text, taken):
    assert is_expression(text) is taken


def test_rest_undecisive_unknowns_are_left_out():
    mapped = (
        ("Access-Control-Allow-Origin", Known("'*'")),
        ("Access-Control-Max-Age", Unknown("?")),
        ("access-control-expose-headers", Unknown("?")),
    )
    seen = call(options(mock("{statusCode: 200}", response(mapped=mapped))), "OPTIONS", "/items", preflight())
    assert seen.cors == {"allow-origin": ("*",)}
    api = options(mock("{statusCode: 200}", response(mapped=(("Vary", Unknown("no default", HERE)),))))
    with pytest.raises(Undecided, match="no default"):
        call(api, "OPTIONS", "/items", preflight())


def non_proxy(*responses, **settings):
    return rest_api(method("GET /items", Mapped(responses, Known("Items"), span=HERE, **settings)))


def test_rest_non_proxy_maps_only():
    api = non_proxy(
        response(),
        response("400", r"[\s\S]*\[400\][\s\S]*", ()),
        response("504", r".*Task timed out after \d+\.\d+ seconds$"),
        response("500", ".*exited before completing.*"),
    )
    told = Payload({"headers": {"Access-Control-Allow-Origin": OTHER}})
    seen = call(api, "GET", "/items", ORIGIN, told)
    assert (seen.status, seen.cors, seen.made_by) == (200, {"allow-origin": ("*",)}, "gateway")
    assert len(seen.all("x-amzn-trace-id")) == 1
    assert json.loads(seen.body) == told.value
    failed = call(api, "GET", "/items", ORIGIN, Failed(message="[400] no"))
    assert (failed.status, failed.cors, json.loads(failed.body)["errorMessage"]) == (400, {}, "[400] no")
    assert call(api, "GET", "/items", ORIGIN, Failed(message="other")).status == 200
    assert call(api, "GET", "/items", ORIGIN, TimedOut()).status == 504
    assert call(api, "GET", "/items", ORIGIN, Failed("exit")).status == 500
    assert call(api, "GET", "/items", ORIGIN, RawPayload(b"raw")).body == b"raw"
    with pytest.raises(Undecided, match=r"^which integration response applies depends on the error's message$"):
        call(api, "GET", "/items", ORIGIN, Failed())
    same = non_proxy(response(), response("400", ".*x.*"))
    assert call(same, "GET", "/items", ORIGIN, Failed()).cors == {"allow-origin": ("*",)}


def test_rest_non_proxy_breaks():
    api = non_proxy(response())
    assert call(api, "GET", "/items", ORIGIN, Slow()).status == 504
    assert call(api, "GET", "/items", ORIGIN, Throttled()).status == 500
    assert call(api, "GET", "/items", ORIGIN, not_permitted=True).status == 500
    assert call(non_proxy(), "GET", "/items", ORIGIN, OK).status == 500
    assert call(non_proxy(), "GET", "/items", ORIGIN, Failed()).status == 500
    assert call(non_proxy(response("200", ".+")), "GET", "/items", ORIGIN, OK).status == 500
    never = non_proxy(response(), passthrough=Known("NEVER"))
    assert call(never, "GET", "/items", ORIGIN).status == 415


def test_rest_non_proxy_request_templates():
    api = non_proxy(
        response(),
        request_templates=(("application/json", Known('{"m": "$context.httpMethod", "b": $input.json("$")}')),),
    )
    assert call(api, "GET", "/items", ORIGIN, OK, body=b"[1]").event == {"m": "GET", "b": [1]}
    assert call(non_proxy(response()), "GET", "/items", ORIGIN, OK).event == {}
    assert call(non_proxy(response()), "GET", "/items", ORIGIN, OK, body=b"[1]").event == {"body": [1]}
    assert call(non_proxy(response()), "GET", "/items", ORIGIN, OK, body=b"no json").event == {}


def test_rest_non_proxy_without_function():
    integration = Mapped((response(),), span=HERE)
    seen = call(rest_api(method("GET /items", integration)), "GET", "/items", ORIGIN)
    assert (seen.status, seen.cors, seen.made_by, seen.body) == (200, {"allow-origin": ("*",)}, "unknown", b"")
    by_status = Mapped((response("400", "400"), response("200", "2\\d\\d", ())), span=HERE)
    seen = call(rest_api(method("GET /items", by_status)), "GET", "/items", ORIGIN)
    assert (seen.status, seen.cors, seen.made_by) == (200, {}, "unknown")


def triggers():
    """Each type of gateway response with a call that brings it about."""
    large = b"x" * 10_485_761
    required = {"validates": ("body", "header X-Tenant", "querystring page", "path id")}
    return [
        (errors.ACCESS_DENIED, call_with(TOKEN), (Denied(),), {}),
        (errors.API_CONFIGURATION_ERROR, call_with(), (), {"not_permitted": True}),
        (errors.AUTHORIZER_CONFIGURATION_ERROR, call_with(TOKEN), (AuthorizerBroken("configuration"),), {}),
        (errors.AUTHORIZER_FAILURE, call_with(TOKEN), (AuthorizerBroken(),), {}),
        (errors.BAD_REQUEST_BODY, call_with(validates=("body",)), (), {}),
        (errors.BAD_REQUEST_PARAMETERS, call_with(**required), (), {}),
        (errors.INTEGRATION_TIMEOUT, call_with(), (Slow(),), {}),
        (errors.INVALID_API_KEY, call_with(api_key_required=Known(True)), (), {}),
        (errors.INVALID_SIGNATURE, call_with(authorizer("iam")), (Unauthorized(),), {}),
        (errors.QUOTA_EXCEEDED, call_with(api_key_required=Known(True)), (), {"quota_exceeded": True, "key": "k"}),
        (errors.REQUEST_TOO_LARGE, call_with(), (), {"body": large}),
        (errors.THROTTLED, call_with(), (), {"throttled": True}),
        (errors.UNAUTHORIZED, call_with(COGNITO), (Unauthorized(),), {}),
        (errors.UNSUPPORTED_MEDIA_TYPE, call_with(integration=mock(None, passthrough=Known("NEVER"))), (), {}),
        (errors.WAF_FILTERED, call_with(), (), {"waf_blocks": True}),
        (errors.MALFORMED, call_with(), (Failed(),), {}),
        (errors.LAMBDA_REFUSED, call_with(), (Throttled(),), {}),
    ]


def call_with(gate=None, integration=None, **settings):
    return lambda **more: rest_api(method("GET /items/{id}", integration, gate, **settings), **more)


TRIGGERS = triggers()
IDS = [f"{error.type}-{error.status}" for error, *_ in TRIGGERS]


def triggered(api, told, situation, **assumed):
    situation = dict(situation)
    key = situation.pop("key", None)
    signed = (("authorization", "AWS4-HMAC-SHA256 x"), ("origin", APP))
    headers = (*signed, *((("x-api-key", key),) if key else ()))
    return call(api, "GET", "/items/7", headers, *told, **situation, **assumed)


@pytest.mark.parametrize(("error", "api", "told", "situation"), TRIGGERS, ids=IDS)
def test_rest_gateway_responses_bare(error, api, told, situation):
    seen = triggered(api(), told, situation)
    assert (seen.status, seen.cors) == (error.status, {})
    assert seen.all("x-amzn-errortype") == (error.error_type,)
    assert seen.all("content-type") == ("application/json",)
    assert seen.made_by == error.made_by


@pytest.mark.parametrize(("error", "api", "told", "situation"), TRIGGERS, ids=IDS)
def test_rest_specific_hides_default(error, api, told, situation):
    default = gateway_response(error.default, parameters(Access_Control_Allow_Origin="'*'", X_Default="'1'"))
    specific = gateway_response(error.type, parameters(ACCESS_CONTROL_ALLOW_ORIGIN=f"'{APP}'"), status=Known("418"))
    customisable = error is not errors.REQUEST_TOO_LARGE
    fallen = triggered(api(gateway_responses=(default,)), told, situation)
    assert (fallen.status, fallen.cors) == (error.status, {"allow-origin": ("*",)} if customisable else {})
    both = api(gateway_responses=(default, specific))
    if error.type == error.default or not customisable:
        return
    alone = triggered(both, told, situation)
    assert (alone.status, alone.cors, alone.all("x-default")) == (418, {"allow-origin": (APP,)}, ())
    assert alone.relied == ("rest_specific_hides_default",)
    merged = triggered(both, told, situation, rest_specific_hides_default=False)
    assert (merged.cors, merged.all("x-default")) == ({"allow-origin": (APP,)}, ("1",))
    only = triggered(api(gateway_responses=(specific,)), told, situation)
    assert (only.status, only.relied) == (418, ())


def test_rest_gateway_response_statuses():
    known = {each.type: (each.status, each.error_type, each.body) for each in errors.TYPES}
    assert len(known) == 19
    assert {kind: status for kind, (status, _, _) in known.items()} == {
        "ACCESS_DENIED": 403,
        "API_CONFIGURATION_ERROR": 500,
        "AUTHORIZER_CONFIGURATION_ERROR": 500,
        "AUTHORIZER_FAILURE": 500,
        "BAD_REQUEST_BODY": 400,
        "BAD_REQUEST_PARAMETERS": 400,
        "EXPIRED_TOKEN": 403,
        "INTEGRATION_FAILURE": 504,
        "INTEGRATION_TIMEOUT": 504,
        "INVALID_API_KEY": 403,
        "INVALID_SIGNATURE": 403,
        "MISSING_AUTHENTICATION_TOKEN": 403,
        "QUOTA_EXCEEDED": 429,
        "REQUEST_TOO_LARGE": 413,
        "RESOURCE_NOT_FOUND": 404,
        "THROTTLED": 429,
        "UNAUTHORIZED": 401,
        "UNSUPPORTED_MEDIA_TYPE": 415,
        "WAF_FILTERED": 403,
    }
    assert all(json.loads(body) for _, _, body in known.values())
    assert {each.default for each in errors.TYPES if each.status < 500} == {"DEFAULT_4XX"}
    assert {each.default for each in errors.TYPES if each.status >= 500} == {"DEFAULT_5XX"}


def test_rest_default_status_rewrites():
    custom = gateway_response("DEFAULT_4XX", status=Known("400"))
    seen = call(rest_api("PUT /items", gateway_responses=(custom,)), "GET", "/items", ORIGIN)
    assert (seen.status, seen.cors) == (400, {"allow-origin": ("*",)})


@pytest.mark.parametrize(
    ("expression", "headers", "value"),
    [
        ("method.request.header.Origin", (("Origin", APP),), APP),
        ("method.request.header.Origin", (("origin", APP),), None),
        ("method.request.header.X", (("X", "1"), ("X", "2")), "2"),
        ("method.request.multivalueheader.X", (("X", "1"),), "1"),
        ("method.request.querystring.q", (), "1"),
        ("method.request.querystring.none", (), None),
        ("method.request.path.id", (), "7"),
        ("context.httpMethod", (), "GET"),
        ("context.stage", (), "Prod"),
        ("context.nothing", (), None),
        ("context.path", (), "/Prod/items/7"),
        ("context.protocol", (), "HTTP/1.1"),
        ("context.requestId", (), "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"),
        ("context.resourcePath", (), "/items/{id}"),
        ("context.accountId", (), "123456789012"),
        ("context.identity.sourceIp", (), "203.0.113.7"),
        ("context.identity.userAgent", (("user-agent", "me"),), "me"),
        ("context.identity.userAgent", (), ""),
        ("'a ''b'", (), "a ''b"),
        ("''", (), ""),
    ],
)
def test_rest_gateway_response_parameters(expression, headers, value):
    custom = gateway_response("UNAUTHORIZED", parameters(X_Out=expression))
    api = rest_api(method("GET /items/{id}", None, COGNITO), gateway_responses=(custom,))
    seen = call(api, "GET", "/items/7?q=1", headers)
    assert seen.all("x-out") == (() if value is None else (value,))


def test_rest_gateway_response_parameter_after_authorizer():
    custom = gateway_response(
        "INVALID_API_KEY", parameters(X_Who="context.authorizer.principalId", X_N="context.authorizer.n")
    )
    api = rest_api(method("GET /items", None, TOKEN, api_key_required=Known(True)), gateway_responses=(custom,))
    seen = call(api, "GET", "/items", BEARER, Granted({"n": 1}, "ann"))
    assert (seen.all("x-who"), seen.all("x-n")) == (("ann",), ("1",))


@pytest.mark.parametrize("expression", ["stageVariables.origin", "integration.response.body.x"])
def test_rest_expressions_unknown_before_it_runs(expression):
    custom = gateway_response("DEFAULT_4XX", parameters(X_Out=expression))
    with pytest.raises(Undecided, match="before the API runs"):
        call(rest_api(gateway_responses=(custom,)), "GET", "/items")


def test_rest_integration_response_header_expression():
    mapped = parameters(X_Out="integration.response.header.X-In")
    seen = call(non_proxy(response(mapped=mapped)), "GET", "/items", (("X-In", "1"),), OK)
    assert seen.all("x-out") == ()
    elsewhere = rest_api(method("GET /items", Mapped((response(mapped=mapped),), span=HERE)))
    with pytest.raises(Undecided, match="before the API runs"):
        call(elsewhere, "GET", "/items", ORIGIN)


def test_rest_gateway_response_templates():
    text = (
        '{"a": $context.error.messageString, "b": "$context.error.message",'
        ' "c": "${context.error.responseType}", "d": "$stageVariables.x"}'
    )
    custom = gateway_response("DEFAULT_4XX", templates=(("text/plain", Known("p")), ("application/json", Known(text))))
    seen = call(rest_api(gateway_responses=(custom,)), "GET", "/items")
    assert json.loads(seen.body) == {
        "a": "Missing Authentication Token",
        "b": "Missing Authentication Token",
        "c": "MISSING_AUTHENTICATION_TOKEN",
        "d": "",
    }
    plain = gateway_response("DEFAULT_4XX", templates=(("text/plain", Known("nö")), ("text/css", Unknown("?"))))
    seen = call(rest_api(gateway_responses=(plain,)), "GET", "/items")
    assert (seen.body, seen.all("content-type")) == ("nö".encode(), ("text/plain",))
    unknown = gateway_response("DEFAULT_4XX", templates=(("text/plain", Unknown("?")),))
    assert (
        call(rest_api(gateway_responses=(unknown,)), "GET", "/items").body
        == b'{"message":"Missing Authentication Token"}'
    )
    typed = gateway_response("DEFAULT_4XX", parameters(content_type="'text/css'"))
    assert call(rest_api(gateway_responses=(typed,)), "GET", "/items").all("content-type") == ("text/css",)


def test_rest_413_not_customisable():
    custom = (gateway_response("REQUEST_TOO_LARGE"), gateway_response("DEFAULT_4XX"))
    seen = call(rest_api("POST /items", gateway_responses=custom), "POST", "/items", ORIGIN, body=b"x" * 10_485_761)
    assert (seen.status, seen.cors) == (413, {})
    assert call(rest_api("POST /items"), "POST", "/items", ORIGIN, OK, body=b"x" * 10_485_760).status == 200


def test_rest_error_types():
    seen = call(
        rest_api(method("GET /items", None, TOKEN)),
        "GET",
        "/items",
        BEARER,
        AuthorizerBroken(),
        rest_error_types_known=False,
    )
    assert seen.all("x-amzn-errortype") == ("Exception",)


@pytest.mark.parametrize(
    ("value", "status"),
    [
        ({"statusCode": 200}, 200),
        ({"statusCode": "201"}, 201),
        ({"statusCode": 201.0}, 201),
        ({"headers": {"Access-Control-Allow-Origin": "*"}}, 200),
        ({"statusCode": 200, "headers": None}, 200),
        ({"statusCode": None, "body": "x"}, 200),
        ({"statusCode": 200, "multiValueHeaders": None, "body": None}, 200),
        ({"isBase64Encoded": False}, 200),
    ],
)
def test_rest_output_accepted(value, status):
    seen = returned(value)
    assert (seen.status, seen.made_by, seen.relied) == (status, "handler", ())
    assert seen.all("content-type") == ("application/json",)
    assert seen.all("x-amzn-trace-id") == ("Root=1-67891233-abcdef012345678912345678",)
    assert seen.all("x-amzn-errortype") == ()


def test_rest_output_boolean():
    seen = returned({"headers": {"Access-Control-Allow-Credentials": True}, "multiValueHeaders": {"X-No": [False]}})
    assert (seen.cors, seen.all("x-no"), seen.relied) == ({"allow-credentials": ("true",)}, ("false",), ())


def test_rest_output_other_values():
    for value in (86400, 1.5, ["a"], None, {"a": 1}):
        for shape in ({"headers": {"X-A": value}}, {"multiValueHeaders": {"X-A": [value]}}):
            seen = returned(shape)
            assert (seen.status, seen.relied) == (502, ("rest_header_values",))
            lenient = returned(shape, rest_header_values="text")
            assert lenient.status == (200 if isinstance(value, int | float) else 502)
    assert returned({"headers": {"X-A": 5}}, rest_header_values="text").all("x-a") == ("5",)


@pytest.mark.parametrize(
    "value",
    [
        {},
        None,
        "hello",
        [],
        3,
        {"statusCode": "test"},
        {"statusCode": 200, "wrongValue": "y"},
        {"statusCode": 200, "header": {}},
        {"statusCode": 200, "cookies": []},
        {"statusCode": 200, "body": {"a": 1}},
        {"statusCode": 200, "body": 1},
        {"statusCode": 200, "headers": []},
        {"statusCode": 200, "headers": {"X A": "b"}},
        {"statusCode": 200, "headers": {"X-A": "b\nc"}},
        {"statusCode": 200, "multiValueHeaders": []},
        {"statusCode": 200, "multiValueHeaders": {"X A": ["b"]}},
        {"statusCode": 200, "multiValueHeaders": {"X-A": ["b\rc"]}},
        {"statusCode": 200, "multiValueHeaders": {"X-A": ["b\0c"]}},
    ],
)
def test_rest_output_malformed(value):
    seen = returned(value)
    assert (seen.status, seen.body, seen.cors, seen.made_by) == (502, BROKEN, {}, "gateway")


def test_rest_output_multi_value_lists():
    assert returned({"multiValueHeaders": {"X-A": "b"}}).status == 502
    assert returned({"multiValueHeaders": {"X-A": ["b", "c"]}}).all("x-a") == ("b", "c")


def test_rest_output_both_maps():
    both = {"headers": {"x-many": "solo", "X-One": "1"}, "multiValueHeaders": {"X-MANY": ["multi"]}}
    seen = returned(both)
    assert [pair for pair in seen.headers if pair[0].lower() == "x-many"] == [("X-MANY", "multi"), ("X-MANY", "solo")]
    assert (seen.all("x-one"), seen.relied) == (("1",), ())
    equal = {"headers": {"x-many": "a"}, "multiValueHeaders": {"X-Many": ["a"]}}
    assert (returned(equal).all("x-many"), returned(equal).relied) == (("a", "a"), ("rest_equal_pairs_double",))
    assert returned(equal, rest_equal_pairs_double=False).all("x-many") == ("a",)


def test_rest_output_base64():
    value = {"body": base64.b64encode(b"\x89PNG").decode(), "isBase64Encoded": True}
    assert returned(value).body == value["body"].encode()
    assert returned(value, binary=("image/png",), headers=(("accept", "image/png;q=1"),)).body == b"\x89PNG"
    assert returned(value, binary=("image/png",)).body == value["body"].encode()
    assert returned({**value, "isBase64Encoded": "true"}, binary=("*/*",)).body == value["body"].encode()
    assert returned({**value, "body": "***"}, binary=("*/*",)).status == 502


def test_rest_output_remapped():
    names = ("Connection", "Content-Length", "Date", "Server", "WWW-Authenticate", "Transfer-Encoding", "Via")
    seen = returned({"headers": dict.fromkeys(names, "1")})
    found = {name for name, value in seen.headers if value == "1"}
    assert found == {f"x-amzn-Remapped-{name}" for name in names[:5]} | {"Via"}


@pytest.mark.parametrize(
    "told", [Failed(), Failed("init"), Failed("exit"), Failed("marshal"), TimedOut(), RawPayload(b"x")]
)
def test_rest_function_fails(told):
    seen = call(rest_api("GET /items"), "GET", "/items", ORIGIN, told)
    assert (seen.status, seen.body, seen.cors) == (502, BROKEN, {})


def test_rest_not_permitted():
    assert call(rest_api("GET /items"), "GET", "/items", ORIGIN, not_permitted=True).status == 500
    refused = rest_api(method("GET /items", function(permitted=False)))
    assert call(refused, "GET", "/items", ORIGIN).status == 500


def test_rest_lambda_throttled():
    seen = call(rest_api("GET /items"), "GET", "/items", ORIGIN, Throttled())
    assert (seen.status, seen.body) == (500, BROKEN)


def test_rest_integration_slow():
    seen = call(rest_api(method("GET /items", function(timeout_ms=5000))), "GET", "/items", ORIGIN, Slow())
    assert (seen.status, seen.body, seen.invoked[0].timeout_ms) == (
        504,
        b'{"message": "Endpoint request timed out"}',
        5000,
    )


def test_rest_unknown_limits():
    proxied = rest_api(method("GET /items", LambdaProxy(Known("Items"), timeout_ms=Unknown("?"))))
    mapped = non_proxy(response(), timeout_ms=Unknown("?"))
    for api in (proxied, mapped):
        assert call(api, "GET", "/items", (), OK).invoked[0].timeout_ms == 29_000


def test_rest_streams():
    api = rest_api(method("GET /items", function(streams=True)))
    seen = call(api, "GET", "/items", ORIGIN, Streamed(b'{"statusCode": 201, "headers": {"X-A": "1"}}', b"data"))
    assert (seen.status, seen.all("x-a"), seen.body, seen.invoked[0].streams) == (201, ("1",), b"data", True)
    assert call(api, "GET", "/items", ORIGIN, Streamed(None, b"data")).status == 502
    number = Streamed(b'{"headers": {"X-A": 1}}', b"")
    assert call(api, "GET", "/items", ORIGIN, number).status == 502
    assert call(api, "GET", "/items", ORIGIN, number, rest_header_values="text").status == 200


@pytest.mark.parametrize("gate", [TOKEN, COGNITO, authorizer("lambda_request", "method.request.header.Authorization")])
def test_rest_authorizer_on_options(gate):
    seen = call(options(authorizer=gate), "OPTIONS", "/items", preflight())
    assert (seen.status, seen.body, seen.made_by) == (401, b'{"message":"Unauthorized"}', "authorizer")


def test_rest_authorizer_missing_identity():
    seen = call(rest_api(method("GET /items", None, TOKEN)), "GET", "/items", ORIGIN)
    assert (seen.status, seen.asks, seen.all("x-amzn-errortype")) == (401, [], ("UnauthorizedException",))
    none_needed = authorizer("lambda_request")
    passed = call(rest_api(method("GET /items", None, none_needed)), "GET", "/items", ORIGIN, Granted(), OK)
    assert (passed.status, passed.asked[0].identity) == (200, ())
    context = authorizer("lambda_request", "context.httpMethod")
    passed = call(rest_api(method("GET /items", None, context)), "GET", "/items", ORIGIN, Granted(), OK)
    assert passed.asked[0].identity == ("context.httpMethod",)


def test_rest_authorizer_denies():
    seen = call(rest_api(method("GET /items", None, TOKEN)), "GET", "/items", BEARER, Denied())
    assert (seen.status, list(json.loads(seen.body)), seen.all("x-amzn-errortype")) == (
        403,
        ["Message"],
        ("AccessDeniedException",),
    )


def test_rest_authorizer_broken():
    api = rest_api(method("GET /items", None, TOKEN))
    for kind, named in (
        ("failure", "AuthorizerFailureException"),
        ("configuration", "AuthorizerConfigurationException"),
    ):
        seen = call(api, "GET", "/items", BEARER, AuthorizerBroken(kind))
        assert (seen.status, seen.all("x-amzn-errortype"), json.loads(seen.body)) == (500, (named,), {"message": None})


def test_rest_token_validation():
    api = rest_api(
        method(
            "GET /items",
            None,
            authorizer("lambda_token", "method.request.header.Authorization", token_validation=Known("Bearer [a-z.]+")),
        )
    )
    assert call(api, "GET", "/items", (("authorization", "Basic x"),)).status == 401
    seen = call(api, "GET", "/items", BEARER, Granted({"n": 1, "yes": True, "s": "x"}, "ann"), OK)
    assert seen.event["requestContext"]["authorizer"] == {"principalId": "ann", "n": "1", "yes": "true", "s": "x"}
    arn = "arn:aws:execute-api:us-east-1:123456789012:"
    event = seen.asked[0].event
    assert (event["type"], event["authorizationToken"]) == ("TOKEN", "Bearer a.b.c")
    assert event["methodArn"].startswith(arn)
    assert event["methodArn"].endswith("/Prod/GET/items")
    broken = authorizer("lambda_token", "method.request.header.Authorization", token_validation=Known("("))
    with pytest.raises(Undecided, match="validation expression"):
        call(rest_api(method("GET /items", None, broken)), "GET", "/items", BEARER)


def test_rest_iam_unsigned():
    plain = rest_api(method("GET /items", None, authorizer("iam")))
    assert call(plain, "GET", "/items", ORIGIN).status == 403
    seen = call(options(authorizer=authorizer("iam")), "OPTIONS", "/items", preflight())
    assert (seen.status, seen.all("x-amzn-errortype")) == (403, ("MissingAuthenticationTokenException",))


def test_rest_api_key_missing():
    api = rest_api(method("GET /items", None, api_key_required=Known(True)))
    for headers, keys in (((), None), ((("x-api-key", ""),), None), ((("X-Api-Key", "no"),), frozenset({"yes"}))):
        seen = call(api, "GET", "/items", headers, api_keys=keys)
        assert (seen.status, seen.body, seen.all("x-amzn-errortype")) == (
            403,
            b'{"message":"Forbidden"}',
            ("ForbiddenException",),
        )
    assert call(api, "GET", "/items", (("X-Api-Key", "any"),), OK).status == 200
    assert call(api, "GET", "/items", (("X-Api-Key", "yes"),), OK, api_keys=frozenset({"yes"})).status == 200


def test_rest_quota():
    api = rest_api(method("GET /items", None, api_key_required=Known(True)), "GET /open")
    seen = call(api, "GET", "/items", (("x-api-key", "k"),), quota_exceeded=True)
    assert (seen.status, seen.body) == (429, b'{"message":"Limit Exceeded"}')
    assert call(api, "GET", "/open", (), OK, quota_exceeded=True).status == 200


def test_rest_throttled():
    seen = call(options(), "OPTIONS", "/items", preflight(), throttled=True)
    assert (seen.status, seen.body) == (429, b'{"message":"Too Many Requests"}')
    busy = rest_api("GET /items", stages=(Stage(Known("Prod"), throttled=Known(True)),))
    assert call(busy, "GET", "/items").status == 429


def test_rest_waf():
    custom = gateway_response("WAF_FILTERED")
    seen = call(rest_api("GET /items", gateway_responses=(custom,)), "GET", "/items", ORIGIN, waf_blocks=True)
    assert (seen.status, seen.cors, seen.made_by) == (403, {"allow-origin": ("*",)}, "waf")


@pytest.mark.parametrize(
    ("verbs", "paths", "refused"),
    [
        (("*",), ("/items/*",), True),
        (("OPTIONS",), ("*",), True),
        (("GET",), ("*",), False),
        (("*",), ("/other",), False),
        (("GET", "OPTIONS"), ("/x", "/items/7"), True),
        (("OPT*",), ("/items/?",), True),
        (("OPTIONS",), ("/items/[7]",), False),
    ],
)
def test_rest_resource_policy(verbs, paths, refused):
    refusals = (PolicyRefusal(("PATCH",), ("*",), "?"), PolicyRefusal(verbs, paths, "no statement allows it"))
    api = rest_api(method("OPTIONS /items/{id}", mock()), refusals=refusals)
    seen = call(api, "OPTIONS", "/items/7", preflight())
    assert seen.status == (403 if refused else 200)
    if refused:
        assert json.loads(seen.body)["Message"].startswith(
            "User: anonymous is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:"
        )
        assert (seen.all("x-amzn-errortype"), seen.made_by) == (("AccessDeniedException",), "gateway")
        custom = rest_api(
            method("OPTIONS /items/{id}", mock()),
            refusals=refusals,
            gateway_responses=(gateway_response("ACCESS_DENIED"),),
        )
        assert call(custom, "OPTIONS", "/items/7", preflight()).cors == {"allow-origin": ("*",)}


def test_rest_validator():
    required = ("body", "header X-Tenant", "querystring page", "path id")
    api = rest_api(
        method("POST /items", None, validates=required),
        method("POST /b", None, validates=("body",)),
        method("POST /i/{id}", None, validates=("path id",)),
    )
    seen = call(api, "POST", "/items", ORIGIN, body=b"{}")
    assert (seen.status, seen.body) == (
        400,
        b'{"message": "Missing required request parameters: [X-Tenant, page, id]"}',
    )
    some = call(api, "POST", "/items?page=1", (("x-tenant", "a"),), body=b"{}")
    assert some.body == b'{"message": "Missing required request parameters: [id]"}'
    assert call(api, "POST", "/i/7", (), OK).status == 200
    for body in (None, b"{", b""):
        bad = call(api, "POST", "/b", (), body=body)
        assert (bad.status, bad.body) == (400, b'{"message": "Invalid request body"}')
    assert call(api, "POST", "/b", (), OK, body=b"{}").status == 200
    assert call(api, "POST", "/b", (), body=b"{}", body_invalid=True).status == 400
    assert call(api, "POST", "/b", (("content-type", "text/plain"),), OK, body=b"{").status == 200


def test_rest_wrong_stage():
    api = rest_api("GET /items", gateway_responses=(gateway_response("DEFAULT_4XX"), gateway_response("")))
    for path in ("/dev/items", "/", "/items"):
        seen = call(api, "GET", "", ORIGIN, url=f"https://a.execute-api.us-east-1.amazonaws.com{path}")
        assert (seen.status, seen.body, seen.cors) == (403, b'{"message":"Forbidden"}', {})
        assert seen.all("x-amzn-errortype") == ("ForbiddenException",)
    assert call(api, "GET", "/items", ORIGIN, client_certificate_missing=True).cors == {}


def test_rest_event():
    api = rest_api("POST /items/{id}")
    headers = (("Origin", APP), ("X-A", "1"), ("X-A", "2"), ("User-Agent", "me"))
    event = call(api, "POST", "/items/a%20b?q=1&q=2", headers, OK, body=b"text").event
    assert list(event) == [
        "resource",
        "path",
        "httpMethod",
        "headers",
        "multiValueHeaders",
        "queryStringParameters",
        "multiValueQueryStringParameters",
        "pathParameters",
        "stageVariables",
        "requestContext",
        "body",
        "isBase64Encoded",
    ]
    assert (event["resource"], event["path"], event["httpMethod"]) == ("/items/{id}", "/items/a b", "POST")
    assert (event["headers"]["Origin"], event["headers"]["X-A"], event["multiValueHeaders"]["X-A"]) == (
        APP,
        "2",
        ["1", "2"],
    )
    assert event["headers"]["Host"] == event["requestContext"]["domainName"]
    assert (event["queryStringParameters"], event["multiValueQueryStringParameters"]) == ({"q": "2"}, {"q": ["1", "2"]})
    assert (event["pathParameters"], event["stageVariables"]) == ({"id": "a b"}, None)
    assert (event["body"], event["isBase64Encoded"]) == ("text", False)
    context = event["requestContext"]
    assert (context["path"], context["stage"], context["resourcePath"], context["httpMethod"]) == (
        "/Prod/items/a%20b",
        "Prod",
        "/items/{id}",
        "POST",
    )
    assert (context["identity"]["sourceIp"], context["identity"]["userAgent"]) == ("203.0.113.7", "me")
    assert (context["requestTime"], context["requestTimeEpoch"]) == ("01/Jan/2026:00:00:00 +0000", 1_767_225_600_000)
    assert "authorizer" not in context
    bare = call(rest_api("GET /items"), "GET", "/items", (("Host", "h"),), OK).event
    empty = ("queryStringParameters", "multiValueQueryStringParameters", "pathParameters", "body")
    assert [bare[name] for name in empty] == [None] * 4
    assert (bare["headers"]["Host"], bare["multiValueHeaders"]["Host"]) == ("h", ["h"])
    custom = rest_api("GET /items", stages=(Stage(Known("Prod"), base_paths=(Known("v1"),)),))
    mapped = call(custom, "GET", "", (), OK, url="https://api.example.com/v1/items").event
    assert (mapped["path"], mapped["requestContext"]["path"], mapped["requestContext"]["domainName"]) == (
        "/v1/items",
        "/v1/items",
        "api.example.com",
    )


def test_rest_binary_request():
    api = rest_api("POST /items", binary=("image/png",))
    event = call(api, "POST", "/items", (("content-type", "image/png"),), OK, body=b"\x89").event
    assert (event["body"], event["isBase64Encoded"]) == ("iQ==", True)
    other = call(api, "POST", "/items", (("content-type", "text/plain"),), OK, body=b"a").event
    assert (other["body"], other["isBase64Encoded"]) == ("a", False)


def test_rest_request_authorizer_event():
    gate = authorizer("lambda_request", "method.request.header.Authorization")
    seen = call(rest_api(method("GET /items/{id}", None, gate)), "GET", "/items/7", BEARER, Granted(), OK)
    event = seen.asked[0].event
    assert (event["type"], event["resource"], event["pathParameters"], event["queryStringParameters"]) == (
        "REQUEST",
        "/items/{id}",
        {"id": "7"},
        {},
    )
    assert "body" not in event


def test_rest_deployment_answers():
    working, deployed = options(), rest_api("GET /items")
    assert call(working, "OPTIONS", "/items", preflight(), deployed=deployed).status == 403


def test_rest_undeployable_and_unreadable_integrations():
    bare = rest_api(method("GET /items"))
    without = type(bare.methods[0])("/items", "GET", None, HERE)
    with pytest.raises(Undecided, match="without an integration"):
        call(rest_api(without), "GET", "/items")
    proxied = method("GET /items", HttpProxy(Known("https://b.example"), HERE))
    with pytest.raises(Undecided, match="another HTTP server"):
        call(rest_api(proxied), "GET", "/items")


def test_rest_undecided_function_is_named():
    from corsmith.gateways import Unread

    with pytest.raises(Undecided, match="not in the project"):
        call(rest_api("GET /items"), "GET", "/items", (), Unread(Unknown("its code is not in the project")))


def test_rest_stage_given_by_name():
    api = rest_api("GET /items", stages=(Stage(Known("Prod")), Stage(Unknown("no default"))))
    assert call(api, "GET", "", (), OK, url="https://h/items", stage="Prod").event["requestContext"]["stage"] == "Prod"
    assert call(api, "GET", "", (), url="https://h/items", stage="none").status == 403
    assert call(api, "GET", "", (), OK, url="https://h/stage/items").status == 200


def test_rest_binary_types_may_be_unknown():
    with pytest.raises(Undecided):
        call(
            rest_api(method("OPTIONS /items", mock()), binary_media_types=Unknown("?")),
            "OPTIONS",
            "/items",
            preflight(),
        )


def test_rest_many_paths():
    """What is remembered of paths is bounded, and right after it was dropped."""
    api = rest_api("GET /items/{id}")
    for number in range(4100):
        assert call(api, "GET", f"/items/{number}", (), not_permitted=True).status == 500
    seen = call(api, "GET", "/items/7", (), OK)
    assert seen.event["pathParameters"] == {"id": "7"}
    assert match(api, "GET", "/other/7") is None
