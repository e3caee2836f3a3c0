"""Console texts of Safari, as WebKit's source has them (read, not run)."""

from __future__ import annotations

from corsmith.browser.failure import Failure, Kind
from corsmith.browser.verdict import Verdict

_NOT_ALLOWED = "Origin {origin} is not allowed by Access-Control-Allow-Origin.{status}"
_REASONS = {
    Kind.MISSING_ALLOW_ORIGIN: _NOT_ALLOWED,
    Kind.INVALID_ALLOW_ORIGIN: _NOT_ALLOWED,
    Kind.ORIGIN_MISMATCH: _NOT_ALLOWED,
    Kind.SEVERAL_ORIGINS: "Access-Control-Allow-Origin cannot contain more than one origin.",
    Kind.WILDCARD_WITH_CREDENTIALS: "Cannot use wildcard in Access-Control-Allow-Origin when credentials flag is true.",
    Kind.INVALID_ALLOW_CREDENTIALS: 'Credentials flag is true, but Access-Control-Allow-Credentials is not "true".',
    Kind.PREFLIGHT_STATUS: "Preflight response is not successful.{status}",
    Kind.ALLOW_METHODS_SYNTAX: "Header Access-Control-Allow-Methods has an invalid value: {value}",
    Kind.ALLOW_HEADERS_SYNTAX: "Header Access-Control-Allow-Headers has an invalid value: {value}",
    Kind.METHOD_NOT_ALLOWED: "Method {value} is not allowed by Access-Control-Allow-Methods.",
    Kind.HEADER_NOT_ALLOWED: "Request header field {value} is not allowed by Access-Control-Allow-Headers.",
    Kind.REDIRECT_HAS_CREDENTIALS: "redirection URL {url} has credentials",
    Kind.REDIRECT_SCHEME: "not allowed to follow a cross-origin CORS redirection with non CORS scheme",
    Kind.REDIRECT_MODE: "Not allowed to follow a redirection while loading {url}",
    Kind.TOO_MANY_REDIRECTS: "Load cannot follow more than 20 redirections",
}


def safari_text(verdict: Verdict, failure: Failure) -> str | None:
    """Return what Safari prints about a block: the reason where it has one, and the line that names the URL."""
    cannot = "Fetch API" if verdict.asked.via == "fetch" else "XMLHttpRequest"
    last = f"{cannot} cannot load {verdict.url} due to access control checks."
    reason = _REASONS.get(failure.kind)
    if reason is None:
        return None if failure.kind is Kind.THROWS else last
    status = f" Status code: {failure.status}" if failure.status is not None else ""
    origin = verdict.judged[-1].origin
    value = failure.parameter or ""
    if failure.kind is Kind.HEADER_NOT_ALLOWED:
        # WebKit names the header in the case that the script wrote.
        value = next((name for name, _ in verdict.asked.headers if name.lower() == value), value)
    return f"{reason.format(origin=origin, status=status, value=value, url=verdict.url)}\n{last}"
