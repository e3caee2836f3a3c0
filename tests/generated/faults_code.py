"""Faults of the code: headers that lack, or say something else."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from .fault import Fault, Plant, both, header, of_answers, setting, with_header
from .plan import (
    ALB,
    CREDENTIALS,
    HEADERS,
    HTTP,
    METHODS,
    ORIGIN,
    REST,
    URL,
    Answer,
    Plan,
    Written,
)

_CODED = {"owners": ("code",), "line": ("Access-Control-Allow-", "{origin}", "CORS_HEADERS", "corsHeaders")}
REST_DOOR: dict[str, Any] = {"doors": (REST,), "owners": ("door",)}
BARE_5XX = setting(gateway_responses=())
"""Where gateway responses have the headers, the page reads a 502 as what it is."""
ANSWER = ("return", "statusCode", "respond(")


def style(style: str = "literal", **more: Any) -> Plant:
    return lambda plan, dice: replace(plan, code=replace(plan.code, style=style, **more))


def whole(python: str, javascript: str) -> Any:
    return lambda plan, answer: replace(answer, whole=Written(python, javascript))


def answered(status: int) -> Any:
    return lambda plan, answer: replace(answer, status=status)


def bare(plan: Plan, answer: Answer) -> Answer:
    return replace(
        answer, headers=tuple(pair for pair in answer.headers or () if "Access-Control" not in pair[0]) or None
    )


def pair(name: str) -> str:
    return f'{{"{ORIGIN}": "https://{name}"}}'


MISSING = (
    Fault("handler-missing-headers", "no header", both(style(), of_answers(bare, "else")), line=ANSWER, **REST_DOOR),
    Fault(
        "handler-missing-headers",
        "the preflight alone has them",
        both(style(), of_answers(bare, "else")),
        (REST, HTTP, URL, ALB),
        ("code",),
        line=ANSWER,
    ),
    Fault(
        "handler-missing-headers-on-error",
        "a 400 that the code builds",
        both(style(), of_answers(bare, "bad")),
        (REST, HTTP, URL, ALB),
        ("code",),
        wants={"method": "PUT"},
        line=ANSWER,
        beside=((REST, "door"),),
    ),
    *(
        Fault(
            "preflight-needs-status-ok",
            f"OPTIONS is answered {status}",
            of_answers(answered(status), "options"),
            (REST, HTTP, URL, ALB),
            ("code",),
        )
        for status in (404, 405, 401)
    ),
    Fault(
        "preflight-redirected",
        "OPTIONS is answered 301",
        both(style(), of_answers(answered(301), "options"), of_answers(with_header("Location", "/orders/"), "options")),
        (REST, HTTP, URL, ALB),
        ("code",),
        line=ANSWER,
    ),
)
WRONG = (
    Fault(
        "origin-mismatch",
        "another origin",
        both(style(echo=""), of_answers(header(ORIGIN, "https://old.example.com"))),
        (REST, HTTP, URL, ALB),
        ("code",),
        wants={"echo": ""},
        line=("https://old.example.com",),
    ),
    Fault(
        "origin-mismatch",
        "no scheme",
        both(style("constant"), of_answers(header(ORIGIN, "app.example.com"))),
        (REST,),
        ("door",),
        wants={"echo": "", "origin": "https://app.example.com"},
        line=("app.example.com",),
    ),
    Fault(
        "origin-trailing-slash",
        "in the code",
        both(style(), of_answers(header(ORIGIN, "{origin}/"))),
        (REST,),
        ("door",),
        wants={"echo": ""},
        line=("{origin}/",),
    ),
    Fault(
        "origin-trailing-slash",
        "in the code",
        both(style("constant"), of_answers(header(ORIGIN, "{origin}/"))),
        (HTTP, URL, ALB),
        ("code",),
        wants={"echo": ""},
        line=("{origin}/",),
    ),
    Fault(
        "multiple-origins-in-one-header",
        "in the code",
        both(style(), of_answers(header(ORIGIN, "{origin}, https://b.example.com"))),
        (REST, HTTP, URL, ALB),
        ("code",),
        wants={"echo": ""},
        line=("https://b.example.com",),
    ),
    Fault(
        "header-typo",
        "a header's name",
        both(style(), of_answers(header(ORIGIN, None, "Access-Control-Allow-Orgin"), "else")),
        (REST,),
        ("door", "code"),
        wants={"echo": ""},
        line=("Access-Control-Allow-Orgin",),
    ),
    Fault(
        "header-typo",
        "a header's name, in the preflight",
        both(style(), of_answers(header(METHODS, None, "Access-Control-Allow-Method"), "options")),
        (HTTP, URL, ALB),
        ("code",),
        wants={"method": "PUT", "echo": ""},
        line=("Access-Control-Allow-Method",),
    ),
    Fault(
        "wildcard-with-credentials",
        "in the code",
        both(style(), of_answers(header(ORIGIN, "*"))),
        (REST, HTTP, URL, ALB),
        ("code",),
        wants={"credentials": True, "echo": ""},
        line=("*",),
    ),
    Fault(
        "credentials-header-missing",
        "in the code",
        both(style(), of_answers(header(CREDENTIALS, None))),
        (REST, HTTP, URL, ALB),
        ("code",),
        wants={"credentials": True, "echo": ""},
    ),
    Fault(
        "credentials-header-missing",
        "it says True",
        both(style(), of_answers(header(CREDENTIALS, "True"))),
        (HTTP, URL, ALB),
        ("code",),
        wants={"credentials": True, "echo": ""},
        line=("True",),
    ),
    Fault(
        "allow-methods-missing",
        "the code lists another",
        both(style(), of_answers(header(METHODS, "GET, OPTIONS"), "options")),
        (REST, HTTP, URL, ALB),
        ("code",),
        wants={"method": "PUT"},
        line=("GET, OPTIONS",),
    ),
    Fault(
        "allow-headers-missing-header",
        "the code lists another",
        both(style(), of_answers(header(HEADERS, "x-other"), "options")),
        (REST, HTTP, URL, ALB),
        ("code",),
        wants={"sent": ("x-page",)},
        line=("x-other",),
    ),
    Fault(
        "allow-headers-wildcard-authorization",
        "the code allows all",
        both(style(), of_answers(header(HEADERS, "*"), "options")),
        (REST, HTTP, URL, ALB),
        ("code",),
        wants={"sent": ("authorization",), "credentials": False},
        severity="warning",
    ),
    Fault(
        "preflight-not-cached",
        "the code says no time",
        of_answers(header("Access-Control-Max-Age", None), "options"),
        (HTTP, URL),
        ("code",),
        severity="info",
    ),
    Fault(
        "allow-list-joined-in-one-item",
        "the code's list",
        lambda plan, dice: replace(
            plan, code=replace(plan.code, style="literal", allowed=(f"https://b.example.com,{plan.origin}",))
        ),
        (REST, HTTP, URL),
        ("code",),
        wants={"echo": "list", "credentials": False},
    ),
)
FAULTS = (*MISSING, *WRONG)
