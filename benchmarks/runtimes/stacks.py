"""The same API in each of the ways Python has to put CORS headers on a Lambda function. Runs in the peers' environment.

A stack is a function from Wanted to a Lambda handler. What a stack cannot say it raises; what it takes in silence is shown.
"""

import functools
import warnings
from collections.abc import Callable
from typing import Any, NamedTuple

warnings.simplefilter("ignore")
Handler = Callable[[Any, Any], Any]
BODY = "{}"


class Wanted(NamedTuple):
    """What a policy is to say, and what the application does."""

    origins: tuple[str, ...] = ("https://app.example.com", "https://admin.example.com")
    methods: tuple[str, ...] = ("GET", "POST")
    headers: tuple[str, ...] = ("content-type", "authorization")
    credentials: bool = True
    max_age: int = 600
    regex: str | None = None
    own: tuple[tuple[str, str], ...] = ()
    fails: bool = False

    def answer(self) -> None:
        if self.fails:
            raise RuntimeError("boom")


def bare(wanted: Wanted) -> Handler:
    """No CORS at all."""
    headers = {"content-type": "application/json", **dict(wanted.own)}

    def handler(event: Any, context: Any) -> Any:
        if wanted.fails:
            wanted.answer()
        return {"statusCode": 200, "headers": headers, "body": BODY}

    return handler


def hand_written(wanted: Wanted) -> Handler:
    """The twenty lines that people write, with care."""
    handler = bare(wanted)
    allowed = frozenset(wanted.origins)
    shared = {"vary": "Origin"}
    actual = {"access-control-expose-headers": "x-request-id", **shared}
    preflight = {
        "access-control-allow-methods": ",".join(wanted.methods),
        "access-control-allow-headers": ",".join(wanted.headers),
        "access-control-max-age": str(wanted.max_age),
        **shared,
    }
    if wanted.credentials:
        actual["access-control-allow-credentials"] = preflight["access-control-allow-credentials"] = "true"

    def merged(event: Any, context: Any) -> Any:
        headers = event.get("headers") or {}
        origin = headers.get("origin") or headers.get("Origin")
        http = event["requestContext"].get("http")
        method = http["method"] if http else event["httpMethod"]
        if method == "OPTIONS":
            if origin in allowed:
                return {"statusCode": 204, "headers": {"access-control-allow-origin": origin, **preflight}, "body": ""}
            return {"statusCode": 204, "headers": shared, "body": ""}
        response = handler(event, context)
        if origin in allowed:
            return {**response, "headers": {**response["headers"], "access-control-allow-origin": origin, **actual}}
        return {**response, "headers": {**response["headers"], **shared}}

    return merged


def lambda_cors(wanted: Wanted) -> Handler:
    """This project's wrapper."""
    from lambda_cors import Policy, cors

    policy = Policy(
        origins=wanted.origins if wanted.regex is None else (wanted.regex,),
        methods=wanted.methods,
        request_headers=wanted.headers,
        response_headers=("x-request-id",),
        credentials=wanted.credentials,
        max_age=wanted.max_age,
    )
    return cors(policy)(bare(wanted))


def powertools(wanted: Wanted) -> Handler:
    """Powertools for AWS Lambda, its event handler's resolvers."""
    from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, APIGatewayRestResolver, CORSConfig, Response

    if wanted.regex is not None:
        raise ValueError("Powertools compares origins; it takes no pattern")
    config = CORSConfig(
        allow_origin=wanted.origins[0],
        extra_origins=list(wanted.origins[1:]),
        allow_headers=list(wanted.headers),
        expose_headers=["x-request-id"],
        max_age=wanted.max_age,
        allow_credentials=wanted.credentials,
    )
    apps = []
    for resolver in (APIGatewayHttpResolver, APIGatewayRestResolver):
        app = resolver(cors=config)

        def items() -> Any:
            wanted.answer()
            return Response(status_code=200, content_type="application/json", body=BODY, headers=dict(wanted.own))

        app.get("/items")(items)
        app.post("/items")(items)
        apps.append(app)
    return lambda event, context: apps["httpMethod" in event].resolve(event, context)


def starlette_app(wanted: Wanted) -> Any:
    """A Starlette application with its own middleware."""
    from starlette.applications import Starlette
    from starlette.middleware import Middleware
    from starlette.middleware.cors import CORSMiddleware
    from starlette.responses import Response
    from starlette.routing import Route

    async def items(request: Any) -> Any:
        wanted.answer()
        return Response(BODY, media_type="application/json", headers=dict(wanted.own))

    middleware = Middleware(CORSMiddleware, **starlette_options(wanted))
    return Starlette(routes=[Route("/items", items, methods=["GET", "POST"])], middleware=[middleware])


def starlette_options(wanted: Wanted) -> dict[str, Any]:
    """The policy in the words of Starlette's middleware."""
    return {
        "allow_origins": [] if wanted.regex else wanted.origins,
        "allow_origin_regex": wanted.regex and wanted.regex.replace(".", r"\.").replace("*", ".*"),
        "allow_methods": wanted.methods,
        "allow_headers": wanted.headers,
        "allow_credentials": wanted.credentials,
        "expose_headers": ["x-request-id"],
        "max_age": wanted.max_age,
    }


def through_mangum(app: Any) -> Handler:
    """The application behind Mangum."""
    import asyncio

    from mangum import Mangum

    asyncio.set_event_loop(asyncio.new_event_loop())
    return Mangum(app, lifespan="off")


def starlette(wanted: Wanted) -> Handler:
    """Starlette and Mangum."""
    return through_mangum(starlette_app(wanted))


def fastapi(wanted: Wanted) -> Handler:
    """FastAPI and Mangum; an `async def` route, which is its quickest."""
    from fastapi import FastAPI
    from fastapi.responses import Response
    from starlette.middleware.cors import CORSMiddleware

    app = FastAPI()

    @app.api_route("/items", methods=["GET", "POST"])
    async def items() -> Any:
        wanted.answer()
        return Response(BODY, media_type="application/json", headers=dict(wanted.own))

    app.add_middleware(CORSMiddleware, **starlette_options(wanted))
    return through_mangum(app)


def flask(wanted: Wanted) -> Handler:
    """Flask, flask-cors and apig-wsgi."""
    from apig_wsgi import make_lambda_handler
    from flask import Flask, Response
    from flask_cors import CORS

    app = Flask("bench")
    app.logger.disabled = True

    @app.route("/items", methods=["GET", "POST"])
    def items() -> Any:
        wanted.answer()
        return Response(BODY, content_type="application/json", headers=dict(wanted.own))

    CORS(
        app,
        origins=[wanted.regex.replace(".", r"\.").replace("*", ".*")] if wanted.regex else list(wanted.origins),
        methods=list(wanted.methods),
        allow_headers=list(wanted.headers),
        expose_headers=["x-request-id"],
        supports_credentials=wanted.credentials,
        max_age=wanted.max_age,
    )
    return make_lambda_handler(app)


def chalice(wanted: Wanted) -> Handler:
    """Chalice's runtime half; its preflights are API Gateway's, so the function answers them with 405."""
    from chalice import Chalice, CORSConfig, Response

    if wanted.regex is not None:
        raise ValueError("Chalice compares origins; it takes no pattern")
    app = Chalice(app_name="bench")
    app.log.disabled = True
    config = CORSConfig(
        allow_origin=wanted.origins[0],
        allow_headers=list(wanted.headers),
        max_age=wanted.max_age,
        expose_headers=["x-request-id"],
        allow_credentials=wanted.credentials,
    )

    @app.route("/items", methods=["GET", "POST"], cors=config)
    def items() -> Any:
        wanted.answer()
        return Response(body=BODY, headers={"content-type": "application/json", **dict(wanted.own)}, status_code=200)

    return app


STACKS: dict[str, Callable[[Wanted], Handler]] = {
    "hand-written": hand_written,
    "lambda-cors": lambda_cors,
    "Powertools": powertools,
    "Starlette + Mangum": starlette,
    "FastAPI + Mangum": fastapi,
    "Flask-CORS": flask,
    "Chalice": chalice,
}
IMPORTS = {
    "lambda-cors": "import lambda_cors",
    "Powertools": "import aws_lambda_powertools.event_handler",
    "Starlette + Mangum": "import mangum, starlette.applications, starlette.middleware.cors",
    "FastAPI + Mangum": "import mangum, fastapi",
    "Flask-CORS": "import flask, flask_cors, apig_wsgi",
    "Chalice": "import chalice",
}
DISTRIBUTIONS = {
    "lambda-cors": ("lambda-cors",),
    "Powertools": ("aws-lambda-powertools",),
    "Starlette + Mangum": ("starlette", "mangum"),
    "FastAPI + Mangum": ("fastapi", "mangum"),
    "Flask-CORS": ("flask", "flask-cors", "apig-wsgi"),
    "Chalice": ("chalice",),
}


class Context:
    """What Lambda passes as the context, as far as these stacks look at it."""

    function_name = "f"
    memory_limit_in_mb = 128
    invoked_function_arn = "arn:aws:lambda:eu-west-1:123456789012:function:f"
    aws_request_id = "id"
    log_group_name = log_stream_name = "log"

    def get_remaining_time_in_millis(self) -> int:
        return 30_000


BROWSER = {
    "accept": "application/json",
    "accept-encoding": "gzip, deflate, br",
    "accept-language": "en-GB,en;q=0.9",
    "cache-control": "no-cache",
    "host": "abc.execute-api.eu-west-1.amazonaws.com",
    "pragma": "no-cache",
    "referer": "https://app.example.com/",
    "sec-ch-ua": '"Chromium";v="156"',
    "sec-ch-ua-mobile": "?0",
    "sec-ch-ua-platform": '"Linux"',
    "sec-fetch-dest": "empty",
    "sec-fetch-mode": "cors",
    "sec-fetch-site": "cross-site",
    "user-agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36",
    "x-amzn-trace-id": "Root=1-65000000-000000000000000000000000",
    "x-forwarded-for": "192.0.2.1",
    "x-forwarded-port": "443",
    "x-forwarded-proto": "https",
}


@functools.cache
def _shape(payload: str, method: str) -> dict[str, Any]:
    time = {"time": "01/Jan/2026:00:00:00 +0000", "timeEpoch": 1767225600000, "requestId": "id", "stage": "prod"}
    common = {**time, "accountId": "123456789012", "apiId": "abc", "domainName": BROWSER["host"], "domainPrefix": "abc"}
    if payload == "2.0":
        http = {"method": method, "path": "/items", "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1", "userAgent": "x"}
        return {
            "version": "2.0", "routeKey": "$default", "rawPath": "/items", "rawQueryString": "", "isBase64Encoded": False,
            "requestContext": {**common, "routeKey": "$default", "http": http, "stage": "$default"},
        }  # fmt: skip
    identity = {"sourceIp": "192.0.2.1", "userAgent": "x"}
    return {
        "resource": "/items", "path": "/items", "httpMethod": method, "queryStringParameters": None,
        "multiValueQueryStringParameters": None, "pathParameters": None, "stageVariables": None,
        "requestContext": {**common, "resourcePath": "/items", "httpMethod": method, "path": "/prod/items",
                           "identity": identity, "protocol": "HTTP/1.1", "resourceId": "r"},
        "body": None, "isBase64Encoded": False,
    }  # fmt: skip


def event(payload: str, method: str = "GET", **headers: str) -> dict[str, Any]:
    """An event with a browser's headers. payload: "1.0" (REST API) or "2.0" (HTTP API)."""
    said = {**BROWSER, **{name.replace("_", "-"): value for name, value in headers.items()}}
    made = {**_shape(payload, method), "headers": said}
    return made if payload == "2.0" else {**made, "multiValueHeaders": {name: [value] for name, value in said.items()}}


def preflight(payload: str, origin: str = "https://app.example.com", names: str = "authorization,content-type") -> Any:
    """A preflight as Chromium sends it."""
    asked = {"access_control_request_method": "POST", "access_control_request_headers": names}
    return event(payload, "OPTIONS", origin=origin, **asked)
