"""What is known of HTTP APIs."""

from __future__ import annotations

from .fact import Fact

_CORS = "API Gateway developer guide, Configuring CORS for HTTP APIs"
_ROUTES = "API Gateway developer guide, Working with routes for HTTP APIs"
_LAMBDA = "API Gateway developer guide, Create AWS Lambda proxy integrations for HTTP APIs"
_AUTHORIZERS = "API Gateway developer guide, Working with AWS Lambda authorizers for HTTP APIs"
_CAPTURE = "measured: captured response"

HTTP_API = (
    Fact(
        "http-preflight-answered-alone",
        "With CORS configured, a preflight that no route takes is answered without integration or authorizer.",
        _CORS,
        "documented",
    ),
    Fact(
        "http-preflight-204",
        "That answer is a 204 without body.",
        "reported four times",
        "reported",
        "http_preflight_status",
    ),
    Fact(
        "http-preflight-echoes-origin",
        "An origin in the list is sent back alone; `*` is sent as `*`.",
        _CORS,
        "documented",
    ),
    Fact(
        "http-preflight-whole-lists",
        "Allow-Methods and Allow-Headers are the whole configured lists, joined by commas without blanks.",
        "reported; joining measured once",
        "reported",
        "http_lists",
    ),
    Fact(
        "http-header-lists-lower-case",
        "Names in Allow-Headers and Expose-Headers are stored and sent in lower case.",
        "go-to-k/cdk-real-drift#874",
        "measured",
    ),
    Fact(
        "http-preflight-unset-lists-absent",
        "AllowMethods and AllowHeaders that are not set send no header.",
        "aws-sam-translator: `CorsConfiguration: true` sets origins only",
        "assumed",
    ),
    Fact(
        "http-preflight-max-age",
        "MaxAge is sent when it is set, 0 and -1 too.",
        "Amazon API Gateway V2 API model, CorsConfiguration",
        "documented",
    ),
    Fact(
        "http-preflight-missing-path",
        "A preflight on a path that no route of any method takes is answered like that of any other path.",
        f"{_CORS}: the sentence names no path",
        "assumed",
        "http_preflight_of_missing_path",
    ),
    Fact(
        "http-preflight-other-origin",
        "A preflight from an origin that is not allowed gets 204 without CORS headers.",
        "emulators agree; browsers report a missing header",
        "assumed",
        "http_preflight_of_other_origin",
    ),
    Fact(
        "http-bare-options",
        "OPTIONS without Origin or Access-Control-Request-Method gets 204 without CORS headers where no route takes it.",
        "reported once, from a measurement",
        "reported",
        "http_bare_options_status",
    ),
    Fact(
        "http-no-cors-no-route",
        "Without CORS and route, OPTIONS gets the 404 of any other method.",
        _ROUTES,
        "measured",
    ),
    Fact(
        "http-any-route-takes-options",
        "ANY and `$default` routes take OPTIONS, with their authorizer: the preflight gets 401.",
        f"{_CORS}; anomalyco/sst#5493",
        "documented",
    ),
    Fact(
        "http-open-options-route",
        "A preflight on an OPTIONS, ANY or `$default` route without authorizer reaches the integration: its status stays,"
        " the configured headers are laid over it.",
        "reported three times, contradicted once",
        "reported",
        "http_options_route",
    ),
    Fact(
        "http-scheme-wildcards",
        "`https://*` and `http://*` admit every origin of that scheme, which is sent back.",
        _CORS,
        "documented",
    ),
    Fact(
        "http-subdomain-wildcard",
        "`https://*.example.com` matches nothing: it is not among the documented forms.",
        _CORS,
        "assumed",
        "http_subdomain_wildcard_matches",
    ),
    Fact(
        "http-quoted-values-never-match",
        "A value that keeps a REST API's inner quotes is a literal that no origin equals.",
        "aws/aws-sam-cli#2637",
        "reported",
    ),
    Fact(
        "http-cors-replaces-function-headers",
        "With CORS configured and the origin allowed, the function's CORS headers are replaced, in whatever case.",
        _CORS,
        "documented",
    ),
    Fact(
        "http-cors-strips-for-other-origin",
        "They are removed as well when the origin is not allowed or absent.",
        _CORS,
        "assumed",
        "http_strips_without_match",
    ),
    Fact(
        "http-actual-has-no-preflight-headers",
        "An actual response carries no Allow-Methods, Allow-Headers or Max-Age.",
        _CAPTURE,
        "measured",
    ),
    Fact("http-credentials", "AllowCredentials adds `access-control-allow-credentials: true`.", _CAPTURE, "measured"),
    Fact(
        "http-vary",
        "`vary: origin` goes with an origin that is named, not with `*`.",
        "measured with a list and credentials, and with `*`",
        "measured",
        "http_vary",
    ),
    Fact(
        "http-no-cors-passes-through",
        "Without CORS configured, the function's headers reach the browser as they are.",
        _CAPTURE,
        "measured",
    ),
    Fact(
        "http-jwt-401-carries-cors",
        "A JWT authorizer's 401 carries the configured CORS headers and `www-authenticate: Bearer`.",
        _CAPTURE,
        "measured",
        "http_refusals_carry_cors",
    ),
    Fact("http-jwt-401-without-cors", "Without CORS configured that 401 carries none.", _CAPTURE, "measured"),
    Fact(
        "http-authorizer-missing-identity",
        "A Lambda authorizer is not called when an identity source is missing: 401.",
        _AUTHORIZERS,
        "documented",
    ),
    Fact(
        "http-authorizer-denies",
        "A denial by a Lambda authorizer is 403 `Forbidden`, with the configured CORS headers.",
        "aws/aws-sam-cli#9087",
        "reported",
        "http_refusals_carry_cors",
    ),
    Fact("http-iam-unsigned", "An unsigned call of an IAM route is 403 `Forbidden`.", _CAPTURE, "measured"),
    Fact("http-authorizer-broken", "An authorizer that gives no decision is a 500.", _AUTHORIZERS, "documented"),
    Fact("http-no-route", "A path without route is 404 `Not Found`.", _ROUTES, "measured"),
    Fact(
        "http-own-errors-carry-cors",
        "The gateway's own 404, 429, 500 and 503 carry the configured CORS headers.",
        "by analogy with the 401",
        "assumed",
        "http_errors_carry_cors",
    ),
    Fact("http-function-fails", "A failed function is 500 `Internal Server Error`.", _CAPTURE, "measured"),
    Fact("http-function-times-out", "A function that runs into its own limit is a 500.", _CAPTURE, "measured"),
    Fact("http-not-permitted", "Without permission to invoke the function: 500.", _CAPTURE, "measured"),
    Fact("http-integration-slow", "An integration over 30 s is 503 `Service Unavailable`.", _CAPTURE, "measured"),
    Fact("http-lambda-throttled", "A function that Lambda throttles is a 503 at once.", _CAPTURE, "measured"),
    Fact(
        "http-throttled",
        "A stage, route or account throttle is 429.",
        "API Gateway developer guide, Throttling requests to your HTTP API",
        "documented",
    ),
    Fact(
        "http-too-large",
        "A body over 10 MB is 413.",
        "API Gateway developer guide, Amazon API Gateway quotas",
        "documented",
    ),
    Fact(
        "http-wrong-stage", "An address without stage or mapping is 404, without CORS headers.", _ROUTES, "documented"
    ),
    Fact(
        "http-route-priority",
        "Exact routes go before greedy ones, those before `$default`; ANY only for verbs that the path does not name.",
        _ROUTES,
        "documented",
    ),
    Fact("http-greedy-not-root", "`/{proxy+}` does not take `/`; `$default` does.", _ROUTES, "documented"),
    Fact(
        "http-2-0-inference",
        "JSON without statusCode is the body of a 200: headers inside it are lost.",
        _LAMBDA,
        "documented",
    ),
    Fact("http-2-0-cookies", "Each of `cookies` becomes a Set-Cookie.", _LAMBDA, "documented"),
    Fact("http-2-0-ignores-multi-value", "multiValueHeaders is no part of format 2.0.", _LAMBDA, "documented"),
    Fact(
        "http-2-0-malformed",
        "A result with statusCode that is no response is a 500.",
        _LAMBDA,
        "documented",
    ),
    Fact(
        "http-2-0-header-values",
        "A number or boolean as header value is sent as text; a list or object makes the response malformed.",
        "not documented",
        "assumed",
        "http_header_values",
    ),
    Fact(
        "http-1-0-merges-both-maps",
        "Under format 1.0 `headers` and `multiValueHeaders` are both sent, equal ones twice.",
        "awslabs/aws-lambda-go-api-proxy#73, glassechidna/serverlessish#3",
        "measured",
    ),
    Fact("http-1-0-needs-status", "Under format 1.0 a result without statusCode is a 500.", _LAMBDA, "documented"),
    Fact(
        "http-2-0-event",
        "The 2.0 event has lower-case header names, joined repeats, `cookies`, and no keys for what is empty.",
        _LAMBDA,
        "documented",
    ),
    Fact(
        "http-1-0-event",
        'The 1.0 event is a REST API\'s with `version` "1.0"; header names keep their case.',
        _LAMBDA,
        "documented",
    ),
    Fact(
        "http-stage-in-path",
        "A stage other than `$default` is the path's first segment; under a custom domain the longest base path is.",
        "API Gateway developer guide, Working with API mappings for HTTP APIs",
        "documented",
    ),
    Fact(
        "http-deployment-answers",
        "A stage serves its deployment: without auto-deploy a change has no effect before the next one.",
        "API Gateway developer guide, Working with stages for HTTP APIs",
        "documented",
    ),
)
