"""Faults of the code, and of a distribution in front of it."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from .fault import Fault, Plant, both, header, of_answers, setting, with_header
from .plan import (
    ALB,
    CDK,
    CFN,
    CREDENTIALS,
    HEADERS,
    HTTP,
    METHODS,
    ORIGIN,
    PYTHON,
    REST,
    SAM,
    TF,
    URL,
    Answer,
    Edge,
    Plan,
    Written,
)

_CODED = {"owners": ("code",), "line": ("Access-Control-Allow-", "{origin}", "CORS_HEADERS", "corsHeaders")}
_REST: dict[str, Any] = {"doors": (REST,), "owners": ("door",)}
_BARE_5XX = setting(gateway_responses=())
"""Where gateway responses have the headers, the page reads a 502 as what it is."""
_ANSWER = ("return", "statusCode", "respond(")


def _style(style: str = "literal", **more: Any) -> Plant:
    return lambda plan, dice: replace(plan, code=replace(plan.code, style=style, **more))


def _whole(python: str, javascript: str) -> Any:
    return lambda plan, answer: replace(answer, whole=Written(python, javascript))


def _status(status: int) -> Any:
    return lambda plan, answer: replace(answer, status=status)


def _bare(plan: Plan, answer: Answer) -> Answer:
    return replace(
        answer, headers=tuple(pair for pair in answer.headers or () if "Access-Control" not in pair[0]) or None
    )


def _pair(name: str) -> str:
    return f'{{"{ORIGIN}": "https://{name}"}}'


MISSING = (
    Fault("handler-missing-headers", "no header", both(_style(), of_answers(_bare, "else")), line=_ANSWER, **_REST),
    Fault(
        "handler-missing-headers",
        "the preflight alone has them",
        both(_style(), of_answers(_bare, "else")),
        (REST, HTTP, URL, ALB),
        ("code",),
        line=_ANSWER,
    ),
    Fault(
        "handler-missing-headers-on-error",
        "a 400 that the code builds",
        both(_style(), of_answers(_bare, "bad")),
        (REST,),
        wants={"method": "PUT"},
        line=_ANSWER,
    ),
    Fault(
        "handler-missing-headers-on-error",
        "a 400 that the code builds",
        both(_style(), of_answers(_bare, "bad")),
        (REST, HTTP, URL, ALB),
        ("code",),
        wants={"method": "PUT"},
        line=_ANSWER,
    ),
    *(
        Fault(
            "preflight-needs-status-ok",
            f"OPTIONS is answered {status}",
            of_answers(_status(status), "options"),
            (REST, HTTP, URL, ALB),
            ("code",),
        )
        for status in (404, 405, 401)
    ),
    Fault(
        "preflight-redirected",
        "OPTIONS is answered 301",
        both(_style(), of_answers(_status(301), "options"), of_answers(with_header("Location", "/orders/"), "options")),
        (REST, HTTP, URL, ALB),
        ("code",),
        line=_ANSWER,
    ),
)
_WRONG = (
    Fault(
        "origin-mismatch",
        "another origin",
        both(_style(echo=""), of_answers(header(ORIGIN, "https://old.example.com"))),
        (REST, HTTP, URL, ALB),
        ("code",),
        wants={"echo": ""},
        line=("https://old.example.com",),
    ),
    Fault(
        "origin-mismatch",
        "no scheme",
        both(_style("constant"), of_answers(header(ORIGIN, "app.example.com"))),
        (REST,),
        ("door",),
        wants={"echo": "", "origin": "https://app.example.com"},
        line=("app.example.com",),
    ),
    Fault(
        "origin-trailing-slash",
        "in the code",
        both(_style(), of_answers(header(ORIGIN, "{origin}/"))),
        (REST,),
        ("door",),
        wants={"echo": ""},
        line=("{origin}/",),
    ),
    Fault(
        "origin-trailing-slash",
        "in the code",
        both(_style("constant"), of_answers(header(ORIGIN, "{origin}/"))),
        (HTTP, URL, ALB),
        ("code",),
        wants={"echo": ""},
        line=("{origin}/",),
    ),
    Fault(
        "multiple-origins-in-one-header",
        "in the code",
        both(_style(), of_answers(header(ORIGIN, "{origin}, https://b.example.com"))),
        (REST, HTTP, URL, ALB),
        ("code",),
        wants={"echo": ""},
        line=("https://b.example.com",),
    ),
    Fault(
        "header-typo",
        "a header's name",
        both(_style(), of_answers(header(ORIGIN, None, "Access-Control-Allow-Orgin"), "else")),
        (REST,),
        ("door", "code"),
        wants={"echo": ""},
        line=("Access-Control-Allow-Orgin",),
    ),
    Fault(
        "header-typo",
        "a header's name, in the preflight",
        both(_style(), of_answers(header(METHODS, None, "Access-Control-Allow-Method"), "options")),
        (HTTP, URL, ALB),
        ("code",),
        wants={"method": "PUT", "echo": ""},
        line=("Access-Control-Allow-Method",),
    ),
    Fault(
        "wildcard-with-credentials",
        "in the code",
        both(_style(), of_answers(header(ORIGIN, "*"))),
        (REST, HTTP, URL, ALB),
        ("code",),
        wants={"credentials": True, "echo": ""},
        line=("*",),
    ),
    Fault(
        "credentials-header-missing",
        "in the code",
        both(_style(), of_answers(header(CREDENTIALS, None))),
        (REST, HTTP, URL, ALB),
        ("code",),
        wants={"credentials": True, "echo": ""},
    ),
    Fault(
        "credentials-header-missing",
        "it says True",
        both(_style(), of_answers(header(CREDENTIALS, "True"))),
        (HTTP, URL, ALB),
        ("code",),
        wants={"credentials": True, "echo": ""},
        line=("True",),
    ),
    Fault(
        "allow-methods-missing",
        "the code lists another",
        both(_style(), of_answers(header(METHODS, "GET, OPTIONS"), "options")),
        (REST, HTTP, URL, ALB),
        ("code",),
        wants={"method": "PUT"},
        line=("GET, OPTIONS",),
    ),
    Fault(
        "allow-headers-missing-header",
        "the code lists another",
        both(_style(), of_answers(header(HEADERS, "x-other"), "options")),
        (REST, HTTP, URL, ALB),
        ("code",),
        wants={"sent": ("x-page",)},
        line=("x-other",),
    ),
    Fault(
        "allow-headers-wildcard-authorization",
        "the code allows all",
        both(_style(), of_answers(header(HEADERS, "*"), "options")),
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
_SHAPES = (
    Fault(
        "malformed-proxy-response",
        "a body that is an object",
        both(
            _style(),
            of_answers(
                _whole(
                    f'{{"statusCode": 200, "headers": {_pair("a.example")}, "body": {{"done": True}}}}',
                    f"{{ statusCode: 200, headers: {_pair('a.example')}, body: {{ done: true }} }}",
                ),
                "else",
            ),
            _BARE_5XX,
        ),
        line=_ANSWER,
        **_REST,
    ),
    Fault(
        "malformed-proxy-response",
        "nothing at all",
        both(_style(), of_answers(_whole("None", "undefined"), "else"), _BARE_5XX),
        line=_ANSWER,
        **_REST,
    ),
    Fault(
        "malformed-proxy-response",
        "a coroutine",
        both(_style(asynchronous=True), _BARE_5XX),
        languages=(PYTHON,),
        **_REST,
    ),
    Fault(
        "headers-not-applied",
        "no statusCode",
        both(_style(), of_answers(lambda plan, answer: replace(answer, status=None), "else")),
        (HTTP, URL),
        ("code",),
        wants={"echo": ""},
        line=(*_ANSWER, "headers", "Access-Control"),
    ),
    Fault(
        "headers-not-applied",
        "multiValueHeaders",
        both(
            _style(),
            of_answers(
                lambda plan, answer: replace(
                    answer,
                    key="multiValueHeaders",
                    headers=tuple((name, Written(f'["{text}"]', f'["{text}"]')) for name, text in answer.headers or ()),
                ),
                "else",
            ),
        ),
        (HTTP, URL),
        ("code",),
        wants={"echo": ""},
        line=(*_ANSWER, "multiValueHeaders", "Access-Control"),
    ),
    Fault(
        "headers-not-applied",
        "the target group takes lists",
        setting(multi_value=True),
        (ALB,),
        ("code",),
        wants={"echo": "", "style": "literal"},
        line=(*_ANSWER, "headers", "Access-Control"),
    ),
    Fault(
        "non-string-header-value",
        "a list",
        both(_style(), of_answers(with_header("X-Tags", Written('["a", "b"]', '["a", "b"]')), "else"), _BARE_5XX),
        (REST, HTTP, ALB),
        ("code",),
        line=('["a", "b"]', "X-Tags"),
    ),
    Fault(
        "duplicate-headers",
        "two spellings in two maps",
        both(
            _style(),
            of_answers(
                _whole(
                    f'{{"statusCode": 200, "headers": {_pair("a.example")}, '
                    f'"multiValueHeaders": {{"{ORIGIN}": ["https://b.example"]}}, "body": ""}}',
                    f"{{ statusCode: 200, headers: {_pair('a.example')}, "
                    f'multiValueHeaders: {{ "{ORIGIN}": ["https://b.example"] }}, body: "" }}',
                ),
                "else",
            ),
        ),
        line=("a.example", "b.example"),
        **_REST,
    ),
)
_COMPARED = (
    Fault(
        "origin-header-case",
        "Origin alone is looked for",
        _style(spelling="Origin"),
        (REST,),
        ("door", "code"),
        wants={"echo": "list"},
    ),
    Fault(
        "missing-vary-origin",
        "Vary is not said",
        _style(vary=False),
        (REST, ALB),
        ("code",),
        wants={"echo": "list", "method": "GET", "sent": ("x-page",)},
        severity="info",
    ),
    Fault(
        "insecure-reflects-origin-with-credentials",
        "any origin",
        _style(echo="any"),
        (REST, HTTP, URL, ALB),
        ("code",),
        wants={"echo": "list", "credentials": True},
    ),
    Fault(
        "insecure-suffix-origin-match",
        "a suffix",
        _style(echo="suffix"),
        (REST, HTTP, URL, ALB),
        ("code",),
        wants={"echo": "list", "credentials": True, "origin": "https://example.org"},
    ),
    Fault(
        "insecure-regex-origin-bypass",
        "a pattern without ends",
        _style(echo="regex"),
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
        both(_style(), of_answers(with_header("X-Request-Cost", "3"), "else")),
        (REST, HTTP, ALB),
        ("code",),
        severity="info",
        line=("X-Request-Cost",),
    ),
    Fault(
        "cookie-not-sent",
        "a cookie for its own site",
        both(_style(), of_answers(with_header("Set-Cookie", "s=1; HttpOnly"), "else")),
        (REST, HTTP),
        ("code",),
        wants={"credentials": True},
        severity="info",
        line=("s=1",),
    ),
)
_EDGE: dict[str, Any] = {
    "dialects": (CFN, CDK, SAM, TF),
    "wants": {"sent": ("x-page",), "authorizer": "", "keyed": False},
}
_FRONT = (
    Fault(
        "cloudfront-options-not-allowed", "GET and HEAD", setting(edge=Edge(methods=False)), (REST, HTTP, URL), **_EDGE
    ),
    Fault(
        "cloudfront-drops-origin-header",
        "nothing is handed on",
        setting(edge=Edge(forwards="nothing")),
        (HTTP, URL),
        **_EDGE,
    ),
    Fault(
        "cloudfront-forwards-host", "the viewer's Host", setting(edge=Edge(forwards="all")), (REST, HTTP, URL), **_EDGE
    ),
    Fault(
        "cloudfront-replaces-errors",
        "a page for 400",
        setting(edge=Edge(error_page=True)),
        (REST,),
        dialects=(CFN, CDK, SAM, TF),
        wants={"method": "PUT", "authorizer": "", "keyed": False},
        severity="warning",
    ),
    Fault(
        "cloudfront-caches-without-origin",
        "kept for others",
        setting(edge=Edge(cached=True, forwards="origin")),
        (HTTP, URL),
        dialects=(CFN, CDK, TF),
        wants={"method": "GET", "sent": (), "authorizer": "", "credentials": False},
        severity="warning",
    ),
)
FAULTS = (*MISSING, *_WRONG, *_SHAPES, *_COMPARED, *_FRONT)
