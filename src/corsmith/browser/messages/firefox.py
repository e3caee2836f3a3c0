"""Console texts of Firefox ESR 153, in its typographic quotes (measured)."""

from __future__ import annotations

from corsmith.browser.failure import NETWORK_ERROR, Failure, Kind
from corsmith.browser.verdict import Verdict

BLOCKED = "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at "
REASONS = {
    "CORSMissingAllowOrigin2": "CORS header ‘Access-Control-Allow-Origin’ missing",
    "CORSAllowOriginNotMatchingOrigin": "CORS header ‘Access-Control-Allow-Origin’ does not match ‘{value}’",
    "CORSMultipleAllowOriginNotAllowed": "Multiple CORS header ‘Access-Control-Allow-Origin’ not allowed",
    "CORSNotSupportingCredentials": "Credential is not supported if the CORS header ‘Access-Control-Allow-Origin’ is ‘*’",
    "CORSMissingAllowCredentials": "expected ‘true’ in CORS header ‘Access-Control-Allow-Credentials’",
    "CORSPreflightDidNotSucceed3": "CORS preflight response did not succeed",
    "CORSExternalRedirectNotAllowed": "CORS request external redirect not allowed",
    "CORSMethodNotFound": "Did not find method in CORS header ‘Access-Control-Allow-Methods’",
    "CORSInvalidAllowMethod": "invalid token ‘{value}’ in CORS header ‘Access-Control-Allow-Methods’",
    "CORSInvalidAllowHeader": "invalid token ‘{value}’ in CORS header ‘Access-Control-Allow-Headers’",
    "CORSMissingAllowHeaderFromPreflight2": (
        "header ‘{value}’ is not allowed according to header ‘Access-Control-Allow-Headers’ from CORS preflight response"
    ),
    "CORSDidNotSucceed2": "CORS request did not succeed",
    "CORSRequestNotHttp": "CORS request not http",
}
_WITH_STATUS = frozenset(("CORSMissingAllowOrigin2", "CORSPreflightDidNotSucceed3", "CORSDidNotSucceed2"))
_OF_NEXT_URL = frozenset((Kind.REDIRECT_HAS_CREDENTIALS, Kind.BAD_PORT))
_PLAIN = {
    Kind.MODE_SAME_ORIGIN: "Security Error: Content at {page}/ may not load data from {url}.",
    Kind.MIXED_CONTENT: "Blocked loading mixed active content “{url}”",
    Kind.RESOURCE_POLICY: (
        "The resource at “{url}” was blocked due to its Cross-Origin-Resource-Policy header (or lack thereof). "
        "See https://developer.mozilla.org/docs/Web/HTTP/Cross-Origin_Resource_Policy_(CORP)#"
    ),
}
_PLAIN[Kind.RESOURCE_POLICY_SITE] = _PLAIN[Kind.RESOURCE_POLICY]


def firefox_text(verdict: Verdict, failure: Failure) -> str | None:
    """Return what Firefox prints first about a block; a generic second line often follows it."""
    name = firefox_error(verdict, failure)
    plain = _PLAIN.get(failure.kind) if name not in REASONS else None
    if plain is not None:
        return plain.format(url=verdict.url, page=verdict.page.origin)
    reason = REASONS.get(name)
    if reason is None:
        return None
    status = ""
    if name in _WITH_STATUS:
        known = failure.status if name != "CORSDidNotSucceed2" else None
        status = f" Status code: {'(null)' if known is None else known}."
    where = f"‘{verdict.url}’" if failure.kind is Kind.WILDCARD_WITH_CREDENTIALS else verdict.url
    return f"{BLOCKED}{where}. (Reason: {reason.format(value=shown(failure.parameter or ''))}).{status}"


def firefox_error(verdict: Verdict, failure: Failure) -> str:
    """Return Firefox's message id, or what the script is told where Firefox prints nothing about CORS (measured)."""
    name = failure.firefox
    redirected = bool(verdict.judged)
    if failure.kind is Kind.MIXED_CONTENT and redirected and verdict.tainting == "cors":
        name = Kind.NETWORK.firefox
    elif name == Kind.NETWORK.firefox and verdict.tainting != "cors":
        with_cors = verdict.asked.mode == "cors" or verdict.asked.via != "fetch"
        announced = redirected and with_cors and verdict.tainting == "basic" and failure.kind in _OF_NEXT_URL
        name = name if announced else NETWORK_ERROR
    return "js:xhr onerror" if name == NETWORK_ERROR and verdict.asked.via != "fetch" else name


def shown(value: str) -> str:
    """Return a header value as Firefox prints it: its bytes read as UTF-8, replaced where they are none."""
    return value.encode("latin-1", "replace").decode("utf-8", "replace")
