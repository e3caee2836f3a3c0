"""Handlers in JavaScript and TypeScript."""

from __future__ import annotations

import json

from .code_python import ECHOED
from .plan import CDK, HTTP, TYPESCRIPT, URL, Answer, Code, Plan, Written

_TESTS = {
    "list": "ALLOWED.includes(origin)",
    "any": "origin",
    "suffix": "origin.endsWith(DOMAIN)",
    "regex": "new RegExp('https://.*' + DOMAIN).test(origin)",
}
_LOOKUPS = (
    (
        "  const name = Object.keys(event.headers ?? {}).find((each) => each.toLowerCase() === 'origin');\n"
        "  const origin = name ? event.headers[name] : '';\n"
    ),
    "  const origin = event.headers?.origin ?? event.headers?.Origin ?? '';\n",
    (
        "  const sent = Object.fromEntries(Object.entries(event.headers).map(([name, value]) => [name.toLowerCase(), value]));\n"
        "  const origin = String(sent.origin ?? '');\n"
    ),
)
Pairs = tuple[tuple[str, str | Written], ...]


def files(plan: Plan) -> dict[str, str]:
    """Return the files of the handler: modules, CommonJS in a CDK asset."""
    code = plan.code
    typed = plan.language == TYPESCRIPT and plan.dialect != CDK
    common = plan.dialect == CDK
    extension = "ts" if typed else "js" if common else "mjs"
    shared = _shared(code) if code.style == "wrapper" else ()
    constants = _constants(code) if code.style in ("constant", "module") else {}
    any_ = ": any" if typed else ""
    made: dict[str, str] = {}
    parts: list[str] = []
    if typed:
        parts.append('import type { Context } from "aws-lambda";')
    if code.style == "module" and constants:
        name = f"shared-headers{'' if typed else '.' + extension}"
        listed = ", ".join(constants.values())
        parts.append(
            f'const {{ {listed} }} = require("./{name}");' if common else f'import {{ {listed} }} from "./{name}";'
        )
        lines = [f"{'' if common else 'export '}const {each} = {text};" for text, each in constants.items()]
        if common:
            lines.append(f"module.exports = {{ {listed} }};")
        made[f"shared-headers.{extension}"] = "\n".join(lines) + "\n"
    else:
        parts += [f"const {name} = {text};" for text, name in constants.items()]
    if code.echo:
        parts.append(_compared(code, typed=typed))
    if code.style == "helper":
        types = (
            ("status: number", "headers: Record<string, string>", "body: unknown")
            if typed
            else ("status", "headers", "body")
        )
        parts.append(
            f"const respond = ({', '.join(types)}) => ({{\n  statusCode: status,\n  headers,\n  body: JSON.stringify(body),\n}});"
        )
    if code.style == "wrapper":
        parts.append(_wrapper(code, shared, any_))
    body: list[str] = []
    if any(answer.when == "options" for answer in code.answers):
        http = plan.door in (HTTP, URL)
        body.append(f"  const method = event.{'requestContext.http.method' if http else 'httpMethod'};")
    for answer in code.answers:
        body += _answer(answer, code, constants, shared)
    second = ", context: Context" if typed else ""
    start = f"async (event{any_}{second}) => {{"
    function = "\n".join([start, *body, "}"])
    if code.style == "wrapper":
        function = f"withHeaders({function})"
    parts.append(f"exports.handler = {function};" if common else f"export const handler = {function};")
    return {f"app.{extension}": "\n\n".join(parts) + "\n", **made}


def _compared(code: Code, *, typed: bool) -> str:
    sites = ", ".join(json.dumps(each) for each in code.allowed)
    domain = json.dumps((code.allowed or ("",))[0].split("//")[-1])
    found = (
        _LOOKUPS[code.lookup] if code.spelling == "any" else f"  const origin = event.headers.{code.spelling} ?? '';\n"
    )
    vary = '{ Vary: "Origin" }' if code.vary else "{}"
    kind = ": Record<string, string>" if typed else ""
    return (
        f"const ALLOWED = [{sites}];\nconst DOMAIN = {domain};\n\n"
        f"function allowed(event{': any' if typed else ''}) {{\n{found}  const headers{kind} = {vary};\n"
        f'  if ({_TESTS[code.echo]}) {{\n    headers["Access-Control-Allow-Origin"] = origin;\n  }}\n  return headers;\n}}'
    )


def _shared(code: Code) -> Pairs:
    first, *others = [answer.headers or () for answer in code.answers]
    return tuple(pair for pair in first if all(pair in each for each in others) and pair[1] is not ECHOED)


def _wrapper(code: Code, shared: Pairs, any_: str) -> str:
    echoed = ", ...allowed(event)" if code.echo else ""
    return (
        f"const withHeaders = (inner{any_}) => async (event{any_}, context{any_}) => {{\n"
        f"  const response = await inner(event, context);\n"
        f"  return {{ ...response, headers: {{ ...response.headers, ...{_object(shared)}{echoed} }} }};\n}};"
    )


def _constants(code: Code) -> dict[str, str]:
    maps = [_object(each.headers) for each in code.answers if each.headers and not _echoes(each)]
    names = ("corsHeaders", "otherHeaders", "moreHeaders")
    return dict(zip(dict.fromkeys(maps), names, strict=False))


def _echoes(answer: Answer) -> bool:
    return any(value is ECHOED for _, value in answer.headers or ())


def _answer(answer: Answer, code: Code, constants: dict[str, str], shared: Pairs) -> list[str]:
    result = _result(answer, code, constants, shared)
    if answer.when == "options":
        return ['  if (method === "OPTIONS") {', f"    return {result};", "  }"]
    if answer.when == "bad":
        return ["  try {", "    JSON.parse(event.body);", "  } catch {", f"    return {result};", "  }"]
    return [f"  return {result};"]


def _result(answer: Answer, code: Code, constants: dict[str, str], shared: Pairs) -> str:
    if answer.whole is not None:
        return answer.whole.javascript
    pairs = tuple(pair for pair in answer.headers or () if pair not in shared)
    body = '"no JSON"' if answer.when == "bad" else "{ done: true }"
    if answer.headers is None:
        headers = None
    elif code.style == "wrapper":
        headers = _object(tuple(pair for pair in pairs if pair[1] is not ECHOED)) if pairs else None
    elif _echoes(answer):
        rest = tuple(pair for pair in pairs if pair[1] is not ECHOED)
        headers = f"{{ ...allowed(event), {_object(rest)[1:-1]} }}" if rest else "allowed(event)"
    else:
        text = _object(pairs)
        headers = constants.get(text, text)
    if code.style == "helper" and answer.key == "headers" and answer.status is not None and headers is not None:
        return f"respond({answer.status}, {headers}, {body})"
    status = f"statusCode: {answer.status}, " if answer.status is not None else ""
    middle = f"{answer.key}: {headers}, " if headers is not None else ""
    return f"{{ {status}{middle}body: JSON.stringify({body}) }}"


def _object(pairs: Pairs) -> str:
    each = (f"{json.dumps(name)}: {_value(value)}" for name, value in pairs)
    return "{ " + ", ".join(each) + " }" if pairs else "{}"


def _value(value: str | Written) -> str:
    return value.javascript if isinstance(value, Written) else json.dumps(value)
