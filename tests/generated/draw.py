"""Correct plans, drawn at random: the front door, or the code, lets the page's call through."""

from __future__ import annotations

import random
from typing import Any

from msgspec.structs import replace

from .code_python import ECHOED
from .plan import (
    ALB,
    CDK,
    CFN,
    CREDENTIALS,
    HEADERS,
    HTTP,
    MAX_AGE,
    METHODS,
    OPENAPI,
    ORIGIN,
    REST,
    STYLES,
    TF,
    URL,
    Answer,
    Code,
    Lists,
    Pairs,
    Plan,
    Preflight,
    Written,
)

ORIGINS = (
    "https://app.example.com",
    "https://www.example.org",
    "https://shop.example.co.uk",
    "http://localhost:3000",
    "https://staging.example.com:8443",
)
PATHS = ("/items", "/items/{id}", "/v1/orders", "/users/{user}/cart")
SENT = ("x-page", "x-request-id")
AGES = (300, 600, 7200)


def plan(dice: random.Random, dialect: str, door: str, language: str, owner: str, **wants: Any) -> Plan:
    """Return a correct plan; `wants` fixes what a fault needs: "method", "authorizer", "credentials", "sent", …"""
    method = wants.get("method") or dice.choice(("PUT", "PATCH", "POST", "DELETE"))
    json = method in ("PUT", "PATCH", "POST")
    door_owned = owner == "door"
    authorizer = wants.get(
        "authorizer", "tokens" if door_owned and door in (REST, HTTP) and dice.random() < 0.3 else ""
    )
    keyed = wants.get("keyed", door_owned and door == REST and dice.random() < 0.2)
    sent = (("content-type",) if json else ()) + tuple(wants.get("sent", dice.choice(((), (), SENT[:1], SENT))))
    sent += ("authorization",) if authorizer else ()
    sent += ("x-api-key",) if keyed else ()
    if door == URL and wants.get("signed"):
        sent += ("authorization", "x-amz-date")
    found = Plan(
        dialect=dialect,
        door=door,
        owner=owner,
        language=language,
        origin=wants.get("origin") or dice.choice(ORIGINS),
        method=method,
        path="/" if door in (URL, ALB) else dice.choice(PATHS),
        sent=sent,
        json=json,
        credentials=wants.get("credentials", dice.random() < 0.3),
        code=Code(()),
        authorizer=authorizer,
        keyed=keyed,
        signed=bool(wants.get("signed")),
        catch_all=not door_owned and door in (REST, HTTP),
        page=wants.get("page", door_owned and door in (REST, HTTP) and dice.random() < 0.3),
    )
    found = _told(found, dice, wants) if door_owned else replace(found, listener_methods=_listened(found, dice))
    if door == REST:
        found = replace(found, gateway_responses=_answers(found))
    return replace(found, code=_code(found, dice, wants))


def _listened(plan: Plan, dice: random.Random) -> tuple[str, ...]:
    return (plan.method, "OPTIONS") if plan.door == ALB and dice.random() < 0.4 else ()


def _told(plan: Plan, dice: random.Random, wants: dict[str, Any]) -> Plan:
    """Give the front door its settings of CORS."""
    age = dice.choice(AGES)
    if plan.door != REST:
        others = tuple(each for each in dice.sample(ORIGINS, dice.randint(0, 2)) if each != plan.origin)
        origins = [plan.origin, *(each for each in others if each.startswith("https"))]
        dice.shuffle(origins)
        methods = list(dict.fromkeys((plan.method, *dice.sample(("GET", "POST", "DELETE"), 2))))
        dice.shuffle(methods)
        lists = Lists(
            origins=tuple(origins),
            methods=tuple(methods),
            headers=plan.sent,
            expose=dice.choice(((), ("x-total",))),
            credentials=plan.credentials,
            max_age=age,
        )
        return replace(plan, lists=lists)
    parameters = [(ORIGIN, f"'{plan.origin}'"), (METHODS, f"'OPTIONS,{plan.method}'")]
    if plan.sent:
        parameters.append((HEADERS, f"'{','.join(plan.sent)}'"))
    if plan.credentials:
        parameters.append((CREDENTIALS, "'true'"))
    parameters.append((MAX_AGE, f"'{age}'"))
    binary: tuple[str, ...] = ()
    if wants.get("binary", dice.random() < 0.2):
        binary = ("*/*",) if plan.dialect in (CFN, CDK, OPENAPI, TF) and dice.random() < 0.5 else ("image/png",)
    return replace(plan, binary=binary, preflight=Preflight(tuple(parameters), text="*/*" in binary))


def _answers(plan: Plan) -> Pairs:
    credentials = ((CREDENTIALS, "'true'"),) if plan.credentials else ()
    return ((ORIGIN, f"'{plan.origin}'"), *credentials)


def _code(plan: Plan, dice: random.Random, wants: dict[str, Any]) -> Code:
    """Return a handler that sends what the front door leaves to it."""
    silent = plan.owner == "door" and plan.door in (HTTP, URL)
    echo = wants.get("echo", "list" if not silent and dice.random() < 0.3 else "")
    own: list[tuple[str, str | Written]] = []
    if not silent:
        own.append((ORIGIN, ECHOED if echo else plan.origin))
        own += [(CREDENTIALS, "true")] if plan.credentials else []
    plain = ("Content-Type", "application/json")
    answer = (*own, plain) if dice.random() < 0.6 else tuple(own)
    multi = wants.get("multi_value", False)
    answers = [Answer("else", dice.choice((200, 200, 201)), answer or (None if dice.random() < 0.5 else (plain,)))]
    if plan.json and not plan.signed:
        answers.insert(0, Answer("bad", 400, answer or None))
    if plan.owner == "code":
        answers.insert(0, Answer("options", dice.choice((200, 204)), (*own, *_granted(plan, dice))))
    style = wants.get("style") or dice.choice(STYLES)
    if not own and style == "wrapper":
        style = "literal"
    allowed = (plan.origin,) if plan.owner == "door" else (plan.origin, "https://admin.example.net")
    found = Code(tuple(answers), style, echo, allowed if echo else (), lookup=dice.randint(0, 2))
    return listed(found) if multi else found


def _granted(plan: Plan, dice: random.Random) -> tuple[tuple[str, str | Written], ...]:
    methods = ", ".join(dict.fromkeys((plan.method, "OPTIONS", *dice.sample(("GET", "POST"), 1))))
    granted = [(METHODS, methods)]
    if plan.sent:
        granted.append((HEADERS, ", ".join(plan.sent)))
    granted.append((MAX_AGE, str(dice.choice(AGES))))
    return tuple(granted)


def listed(code: Code) -> Code:
    """Return the code with each header's value as a list, for a target group that takes several."""
    answers = tuple(
        replace(
            each,
            key="multiValueHeaders",
            headers=tuple((name, Written(f'["{value}"]', f'["{value}"]')) for name, value in each.headers or ()),
        )
        for each in code.answers
    )
    return replace(code, answers=answers, style="literal")


def arguments(plan: Plan) -> tuple[str, ...]:
    """Return the flags that say who calls."""
    found = ["--origin", plan.origin, "--method", plan.method]
    token = "AWS4-HMAC-SHA256 Credential=key" if plan.signed else "Bearer token"
    values = {"content-type": "application/json", "authorization": token, "x-api-key": "key"}
    for name in plan.sent:
        found += ["--header", f"{name}: {values.get(name, '1')}"]
    found.append("--credentials" if plan.credentials else "--no-credentials")
    return tuple(found)


def derives(plan: Plan) -> bool:
    """Say whether corsmith can derive the call from the project alone."""
    if plan.door not in (REST, HTTP) or plan.catch_all:
        return False
    return plan.page or not set(plan.sent) & set(SENT)
