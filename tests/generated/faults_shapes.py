"""Faults of the shape of what the code returns."""

from __future__ import annotations

from msgspec.structs import replace

from .fault import Fault, both, of_answers, setting, with_header
from .faults_code import ANSWER, BARE_5XX, REST_DOOR, pair, style, whole
from .plan import (
    ALB,
    HTTP,
    ORIGIN,
    PYTHON,
    REST,
    URL,
    Written,
)

FAULTS = (
    Fault(
        "malformed-proxy-response",
        "a body that is an object",
        both(
            style(),
            of_answers(
                whole(
                    f'{{"statusCode": 200, "headers": {pair("a.example")}, "body": {{"done": True}}}}',
                    f"{{ statusCode: 200, headers: {pair('a.example')}, body: {{ done: true }} }}",
                ),
                "else",
            ),
            BARE_5XX,
        ),
        line=ANSWER,
        **REST_DOOR,
    ),
    Fault(
        "malformed-proxy-response",
        "nothing at all",
        both(style(), of_answers(whole("None", "undefined"), "else"), BARE_5XX),
        line=ANSWER,
        **REST_DOOR,
    ),
    Fault(
        "malformed-proxy-response",
        "a coroutine",
        both(style(asynchronous=True), BARE_5XX),
        languages=(PYTHON,),
        **REST_DOOR,
    ),
    Fault(
        "headers-not-applied",
        "no statusCode",
        both(style(), of_answers(lambda plan, answer: replace(answer, status=None), "else")),
        (HTTP, URL),
        ("code",),
        wants={"echo": ""},
        line=(*ANSWER, "headers", "Access-Control"),
    ),
    Fault(
        "headers-not-applied",
        "multiValueHeaders",
        both(
            style(),
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
        line=(*ANSWER, "multiValueHeaders", "Access-Control"),
    ),
    Fault(
        "headers-not-applied",
        "the target group takes lists",
        setting(multi_value=True),
        (ALB,),
        ("code",),
        wants={"echo": "", "style": "literal"},
        line=(*ANSWER, "headers", "Access-Control"),
    ),
    Fault(
        "non-string-header-value",
        "a list",
        both(style(), of_answers(with_header("X-Tags", Written('["a", "b"]', '["a", "b"]')), "else"), BARE_5XX),
        (REST, HTTP, ALB),
        ("code",),
        line=('["a", "b"]', "X-Tags"),
    ),
    Fault(
        "duplicate-headers",
        "two spellings in two maps",
        both(
            style(),
            of_answers(
                whole(
                    f'{{"statusCode": 200, "headers": {pair("a.example")}, '
                    f'"multiValueHeaders": {{"{ORIGIN}": ["https://b.example"]}}, "body": ""}}',
                    f"{{ statusCode: 200, headers: {pair('a.example')}, "
                    f'multiValueHeaders: {{ "{ORIGIN}": ["https://b.example"] }}, body: "" }}',
                ),
                "else",
            ),
        ),
        line=("a.example", "b.example"),
        **REST_DOOR,
    ),
)
