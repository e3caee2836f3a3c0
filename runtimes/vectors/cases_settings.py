"""Policies in the words of the front doors' own settings, by hand: what is written, what is read, what is refused."""

APP = "https://app.example.com"
FULL = {
    "origins": [APP, "http://localhost:3000"],
    "methods": ["GET", "PATCH"],
    "request_headers": ["Content-Type", "X-A"],
    "response_headers": ["ETag"],
    "credentials": True,
    "max_age": 0,
}
LISTS = {
    "AllowOrigins": [APP, "http://localhost:3000"],
    "AllowMethods": ["GET", "PATCH"],
    "AllowHeaders": ["content-type", "x-a"],
    "ExposeHeaders": ["etag"],
    "AllowCredentials": True,
    "MaxAge": 0,
}
ONE = {**FULL, "origins": [APP], "response_headers": []}
OPEN = {"origins": "*", "methods": "*", "request_headers": ["*", "authorization"], "max_age": 600}
MOCK = {
    "Access-Control-Allow-Origin": f"'{APP}'",
    "Access-Control-Allow-Methods": "'GET,PATCH'",
    "Access-Control-Allow-Headers": "'content-type,x-a'",
    "Access-Control-Allow-Credentials": "'true'",
    "Access-Control-Max-Age": "'0'",
}
SAM = {
    "AllowOrigin": f"'{APP}'",
    "AllowMethods": "'GET,PATCH'",
    "AllowHeaders": "'content-type,x-a'",
    "AllowCredentials": True,
    "MaxAge": "'0'",
}
# Policy, front door, settings. Reading undoes writing.
SAID = {
    "HTTP API": (FULL, "http_api", LISTS),
    "Function URL": (FULL, "function_url", LISTS),
    "HTTP API, least": ({"origins": "*"}, "http_api", {"AllowOrigins": ["*"]}),
    "HTTP API, what a Function URL does not take": (
        {"origins": [APP], "methods": ["OPTIONS"], "max_age": -1},
        "http_api",
        {"AllowOrigins": [APP], "AllowMethods": ["OPTIONS"], "MaxAge": -1},
    ),
    "REST API": (ONE, "rest_api", MOCK),
    "REST API, least": ({"origins": [APP]}, "rest_api", {"Access-Control-Allow-Origin": f"'{APP}'"}),
    "REST API, open": (
        OPEN,
        "rest_api",
        {
            "Access-Control-Allow-Origin": "'*'",
            "Access-Control-Allow-Methods": "'*'",
            "Access-Control-Allow-Headers": "'*,authorization'",
            "Access-Control-Max-Age": "'600'",
        },
    ),
    "REST API, never remembered": (
        {"origins": "*", "max_age": -1},
        "rest_api",
        {"Access-Control-Allow-Origin": "'*'", "Access-Control-Max-Age": "'-1'"},
    ),
    "SAM's REST API": (ONE, "sam_rest_api", SAM),
    "SAM's REST API, open": (
        OPEN,
        "sam_rest_api",
        {"AllowOrigin": "'*'", "AllowMethods": "'*'", "AllowHeaders": "'*,authorization'", "MaxAge": "'600'"},
    ),
}
REST_DOORS = ("rest_api", "sam_rest_api")
# Policy, front door, the arguments and values that it cannot say.
UNSAID = {
    "sub-domains": ({"origins": ["https://*.example.com", APP]}, "http_api", [["origins", "https://*.example.com"]]),
    "any port": ({"origins": ["http://localhost:*"]}, "function_url", [["origins", "http://localhost:*"]]),
    "methods of a Function URL": (
        {"origins": [APP], "methods": ["OPTIONS", "GET", "PURGE"], "max_age": -1},
        "function_url",
        [["methods", "OPTIONS"], ["methods", "PURGE"], ["max_age", "-1"]],
    ),
    "no such front door": ({"origins": [APP]}, "alb", [["", ""]]),
    **{
        f"several origins, {door}": (FULL, door, [["origins", APP], ["origins", "http://localhost:3000"]])
        for door in REST_DOORS
    },
    **{
        f"a quote in a constant, {door}": (
            {"origins": [APP], "methods": ["A'B"], "request_headers": ["x'a"]},
            door,
            [["methods", "A'B"], ["request_headers", "x'a"]],
        )
        for door in REST_DOORS
    },
    **{
        f"sub-domains, {door}": ({"origins": ["https://*.example.com"]}, door, [["origins", "https://*.example.com"]])
        for door in REST_DOORS
    },
}
# Settings, and the arguments of the policy that they amount to.
READ = {
    "as the API writes them": ({"allowOrigins": ["*"], "allowMethods": ["*"]}, {"origins": "*", "methods": "*"}),
    "mock's integration response": ({f"method.response.header.{name}": value for name, value in MOCK.items()}, ONE),
    "gateway response, small letters": (
        {f"gatewayresponse.header.{name.lower()}": value for name, value in MOCK.items()},
        ONE,
    ),
    "blanks after commas": (
        {"AllowOrigin": "'*'", "AllowHeaders": "'Content-Type, X-A'"},
        {"origins": "*", "request_headers": ["content-type", "x-a"]},
    ),
    "exposed by a gateway response": (
        {"Access-Control-Allow-Origin": "'*'", "Access-Control-Expose-Headers": "'ETag'"},
        {"origins": "*", "response_headers": ["etag"]},
    ),
    "no credentials, SAM": ({"AllowOrigin": "'*'", "AllowCredentials": False}, {"origins": "*"}),
}
# Settings, and what is wrong with them: code, key or argument.
UNREAD = {
    "unknown keys, all at once": (
        {"AllowOrigin": [APP], "": 1, "AllowOrigins": [APP]},
        [["front-door-key", "AllowOrigin"], ["front-door-key", ""]],
    ),
    "misspelt header": ({"Access-Control-Allow-Origins": "'*'"}, [["front-door-key", "Access-Control-Allow-Origins"]]),
    "what SAM does not take": (
        {"AllowOrigin": "'*'", "ExposeHeaders": "'etag'"},
        [["front-door-key", "ExposeHeaders"]],
    ),
    "no quotes": (
        {"AllowOrigin": "*", "AllowMethods": "'GET", "AllowHeaders": "'", "MaxAge": 600},
        [["front-door-quotes", name] for name in ("AllowOrigin", "AllowMethods", "AllowHeaders", "MaxAge")],
    ),
    "a boolean for a constant": (
        {"Access-Control-Allow-Origin": "'*'", "Access-Control-Allow-Credentials": True},
        [["front-door-quotes", "Access-Control-Allow-Credentials"]],
    ),
    "an object for a constant": (
        {"AllowOrigin": "'*'", "AllowHeaders": {"x-a": "x-b"}},
        [["front-door-quotes", "AllowHeaders"]],
    ),
    "constants that say nothing": (
        {
            "Access-Control-Allow-Origin": f"'{APP}, https://b.example'",
            "Access-Control-Allow-Headers": "''",
            "Access-Control-Allow-Credentials": "'True'",
            "Access-Control-Max-Age": "'ten'",
        },
        [
            ["origin-list", "origins"],
            ["request-header-malformed", "request_headers"],
            ["not-a-bool", "credentials"],
            ["max-age", "max_age"],
        ],
    ),
    "a constant among lists": ({"AllowOrigins": [APP], "AllowMethods": "'GET'"}, [["not-a-list", "methods"]]),
    "quotes inside a list": ({"AllowOrigins": ["'*'"]}, [["origin-quoted", "origins"]]),
    "everybody with credentials": (
        {"AllowOrigins": ["*"], "AllowCredentials": True},
        [["wildcard-with-credentials", "origins"]],
    ),
    "everybody with credentials, SAM": (
        {"AllowOrigin": "'*'", "AllowCredentials": True},
        [["wildcard-with-credentials", "origins"]],
    ),
    "nothing": ({}, [["origins-empty", "origins"]]),
}


def _case(name, **said):
    return {"name": name, **said}


settings = [
    *(_case(name, policy=p, front_door=door, settings=said) for name, (p, door, said) in SAID.items()),
    *(_case(name, policy=p, front_door=door, unsaid=wrong) for name, (p, door, wrong) in UNSAID.items()),
    *(_case(name, policy=p, settings=said) for name, (said, p) in READ.items()),
    *(_case(name, settings=said, problems=problems) for name, (said, problems) in UNREAD.items()),
]
