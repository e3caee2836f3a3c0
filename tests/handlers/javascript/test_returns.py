"""What handlers can answer, one construct at a time. Each is run as well, and does one of the things that were read."""
# ruff: noqa: E501 - whole handlers in one line

from __future__ import annotations

from pathlib import Path

import pytest

from tests.handlers.events import event
from tests.handlers.oracle import contained
from tests.handlers.reading import line

from .reading import read
from .running import run

H = "{ 'Access-Control-Allow-Origin': '*' }"
LIST = "['https://a.example', 'https://b.example']"


def _body(text: str) -> str:
    return f"const ALLOWED = {LIST};\nexport const handler = async (event, context) => {{\n{text}\n}};\n"


CASES: dict[str, tuple[str, set[str]]] = {
    "arrow": (f"export const handler = async () => ({{ statusCode: 200, headers: {H} }});", {"200 *"}),
    "function": (f"export async function handler(event) {{ return {{ statusCode: 200, headers: {H} }}; }}", {"200 *"}),
    "nothing": ("export const handler = async () => {};", {"None"}),
    "not async": (f"export const handler = () => ({{ statusCode: 200, headers: {H} }});", {"None"}),
    "callback": (
        f"export const handler = (e, c, cb) => {{ cb(null, {{ statusCode: 200, headers: {H} }}); }};",
        {"200 *"},
    ),
    "callback with an error": ("export const handler = (e, c, cb) => cb(new Error('no'));", {"raises Error"}),
    "callback, twice": (
        f"export const handler = (e, c, cb) => {{ cb(null, {{ statusCode: 200, headers: {H} }}); cb(null, {{ statusCode: 500 }}); }};",
        {"200 *"},
    ),
    "callback of an async function": (
        f"export const handler = async (e, c, cb) => {{ cb(null, {{ statusCode: 200, headers: {H} }}); }};",
        {"200 *"},
    ),
    "callback that an async function returns": (
        f"export const handler = async (e, c, cb) => {{ return cb(null, {{ statusCode: 200, headers: {H} }}); }};",
        {"200 *"},
    ),
    "callback of an async function that then throws": (
        f"export const handler = async (e, c, cb) => {{ cb(null, {{ statusCode: 200, headers: {H} }}); throw new Error('no'); }};",
        {"200 *"},
    ),
    "callback of an async function that returns something else": (
        f"export const handler = async (e, c, cb) => {{ cb(null, {{ statusCode: 200, headers: {H} }}); return {{ statusCode: 500 }}; }};",
        {"200 *"},
    ),
    "callback of a timer that nothing waits for": (
        f"export const handler = async (e, c, cb) => {{ setTimeout(() => cb(null, {{ statusCode: 200, headers: {H} }}), 5); }};",
        {"None"},
    ),
    "callback of a timer that is waited for": (
        f"export const handler = async (e, c, cb) => {{ await new Promise((r) => setTimeout(() => {{ cb(null, {{ statusCode: 200, headers: {H} }}); r(); }}, 5)); }};",
        {"200 *"},
    ),
    "callback of a promise that nothing waits for": (
        f"export const handler = async (e, c, cb) => {{ new Promise((r) => setTimeout(r, 5)).then(() => cb(null, {{ statusCode: 200, headers: {H} }})); }};",
        {"None"},
    ),
    "callback of a promise that is returned": (
        f"export const handler = async (e, c, cb) => {{ return new Promise((r) => setTimeout(r, 5)).then(() => cb(null, {{ statusCode: 200, headers: {H} }})); }};",
        {"200 *"},
    ),
    "callback on one branch": (
        f"export const handler = (e, c, cb) => {{ if (e.headers.origin) cb(null, {{ statusCode: 200, headers: {H} }}); }};",
        {"any: 200 *", "not any: None"},
    ),
    "succeed": (
        f"export const handler = (e, context) => {{ context.succeed({{ statusCode: 200, headers: {H} }}); }};",
        {"200 *"},
    ),
    "done": (
        f"export const handler = (e, context) => context.done(null, {{ statusCode: 200, headers: {H} }});",
        {"200 *"},
    ),
    "fail": ("export const handler = (e, context) => context.fail('no');", {"raises Error"}),
    "later": (
        f"export const handler = (e, c, cb) => {{ setTimeout(() => cb(null, {{ statusCode: 200, headers: {H} }}), 0); }};",
        {"200 *"},
    ),
    "promise": (f"export const handler = () => Promise.resolve({{ statusCode: 200, headers: {H} }});", {"200 *"}),
    "new Promise": (
        f"export const handler = () => new Promise((resolve) => resolve({{ statusCode: 200, headers: {H} }}));",
        {"200 *"},
    ),
    "rejected, caught": (
        f"const go = async () => {{ throw new Error('x'); }};\nexport const handler = () => go().catch(() => ({{ statusCode: 500, headers: {H} }}));",
        {"500 *"},
    ),
    "rejected": ("export const handler = () => Promise.reject(new TypeError('x'));", {"raises TypeError"}),
    "chain": (
        f"export const handler = () => Promise.resolve(1).then((n) => ({{ statusCode: n + 200 }})).then((r) => ({{ ...r, headers: {H} }})).finally(() => 3);",
        {"201 *"},
    ),
    "all": (
        f"export const handler = async () => {{ const [a, headers] = await Promise.all([200, Promise.resolve({H})]); return {{ statusCode: a, headers }}; }};",
        {"200 *"},
    ),
    "stream": (
        f"export const handler = awslambda.streamifyResponse(async (event, stream) => {{ stream = awslambda.HttpResponseStream.from(stream, {{ statusCode: 201, headers: {H} }}); stream.write('x'); stream.end(); }});",
        {"201 *"},
    ),
    "stream that is piped to": (
        f"import {{ Readable }} from 'node:stream';\nexport const handler = awslambda.streamifyResponse(async (event, stream) => {{ stream = awslambda.HttpResponseStream.from(stream, {{ statusCode: 200, headers: {H} }}); Readable.from(['x']).on('data', () => 1).pipe(stream); }});",
        {"200 *"},
    ),
    "stream without a body": (
        f"export const handler = awslambda.streamifyResponse(async (event, stream) => {{ stream = awslambda.HttpResponseStream.from(stream, {{ statusCode: 204, headers: {H} }}); stream.end(); }});",
        {"200 -"},
    ),
    "default parameter": (
        f"const reply = (statusCode, headers = {H}) => ({{ statusCode, headers }});\nexport const handler = async () => reply(200);",
        {"200 *"},
    ),
    "rest parameters": (
        f"const reply = (...all) => ({{ statusCode: all[0], headers: all[1] }});\nexport const handler = async () => reply(...[200, {H}]);",
        {"200 *"},
    ),
    "class": (
        f"class Reply {{ #h = {H}; static of(code) {{ return new Reply().build(code); }} get headers() {{ return this.#h; }} build(statusCode) {{ return {{ statusCode, headers: this.headers }}; }} }}\nexport const handler = async () => Reply.of(200);",
        {"200 *"},
    ),
    "inherited": (
        f"class A {{ constructor(h) {{ this.h = h; }} build() {{ return {{ statusCode: 200, headers: this.h }}; }} }}\nclass B extends A {{ constructor() {{ super({H}); }} build() {{ return {{ ...super.build(), statusCode: 202 }}; }} }}\nexport const handler = async () => new B().build();",
        {"202 *"},
    ),
    "a method as handler": (
        f"class App {{ constructor() {{ this.h = {H}; this.handle = this.handle.bind(this); }} async handle() {{ return {{ statusCode: 200, headers: this.h }}; }} }}\nexport const handler = new App().handle;",
        {"200 *"},
    ),
    "closure": (
        f"const wrap = (inner) => async (event) => {{ const r = await inner(event); r.headers = {{ ...r.headers, ...{H} }}; return r; }};\nexport const handler = wrap(async () => ({{ statusCode: 200 }}));",
        {"200 *"},
    ),
    "assign": (_body(f"return Object.assign({{ statusCode: 200 }}, {{ headers: {H} }});"), {"200 *"}),
    "computed key": (
        _body("const k = 'Access-Control-Allow-' + 'Origin'; return { statusCode: 200, headers: { [k]: '*' } };"),
        {"200 *"},
    ),
    "delete": (
        _body(f"const h = {H}; delete h['Access-Control-Allow-Origin']; return {{ statusCode: 200, headers: h }};"),
        {"200 -"},
    ),
    "template": (
        _body(
            "const host = 'a.example'; return { statusCode: 200, headers: { 'Access-Control-Allow-Origin': `https://${host}` } };"
        ),
        {"200 https://a.example"},
    ),
    "switch": (
        _body(
            f"switch (event.requestContext.http?.method) {{ case 'GET': case 'HEAD': return {{ statusCode: 200, headers: {H} }}; case 'POST': break; default: return {{ statusCode: 405 }}; }} return {{ statusCode: 201 }};"
        ),
        {
            "GET|HEAD v2.0 200 *",
            "DELETE|OPTIONS|PATCH|PUT v2.0 405 no headers",
            "v1.0 405 no headers",
            "POST v2.0 201 no headers",
        },
    ),
    "loop over a list": (
        _body(
            "const h = {}; for (const o of ALLOWED) { if (o === event.headers.origin) h['Access-Control-Allow-Origin'] = o; } return { statusCode: 200, headers: h };"
        ),
        {
            "200 when:any when:list when:list https://b.example else https://a.example else when:list https://b.example else absent else absent"
        },
    ),
    "found": (
        _body(
            "const o = ALLOWED.find((each) => each === event.headers.origin); return { statusCode: 200, headers: { 'Access-Control-Allow-Origin': o ?? 'null' } };"
        ),
        {"200 when:any when:list https://a.example else when:list https://b.example else null else null"},
    ),
    "try": (
        _body(
            f"try {{ JSON.parse(event.body); }} catch (e) {{ return {{ statusCode: 400, headers: {H} }}; }} finally {{ context.x = 1; }} return {{ statusCode: 200, headers: {H} }};"
        ),
        {"400 *", "200 *"},
    ),
    "labels": (
        _body(
            f"let n = 200; outer: for (let i = 0; i < 3; i++) {{ for (let j = 0; j < 3; j++) {{ if (j === 1) continue outer; if (i === 2) break outer; n += 1; }} }} return {{ statusCode: n, headers: {H} }};"
        ),
        {"202 *"},
    ),
    "getter": (
        _body(f"const r = {{ statusCode: 200, get headers() {{ return {H}; }} }}; return {{ ...r }};"),
        {"200 *"},
    ),
    "prototype": (
        f"function Reply() {{ this.statusCode = 200; }}\nReply.prototype.build = function () {{ return {{ statusCode: this.statusCode, headers: {H} }}; }};\nexport const handler = async () => new Reply().build();",
        {"200 *"},
    ),
    "recursion": (
        f"const down = (n) => (n === 0 ? {{ statusCode: 200, headers: {H} }} : down(n - 1));\nexport const handler = async () => down(1);",
        {"200 *"},
    ),
    "undefined header": (
        _body("return { statusCode: 200, headers: { 'Access-Control-Allow-Origin': undefined, Vary: 'x' } };"),
        {"200 -"},
    ),
    "a function in the response": (
        _body("return { statusCode: 200, headers: { 'Access-Control-Allow-Origin': () => '*' } };"),
        {"200 -"},
    ),
    "headers as a Map": (
        _body("return { statusCode: 200, headers: new Map([['Access-Control-Allow-Origin', '*']]) };"),
        {"200 -"},
    ),
    "headers from a Map": (
        _body(
            "return { statusCode: 200, headers: Object.fromEntries(new Map([['Access-Control-Allow-Origin', '*']])) };"
        ),
        {"200 *"},
    ),
    "two payload formats": (
        _body(
            f"const m = event.httpMethod ?? event.requestContext.http.method; return m === 'GET' ? {{ statusCode: 200, headers: {H} }} : {{ statusCode: 405 }};"
        ),
        {"GET 200 *", "DELETE|HEAD|OPTIONS|PATCH|POST|PUT 405 no headers"},
    ),
    "origin in lower case": (
        _body(
            "const h = Object.fromEntries(Object.entries(event.headers).map(([k, v]) => [k.toLowerCase(), v])); return { statusCode: 200, headers: { 'Access-Control-Allow-Origin': h.origin } };"
        ),
        {"200 echo:any"},
    ),
    "origin by a pattern": (
        _body(
            r"const o = event.headers.origin; return { statusCode: 200, headers: /^https:\/\/[a-z]+\.example$/.test(o) ? { 'Access-Control-Allow-Origin': o } : {} };"
        ),
        {
            r"any: regex['https://[a-z]+\\.example']: 200 echo:regex(full)['https://[a-z]+\\.example']",
            r"not regex['https://[a-z]+\\.example']: 200 -",
        },
    ),
    "origin by its host": (
        _body(
            "const o = event.headers.origin; if (o && new URL(o).hostname.endsWith('.example')) return { statusCode: 200, headers: { 'Access-Control-Allow-Origin': o } }; return { statusCode: 200 };"
        ),
        {
            r"any: regex['[A-Za-z][A-Za-z0-9+.-]*://[^/]*\\.example(?::[0-9]+)?']: 200 echo:regex(full)['[A-Za-z][A-Za-z0-9+.-]*://[^/]*\\.example(?::[0-9]+)?']",
            r"not regex['[A-Za-z][A-Za-z0-9+.-]*://[^/]*\\.example(?::[0-9]+)?']: 200 no headers",
        },
    ),
    "origin by indexOf": (
        _body(
            "const o = event.headers.origin; const h = {}; if (ALLOWED.indexOf(o) > -1) h['Access-Control-Allow-Origin'] = o; return { statusCode: 200, headers: h };"
        ),
        {f"200 echo:list{LIST}"},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_outcomes(name: str) -> None:
    source, expected = CASES[name]
    assert {line(outcome) for outcome in read(source).outcomes} == expected


EVENTS = [
    event(method, "/items", {"origin": origin} if origin else {}, body, payload)
    for payload in ("1.0", "2.0")
    for method in ("GET", "POST")
    for origin in (None, "https://a.example", "https://evil.test")
    for body in (None, "{}", "nope")
]


@pytest.mark.node
def test_handlers_do_what_was_read(tmp_path: Path) -> None:
    cases = []
    runnable = {name: case for name, case in CASES.items() if "pipe(" not in case[0]}
    for number, (source, _) in enumerate(runnable.values()):
        file = tmp_path / f"case{number}.mjs"
        file.write_text(source)
        cases.append({"file": str(file), "entry": "handler", "environment": {}, "events": EVENTS})
    for (name, (source, _)), observed in zip(runnable.items(), run(cases), strict=True):
        summary = read(source)
        missed = [each for each in zip(EVENTS, observed, strict=True) if not contained(summary, *each)]
        assert not missed, (name, missed[0])
