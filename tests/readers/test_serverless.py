"""Services of the Serverless Framework: which files they are, what Serverless refuses or passes over, what is broken."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corsmith.api.http_api import HttpApi
from corsmith.api.model import Api
from corsmith.api.rest_api import Mapped, Mock, RestApi, RestMethod
from corsmith.api.span import Span
from corsmith.api.tree import Memory, Tree
from corsmith.api.value import Known, Unknown
from corsmith.project.discover import discover
from corsmith.readers import Settings, read, recognise

from .serverless_fixtures import NAMES, api_of, files_of
from .test_spans import parts

HEAD = "service: s\nprovider: { name: aws, runtime: python3.12 }\n"

FILES: dict[str, tuple[str, str, str | None]] = {
    "by name": ("serverless.yml", "service: s\nprovider: aws\n", "serverless"),
    "by name, without a service": ("a/serverless.yaml", "provider:\n  name: aws\n", "serverless"),
    "a stage's own": ("serverless.prod.yml", HEAD, "serverless"),
    "by content": ("stack.yml", HEAD, "serverless"),
    "JSON": ("serverless.json", '{"service": "s", "provider": {"name": "aws"}}', "serverless"),
    "a cloud that nobody knows": ("serverless.yml", "provider: # there\n  region: x\n\n  name: 'twilio' # here\n", None),
    "a cloud in one word": ("serverless.yml", "service: s\nprovider: google\n", None),
    "a cloud in braces": ("serverless.json", '{"service": "s", "provider": {"x": 1, "name": "azure"}}', None),
    "a name deeper than the provider's": (
        "serverless.yml", "service: s\nprovider:\n  iam:\n    name: role\n  name: aws\nx:\n  name: y\n", "serverless"),
    "a provider that is a variable": ("serverless.yml", "service: s\nprovider:\n  name: ${self:custom.name}\n", "serverless"),
    "a provider that is a file": ("serverless.yml", "service: s\nprovider: ${file(provider.yml)}\n", "serverless"),
    "another cloud": ("serverless.yml", "service: s\nprovider:\n  name: google\n", None),
    "a component of old": ("serverless.yml", "component: express\nname: api\n", None),
    "with resources": ("serverless.yml", HEAD + "resources:\n  Resources:\n    B: { Type: AWS::S3::Bucket }\n", "serverless"),
    "a program": ("serverless.ts", "export default { provider: { name: 'aws' } }", "serverless"),
    "a program that has nothing to do with it": ("serverless.js", "module.exports = 1", None),
    "docker": ("docker-compose.yml", "services:\n  a: {}\n", None),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_files_are_recognised(name: str, ending: str) -> None:
    path, text, dialect = FILES[name]
    assert recognise(text.replace("\n", ending), path) == dialect


@pytest.mark.parametrize("name", [name for name in FILES if "program" not in name])
def test_files_are_read_as_what_they_are(name: str) -> None:
    path, text, dialect = FILES[name]
    api = read(Tree(Memory({path: text})), path)
    assert (api.dialect if api is not None else None) == dialect


def test_a_program_is_not_run_and_says_what_to_do() -> None:
    tree = Tree(Memory({"a/serverless.ts": "const provider = boom(", "a/package.json": "{}"}))
    assert discover(tree, "a").templates == ("a/serverless.ts",)
    api = read(tree, "a/serverless.ts")
    assert api is not None
    (problem,) = api.problems
    assert problem.message.startswith("serverless.ts is a program")
    assert "serverless print" in problem.message


def test_files_that_a_service_takes_in_are_no_templates_of_their_own() -> None:
    part = "Resources:\n  B: { Type: AWS::S3::Bucket }\n"
    files = {
        "a/serverless.yml": HEAD + "resources:\n  - ${file(res/b.yml)}\n  - ${file('./res/${sls:stage}.yml')}\n"
        "custom: ${file(${env:FILE})}\n",
        "a/res/b.yml": part,
        "a/res/prod.yml": part,
        "a/res/deep/prod.yml": part,
        "a/other.yml": part,
        "b/res/b.yml": part,
    }
    found = discover(Tree(Memory(files)), ".")
    assert found.templates == ("a/other.yml", "a/res/deep/prod.yml", "a/serverless.yml", "b/res/b.yml")
    assert found.passed_over == ("a/res/b.yml", "a/res/prod.yml")


def rest(api: Api) -> RestApi:
    (door,) = (door for door in api.front_doors if isinstance(door, RestApi))
    return door


def http(api: Api) -> HttpApi:
    (door,) = (door for door in api.front_doors if isinstance(door, HttpApi))
    return door


def method(api: Api, key: str) -> RestMethod:
    return next(each for each in rest(api).methods if f"{each.verb} {each.path}" == key)


def headers(each: RestMethod) -> dict[str, str]:
    """The headers of a mock's answer: the value, or why it is not known."""
    assert isinstance(each.integration, Mock)
    (response,) = each.integration.responses
    return {name: v.value if isinstance(v, Known) else v.because for name, v in response.parameters}


def service(events: str, provider: str = "{ name: aws, runtime: python3.12 }") -> str:
    return f"service: s\nprovider: {provider}\nfunctions:\n  f:\n    handler: app.f\n    events:\n{events}\n"


def test_the_preflight_stands_at_the_cors_setting() -> None:
    text = service(
        "      - http:\n          path: a\n          method: get\n          cors:\n            origin: https://a.example.com\n"
    )
    preflight = method(api_of(text), "OPTIONS /a")
    assert preflight.declared_by_tool
    assert text[preflight.span.start :].startswith("cors:\n")
    assert isinstance(preflight.integration, Mock)
    (response,) = preflight.integration.responses
    origin = dict(response.parameters)["Access-Control-Allow-Origin"]
    assert isinstance(origin, Known)
    assert origin.span is not None
    assert origin.value == "'https://a.example.com'"
    assert text[origin.span.start : origin.span.end] == "https://a.example.com"
    assert rest(api_of(text)).cors_span is not None


def test_settings_that_are_not_known_leave_the_rest_known() -> None:
    text = service(
        "      - http:\n          path: a\n          method: get\n"
        "          cors: { origin: '${env:PAGE}', headers: [A, '${ssm:/b}'], allowCredentials: true }\n"
    )
    found = headers(method(api_of(text), "OPTIONS /a"))
    assert "PAGE" in found["Access-Control-Allow-Origin"]
    assert "parameter store" in found["Access-Control-Allow-Headers"]
    assert found["Access-Control-Allow-Methods"] == "'OPTIONS,GET'"
    assert found["Access-Control-Allow-Credentials"] == "'true'"


def test_a_cors_setting_that_is_not_known_makes_an_undecided_preflight() -> None:
    text = service("      - http:\n          path: a\n          method: get\n          cors: ${file(cors.js):cors}\n")
    api = api_of(text)
    assert not api.problems
    found = headers(method(api, "OPTIONS /a"))
    assert {name: "is a program" in why for name, why in found.items()} == {
        "Access-Control-Allow-Origin": True,
        "Access-Control-Allow-Headers": True,
        "Access-Control-Allow-Methods": True,
    }


def test_an_api_of_another_stack_is_read_as_far_as_it_goes() -> None:
    provider = "{ name: aws, runtime: python3.12, apiGateway: { restApiId: abc123, restApiRootResourceId: def } }"
    door = rest(api_of(service("      - http: { path: a, method: get, cors: true }", provider)))
    assert {f"{each.verb} {each.path}" for each in door.methods} == {"GET /a", "OPTIONS /a"}
    assert isinstance(door.binary_media_types, Unknown)
    assert [each.type for each in door.gateway_responses] == ["DEFAULT_4XX", "DEFAULT_5XX"]
    assert all(isinstance(value, Unknown) for each in door.gateway_responses for _, value in each.parameters)


def test_an_http_api_of_another_stack_has_cors_settings_that_nobody_knows() -> None:
    provider = "{ name: aws, runtime: python3.12, httpApi: { id: abc } }"
    door = http(api_of(service("      - httpApi: GET /a", provider)))
    assert isinstance(door.cors, Unknown)
    assert [f"{each.method} {each.path}" for each in door.routes] == ["GET /a"]


def test_a_service_with_a_list_of_functions_and_files() -> None:
    text = HEAD + "functions:\n  - a: { handler: a.b }\n  - ${file(more.yml)}\n  - null\n"
    api = api_of(text, more_yml="c-d_e:\n  handler: c.d\n  url: true\n")
    assert [each.name for each in api.functions] == ["ALambdaFunction", "CDashdUnderscoreeLambdaFunction"]
    assert [door.name for door in api.front_doors] == ["CDashdUnderscoreeLambdaFunctionUrl"]


def test_functions_are_linked_to_their_code() -> None:
    files = {
        "svc/serverless.yml": HEAD
        + "functions:\n  a: { handler: src/app.main }\n  b: { handler: app.main, module: lib }\n",
        "svc/src/app.py": "",
        "svc/lib/app.py": "",
    }
    api = read(Tree(Memory(files)), "svc/serverless.yml")
    assert api is not None
    at = files["svc/serverless.yml"].index("lib")
    assert [each.code for each in api.functions] == [
        Known("svc", api.functions[0].span),
        Known("svc/lib", Span("svc/serverless.yml", at, at + 3)),
    ]
    assert not any(each.linked_by_search for each in api.functions)


CODES: dict[str, tuple[str, str]] = {
    "an artifact of the service": (
        "package: { artifact: target/app.jar }\nfunctions:\n  a: { handler: com.example.App }\n", "as target/app.jar"),
    "an artifact of its own": ("functions:\n  a: { handler: x.App, package: { artifact: a.zip } }\n", "as a.zip"),
    "an image": ("functions:\n  a: { image: 1.dkr.ecr.example.com/a }\n", "container image"),
    "a module of a plugin": ("functions:\n  a: { handler: wsgi_handler.handler }\n", "serverless-wsgi makes"),
}  # fmt: skip


@pytest.mark.parametrize("name", CODES)
def test_code_that_is_elsewhere_is_not_known(name: str) -> None:
    text, because = CODES[name]
    (function,) = api_of(HEAD + text).functions
    assert isinstance(function.code, Unknown)
    assert because in function.code.because


@pytest.mark.parametrize(("stage", "page"), [(None, "http://localhost:3000"), ("prod", "https://app.example.com")])
def test_the_stage_chooses(stage: str | None, page: str) -> None:
    text = (
        "service: s\ncustom:\n  pages: { dev: http://localhost:3000, prod: https://app.example.com }\n"
        "provider: { name: aws, httpApi: { cors: { allowedOrigins: ['${self:custom.pages.${sls:stage}}'] } } }\n"
        "functions:\n  f: { handler: a.b, events: [{ httpApi: GET /a }] }\n"
    )
    api = api_of(text, Settings(stage=stage))
    cors = http(api).cors.get()
    assert cors is not None
    assert cors.allow_origins is not None
    assert [item.get() for item in cors.allow_origins.get()] == [page]
    assert [each.text for each in api.declared_origins] == [page]


REFUSED: dict[str, tuple[str, str]] = {
    "an authorizer that is no function": ("      - http: { path: a, method: get, authorizer: gate }", "no function gate"),
    "an authorizer without a name": ("      - http: { path: a, method: get, authorizer: { type: x } }", "a name or an arn"),
    "an event without a method": ("      - http: { path: a }", "has no method"),
    "an event without a path": ("      - http: { method: get }", "has no path"),
    "an event in one word": ("      - http: get", "has no path"),
    "a route twice": ("      - httpApi: GET /a\n      - httpApi: get /a", "declared by two events"),
    "a route without a method": ("      - httpApi: { path: /a }", "has no method"),
    "a route in one word": ("      - httpApi: /a", "must be '*'"),
    "no such method": ("      - httpApi: { path: /a, method: fetch }", "FETCH is no method"),
    "an authorizer of nobody": ("      - httpApi: { path: /a, method: get, authorizer: { name: x } }", "no authorizer x"),
    "a load balancer's rule without conditions": ("      - alb: { listenerArn: !Ref L, priority: 1 }", "has no conditions"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_serverless_refuses(name: str) -> None:
    events, said = REFUSED[name]
    api = api_of(service(events))
    (refused,) = api.refused
    assert said in refused.message
    assert refused.message.endswith(".")
    assert refused.by == "Serverless"


STRAYS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "on the function": ("      - http: GET /a\n    cors: true", "cors", ("FLambdaFunction",)),
    "beside the event": ("      - http: GET /a\n        cors: true", "cors", ("ApiGatewayRestApi",)),
    "in an httpApi event": ("      - httpApi: { path: /a, method: get, cors: true }", "cors", ("HttpApi",)),
    "another front door's key": (
        "      - http: { path: a, method: get, cors: { allowedOrigins: [x] } }", "allowedOrigins", ("ApiGatewayRestApi",)),
    "in url": ("    url: { allowedOrigins: ['*'] }", "allowedOrigins", ("FLambdaFunctionUrl",)),
    "a url's misspelt key": ("    url: { cors: { allowOrigins: ['*'] } }", "allowOrigins", ("FLambdaFunctionUrl",)),
}  # fmt: skip


@pytest.mark.parametrize("name", STRAYS)
def test_what_serverless_passes_over(name: str) -> None:
    events, key, doors = STRAYS[name]
    text = service(events)
    (stray,) = api_of(text).strays
    assert (stray.key, stray.doors) == (key, doors)
    assert text[stray.span.start : stray.span.end] == key
    assert not stray.because.endswith(".")


PROVIDERS: dict[str, tuple[str, str, str]] = {
    "of the other API": ("httpApi: { cors: true }", "http: GET /a", "ApiGatewayRestApi"),
    "of the provider": ("cors: true", "httpApi: GET /a", "HttpApi"),
    "of apiGateway": ("apiGateway: { cors: true }", "http: GET /a", "ApiGatewayRestApi"),
    "misspelt": ("httpApi: { cors: { allowOrigins: [x] } }", "httpApi: GET /a", "HttpApi"),
}


@pytest.mark.parametrize("name", PROVIDERS)
def test_settings_of_the_provider_that_have_no_effect(name: str) -> None:
    setting, event, door = PROVIDERS[name]
    (stray,) = api_of(service(f"      - {event}", f"{{ name: aws, runtime: python3.12, {setting} }}")).strays
    assert stray.doors == (door,)


def test_right_settings_are_no_strays() -> None:
    for name in NAMES:
        api = read(Tree(Memory(files_of(name))), "serverless.yml")
        assert api is not None
        assert not api.strays


UNREAD: dict[str, str] = {
    "functions: ${file(f.js):all}\n": "functions cannot be read: f.js is a program",
    "functions:\n  a: ${file(a.js)}\n": "the function a cannot be read",
    "functions:\n  a: { handler: a.b, events: '${file(e.js)}' }\n": "the events of a cannot be read",
    "functions:\n  a: { handler: a.b, events: [{ http: '${file(e.js)}' }] }\n": "an http event of a cannot be read",
    "functions:\n  a: { handler: a.b, events: [{ http: { path: '${env:P}', method: get } }] }\n": "an http event of a",
    "functions:\n  a: { handler: a.b, events: [{ httpApi: { path: '${env:P}', method: get } }] }\n": "an httpApi event of a",
    "resources: ${file(r.js)}\n": "resources cannot be read",
    "resources:\n  Resources: ${file(r.js)}\n": "Resources cannot be read",
    "resources:\n  Resources:\n    X: ${file(r.js)}\n": "the resource X cannot be read",
    "resources:\n  - text\n": "resources cannot be read",
    "functions: 3\n": "functions cannot be read",
    "functions:\n  a: text\n": "the function a cannot be read",
}


@pytest.mark.parametrize("text", UNREAD)
def test_parts_that_are_not_known_are_problems(text: str) -> None:
    api = api_of(HEAD + text)
    assert UNREAD[text] in api.problems[0].message
    assert api.problems[0].line >= 3


def test_the_templates_of_lambda_integrations_make_events() -> None:
    from corsmith.gateways.vtl.evaluate import render
    from corsmith.gateways.vtl.methods import Input, Parameters, Undescribed, Util
    from corsmith.readers.serverless.rest_templates import FORM_EVENT, JSON_EVENT

    def scope(body: str) -> dict[str, object]:
        def place(**values: str) -> Parameters:
            return Parameters(values, lambda: "")

        given = Input(place(id="7"), place(q="it's"), place(Accept='a"b'), body)
        context = {"httpMethod": "POST", "stage": "dev", "authorizer": {}, "identity": {"sourceIp": "::1"}}
        return {"input": given, "context": context, "util": Util(), "stageVariables": Undescribed("stageVariables")}

    event = json.loads(render(JSON_EVENT, scope('{"a": [1]}')).text)
    assert event["body"] == {"a": [1]}
    assert (event["method"], event["stage"]) == ("POST", "dev")
    assert (event["path"], event["query"], event["headers"]) == ({"id": "7"}, {"q": "it's"}, {"Accept": 'a"b'})
    assert (event["identity"], event["stageVariables"]) == ({"sourceIp": "::1"}, {})
    form = json.loads(render(FORM_EVENT, scope("name=A+B&empty&x=%22")).text)
    assert form["body"] == {"name": "A B", "empty": "", "x": '"'}


def test_a_method_with_lambda_integration_has_the_usual_statuses() -> None:
    text = service("      - http: { path: a, method: get, integration: lambda, cors: true }")
    integration = method(api_of(text), "GET /a").integration
    assert isinstance(integration, Mapped)
    assert [response.status.get() for response in integration.responses] == [
        "200", "400", "401", "403", "404", "422", "500", "502", "504"]  # fmt: skip
    assert {dict(r.parameters)["Access-Control-Allow-Origin"].get() for r in integration.responses} == {"'*'"}


HOSTILE: dict[str, str] = {
    "tabs": HEAD + "functions:\n\ta: b\n",
    "binary": "service: s\nprovider: \x00\n",
    "two providers": HEAD + "provider: { name: aws }\n",
    "functions that are a text": HEAD + "functions: all\n",
    "events that are a text": service("") + "      http",
    "an alias inside itself": HEAD + "custom: &a\n  b: *a\n",
    "an alias bomb": HEAD + "custom:\n  a: &a [x, x]\n" + "".join(
        f"  {chr(98 + n)}: &{chr(98 + n)} [{', '.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(20)) + "origins: *u\n",
    "a variable bomb": HEAD + "custom:\n  a0: [x, x]\n" + "".join(
        f"  a{n}: [{', '.join(['${self:custom.a' + str(n - 1) + '}'] * 9)}]\n" for n in range(1, 20))
        + "  origins: ${self:custom.a19}\n",
    "a long chain": HEAD + "custom:\n  a0: x\n" + "".join(f"  a{n}: ${{self:custom.a{n - 1}}}\n" for n in range(1, 3000)),
    "a chain the other way": HEAD + "custom:\n  a3000: x\n" + "".join(
        f"  a{n}: ${{self:custom.a{n + 1}}}\n" for n in range(3000)),
    "a chain of parts": HEAD + "custom:\n  a3000: { x: 1 }\n" + "".join(
        f"  a{n}: ${{self:custom.a{n + 1}.x}}\n" for n in range(3000)),
    "addresses that name themselves": HEAD
    + "custom:\n  k: ${self:${self:custom.k}}\n  m: ${self:custom.${self:custom.m}.x}\n  n: ${self:custom.n.x}\n",
    "growing texts": HEAD + "custom:\n  a0: x\n" + "".join(
        f"  a{n}: ${{self:custom.a{n - 1}}}${{self:custom.a{n - 1}}}\n" for n in range(1, 60)),
    "a path of many parts": service("      - http: { path: " + "/a" * 20_000 + ", method: get, cors: true }"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_hostile_services_are_read_in_bounds(name: str, ending: str) -> None:
    text = HOSTILE[name].replace("\n", ending)
    api = read(Tree(Memory({"serverless.yml": text})), "serverless.yml")
    assert api is not None
    for problem in api.problems:
        assert problem.message
        assert problem.line > 0
        assert problem.column > 0
    assert len(api.problems) <= 200


LINES = tuple(line for name in NAMES for text in files_of(name).values() for line in text.splitlines())
ODD = (
    "${self:}",
    "${file(serverless.yml)}",
    "null",
    "[]",
    "{}",
    "!Ref X",
    "!Sub '${A}-${self:custom}'",
    "~",
    "- - -",
    "*x",
    "&x",
)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(NAMES), st.data())
def test_services_with_lines_out_of_place_are_read_without_an_error(name: str, data: st.DataObject) -> None:
    files = files_of(name)
    lines = files["serverless.yml"].splitlines()
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(lines) - 1))
        change = data.draw(st.sampled_from(("drop", "swap", "other", "indent", "cut", "value")))
        other = data.draw(st.sampled_from(LINES))
        odd = data.draw(st.sampled_from(ODD))
        lines[at : at + 1] = {
            "drop": [],
            "swap": [lines[at - 1]],
            "other": [other],
            "indent": ["  " + lines[at]],
            "cut": [lines[at][: len(lines[at]) // 2]],
            "value": [lines[at].split(":")[0] + ": " + odd],
        }[change]
        lines = lines or [""]
    text = "\n".join(lines)
    api = read(Tree(Memory({**files, "serverless.yml": text})), "serverless.yml", Settings())
    if api is not None:
        for part in (*api.front_doors, *api.functions):
            assert isinstance(part.span, Span)
        for refused in api.refused:
            assert refused.message.endswith(".")


AUTHORIZERS: dict[str, tuple[str, str]] = {
    "neither function nor arn": ("type: request", "needs either functionName or functionArn"),
    "both": ("type: request, functionName: f, functionArn: x", "needs either functionName or functionArn"),
    "a function of nobody": ("type: request, functionName: gone", "which the service does not have"),
}


@pytest.mark.parametrize("name", AUTHORIZERS)
def test_authorizers_that_serverless_refuses(name: str) -> None:
    settings, said = AUTHORIZERS[name]
    provider = f"{{ name: aws, runtime: python3.12, httpApi: {{ authorizers: {{ gate: {{ {settings} }} }} }} }}"
    (refused,) = api_of(service("      - httpApi: GET /a", provider)).refused
    assert said in refused.message


def test_settings_that_an_http_api_of_another_stack_cannot_have() -> None:
    provider = "{ name: aws, runtime: python3.12, httpApi: { id: abc, cors: true } }"
    events = "      - httpApi: { path: /a, method: get, authorizer: { id: xyz, type: request } }"
    api = api_of(service(events, provider))
    (refused,) = api.refused
    assert (refused.what, refused.key) == ("misplaced", "cors")
    (route,) = http(api).routes
    assert route.authorizer is not None
    assert route.authorizer.kind == "lambda_request"


def test_an_authorizer_by_id_needs_an_api_of_another_stack() -> None:
    events = "      - httpApi: { path: /a, method: get, authorizer: { id: xyz } }"
    (refused,) = api_of(service(events)).refused
    assert "by its id only where" in refused.message


NOT_KNOWN: dict[str, str] = {
    "an authorizer": "      - http: { path: a, method: get, cors: true, authorizer: '${cf:other.Gate}' }",
    "a url's authorizer": "    url: { authorizer: '${env:AUTH}', cors: true }",
    "a url's cors": "    url: { cors: '${file(cors.js)}' }",
    "a header": "      - http: { path: a, method: get, cors: { headers: ['${env:H}'] } }",
    "an origin among several": "      - http: { path: a, method: get, cors: { origins: [https://a.example.com, '${env:O}'] } }",
    "credentials": "      - http: { path: a, method: get, cors: { allowCredentials: '${env:C}' } }",
    "cors of an integration that is no proxy": (
        "      - http: { path: a, method: get, integration: lambda, cors: { origin: '${env:O}', allowCredentials: '${env:C}' } }"
    ),
    "whether a key is asked for": "      - http: { path: a, method: get, cors: '${file(c.js)}', private: '${env:K}' }",
    "the authorizer of a route": "      - httpApi: { path: /a, method: get, authorizer: '${env:GATE}' }",
    "cors of the HTTP API": "      - httpApi: GET /a",
}


REASONS = {
    **dict.fromkeys(NOT_KNOWN, ("environment variable", "is a program")),
    "an authorizer": ("names no function",),
    "the authorizer of a route": ("names no issuer",),
}


@pytest.mark.parametrize("name", NOT_KNOWN)
def test_settings_that_only_a_deployment_knows_leave_the_rest(name: str) -> None:
    cors = ", httpApi: { cors: '${file(cors.js)}' }, apiGateway: { apiKeys: '${file(keys.js)}' }"
    api = api_of(service(NOT_KNOWN[name], f"{{ name: aws, runtime: python3.12{cors} }}"))
    assert not api.refused
    (door,) = api.front_doors
    assert not api.problems
    because = {part.because for part in parts(door) if isinstance(part, Unknown)}
    assert any(word in each for each in because for word in REASONS[name])


def test_extensions_of_what_is_not_there_are_refused() -> None:
    text = HEAD + "resources:\n  extensions:\n    Gone: { Properties: { A: 1 } }\n"
    (refused,) = api_of(text).refused
    assert refused.message == "There is no resource Gone to extend."


def test_parameters_of_a_template_with_defaults_that_are_not_known() -> None:
    text = HEAD + (
        "functions:\n  f: { handler: a.b, environment: { X: !Ref P, Y: !Ref Q } }\n"
        "resources:\n  Parameters:\n    P: { Type: String, Default: '${env:P}' }\n    Q: { Type: String, Default: q }\n"
    )
    (function,) = api_of(text).functions
    found = dict(function.environment)
    assert isinstance(found["X"], Unknown)
    assert found["Y"].get() == "q"


def test_origins_that_none_is_written_for() -> None:
    text = service("      - http: { path: a, method: get, cors: { origins: [] } }")
    assert headers(method(api_of(text), "OPTIONS /a"))["Access-Control-Allow-Origin"] == "'undefined'"


def test_an_integration_that_is_not_known_is_none() -> None:
    found = method(api_of(service("      - http: { path: a, method: get, integration: '${env:KIND}' }")), "GET /a")
    assert found.integration is None


@pytest.mark.parametrize("written", ["true", "yes", "'true'", "1"])
def test_what_javascript_takes_for_true(written: str) -> None:
    provider = f"{{ name: aws, httpApi: {{ cors: {{ allowedOrigins: [https://a.example.com], allowCredentials: {written} }} }} }}"
    cors = http(api_of(service("      - httpApi: GET /a", provider))).cors.get()
    assert cors is not None
    assert cors.allow_credentials is not None
    assert cors.allow_credentials.get() is True


@pytest.mark.parametrize("written", ["false", "null", "''", "0"])
def test_what_javascript_takes_for_false(written: str) -> None:
    assert http(
        api_of(service("      - httpApi: GET /a", f"{{ name: aws, httpApi: {{ cors: {written} }} }}"))
    ).cors == Known(None)


def test_of_two_events_of_one_method_the_last_one_counts() -> None:
    first = "      - http: { path: a, method: get, private: true, authorizer: aws_iam }"
    events = first + "\n      - http: { path: /a/, method: GET }"
    found = method(api_of(service(events)), "GET /a")
    assert (found.api_key_required.get(), found.authorizer.get()) == (False, None)
