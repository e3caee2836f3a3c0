"""Random handlers: every construct that is read, put together at random, always valid Python that ends."""

from __future__ import annotations

from random import Random

METHODS = ["GET", "POST", "PUT", "DELETE", "OPTIONS"]
NAMES = ["Access-Control-Allow-Origin", "Access-Control-Allow-Methods", "Vary", "Content-Type", "X-A"]
ORIGINS = ["https://a.example", "https://b.example", "http://localhost:3000"]
STATUSES = [
    "200",
    "201",
    "404",
    "500",
    "HTTPStatus.BAD_REQUEST",
    "HTTPStatus.OK.value",
    'int("202")',
    '204 if m == "OPTIONS" else 200',
]
PATHS = ["/items", "/users", "/"]

_HEAD = """
import functools
import json
import os
import re
import sys
from http import HTTPStatus

ORIGINS = ["https://a.example", "https://b.example"]
BASE = {"Content-Type": "application/json"}
OPEN = {"Access-Control-Allow-Origin": "*"}
FROM_ENV = os.environ["ALLOWED"].split(",")
DEFAULT = os.environ.get("MISSING", "fallback")


class Refused(Exception):
    def __init__(self, status, text="no"):
        super().__init__(text)
        self.status = status


class Reply:
    headers = {"X-A": "class"}

    def __init__(self, status=200, extra=None):
        self.status = status
        self.extra = extra or {}

    def build(self, body):
        return {"statusCode": self.status, "headers": {**self.headers, **self.extra}, "body": json.dumps(body)}


def respond(status, headers=None, **more):
    return {"statusCode": status, "headers": dict(BASE, **(headers or {})), "body": "{}", **more}


def with_origin(headers, origin):
    made = dict(headers)
    if origin in ORIGINS:
        made["Access-Control-Allow-Origin"] = origin
        made["Vary"] = "Origin"
    return made


def open_to_all(function):
    @functools.wraps(function)
    def inner(event, context):
        reply = function(event, context)
        reply.setdefault("headers", {})["Access-Control-Allow-Origin"] = "*"
        return reply
    return inner


def guarded(function):
    def inner(event, context):
        try:
            return function(event, context)
        except Refused as error:
            return respond(error.status)
        except Exception:
            return {"statusCode": 500, "body": "failed"}
    return inner


def method_of(event):
    return event.get("httpMethod") or event["requestContext"]["http"]["method"]


def origin_of(event):
    headers = event.get("headers") or {}
    return headers.get("origin") or headers.get("Origin")


def lowered(event):
    return {name.lower(): value for name, value in event["headers"].items()}


def searched(event):
    for name, value in event["headers"].items():
        if name.lower() == "origin":
            return value
    return None
"""


class Program:
    """Writes one handler."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)
        self._lines: list[str] = []
        self._depth = 0
        self._size = 0

    def source(self) -> str:
        """Return the module's text."""
        pick = self._random.random
        decorators = [name for name in ("@open_to_all", "@guarded") if pick() < 0.15]
        self._lines += decorators
        self._lines.append("def handler(event, context):")
        self._depth = 1
        self._say(
            self._random.choice(
                [
                    "m = method_of(event)",
                    "m = method_of(event).upper()",
                    'm = event["requestContext"].get("http", {}).get("method", event.get("httpMethod"))',
                ]
            )
        )
        self._say(
            self._random.choice(
                [
                    "o = origin_of(event)",
                    'o = event["headers"].get("origin", "")',
                    'o = lowered(event).get("origin")',
                    "o = searched(event)",
                    'o = next((v for k, v in event["headers"].items() if k.lower() == "origin"), None)',
                ]
            )
        )
        self._say("h = {}")
        self._say("s = 200")
        self._say('b = event.get("body")')
        self._block(self._random.randint(2, 7), nested=3)
        self._say(self._returned())
        return _HEAD + "\n\n" + "\n".join(self._lines) + "\n"

    def _say(self, text: str) -> None:
        self._lines.append("    " * self._depth + text)

    def _block(self, count: int, nested: int) -> None:
        start = len(self._lines)
        for _ in range(count):
            self._size += 1
            self._statement(nested if self._size < 30 else 0)
        if len(self._lines) == start:
            self._say("pass")

    def _nested(self, head: str, nested: int) -> None:
        self._say(head)
        self._depth += 1
        self._block(self._random.randint(1, 3), nested - 1)
        self._depth -= 1

    def _statement(self, nested: int) -> None:
        simple = [self._set_header, self._set_status, self._change_headers, self._leave, self._expression, self._remove]
        deep = [self._if, self._if, self._if, self._try, self._for, self._match, self._with_while, self._inner_function]
        if nested > 0 and self._random.random() < 0.55:
            self._random.choice(deep)(nested)
        else:
            self._random.choice(simple)()

    def _value(self, name: str = "") -> str:
        choice = self._random.choice
        texts = [
            '"*"',
            '"https://a.example"',
            "ORIGINS[0]",
            "ORIGINS[-1]",
            "DEFAULT",
            "FROM_ENV[0]",
            '", ".join(ORIGINS)',
            'f"https://{ORIGINS[0][8:]}"',
            '"https://%s.example" % "b"',
            '"https://{}.example".format("a")',
            '"true" if s == 200 else "false"',
            "str(s)",
            '"-".join(sorted(["x", "y"]))',
        ]
        if name == "Access-Control-Allow-Origin":
            texts += ["o"] * 6 + [
                'o or "*"',
                "o if o in ORIGINS else ORIGINS[0]",
                'o if o in FROM_ENV else "null"',
                'f"{o}"',
                "str(o)",
                'os.environ["ALLOWED"]',
            ]
        texts += ["True", "None", "86400", '["a", "b"]']
        return choice(texts)

    def _set_header(self) -> None:
        name = self._random.choice(NAMES)
        self._say(f'h["{name}"] = {self._value(name)}')

    def _set_status(self) -> None:
        self._say("s = " + self._random.choice(STATUSES))

    def _change_headers(self) -> None:
        name = self._random.choice(NAMES)
        value = self._value(name)
        self._say(
            self._random.choice(
                [
                    "h = {**h, **BASE}",
                    "h = h | OPEN",
                    "h |= BASE",
                    "h.update(OPEN)",
                    f'h.update({{"{name}": {value}}})',
                    "h = dict(h)",
                    "h = with_origin(h, o)",
                    f'h.setdefault("{name}", {value})',
                    "h = {k: v for k, v in h.items() if k != 'Vary'}",
                    "h = dict(BASE, X=str(s))",
                    "h = h.copy()",
                    'h = {name: value for name, value in [("X-A", "1"), ("Vary", "Origin")]}',
                    "h = {}",
                    'h.update(Vary="Origin")',
                ]
            )
        )

    def _remove(self) -> None:
        name = self._random.choice(NAMES)
        self._say(self._random.choice([f'h.pop("{name}", None)', f'if "{name}" in h: del h["{name}"]', "h.clear()"]))

    def _expression(self) -> None:
        self._say(
            self._random.choice(
                [
                    "print(m)",
                    "x = [n for n in ORIGINS]",
                    "y = len(h)",
                    "json.dumps(h)",
                    "z = (lambda a: a)(s)",
                    "s = (lambda a: a)(s)",
                    "q = (event.get('queryStringParameters') or {}).get('q')",
                    'd = json.loads(b or "{}")',
                    "d = json.loads(event['body'])",
                ]
            )
        )

    def _condition(self) -> str:
        choice = self._random.choice
        method, path, origin = choice(METHODS), choice(PATHS), choice(ORIGINS)
        return choice(
            [
                f'm == "{method}"',
                f'm != "{method}"',
                f'm in ("GET", "{method}")',
                f'm not in ["POST", "{method}"]',
                f'm.lower() == "{method.lower()}"',
                f'event.get("rawPath", event.get("path")) == "{path}"',
                f'event.get("routeKey") == "{method} {path}"',
                f'event.get("resource") == "{path}"',
                "o",
                "not o",
                "o is None",
                "o in ORIGINS",
                "o not in FROM_ENV",
                f'o == "{origin}"',
                "o and o.endswith('.example')",
                "o and o.startswith('https://a')",
                "any(o == a for a in ORIGINS)",
                "o and re.match(r'https://.*', o)",
                "o and re.fullmatch(r'https://[ab]\\.example', o)",
                "o and '.example' in o",
                "any(re.search(p, o or '') for p in ['a', 'b$'])",
                "b",
                "not b",
                "s == 200",
                "s >= 400",
                "h",
                "'Vary' in h",
                "'httpMethod' in event",
                f'm == "{method}" and o',
                f'm == "{method}" or o in ORIGINS',
                "event.get('queryStringParameters')",
                "isinstance(b, str)",
                "len(ORIGINS) > 1",
                'event.get("version") == "2.0"',
                "h.get('Vary') == 'Origin'",
            ]
        )

    def _if(self, nested: int) -> None:
        self._nested(f"if {self._condition()}:", nested)
        if self._random.random() < 0.4:
            self._nested(f"elif {self._condition()}:", nested)
        if self._random.random() < 0.4:
            self._nested("else:", nested)

    def _try(self, nested: int) -> None:
        self._nested("try:", nested)
        for kind in self._random.choice(
            [
                ["Exception as error"],
                ["KeyError", "Exception"],
                ["Refused as error", "ValueError"],
                ["(KeyError, TypeError)"],
                [""],
            ]
        ):
            self._nested(f"except {kind}:".replace(" :", ":"), nested)
        if self._random.random() < 0.2:
            self._nested("else:", nested)
        if self._random.random() < 0.2:
            self._say("finally:")
            self._depth += 1
            self._set_header()
            self._depth -= 1

    def _for(self, nested: int) -> None:
        self._nested(
            self._random.choice(
                [
                    'for n in ["X-A", "Vary"]:',
                    "for n in ORIGINS:",
                    "for n, v in BASE.items():",
                    "for n in list(h):",
                    "for n in (b or ''):",
                    "for i, n in enumerate(ORIGINS):",
                    "for n in range(2):",
                ]
            ),
            nested,
        )
        self._depth += 1
        if self._random.random() < 0.3:
            self._say(
                self._random.choice(
                    [
                        "break",
                        "continue",
                        "if n == o: break",
                        'h["X-A"] = str(n)',
                        'if n == o: h["Access-Control-Allow-Origin"] = n',
                    ]
                )
            )
        self._depth -= 1

    def _match(self, nested: int) -> None:
        self._say(self._random.choice(["match m:", "match (m, o):"]))
        pair = self._lines[-1].endswith("(m, o):")
        self._depth += 1
        for _ in range(2):
            method = self._random.choice(METHODS)
            self._nested(f'case ("{method}", _):' if pair else f'case "{method}" | "HEAD":', nested)
        if self._random.random() < 0.5:
            self._nested("case _:", nested)
        self._depth -= 1

    def _with_while(self, nested: int) -> None:
        turn = f"turn{self._size}"
        self._say(f"{turn} = 0")
        self._nested(f"while {turn} < 2:", nested)
        self._depth += 1
        self._say(f"{turn} += 1")
        self._depth -= 1

    def _inner_function(self, nested: int) -> None:
        name = f"f{self._size}"
        self._say(f"def {name}(code, headers=None):")
        self._depth += 1
        self._say('return {"statusCode": code, "headers": headers if headers is not None else h, "body": "x"}')
        self._depth -= 1
        if self._random.random() < 0.5:
            self._say(f"return {name}(s, {self._random.choice(['None', 'h', 'OPEN'])})")

    def _leave(self) -> None:
        if self._random.random() < 0.6:
            self._say(self._returned())
        else:
            self._say(
                self._random.choice(
                    [
                        "raise Refused(403)",
                        'raise ValueError("x")',
                        "raise Refused(s)",
                        "sys.exit(1)",
                        'x = event["headers"]["x-token"]',
                        'x = json.loads(event["body"])["name"]',
                        'x = {}["a"]',
                        "raise KeyError(m)",
                        "assert o",
                    ]
                )
            )

    def _returned(self) -> str:
        return "return " + self._random.choice(
            [
                '{"statusCode": s, "headers": h, "body": "{}"}',
                '{"statusCode": s, "headers": h, "body": json.dumps({"a": 1})}',
                "respond(s, h)",
                "respond(404)",
                "respond(s, headers=h, cookies=[])",
                '{"statusCode": 204, "headers": with_origin(BASE, o)}',
                "Reply(s, h).build({})",
                "Reply().build([])",
                '{"statusCode": str(s), "headers": {**BASE, "Access-Control-Allow-Origin": o}}',
                '{"headers": h, "body": "x"}',
                "None",
                "[200, h]",
                '"text"',
                '{"statusCode": 200, "headers": h, "body": b}',
                "dict(statusCode=s, headers=dict(h))",
                '{"statusCode": 200} | {"headers": h}',
                '{"statusCode": s, "multiValueHeaders": {"Vary": ["Origin"]}}',
                "{1, 2}",
                'respond(200, {"Access-Control-Allow-Origin": o}) if o in ORIGINS else respond(403)',
                '{"statusCode": s, "headers": h, "body": "x" * 2, "isBase64Encoded": False}',
            ]
        )
