"""Handlers in their projects: imports, layers, the template's environment, what is missing or broken."""
# ruff: noqa: E501 - sources in one line

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corsmith.api.function import Function
from corsmith.api.outcome import HandlerSummary, Returned
from corsmith.api.span import Span
from corsmith.api.tree import Memory, Tree
from corsmith.api.value import Known, OneOf, Unknown
from corsmith.handlers import summarise, summarise_source

from .reading import line, read

TEMPLATE = Span("template.yaml", 10, 20)
REPLY = "def reply(code): return {'statusCode': code, 'headers': {'Access-Control-Allow-Origin': ORIGIN}}\n"


def _function(handler: object = "app.handler", code: object = "src", **more: object) -> Function:
    given = {"runtime": Known("python3.13"), "handler": handler, "code": code, **more}
    settled = {name: Known(value) if isinstance(value, str) else value for name, value in given.items()}
    return Function("F", TEMPLATE, **settled)  # type: ignore[arg-type]


def _summary(files: dict[str, str], function: Function) -> HandlerSummary:
    return summarise(Tree(Memory(files)), function)


IMPORTS = {
    "beside it": ("from shared import reply", "src/shared.py"),
    "a package": ("from shared import reply", "src/shared/__init__.py"),
    "inside a package": ("from shared.http import reply", "src/shared/http.py"),
    "a module of a package": ("from shared import http\nreply = http.reply", "src/shared/http.py"),
    "by its whole name": ("import shared.http\nreply = shared.http.reply", "src/shared/http.py"),
    "under another name": ("import shared.http as h\nreply = h.reply", "src/shared/http.py"),
    "everything": ("from shared import *", "src/shared.py"),
    "a layer": ("from shared import reply", "layer/python/shared.py"),
    "a layer's folder": ("from shared import reply", "layer/shared.py"),
    "or something else": ("try:\n    from shared import reply\nexcept ImportError:\n    reply = None", "src/shared.py"),
}


@pytest.mark.parametrize("name", IMPORTS)
def test_imports_are_followed(name: str) -> None:
    statement, path = IMPORTS[name]
    files = {"src/app.py": f"{statement}\ndef handler(e, c): return reply(200)\n", path: f"ORIGIN = '*'\n{REPLY}"}
    summary = _summary(files, _function(layers=(Known("layer"),)))
    assert [line(outcome) for outcome in summary.outcomes] == ["200 *"]
    assert path in summary.files


def test_relative_imports_and_slashes_in_the_handler() -> None:
    files = {
        "src/api/items/app.py": "from ..shared import reply\nfrom . import names\ndef handler(e, c): return reply(names.CODE)\n",
        "src/api/items/names.py": "CODE = 201\n",
        "src/api/shared.py": f"ORIGIN = '*'\n{REPLY}",
    }
    for handler in ("api/items/app.handler", "api.items.app.handler"):
        assert [line(outcome) for outcome in _summary(files, _function(handler)).outcomes] == ["201 *"]


def test_modules_that_import_each_other() -> None:
    files = {
        "src/app.py": "import other\nORIGIN = '*'\ndef handler(e, c): return other.reply(200)\n",
        "src/other.py": "import app\ndef reply(code): return {'statusCode': code, 'headers': {'Access-Control-Allow-Origin': app.ORIGIN}}\n",
    }
    assert [line(outcome) for outcome in _summary(files, _function()).outcomes] == ["200 *"]


def test_the_environment_is_the_templates() -> None:
    source = "import os\nORIGIN = os.environ['ORIGIN']\n" + REPLY + "def handler(e, c): return reply(200)\n"
    span = Span("template.yaml", 30, 40)
    environment = (("ORIGIN", Known("https://a.example", span)),)
    (outcome,) = _summary({"src/app.py": source}, _function(environment=environment)).outcomes
    assert isinstance(outcome.result, Returned)
    value = dict(dict(outcome.result.result.entries)["headers"].entries)["Access-Control-Allow-Origin"]  # type: ignore[union-attr]
    assert isinstance(value, Known)
    assert (value.value, value.span) == ("https://a.example", span)
    assert value.via[0].what == "environment variable ORIGIN"


def test_what_the_template_leaves_open() -> None:
    source = "import os\nORIGIN = os.environ['ORIGIN']\n" + REPLY + "def handler(e, c): return reply(200)\n"
    several = OneOf((Known("https://a.example"), Known("*")), "two stages")
    read_of = {
        None: {"200 unknown"},
        Unknown("a parameter without a default"): {"200 unknown"},
        several: {"200 https://a.example", "200 *"},
    }
    for given_value, expected in read_of.items():
        environment = () if given_value is None else (("ORIGIN", given_value),)
        summary = _summary({"src/app.py": source}, _function(environment=environment))
        assert {line(outcome) for outcome in summary.outcomes} == expected


MISSING = {
    "no handler": (_function(Unknown("the template states no Handler")), "the template states no Handler"),
    "no code": (_function(code=Unknown("an S3 key")), "an S3 key"),
    "another language": (_function(runtime="java21"), "code for java21 is not read"),
    "no file": (_function("nowhere.handler"), "no file for the module nowhere in src"),
    "no such function": (_function("app.other"), "app does not define other"),
    "no module": (_function("handler"), "the handler handler names no module and function"),
    "a broken file": (_function("broken.handler"), "src/broken.py does not parse in part"),
}


@pytest.mark.parametrize("name", MISSING)
def test_what_is_missing_is_said(name: str) -> None:
    function, because = MISSING[name]
    files = {"src/app.py": "def handler(e, c): return {}\n", "src/broken.py": "def handler(e, c):\n    return {\n"}
    summary = _summary(files, function)
    assert [reason.because for reason in summary.unread] == [because]
    assert [line(outcome) for outcome in summary.outcomes] == (["unknown"] if "broken" in name else [])


def test_where_a_file_does_not_parse() -> None:
    summary = read("x = 1\ndef handler(e, c):\n    return (]\n")
    (problem,) = summary.problems
    assert (problem.file, problem.line) == ("app.py", 3)
    assert problem.message.startswith("cannot be read as Python: ")


SPANS = {
    "plain": "def handler(e, c):\n    return {'statusCode': 200, 'headers': {'Vary': 'Origin'}}\n",
    "after umlauts": "NAME = 'äöü😀'\ndef handler(e, c):\n    x = 'ß'; return {'statusCode': 200, 'headers': {'Vary': 'Origin'}}\n",
    "Windows line ends": "A = 1\r\ndef handler(e, c):\r\n    return {'statusCode': 200, 'headers': {'Vary': 'Origin'}}\r\n",
    "form feed and odd separators": "A = 'x\x0c\x1c\u2028y'\ndef handler(e, c):\n    return {'statusCode': 200, 'headers': {'Vary': 'Origin'}}\n",
}


@pytest.mark.parametrize("name", SPANS)
def test_spans_are_offsets_in_characters(name: str) -> None:
    text = SPANS[name]
    summary = summarise_source(Tree(Memory({"app.py": text})), "app.py", "handler")
    (outcome,) = summary.outcomes
    headers = dict(outcome.result.result.entries)["headers"]  # type: ignore[union-attr]
    spans = {
        "return {'statusCode': 200, 'headers': {'Vary': 'Origin'}}": outcome.span,
        "{'Vary': 'Origin'}": headers.span,
        "'Vary'": headers.key_spans[0],
        "'Origin'": headers.entries[0][1].span,
    }
    for expected, span in spans.items():
        assert text[span.start : span.end] == expected


HOSTILE = {
    "parentheses": "def handler(e, c): return " + "(" * 5_000 + ")" * 5_000,
    "additions": "def handler(e, c): return " + " + ".join(["1"] * 5_000),
    "not": "def handler(e, c): return " + "not " * 3_000 + "e",
    "attributes": "def handler(e, c): return e" + ".a" * 3_000,
    "subscripts": "def handler(e, c): return e" + "['a']" * 90,
    "nested ifs": "def handler(e, c):\n"
    + "\n".join(" " * depth + f" if e.get('{depth}'):" for depth in range(90))
    + "\n"
    + " " * 91
    + "return {}",
    "elif after elif": "def handler(e, c):\n if 0: pass\n"
    + "".join(f" elif e['httpMethod'] == 'M{n}': return {{'statusCode': {n}}}\n" for n in range(300)),
    "itself": "def handler(e, c): return handler(handler(e, c), handler(c, e))",
    "each other": "def a(x): return b(x) + b(x)\ndef b(x): return a(x) + a(x)\ndef handler(e, c): return a(e)",
    "a list in itself": "A = []\nA.append(A)\ndef handler(e, c): return {'statusCode': 200, 'body': A}",
    "a dict in itself": "A = {}\nA['headers'] = A\ndef handler(e, c): return A",
    "a class under itself": "class A: pass\nclass A(A): pass\ndef handler(e, c): return A().x",
    "power": "def handler(e, c): return {'statusCode': 2 ** 99999999999, 'body': 'x' * 10**9 * 10**9}",
    "shadowed builtins": "def dict(): return 1\nprint = len = str = 0\ndef handler(e, c): return dict(a=len(e), b=str(c))",
    "null byte": "def handler(e, c): return '\0'",
    "empty": "",
    "endless": "def handler(e, c):\n while True: pass",
    "star": "def handler(*a, **k): return {**k, 'x': [*a], **{1: 2}}",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_makes_it_fail(name: str) -> None:
    summary = read(HOSTILE[name])
    assert isinstance(summary, HandlerSummary)
    assert summary.outcomes or summary.unread or name == "endless"


_WORDS = st.sampled_from(
    [
        "def",
        "handler",
        "(",
        "e",
        ",",
        "c",
        ")",
        ":",
        "return",
        "{",
        "}",
        "[",
        "]",
        "'a'",
        "1",
        "if",
        "else",
        "for",
        "in",
        "while",
        "try",
        "except",
        "finally",
        "raise",
        "lambda",
        "x",
        "y",
        "=",
        ".",
        "+",
        "**",
        "*",
        "@",
        "class",
        "yield",
        "await",
        "async",
        "with",
        "as",
        "import",
        "from",
        "global",
        "del",
        "match",
        "case",
        "_",
        "\n",
        "\t",
        "headers",
        "event",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(_WORDS, max_size=40), st.text(max_size=60))
def test_any_text_is_read_without_failing(words: list[str], text: str) -> None:
    for source in (text, " ".join(words), f"def handler(event, context):\n    x = {' '.join(words)}\n    return x\n"):
        assert isinstance(read(source), HandlerSummary)


def test_a_framework_that_is_not_known_is_named() -> None:
    summary = read("from someweb import App\napp = App()\n@app.get('/')\ndef x(): return {}\nhandler = app")
    assert summary.frameworks == ("someweb.App",)
    assert [reason.because for reason in summary.unread] == [
        "the response comes from someweb.App, which is not followed"
    ]


def test_a_response_made_elsewhere_is_named() -> None:
    summary = read("from elsewhere import build\ndef handler(e, c): return build(200)")
    assert [reason.because for reason in summary.unread] == [
        "the response comes from elsewhere.build, which is not followed"
    ]


def test_the_body_that_is_read_as_json() -> None:
    source = """
    import json
    def handler(event, context):
        if event["httpMethod"] in ("POST", "PUT"):
            data = json.loads(event["body"])
        return {"statusCode": 200}
    """
    assert read(source).reads_json == {"POST", "PUT"}
    assert read("def handler(e, c): return {}").reads_json == frozenset()
    assert read("import json\ndef handler(e, c): return {'body': json.loads(e['body'] or '{}')}").reads_json is None


def test_the_paths_that_are_served() -> None:
    source = """
    def handler(event, context):
        if event["routeKey"] == "GET /items": return {"statusCode": 200}
        if event["routeKey"] == "POST /items": return {"statusCode": 201}
        return {"statusCode": 404}
    """
    assert read(source).serves == (("GET", "/items"), ("POST", "/items"))


def test_errors_and_what_is_expected() -> None:
    source = """
    def handler(event, context):
        try:
            key = event["queryStringParameters"]["key"]
        except KeyError:
            return {"statusCode": 400}
        except Exception:
            return {"statusCode": 500}
        if key == "x":
            raise ValueError(key)
        return {"statusCode": 200}
    """
    found = {line(outcome): (outcome.error, outcome.expected) for outcome in read(source).outcomes}
    assert found == {
        "400 no headers": (True, True),
        "v1.0 500 no headers": (True, False),
        "raises ValueError": (True, False),
        "200 no headers": (False, True),
    }


def test_a_key_of_the_event_that_other_triggers_have() -> None:
    source = "def handler(e, c):\n    if e.get('requestContext', {}).get('connectionId') is None: return {'statusCode': 400}\n    return {'statusCode': 200}"
    assert {line(outcome) for outcome in read(source).outcomes} == {"400 no headers", "200 no headers"}


def test_only_what_the_request_brings_raises_for_bad_input() -> None:
    source = """
    import json
    SECRET = json.loads(open("x").read())["a"]
    def handler(event, context):
        try:
            data = context.call(SECRET["b"])
        except RuntimeError as error:
            raise error
        return {"statusCode": 200, "body": data["c"]}
    """
    assert {line(outcome) for outcome in read(source).outcomes} == {"200 no headers"}
