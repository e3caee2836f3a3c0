"""What is known of REST APIs."""

from __future__ import annotations

from .fact import Fact

_TYPES = "API Gateway developer guide, Gateway response types for API Gateway"
_ROUTING = "measured: routing of siblings, ANY and greedy resources"
_OUTPUT = "measured: validation of Lambda proxy output"
_NOTES = "API Gateway developer guide, Amazon API Gateway important notes"
_MOCK = "API Gateway developer guide, CORS for REST APIs in API Gateway"
_CAPTURE = "measured: captured response"

REST_API = (
    Fact(
        "rest-no-method-403",
        "A path or verb without method is 403 `Missing Authentication Token`.",
        _ROUTING,
        "measured",
    ),
    Fact(
        "rest-greedy-takes-options",
        "OPTIONS that a resource lacks falls through to a greedy ancestor.",
        _ROUTING,
        "measured",
    ),
    Fact(
        "rest-any-takes-options",
        "A resource's ANY takes OPTIONS, even where a greedy ancestor has OPTIONS.",
        _ROUTING,
        "measured",
    ),
    Fact("rest-options-before-any", "OPTIONS goes before ANY on one resource.", "aws/aws-cdk#8615", "measured"),
    Fact(
        "rest-greedy-not-parent",
        "`{proxy+}` does not take its parent's path.",
        "API Gateway developer guide, Set up a proxy integration with a proxy resource",
        "documented",
    ),
    Fact("rest-trailing-slash", "A trailing slash makes no difference.", "aws-sam-translator", "measured"),
    Fact("rest-method-override", "X-HTTP-Method-Override chooses the method.", _NOTES, "documented"),
    Fact("rest-mock-answers", "A MOCK answers with the mapped headers alone.", _MOCK, "documented"),
    Fact(
        "rest-mock-lenient-template",
        "The request template may leave names unquoted, use single quotes, end in a comma.",
        "what CDK and Serverless deploy",
        "measured",
    ),
    Fact(
        "rest-mock-needs-whole-status",
        "A template without a whole-number statusCode, an empty one, or none is a 500.",
        "joostfarla/serverless-cors-plugin#7",
        "reported",
    ),
    Fact(
        "rest-mock-default-response",
        "The status selects the integration response by pattern; one without pattern is the default.",
        _MOCK,
        "documented",
    ),
    Fact("rest-mock-no-response", "Without an integration response that fits: 500.", _TYPES, "documented"),
    Fact(
        "rest-mock-passthrough",
        "Another content type without template is passed through (500), or 415 under NEVER and, with any template,"
        " WHEN_NO_TEMPLATES.",
        "API Gateway developer guide, Integration passthrough behaviors; aws/aws-sam-cli#2483",
        "documented",
    ),
    Fact(
        "rest-mock-binary",
        "A binary media type `*/*`, or one that fits Content-Type or Accept, makes a MOCK fail with 500.",
        "clebert/aws-simple#167, serverless/serverless#7505",
        "reported",
    ),
    Fact(
        "rest-mock-convert-to-text",
        "CONVERT_TO_TEXT on the integration repairs that.",
        "clebert/aws-simple#167; serverless/serverless#10254",
        "reported",
        "rest_text_conversion_suffices",
    ),
    Fact(
        "rest-mock-204-typed",
        "Content-Type: application/json is added to every integration response.",
        _NOTES,
        "documented",
        "rest_mock_204_has_content_type",
    ),
    Fact(
        "rest-response-override",
        "A template can set `$context.responseOverride` status and headers, in request and response templates.",
        "API Gateway developer guide, Override your API's request and response parameters and status codes",
        "documented",
    ),
    Fact(
        "rest-template-header-case",
        "Templates read header names case-sensitively; an absent parameter is empty text.",
        "templates that CDK and Serverless generate",
        "assumed",
        "rest_missing_parameter_is_empty",
    ),
    Fact(
        "rest-unquoted-refused",
        "A value without inner single quotes that is no mapping expression is refused when the API is deployed.",
        "aws/serverless-application-model#1172",
        "measured",
    ),
    Fact(
        "rest-non-proxy-maps-only",
        "A non-proxy integration sends only mapped headers; errors select a response by their message.",
        "measured: header mapping of HTTP and Lambda integrations",
        "measured",
    ),
    Fact("rest-gateway-responses-bare", "No gateway response has CORS headers out of the box.", _TYPES, "measured"),
    Fact(
        "rest-gateway-response-statuses", "Each type has its default status, body and error type.", _TYPES, "documented"
    ),
    Fact(
        "rest-specific-hides-default",
        "A customised type is used alone; only others fall back to DEFAULT_4XX and DEFAULT_5XX.",
        "an emulator's reading",
        "assumed",
        "rest_specific_hides_default",
    ),
    Fact(
        "rest-default-status-rewrites",
        "A status on DEFAULT_4XX or DEFAULT_5XX is that of all such errors.",
        _TYPES,
        "documented",
    ),
    Fact(
        "rest-gateway-response-parameters",
        "A parameter is a quoted literal or a part of the request; header names there are case-sensitive.",
        _NOTES,
        "documented",
    ),
    Fact(
        "rest-gateway-response-templates",
        "Templates substitute variables and nothing more; without one the default stays.",
        _TYPES,
        "documented",
    ),
    Fact("rest-413-not-customisable", "A body over 10 MB is 413, which cannot be customised.", _TYPES, "documented"),
    Fact(
        "rest-error-types",
        "Types that nobody captured have the error type an emulator gives them.",
        "an emulator's reading",
        "assumed",
        "rest_error_types_known",
    ),
    Fact("rest-output-accepted", "Status as text, no status, and `headers: null` are accepted.", _OUTPUT, "measured"),
    Fact("rest-output-boolean", "A boolean header value is sent as text.", _OUTPUT, "measured"),
    Fact(
        "rest-output-other-values",
        "A number, list or null as header value is a 502.",
        "an emulator's reading",
        "assumed",
        "rest_header_values",
    ),
    Fact(
        "rest-output-malformed",
        "Another top-level key, `{}`, a text, a status that is no number, a body that is no text: 502.",
        _OUTPUT,
        "measured",
    ),
    Fact(
        "rest-output-multi-value-lists", "A value in multiValueHeaders that is no list is a 502.", _OUTPUT, "measured"
    ),
    Fact(
        "rest-output-both-maps",
        "One name in both maps: both values are sent, multiValueHeaders first and with its spelling.",
        _OUTPUT,
        "measured",
        "rest_equal_pairs_double",
    ),
    Fact(
        "rest-output-base64",
        "A base64 body is decoded only where Accept fits a binary media type.",
        _OUTPUT,
        "measured",
    ),
    Fact(
        "rest-output-remapped",
        "Connection, Content-Length, Date, Server and WWW-Authenticate are renamed; Transfer-Encoding is dropped.",
        "measured: remapped response headers",
        "measured",
    ),
    Fact("rest-function-fails", "An unhandled exception is 502 `Internal server error`.", _CAPTURE, "measured"),
    Fact("rest-not-permitted", "Without permission to invoke the function: 500.", _CAPTURE, "measured"),
    Fact("rest-lambda-throttled", "A function that Lambda throttles is a 500.", _CAPTURE, "measured"),
    Fact(
        "rest-integration-slow",
        "An integration over its limit is 504 `Endpoint request timed out`.",
        _CAPTURE,
        "measured",
    ),
    Fact(
        "rest-authorizer-on-options",
        "An authorizer on OPTIONS answers a preflight with 401.",
        "aws/serverless-application-model#717",
        "reported",
    ),
    Fact(
        "rest-authorizer-missing-identity",
        "A missing identity source is 401, and nobody is asked.",
        _CAPTURE,
        "measured",
    ),
    Fact("rest-authorizer-denies", "A denial is 403, with `Message` spelt with a capital.", _CAPTURE, "measured"),
    Fact(
        "rest-authorizer-broken",
        "An authorizer that raises is 500 AuthorizerFailureException, bad output AuthorizerConfigurationException.",
        "serverless/serverless#829; auth0-samples/jwt-rsa-aws-custom-authorizer#6",
        "reported",
    ),
    Fact(
        "rest-token-validation",
        "A token that the validation expression refuses is 401, and nobody is asked.",
        "API Gateway developer guide, Use API Gateway Lambda authorizers",
        "documented",
    ),
    Fact(
        "rest-iam-unsigned",
        "An unsigned call of an IAM method is 403 `Missing Authentication Token`.",
        "aws/chalice#1418",
        "reported",
    ),
    Fact("rest-api-key-missing", "A missing or unknown API key is 403 `Forbidden`.", _CAPTURE, "measured"),
    Fact("rest-quota", "A used-up quota is 429 `Limit Exceeded`.", _TYPES, "documented"),
    Fact("rest-throttled", "A throttle is 429 `Too Many Requests`.", _TYPES, "documented"),
    Fact("rest-waf", "A web ACL's block is 403 `Forbidden`, customised by WAF_FILTERED.", _CAPTURE, "measured"),
    Fact(
        "rest-resource-policy",
        "A resource policy is evaluated for OPTIONS too: 403.",
        "by the policy's meaning",
        "assumed",
    ),
    Fact("rest-validator", "A missing parameter or a bad body is 400.", _TYPES, "documented"),
    Fact(
        "rest-wrong-stage",
        "An address without stage or mapping is 403 `Forbidden`, never with CORS headers.",
        "reported",
        "reported",
    ),
    Fact(
        "rest-event",
        "The event keeps the client's header case, in a single and a multi-value map; what is empty is null.",
        "API Gateway developer guide, Input format of a Lambda function for proxy integration",
        "documented",
    ),
    Fact(
        "rest-binary-request",
        "A body of a binary media type reaches the function in base64.",
        "API Gateway developer guide, Binary media types for REST APIs",
        "documented",
    ),
    Fact(
        "rest-deployment-answers",
        "A stage serves what its deployment holds, not the working copy.",
        "API Gateway developer guide, Deploy REST APIs",
        "documented",
    ),
)
