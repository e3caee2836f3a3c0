"""Whole projects: modules in other files, compiled output, runtimes, environment, files that are broken in part."""

# ruff: noqa: E501 - whole handlers in one line

from __future__ import annotations

import subprocess
import sys

import pytest

from corsmith.api.function import Function
from corsmith.api.outcome import HandlerSummary
from corsmith.api.span import Span
from corsmith.api.tree import Memory, Tree
from corsmith.api.value import Known
from corsmith.handlers import summarise
from tests.handlers.reading import line

from .reading import read, short

H = "{ 'Access-Control-Allow-Origin': '*' }"
REPLY = f"export const reply = (statusCode) => ({{ statusCode, headers: {H} }});"


def _summary(files: dict[str, str], handler: str, code: str = ".", runtime: str = "nodejs22.x") -> HandlerSummary:
    function = Function("F", Span("t", 0, 0), Known(runtime), Known(handler), Known(code), layers=(Known("layer"),))
    return summarise(Tree(Memory(files)), function)


PROJECTS: dict[str, tuple[dict[str, str], str]] = {
    "another file": (
        {
            "index.mjs": "import { reply } from './lib/reply.mjs';\nexport const handler = async () => reply(200);",
            "lib/reply.mjs": REPLY,
        },
        "index.handler",
    ),
    "an index file, re-exported": (
        {
            "index.ts": "import { reply as r } from './lib';\nexport const handler = async (): Promise<unknown> => r(200);",
            "lib/index.ts": "export * from './reply';",
            "lib/reply.ts": REPLY,
        },
        "index.handler",
    ),
    "require": (
        {
            "index.js": "const { reply } = require('./reply');\nmodule.exports.handler = async () => reply(200);",
            "reply.js": f"exports.reply = function (statusCode) {{ return {{ statusCode, headers: {H} }}; }};",
        },
        "index.handler",
    ),
    "paths of a tsconfig": (
        {
            "src/index.ts": "import { reply } from '@lib/reply';\nexport const handler = async () => reply(200);",
            "src/lib/reply.ts": REPLY,
            "tsconfig.json": '{"extends": "./base.json"} // settings',
            "base.json": '{"compilerOptions": {"baseUrl": ".", "paths": {"@lib/*": ["src/lib/*"],}}}',
        },
        "dist/index.handler",
    ),
    "a layer": (
        {
            "index.js": "const { reply } = require('/opt/nodejs/reply');\nexports.handler = async () => reply(200);",
            "layer/nodejs/reply.js": f"exports.reply = (statusCode) => ({{ statusCode, headers: {H} }});",
        },
        "index.handler",
    ),
    "JSON": (
        {
            "index.js": "const headers = require('./headers.json');\nexports.handler = async () => ({ statusCode: 200, headers });",
            "headers.json": '{"Access-Control-Allow-Origin": "*"}',
        },
        "index.handler",
    ),
    "each imports the other": (
        {
            "index.mjs": f"import {{ make }} from './b.mjs';\nexport const headers = {H};\nexport const handler = async () => make();",
            "b.mjs": "import { headers } from './index.mjs';\nexport const make = () => ({ statusCode: 200, headers });",
        },
        "index.handler",
    ),
    "written by tsc": (
        {
            "index.js": '"use strict";\nvar __awaiter = (this && this.__awaiter) || function () {};\n'
            'Object.defineProperty(exports, "__esModule", { value: true });\nexports.handler = void 0;\n'
            'const reply_1 = require("./reply");\n'
            "const handler = () => __awaiter(void 0, void 0, void 0, function* () {\n"
            "    return yield (0, reply_1.reply)(200);\n});\nexports.handler = handler;\n",
            "reply.js": '"use strict";\nObject.defineProperty(exports, "__esModule", { value: true });\n'
            f"exports.reply = void 0;\nconst reply = (statusCode) => ({{ statusCode, headers: {H} }});\nexports.reply = reply;\n",
        },
        "index.handler",
    ),
    "written by esbuild": (
        {
            "index.js": '"use strict";\nvar __defProp = Object.defineProperty;\n'
            "var __export = (target, all) => { for (var name in all) __defProp(target, name, { get: all[name] }); };\n"
            'var __toCommonJS = (mod) => __copyProps(__defProp({}, "__esModule", { value: true }), mod);\n'
            "var index_exports = {};\n__export(index_exports, { handler: () => handler });\n"
            f"module.exports = __toCommonJS(index_exports);\nvar handler = async () => ({{ statusCode: 200, headers: {H} }});\n",
        },
        "index.handler",
    ),
    "a default export in TypeScript": (
        {
            "index.ts": f"const handler = async () => ({{ statusCode: 200 as const, headers: {H}! }});\nexport = {{ handler }};"
        },
        "index.handler",
    ),
}


@pytest.mark.parametrize("name", PROJECTS)
def test_modules_are_found(name: str) -> None:
    files, handler = PROJECTS[name]
    summary = _summary(files, handler)
    assert summary.unread == ()
    assert [line(outcome) for outcome in summary.outcomes] == ["200 *"]


def test_the_newest_runtime_takes_no_callbacks() -> None:
    source = f"export const handler = (e, c, cb) => cb(null, {{ statusCode: 200, headers: {H} }});"
    assert short(source, runtime="nodejs24.x") == {"raises CallbackHandlerDeprecated"}
    assert short(source, runtime="nodejs22.x") == {"200 *"}


def test_the_newest_runtime_takes_what_is_returned() -> None:
    source = f"export const handler = () => ({{ statusCode: 200, headers: {H} }});"
    assert short(source, runtime="nodejs24.x") == {"200 *"}
    assert short(source, runtime="nodejs20.x") == {"None"}


def test_the_newest_context_has_no_succeed() -> None:
    source = f"export const handler = (e, context) => context.succeed({{ statusCode: 200, headers: {H} }});"
    assert short(source, runtime="nodejs24.x") == {"raises TypeError"}


def test_environment_comes_from_the_template() -> None:
    source = """
        const allowed = process.env.ORIGINS.split(',');
        const other = process.env.OTHER ?? 'https://other.example';
        export const handler = async () => ({ statusCode: 200, headers: { 'Access-Control-Allow-Origin': allowed[1], Vary: other } });
    """
    summary = read(source, environment={"ORIGINS": "https://a.example,https://b.example"})
    assert [line(outcome) for outcome in summary.outcomes] == ["200 https://b.example"]


def test_the_body_is_read_as_json_by_what_reads_it() -> None:
    source = """
        export const handler = async (event) => {
          if (event.httpMethod !== 'POST') return { statusCode: 204 };
          const { name } = JSON.parse(event.body ?? '{}');
          return { statusCode: 200, body: name };
        };
    """
    assert read(source).reads_json == {"POST"}


def test_the_rest_of_a_broken_file_is_read() -> None:
    source = f"const broken = (((;\n\nexport const handler = async () => ({{ statusCode: 200, headers: {H} }});\n"
    summary = read(source)
    assert [(each.line, each.file) for each in summary.problems] == [(1, "index.mjs")]
    assert [each.because for each in summary.unread] == ["index.mjs does not parse in part"]
    assert "200 *" in {line(outcome) for outcome in summary.outcomes}


@pytest.mark.parametrize(
    ("source", "because"),
    [
        ("export const other = 1;", "index.mjs does not export handler"),
        (
            "import wrap from 'wrapper';\nexport const handler = wrap(async () => 1);",
            "the response comes from wrapper, which is not followed",
        ),
    ],
)
def test_what_is_not_read_is_said(source: str, because: str) -> None:
    assert [each.because for each in read(source).unread] == [because]


def test_python_projects_do_not_load_the_grammars() -> None:
    code = "import sys, corsmith.handlers; print(any(name.startswith('tree_sitter') for name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


HOSTILE = {
    "nested": "export const handler = async () => (" + "(" * 4000 + "1" + ")" * 4000 + ");",
    "a text that doubles": "let a = 'xxxxxxxxx'; " + "a = `${a}${a}`;" * 60 + " export const handler = async () => a;",
    "a list that doubles": "let a = []; for (let i = 0; i < 60; i++) a = [...a, ...a, 1]; export const handler = async () => a;",
    "a pattern that backtracks": "export const handler = async () => /^(a|a)*b$/.test('" + "a" * 60 + "');",
    "a power": "export const handler = async () => 9 ** 9 ** 9;",
    "endless": "for (;;) {}\nexport const handler = async () => 1;",
    "calls itself": "const f = (n) => f(f(n));\nexport const handler = async (e) => f(e);",
    "a getter of itself": "const o = { get a() { return this.a; } };\nexport const handler = async () => o.a;",
    "classes in a ring": "let A = class {}; let B = class extends A {}; A = class extends B {};\nexport const handler = async () => new A().x();",
    "no JavaScript": "\x00}}}{{{ export const handler = async ( => { return",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_code_ends(name: str) -> None:
    assert isinstance(read(HOSTILE[name]), HandlerSummary)
