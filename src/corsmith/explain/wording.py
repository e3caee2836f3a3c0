"""Wordings: a pattern, and the error that it means. Quotes are straight and white space is single where they are matched."""

from __future__ import annotations

import re

from msgspec import Struct


class Wording(Struct, frozen=True):
    """One sentence of a browser. Groups of the pattern fill the facts: origin, url, header, value, status, method."""

    browser: str
    error: str
    pattern: re.Pattern[str]
    header: str | None = None


_VALUE = r"'(?P<value>.*?)'"
_ORIGIN = "Access-Control-Allow-Origin"
_CREDENTIALS = "Access-Control-Allow-Credentials"
_METHODS = "Access-Control-Allow-Methods"
_HEADERS = "Access-Control-Allow-Headers"


def _chrome(error: str, pattern: str, header: str | None = None) -> Wording:
    return Wording("chrome", error, re.compile(pattern, re.IGNORECASE), header)


CHROME = (
    _chrome(
        "MissingAllowOriginHeader",
        r"No 'Access-Control-Allow-Origin' header is present on the requested resource",
        _ORIGIN,
    ),
    _chrome(
        "MultipleAllowOriginValues",
        rf"The 'Access-Control-Allow-Origin' header contains multiple values {_VALUE}, but only one is allowed",
        _ORIGIN,
    ),
    _chrome(
        "InvalidAllowOriginValue",
        rf"The 'Access-Control-Allow-Origin' header contains the invalid value {_VALUE}(?=\.(?: |$)| *$)",
        _ORIGIN,
    ),
    _chrome(
        "AllowOriginMismatch",
        rf"The 'Access-Control-Allow-Origin' header has a value {_VALUE} that is not equal to the supplied origin",
        _ORIGIN,
    ),
    _chrome(
        "WildcardOriginNotAllowed",
        r"The value of the 'Access-Control-Allow-Origin' header in the response must not be the wildcard '(?P<value>\*)' "
        r"when the request's credentials mode is 'include'",
        _ORIGIN,
    ),
    _chrome(
        "WildcardOriginNotAllowed",
        r"A wildcard '(?P<value>\*)' cannot be used in the 'Access-Control-Allow-Origin' header when the credentials flag is "
        r"true",
        _ORIGIN,
    ),
    _chrome(
        "InvalidAllowCredentials",
        rf"The value of the 'Access-Control-Allow-Credentials' header in the response is {_VALUE} which must be 'true' when "
        r"the request's credentials mode is 'include'",
        _CREDENTIALS,
    ),
    _chrome(
        "InvalidAllowCredentials",
        rf"Credentials flag is 'true', but the 'Access-Control-Allow-Credentials' header is {_VALUE}",
        _CREDENTIALS,
    ),
    _chrome("PreflightInvalidStatus", r"It does not have HTTP ok status"),
    _chrome(
        "PreflightInvalidStatus",
        r"Response for preflight (?:has invalid HTTP status code (?P<status>\d{3})|does not have HTTP ok status)",
    ),
    _chrome("PreflightDisallowedRedirect", r"Redirect is not allowed for a preflight request"),
    _chrome("PreflightDisallowedRedirect", r"Response for preflight is invalid \(redirect\)"),
    _chrome(
        "PreflightDisallowedRedirect",
        r"The request was redirected to '[^']*', which is disallowed for cross-origin requests that require preflight",
    ),
    _chrome(
        "InvalidAllowMethodsPreflightResponse",
        r"Cannot parse Access-Control-Allow-Methods response header field in preflight response",
        _METHODS,
    ),
    _chrome(
        "InvalidAllowHeadersPreflightResponse",
        r"Cannot parse Access-Control-Allow-Headers response header field in preflight response",
        _HEADERS,
    ),
    _chrome(
        "MethodDisallowedByPreflightResponse",
        r"Method (?P<method>\S+) is not allowed by Access-Control-Allow-Methods in preflight response",
        _METHODS,
    ),
    _chrome(
        "HeaderDisallowedByPreflightResponse",
        r"Request header field (?P<value>\S+) is not allowed by Access-Control-Allow-Headers in preflight response",
        _HEADERS,
    ),
    _chrome(
        "RedirectContainsCredentials",
        r"Redirect location '[^']*' contains a username and password, which is disallowed for cross-origin requests",
    ),
    _chrome(
        "DisallowedByMode",
        r"(?:Fetch API cannot load (?P<url>\S+?)\.? )?Request mode is \"same-origin\" but the URL's origin is not same as the "
        r"request origin (?P<origin>\S+?)(?=\.(?: |$)| |$)",
    ),
    _chrome("DisallowedByMode", r"Cross origin requests are not allowed by request mode"),
    _chrome("NoCorsRedirectModeNotFollow", r"Request mode is \"no-cors\" but the redirect mode is not \"follow\""),
    _chrome("CorsDisabledScheme", r"Cross origin requests are only supported for (?:protocol schemes|HTTP)"),
    _chrome(
        "CorsDisabledScheme", r"(?:Fetch API cannot load (?P<url>\S+?)\.? )?URL scheme \"[^\"]*\" is not supported"
    ),
    _chrome("InvalidResponse", r"The response is invalid(?=\.)"),
    _chrome(
        "LocalNetworkAccessPermissionDenied",
        r"Permission was denied for this request to access the ['`]?(?P<value>\w+)['`]? address space",
    ),
    _chrome(
        "InsecureLocalNetwork",
        r"The request client is not a secure context and the resource is in more-private address space ['`]?(?P<value>\w+)['`]?",
    ),
    _chrome(
        "InvalidLocalNetworkAccess",
        r"Request had a target IP address space of ['`]?\w+['`]? yet the resource is in address space ['`]?(?P<value>\w+)['`]?",
    ),
    _chrome(
        "PreflightMissingAllowPrivateNetwork",
        r"No 'Access-Control-Allow-Private-Network' header was present in the preflight response",
    ),
    _chrome(
        "PreflightInvalidAllowPrivateNetwork",
        rf"The 'Access-Control-Allow-Private-Network' header in the preflight response had a value of {_VALUE}",
    ),
)


def _firefox(error: str, pattern: str, header: str | None = None) -> Wording:
    return Wording("firefox", error, re.compile(pattern, re.IGNORECASE), header)


FIREFOX = (
    _firefox("MultipleAllowOriginValues", r"Multiple CORS header 'Access-Control-Allow-Origin' not allowed", _ORIGIN),
    _firefox(
        "AllowOriginMismatch", rf"CORS header 'Access-Control-Allow-Origin' does not match {_VALUE}(?=\)|$)", _ORIGIN
    ),
    _firefox("MissingAllowOriginHeader", r"CORS header 'Access-Control-Allow-Origin' missing", _ORIGIN),
    _firefox(
        "WildcardOriginNotAllowed",
        r"Credential is not supported if the CORS header 'Access-Control-Allow-Origin' is '(?P<value>\*)'",
        _ORIGIN,
    ),
    _firefox(
        "InvalidAllowCredentials", r"expected 'true' in CORS header 'Access-Control-Allow-Credentials'", _CREDENTIALS
    ),
    _firefox("PreflightInvalidStatus", r"CORS preflight (?:response|channel) did not succeed"),
    _firefox("PreflightDisallowedRedirect", r"CORS request external redirect not allowed"),
    _firefox(
        "MethodDisallowedByPreflightResponse",
        r"Did not find method in CORS header 'Access-Control-Allow-Methods'",
        _METHODS,
    ),
    _firefox(
        "InvalidAllowMethodsPreflightResponse",
        rf"invalid token {_VALUE} in CORS header 'Access-Control-Allow-Methods'",
        _METHODS,
    ),
    _firefox(
        "InvalidAllowHeadersPreflightResponse",
        rf"invalid token {_VALUE} in CORS header 'Access-Control-Allow-Headers'",
        _HEADERS,
    ),
    _firefox(
        "HeaderDisallowedByPreflightResponse",
        rf"header {_VALUE} is not allowed according to header 'Access-Control-Allow-Headers' from CORS preflight response",
        _HEADERS,
    ),
    _firefox(
        "HeaderDisallowedByPreflightResponse",
        rf"missing token {_VALUE} in CORS header 'Access-Control-Allow-Headers'",
        _HEADERS,
    ),
    _firefox(
        "MissingAllowOriginHeader",
        r"\bCORS\b[^.()]{0,20}['\"] ?Access-Control-Allow-Origin ?['\"][^.()]{0,30}"
        r"(?:manquant|fehlt|falta|mancante|ausente|ontbreekt|отсутствует|缺少)",
        _ORIGIN,
    ),
    _firefox("net::ERR_FAILED", r"CORS request did not succeed"),
    _firefox("CorsDisabledScheme", r"CORS request not http"),
    _firefox("net::ERR_FAILED", r"(?<=Reason: )CORS disabled"),
    _firefox("net::ERR_FAILED", r"CORS header 'Origin' cannot be added"),
    _firefox(
        "DisallowedByMode",
        r"Security Error: Content at (?P<origin>\S+) may not load (?:data|or link to) (?:from )?(?P<url>\S+?)(?=\.?(?: |$))",
    ),
)


def _safari(error: str, pattern: str, header: str | None = None) -> Wording:
    return Wording("safari", error, re.compile(pattern, re.IGNORECASE), header)


_TO_NEXT = r"(?P<value>.*?)(?= \[Error\]| Fetch API| XMLHttpRequest| \(|$)"

SAFARI = (
    _safari(
        "MissingAllowOriginHeader", r"Origin (?P<origin>\S+) is not allowed by Access-Control-Allow-Origin", _ORIGIN
    ),
    _safari("MultipleAllowOriginValues", r"Access-Control-Allow-Origin cannot contain more than one origin", _ORIGIN),
    _safari(
        "WildcardOriginNotAllowed",
        r"Cannot use wildcard in Access-Control-Allow-Origin when credentials flag is true",
        _ORIGIN,
    ),
    _safari(
        "InvalidAllowCredentials",
        r"Credentials flag is true, but Access-Control-Allow-Credentials is not \"true\"",
        _CREDENTIALS,
    ),
    _safari("PreflightInvalidStatus", r"Preflight response is not successful"),
    _safari(
        "InvalidAllowMethodsPreflightResponse",
        rf"Header Access-Control-Allow-Methods has an invalid value:? {_TO_NEXT}",
        _METHODS,
    ),
    _safari(
        "InvalidAllowHeadersPreflightResponse",
        rf"Header Access-Control-Allow-Headers has an invalid value:? {_TO_NEXT}",
        _HEADERS,
    ),
    _safari(
        "MethodDisallowedByPreflightResponse",
        r"Method (?P<method>\S+) is not allowed by Access-Control-Allow-Methods(?! in preflight)",
        _METHODS,
    ),
    _safari(
        "HeaderDisallowedByPreflightResponse",
        r"Request header field (?P<value>\S+) is not allowed by Access-Control-Allow-Headers(?! in preflight)",
        _HEADERS,
    ),
    _safari("RedirectContainsCredentials", r"redirection URL (?P<url>\S+) has credentials"),
    _safari("CorsDisabledScheme", r"not allowed to follow a cross-origin CORS redirection with non CORS scheme"),
    _safari("net::ERR_FAILED", r"Not allowed to follow a redirection while loading (?P<url>\S+)"),
    _safari("net::ERR_TOO_MANY_REDIRECTS", r"Load cannot follow more than 20 redirections"),
    _safari("PreflightInvalidStatus", r"CORS-preflight request was blocked"),
)
