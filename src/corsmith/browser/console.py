"""What the browsers print on their consoles, word for word (Chromium 156 and Firefox 153 measured; WebKit from source)."""

from __future__ import annotations

from .failure import ORIGIN_KINDS, Failure, Kind
from .verdict import Verdict

_VALID_VALUE = " Have the server send the header with a valid value."
_XHR_CREDENTIALS = (
    " The credentials mode of requests initiated by the XMLHttpRequest is controlled by the withCredentials attribute."
)
_PREFLIGHT = "Response to preflight request doesn't pass access control check: "
_ORIGIN = "Access-Control-Allow-Origin"
_FIREFOX = "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at "


def console(verdict: Verdict) -> str | None:
    """Return the line that the verdict's browser prints, None where it prints nothing about CORS."""
    failure = verdict.failure
    if failure is None:
        return None
    url = verdict.judged[-1].request.url if verdict.judged else verdict.url
    if verdict.vocabulary == "firefox":
        return _firefox(failure, url, verdict)
    if verdict.vocabulary == "webkit":
        return _webkit(failure, verdict)
    return _chromium(failure, url, verdict)


def _chromium(failure: Failure, url: str, verdict: Verdict) -> str | None:
    if failure.kind is Kind.MODE_SAME_ORIGIN:
        return (
            f'Fetch API cannot load {url}. Request mode is "same-origin" but the URL\'s origin is not same as the request '
            f"origin {verdict.page}."
        )
    if failure.kind is Kind.SCHEME:
        return f'Fetch API cannot load {url}. URL scheme "{failure.parameter or ""}" is not supported.'
    if failure.kind is Kind.MIXED_CONTENT:
        return (
            f"Mixed Content: The page at '{verdict.page}/' was loaded over HTTPS, but requested an insecure resource '{url}'. "
            "This request has been blocked; the content must be served over HTTPS."
        )
    body = _chromium_body(failure, fetched=verdict.initiator == "fetch")
    if body is None:
        return None
    redirected = f"(redirected from '{verdict.url}') " if url != verdict.url else ""
    return (
        f"Access to {verdict.initiator} at '{url}' {redirected}from origin '{verdict.page}' has been blocked by CORS policy: "
        f"{_PREFLIGHT if _says_preflight(failure) else ''}{body}"
    )


def _says_preflight(failure: Failure) -> bool:
    return failure.preflight and (
        failure.kind in ORIGIN_KINDS or failure.kind in (Kind.PREFLIGHT_STATUS, Kind.PREFLIGHT_REDIRECT)
    )


def _escaped(text: str) -> str:
    """Return `text` as Chromium writes it: what is not printable ASCII as an escape."""
    return "".join(char if " " <= char <= "~" else f"\\u{ord(char):04X}" for char in text)


def _decoded(text: str) -> str:
    """Return `text` as Firefox writes it: its bytes read as UTF-8."""
    return text.encode("latin-1", "replace").decode("utf-8", "replace")


def _chromium_body(failure: Failure, *, fetched: bool) -> str | None:
    value, tail = _escaped(failure.parameter or ""), _VALID_VALUE if fetched else ""
    credentials = "" if fetched else _XHR_CREDENTIALS
    bodies = {
        Kind.MISSING_ALLOW_ORIGIN: f"No '{_ORIGIN}' header is present on the requested resource.",
        Kind.INVALID_ALLOW_ORIGIN: f"The '{_ORIGIN}' header contains the invalid value '{value}'.{tail}",
        Kind.ORIGIN_MISMATCH: f"The '{_ORIGIN}' header has a value '{value}' that is not equal to the supplied origin.{tail}",
        Kind.MULTIPLE_ORIGINS: f"The '{_ORIGIN}' header contains multiple values '{value}', but only one is allowed.{tail}",
        Kind.WILDCARD_WITH_CREDENTIALS: (
            f"The value of the '{_ORIGIN}' header in the response must not be the wildcard '*' when the request's credentials "
            f"mode is 'include'.{credentials}"
        ),
        Kind.INVALID_ALLOW_CREDENTIALS: (
            f"The value of the 'Access-Control-Allow-Credentials' header in the response is '{value}' which must be 'true' "
            f"when the request's credentials mode is 'include'.{credentials}"
        ),
        Kind.PREFLIGHT_STATUS: "It does not have HTTP ok status.",
        Kind.PREFLIGHT_REDIRECT: "Redirect is not allowed for a preflight request.",
        Kind.ALLOW_METHODS_SYNTAX: "Cannot parse Access-Control-Allow-Methods response header field in preflight response.",
        Kind.ALLOW_HEADERS_SYNTAX: "Cannot parse Access-Control-Allow-Headers response header field in preflight response.",
        Kind.METHOD_NOT_ALLOWED: f"Method {value} is not allowed by Access-Control-Allow-Methods in preflight response.",
        Kind.HEADER_NOT_ALLOWED: (
            f"Request header field {value} is not allowed by Access-Control-Allow-Headers in preflight response."
        ),
        # Chromium 156 prints no address here.
        Kind.REDIRECT_HAS_CREDENTIALS: (
            "Redirect location '' contains a username and password, which is disallowed for cross-origin requests."
        ),
    }
    bodies[Kind.ORIGIN_LIST] = bodies[Kind.MULTIPLE_ORIGINS]
    return bodies.get(failure.kind)


def _firefox(failure: Failure, url: str, verdict: Verdict) -> str | None:
    if failure.kind is Kind.MODE_SAME_ORIGIN:
        return f"Security Error: Content at {verdict.page}/ may not load data from {url}."
    if failure.kind is Kind.MIXED_CONTENT:
        return f"Blocked loading mixed active content “{url}”"
    value = _decoded(failure.parameter or "")
    reasons = {
        "CORSMissingAllowOrigin2": f"CORS header ‘{_ORIGIN}’ missing",
        "CORSAllowOriginNotMatchingOrigin": f"CORS header ‘{_ORIGIN}’ does not match ‘{value}’",
        "CORSMultipleAllowOriginNotAllowed": f"Multiple CORS header ‘{_ORIGIN}’ not allowed",
        "CORSNotSupportingCredentials": f"Credential is not supported if the CORS header ‘{_ORIGIN}’ is ‘*’",
        "CORSMissingAllowCredentials": "expected ‘true’ in CORS header ‘Access-Control-Allow-Credentials’",
        "CORSPreflightDidNotSucceed3": "CORS preflight response did not succeed",
        "CORSExternalRedirectNotAllowed": "CORS request external redirect not allowed",
        "CORSMethodNotFound": "Did not find method in CORS header ‘Access-Control-Allow-Methods’",
        "CORSInvalidAllowMethod": f"invalid token ‘{value}’ in CORS header ‘Access-Control-Allow-Methods’",
        "CORSInvalidAllowHeader": f"invalid token ‘{value}’ in CORS header ‘Access-Control-Allow-Headers’",
        "CORSMissingAllowHeaderFromPreflight2": (
            f"header ‘{value}’ is not allowed according to header ‘Access-Control-Allow-Headers’ from CORS preflight response"
        ),
        "CORSDidNotSucceed2": "CORS request did not succeed",
        "CORSRequestNotHttp": "CORS request not http",
    }
    reason = reasons.get(failure.firefox)
    if reason is None:
        return None
    status = ""
    if failure.firefox[-1] in "23" and failure.kind is not Kind.HEADER_NOT_ALLOWED:
        status = f" Status code: {'(null)' if failure.status is None else failure.status}."
    where = f"‘{url}’" if failure.kind is Kind.WILDCARD_WITH_CREDENTIALS else url
    return f"{_FIREFOX}{where}. (Reason: {reason}).{status}"


def _webkit(failure: Failure, verdict: Verdict) -> str | None:
    value = failure.parameter or ""
    status = f" Status code: {failure.status}" if failure.status is not None else ""
    origin = verdict.judged[-1].origin if verdict.judged else verdict.page
    not_allowed = f"Origin {origin} is not allowed by {_ORIGIN}.{status}"
    several = f"{_ORIGIN} cannot contain more than one origin."
    return {
        Kind.MISSING_ALLOW_ORIGIN: not_allowed,
        Kind.INVALID_ALLOW_ORIGIN: not_allowed,
        Kind.ORIGIN_MISMATCH: not_allowed,
        Kind.MULTIPLE_ORIGINS: several,
        Kind.ORIGIN_LIST: several if "," in value else not_allowed,
        Kind.WILDCARD_WITH_CREDENTIALS: f"Cannot use wildcard in {_ORIGIN} when credentials flag is true.",
        Kind.INVALID_ALLOW_CREDENTIALS: 'Credentials flag is true, but Access-Control-Allow-Credentials is not "true".',
        Kind.PREFLIGHT_STATUS: f"Preflight response is not successful.{status}",
        Kind.PREFLIGHT_REDIRECT: f"Preflight response is not successful.{status}",
        Kind.ALLOW_METHODS_SYNTAX: f"Header Access-Control-Allow-Methods has an invalid value: {value}",
        Kind.ALLOW_HEADERS_SYNTAX: f"Header Access-Control-Allow-Headers has an invalid value: {value}",
        Kind.METHOD_NOT_ALLOWED: f"Method {value} is not allowed by Access-Control-Allow-Methods.",
        Kind.HEADER_NOT_ALLOWED: f"Request header field {value} is not allowed by Access-Control-Allow-Headers.",
    }.get(failure.kind)
