"""Handlers in Python."""

from __future__ import annotations

import json

from .plan import HTTP, SLS, URL, Answer, Code, Plan, Written

ECHOED = Written("origin", "origin")
"""The value that stands for the Origin, where it passes the test."""

_TESTS = {
    "list": "origin in ALLOWED",
    "any": "origin",
    "suffix": "origin and origin.endswith(DOMAIN)",
    "regex": 'origin and re.match(r"https://.*" + DOMAIN, origin)',
}


_LOOKUPS = (
    '{name.lower(): value for name, value in (event.get("headers") or {}).items()}.get("origin")',
    'event["headers"].get("origin") or event["headers"].get("Origin")',
    'next((value for name, value in event["headers"].items() if name.lower() == "origin"), None)',
)


def _exactly(name: str) -> str:
    return f'event["headers"].get("{name}")'


def files(plan: Plan) -> dict[str, str]:
    """Return the files of the handler."""
    code = plan.code
    shared = _shared(code) if code.style == "wrapper" else ()
    constants = _constants(code) if code.style in ("constant", "module") else {}
    written = {name: f"{name} = {text}" for text, name in constants.items()}
    imports = ["import json"]
    if code.style == "wrapper":
        imports.append("from functools import wraps")
    if code.echo == "regex":
        imports.append("import re")
    made: dict[str, str] = {}
    parts: list[str] = []
    if code.style == "module" and written:
        made["shared_headers.py"] = "\n".join(written.values()) + "\n"
        package = "src." if plan.dialect == SLS else ""
        imports.append(f"from {package}shared_headers import {', '.join(written)}")
    else:
        parts += written.values()
    if code.echo:
        parts.append(_compared(code))
    if code.style == "helper":
        parts.append(_HELPER)
    if code.style == "wrapper":
        parts.append(_wrapper(code, shared))
    lines = [f"{'async ' if code.asynchronous else ''}def handler(event, context):"]
    if code.style == "wrapper":
        lines.insert(0, "@with_headers")
    if any(answer.when == "options" for answer in code.answers):
        http = plan.door in (HTTP, URL)
        method = 'event["requestContext"]["http"]["method"]' if http else 'event["httpMethod"]'
        lines.append(f"    method = {method}")
    for answer in code.answers:
        lines += _answer(answer, plan, constants, shared)
    text = "\n".join(imports) + "\n\n" + "\n\n".join([*parts, ""]) + "\n" + "\n".join(lines) + "\n"
    return {"app.py": text, **made}


_HELPER = """\
def respond(status, headers, body):
    return {"statusCode": status, "headers": headers, "body": json.dumps(body)}
"""


def _compared(code: Code) -> str:
    sites = ", ".join(json.dumps(each) for each in code.allowed)
    domain = json.dumps((code.allowed or ("",))[0].split("//")[-1])
    found = f"    origin = {_LOOKUPS[code.lookup] if code.spelling == 'any' else _exactly(code.spelling)}\n"
    vary = '{"Vary": "Origin"}' if code.vary else "{}"
    return (
        f"ALLOWED = ({sites},)\nDOMAIN = {domain}\n\n\ndef allowed(event):\n{found}    headers = {vary}\n"
        f'    if {_TESTS[code.echo]}:\n        headers["Access-Control-Allow-Origin"] = origin\n    return headers\n'
    )


def _shared(code: Code) -> tuple[tuple[str, str | Written], ...]:
    """Return the headers that all answers have: the wrapper adds them."""
    first, *others = [answer.headers or () for answer in code.answers]
    return tuple(pair for pair in first if all(pair in each for each in others) and pair[1] is not ECHOED)


def _wrapper(code: Code, shared: tuple[tuple[str, str | Written], ...]) -> str:
    echoed = "\n        made.update(allowed(event))" if code.echo else ""
    return (
        "def with_headers(function):\n    @wraps(function)\n    def wrapped(event, context):\n"
        "        response = function(event, context)\n"
        f'        made = response.setdefault("headers", {{}})\n        made.update({_dict(shared)}){echoed}\n'
        "        return response\n\n    return wrapped\n"
    )


def _constants(code: Code) -> dict[str, str]:
    """Return each map of headers that no request changes, and its name."""
    maps = [_dict(each.headers) for each in code.answers if each.headers and not _echoes(each)]
    names = ("CORS_HEADERS", "OTHER_HEADERS", "MORE_HEADERS")
    return dict(zip(dict.fromkeys(maps), names, strict=False))


def _echoes(answer: Answer) -> bool:
    return any(value is ECHOED for _, value in answer.headers or ())


def _body_of(plan: Plan) -> str:
    """Events of format 2.0 have no key for a body that is empty."""
    return 'event.get("body")' if plan.door in (HTTP, URL) else 'event["body"]'


def _answer(
    answer: Answer, plan: Plan, constants: dict[str, str], shared: tuple[tuple[str, str | Written], ...]
) -> list[str]:
    result = _result(answer, plan.code, constants, shared)
    if answer.when == "options":
        return ['    if method == "OPTIONS":', f"        return {result}"]
    if answer.when == "bad":
        return [
            "    try:",
            f"        json.loads({_body_of(plan)})",
            "    except (TypeError, ValueError):",
            f"        return {result}",
        ]
    return [f"    return {result}"]


def _result(
    answer: Answer, code: Code, constants: dict[str, str], shared: tuple[tuple[str, str | Written], ...]
) -> str:
    if answer.whole is not None:
        return answer.whole.python
    pairs = tuple(pair for pair in answer.headers or () if pair not in shared)
    body = '"no JSON"' if answer.when == "bad" else '{"done": True}'
    if answer.headers is None:
        headers = None
    elif code.style == "wrapper":
        headers = _dict(tuple(pair for pair in pairs if pair[1] is not ECHOED)) if pairs else None
    elif _echoes(answer):
        rest = tuple(pair for pair in pairs if pair[1] is not ECHOED)
        headers = f"{{**allowed(event), {_dict(rest)[1:-1]}}}" if rest else "allowed(event)"
    else:
        text = _dict(pairs)
        headers = constants.get(text, text)
    if code.style == "helper" and answer.key == "headers" and answer.status is not None and headers is not None:
        return f"respond({answer.status}, {headers}, {body})"
    status = f'"statusCode": {answer.status}, ' if answer.status is not None else ""
    middle = f'"{answer.key}": {headers}, ' if headers is not None else ""
    return f'{{{status}{middle}"body": json.dumps({body})}}'


def _dict(pairs: tuple[tuple[str, str | Written], ...]) -> str:
    each = (f"{json.dumps(name)}: {_value(value)}" for name, value in pairs)
    return "{" + ", ".join(each) + "}"


def _value(value: str | Written) -> str:
    return value.python if isinstance(value, Written) else json.dumps(value)
