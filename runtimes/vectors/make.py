"""Writes the vectors that both runtimes pass: `python make.py` writes them, `python make.py --check` compares.

What is expected is written here by hand, once; the JSON is what both languages read.

policies.json: arguments of a Policy (names as in Python) and the problems it is refused with, as `[code, field]` pairs.
requests.json: named policies, and cases of an event, what the handler does, the wrapper's options, and what must leave:
status, headers (lower-case names), the map they leave in, and body or cookies where they matter.
"""

import json
import sys
from pathlib import Path

HERE = Path(__file__).parent
APP = "https://app.example.com"
EVIL = "https://evil.example.net"
VARY_ALL = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"

# --- policies -------------------------------------------------------------------------------------------------------
FINE = {
    "exact": {"origins": [APP]},
    "everything": {
        "origins": [APP, "https://*.example.org", "http://localhost:*"],
        "methods": ["GET", "PUT", "PATCH"],
        "request_headers": ["Content-Type", "authorization"],
        "response_headers": ["etag"],
        "credentials": True,
        "max_age": 600,
    },
    "open": {"origins": ["*"], "methods": ["*"], "request_headers": ["*", "authorization"], "response_headers": ["*"]},
    "open in short": {"origins": "*", "methods": "*", "request_headers": "*", "response_headers": "*"},
    "ordinary entries": {"origins": [APP], "methods": ["GET", "HEAD", "POST"], "request_headers": ["content-type"]},
    "loopback with credentials": {
        "origins": ["http://localhost:3000", "http://127.0.0.1", "http://[::1]:8080", "http://app.localhost"],
        "credentials": True,
    },
    "http without credentials": {"origins": ["http://app.example.com"]},
    "other schemes": {"origins": ["capacitor://localhost", "chrome-extension://abcdefghijklmnop", "tauri://localhost"]},
    "any port of sub-domains": {"origins": ["https://*.example.com:*"]},
    "address": {"origins": ["https://192.0.2.7:8443", "https://[2001:db8::1]"]},
    "punycode": {"origins": ["https://xn--bcher-kva.example"]},
    "max_age 0": {"origins": [APP], "max_age": 0},
    "max_age -1": {"origins": [APP], "max_age": -1},
    "max_age of a day": {"origins": [APP], "max_age": 86400},
    "own sub-domains of a branch preview": {"origins": ["https://*.d1example.amplifyapp.com"]},
    "both PATCH and patch": {"origins": [APP], "methods": ["PATCH", "patch"]},
    "own method": {"origins": [APP], "methods": ["PURGE", "OPTIONS"]},
    "tolerated http": {
        "origins": ["http://app.example.com"],
        "credentials": True,
        "dangerously_tolerate_insecure_origins": True,
    },
    "tolerated suffix": {"origins": ["https://*.vercel.app"], "dangerously_tolerate_public_suffixes": True},
    "the same twice": {"origins": [APP, APP], "request_headers": ["X-A", "x-a"]},
}
o = "origins"
BROKEN = {
    "nobody": ({}, [["origins-empty", o]]),
    "empty list": ({"origins": []}, [["origins-empty", o]]),
    "string for a list": ({"origins": APP}, [["not-a-list", o]]),
    "joined string for a list": ({"origins": [APP], "methods": "GET,PUT"}, [["not-a-list", "methods"]]),
    "number for a list": ({"origins": 7}, [["not-a-list", o]]),
    "star with credentials": ({"origins": ["*"], "credentials": True}, [["wildcard-with-credentials", o]]),
    "star methods with credentials": (
        {"origins": [APP], "methods": ["*"], "credentials": True},
        [["wildcard-with-credentials", "methods"]],
    ),
    "star headers with credentials": (
        {"origins": [APP], "request_headers": ["*"], "response_headers": ["*"], "credentials": True},
        [["wildcard-with-credentials", "request_headers"], ["wildcard-with-credentials", "response_headers"]],
    ),
    "star among others": ({"origins": ["*", APP]}, [["origins-mixed", o]]),
    "trailing slash": ({"origins": [APP + "/"]}, [["origin-trailing-slash", o]]),
    "path": ({"origins": [APP + "/login"]}, [["origin-path", o]]),
    "query": ({"origins": [APP + "?a=b"]}, [["origin-path", o]]),
    "fragment": ({"origins": [APP + "#top"]}, [["origin-path", o]]),
    "no scheme": ({"origins": ["app.example.com"]}, [["origin-scheme-missing", o]]),
    "no scheme, star": ({"origins": ["*.example.com"]}, [["origin-scheme-missing", o]]),
    "no scheme, slashes": ({"origins": ["//app.example.com"]}, [["origin-scheme-missing", o]]),
    "scheme with one slash": ({"origins": ["https:/app.example.com"]}, [["origin-scheme-missing", o]]),
    "default port": ({"origins": [APP + ":443", "http://app.example.com:80"]}, [["origin-default-port", o]] * 2),
    "upper case": ({"origins": ["https://App.example.com"]}, [["origin-upper-case", o]]),
    "upper-case scheme": ({"origins": ["HTTPS://app.example.com"]}, [["origin-upper-case", o]]),
    "IDN": ({"origins": ["https://bücher.example"]}, [["origin-idn", o]]),
    "null": ({"origins": ["null"]}, [["origin-null", o]]),
    "null with credentials": ({"origins": ["NULL"], "credentials": True}, [["origin-null", o]]),
    "http with credentials": (
        {"origins": ["http://app.example.com", "http://*.example.com:*", "http://192.0.2.1"], "credentials": True},
        [["origin-insecure", o]] * 3,
    ),
    "looks like loopback": (
        {"origins": ["http://localhost.example.com", "http://127.example.com"], "credentials": True},
        [["origin-insecure", o]] * 2,
    ),
    "several in one": ({"origins": [APP + ",https://b.example.com"]}, [["origin-list", o]]),
    "several with blanks": ({"origins": [APP + " https://b.example.com"]}, [["origin-list", o]]),
    "quotes of a REST API": ({"origins": [f"'{APP}'"]}, [["origin-quoted", o]]),
    "blank before": ({"origins": [" " + APP]}, [["origin-quoted", o]]),
    "quoted star": ({"origins": ["'*'"]}, [["origin-quoted", o]]),
    "empty string": ({"origins": [""]}, [["origin-malformed", o]]),
    "not a string": ({"origins": [5, None]}, [["origin-malformed", o]] * 2),
    "user name": ({"origins": ["https://me@app.example.com"]}, [["origin-malformed", o]]),
    "port out of range": (
        {"origins": [APP + ":65536", APP + ":0", APP + ":080", APP + ":", APP + ":x"]},
        [["origin-malformed", o]] * 5,
    ),
    "no host": ({"origins": ["https://", "https://:443", "https:///x"]}, [["origin-malformed", o]] * 3),
    "bad host": (
        {"origins": ["https://a..b", "https://.a", "https://a.", "https://a%20b", "https://a_b.example!", "https://[::1"]},
        [["origin-malformed", o]] * 6,
    ),
    "bad addresses": (
        {"origins": ["https://256.1.1.1", "https://127.1", "https://[::0001]", "https://*.192.0.2.1", "https://1.2.3.04"]},
        [["origin-malformed", o]] * 5,
    ),
    "label too long": ({"origins": ["https://" + "a" * 64 + ".example"]}, [["origin-malformed", o]]),
    "host too long": ({"origins": ["https://" + "a." * 126 + "aa"]}, [["origin-malformed", o]]),
    "scheme malformed": ({"origins": ["1a://b.example", "ht_tp://b.example"]}, [["origin-malformed", o]] * 2),
    "file": ({"origins": ["file://", "data://x"]}, [["origin-opaque", o]] * 2),
    "wildcards elsewhere": (
        {"origins": ["https://app.*.com", "https://*", "https://*example.com", "https://*.*.com", "https://*:8080"]},
        [["origin-wildcard", o]] * 5,
    ),
    "wildcard scheme": ({"origins": ["*://app.example.com"]}, [["origin-malformed", o]]),
    "public suffixes": (
        {
            "origins": [
                f"https://*.{host}"
                for host in (
                    "com", "co.uk", "amazonaws.com", "execute-api.eu-west-1.amazonaws.com", "cloudfront.net",
                    "amplifyapp.com", "s3.amazonaws.com", "lambda-url.us-east-1.on.aws", "github.io", "vercel.app",
                )
            ]
        },
        [["origin-public-suffix", o]] * 10,
    ),
    "pattern of regular expressions": ({"origins": ["https://.*\\.example\\.com"]}, [["origin-wildcard", o]]),
    "method in small letters": ({"origins": [APP], "methods": ["get", "Put"]}, [["method-case", "methods"]] * 2),
    "patch in small letters": ({"origins": [APP], "methods": ["patch"]}, [["method-case", "methods"]]),
    "forbidden methods": (
        {"origins": [APP], "methods": ["CONNECT", "trace", "TRACK"]},
        [["method-forbidden", "methods"]] * 3,
    ),
    "ANY": ({"origins": [APP], "methods": ["ANY"]}, [["method-any", "methods"]]),
    "methods in one item": ({"origins": [APP], "methods": ["GET,PUT"]}, [["method-list", "methods"]]),
    "no method": ({"origins": [APP], "methods": ["", "P@T", 3]}, [["method-malformed", "methods"]] * 3),
    "headers in one item": (
        {"origins": [APP], "request_headers": ["content-type, authorization"], "response_headers": ["a b"]},
        [["request-header-list", "request_headers"], ["response-header-list", "response_headers"]],
    ),
    "no header": (
        {"origins": [APP], "request_headers": ["x:y", ""], "response_headers": ["é"]},
        [["request-header-malformed", "request_headers"]] * 2 + [["response-header-malformed", "response_headers"]],
    ),
    "forbidden request headers": (
        {"origins": [APP], "request_headers": ["Cookie", "host", "Sec-Fetch-Mode", "proxy-x", "Origin"]},
        [["request-header-forbidden", "request_headers"]] * 5,
    ),
    "response headers as request headers": (
        {"origins": [APP], "request_headers": ["Access-Control-Allow-Origin", "access-control-request-method"]},
        [["request-header-forbidden", "request_headers"]] * 2,
    ),
    "forbidden response headers": (
        {"origins": [APP], "response_headers": ["Set-Cookie", "set-cookie2", "Access-Control-Allow-Origin"]},
        [["response-header-forbidden", "response_headers"]] * 3,
    ),
    "safelisted response headers": (
        {"origins": [APP], "response_headers": ["Content-Type", "pragma"]},
        [["response-header-safelisted", "response_headers"]] * 2,
    ),
    "max_age too long": ({"origins": [APP], "max_age": 86401}, [["max-age", "max_age"]]),
    "max_age negative": ({"origins": [APP], "max_age": -2}, [["max-age", "max_age"]]),
    "max_age as text": ({"origins": [APP], "max_age": "600"}, [["max-age", "max_age"]]),
    "max_age as bool": ({"origins": [APP], "max_age": True}, [["max-age", "max_age"]]),
    "credentials as text": ({"origins": [APP], "credentials": "true"}, [["not-a-bool", "credentials"]]),
    "all at once": (
        {
            "origins": ["HTTPS://App.Example.com:443/", "null"],
            "methods": ["get"],
            "request_headers": ["cookie"],
            "response_headers": ["content-type"],
            "max_age": 999_999,
        },
        [
            ["origin-trailing-slash", o], ["origin-upper-case", o], ["origin-default-port", o], ["origin-null", o],
            ["method-case", "methods"], ["request-header-forbidden", "request_headers"],
            ["response-header-safelisted", "response_headers"], ["max-age", "max_age"],
        ],
    ),
}  # fmt: skip

# --- requests -------------------------------------------------------------------------------------------------------
POLICIES = {
    "app": {
        "origins": [APP, "https://admin.example.com", "https://*.example.org", "http://localhost:*"],
        "methods": ["GET", "PUT", "PATCH"],
        "request_headers": ["content-type", "authorization", "x-trace"],
        "response_headers": ["etag", "x-request-id"],
        "credentials": True,
        "max_age": 600,
    },
    "open": {"origins": ["*"], "methods": ["*"], "request_headers": ["*"], "max_age": 0},
    "open with authorization": {"origins": ["*"], "request_headers": ["*", "authorization"]},
    "bare": {"origins": [APP]},
    "other": {"origins": ["https://other.example.com"], "max_age": -1},
}
DOORS = (
    "rest_api", "http_api_1", "http_api", "function_url", "alb", "alb_multi", "vpc_lattice_1", "vpc_lattice_2",
)  # fmt: skip


def event(door, method="GET", headers=None, path="/items"):
    """An event as the front door sends it. A header's value may be a list: several lines."""
    lines = {"Host": "api.example.net", "Accept": "*/*", **(headers or {})}
    low = {name.lower(): value for name, value in lines.items()}
    one = {name: value[-1] if isinstance(value, list) else value for name, value in lines.items()}
    many = {name: value if isinstance(value, list) else [value] for name, value in lines.items()}
    joined = {name: ",".join(value) if isinstance(value, list) else value for name, value in low.items()}
    if door in ("rest_api", "http_api_1"):
        made = {
            "resource": path, "path": path, "httpMethod": method, "headers": one, "multiValueHeaders": many,
            "queryStringParameters": None, "requestContext": {"resourcePath": path, "httpMethod": method, "stage": "prod"},
            "body": None, "isBase64Encoded": False,
        }  # fmt: skip
        return {"version": "1.0", **made} if door == "http_api_1" else made
    if door in ("http_api", "function_url"):
        host = (
            "abc.lambda-url.eu-west-1.on.aws" if door == "function_url" else "abc.execute-api.eu-west-1.amazonaws.com"
        )
        return {
            "version": "2.0", "routeKey": "$default" if door == "function_url" else f"{method} {path}", "rawPath": path,
            "rawQueryString": "", "headers": joined, "isBase64Encoded": False,
            "requestContext": {"domainName": host, "http": {"method": method, "path": path}, "stage": "$default"},
        }  # fmt: skip
    if door in ("alb", "alb_multi"):
        maps = {"headers": joined} if door == "alb" else {"multiValueHeaders": {n.lower(): v for n, v in many.items()}}
        context = {"elb": {"targetGroupArn": "arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/t/1"}}
        return {
            "requestContext": context,
            "httpMethod": method,
            "path": path,
            **maps,
            "body": "",
            "isBase64Encoded": False,
        }
    if door == "vpc_lattice_1":
        return {"raw_path": path, "method": method, "headers": joined, "body": "", "is_base64_encoded": False}
    return {
        "version": "2.0", "path": path, "method": method, "headers": {n.lower(): v for n, v in many.items()},
        "requestContext": {"serviceNetworkArn": "arn:aws:vpc-lattice:eu-west-1:1:servicenetwork/sn-1"},
    }  # fmt: skip


OK = {"returns": {"statusCode": 200, "headers": {"x-own": "1"}, "body": "{}"}}
ERROR = {"content-type": "application/json"}
ERROR_BODY = '{"message":"Internal Server Error"}'
FULL = {
    "access-control-allow-credentials": "true",
    "access-control-expose-headers": "etag,x-request-id",
    "vary": "Origin",
}
PREFLIGHT = {
    "access-control-allow-credentials": "true",
    "access-control-allow-methods": "GET,PUT,PATCH",
    "access-control-allow-headers": "content-type,authorization,x-trace",
    "access-control-max-age": "600",
    "vary": VARY_ALL,
}
cases = []


def case(name, made, handler, expect, *, policy="app", **options):
    """One case. expect: status, headers, and optionally body, cookies."""
    cases.append(
        {"name": name, "policy": policy, "options": options, "event": made, "handler": handler, "expect": expect}
    )


def asks(method="PUT", names="authorization,content-type", origin=APP):
    """The headers of a preflight."""
    said = {"Origin": origin, "Access-Control-Request-Method": method, "Access-Control-Request-Headers": names}
    return {name: value for name, value in said.items() if value is not None}


def allowed(origin=APP, **more):
    return {"access-control-allow-origin": origin, **FULL, **more}


def preflight(origin=APP):
    return {"status": 204, "headers": {"access-control-allow-origin": origin, **PREFLIGHT}, "body": ""}


DENIED = {"status": 204, "headers": {"vary": VARY_ALL}, "body": ""}

for door in DOORS:
    own = {"x-own": "1"}
    multi = door == "alb_multi"
    plain = {"returns": {"statusCode": 200, "multiValueHeaders": {"x-own": ["1"]}, "body": "{}"}} if multi else OK
    case(f"{door}: allowed", event(door, headers={"Origin": APP}), plain, {"status": 200, "headers": allowed(**own)})
    case(
        f"{door}: denied",
        event(door, headers={"Origin": EVIL}),
        plain,
        {"status": 200, "headers": {"vary": "Origin", **own}},
    )
    case(f"{door}: no Origin", event(door), plain, {"status": 200, "headers": {"vary": "Origin", **own}})
    case(f"{door}: preflight", event(door, "OPTIONS", asks()), plain, preflight())
    case(f"{door}: preflight, origin denied", event(door, "OPTIONS", asks(origin=EVIL)), plain, DENIED)
    case(f"{door}: preflight, method denied", event(door, "OPTIONS", asks("DELETE")), plain, DENIED)
    case(f"{door}: preflight, header denied", event(door, "OPTIONS", asks(names="x-evil")), plain, DENIED)
    case(
        f"{door}: OPTIONS that is no preflight",
        event(door, "OPTIONS", {"Origin": APP}),
        plain,
        {"status": 200, "headers": allowed(**own)},
    )
    case(
        f"{door}: exception",
        event(door, headers={"Origin": APP}),
        {"raises": "boom"},
        {"status": 500, "headers": allowed(**ERROR), "body": ERROR_BODY},
    )
    case(
        f"{door}: the handler's own headers are replaced",
        event(door, headers={"Origin": APP}),
        {
            "returns": {
                "statusCode": 200,
                ("multiValueHeaders" if multi else "headers"): {
                    name: [value] if multi else value
                    for name, value in {
                        "access-control-allow-origin": "*",
                        "ACCESS-CONTROL-ALLOW-ORIGIN": EVIL,
                        "Access-Control-Allow-Methods": "TRACE",
                        "Access-control-max-age": "1",
                        "Access-Control-Expose-Headers": "x",
                        "Vary": "Accept-Encoding, origin",
                        "x-own": "1",
                    }.items()
                },
                "body": "",
            }
        },
        {"status": 200, "headers": allowed(**own, vary="Accept-Encoding, origin")},
    )
    case(
        f"{door}: front door owns CORS",
        event(door, headers={"Origin": APP}),
        {
            "returns": {
                "statusCode": 200,
                ("multiValueHeaders" if multi else "headers"): (
                    {"Access-Control-Allow-Origin": ["*"], "x-own": ["1"]}
                    if multi
                    else {"Access-Control-Allow-Origin": "*", "x-own": "1"}
                ),
                "body": "",
            }
        },
        {"status": 200, "headers": own},
        owner="front-door",
    )
    case(
        f"{door}: front door owns CORS, exception",
        event(door, "OPTIONS", asks()),
        {"raises": "boom"},
        {"status": 500, "headers": ERROR, "body": ERROR_BODY},
        owner="front-door",
    )
    case(
        f"{door}: open to all",
        event(door, headers={"Origin": EVIL}),
        plain,
        {"status": 200, "headers": {"access-control-allow-origin": "*", **own}},
        policy="open",
    )
    case(
        f"{door}: open to all, preflight",
        event(door, "OPTIONS", asks("PURGE", "x-a,x-b", EVIL)),
        plain,
        {
            "status": 204,
            "headers": {
                "access-control-allow-origin": "*",
                "access-control-allow-methods": "*",
                "access-control-allow-headers": "*",
                "access-control-max-age": "0",
            },
        },
        policy="open",
    )
    case(
        f"{door}: late",
        event(door, headers={"Origin": APP}),
        {"sleeps": 5, "remaining": 60},
        {"status": 504, "headers": allowed(**ERROR), "body": '{"message":"Endpoint request timed out"}'},
        deadline=0.03,
    )

GET = event("http_api", headers={"Origin": APP})
REST = event("rest_api", headers={"Origin": APP})
URL = event("function_url", headers={"Origin": APP})
ALB = event("alb", headers={"Origin": APP})
MULTI = event("alb_multi", headers={"Origin": APP})
LATTICE = event("vpc_lattice_2", headers={"Origin": APP})

# Origins, one byte off and right.
for origin, right in (
    ("https://admin.example.com", True), ("https://a.example.org", True), ("https://a.b.c.example.org", True),
    ("http://localhost", True), ("http://localhost:5173", True), ("https://example.org", False),
    ("https://aexample.org", False), ("https://a.example.org.evil.test", False), ("https://a.example.org:8443", False),
    ("https://evil.test/.example.org", False), ("https://.example.org", False), ("https://a..example.org", False),
    ("https://a@b.example.org", False), ("https://A.example.org", False), ("http://a.example.org", False),
    ("https://app.example.com.", False), ("https://app.example.com:443", False), ("https://app.example.com/", False),
    ("https://app.example.comx", False), ("xhttps://app.example.com", False), ("https://xapp.example.com", False),
    ("HTTPS://APP.EXAMPLE.COM", False), ("https://app.example.comhttps://admin.example.com", False),
    ("https://app.example.com,https://admin.example.com", False), ("https://app.example.com https://admin.example.com", False),
    ("http://localhost:0", False), ("http://localhost:65536", False), ("http://localhost:", False),
    ("http://localhost:08", False), ("http://localhost:1:2", False), ("http://localhost.evil.test:80", False),
    ("https://localhost:3000", False), ("null", False), ("", False), ("*", False), ("https://*.example.org", False),
    ("https://a\u0000.example.org", False), ("https://a\r\nx: y.example.org", False), ("https://é.example.org", False),
    ("https://" + "a." * 2000 + "example.org", False),
):  # fmt: skip
    expect = allowed(origin, **{"x-own": "1"}) if right else {"vary": "Origin", "x-own": "1"}
    case(
        f"origin {origin[:60]!a} is {'allowed' if right else 'denied'}",
        event("http_api", headers={"Origin": origin}),
        OK,
        {"status": 200, "headers": expect},
    )

# Where the Origin is, whatever its case and map.
for name, change in {
    "upper case": {"headers": {"ORIGIN": APP}, "multiValueHeaders": None},
    "only in multiValueHeaders": {"headers": None, "multiValueHeaders": {"oRigin": [APP]}},
    "null maps": {"headers": None, "multiValueHeaders": None},
    "no maps": {},
    "odd values": {"headers": {"origin": None, "x-origin": APP}, "multiValueHeaders": {"origin": [None, 7]}},
}.items():
    bare = {key: value for key, value in REST.items() if key not in ("headers", "multiValueHeaders")}
    found = name in ("upper case", "only in multiValueHeaders")
    case(
        f"Origin: {name}",
        {**bare, **change},
        OK,
        {"status": 200, "headers": allowed(**{"x-own": "1"}) if found else {"vary": "Origin", "x-own": "1"}},
    )

# Access-Control-Request-Headers: split lines, blanks, bounds.
for name, names, right in (
    ("absent", None, True), ("empty", "", True), ("blanks", " authorization ,\tcontent-type", True),
    ("empty elements", ",,authorization,,", True), ("capitals", "Authorization", True),
    ("several lines", ["authorization", "content-type,x-trace"], True),
    ("a denied name in the first line", ["x-evil", "content-type"], False),
    ("8,000 commas", "," * 8000, False), ("8,000 blanks", " " * 8000, False), ("70 names", ",".join(["x-trace"] * 70), False),
    ("64 names", ",".join(["x-trace"] * 64), True), ("no token", "x trace", False), ("star", "*", False),
    ("CRLF", "x-trace\r\nx: y", False), ("NUL", "x-trace\u0000", False),
):  # fmt: skip
    case(
        f"request headers: {name}",
        event("rest_api", "OPTIONS", asks(names=names)),
        OK,
        preflight() if right else DENIED,
    )
for method, right in (
    ("GET", True),
    ("HEAD", True),
    ("POST", True),
    ("PATCH", True),
    ("patch", False),
    ("", False),
    ("*", False),
):
    case(f"request method {method!r}", event("http_api", "OPTIONS", asks(method)), OK, preflight() if right else DENIED)
case(
    "the method is compared as it is",
    {**event("http_api", "options", asks())},
    OK,
    {"status": 200, "headers": allowed(**{"x-own": "1"})},
)
for names, right, policy in (
    ("x-a", True, "open"), ("authorization", False, "open"), ("x-a,Authorization", False, "open"),
    ("authorization,x-a", True, "open with authorization"),
):  # fmt: skip
    headers = {"access-control-allow-origin": "*"}
    if policy == "open":
        headers |= {
            "access-control-allow-methods": "*",
            "access-control-allow-headers": "*",
            "access-control-max-age": "0",
        }
    else:
        headers["access-control-allow-headers"] = "*,authorization"
    case(
        f"star and {names} ({policy})",
        event("http_api", "OPTIONS", asks("POST", names, EVIL)),
        OK,
        {"status": 204, "headers": headers if right else {}},
        policy=policy,
    )
case(
    "a bare policy answers with a bare preflight",
    event("http_api", "OPTIONS", asks("POST", None)),
    OK,
    {"status": 204, "headers": {"access-control-allow-origin": APP, "vary": VARY_ALL}},
    policy="bare",
)
case(
    "max_age -1 is sent",
    event("http_api", "OPTIONS", asks("POST", None, "https://other.example.com")),
    OK,
    {
        "status": 204,
        "headers": {
            "access-control-allow-origin": "https://other.example.com",
            "access-control-max-age": "-1",
            "vary": VARY_ALL,
        },
    },
    policy="other",
)

bare_lattice = {
    key: value for key, value in event("vpc_lattice_2", headers={"Origin": APP}).items() if key != "requestContext"
}
case("VPC Lattice 2 without a context", bare_lattice, OK, {"status": 200, "headers": allowed(**{"x-own": "1"})})
case(
    "REST, a method that is no text",
    {**event("rest_api", headers={"Origin": APP}), "httpMethod": None},
    OK,
    {"status": 200, "headers": allowed(**{"x-own": "1"})},
)

# What a handler may give back.
JSON_OK = {"content-type": "application/json"}
for name, made, result, status, headers, more in (
    ("inferred dict", GET, {"a": 1}, 200, JSON_OK, {"body": '{"a":1}'}),
    ("inferred list", URL, ["a", 3, True, None], 200, JSON_OK, {"body": '["a",3,true,null]'}),
    ("inferred text", URL, "hello", 200, JSON_OK, {"body": "hello"}),
    ("inferred number", GET, 3.5, 200, JSON_OK, {"body": "3.5"}),
    ("inferred null", GET, None, 200, JSON_OK, {"body": "null"}),
    ("inferred headers are a body", GET, {"headers": {"a": "b"}, "body": "x"}, 200, JSON_OK, {"body": '{"headers":{"a":"b"},"body":"x"}'}),
    ("REST, headers without statusCode", REST, {"headers": {"a": "b"}}, 200, {"a": "b"}, {}),
    ("REST, empty", REST, {}, 500, ERROR, {"body": ERROR_BODY}),
    ("REST, text", REST, "hello", 500, ERROR, {"body": ERROR_BODY}),
    ("REST, null", REST, None, 500, ERROR, {"body": ERROR_BODY}),
    ("ALB, text", ALB, "hello", 500, ERROR, {"body": ERROR_BODY}),
    ("status only", GET, {"statusCode": 204}, 204, {}, {}),
    ("status as digits", REST, {"statusCode": "418", "body": ""}, 418, {}, {}),
    ("null headers and body", REST, {"statusCode": 200, "headers": None, "multiValueHeaders": None, "body": None}, 200, {}, {}),
    ("empty maps", REST, {"statusCode": 200, "headers": {}, "multiValueHeaders": {}, "body": ""}, 200, {}, {}),
    ("header values that are no text", GET, {"statusCode": 200, "headers": {"a": True, "b": False, "c": 7, "d": None}}, 200,
     {"a": "true", "b": "false", "c": "7"}, {}),
    ("header names that need a look", GET, {"statusCode": 200, "headers": {"x_a": "1", "Content-Type": "text/plain", "x-é": "1"}}, 500, ERROR, {}),
    ("token characters", GET, {"statusCode": 200, "headers": {"x_a!#$%&'*+.^`|~9": "1"}}, 200, {"x_a!#$%&'*+.^`|~9": "1"}, {}),
    ("tabs and Unicode", GET, {"statusCode": 200, "headers": {"a": "x\ty", "b": "ü€"}}, 200, {"a": "x\ty", "b": "ü€"}, {}),
    ("CRLF in a value", GET, {"statusCode": 200, "headers": {"a": "x\r\nb: c"}}, 500, ERROR, {}),
    ("NUL in a value", GET, {"statusCode": 200, "headers": {"a": "x\u0000"}}, 500, ERROR, {}),
    ("DEL in a value", GET, {"statusCode": 200, "headers": {"a": "x\u007f"}}, 500, ERROR, {}),
    ("C1 in a value", GET, {"statusCode": 200, "headers": {"a": "é\u0085"}}, 500, ERROR, {}),
    ("blank in a name", GET, {"statusCode": 200, "headers": {"a b": "x"}}, 500, ERROR, {}),
    ("no name", GET, {"statusCode": 200, "headers": {"": "x"}}, 500, ERROR, {}),
    ("list in headers", REST, {"statusCode": 200, "headers": {"a": ["x"]}}, 500, ERROR, {}),
    ("list in headers, Lattice", LATTICE, {"statusCode": 200, "headers": {"a": ["x", "y"]}}, 200, {"a": ["x", "y"]}, {}),
    ("dict in headers", GET, {"statusCode": 200, "headers": {"a": {}}}, 500, ERROR, {}),
    ("headers is a list", GET, {"statusCode": 200, "headers": [["a", "b"]]}, 500, ERROR, {}),
    ("headers is text", GET, {"statusCode": 200, "headers": "a: b"}, 500, ERROR, {}),
    ("multiValueHeaders without lists", REST, {"statusCode": 200, "multiValueHeaders": {"a": "b"}}, 500, ERROR, {}),
    ("multiValueHeaders is a list", REST, {"statusCode": 200, "multiValueHeaders": ["a"]}, 500, ERROR, {}),
    ("CORS headers in multiValueHeaders", REST, {"statusCode": 200, "headers": {"access-control-allow-origin": "*"},
     "multiValueHeaders": {"Access-Control-Allow-Origin": ["*", EVIL], "vary": ["Accept", "Origin"], "a": ["b"]}}, 200,
     {"a": "b", "vary": "Accept, Origin"}, {}),
    ("Vary in both maps", REST, {"statusCode": 200, "headers": {"Vary": "Accept,  Cookie", "VARY": "accept"},
     "multiValueHeaders": {"vary": ["Cookie"]}}, 200, {"vary": "Accept, Cookie, Origin"}, {}),
    ("Vary of everything", GET, {"statusCode": 200, "headers": {"vary": "Accept, *"}}, 200, {"vary": "*"}, {}),
    ("empty Vary", GET, {"statusCode": 200, "headers": {"vary": ""}}, 200, {"vary": "Origin"}, {}),
    ("headers only, ALB multi", MULTI, {"statusCode": 200, "headers": {"a": "b", "x-y": "1"}, "multiValueHeaders": {"A": ["c"]}}, 200,
     {"a": "c", "x-y": "1"}, {}),
    ("statusDescription, ALB", ALB, {"statusCode": 200, "statusDescription": "200 OK", "body": ""}, 200, {}, {}),
    ("statusDescription, REST", REST, {"statusCode": 200, "statusDescription": "200 OK"}, 500, ERROR, {}),
    ("statusDescription is a number", ALB, {"statusCode": 200, "statusDescription": 200, "body": ""}, 500, ERROR, {}),
    ("statusDescription of two lines", ALB, {"statusCode": 200, "statusDescription": "a\nb", "body": ""}, 500, ERROR, {}),
    ("cookies", GET, {"statusCode": 200, "cookies": ["a=b", "c=d"], "body": ""}, 200, {}, {"cookies": ["a=b", "c=d"]}),
    ("cookies, REST", REST, {"statusCode": 200, "cookies": ["a=b"], "body": ""}, 500, ERROR, {}),
    ("cookies is text", GET, {"statusCode": 200, "cookies": "a=b", "body": ""}, 500, ERROR, {}),
    ("cookies is null", GET, {"statusCode": 200, "cookies": None, "body": ""}, 500, ERROR, {}),
    ("cookies holds a number", GET, {"statusCode": 200, "cookies": [1], "body": ""}, 500, ERROR, {}),
    ("cookies holds two lines", GET, {"statusCode": 200, "cookies": ["a\r\nb"], "body": ""}, 500, ERROR, {}),
    ("unknown key", REST, {"statusCode": 200, "header": {}}, 500, ERROR, {}),
    ("unknown key, 2.0", GET, {"statusCode": 200, "Headers": {}}, 500, ERROR, {}),
    ("isBase64Encoded", GET, {"statusCode": 200, "body": "AAAA", "isBase64Encoded": True}, 200, {}, {"body": "AAAA"}),
    ("isBase64Encoded as text", GET, {"statusCode": 200, "body": "", "isBase64Encoded": "true"}, 500, ERROR, {}),
    ("is_base64_encoded as text, Lattice", event("vpc_lattice_1", headers={"Origin": APP}), {"statusCode": 200, "is_base64_encoded": "no"}, 500, ERROR, {}),
    ("is_base64_encoded, Lattice", event("vpc_lattice_1", headers={"Origin": APP}), {"statusCode": 200, "is_base64_encoded": True}, 200, {}, {}),
    ("isBase64Encoded as number", GET, {"statusCode": 200, "isBase64Encoded": 1}, 500, ERROR, {}),
    ("body is a dict", GET, {"statusCode": 200, "body": {"a": 1}}, 500, ERROR, {}),
    ("body is a number", REST, {"statusCode": 200, "body": 7}, 500, ERROR, {}),
    ("body of other letters", GET, {"statusCode": 200, "body": "ü€😀"}, 200, {}, {"body": "ü€😀"}),
    ("status 99", GET, {"statusCode": 99}, 500, ERROR, {}),
    ("status 600", GET, {"statusCode": 600}, 500, ERROR, {}),
    ("status 599", GET, {"statusCode": 599}, 599, {}, {}),
    ("status 100", GET, {"statusCode": 100}, 100, {}, {}),
    ("status true", GET, {"statusCode": True}, 500, ERROR, {}),
    ("status null", GET, {"statusCode": None}, 500, ERROR, {}),
    ("status text", GET, {"statusCode": "ok"}, 500, ERROR, {}),
    ("status as short digits", GET, {"statusCode": "42"}, 500, ERROR, {}),
    ("status as digits out of range", GET, {"statusCode": "999"}, 500, ERROR, {}),
    ("status with a fraction", GET, {"statusCode": 200.5}, 500, ERROR, {}),
):  # fmt: skip
    expect = {"status": status, "headers": {"access-control-allow-origin": APP, **FULL, **headers}, **more}
    case(f"result: {name}", made, {"returns": result}, expect)
    if not more and status == 500:
        expect["body"] = ERROR_BODY

# Several policies.
table = {"GET /items": "app", "ANY /items/{id}": "open", "*": "bare"}
resource = {**event("rest_api", headers={"Origin": EVIL}, path="/items/7"), "resource": "/items/{id}"}
case("routes: method and path", GET, OK, {"status": 200, "headers": allowed(**{"x-own": "1"})}, routes=table)
case(
    "routes: any method of a resource",
    resource,
    OK,
    {"status": 200, "headers": {"access-control-allow-origin": "*", "x-own": "1"}},
    routes=table,
)
case(
    "routes: the rest",
    event("function_url", headers={"Origin": APP}, path="/other"),
    OK,
    {"status": 200, "headers": {"access-control-allow-origin": APP, "vary": "Origin", "x-own": "1"}},
    routes=table,
)
case(
    "routes: a preflight is judged by the method it asks about",
    event("http_api", "OPTIONS", asks("GET", "x-trace")),
    OK,
    preflight(),
    routes=table,
)
case(
    "routes: a route without a policy is nobody's",
    event("http_api", "DELETE", {"Origin": APP}),
    {"returns": {"statusCode": 200, "headers": {"access-control-allow-origin": "*", "x-own": "1"}}},
    {"status": 200, "headers": {"x-own": "1"}},
    routes={"GET /items": "app"},
)
case(
    "routes: a preflight for a route without a policy",
    event("alb_multi", "OPTIONS", asks("DELETE")),
    OK,
    {"status": 204, "headers": {}},
    routes={"GET /items": "app"},
)
case(
    "policy_for: chosen by the event",
    event("http_api", headers={"Origin": APP, "x-tenant": "app"}),
    OK,
    {"status": 200, "headers": allowed(**{"x-own": "1"})},
    policy_for="x-tenant",
)
case(
    "policy_for: no policy is an error without CORS headers",
    event("http_api", headers={"Origin": APP, "x-tenant": "nobody"}),
    OK,
    {"status": 500, "headers": {**ERROR, "vary": "Origin"}, "body": ERROR_BODY},
    policy_for="x-tenant",
)
case(
    "policy_for: also for preflights",
    event("http_api", "OPTIONS", {**asks(), "x-tenant": "app"}),
    OK,
    preflight(),
    policy_for="x-tenant",
)

# Errors.
case(
    "on_error: text",
    GET,
    {"raises": "boom"},
    {"status": 500, "headers": allowed(**ERROR), "body": "sorry: boom"},
    on_error={"body": "sorry: "},
)
case(
    "on_error: a whole response",
    GET,
    {"raises": "boom"},
    {"status": 418, "headers": allowed(a="b"), "body": "tea"},
    on_error={
        "response": {"statusCode": 418, "headers": {"a": "b", "access-control-allow-origin": "*"}, "body": "tea"}
    },
)
case(
    "on_error: what becomes JSON",
    GET,
    {"raises": "boom"},
    {"status": 500, "headers": allowed(**ERROR), "body": '{"error":"no"}'},
    on_error={"response": {"error": "no"}},
)
case(
    "on_error: what cannot be a response",
    REST,
    {"raises": "boom"},
    {"status": 500, "headers": allowed(**ERROR), "body": ERROR_BODY},
    on_error={"response": {"statusCode": 418, "wrong": 1}},
)
case(
    "on_error: also for results that cannot be a response",
    REST,
    {"returns": {"statusCode": 200, "wrong": 1}},
    {"status": 418, "headers": allowed(), "body": "tea"},
    on_error={"response": {"statusCode": 418, "body": "tea"}},
)
case(
    "deadline: in time",
    GET,
    {**OK, "remaining": 30_000},
    {"status": 200, "headers": allowed(**{"x-own": "1"})},
    deadline=0.5,
)
case(
    "deadline: exception",
    GET,
    {"raises": "boom", "remaining": 30_000},
    {"status": 500, "headers": allowed(**ERROR)},
    deadline=0.5,
)

# debug: the right headers up to the failing step, so that the browser names the real cause.
for name, headers, expect in (
    ("origin", asks(origin=EVIL), DENIED),
    ("method", asks("DELETE"), preflight()),
    ("headers", asks(names="x-evil"), preflight()),
    ("passed", asks(), preflight()),
):
    case(f"debug: {name}", event("function_url", "OPTIONS", headers), OK, expect, debug=True)
case(
    "debug: response",
    event("rest_api", headers={"Origin": EVIL}),
    OK,
    {"status": 200, "headers": {"vary": "Origin", "x-own": "1"}},
    debug=True,
)

# What is no HTTP request passes untouched.
for name, made in {
    "queue": {"Records": [{"eventSource": "aws:sqs", "body": "x"}]},
    "schedule": {"source": "aws.events", "detail-type": "Scheduled Event"},
    "edge": {"Records": [{"cf": {"request": {"method": "GET", "uri": "/", "headers": {}}}}]},
    "WebSocket": {"requestContext": {"connectionId": "a", "eventType": "MESSAGE", "routeKey": "$default"}, "body": "x"},
    "REST authorizer": {
        "type": "REQUEST",
        "methodArn": "arn:aws:execute-api:eu-west-1:1:a/b/GET/",
        "httpMethod": "GET",
        "headers": {"Origin": APP},
    },
    "HTTP API authorizer": {
        "version": "2.0",
        "type": "REQUEST",
        "routeArn": "arn:aws:execute-api:eu-west-1:1:a/b/GET/",
        "requestContext": {"http": {"method": "GET"}},
    },
    "text": "hello",
    "list": [1],
}.items():
    cases.append(
        {
            "name": f"untouched: {name}",
            "policy": "app",
            "options": {},
            "event": made,
            "handler": {"returns": {"principalId": "me"}},
            "expect": {"untouched": True},
        }
    )


def _lines(content):
    """JSON with one case on a line, so that a change of one case is a change of one line."""
    if isinstance(content, list):
        return "[\n" + ",\n".join(json.dumps(item) for item in content) + "\n]\n"
    return f'{{"policies": {json.dumps(content["policies"])},\n"cases": {_lines(content["cases"])}}}\n'


def main() -> int:
    policies = [{"name": name, "policy": policy, "problems": []} for name, policy in FINE.items()]
    policies += [{"name": name, "policy": policy, "problems": problems} for name, (policy, problems) in BROKEN.items()]
    status = 0
    for name, content in (("policies.json", policies), ("requests.json", {"policies": POLICIES, "cases": cases})):
        text = _lines(content)
        path = HERE / name
        if "--check" in sys.argv:
            status |= path.read_text() != text
        else:
            path.write_text(text)
    return int(status)


if __name__ == "__main__":
    sys.exit(main())
