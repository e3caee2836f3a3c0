"""Faults of how the code compares origins, and of what it lets pages read."""

from __future__ import annotations

from msgspec.structs import replace

from .fault import Fault, both, of_answers, with_header
from .faults_code import style
from .plan import (
    ALB,
    HTTP,
    REST,
    URL,
)

FAULTS = (
    Fault(
        "origin-header-case",
        "Origin alone is looked for",
        style(spelling="Origin"),
        (REST,),
        ("door", "code"),
        wants={"echo": "list"},
    ),
    Fault(
        "missing-vary-origin",
        "Vary is not said",
        style(vary=False),
        (REST, ALB),
        ("code",),
        wants={"echo": "list", "method": "GET", "sent": ("x-page",)},
        severity="info",
    ),
    Fault(
        "insecure-reflects-origin-with-credentials",
        "any origin",
        style(echo="any"),
        (REST, HTTP, URL, ALB),
        ("code",),
        wants={"echo": "list", "credentials": True},
    ),
    Fault(
        "insecure-suffix-origin-match",
        "a suffix",
        style(echo="suffix"),
        (REST, HTTP, URL, ALB),
        ("code",),
        wants={"echo": "list", "credentials": True, "origin": "https://example.org"},
    ),
    Fault(
        "insecure-regex-origin-bypass",
        "a pattern without ends",
        style(echo="regex"),
        (REST, HTTP, URL, ALB),
        ("code",),
        wants={"echo": "list", "credentials": True, "origin": "https://example.org"},
    ),
    Fault(
        "insecure-null-origin",
        "null is listed",
        lambda plan, dice: replace(plan, code=replace(plan.code, allowed=(plan.origin, "null"))),
        (REST, HTTP, URL),
        ("code",),
        wants={"echo": "list", "credentials": True},
    ),
    Fault(
        "insecure-http-origin-with-credentials",
        "http is listed",
        lambda plan, dice: replace(
            plan, code=replace(plan.code, allowed=("https://www.example.org", "http://www.example.org"))
        ),
        (REST, HTTP, URL),
        ("code",),
        wants={"echo": "list", "credentials": True, "origin": "https://www.example.org"},
    ),
    Fault(
        "expose-headers-missing",
        "a header that pages read",
        both(style(), of_answers(with_header("X-Request-Cost", "3"), "else")),
        (REST, HTTP, ALB),
        ("code",),
        severity="info",
        line=("X-Request-Cost",),
    ),
    Fault(
        "cookie-not-sent",
        "a cookie for its own site",
        both(style(), of_answers(with_header("Set-Cookie", "s=1; HttpOnly"), "else")),
        (REST, HTTP),
        ("code",),
        wants={"credentials": True},
        severity="info",
        line=("s=1",),
    ),
)
