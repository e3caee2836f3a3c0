"""Console texts of Chromium 156, and with it Chrome and Edge (measured)."""

from __future__ import annotations

from corsmith.browser.failure import OF_CORS_CHECK, Failure, Kind
from corsmith.browser.origin import is_loopback
from corsmith.browser.url import parse_url
from corsmith.browser.verdict import Verdict

PREFLIGHT = "Response to preflight request doesn't pass access control check: "
_VALID_VALUE = " Have the server send the header with a valid value."
_XHR_CREDENTIALS = (
    " The credentials mode of requests initiated by the XMLHttpRequest is controlled by the withCredentials attribute."
)
_BODIES = {
    Kind.MISSING_ALLOW_ORIGIN: "No 'Access-Control-Allow-Origin' header is present on the requested resource.",
    Kind.INVALID_ALLOW_ORIGIN: "The 'Access-Control-Allow-Origin' header contains the invalid value '{value}'.",
    Kind.ORIGIN_MISMATCH: (
        "The 'Access-Control-Allow-Origin' header has a value '{value}' that is not equal to the supplied origin."
    ),
    Kind.SEVERAL_ORIGINS: (
        "The 'Access-Control-Allow-Origin' header contains multiple values '{value}', but only one is allowed."
    ),
    Kind.WILDCARD_WITH_CREDENTIALS: (
        "The value of the 'Access-Control-Allow-Origin' header in the response must not be the wildcard '*' when the "
        "request's credentials mode is 'include'."
    ),
    Kind.INVALID_ALLOW_CREDENTIALS: (
        "The value of the 'Access-Control-Allow-Credentials' header in the response is '{value}' which must be 'true' "
        "when the request's credentials mode is 'include'."
    ),
    Kind.PREFLIGHT_STATUS: "It does not have HTTP ok status.",
    Kind.PREFLIGHT_REDIRECT: "Redirect is not allowed for a preflight request.",
    Kind.ALLOW_METHODS_SYNTAX: "Cannot parse Access-Control-Allow-Methods response header field in preflight response.",
    Kind.ALLOW_HEADERS_SYNTAX: "Cannot parse Access-Control-Allow-Headers response header field in preflight response.",
    Kind.METHOD_NOT_ALLOWED: "Method {value} is not allowed by Access-Control-Allow-Methods in preflight response.",
    Kind.HEADER_NOT_ALLOWED: (
        "Request header field {value} is not allowed by Access-Control-Allow-Headers in preflight response."
    ),
    # Chromium 156 has a place for the address here, and leaves it empty.
    Kind.REDIRECT_HAS_CREDENTIALS: (
        "Redirect location '' contains a username and password, which is disallowed for cross-origin requests."
    ),
    Kind.REDIRECT_CORS_SCHEME: (
        "Cross origin requests are only supported for protocol schemes: chrome, chrome-experimental-site-token-provider, "
        "chrome-extension, chrome-untrusted, data, http, https, isolated-app."
    ),
    Kind.LOCAL_NETWORK: "Permission was denied for this request to access the `{space}` address space.",
    Kind.INSECURE_LOCAL_NETWORK: (
        "The request client is not a secure context and the resource is in more-private address space `{space}`."
    ),
}
_WITH_VALID_VALUE = frozenset((Kind.INVALID_ALLOW_ORIGIN, Kind.ORIGIN_MISMATCH, Kind.SEVERAL_ORIGINS))
_OF_CREDENTIALS = frozenset((Kind.WILDCARD_WITH_CREDENTIALS, Kind.INVALID_ALLOW_CREDENTIALS))
_SAYING_PREFLIGHT = OF_CORS_CHECK | {Kind.PREFLIGHT_STATUS, Kind.PREFLIGHT_REDIRECT}


def chromium_text(verdict: Verdict, failure: Failure) -> str | None:
    """Return what Chromium prints about a block."""
    plain = _PLAIN.get(failure.kind)
    if plain is not None:
        return plain.format(url=verdict.url, page=verdict.page.origin, scheme=verdict.url.partition(":")[0])
    body = _BODIES.get(failure.kind)
    if body is None:
        name = failure.chromium
        return f"{verdict.asked.method} {verdict.url} {name}" if name.startswith("net::") else None
    by_fetch = verdict.asked.via == "fetch"
    tail = _VALID_VALUE if by_fetch and failure.kind in _WITH_VALID_VALUE else ""
    if not by_fetch and failure.kind in _OF_CREDENTIALS:
        tail = _XHR_CREDENTIALS
    prefix = PREFLIGHT if failure.at == "preflight" and failure.kind in _SAYING_PREFLIGHT else ""
    return (
        f"Access to {'fetch' if by_fetch else 'XMLHttpRequest'} at '{verdict.url}' {_redirected(verdict)}"
        f"from origin '{verdict.page.origin}' has been blocked by CORS policy: "
        f"{prefix}{body.format(value=shown(failure.parameter or ''), space=_space(verdict))}{tail}"
    )


_PLAIN = {
    Kind.MODE_SAME_ORIGIN: (
        'Fetch API cannot load {url}. Request mode is "same-origin" but the URL\'s origin is not same as the request origin '
        "{page}."
    ),
    Kind.MODE_NO_CORS_REDIRECT: (
        'Fetch API cannot load {url}. Request mode is "no-cors" but the redirect mode is not "follow".'
    ),
    Kind.SCHEME: 'Fetch API cannot load {url}. URL scheme "{scheme}" is not supported.',
    Kind.MIXED_CONTENT: (
        "Mixed Content: The page at '{page}/' was loaded over HTTPS, but requested an insecure resource '{url}'. "
        "This request has been blocked; the content must be served over HTTPS."
    ),
}


def shown(value: str) -> str:
    """Return a header value as Chromium prints it: every byte that is no printable ASCII as an escape."""
    return value if value.isascii() and value.isprintable() else "".join(map(_escaped, value))


def _escaped(char: str) -> str:
    return char if " " <= char <= "~" else f"\\u{ord(char):04X}"


def _redirected(verdict: Verdict) -> str:
    first = verdict.judged[0].request.url if verdict.judged else verdict.url
    return "" if first == verdict.url else f"(redirected from '{first}') "


def _space(verdict: Verdict) -> str:
    url = parse_url(verdict.url)
    return "loopback" if url is not None and is_loopback(url.host or "") else "local"
