"""What is known of Function URLs."""

from __future__ import annotations

from .fact import Fact

_CONFIG = "Lambda developer guide, Creating and managing Lambda function URLs"
_INVOKE = "Lambda developer guide, Invoking Lambda function URLs"
_AUTH = "Lambda developer guide, Control access to Lambda function URLs"
_CAPTURE = "measured: captured exchange"

FUNCTION_URL = (
    Fact(
        "url-preflight-answered-alone",
        "With Cors set, a preflight is answered without the function.",
        _CONFIG,
        "documented",
    ),
    Fact("url-preflight-200", "That answer is a 200 with an empty body.", _CAPTURE, "measured"),
    Fact(
        "url-preflight-lists",
        "Allow-Methods and Allow-Headers are the whole lists, header names in lower case, commas without blanks.",
        _CAPTURE,
        "measured",
    ),
    Fact("url-method-wildcard", "AllowMethods `*` is answered by the requested method.", "reported once", "reported"),
    Fact(
        "url-header-wildcard",
        "AllowHeaders `*` is sent as it is.",
        "reported once that it gave trouble",
        "assumed",
        "url_header_wildcard",
    ),
    Fact(
        "url-origin-always-concrete",
        "AllowOrigins `*` is answered by the request's origin, with credentials too.",
        "aws-powertools/powertools-lambda-python#4163, LeanerCloud/CUDly#390",
        "measured",
    ),
    Fact("url-scheme-wildcard", "`https://*` admits every origin of that scheme.", "reported once", "reported"),
    Fact(
        "url-preflight-mismatch",
        "An origin, method or header that is not allowed gets 200 without CORS headers.",
        "reported once, for a header",
        "reported",
        "url_preflight_mismatch",
    ),
    Fact(
        "url-safelisted-methods",
        "GET, HEAD and POST must be listed too, where AllowMethods is set.",
        "by analogy with other methods",
        "assumed",
        "url_safelisted_methods",
    ),
    Fact(
        "url-preflight-before-auth",
        "The preflight is answered before authorisation and permissions.",
        "read from the two rules above",
        "assumed",
        "url_preflight_before_auth",
    ),
    Fact(
        "url-bare-options",
        "OPTIONS without Origin or Access-Control-Request-Method reaches the function.",
        "not documented",
        "assumed",
        "url_bare_options_invokes",
    ),
    Fact("url-max-age", "MaxAge is sent when it is set.", _CONFIG, "documented"),
    Fact(
        "url-max-age-zero",
        "MaxAge 0 counts as not set: it is the default.",
        "Lambda API reference, Cors",
        "assumed",
        "url_zero_max_age_sent",
    ),
    Fact(
        "url-no-cors-invokes", "Without Cors, OPTIONS reaches the function like any other method.", _INVOKE, "measured"
    ),
    Fact("url-no-cors-passes-through", "Without Cors, the function's headers are all there is.", _CAPTURE, "measured"),
    Fact(
        "url-actual-adds",
        "An actual response gets Allow-Origin, Allow-Credentials, Expose-Headers and Vary, nothing else.",
        _CAPTURE,
        "measured",
    ),
    Fact(
        "url-doubles-headers",
        "The URL's lines follow the function's own: the same header arrives as two lines.",
        f"{_CONFIG}; captured exchange",
        "measured",
    ),
    Fact("url-only-with-origin", "Without Origin, nothing is added.", "linz/basemaps#2376", "reported"),
    Fact(
        "url-other-origin-invokes",
        "The function runs for an origin that is not allowed; nothing is added.",
        "CORS is no access control",
        "assumed",
    ),
    Fact("url-origin-exact", "Origins are compared exactly.", "not documented", "assumed", "url_origin_match"),
    Fact(
        "url-vary-lines",
        "`Vary: Origin` is a line of its own beside the function's Vary.",
        "not documented",
        "assumed",
        "url_merges_vary",
    ),
    Fact("url-names-lower-case", "The function's header names arrive in lower case.", _INVOKE, "documented"),
    Fact(
        "url-two-permissions",
        "Both lambda:InvokeFunctionUrl and lambda:InvokeFunction are needed; without them a 403.",
        _AUTH,
        "documented",
    ),
    Fact(
        "url-403-bare",
        "That 403 carries no CORS headers.",
        "not documented",
        "assumed",
        "url_refusals_carry_cors",
    ),
    Fact("url-iam-unsigned", "AWS_IAM refuses an unsigned call with 403.", _AUTH, "documented"),
    Fact(
        "url-iam-consumes-signature",
        "The function does not see the Authorization header of a signed call.",
        "measured in a project's tests",
        "measured",
    ),
    Fact(
        "url-function-fails",
        "A failed function, its time limit, and a malformed result are 502 `Internal Server Error` as text.",
        "measured",
        "measured",
    ),
    Fact(
        "url-errors-carry-cors",
        "The front end's own 413, 429 and 502 carry the configured headers.",
        _CONFIG,
        "assumed",
        "url_errors_carry_cors",
    ),
    Fact("url-throttled", "Throttling is 429.", _CONFIG, "documented"),
    Fact("url-too-large", "A body over 6 MB is 413.", "Lambda developer guide, Lambda quotas", "assumed"),
    Fact("url-bad-query", "A raw `|` in the query is 400 before the function runs.", "reported once", "reported"),
    Fact(
        "url-inference",
        "A result without statusCode is the body of a 200; a text goes without quotes.",
        "measured",
        "measured",
    ),
    Fact("url-status-text", "A status as text is accepted.", "measured", "measured"),
    Fact("url-default-type", "Content-Type is application/json where the function names none.", "measured", "measured"),
    Fact("url-multi-value-ignored", "multiValueHeaders is ignored.", "CodeGenieApp/serverless-express#554", "reported"),
    Fact("url-cookies", "Each of `cookies` becomes a Set-Cookie.", _INVOKE, "documented"),
    Fact(
        "url-header-values",
        "A number or boolean as header value is sent as text.",
        "not documented",
        "assumed",
        "url_header_values",
    ),
    Fact(
        "url-stream-prelude",
        "Under RESPONSE_STREAM the prelude sets status, headers and cookies.",
        "Lambda developer guide, Response streaming",
        "documented",
    ),
    Fact(
        "url-stream-without-prelude",
        "Without a prelude the answer is a 200 without the function's headers: an empty stream never sends it.",
        "middyjs/middy#1189, honojs/hono#2401",
        "reported",
    ),
    Fact(
        "url-stream-buffered-result",
        "A result that is returned under RESPONSE_STREAM is a body: its headers are lost.",
        "measured",
        "measured",
    ),
    Fact(
        "url-stream-fails",
        "A stream that fails before its first byte is a 502.",
        "not documented",
        "assumed",
        "url_failed_stream_is_error",
    ),
    Fact(
        "url-event",
        "The 2.0 event: account `anonymous`, `$default` stage, Cookie in `cookies` and among the headers, no keys for"
        " what is empty.",
        f"{_INVOKE}; aws/aws-lambda-web-adapter#121",
        "measured",
    ),
    Fact(
        "url-trailing-slash",
        "rawPath keeps a trailing slash, requestContext.http.path drops it.",
        "reported three times",
        "reported",
    ),
)
