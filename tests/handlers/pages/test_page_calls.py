"""The calls of pages: how each library is used, through wrappers, instances and settings, in every kind of file."""
# ruff: noqa: E501 - a script and what it sends in one line each

from __future__ import annotations

from textwrap import dedent
from typing import Any

import pytest

from corsmith.api.page_call import Hole, PageCall
from corsmith.api.tree import Memory, Tree
from corsmith.handlers.pages import page_calls, wrapping

API = "https://abc.execute-api.us-east-1.amazonaws.com/prod"


def calls(files: dict[str, str] | str, path: str = "web/app.js") -> tuple[PageCall, ...]:
    held = {path: files} if isinstance(files, str) else files
    return page_calls(Tree(Memory({name: dedent(text) for name, text in held.items()})), tuple(held))


def line(call: PageCall) -> str:
    url = "".join(f"<{piece.name}>" if isinstance(piece, Hole) else piece for piece in call.url)
    sent = " ".join(f"{each.name}={each.value or '?'}" for each in sorted(call.headers, key=lambda each: each.name))
    return f"{call.method} {url}{' ' + sent if sent else ''}{' with credentials' if call.credentials else ''}"


def lines(files: dict[str, str] | str, path: str = "web/app.js") -> list[str]:
    return [line(call) for call in calls(files, path)]


ONE_FILE: dict[str, tuple[str, list[str]]] = {
    "fetch": (f"fetch('{API}/items')", [f"GET {API}/items"]),
    "fetch with options": (
        f"fetch('{API}/items', {{ method: 'POST', headers: {{ 'Content-Type': 'application/json', 'X-Tenant': t }}, credentials: 'include', body: JSON.stringify(x) }})",
        [f"POST {API}/items content-type=application/json x-tenant=? with credentials"],
    ),
    "window.fetch": ("const api = import.meta.env.VITE_API; window.fetch(`${api}/items/${id}`, { method: 'delete' })", ["DELETE <VITE_API>/items/<id>"]),
    "a Request": (f"fetch(new Request('{API}/items'))", [f"GET {API}/items"]),
    "a URL": (f"fetch(new URL('/items', '{API.removesuffix('/prod')}'))", [f"GET {API.removesuffix('/prod')}/items"]),
    "text put together": ("const API = process.env.REACT_APP_API; fetch(API + '/items/' + id + '?all=1')", ["GET <REACT_APP_API>/items/<id>?all=1"]),
    "options made before": (
        "const headers = { Accept: 'application/json' }; headers['X-A'] = '1'; headers.Authorization = `Bearer ${token}`; const options = { method: 'PUT', headers }; fetch(`${API}/a`, options)",
        ["PUT <API>/a accept=application/json authorization=? x-a=1"],
    ),
    "Headers": (
        "const h = new Headers({ 'X-A': '1' }); h.append('X-B', '2'); h.set('X-C', '3'); fetch(`${API}/a`, { headers: h })",
        ["GET <API>/a x-a=1 x-b=2 x-c=3"],
    ),
    "headers of pairs": ("fetch(`${API}/a`, { headers: new Headers([['X-A', '1']]) })", ["GET <API>/a x-a=1"]),
    "headers where there is a token": (
        "fetch(`${API}/a`, { headers: { ...(token ? { Authorization: token } : {}), ...(id && { 'X-Id': id }) } })",
        ["GET <API>/a authorization=? x-id=?"],
    ),
    "headers of a function": (
        "function auth() { const t = localStorage.getItem('t'); if (!t) return {}; return { Authorization: t } } fetch(`${API}/a`, { headers: { 'X-A': '1', ...auth() } })",
        ["GET <API>/a authorization=? x-a=1"],
    ),
    "a header by a constant name": ("const NAME = 'X-Key'; fetch(`${API}/a`, { headers: { [NAME]: key } })", ["GET <API>/a x-key=?"]),
    "address of a function": ("const url = (path) => `${API}${path}`; fetch(url('/items'))", ["GET <API>/items"]),
    "address in an object": ("const config = { api: { base: 'https://api.example.com' } }; fetch(`${config.api.base}/x`)", ["GET https://api.example.com/x"]),
    "an address or another": ("const API = window.API || 'http://localhost:3000'; fetch(`${API}/x`)", ["GET <API>/x"]),
    "the response header as request header": (
        "fetch(`${API}/x`, { headers: { 'Access-Control-Allow-Origin': '*' } })",
        ["GET <API>/x access-control-allow-origin=*"],
    ),
    "axios": ("import axios from 'axios'; axios.get(`${API}/x`, { headers: { 'X-A': '1' }, withCredentials: true })", ["GET <API>/x x-a=1 with credentials"]),
    "axios with a body": ("axios.post(`${API}/x`, { a: 1 })", ["POST <API>/x content-type=application/json"]),
    "axios with a form": ("axios.post(`${API}/x`, new URLSearchParams())", ["POST <API>/x"]),
    "axios with a config": ("axios({ method: 'put', url: `${API}/x`, data: item, headers: { 'X-A': '1' } })", ["PUT <API>/x content-type=application/json x-a=1"]),
    "axios.request": ("axios.request({ url: `${API}/x`, method: 'DELETE' })", ["DELETE <API>/x"]),
    "an instance": (
        f"const api = axios.create({{ baseURL: '{API}', headers: {{ 'X-A': '1' }}, withCredentials: true }}); api.patch('/x/' + id, body)",
        [f"PATCH {API}/x/<id> content-type=application/json x-a=1 with credentials"],
    ),
    "an instance with common headers": (
        "const api = axios.create({ baseURL: API, headers: { common: { 'X-A': '1' }, post: { 'X-B': '2' } } }); api.get('/x'); api.post('/x')",
        ["GET <API>/x x-a=1", "POST <API>/x x-a=1 x-b=2"],
    ),
    "an instance and its interceptor": (
        "const api = axios.create({ baseURL: API }); api.interceptors.request.use((config) => { config.headers['X-A'] = '1'; config.headers.Authorization = `Bearer ${t}`; return config }); api.get('/x')",
        ["GET <API>/x authorization=? x-a=1"],
    ),
    "axios and its defaults": (
        "axios.defaults.baseURL = 'https://api.example.com'; axios.defaults.withCredentials = true; axios.defaults.headers.common['X-A'] = '1'; axios.get('/x')",
        ["GET https://api.example.com/x x-a=1 with credentials"],
    ),
    "XMLHttpRequest": (
        "function load() { const xhr = new XMLHttpRequest(); xhr.open('PUT', API + '/x'); xhr.setRequestHeader('X-A', '1'); xhr.withCredentials = true; xhr.send() }",
        ["PUT <API>/x x-a=1 with credentials"],
    ),
    "$.ajax": (
        "$.ajax({ url: API + '/x', type: 'POST', contentType: 'application/json', headers: { 'X-A': '1' }, xhrFields: { withCredentials: true }, beforeSend: function (xhr) { xhr.setRequestHeader('X-B', '2') } })",
        ["POST <API>/x content-type=application/json x-a=1 x-b=2 with credentials"],
    ),
    "$.ajax with an address": ("$.ajax(API + '/x', { method: 'DELETE' })", ["DELETE <API>/x"]),
    "$.getJSON and $.post": ("$.getJSON(API + '/x', done); jQuery.post(API + '/y', {})", ["GET <API>/x", "POST <API>/y"]),
    "ky": ("import ky from 'ky'; ky.post(`${API}/x`, { json: {}, headers: { 'X-A': '1' }, credentials: 'include' })", ["POST <API>/x content-type=application/json x-a=1 with credentials"]),
    "an instance of ky": ("import ky from 'ky'; const api = ky.create({ prefixUrl: 'https://api.example.com', headers: { 'X-A': '1' } }); api.get('x')", ["GET https://api.example.com/x x-a=1"]),
    "superagent": (
        "import request from 'superagent'; request.post(API + '/x').set('X-A', '1').set({ 'X-B': '2' }).withCredentials().send({ a: 1 })",
        ["POST <API>/x content-type=application/json x-a=1 x-b=2 with credentials"],
    ),
    "ofetch": ("$fetch('/x', { baseURL: 'https://api.example.com', method: 'POST', body: { a: 1 } })", ["POST https://api.example.com/x content-type=application/json"]),
    "Angular": (
        "class Items { constructor(private http: HttpClient) {} add(item: Item) { return this.http.post(`${environment.apiUrl}/items`, item, { headers: new HttpHeaders({ 'X-A': '1' }).set('X-B', '2'), withCredentials: true }) } }",
        ["POST <environment.apiUrl>/items content-type=application/json x-a=1 x-b=2 with credentials"],
    ),
    "Amplify": ("import { API } from 'aws-amplify'; API.post('shop', '/items', { headers: { 'X-A': '1' }, body: {} })", ["POST <api>/items content-type=application/json x-a=1"]),
    "Amplify 6": ("import { del } from 'aws-amplify/api'; del({ apiName: 'shop', path: '/items', options: { headers: { 'X-A': '1' } } })", ["DELETE <api>/items x-a=1"]),
    "openapi-fetch": (
        "import createClient from 'openapi-fetch'; const client = createClient({ baseUrl: 'https://api.example.com' }); client.PUT('/items/{id}', { params: {}, body: {} })",
        ["PUT https://api.example.com/items/{id} content-type=application/json"],
    ),
    "a client of a generator": (
        "export class ItemsApi extends runtime.BaseAPI { async add(p) { const headerParameters = {}; headerParameters['Content-Type'] = 'application/json'; return this.request({ path: `/items`, method: 'POST', headers: headerParameters, body: p }) } }",
        ["POST <api>/items content-type=application/json"],
    ),
    "another generator": (
        "export const add = (body) => __request(OpenAPI, { method: 'POST', url: '/items', body: body, mediaType: 'application/json' })",
        ["POST <api>/items content-type=application/json"],
    ),
    "a wrapper": (
        "async function request(path, options = {}) { return fetch(`${API}${path}`, { ...options, headers: { 'X-A': '1', ...options.headers } }) }\nrequest('/a'); request('/b', { method: 'POST', headers: { 'X-B': '2' } })",
        ["GET <API>/a x-a=1", "POST <API>/b x-a=1 x-b=2"],
    ),
    "a wrapper of a wrapper": (
        "const send = (method, path, body) => fetch(BASE + path, { method, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });\nconst post = (path, body) => send('POST', path, body);\npost('/a', {}); send('DELETE', `/b/${id}`)",
        ["POST <BASE>/a content-type=application/json", "DELETE <BASE>/b/<id> content-type=application/json"],
    ),
    "a class": (
        "class Client { constructor() { this.base = 'https://api.example.com' } call(path, { method = 'GET', headers } = {}) { return fetch(this.base + path, { method, headers }) } add(item) { return this.call('/items', { method: 'POST', headers: { 'X-A': '1' } }) } }",
        ["POST https://api.example.com/items x-a=1"],
    ),
    "parameters taken apart": (
        "function call({ path, verb = 'GET', token }) { return fetch(`${API}${path}`, { method: verb, headers: { Authorization: token } }) }\ncall({ path: '/a', token: t }); call({ path: '/b', verb: 'PUT' })",
        ["GET <API>/a authorization=?", "PUT <API>/b authorization=?"],
    ),
    "a hook": ("function Items() { const load = useCallback(async (id) => { await fetch(`${API}/items/${id}`) }, []); useEffect(() => { load(1) }, []); return <List onClick={() => load(2)} /> }", ["GET <API>/items/1", "GET <API>/items/2"]),
    "what is no call": ("const map = new Map(); map.get('/items'); cache.delete('/x'); app.get('/items', f); fetchItems()", []),
}  # fmt: skip


@pytest.mark.parametrize("name", ONE_FILE)
def test_one_file(name: str) -> None:
    source, expected = ONE_FILE[name]
    path = "web/app.tsx" if name in {"a hook", "Angular"} else "web/app.js"
    if name == "Angular":
        path = "web/app.ts"
    assert lines(source, path) == expected


SEVERAL: dict[str, tuple[dict[str, str], list[str]]] = {
    "constants of another file": (
        {"web/config.ts": "export const API_URL = 'https://api.example.com';", "web/app.ts": "import { API_URL as base } from './config'; fetch(`${base}/x`)"},
        ["GET https://api.example.com/x"],
    ),
    "the default export": (
        {"web/config.js": "export default { base: 'https://api.example.com' };", "web/app.js": "import config from './config.js'; fetch(`${config.base}/x`)"},
        ["GET https://api.example.com/x"],
    ),
    "an instance of another file": (
        {
            "web/api.js": "import axios from 'axios';\nconst api = axios.create({ baseURL: 'https://api.example.com', withCredentials: true });\napi.interceptors.request.use((c) => { c.headers['X-A'] = '1'; return c });\nexport default api;",
            "web/app.jsx": "import http from './api'; export const load = () => http.get('/items'); // axios",
        },
        ["GET https://api.example.com/items x-a=1 with credentials"],
    ),
    "a wrapper of another file": (
        {"web/http.ts": "export async function http<T>(path: string, init?: RequestInit): Promise<T> { const r = await fetch(`${process.env.NEXT_PUBLIC_API}${path}`, init); return r.json() }", "web/items.ts": "import { http } from './http';\nexport const add = (item: Item) => http<Item>('/items', { method: 'POST', headers: { 'X-A': '1' } });"},
        ["POST <NEXT_PUBLIC_API>/items x-a=1"],
    ),
    "through an index": (
        {"web/lib/index.ts": "export * from './http';", "web/lib/http.ts": "export const http = (path) => fetch(API + path);", "web/items.ts": "import { http } from './lib';\nhttp('/a');"},
        ["GET <API>/a"],
    ),
    "a class of another file": (
        {"web/client.ts": "export class Client { async get(path: string) { return fetch(`${this.base}${path}`, { headers: { 'X-A': '1' } }) } }", "web/items.ts": "import { Client } from './client';\nconst client = new Client();\nclient.get('/items');"},
        ["GET <base>/items x-a=1"],
    ),
    "a service that is injected, beside others of the same method": (
        {"web/orders.service.ts": "export class Orders { constructor(private http: HttpClient) {} get(id: string) { return this.http.get(`${environment.api}/orders/${id}`) } }", "web/order.component.ts": "import { Orders } from './orders.service';\nexport class Order { constructor(private orders: Orders, private route: ActivatedRoute) {} load() { this.orders.get('7'); this.route.snapshot.paramMap.get('id'); this.form.get('name') } }"},
        ["GET <environment.api>/orders/7"],
    ),
    "an interceptor of Angular": (
        {"web/auth.interceptor.ts": "export class Auth implements HttpInterceptor { intercept(req: HttpRequest<any>, next: HttpHandler) { return next.handle(req.clone({ headers: req.headers.set('Authorization', this.token), withCredentials: true })) } }", "web/items.service.ts": "export class Items { constructor(private http: HttpClient) {} all() { return this.http.get(`${environment.api}/items`) } }"},
        ["GET <environment.api>/items authorization=? with credentials"],
    ),
    "CommonJS": (
        {"web/config.js": "module.exports = { API: 'https://api.example.com' };", "web/app.js": "const { API } = require('./config'); const axios = require('axios'); axios.delete(`${API}/x`)"},
        ["DELETE https://api.example.com/x"],
    ),
    "by custom, @ is the folder of the sources": (
        {"src/config.ts": "export const API = 'https://api.example.com';", "src/pages/a.vue": "<template><p/></template>\n<script setup lang=\"ts\">\nimport { API } from '@/config'\nfetch(`${API}/x`)\n</script>"},
        ["GET https://api.example.com/x"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SEVERAL)
def test_several_files(name: str) -> None:
    files, expected = SEVERAL[name]
    assert lines(files) == expected


MARKUP = {
    "index.html": "<!doctype html>\n<title>é</title>\n<script src='x.js'></script>\n<script>\nfetch('https://api.example.com/x', { headers: { 'X-A': '1' } })\n</script>\n",
    "App.vue": "<template><p>é</p></template>\n<script>\nexport default { methods: { load() { return fetch('https://api.example.com/x', { headers: { 'X-A': '1' } }) } } }\n</script>\n",
    "Page.svelte": "<script lang='ts'>\nconst a: string = 'é'; fetch('https://api.example.com/x', { headers: { 'X-A': '1' } })\n</script>\n<p>fetch('/y')</p>",
    "Two.vue": "<script>const a = 1</script>\n<script setup>\nfetch('https://api.example.com/x', { headers: { 'X-A': '1' } })\n</script>",
}


@pytest.mark.parametrize("name", MARKUP)
def test_scripts_in_markup(name: str) -> None:
    (call,) = calls(MARKUP[name], name)
    assert line(call) == "GET https://api.example.com/x x-a=1"
    text = MARKUP[name]
    assert call.span.file == name
    assert text[call.span.start : call.span.end].startswith("fetch(")
    assert text[call.headers[0].span.start : call.headers[0].span.end] == "'X-A': '1'"


NO_PAGES = {
    "tests/app.test.js": "fetch('https://api.example.com/x')",
    "cypress/e2e/a.cy.js": "fetch('https://api.example.com/x')",
    "src/api.spec.ts": "fetch('https://api.example.com/x')",
    "lib/vendor.min.js": "fetch('https://api.example.com/x')",
    "functions/a.js": "exports.handler = async () => fetch('https://api.example.com/x')",
    "functions/b.mjs": "export const handler = async () => fetch('https://api.example.com/x')",
    "tools/seed.js": "#!/usr/bin/env node\nfetch('https://api.example.com/x')",
    "tools/load.js": "import fs from 'node:fs';\nfetch('https://api.example.com/x')",
    "pages/api/items.ts": "export default async (req, res) => res.json(await fetch('https://api.example.com/x'))",
    "app/items/route.ts": "export async function GET() { return fetch('https://api.example.com/x') }",
    "app/actions.ts": "'use server'\nexport async function add() { return fetch('https://api.example.com/x') }",
    "server/index.js": "const express = require('express'); fetch('https://api.example.com/x')",
    "src/types.d.ts": "declare const x: typeof fetch",
    "page.html": "<script type='application/json'>fetch('https://api.example.com/x')</script>",
}


@pytest.mark.parametrize("path", NO_PAGES)
def test_what_no_page_runs_is_passed_over(path: str) -> None:
    assert lines(NO_PAGES[path], path) == []


def test_broken_scripts_are_read_where_they_can_be() -> None:
    assert lines("fetch('https://api.example.com/a');\nconst = ;\nfetch('https://api.example.com/b');") == [
        "GET https://api.example.com/a",
        "GET https://api.example.com/b",
    ]


@pytest.mark.parametrize(
    "source",
    [
        "const a = b; const b = a; fetch(a + '/x')",
        "function f(x) { return f(x) } fetch(f('/x'))",
        "function f(p) { f(p); fetch(API + p) }",
        "const go = (p) => { fetch(API + p); go(p) }; go('/a')",
        "fetch(" + "(" * 400 + "x" + ")" * 400 + ")",
        "fetch(...args)",
        "fetch()",
        "fetch`/x`",
        "axios.get()",
        "const { a, ...rest } = rest; fetch(rest.a)",
        "x.open(",
    ],
)
def test_odd_scripts_do_no_harm(source: str) -> None:
    assert isinstance(calls(source), tuple)


def test_layers_of_wrappers_that_multiply_are_looked_at_so_often_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[None] = []
    recognise = wrapping.recognise

    def counted(*arguments: Any) -> Any:
        asked.append(None)
        return recognise(*arguments)

    monkeypatch.setattr(wrapping, "recognise", counted)
    monkeypatch.setattr(wrapping, "_WAYS_AT_MOST", 100)
    layers = ["const send0 = (path, token) => fetch(`${API}/${path}`, { headers: { 'X-Token': token } });"]
    for number in range(1, 4):
        inner = " ".join(f"send{number - 1}(`${{path}}{each}`, token);" for each in range(20))
        layers.append(f"const send{number} = (path, token) => {{ {inner} }};")
    layers.append("send3('items', '1');")
    assert calls("\n".join(layers))
    assert len(asked) < 400
