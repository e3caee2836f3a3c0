"""Masking what must not be shown: tokens, cookies and keys, in headers and in URLs."""

from __future__ import annotations

import re
from functools import lru_cache

from corsmith.api.exchange import Headers, Request, Response

MASK = "***"
_HEADER = re.compile(
    r"(?:proxy-)?authorization|(?:set-)?cookie2?|.*(?:api-?key|token|secret|password|session|signature|credential).*",
    re.IGNORECASE,
)
_HARMLESS = re.compile(r"access-control-.*|x-amz-cf-.*|sec-.*", re.IGNORECASE)
_PARAMETER = re.compile(
    r"([?&](?:[^=&#]*(?:token|secret|password|signature|credential|api-?key|session|auth(?!or))[^=&#]*|sig|key|code|jwt)=)[^&#]*",
    re.IGNORECASE,
)
_USERINFO = re.compile(r"(?<=://)[^/@?#]*@")
_USERINFO_IN_TEXT = re.compile(r"(?<=://)[^/@?#\s]*@")
_WORD = re.compile(r"[^\s'\"<>“”]*[^\s'\"<>“”.,;:)]")
_SCHEME = re.compile(r"(Basic|Bearer|Digest|AWS4-HMAC-SHA256)\b", re.IGNORECASE)


def masked_url(url: str) -> str:
    """Return a URL without its userinfo, and without the values of parameters that look like secrets."""
    if not any(mark in url for mark in "?&@"):
        return url
    return _PARAMETER.sub(rf"\g<1>{MASK}", _USERINFO.sub("", url))


def masked_text(text: str) -> str:
    """Return a sentence, such as a console message, with the URLs in it as `masked_url` returns them."""
    if not any(mark in text for mark in "?&@"):
        return text
    return _WORD.sub(lambda word: masked_url(word[0]), _USERINFO_IN_TEXT.sub("", text))


def masked_headers(headers: Headers) -> Headers:
    """Return the fields with the values of those hidden that carry secrets. An authentication scheme stays."""
    if all(_kind(name) == "plain" for name, _ in headers):
        return headers
    return tuple((name, _masked(name, value)) for name, value in headers)


def masked_request(request: Request) -> Request:
    """Return what may be shown of a request. Its body may not."""
    return Request(request.method, masked_url(request.url), masked_headers(request.headers))


def masked_response(response: Response) -> Response:
    """Return what may be shown of a response. Its body may not."""
    return Response(response.status, masked_headers(response.headers), b"", response.made_by)


@lru_cache(maxsize=1024)
def _kind(name: str) -> str:
    """Return "url", "secret" or "plain": what the values of a header field are."""
    if name.lower() in ("location", "referer"):
        return "url"
    return "secret" if _HEADER.fullmatch(name) and not _HARMLESS.fullmatch(name) else "plain"


def _masked(name: str, value: str) -> str:
    kind = _kind(name)
    if kind == "url":
        return masked_url(value)
    if kind == "plain":
        return value
    scheme = _SCHEME.match(value)
    return f"{scheme[0]} {MASK}" if scheme else MASK
