"""What leaves a Function URL.

Theory of operation: with Cors set, a preflight is answered before anything else is looked at. Otherwise the caller must
be allowed (two permissions since October 2025), the function runs, and the URL's CORS lines follow the function's own.
Header names of functions arrive in lower case.
"""

from __future__ import annotations

from collections.abc import Generator

from corsmith.api.exchange import Headers, Response
from corsmith.api.front_door import Authorizer
from corsmith.api.function_url import FunctionUrl, FunctionUrlCors
from corsmith.api.value import Known, Undecided

from .address import REGION, identifier
from .asks import (
    Answered,
    Ask,
    Authorize,
    Granted,
    Invoke,
    Payload,
    RawPayload,
    Streamed,
    Throttled,
    Told,
    Unread,
)
from .call import Call
from .events.http import authorized_2, function_url
from .identity import identity
from .payload_2_0 import Refuses, shape
from .shaped import Shaped, compact
from .streamed import collected, with_prelude
from .url_cors import added, preflight

_JSON = "application/json"
_LARGEST_BODY = 6_291_456
_LONGEST_MS = 900_000
_FORBIDDEN = (
    b'{"Message":"Forbidden. For troubleshooting Function URL authorization issues, see: '
    b'https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html"}'
)


def host(name: str) -> str:
    """Return the host of the Function URL called `name`."""
    return f"{identifier(name, 32)}.lambda-url.{REGION}.on.aws"


def answer(url: FunctionUrl, call: Call) -> Generator[Ask, Told, Answered]:
    """Return the response of `url`. Raises `Undecided`."""
    cors = url.cors.get()
    asks = cors is not None and call.is_preflight()
    if cors is not None and asks and (_open(url, call) or call.assumptions.url_preflight_before_auth):
        return _preflight(cors, call)
    granted = None
    if url.auth_type.get() == "AWS_IAM":
        granted = yield from _authorize(call)
        if granted is None:
            return _refused(cors, call)
    if call.circumstances.not_permitted or not (url.may_invoke_url.get() and url.may_invoke.get()):
        return _refused(cors, call)
    if cors is not None and asks:
        return _preflight(cors, call)
    if cors is not None and call.method == "OPTIONS" and not call.assumptions.url_bare_options_invokes:
        return call.answered(Response(200, _ids(call), b"", "gateway"))
    return (yield from _invoked(url, granted, cors, call))


def _open(url: FunctionUrl, call: Call) -> bool:
    """Say whether nothing could refuse the caller, so that the order of checks makes no difference."""
    settings = ((url.auth_type, "NONE"), (url.may_invoke_url, True), (url.may_invoke, True))
    certain = all(isinstance(setting, Known) and setting.value == open_ for setting, open_ in settings)
    return certain and not call.circumstances.not_permitted


def _preflight(cors: FunctionUrlCors, call: Call) -> Answered:
    headers = preflight(cors, call)
    if not headers and call.assumptions.url_preflight_mismatch == "forbidden":
        return _refused(None, call)
    return call.answered(Response(200, (("Content-Type", _JSON), *_ids(call), *headers), b"", "gateway"))


def _authorize(call: Call) -> Generator[Ask, Told, Granted | None]:
    signature = identity(_IAM, call)
    if signature is None:
        return None
    told = yield Authorize(_IAM, None, signature)
    return told if isinstance(told, Granted) else None


_IAM = Authorizer("AWS_IAM", "iam")


def _refused(cors: FunctionUrlCors | None, call: Call) -> Answered:
    headers: Headers = (("Content-Type", _JSON), *_ids(call), ("x-amzn-ErrorType", "AccessDeniedException"))
    lines = () if cors is None else added(cors, call)
    if lines and call.assumptions.url_refusals_carry_cors:
        headers += lines
    return call.answered(Response(403, headers, _FORBIDDEN, "gateway"))


def _own(status: int, cors: FunctionUrlCors | None, call: Call) -> Answered:
    """Answer with an error of the front end's own."""
    kind, body = _OWN[status]
    headers: Headers = (("Content-Type", kind), *_ids(call))
    lines = () if cors is None else added(cors, call)
    if lines and call.assumptions.url_errors_carry_cors:
        headers += lines
    return call.answered(Response(status, headers, body, "gateway"))


_OWN = {
    400: (_JSON, b'{"message":"Bad Request"}'),
    413: (_JSON, b'{"Message":"Request must be smaller than 6291456 bytes for the InvokeFunction operation"}'),
    429: (
        _JSON,
        b'{"Reason":"ReservedFunctionConcurrentInvocationLimitExceeded","Type":"User","message":"Rate Exceeded."}',
    ),
    502: ("text/plain", b"Internal Server Error"),
}


def _invoked(
    url: FunctionUrl, granted: Granted | None, cors: FunctionUrlCors | None, call: Call
) -> Generator[Ask, Told, Answered]:
    if "|" in call.query:
        return _own(400, cors, call)
    if call.circumstances.throttled:
        return _own(429, cors, call)
    if len(call.request.body or b"") > _LARGEST_BODY:
        return _own(413, cors, call)
    event = function_url(url.name, host(url.name), call)
    if granted is not None:
        # The signature is consumed on the way.
        event["headers"].pop("authorization", None)
        event = authorized_2(event, "iam", granted)
    streams = url.invoke_mode.get() == "RESPONSE_STREAM"
    told = yield Invoke(url.function.get(), event, _LONGEST_MS, streams)
    if isinstance(told, Unread):
        raise Undecided(told.why)
    if isinstance(told, Throttled):
        return _own(429, cors, call)
    shaped = _streamed(told, call) if streams else _buffered(collected(told), call)
    if shaped is None:
        return _own(502, cors, call)
    return _with_cors(Response(shaped.status, _ids(call) + shaped.headers, shaped.body, "handler"), cors, call)


def _buffered(told: Told, call: Call) -> Shaped | None:
    if isinstance(told, Payload):
        return _shape(told.value, call)
    return None


def _streamed(told: Told, call: Call) -> Shaped | None:
    """Read what came under RESPONSE_STREAM: only a prelude sets status and headers, a returned object is a body."""
    if isinstance(told, Payload):
        return Shaped(200, (("content-type", _JSON),), compact(told.value))
    if isinstance(told, RawPayload):
        return Shaped(200, (("content-type", told.content_type),), told.body)
    if not isinstance(told, Streamed):
        return None
    if told.failed and told.prelude is None and not told.body and call.assumptions.url_failed_stream_is_error:
        return None
    if told.prelude is None:
        return Shaped(200, (("content-type", told.content_type),), told.body)
    return with_prelude(told, _refuses(call))


def _shape(value: object, call: Call) -> Shaped | None:
    return shape(value, _JSON, _refuses(call))


def _refuses(call: Call) -> Refuses:
    return lambda: call.assumptions.url_header_values == "refused"


def _with_cors(response: Response, cors: FunctionUrlCors | None, call: Call) -> Answered:
    lines = () if cors is None else added(cors, call)
    if not lines:
        return call.answered(response)
    headers, lines = _vary_merged(response.headers, lines, call)
    return call.answered(Response(response.status, headers + lines, response.body, response.made_by))


def _vary_merged(headers: Headers, lines: Headers, call: Call) -> tuple[Headers, Headers]:
    if not any(name == "vary" for name, _ in headers) or not call.assumptions.url_merges_vary:
        return headers, lines
    merged = tuple((name, f"{value}, Origin" if name == "vary" else value) for name, value in headers)
    return merged, tuple(pair for pair in lines if pair[0] != "Vary")


def _ids(call: Call) -> Headers:
    return (("x-amzn-RequestId", call.circumstances.request_id),)
