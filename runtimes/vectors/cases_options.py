"""Several policies, errors, deadlines, debug, and what is no HTTP request."""

from cases_requests import (
    APP,
    DENIED,
    ERROR,
    ERROR_BODY,
    EVIL,
    GET,
    OK,
    REST,
    allowed,
    asks,
    case,
    cases,
    event,
    preflight,
)

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
    "exception: a message that no log can encode",
    GET,
    {"raises": "\ud800\r\nsecret"},
    {"status": 500, "headers": allowed(**ERROR), "body": ERROR_BODY},
)
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
    "a method alone": {"method": "GET", "headers": {"origin": APP}},
    "a method and a path": {"method": "GET", "path": "/items", "headers": {"origin": APP}},
    "a path and a version": {"version": "2.0", "path": "/items", "headers": {"origin": APP}},
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
