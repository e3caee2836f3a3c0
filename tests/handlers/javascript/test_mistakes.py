"""The mistakes people make in Node handlers, each beside a twin that is right: what is read tells them apart."""
# ruff: noqa: E501 - whole handlers in one line, bad beside right

from __future__ import annotations

import pytest

from corsmith.api.outcome import Array, Object, Returned
from corsmith.api.value import Known

from .reading import read, short

H = "{ 'Access-Control-Allow-Origin': '*' }"


def _body(text: str) -> str:
    return f"const ALLOWED = ['https://a.example'];\nexport const handler = async (event) => {{ {text} }};"


# name: (bad, what is read, right, what is read)
PAIRS: dict[str, tuple[str, set[str], str, set[str]]] = {
    "error branch without headers": (
        _body(f"try {{ await fetch('x'); return {{ statusCode: 200, headers: {H} }}; }} catch (e) {{ return {{ statusCode: 500, body: e.message }}; }}"),
        {"200 *", "500 no headers"},
        _body(f"const headers = {H}; try {{ await fetch('x'); return {{ statusCode: 200, headers }}; }} catch (e) {{ return {{ statusCode: 500, headers }}; }}"),
        {"200 *", "500 *"},
    ),
    "an exception nobody catches": (
        _body(f"const d = JSON.parse(event.body); return {{ statusCode: 200, headers: {H} }};"), {"200 *", "raises SyntaxError"},
        _body(f"let d; try {{ d = JSON.parse(event.body); }} catch {{ return {{ statusCode: 400, headers: {H} }}; }} return {{ statusCode: 200, headers: {H} }};"), {"200 *", "400 *"},
    ),
    "what may be missing": (
        _body(f"const out = await db.get(1); return {{ statusCode: 200, headers: {H}, body: out.Item.name }};"), {"200 *", "raises TypeError"},
        _body(f"const out = await db.get(1); if (!out.Item) return {{ statusCode: 404, headers: {H} }}; return {{ statusCode: 200, headers: {H}, body: out.Item.name }};"), {"200 *", "404 *"},
    ),
    "headers set on the event": (
        _body("event.headers['Access-Control-Allow-Origin'] = '*'; return { statusCode: 200 };"), {"200 no headers"},
        _body(f"return {{ statusCode: 200, headers: {H} }};"), {"200 *"},
    ),
    "no statusCode": (
        _body(f"return {{ headers: {H}, body: 'x' }};"), {"no status *"},
        _body(f"return {{ statusCode: 200, headers: {H} }};"), {"200 *"},
    ),
    "the whole response as text": (
        _body(f"return {{ statusCode: 200, body: JSON.stringify({{ statusCode: 200, headers: {H} }}) }};"), {"200 no headers"},
        _body(f"return {{ statusCode: 200, headers: {H}, body: JSON.stringify({{}}) }};"), {"200 *"},
    ),
    "not async": (
        f"export const handler = (event) => ({{ statusCode: 200, headers: {H} }});", {"None"},
        f"export const handler = async (event) => ({{ statusCode: 200, headers: {H} }});", {"200 *"},
    ),
    "a promise that is not awaited": (
        f"const go = async () => {H};\nexport const handler = async () => ({{ statusCode: 200, headers: go() }});", {"200 -"},
        f"const go = async () => {H};\nexport const handler = async () => ({{ statusCode: 200, headers: await go() }});", {"200 *"},
    ),
    "headers under another key": (
        _body(f"return {{ statusCode: 200, header: {H} }};"), {"200 no headers"},
        _body(f"return {{ statusCode: 200, headers: {H} }};"), {"200 *"},
    ),
    "origin needed": (
        _body("return { statusCode: 200, headers: { 'Access-Control-Allow-Origin': event.headers.origin.trim() } };"),
        {"any: 200 echo:any", "not any: raises TypeError"},
        _body("return { statusCode: 200, headers: { 'Access-Control-Allow-Origin': event.headers.origin?.trim() ?? 'null' } };"),
        {"200 echo:any else null"},
    ),
    "part of the origin": (
        _body("const o = event.headers.origin ?? ''; return { statusCode: 200, headers: { 'Access-Control-Allow-Origin': o.includes('a.example') ? o : 'null' } };"),
        {"200 echo:substring['a.example'] else null"},
        _body("const o = event.headers.origin ?? ''; return { statusCode: 200, headers: { 'Access-Control-Allow-Origin': ALLOWED.includes(o) ? o : 'null' } };"),
        {"200 echo:list['https://a.example'] else null"},
    ),
    "two spellings in one object": (
        _body("return { statusCode: 200, headers: { ...{ 'access-control-allow-origin': '*' }, 'Access-Control-Allow-Origin': 'https://a.example' } };"),
        {"200 * and https://a.example"},
        _body("return { statusCode: 200, headers: { ...{ 'Access-Control-Allow-Origin': '*' }, 'Access-Control-Allow-Origin': 'https://a.example' } };"),
        {"200 https://a.example"},
    ),
    "preflight is not answered": (
        _body(f"switch (event.httpMethod) {{ case 'GET': return {{ statusCode: 200, headers: {H} }}; default: return {{ statusCode: 404 }}; }}"),
        {"GET v1.0 200 *", "DELETE|HEAD|OPTIONS|PATCH|POST|PUT v1.0 404 no headers", "v2.0 404 no headers"},
        _body(f"switch (event.httpMethod) {{ case 'OPTIONS': return {{ statusCode: 204, headers: {H} }}; case 'GET': return {{ statusCode: 200, headers: {H} }}; default: return {{ statusCode: 404, headers: {H} }}; }}"),
        {"OPTIONS v1.0 204 *", "GET v1.0 200 *", "DELETE|HEAD|PATCH|POST|PUT v1.0 404 *", "v2.0 404 *"},
    ),
    "process.exit": (
        _body(f"if (!event.headers.origin) process.exit(1); return {{ statusCode: 200, headers: {H} }};"),
        {"not any: raises ExitError", "any: 200 *"},
        _body(f"if (!event.headers.origin) return {{ statusCode: 400, headers: {H} }}; return {{ statusCode: 200, headers: {H} }};"),
        {"not any: 400 *", "any: 200 *"},
    ),
    "fails when it is loaded": (
        "const table = JSON.parse('{');\nexport const handler = async () => ({ statusCode: 200 });", {"raises SyntaxError"},
        "const table = JSON.parse('{}');\nexport const handler = async () => ({ statusCode: 200 });", {"200 no headers"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PAIRS)
def test_mistakes_and_their_twins(name: str) -> None:
    bad, seen, right, expected = PAIRS[name]
    assert short(bad) == seen
    assert short(right) == expected


def test_values_that_are_no_text_are_kept_as_they_are() -> None:
    source = _body(
        "return { statusCode: 200, headers: { 'Access-Control-Allow-Credentials': true, 'Access-Control-Max-Age': 60, 'Access-Control-Allow-Methods': ['GET'] }, body: { a: 1 } };"
    )
    (outcome,) = read(source).outcomes
    assert isinstance(outcome.result, Returned)
    assert isinstance(outcome.result.result, Object)
    response = dict(outcome.result.result.entries)
    headers = response["headers"]
    assert isinstance(headers, Object)
    kept = dict(headers.entries)
    assert isinstance(kept["Access-Control-Allow-Credentials"], Known)
    assert kept["Access-Control-Allow-Credentials"].value is True
    assert isinstance(kept["Access-Control-Max-Age"], Known)
    assert kept["Access-Control-Max-Age"].value == 60
    assert isinstance(kept["Access-Control-Allow-Methods"], Array)
    assert isinstance(response["body"], Object)
