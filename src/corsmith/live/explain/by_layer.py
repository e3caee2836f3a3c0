"""Causes that follow from which layer answered, and with which status, when its answer has no CORS headers to speak of.

Two tables, one for preflights and one for the call itself. The first row that fits counts. Status codes and texts:
see `corsmith.live.layers`. Rows whose confidence is medium name what else gives the same answer.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from corsmith.api.finding import Confidence

from .probe import wanted_method
from .stopped import Diagnosis, Stopped

HIGH, MEDIUM, LOW = Confidence.HIGH, Confidence.MEDIUM, Confidence.LOW

_UNDECIDED_BY_THEIR_LAYER = ("MissingAllowOriginHeader", "PreflightInvalidStatus")


class Row(Struct, frozen=True):
    """`front_door` and `made_by` None: any. `holds` looks at the rest. `text` is formatted with the facts."""

    front_door: str | None
    made_by: str | None
    holds: Callable[[Stopped], bool]
    rule: str
    confidence: Confidence
    text: str


def _status(*statuses: int) -> Callable[[Stopped], bool]:
    return lambda stopped: stopped.status in statuses


def _says(text: str) -> Callable[[Stopped], bool]:
    return lambda stopped: text in stopped.layer.why


def _ok(stopped: Stopped) -> bool:
    return 200 <= stopped.status < 300


def _failed(stopped: Stopped) -> bool:
    return stopped.status >= 400


def _probed(made_by: str, *, allows: bool, status: int | None = None) -> Callable[[Stopped], bool]:
    def holds(stopped: Stopped) -> bool:
        probe = stopped.probe
        if probe is None or status not in (None, probe.status):
            return False
        return (probe.layer.made_by, probe.allows) == (made_by, allows)

    return holds


def _headers_at_fault(stopped: Stopped) -> bool:
    probe = stopped.probe
    return probe is not None and probe.allows and probe.method == wanted_method(stopped.judged)


def _any(stopped: Stopped) -> bool:
    del stopped
    return True


PREFLIGHT = (
    Row(
        None, "waf", _any, "preflight-blocked-in-front", MEDIUM,
        "A firewall answers the preflight of {path} with {status}, before CORS is reached ({why}). Let OPTIONS pass there.",
    ),
    Row(
        None, None, _status(429), "preflight-blocked-in-front", HIGH,
        "{server} answers the preflight of {path} with 429: it is throttled. Raise the limit, and let browsers keep the "
        "preflight's answer with Access-Control-Max-Age.",
    ),
    # REST APIs
    Row(
        "rest_api", "gateway", _says("MissingAuthenticationToken"), "rest-no-options-method", MEDIUM,
        "API Gateway answers OPTIONS {path} with 403 Missing Authentication Token: this stage has no OPTIONS method there (or "
        "no such path, or an OPTIONS method that asks for IAM). Add an OPTIONS method without authorization that sends the "
        "CORS headers, and deploy the stage.",
    ),
    Row(
        "rest_api", "authorizer", _any, "rest-options-requires-auth", HIGH,
        "OPTIONS {path} is answered with {status} by an authorizer or policy ({why}), and a preflight never carries credentials. "
        "Set the authorization of OPTIONS to NONE, and deploy.",
    ),
    Row(
        "rest_api", "gateway", _says("ForbiddenException"), "rest-options-requires-api-key", MEDIUM,
        "API Gateway answers OPTIONS {path} with 403 Forbidden: the method asks for an API key, which a preflight never "
        "carries (or a WAF rule blocks it, or stage or domain are wrong). Do not require the key on OPTIONS, and deploy.",
    ),
    Row(
        "rest_api", "gateway", _status(500, 415), "rest-mock-options-broken", MEDIUM,
        "OPTIONS {path} fails inside API Gateway ({status}): its MOCK integration has no request template that yields an "
        "integer statusCode, no matching integration response, or takes the body as binary. Repair the mock, and deploy.",
    ),
    Row(
        "rest_api", "gateway", _failed, "preflight-needs-status-ok", MEDIUM,
        "OPTIONS {path} ends in {status}: what answers it behind API Gateway failed ({why}). Answer OPTIONS with 204 before "
        "anything else runs.",
    ),
    Row(
        "rest_api", "mock", _ok, "rest-options-missing-response-parameters", HIGH,
        "OPTIONS {path} is answered by a MOCK integration without Access-Control-Allow-Origin. Map the "
        "Access-Control-Allow-* headers in its integration response, and deploy.",
    ),
    # HTTP APIs
    Row(
        "http_api", "authorizer", _any, "httpapi-default-route-authorizer-catches-options", HIGH,
        "An authorizer answers OPTIONS {path} with {status}: a $default or ANY route with an authorizer takes the preflight, "
        "which never carries credentials. List the methods one by one, or add OPTIONS /{{proxy+}} without authorizer.",
    ),
    Row(
        "http_api", "gateway", _status(404), "httpapi-no-cors-config", HIGH,
        "The HTTP API answers OPTIONS {path} with 404: it has no CORS configuration, and no route takes OPTIONS there (or "
        "stage or path are wrong). Configure CORS on the API, with {origin} among the allowed origins.",
    ),
    Row(
        "http_api", "gateway", _ok, "origin-mismatch", MEDIUM,
        "The HTTP API has a CORS configuration, and {origin} is not among its allowed origins: the preflight comes back "
        "without CORS headers. Add {origin} exactly, without slash at the end; subdomain wildcards match nothing.",
    ),
    Row(
        "http_api", "handler", _ok, "httpapi-no-cors-config", MEDIUM,
        "OPTIONS {path} reaches the integration, which answers it without Access-Control-Allow-Origin. Configure CORS on the "
        "HTTP API with {origin}, or answer the preflight in the code.",
    ),
    # Function URLs
    Row(
        "function_url", "gateway", _says("no Function URL has this address"), "function-url-permission-missing", LOW,
        "No Function URL has this address: the preflight gets a bare 403. Take the address from the function's "
        "configuration.",
    ),
    Row(
        "function_url", "gateway", _status(403), "function-url-permission-missing", MEDIUM,
        "The Function URL refuses the preflight with 403 before the function runs: its policy lacks lambda:InvokeFunctionUrl or "
        "lambda:InvokeFunction (both are needed), or its AuthType is AWS_IAM. Grant both, or sign the requests.",
    ),
    Row(
        "function_url", "gateway", _headers_at_fault, "allow-headers-missing-header", HIGH,
        "The Function URL's Cors configuration allows {origin} and {method}, and not all that the page sends: without its "
        "headers the same preflight is answered with CORS headers. Add {headers} to AllowHeaders.",
    ),
    Row(
        "function_url", "gateway", _probed("gateway", allows=True), "allow-methods-missing", HIGH,
        "The Function URL's Cors configuration allows {origin}, and not {method}: for another method its preflight is answered "
        "with CORS headers. Add {method} to AllowMethods.",
    ),
    Row(
        "function_url", "gateway", _probed("gateway", allows=False), "origin-mismatch", HIGH,
        "The Function URL has a Cors configuration, and {origin} is not in it: preflights come back without CORS headers, "
        "whatever the method. Add {origin} exactly to AllowOrigins.",
    ),
    Row(
        "function_url", "gateway", _ok, "origin-mismatch", MEDIUM,
        "The Function URL has a Cors configuration that does not match this call: the preflight comes back without CORS "
        "headers. Add {origin} exactly to AllowOrigins, and check that {method} and the headers are allowed.",
    ),
    Row(
        "function_url", "handler", _any, "function-url-no-cors-config", HIGH,
        "The Function URL has no Cors configuration, so OPTIONS {path} reaches the function, which answers {status} and no "
        "fitting CORS headers. Configure Cors on the URL with {origin}, or answer the preflight in the code.",
    ),
    Row(
        "function_url", "gateway", _status(502), "function-url-no-cors-config", HIGH,
        "The Function URL has no Cors configuration, so OPTIONS {path} reaches the function, which fails ({why}). Configure "
        "Cors on the URL with {origin}, or answer OPTIONS before anything else runs.",
    ),
    # In front
    Row(
        "cloudfront", "cloudfront", _says("does not allow this method"), "cloudfront-options-not-allowed", HIGH,
        "CloudFront answers OPTIONS {path} with {status}: the cache behavior does not allow OPTIONS. Allow all seven methods.",
    ),
    Row(
        "cloudfront", "cloudfront", _failed, "cloudfront-options-not-allowed", MEDIUM,
        "CloudFront itself answers OPTIONS {path} with {status}. Allow OPTIONS in the cache behavior, and do not forward Host.",
    ),
    Row(
        "cloudfront", None, _ok, "cloudfront-drops-origin-header", LOW,
        "The preflight came through CloudFront, and the answer has no CORS headers. Forward Origin, "
        "Access-Control-Request-Method and Access-Control-Request-Headers, and answer them behind CloudFront.",
    ),
    Row(
        "alb", "alb", _failed, "alb-options-not-routed", HIGH,
        "The load balancer itself answers OPTIONS {path} with {status}: no rule sends OPTIONS to the function, or the target "
        "failed. Let the rule's methods include OPTIONS.",
    ),
    # Any
    Row(
        None, None, _status(401, 403), "preflight-blocked-in-front", LOW,
        "OPTIONS {path} is refused with {status}, and a preflight never carries credentials. Answer OPTIONS before anything "
        "that asks who is calling.",
    ),
    Row(
        None, None, _failed, "preflight-needs-status-ok", MEDIUM,
        "OPTIONS {path} is answered with {status}; a preflight needs a status from 200 to 299, and the CORS headers. Answer "
        "it with 204.",
    ),
    Row(
        None, None, _any, "handler-missing-headers", MEDIUM,
        "OPTIONS {path} is answered with {status} and without Access-Control-Allow-Origin. Send it: {origin}.",
    ),
)  # fmt: skip

REQUEST = (
    Row(
        "rest_api", "authorizer", _any, "rest-missing-gateway-responses", HIGH,
        "API Gateway refuses {method} {path} with {status} ({why}), and its own errors carry no CORS headers: the page sees a "
        "CORS error instead. Add the header to the gateway responses DEFAULT_4XX and DEFAULT_5XX, and deploy.",
    ),
    Row(
        "rest_api", "gateway", _any, "rest-missing-gateway-responses", HIGH,
        "API Gateway itself answers {method} {path} with {status} ({why}), and its own errors carry no CORS headers: the page "
        "sees a CORS error instead. Add the header to the gateway responses DEFAULT_4XX and DEFAULT_5XX, and deploy.",
    ),
    Row(
        "http_api", "authorizer", _any, "httpapi-no-cors-config", MEDIUM,
        "The HTTP API refuses {method} {path} with {status} and without CORS headers: it has no CORS configuration, or one "
        "without {origin}. Configure CORS with {origin}; then its errors carry the headers too.",
    ),
    Row(
        "http_api", "gateway", _any, "httpapi-no-cors-config", MEDIUM,
        "The HTTP API itself answers {method} {path} with {status} ({why}), without CORS headers: it has no CORS "
        "configuration, or one without {origin}. Configure CORS with {origin}.",
    ),
    Row(
        "http_api", "handler", _probed("gateway", allows=False, status=204), "origin-mismatch", HIGH,
        "The HTTP API has a CORS configuration (it answers preflights itself), and {origin} is not among its allowed origins: "
        "{method} {path} comes without CORS headers. Add {origin} exactly, without slash at the end.",
    ),
    Row(
        "http_api", "handler", _probed("gateway", allows=False, status=404), "httpapi-no-cors-config", HIGH,
        "The HTTP API has no CORS configuration (a preflight gets 404), and the function's answer to {method} {path} has no "
        "Access-Control-Allow-Origin. Configure CORS on the API with {origin}, or send the header in the code.",
    ),
    Row(
        "function_url", "handler", _probed("gateway", allows=False), "origin-mismatch", HIGH,
        "The Function URL has a Cors configuration (it answers preflights itself), and {origin} is not in it: {method} {path} "
        "comes without CORS headers. Add {origin} exactly to AllowOrigins.",
    ),
    Row(
        "function_url", "handler", _probed("handler", allows=False), "function-url-no-cors-config", HIGH,
        "The Function URL has no Cors configuration (preflights reach the function), and the function sends no "
        "Access-Control-Allow-Origin. Configure Cors on the URL with {origin}, or send the header in the code.",
    ),
    Row(
        "http_api", "handler", _any, "httpapi-no-cors-config", MEDIUM,
        "{method} {path} is answered with {status} and without Access-Control-Allow-Origin: the HTTP API has no CORS "
        "configuration, or one without {origin}, and the function's answer lets nobody read it. Configure CORS with "
        "{origin}.",
    ),
    Row(
        "function_url", "gateway", _says("no Function URL has this address"), "function-url-permission-missing", LOW,
        "No Function URL has this address: it answers a bare 403. Take the address from the function's configuration.",
    ),
    Row(
        "function_url", "gateway", _status(403), "function-url-permission-missing", MEDIUM,
        "The Function URL refuses the call with 403 before the function runs: its policy lacks lambda:InvokeFunctionUrl or "
        "lambda:InvokeFunction (both are needed), or its AuthType is AWS_IAM. Grant both, or sign the requests.",
    ),
    Row(
        None, "waf", _any, "handler-missing-headers-on-error", MEDIUM,
        "A firewall answers {method} {path} with {status} ({why}), without CORS headers. Give its block response the header, "
        "or let the call pass.",
    ),
    Row(
        "cloudfront", None, _ok, "cloudfront-drops-origin-header", LOW,
        "{method} {path} came through CloudFront without Access-Control-Allow-Origin: Origin is not forwarded to the server "
        "behind, or that server does not answer it. Forward Origin, and make it part of the cache key.",
    ),
    Row(
        "function_url", "gateway", _failed, "handler-missing-headers-on-error", MEDIUM,
        "The function failed, and the Function URL answers {status} without CORS headers ({why}). Catch errors in the "
        "handler and answer them with the same headers as a success.",
    ),
    Row(
        None, None, _failed, "handler-missing-headers-on-error", MEDIUM,
        "{method} {path} is answered with {status} and without Access-Control-Allow-Origin, so the page cannot see the error. "
        "Send the header on error responses too.",
    ),
    Row(
        None, None, _any, "handler-missing-headers", MEDIUM,
        "{method} {path} is answered with {status} and without Access-Control-Allow-Origin. Send it: {origin}.",
    ),
)  # fmt: skip


def by_layer(stopped: Stopped) -> Diagnosis | None:
    """Return the cause that the answering layer shows; None where the headers themselves are at fault."""
    if stopped.error not in _UNDECIDED_BY_THEIR_LAYER:
        return None
    rows = PREFLIGHT if stopped.at_preflight else REQUEST
    row = next(row for row in rows if _fits(row, stopped))
    facts = {
        "path": stopped.path,
        "status": stopped.status,
        "server": stopped.server,
        "why": stopped.layer.why,
        "origin": stopped.caller.origin,
        "method": stopped.caller.method,
        "headers": stopped.requested,
    }
    return Diagnosis(row.rule, row.text.format(**facts), row.confidence)


def _fits(row: Row, stopped: Stopped) -> bool:
    layer = stopped.layer
    return row.front_door in (None, layer.front_door) and row.made_by in (None, layer.made_by) and row.holds(stopped)
