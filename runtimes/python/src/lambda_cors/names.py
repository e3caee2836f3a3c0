"""Methods and header names, with what the Fetch Standard says of them."""

from lambda_cors.policy import Problem
from lambda_cors.responses import is_token

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

NORMALIZED_METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT")
FORBIDDEN_METHODS = ("CONNECT", "TRACE", "TRACK")
# A name with a blank on either side is in the list, or it is not.
FORBIDDEN_REQUEST_HEADERS = (
    " accept-charset accept-encoding connection content-length cookie cookie2 date dnt expect host keep-alive origin"
    " referer set-cookie te trailer transfer-encoding upgrade via "
)
FORBIDDEN_RESPONSE_HEADERS = " set-cookie set-cookie2 "
SAFELISTED_RESPONSE_HEADERS = (
    " cache-control content-language content-length content-type expires last-modified pragma "
)


def check_methods(methods: tuple[str, ...]) -> "Iterator[Problem]":
    """What is wrong with methods. Their case is kept, as browsers keep it."""
    for method in methods:
        capitals = str(method).upper()
        if not is_token(method):
            yield _no_token("method", "methods", method)
        elif capitals in FORBIDDEN_METHODS:
            yield Problem("method-forbidden", "methods", method, "is a method no page can send", "remove it")
        elif capitals == "ANY":
            yield Problem("method-any", "methods", method, "is API Gateway's word, not a method", "write '*'")
        elif method != capitals and capitals in (*NORMALIZED_METHODS, "PATCH") and capitals not in methods:
            yield Problem(
                "method-case", "methods", method, f"is not what a page sends for {capitals}", f"write {capitals!r}"
            )


def check_headers(field: str, names: tuple[str, ...]) -> "Iterator[Problem]":
    """What is wrong with the names in request_headers or response_headers."""
    kind = field[:-1].replace("_", "-")
    forbidden, prefixes = FORBIDDEN_RESPONSE_HEADERS, ("access-control-",)
    if field == "request_headers":
        forbidden, prefixes = FORBIDDEN_REQUEST_HEADERS, ("access-control-", "proxy-", "sec-")  # type: ignore[assignment]
    for name in names:
        lower = str(name).lower()
        if not is_token(name):
            yield _no_token(kind, field, name)
        elif f" {lower} " in forbidden or lower.startswith(prefixes):
            yield Problem(f"{kind}-forbidden", field, name, "is the browser's, not the page's", "remove it")
        elif field == "response_headers" and f" {lower} " in SAFELISTED_RESPONSE_HEADERS:
            yield Problem(f"{kind}-safelisted", field, name, "can be read without being listed", "remove it")


def _no_token(kind: str, field: str, value: object) -> Problem:
    parts = value.replace(",", " ").split() if isinstance(value, str) else []
    fix = f"write {', '.join(map(repr, parts))}" if parts and parts != [value] else "remove it"
    if len(parts) > 1:
        return Problem(f"{kind}-list", field, value, "holds several in one string", fix)
    return Problem(f"{kind}-malformed", field, value, "is not a token", fix)
