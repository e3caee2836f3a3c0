"""Which front door a URL belongs to, as far as its host says."""

from __future__ import annotations

import re

from corsmith.browser.url import parse_url

_EXECUTE_API = re.compile(r"[a-z0-9-]+\.execute-api\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?")
_HOSTS = (
    (re.compile(r"[a-z0-9-]+\.lambda-url\.[a-z0-9-]+\.on\.aws"), "function_url"),
    (re.compile(r".+\.elb\.(?:[a-z0-9-]+\.)?amazonaws\.com(?:\.cn)?"), "alb"),
    (re.compile(r"[a-z0-9-]+\.cloudfront\.net"), "cloudfront"),
)
_STAGE = re.compile(
    r"/(?:prod|production|dev|develop|development|stage|staging|test|testing|qa|uat|beta|live|v\d+|default)(?:/|$)",
    re.IGNORECASE,
)
UNKNOWN = "unknown"


def front_door(url: str | None, text: str) -> tuple[str, tuple[str, ...]]:
    """Return the front door's name and those it may be, the likeliest first.

    An `execute-api` host is a REST API's or an HTTP API's. A REST API's URL always has the stage in its path, an HTTP
    API's has one when the stage is not `$default`, so that the path ranks the two and decides nothing.
    """
    if "missing authentication token" in text.lower():
        # API Gateway's own answer of REST APIs to a path or method that is not there.
        return "rest_api", ("rest_api",)
    parsed = parse_url(url) if url is not None else None
    host = (parsed.host or "") if parsed is not None else ""
    for pattern, name in _HOSTS:
        if pattern.fullmatch(host):
            return name, (name,)
    if parsed is not None and _EXECUTE_API.fullmatch(host):
        staged = _STAGE.match(parsed.path) is not None
        return UNKNOWN, ("rest_api", "http_api") if staged else ("http_api", "rest_api")
    return UNKNOWN, ("rest_api", "http_api", "function_url", "alb", "cloudfront")
