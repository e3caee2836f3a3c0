"""Symptoms in words, for texts that hold no browser's message."""

from __future__ import annotations

import re

from msgspec import Struct


class Symptom(Struct, frozen=True):
    """What people write, and which error it amounts to. `name` selects the causes where the error does not."""

    name: str
    pattern: re.Pattern[str]
    error: str | None = None
    remark: str = ""


def _said(name: str, pattern: str, error: str | None = None, remark: str = "") -> Symptom:
    return Symptom(name, re.compile(pattern, re.IGNORECASE), error, remark)


_NEAR = r"[^.\n]{0,60}"
_TOOL = r"(?:postman|curl|insomnia|httpie|bruno|wget|the browser'?s address bar|server[- ]side)"
_WORKS = r"(?:works?|fine|ok|succeeds?)"
_FAILS = r"(?:fails?|blocked|broken|breaks?|does ?n[o']t work|not allowed)"
_STATUS = r"(?:[345]\d\d|[45]xx)"
_KEY = r"(?:authorization|bearer|x-api-key|api key)"
_CODE = r"(?:lambda|function|handler|code|api|request|server)"

SYMPTOMS = (
    _said(
        "preflight-status",
        rf"\b(?:OPTIONS|pre-?flight)\b{_NEAR}?\b(?P<status>{_STATUS})\b"
        rf"|\b(?P<status2>{_STATUS})\b{_NEAR}?\b(?:OPTIONS|pre-?flight)\b",
        "PreflightMissingAllowOriginHeader",
    ),
    _said("missing-token", r"missing authentication token", "PreflightMissingAllowOriginHeader"),
    _said(
        "only-errors",
        r"\bonly (?:the |for |on |when |with |in |its )*(?:[45]\d\d|[45]xx|errors?|exceptions?|failures?|time-?outs?)"
        rf"|\b(?:when|if|whenever) (?:the |my |an? )*{_CODE}? ?(?:throws|crashes|fails|errors|times? out)"
        rf"|\b(?:when|if|whenever) (?:the |my |an? )*{_CODE}? ?returns? (?:an? )?(?:error|[45]\d\d|[45]xx)",
        "MissingAllowOriginHeader",
    ),
    _said(
        "simple-works",
        rf"\b(?:GET|simple)\b{_NEAR}\b{_WORKS}\b{_NEAR}\b(?:POST|PUT|PATCH|DELETE|json)\b"
        rf"|\b(?:POST|PUT|PATCH|DELETE)\b{_NEAR}\b{_FAILS}\b{_NEAR}\bGET\b",
        "PreflightMissingAllowOriginHeader",
    ),
    _said(
        "authorization",
        rf"\b{_KEY}\b{_NEAR}\b(?:{_FAILS}|cors|pre-?flight)\b|\b(?:{_FAILS}|cors)\b{_NEAR}\b{_KEY}\b",
        "HeaderDisallowedByPreflightResponse",
    ),
    _said(
        "credentials",
        r"withCredentials|credentials:? ?['\"]?include|with (?:cookies|credentials)"
        rf"|\bcookies?\b{_NEAR}\b(?:not sent|missing|{_FAILS}|cors)\b",
        "WildcardOriginNotAllowed",
    ),
    _said(
        "other-tools-work",
        rf"\b{_WORKS}\b{_NEAR}\b{_TOOL}\b|\b{_TOOL}\b{_NEAR}\b{_WORKS}\b",
        "MissingAllowOriginHeader",
        "Other tools do not check CORS: that it works there says that the API answers, and nothing about its headers.",
    ),
    _said(
        "worked-locally",
        rf"\b{_WORKS} (?:on |with )?(?:local(?:ly|host)|my machine)"
        rf"|\b{_FAILS}\b{_NEAR}\b(?:deployed|in prod(?:uction)?|on aws)\b",
        "AllowOriginMismatch",
    ),
    _said("redirect", rf"\b(?:pre-?flight|OPTIONS|cors)\b{_NEAR}\bredirect", "PreflightDisallowedRedirect"),
    _said(
        "doubled",
        rf"\b(?:headers?|allow-origin)\b{_NEAR}\b(?:twice|doubled|duplicated?|two times|multiple)\b"
        rf"|\bduplicated? {_NEAR}headers?\b",
        "MultipleAllowOriginValues",
    ),
    _said(
        "script-only",
        r"TypeError: Failed to fetch|TypeError: Load failed|NetworkError when attempting to fetch resource|\bNetwork Error\b",
        None,
        "A script is never told why. The reason is a line of its own in the browser's console: paste that one.",
    ),
    _said(
        "access-control-checks",
        r"due to access control checks",
        "MissingAllowOriginHeader",
        "Safari prints the reason on a line before this one. Alone, it also appears for calls that the page itself cancelled.",
    ),
    _said(
        "cors",
        rf"\bCORS\b{_NEAR}\b(?:error|issue|problem|{_FAILS})|blocked by CORS",
        "MissingAllowOriginHeader",
    ),
)
"""In the order of precedence: the first that fits counts."""
