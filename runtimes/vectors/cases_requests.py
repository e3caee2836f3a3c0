"""What the cases are made of: policies, events as the front doors send them, handlers, and what is expected."""

APP = "https://app.example.com"
EVIL = "https://evil.example.net"
VARY_ALL = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"

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


GET = event("http_api", headers={"Origin": APP})
REST = event("rest_api", headers={"Origin": APP})
URL = event("function_url", headers={"Origin": APP})
ALB = event("alb", headers={"Origin": APP})
MULTI = event("alb_multi", headers={"Origin": APP})
LATTICE = event("vpc_lattice_2", headers={"Origin": APP})
