"""What plain handlers can answer, one construct at a time."""

from __future__ import annotations

import pytest

from .reading import short

STAR = '"Access-Control-Allow-Origin": "*"'
CASES: dict[str, tuple[str, set[str]]] = {
    "literal": (f'def handler(e, c): return {{"statusCode": 200, "headers": {{{STAR}}}, "body": ""}}', {"200 *"}),
    "lambda": (f'handler = lambda e, c: {{"statusCode": 200, "headers": {{{STAR}}}}}', {"200 *"}),
    "no headers": ('def handler(e, c): return {"statusCode": 200}', {"200 no headers"}),
    "nothing": ("def handler(e, c): pass", {"None"}),
    "helper": (
        """
        H = {"Access-Control-Allow-Origin": "https://a.example"}
        def reply(code, **more):
            return {"statusCode": code, "headers": {**H, "X": "y"}, **more}
        def handler(e, c):
            return reply(201, body="")
        """,
        {"201 https://a.example"},
    ),
    "dict changed step by step": (
        """
        def handler(e, c):
            r = dict(statusCode=200)
            r["headers"] = {"X": "y"}
            r["headers"].update({"Access-Control-Allow-Origin": "*"})
            r["headers"] |= {"Vary": "Origin"}
            del r["headers"]["X"]
            return r | {"body": ""}
        """,
        {"200 *"},
    ),
    "class with headers": (
        """
        class Base:
            headers = {"Access-Control-Allow-Origin": "*"}
            def build(self, code): return {"statusCode": code, "headers": self.headers}
        class Reply(Base):
            def __init__(self, extra): self.headers = {**self.headers, **extra}
            @staticmethod
            def never(): return None
        def handler(e, c):
            return Reply({"X": "y"}).build(200)
        """,
        {"200 *"},
    ),
    "decorator of the project": (
        """
        import functools
        def with_cors(origin):
            def outer(f):
                @functools.wraps(f)
                def inner(event, context):
                    r = f(event, context)
                    r.setdefault("headers", {})["Access-Control-Allow-Origin"] = origin
                    return r
                return inner
            return outer
        @with_cors("https://a.example")
        def handler(e, c):
            return {"statusCode": 200}
        """,
        {"200 https://a.example"},
    ),
    "methods": (
        """
        def handler(event, context):
            method = event["requestContext"]["http"]["method"]
            if method == "OPTIONS":
                return {"statusCode": 204, "headers": {"Access-Control-Allow-Origin": "*"}}
            elif method in ("GET", "POST"):
                return {"statusCode": 200}
            return {"statusCode": 405}
        """,
        {
            "OPTIONS v2.0 204 *",
            "GET|POST v2.0 200 no headers",
            "DELETE|HEAD|PATCH|PUT v2.0 405 no headers",
            "v1.0 raises KeyError",
        },
    ),
    "either payload format": (
        """
        def handler(event, context):
            m = event.get("httpMethod") or event.get("requestContext", {}).get("http", {}).get("method")
            return {"statusCode": 200 if m == "GET" else 404}
        """,
        {"GET 200 no headers", "DELETE|HEAD|OPTIONS|PATCH|POST|PUT 404 no headers"},
    ),
    "routes in a table": (
        """
        def a(e): return {"statusCode": 200}
        def b(e): return {"statusCode": 201}
        ROUTES = {"GET /items": a, "POST /items": b}
        def handler(event, context):
            route = ROUTES.get(event["routeKey"])
            return route(event) if route else {"statusCode": 404}
        """,
        {
            "GET /items v2.0 200 no headers",
            "POST /items v2.0 201 no headers",
            "v2.0 404 no headers",
            "v1.0 raises KeyError",
        },
    ),
    "match": (
        """
        def handler(event, context):
            match (event["httpMethod"], event["resource"]):
                case ("GET", "/a"): return {"statusCode": 200}
                case (_, "/b"): return {"statusCode": 201}
                case _: return {"statusCode": 404}
        """,
        {"GET /a v1.0 200 no headers", "/b v1.0 201 no headers", "v1.0 404 no headers", "v2.0 raises KeyError"},
    ),
    "errors that are caught": (
        """
        import json
        def handler(event, context):
            try:
                body = json.loads(event["body"])
                return {"statusCode": 200, "body": body["x"]}
            except json.JSONDecodeError:
                return {"statusCode": 400}
            except (KeyError, TypeError) as error:
                return {"statusCode": 422, "body": str(error)}
        """,
        {"200 no headers", "400 no headers", "422 no headers"},
    ),
    "errors that are not": (
        """
        import json
        def handler(event, context):
            return {"statusCode": 200, "body": json.loads(event["body"])["x"]}
        """,
        {
            "200 no headers",
            "raises JSONDecodeError",
            "v1.0 raises TypeError",
            "v1.0 raises KeyError",
            "v2.0 raises KeyError",
        },
    ),
    "a key that only one payload format lacks hides no other": (
        """
        import json
        ITEMS = {}
        def handler(event, context):
            if event["httpMethod"] == "GET":
                return {"statusCode": 200}
            return {"statusCode": 200, "body": json.loads(event["rawPath"])["x"]}
        """,
        {"GET v1.0 200 no headers", "v2.0 raises KeyError", "DELETE|HEAD|OPTIONS|PATCH|POST|PUT v1.0 raises KeyError"},
    ),
    "own exceptions": (
        """
        class Failure(Exception):
            status = 500
            def __init__(self, text): self.text = text
        class Missing(Failure):
            status = 404
        def work(e):
            if not e.get("pathParameters"): raise Missing("no")
            raise Failure("x")
        def handler(event, context):
            try:
                work(event)
            except Failure as error:
                return {"statusCode": error.status, "body": error.text}
        """,
        {"with parameters: 500 no headers", "without parameters: 404 no headers"},
    ),
    "a function with some of its arguments": (
        """
        from functools import partial
        def reply(status, event, context, headers): return {"statusCode": status, "headers": headers}
        handler = partial(reply, 201, headers={"Access-Control-Allow-Origin": "*"})
        """,
        {"201 *"},
    ),
    "a coroutine in an event loop": (
        """
        import asyncio
        async def main(event): return {"statusCode": 200, "headers": {"Access-Control-Allow-Origin": "*"}}
        def handler(event, context):
            loop = asyncio.get_event_loop()
            return loop.run_until_complete(main(event))
        """,
        {"200 *"},
    ),
    "finally": (
        """
        def handler(event, context):
            r = {"statusCode": 200, "headers": {}}
            try:
                return r
            finally:
                r["headers"]["Access-Control-Allow-Origin"] = "*"
        """,
        {"200 *"},
    ),
    "exit": ("import sys\ndef handler(e, c): sys.exit(1)", {"raises SystemExit"}),
    "coroutine": ("async def handler(e, c): return {}", {"cannot send coroutine"}),
    "coroutine that is run": (
        "import asyncio\nasync def main(e): return {'statusCode': 200}\ndef handler(e, c): return asyncio.run(main(e))",
        {"200 no headers"},
    ),
    "generator": ("def handler(e, c): yield {}", {"cannot send generator"}),
    "set": ("def handler(e, c): return {'statusCode': 200, 'x': {1}}", {"cannot send set"}),
    "list": ("def handler(e, c): return [200, 'x']", {"[200, x]"}),
    "text": ("import json\ndef handler(e, c): return json.dumps({})", {"text"}),
    "status of the library": (
        "from http import HTTPStatus\ndef handler(e, c): return {'statusCode': HTTPStatus.NOT_FOUND}",
        {"404 no headers"},
    ),
    "loop over known items": (
        """
        def handler(e, c):
            h = {}
            for name in ("Origin", "Methods"):
                h[f"Access-Control-Allow-{name}"] = "*"
            return {"statusCode": 200, "headers": h}
        """,
        {"200 *"},
    ),
    "global state": (
        """
        HEADERS = {}
        def setup():
            global HEADERS
            HEADERS = {"Access-Control-Allow-Origin": "*"}
        setup()
        def handler(e, c): return {"statusCode": 200, "headers": HEADERS}
        """,
        {"200 *"},
    ),
    "recursion ends": ("def f(n): return f(n)\ndef handler(e, c): return f(1)", {"unknown"}),
    "handler chosen when the module loads": (
        """
        import os
        if os.environ["STAGE"] == "dev":
            def handler(e, c): return {"statusCode": 200, "headers": {"Access-Control-Allow-Origin": "*"}}
        else:
            def handler(e, c): return {"statusCode": 200}
        """,
        {"200 *"},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_ways_out(name: str) -> None:
    source, expected = CASES[name]
    assert short(source, {"STAGE": "dev"}) == expected


ORIGINS: dict[str, tuple[str, set[str]]] = {
    "echo of any": ('e["headers"].get("origin")', {"200 echo:any else None"}),
    "list": ('o if o in ["https://a.example"] else "null"', {"200 echo:list['https://a.example'] else null"}),
    "equal": ('o if o == "https://a.example" else ""', {"200 echo:list['https://a.example'] else "}),
    "any of them": (
        'o if any(o == a for a in ("https://a.example", "https://b.example")) else "x"',
        {"200 echo:list['https://a.example', 'https://b.example'] else x"},
    ),
    "suffix": ('o if o and o.endswith(".example.com") else "x"', {"200 echo:suffix['.example.com'] else x"}),
    "prefix": ('o if o and o.startswith("https://a") else "x"', {"200 echo:prefix['https://a'] else x"}),
    "substring": ('o if o and "example.com" in o else "x"', {"200 echo:substring['example.com'] else x"}),
    "part of a text": (
        'o if o and o in "https://a.example,https://b.example" else "x"',
        {"200 echo:within['https://a.example,https://b.example'] else x"},
    ),
    "pattern from its start": (
        'o if o and re.match("https://.*", o) else "x"',
        {"200 echo:regex(start)['https://.*'] else x"},
    ),
    "pattern anywhere": ('o if o and PATTERN.search(o) else "x"', {"200 echo:regex(none)['a.example'] else x"}),
    "whole pattern": ('o if o and re.fullmatch("https://a", o) else "x"', {"200 echo:regex(full)['https://a'] else x"}),
    "list of the environment": (
        'o if o in os.environ["ALLOWED"].split(",") else "x"',
        {"200 echo:list['https://a.example', 'https://b.example'] else x"},
    ),
    "default in the code": ('os.environ.get("MISSING", "https://d.example")', {"200 https://d.example"}),
    "value of the environment": ('os.getenv("ALLOWED")', {"200 https://a.example,https://b.example"}),
    "nothing known of the environment": ('os.environ["MISSING"]', {"200 unknown"}),
    "list joined": (
        '", ".join(["https://a.example", "https://b.example"])',
        {"200 https://a.example, https://b.example"},
    ),
    "formatted": ('f"https://{NAME}.example"', {"200 https://a.example"}),
    "percent": ('"https://%s.example" % NAME', {"200 https://a.example"}),
    "format": ('"https://{}.example".format(NAME)', {"200 https://a.example"}),
    "another header": ('e["headers"].get("x-origin", "*")', {"200 mirror"}),
}


@pytest.mark.parametrize("name", ORIGINS)
def test_origin_is_told(name: str) -> None:
    expression, expected = ORIGINS[name]
    source = f"""
import os
import re
NAME = "a"
PATTERN = re.compile("a.example")
def handler(e, c):
    o = e["headers"].get("origin")
    return {{"statusCode": 200, "headers": {{"Access-Control-Allow-Origin": {expression}}}}}
"""
    assert short(source, {"ALLOWED": "https://a.example,https://b.example"}) == expected


LOOK_UPS = {
    'e["headers"].get("origin") or e["headers"].get("Origin")': (("origin", "Origin"), False),
    'e["headers"].get("Origin", e["headers"].get("origin"))': (("Origin", "origin"), False),
    '{k.lower(): v for k, v in e["headers"].items()}.get("origin")': (("origin",), True),
    'next((v for k, v in e["headers"].items() if k.lower() == "origin"), None)': (("origin",), True),
    'e["headers"].get("Origin")': (("Origin",), False),
}


@pytest.mark.parametrize("expression", LOOK_UPS)
def test_how_the_origin_is_looked_up(expression: str) -> None:
    from corsmith.api.outcome import Echo

    from .reading import read

    source = (
        f'def handler(e, c): return {{"statusCode": 200, "headers": {{"Access-Control-Allow-Origin": {expression}}}}}'
    )
    (outcome,) = read(source).outcomes
    echo = dict(dict(outcome.result.result.entries)["headers"].entries)["Access-Control-Allow-Origin"]
    assert isinstance(echo, Echo)
    assert (echo.looked_up, echo.ignores_case) == LOOK_UPS[expression]
