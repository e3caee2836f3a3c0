"""The fifty mistakes that threads about CORS on Lambda are made of: each is recognised, its correct twin is left alone.

A mistake that a browser call shows is recognised by its rule, in a project. What no call shows (a function that fails
without an Origin, a fallback that is of no use) is recognised by the ways out that are read.
"""
# ruff: noqa: E501 - whole handlers in one line

from __future__ import annotations

import pytest
from msgspec import Struct, field

from corsmith.api.caller import CallerFlags
from corsmith.api.finding import Severity
from corsmith.api.outcome import Object, Outcome, Returned
from corsmith.api.tree import Memory, Tree
from corsmith.api.value import Known
from corsmith.project.check import Question, check
from tests.handlers.javascript.reading import read as read_node
from tests.handlers.reading import line, read

A = "https://a.example"
STAR = '{"Access-Control-Allow-Origin": "*"}'
URL = """
Transform: AWS::Serverless-2016-10-31
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: RUNTIME
      Handler: app.handler
      CodeUri: .
      Timeout: 3
      Environment: {Variables: {ORIGINS: "https://a.example,https://b.example"}}
      FunctionUrlConfig: {AuthType: NONE}
"""
REST = URL.replace(
    "      FunctionUrlConfig: {AuthType: NONE}\n",
    "      Events: {Call: {Type: Api, Properties: {Path: /x, Method: ANY}}}\n",
)
ALB = """
Resources:
  Group:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties:
      TargetType: lambda
      Targets: [{Id: !GetAtt F.Arn}]
      TargetGroupAttributes: [{Key: lambda.multi_value_headers.enabled, Value: "true"}]
  Balancer: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: {Subnets: [subnet-1, subnet-2]}}
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: !Ref Balancer
      Port: 443
      Protocol: HTTPS
      DefaultActions: [{Type: forward, TargetGroupArn: !Ref Group}]
  Permission:
    Type: AWS::Lambda::Permission
    Properties:
      {FunctionName: !GetAtt F.Arn, Action: lambda:InvokeFunction, Principal: elasticloadbalancing.amazonaws.com}
  F:
    Type: AWS::Lambda::Function
    Properties: {Runtime: RUNTIME, Handler: app.handler, Role: r, Code: .}
"""


class Row(Struct, frozen=True):
    """A mistake: bad and right code in both languages, or why a language has none; the rules that may report it.

    `outcomes`: what is read where no call shows it: in the bad code, not in the right one.
    """

    number: int
    name: str
    python: tuple[str, str] | str
    node: tuple[str, str] | str
    rules: frozenset[str] = frozenset()
    outcomes: tuple[str, ...] = ()
    template: str = URL
    right_template: str = ""
    flags: CallerFlags = CallerFlags(origins=(A,), methods=("GET",))
    whole: bool = False
    """The code is a whole module, not a handler's body."""
    entry: str = field(default="handler")


def _rules(*names: str) -> frozenset[str]:
    return frozenset(names)


PUT = CallerFlags(origins=(A,), methods=("PUT",), headers=(("content-type", "application/json"),))
TOKEN = CallerFlags(origins=(A,), methods=("GET",), headers=(("authorization", "x"),))
LOGGED_IN = CallerFlags(origins=(A,), methods=("GET",), credentials=True)
LOGGED_IN_PUT = CallerFlags(origins=(A,), methods=("PUT",), headers=(("x-tenant", "1"),), credentials=True)
ONE_OF_TWO = CallerFlags(origins=(A, "https://b.example"), methods=("GET",))
PY_OK = f'return {{"statusCode": 200, "headers": {STAR}, "body": "x"}}'
JS_OK = f'return {{ statusCode: 200, headers: {STAR}, body: "x" }};'
P = '{"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Methods": "PUT", "Access-Control-Allow-Headers": "content-type,authorization"}'
PY_PREFLIGHT = (
    f'if event["requestContext"]["http"]["method"] == "OPTIONS":\n    return {{"statusCode": 204, "headers": {P}}}\n'
)
JS_PREFLIGHT = f'if (event.requestContext.http.method === "OPTIONS") return {{ statusCode: 204, headers: {P} }};\n'
LISTED_PY = f'o = event["headers"].get("origin", "")\nh = {{"Vary": "Origin"}}\nif o in ["{A}"]:\n    h["Access-Control-Allow-Origin"] = o\n    h["Access-Control-Allow-Credentials"] = "true"\nreturn {{"statusCode": 200, "headers": h, "body": "x"}}'
LISTED_JS = f'const o = event.headers.origin ?? ""; const h = {{ Vary: "Origin" }}; if (["{A}"].includes(o)) {{ h["Access-Control-Allow-Origin"] = o; h["Access-Control-Allow-Credentials"] = "true"; }} return {{ statusCode: 200, headers: h, body: "x" }};'


def headers(pairs: str) -> tuple[str, str]:
    """Return a body in each language that answers 200 with these headers."""
    return (
        f'return {{"statusCode": 200, "headers": {pairs}, "body": "x"}}',
        f'return {{ statusCode: 200, headers: {pairs}, body: "x" }};',
    )


def both(bad: str, right: str) -> dict[str, tuple[str, str]]:
    """Return the same headers as a mistake and its twin in both languages."""
    (bad_py, bad_js), (right_py, right_js) = headers(bad), headers(right)
    return {"python": (bad_py, right_py), "node": (bad_js, right_js)}


def sent(first: str, second: str) -> tuple[str, str]:
    """Return a preflight answered with `first`, and the rest with `second`, in each language."""
    return (
        f'if event["requestContext"]["http"]["method"] == "OPTIONS":\n    return {first}\nreturn {second}',
        f'if (event.requestContext.http.method === "OPTIONS") return {first}; return {second};',
    )


def twice(bad: tuple[str, str], right: tuple[str, str]) -> dict[str, tuple[str, str]]:
    """Return a mistake and its twin, each given in both languages."""
    return {"python": (bad[0], right[0]), "node": (bad[1], right[1])}


def reply(status: int, pairs: str = STAR) -> str:
    """Return a response that is the same text in both languages."""
    return f'{{"statusCode": {status}, "headers": {pairs}, "body": "x"}}'


EXACT = f'{{"Access-Control-Allow-Origin": "{A}", "Access-Control-Allow-Credentials": "true"}}'

ROWS: tuple[Row, ...] = (
    Row(1, "no CORS headers", **both("{}", STAR), rules=_rules("handler-missing-headers", "function-url-no-cors-config")),
    Row(2, "error branch without headers", (f'if not event["headers"].get("x-a"):\n    return {{"statusCode": 404, "body": "no"}}\n{PY_OK}', f'if not event["headers"].get("x-a"):\n    return {reply(404)}\n{PY_OK}'), (f'try {{ await fetch("x"); {JS_OK} }} catch (e) {{ return {{ statusCode: 500, body: e.message }}; }}', f'try {{ await fetch("x"); {JS_OK} }} catch (e) {{ return {reply(500)}; }}'), _rules("handler-missing-headers-on-error")),
    Row(3, "no try", (f'import json\nd = json.loads(event["body"])\n{PY_OK}', f'import json\ntry:\n    d = json.loads(event.get("body"))\nexcept (TypeError, ValueError):\n    return {reply(400)}\n{PY_OK}'), (f"const d = JSON.parse(event.body); {JS_OK}", f"let d; try {{ d = JSON.parse(event.body); }} catch {{ return {reply(400)}; }} {JS_OK}"), _rules("handler-missing-headers-on-error"), flags=CallerFlags(origins=(A,), methods=("POST",), headers=())),
    Row(4, "headers of the code and of the infrastructure", **both(STAR, "{}"), rules=_rules("duplicate-headers-function-url"), template=URL.replace("{AuthType: NONE}", '{AuthType: NONE, Cors: {AllowOrigins: ["*"]}}')),
    Row(5, "wildcard with credentials", **both('{"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Credentials": "true"}', EXACT), rules=_rules("wildcard-with-credentials"), flags=LOGGED_IN),
    Row(6, "OPTIONS not handled", (f'if event["requestContext"]["http"]["method"] == "PUT":\n    return {reply(200)}\nreturn {{"statusCode": 405, "body": ""}}', PY_PREFLIGHT + PY_OK), (f'switch (event.requestContext.http.method) {{ case "PUT": return {reply(200)}; default: return {{ statusCode: 404 }}; }}', JS_PREFLIGHT + JS_OK), _rules("function-url-no-cors-config", "preflight-needs-status-ok", "handler-missing-headers"), flags=PUT),
    Row(7, "a boolean for a text", (f'return {{"statusCode": 200, "headers": {{"Access-Control-Allow-Origin": "{A}", "Access-Control-Allow-Credentials": str(True)}}, "body": "x"}}', headers(EXACT)[0]), (f'return {{ statusCode: 200, headers: {{ "Access-Control-Allow-Origin": "{A}", "Access-Control-Allow-Credentials": String(true).toUpperCase() }}, body: "x" }};', headers(EXACT)[1]), _rules("credentials-header-missing", "non-string-header-value"), flags=LOGGED_IN),
    Row(8, "origins joined with commas", **both(f'{{"Access-Control-Allow-Origin": "{A}, https://b.example"}}', STAR), rules=_rules("multiple-origins-in-one-header")),
    Row(9, "request header not in Allow-Headers", **twice(sent(reply(204, P.replace(",authorization", "")), reply(200)), sent(reply(204, P), reply(200))), rules=_rules("allow-headers-missing-header"), flags=TOKEN),
    Row(10, "headers set on the request", (f'event["headers"]["Access-Control-Allow-Origin"] = "*"\n{headers("{}")[0]}', PY_OK), (f'event.headers["Access-Control-Allow-Origin"] = "*"; {headers("{}")[1]}', JS_OK), _rules("headers-not-applied")),
    Row(11, "no statusCode", (f'return {{"headers": {STAR}, "body": "x"}}', PY_OK), (f'return {{ headers: {STAR}, body: "x" }};', JS_OK), _rules("headers-not-applied")),
    Row(12, "headers inside the body", (f'import json\nreturn {{"statusCode": 200, "body": json.dumps({{"headers": {STAR}, "data": 1}})}}', PY_OK), (f"return {{ statusCode: 200, body: JSON.stringify({{ statusCode: 200, headers: {STAR}, body: 1 }}) }};", JS_OK), _rules("headers-not-applied")),
    Row(13, "a handler that returns without async", "Python's handlers return", (f"export const handler = (event) => ({reply(200)});", f"export const handler = async (event) => ({reply(200)});"), _rules("malformed-proxy-response"), template=REST, whole=True),
    Row(14, "an async handler", (f"async def handler(event, context):\n    {PY_OK}", f"def handler(event, context):\n    {PY_OK}"), "Node's handlers may be async", _rules("malformed-proxy-response"), whole=True),
    Row(15, "a body that is no text", (f'return {{"statusCode": 200, "headers": {STAR}, "body": {{"a": 1}}}}', PY_OK), (f"return {{ statusCode: 200, headers: {STAR}, body: {{ a: 1 }} }};", JS_OK), _rules("malformed-proxy-response"), template=REST),
    Row(16, "slash at the end of the origin", **both(f'{{"Access-Control-Allow-Origin": "{A}/"}}', f'{{"Access-Control-Allow-Origin": "{A}"}}'), rules=_rules("origin-trailing-slash")),
    Row(17, "origin without scheme", **both('{"Access-Control-Allow-Origin": "a.example"}', f'{{"Access-Control-Allow-Origin": "{A}"}}'), rules=_rules("origin-mismatch")),
    Row(18, "origin with a path, quotes of a mapping", **both(f'{{"Access-Control-Allow-Origin": "{A}/login"}}', f'{{"Access-Control-Allow-Origin": "{A}"}}'), rules=_rules("origin-mismatch")),
    Row(19, "the key of the headers misspelt", (f'return {{"statusCode": 200, "header": {STAR}, "body": "x"}}', PY_OK), (f'return {{ statusCode: 200, heanders: {STAR}, body: "x" }};', JS_OK), _rules("headers-not-applied", "header-typo", "malformed-proxy-response")),
    Row(20, "a header's name misspelt", **both('{"Access-Control-Allow-Origins": "*"}', STAR), rules=_rules("header-typo")),
    Row(21, "Origin looked up in one spelling", (f'o = event["headers"].get("Origin", "")\nreturn {{"statusCode": 200, "headers": {{"Vary": "Origin", **({{"Access-Control-Allow-Origin": o}} if o == "{A}" else {{}})}}, "body": "x"}}', LISTED_PY), (f'const o = event.headers.Origin; return {{ statusCode: 200, headers: {{ Vary: "Origin", ...(o === "{A}" ? {{ "Access-Control-Allow-Origin": o }} : {{}}) }}, body: "x" }};', LISTED_JS), _rules("origin-header-case", "handler-missing-headers")),
    Row(22, "fails without an Origin", (f'o = event["headers"]["origin"]\n{PY_OK}', f'o = event["headers"].get("origin")\n{PY_OK}'), (f'const o = event.headers.origin.toLowerCase(); {JS_OK}', f"const o = event.headers.origin?.toLowerCase(); {JS_OK}"), outcomes=("not any: raises KeyError", "not any: raises TypeError")),
    Row(23, "any Origin echoed with credentials", ('return {"statusCode": 200, "headers": {"Access-Control-Allow-Origin": event["headers"].get("origin", "*"), "Access-Control-Allow-Credentials": "true", "Vary": "Origin"}, "body": "x"}', LISTED_PY), ('return { statusCode: 200, headers: { "Access-Control-Allow-Origin": event.headers.origin, "Access-Control-Allow-Credentials": "true", Vary: "Origin" }, body: "x" };', LISTED_JS), _rules("insecure-reflects-origin-with-credentials")),
    Row(24, "a weak test of the Origin", (LISTED_PY.replace(f'o in ["{A}"]', 'o.endswith("a.example")'), LISTED_PY), (LISTED_JS.replace(f'["{A}"].includes(o)', 'o.includes("a.example")'), LISTED_JS), _rules("insecure-suffix-origin-match")),
    Row(25, "null among the origins", (LISTED_PY.replace(f'["{A}"]', f'["null", "{A}"]'), LISTED_PY), (LISTED_JS.replace(f'["{A}"]', f'["null", "{A}"]'), LISTED_JS), _rules("insecure-null-origin")),
    Row(26, "echo without Vary", (LISTED_PY.replace('{"Vary": "Origin"}', "{}"), LISTED_PY), (LISTED_JS.replace('{ Vary: "Origin" }', "{}"), LISTED_JS), _rules("missing-vary-origin")),
    Row(27, "the first origin for everybody else", (f'o = event["headers"].get("origin")\nreturn {{"statusCode": 200, "headers": {{"Access-Control-Allow-Origin": o if o in ["{A}"] else "{A}"}}}}', LISTED_PY), (f'const o = event.headers.origin; return {{ statusCode: 200, headers: {{ "Access-Control-Allow-Origin": ["{A}"].includes(o) ? o : "{A}" }} }};', LISTED_JS), outcomes=(f" else {A}",)),
    Row(28, "in multiValueHeaders only, payload 2.0", ('return {"statusCode": 200, "multiValueHeaders": {"Access-Control-Allow-Origin": ["*"]}, "body": "x"}', PY_OK), ('return { statusCode: 200, multiValueHeaders: { "Access-Control-Allow-Origin": ["*"] }, body: "x" };', JS_OK), _rules("headers-not-applied")),
    Row(29, "in headers only, load balancer with multi-value headers", (f'return {{"statusCode": 200, "headers": {STAR}, "body": "x"}}', 'return {"statusCode": 200, "multiValueHeaders": {"Access-Control-Allow-Origin": ["*"]}, "body": "x"}'), (JS_OK, 'return { statusCode: 200, multiValueHeaders: { "Access-Control-Allow-Origin": ["*"] }, body: "x" };'), _rules("headers-not-applied"), template=ALB),
    Row(30, "in headers and in multiValueHeaders", (f'return {{"statusCode": 200, "headers": {{"Access-Control-Allow-Origin": "{A}"}}, "multiValueHeaders": {{"Access-Control-Allow-Origin": ["*"]}}, "body": "x"}}', PY_OK), (f'return {{ statusCode: 200, headers: {{ "Access-Control-Allow-Origin": "{A}" }}, multiValueHeaders: {{ "Access-Control-Allow-Origin": ["*"] }}, body: "x" }};', JS_OK), _rules("duplicate-headers", "multiple-origins-in-one-header"), template=REST),
    Row(31, "two spellings in one object", **both(f'{{"access-control-allow-origin": "*", "Access-Control-Allow-Origin": "{A}"}}', STAR), rules=_rules("duplicate-headers", "multiple-origins-in-one-header")),
    Row(32, "a list as a header's value", **twice(sent(reply(204, P.replace('"PUT"', '["PUT", "GET"]')), reply(200)), sent(reply(204, P), reply(200))), rules=_rules("non-string-header-value"), flags=PUT),
    Row(33, "Allow-Headers: * with credentials", **twice(sent(reply(204, EXACT.replace("}", ', "Access-Control-Allow-Methods": "PUT", "Access-Control-Allow-Headers": "*"}')), reply(200, EXACT)), sent(reply(204, EXACT.replace("}", ', "Access-Control-Allow-Methods": "PUT", "Access-Control-Allow-Headers": "x-tenant"}')), reply(200, EXACT))), rules=_rules("wildcard-with-credentials"), flags=LOGGED_IN_PUT),
    Row(34, "ANY as a method", **twice(sent(reply(204, P.replace('"PUT"', '"ANY"')), reply(200)), sent(reply(204, P), reply(200))), rules=_rules("allow-methods-missing"), flags=PUT),
    Row(35, "Max-Age as a number", **twice(sent(reply(204, P.replace("}", ', "Access-Control-Max-Age": 600}')), reply(200)), sent(reply(204, P.replace("}", ', "Access-Control-Max-Age": "600"}')), reply(200))), outcomes=("max-age int",), flags=PUT),
    Row(36, "headers on OPTIONS only", **twice(sent(reply(204), reply(200, "{}")), sent(reply(204), reply(200))), rules=_rules("handler-missing-headers")),
    Row(37, "token asked of the preflight", (f'if not event["headers"].get("authorization"):\n    return {reply(401)}\n{PY_PREFLIGHT}{PY_OK}', f'{PY_PREFLIGHT}if not event["headers"].get("authorization"):\n    return {reply(401)}\n{PY_OK}'), (f"if (!event.headers.authorization) return {reply(401)}; {JS_PREFLIGHT}{JS_OK}", f"{JS_PREFLIGHT} if (!event.headers.authorization) return {reply(401)}; {JS_OK}"), _rules("preflight-needs-status-ok"), flags=TOKEN),
    Row(38, "preflight redirected", **twice(sent(reply(307, '{"Location": "/x/", "Access-Control-Allow-Origin": "*"}'), reply(200)), sent(reply(204, P), reply(200))), rules=_rules("preflight-redirected"), flags=PUT),
    Row(39, "preflight not answered with 2xx", **twice(sent(reply(404, P), reply(200)), sent(reply(204, P), reply(200))), rules=_rules("preflight-needs-status-ok"), flags=PUT),
    Row(40, "a header that the page wants is not exposed", **both('{"Access-Control-Allow-Origin": "*", "X-Total-Count": "3"}', '{"Access-Control-Allow-Origin": "*", "X-Total-Count": "3", "Access-Control-Expose-Headers": "X-Total-Count"}'), rules=_rules("expose-headers-missing")),
    Row(41, "middlewares in the wrong order", ('from fastapi import FastAPI\nfrom fastapi.middleware.cors import CORSMiddleware\nfrom mangum import Mangum\napp = FastAPI()\napp.add_middleware(CORSMiddleware, allow_origins=["*"])\n@app.get("/x")\ndef x(n: int = 0):\n    if n: raise ValueError("x")\n    return {}\nhandler = Mangum(app)', 'from fastapi import FastAPI\nfrom fastapi.middleware.cors import CORSMiddleware\nfrom mangum import Mangum\napp = FastAPI()\n@app.get("/x")\ndef x(n: int = 0):\n    if n: raise ValueError("x")\n    return {}\nhandler = Mangum(CORSMiddleware(app, allow_origins=["*"]))'), ('import middy from "@middy/core";\nimport cors from "@middy/http-cors";\nimport errors from "@middy/http-error-handler";\nexport const handler = middy(async (event) => { JSON.parse(event.body); return { statusCode: 200, body: "" }; }).use(errors()).use(cors({ origin: "*" }));', 'import middy from "@middy/core";\nimport cors from "@middy/http-cors";\nimport errors from "@middy/http-error-handler";\nexport const handler = middy(async (event) => { JSON.parse(event.body); return { statusCode: 200, body: "" }; }).use(cors({ origin: "*" })).use(errors({ fallbackMessage: "x" }));'), _rules("handler-missing-headers-on-error"), whole=True),
    Row(42, "errors that lose the headers", "Python's frameworks of this list keep them, or raise (row 41)", ('import createAPI from "lambda-api";\nconst api = createAPI();\napi.use((req, res, next) => { res.cors(); next(); });\napi.get("/x", (req, res) => { if (req.query.a) { res.status(404).error("x"); } else { res.json({}); } });\nexport const handler = async (event, context) => api.run(event, context);', 'import createAPI from "lambda-api";\nconst api = createAPI({ errorHeaderWhitelist: ["access-control-allow-origin"] });\napi.use((req, res, next) => { res.cors(); next(); });\napi.get("/x", (req, res) => { if (req.query.a) { res.status(404).error("x"); } else { res.json({}); } });\nexport const handler = async (event, context) => api.run(event, context);'), _rules("handler-missing-headers-on-error", "handler-missing-headers"), whole=True),
    Row(43, "a stream that ends before anything is written", "managed Python runtimes do not stream", ('export const handler = awslambda.streamifyResponse(async (event, stream) => { const out = awslambda.HttpResponseStream.from(stream, { statusCode: 200, headers: { "Access-Control-Allow-Origin": "*" } }); out.end(); });', 'export const handler = awslambda.streamifyResponse(async (event, stream) => { const out = awslambda.HttpResponseStream.from(stream, { statusCode: 200, headers: { "Access-Control-Allow-Origin": "*" } }); out.write(""); out.end(); });'), _rules("handler-missing-headers", "headers-not-applied", "function-url-no-cors-config"), template=URL.replace("AuthType: NONE", "AuthType: NONE, InvokeMode: RESPONSE_STREAM"), whole=True),
    Row(44, "the origin of another header", ('return {"statusCode": 200, "headers": {"Access-Control-Allow-Origin": event["headers"].get("referer", "")}, "body": "x"}', PY_OK), ('return { statusCode: 200, headers: { "Access-Control-Allow-Origin": event.headers.referer ?? "" }, body: "x" };', JS_OK), _rules("origin-mismatch", "handler-missing-headers")),
    Row(45, "a list of the environment as one value", ('import os\nreturn {"statusCode": 200, "headers": {"Access-Control-Allow-Origin": os.environ["ORIGINS"]}, "body": "x"}', 'import os\no = event["headers"].get("origin", "")\nh = {"Vary": "Origin"}\nif o in os.environ["ORIGINS"].split(","):\n    h["Access-Control-Allow-Origin"] = o\nreturn {"statusCode": 200, "headers": h, "body": "x"}'), ('return { statusCode: 200, headers: { "Access-Control-Allow-Origin": process.env.ORIGINS }, body: "x" };', 'const o = event.headers.origin ?? ""; const h = { Vary: "Origin" }; if (process.env.ORIGINS.split(",").includes(o)) h["Access-Control-Allow-Origin"] = o; return { statusCode: 200, headers: h, body: "x" };'), _rules("multiple-origins-in-one-header")),
    Row(46, "the process ends", (f'import sys\nif not event["headers"].get("x-a"):\n    sys.exit(1)\n{PY_OK}', f'if not event["headers"].get("x-a"):\n    return {reply(400)}\n{PY_OK}'), (f'if (!event.headers["x-a"]) process.exit(1); {JS_OK}', f'if (!event.headers["x-a"]) return {reply(400)}; {JS_OK}'), outcomes=("raises SystemExit", "raises ExitError")),
    Row(47, "a timeout that nothing answers", (PY_OK, PY_OK), (JS_OK, JS_OK), _rules("rest-missing-gateway-responses"), template=REST, right_template=REST.replace("Path: /x", "RestApiId: !Ref Api, Path: /x") + "  Api:\n    Type: AWS::Serverless::Api\n    Properties:\n      StageName: Prod\n      GatewayResponses:\n        DEFAULT_4XX: {ResponseParameters: {Headers: {Access-Control-Allow-Origin: \"'*'\"}}}\n        DEFAULT_5XX: {ResponseParameters: {Headers: {Access-Control-Allow-Origin: \"'*'\"}}}\n"),
    Row(48, "fails when it is loaded", (f'import json\nT = json.loads("{{")["x"]\ndef handler(event, context):\n    {PY_OK}', f'import json\nT = json.loads("{{}}").get("x")\ndef handler(event, context):\n    {PY_OK}'), (f'const T = JSON.parse("{{").x;\nexport const handler = async () => {{ {JS_OK} }};', f'const T = JSON.parse("{{}}").x;\nexport const handler = async () => {{ {JS_OK} }};'), outcomes=("raises JSONDecodeError", "raises ValueError", "raises SyntaxError"), whole=True),
    Row(49, "CORS as authorization", (f'if event["headers"].get("origin") not in ["{A}"]:\n    return {reply(403)}\n{PY_OK}', f'if event["headers"].get("authorization") != "x":\n    return {reply(403)}\n{PY_OK}'), (f'if (!["{A}"].includes(event.headers.origin)) return {reply(403)}; {JS_OK}', f'if (event.headers.authorization !== "x") return {reply(403)}; {JS_OK}'), outcomes=(f"not list['{A}']: 403 *",)),
    Row(50, "the template's own mistakes", (headers("{}")[0], headers("{}")[0]), (headers("{}")[1], headers("{}")[1]), _rules("function-url-options-in-methods"), template=URL.replace("{AuthType: NONE}", '{AuthType: NONE, Cors: {AllowOrigins: ["*"], AllowMethods: [GET, OPTIONS]}}'), right_template=URL.replace("{AuthType: NONE}", '{AuthType: NONE, Cors: {AllowOrigins: ["*"], AllowMethods: [GET]}}')),
)  # fmt: skip

CASES = [
    (row, language) for row in ROWS for language in ("python", "node") if not isinstance(getattr(row, language), str)
]


def _module(row: Row, language: str, code: str) -> str:
    if row.whole:
        return code
    if language == "node":
        return f"export const handler = async (event, context) => {{\n{code}\n}};\n"
    return "def handler(event, context):\n" + "".join(f"    {each}\n" for each in code.split("\n"))


def _found(row: Row, language: str, code: str, template: str) -> tuple[set[str], set[str]]:
    """Return the rules that report, and of those the ones that report an error."""
    name, runtime = ("app.py", "python3.13") if language == "python" else ("app.mjs", "nodejs22.x")
    files = {"template.yaml": template.replace("RUNTIME", runtime), name: _module(row, language, code)}
    seen = check(Tree(Memory(files)), Question((".",), row.flags))
    assert not seen.problems, seen.problems
    reported = [group.finding for group in seen.groups]
    return {each.rule for each in reported}, {each.rule for each in reported if each.severity is Severity.ERROR}


def _read(row: Row, language: str, code: str) -> set[str]:
    module = _module(row, language, code)
    outcomes = (read(module) if language == "python" else read_node(module)).outcomes
    return {f"{line(each)} {_age(each)}" for each in outcomes}


def _age(outcome: Outcome) -> str:
    """Say what kind of value Max-Age has."""
    result = outcome.result.result if isinstance(outcome.result, Returned) else None
    sent_headers = dict(result.entries).get("headers") if isinstance(result, Object) else None
    age = dict(sent_headers.entries).get("Access-Control-Max-Age") if isinstance(sent_headers, Object) else None
    return f"max-age {type(age.value).__name__}" if isinstance(age, Known) else ""


def test_all_fifty_are_here_in_both_languages_or_say_why_not() -> None:
    assert [row.number for row in ROWS] == list(range(1, 51))
    assert len({row.name for row in ROWS}) == len(ROWS)
    without = {
        (row.number, language): getattr(row, language)
        for row in ROWS
        for language in ("python", "node")
        if isinstance(getattr(row, language), str)
    }
    assert set(without) == {(13, "python"), (14, "node"), (42, "python"), (43, "python")}
    assert all(without.values())
    assert all(bool(row.rules) != bool(row.outcomes) for row in ROWS)


@pytest.mark.parametrize(("row", "language"), CASES, ids=[f"{row.number}-{language}" for row, language in CASES])
def test_the_mistake_is_recognised_and_its_twin_left_alone(row: Row, language: str) -> None:
    bad, right = getattr(row, language)
    if row.outcomes:
        assert any(wanted in each for wanted in row.outcomes for each in _read(row, language, bad)), _read(
            row, language, bad
        )
        assert not any(wanted in each for wanted in row.outcomes for each in _read(row, language, right))
        _, errors = _found(row, language, right, row.template)
        assert not errors
        return
    found, _ = _found(row, language, bad, row.template)
    assert found & row.rules, found
    found, errors = _found(row, language, right, row.right_template or row.template)
    assert not found & row.rules, found
    assert not errors
