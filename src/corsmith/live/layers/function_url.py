"""Marks of Lambda Function URLs.

The host is `….lambda-url.REGION.on.aws`. A name of one's own needs CloudFront in front; then `x-amzn-requestid` remains,
without API Gateway's identifiers, as it does on this machine's local gateways. Texts as recorded against AWS by
localstack/localstack's validated tests.
"""

from __future__ import annotations

import re

from corsmith.browser.origin import is_loopback

from .clues import HIGH, MEDIUM, Clues, Mark
from .edge import behind_cloudfront

FRONT_DOOR = "function_url"
_HOST = re.compile(r"[a-z0-9]+\.lambda-url\.[a-z0-9-]+\.on\.aws(\.cn)?")


def has_url_host(clues: Clues) -> bool:
    """Whether the host is a Function URL's own."""
    return _HOST.fullmatch(clues.host) is not None


def is_function_url(clues: Clues) -> bool:
    """Whether a Function URL answered or passed the answer on."""
    if has_url_host(clues):
        return True
    if clues.has("x-amz-apigw-id") or clues.has("apigw-requestid"):
        return False
    if not clues.has("x-amzn-requestid"):
        return False
    return clues.has("x-amzn-trace-id") or _refused(clues) or behind_cloudfront(clues) or is_loopback(clues.host)


def _refused(clues: Clues) -> bool:
    """The front end's refusal, whose `Message` has a capital letter."""
    return clues.error_type == "AccessDeniedException" and clues.text.startswith('{"Message":')


MARKS = (
    Mark(
        lambda c: _refused(c) and c.message == "null",
        "gateway",
        HIGH,
        '{"Message":null}: no Function URL has this address',
    ),
    Mark(
        _refused,
        "gateway",
        HIGH,
        "AccessDeniedException: the URL asks for IAM, or the function's policy lacks a permission for it",
    ),
    Mark(
        lambda c: c.error_type == "InvalidSignatureException",
        "gateway",
        HIGH,
        "InvalidSignatureException: the request is signed, and wrongly",
    ),
    Mark(
        lambda c: c.error_type == "TooManyRequestsException" or (c.status == 429 and c.has("x-amzn-errortype")),
        "gateway",
        HIGH,
        "the function is throttled",
    ),
    Mark(
        lambda c: c.status == 502 and c.text in ("Internal Server Error", ""),
        "gateway",
        HIGH,
        "502 Internal Server Error as plain text: the function failed, timed out or returned something malformed",
    ),
    Mark(lambda c: c.has("x-amzn-errortype"), "gateway", HIGH, "x-amzn-errortype: the URL's front end made this error"),
    Mark(
        lambda c: c.preflight and c.status == 200 and not c.text and c.get("content-length") == "0",
        "gateway",
        MEDIUM,
        "an empty 200 to a preflight: the URL's Cors configuration answered",
    ),
    Mark(lambda _: True, "handler", MEDIUM, "a Function URL, and none of its front end's own answers"),
)
