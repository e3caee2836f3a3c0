"""The gateway responses of a REST API: what it answers itself, and how a project customises that.

A type that is customised is used alone; only types that are not fall back to DEFAULT_4XX or DEFAULT_5XX. Nothing has
CORS headers unless it is customised (API Gateway developer guide, "Gateway response types for API Gateway").
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct

from corsmith.api.exchange import Headers, Response
from corsmith.api.rest_api import GatewayResponse, Parameters
from corsmith.api.value import Known

from .call import Call
from .header_values import declared_status, on_the_wire
from .rest_expressions import RequestScope, header_lines


class GatewayError(Struct, frozen=True):
    """A type of gateway response as it is out of the box. `made_by` is the layer a reader would name.

    `proven`: body and `x-amzn-ErrorType` were captured. `customisable` is False where AWS does not support it.
    """

    type: str
    status: int
    error_type: str
    body: bytes
    made_by: str = "gateway"
    proven: bool = True
    customisable: bool = True

    @property
    def default(self) -> str:
        """The type whose settings it takes where it has none."""
        return "DEFAULT_4XX" if self.status < 500 else "DEFAULT_5XX"

    @property
    def message(self) -> str:
        """The message inside the body, as JSON."""
        return self.body.decode().partition(":")[2].strip().removesuffix("}")


_BROKEN = b'{"message": "Internal server error"}'
_DENIED = (
    b'{"Message":"User is not authorized to access this resource with an explicit deny in an identity-based policy"}'
)
ACCESS_DENIED = GatewayError("ACCESS_DENIED", 403, "AccessDeniedException", _DENIED, "authorizer")
API_CONFIGURATION_ERROR = GatewayError("API_CONFIGURATION_ERROR", 500, "InternalServerErrorException", _BROKEN)
AUTHORIZER_CONFIGURATION_ERROR = GatewayError(
    "AUTHORIZER_CONFIGURATION_ERROR", 500, "AuthorizerConfigurationException", b'{"message":null}', "authorizer"
)
AUTHORIZER_FAILURE = GatewayError(
    "AUTHORIZER_FAILURE", 500, "AuthorizerFailureException", b'{"message":null}', "authorizer", proven=False
)
BAD_REQUEST_BODY = GatewayError("BAD_REQUEST_BODY", 400, "BadRequestException", b'{"message": "Invalid request body"}')
BAD_REQUEST_PARAMETERS = GatewayError(
    "BAD_REQUEST_PARAMETERS", 400, "BadRequestException", b'{"message": "Missing required request parameters: [%s]"}'
)
EXPIRED_TOKEN = GatewayError(
    "EXPIRED_TOKEN",
    403,
    "ExpiredTokenException",
    b'{"message":"The security token included in the request is expired"}',
    "authorizer",
    proven=False,
)
INTEGRATION_FAILURE = GatewayError("INTEGRATION_FAILURE", 504, "InternalServerErrorException", _BROKEN, proven=False)
INTEGRATION_TIMEOUT = GatewayError(
    "INTEGRATION_TIMEOUT", 504, "InternalServerErrorException", b'{"message": "Endpoint request timed out"}'
)
INVALID_API_KEY = GatewayError("INVALID_API_KEY", 403, "ForbiddenException", b'{"message":"Forbidden"}')
INVALID_SIGNATURE = GatewayError(
    "INVALID_SIGNATURE",
    403,
    "InvalidSignatureException",
    b'{"message":"The request signature we calculated does not match the signature you provided."}',
    "authorizer",
    proven=False,
)
MISSING_AUTHENTICATION_TOKEN = GatewayError(
    "MISSING_AUTHENTICATION_TOKEN",
    403,
    "MissingAuthenticationTokenException",
    b'{"message":"Missing Authentication Token"}',
)
QUOTA_EXCEEDED = GatewayError("QUOTA_EXCEEDED", 429, "LimitExceededException", b'{"message":"Limit Exceeded"}')
REQUEST_TOO_LARGE = GatewayError(
    "REQUEST_TOO_LARGE",
    413,
    "RequestTooLargeException",
    b'{"message":"Request Too Long"}',
    proven=False,
    customisable=False,
)
RESOURCE_NOT_FOUND = GatewayError(
    "RESOURCE_NOT_FOUND", 404, "NotFoundException", b'{"message":"Not Found"}', proven=False
)
THROTTLED = GatewayError("THROTTLED", 429, "TooManyRequestsException", b'{"message":"Too Many Requests"}')
UNAUTHORIZED = GatewayError("UNAUTHORIZED", 401, "UnauthorizedException", b'{"message":"Unauthorized"}', "authorizer")
UNSUPPORTED_MEDIA_TYPE = GatewayError(
    "UNSUPPORTED_MEDIA_TYPE", 415, "BadRequestException", b'{"message":"Unsupported Media Type"}'
)
WAF_FILTERED = GatewayError("WAF_FILTERED", 403, "ForbiddenException", b'{"message":"Forbidden"}', "waf")
TYPES = (
    ACCESS_DENIED,
    API_CONFIGURATION_ERROR,
    AUTHORIZER_CONFIGURATION_ERROR,
    AUTHORIZER_FAILURE,
    BAD_REQUEST_BODY,
    BAD_REQUEST_PARAMETERS,
    EXPIRED_TOKEN,
    INTEGRATION_FAILURE,
    INTEGRATION_TIMEOUT,
    INVALID_API_KEY,
    INVALID_SIGNATURE,
    MISSING_AUTHENTICATION_TOKEN,
    QUOTA_EXCEEDED,
    REQUEST_TOO_LARGE,
    RESOURCE_NOT_FOUND,
    THROTTLED,
    UNAUTHORIZED,
    UNSUPPORTED_MEDIA_TYPE,
    WAF_FILTERED,
)
"""The types but for DEFAULT_4XX and DEFAULT_5XX, which stand for those that are not customised."""
MALFORMED = GatewayError("DEFAULT_5XX", 502, "InternalServerErrorException", _BROKEN)
"""A Lambda proxy integration that failed, or returned what is no proxy response: no type of its own."""
LAMBDA_REFUSED = GatewayError("DEFAULT_5XX", 500, "InternalServerErrorException", _BROKEN)
"""Lambda did not run the function: throttled."""
WRONG_ADDRESS = GatewayError("", 403, "ForbiddenException", b'{"message":"Forbidden"}', customisable=False)
"""No stage or mapping answers at that address: no API is selected, so no customisation either."""


def respond(
    error: GatewayError, customised: Mapping[str, GatewayResponse], call: Call, scope: RequestScope
) -> Response:
    """Return `error` as the API answers it. Raises `Undecided`."""
    custom = _settings(error, customised, call)
    kind = "application/json"
    status, body = error.status, error.body
    headers: Headers = ()
    if custom is not None:
        status = error.status if custom.status is None else declared_status(custom.status)
        headers = header_lines(_parameters(custom, error, customised, call), scope)
        kind, body = _rendered(custom, error)
    if not error.proven:
        named = error.error_type if call.assumptions.rest_error_types_known else "Exception"
    else:
        named = error.error_type
    own = (("Content-Type", kind), *ids(call), ("x-amzn-ErrorType", named))
    taken = {name.lower() for name, _ in headers}
    kept = tuple(pair for pair in own if pair[0].lower() not in taken)
    return Response(status, kept + headers, body, error.made_by)


def _settings(error: GatewayError, customised: Mapping[str, GatewayResponse], call: Call) -> GatewayResponse | None:
    if not error.customisable:
        return None
    return customised.get(error.type) or customised.get(error.default)


def _parameters(
    custom: GatewayResponse, error: GatewayError, customised: Mapping[str, GatewayResponse], call: Call
) -> Parameters:
    default = customised.get(error.default)
    if default is None or default is custom or call.assumptions.rest_specific_hides_default:
        return custom.parameters
    named = {name.lower() for name, _ in custom.parameters}
    return custom.parameters + tuple(pair for pair in default.parameters if pair[0].lower() not in named)


def _rendered(custom: GatewayResponse, error: GatewayError) -> tuple[str, bytes]:
    known = [(kind, text.value) for kind, text in custom.templates if isinstance(text, Known)]
    if not known:
        return "application/json", error.body
    kind, template = next((each for each in known if each[0] == "application/json"), known[0])
    return kind, on_the_wire_body(_VARIABLE.sub(lambda found: _variable(found[1], error), template))


_VARIABLE = re.compile(r"\$\{?((?:context|stageVariables|method)(?:\.[A-Za-z0-9_-]+)+)\}?")


def _variable(name: str, error: GatewayError) -> str:
    values = {
        "context.error.messageString": error.message,
        "context.error.message": error.message.strip('"'),
        "context.error.responseType": error.type,
    }
    return values.get(name, "")


def on_the_wire_body(text: str) -> bytes:
    """Return `text` as UTF-8."""
    return text.encode("utf-8", "replace")


def ids(call: Call) -> Headers:
    """Return the two lines by which a REST API is known."""
    request_id = call.circumstances.request_id
    return (("x-amzn-RequestId", request_id), ("x-amz-apigw-id", on_the_wire(request_id[:15] + "=")))
