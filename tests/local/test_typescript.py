"""TypeScript without its types runs as it would when a compiler had made JavaScript of it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from corsmith.api.value import Known
from corsmith.gateways import Failed, InvokeResult, Payload
from corsmith.local.typescript import NotErasable, erased
from tests.local.bench import Bench, function

VALUES = [
    pytest.param(
        "const a: number = 1;\nlog(a as unknown as string, <any>a, a!, a satisfies number);", "1 1 1 1", id="types"
    ),
    pytest.param("interface A { b: string }\ntype B = A | null;\ndeclare const c: B;\nlog(1);", "1", id="declarations"),
    pytest.param("const a = 1\ninterface A {}\n(log)(a)", "1", id="a line must not go on after a declaration"),
    pytest.param(
        "function f<T>(this: void, a: T, b?: T): a is T { return b === undefined }\nlog(f<number>(1))",
        "true",
        id="generics",
    ),
    pytest.param("function f(a: string): void;\nfunction f(a: any) { log(a) }\nf('x')", "x", id="overloads"),
    pytest.param("const f = async <T,>(a: T): Promise<T> => a;\nlog(await f(2))", "2", id="arrows"),
    pytest.param("enum A { B, C = 5, D, E = 'e' }\nlog(A.B, A.C, A.D, A.E, A[6])", "0 5 6 e D", id="enums"),
    pytest.param("const enum A { 'x-y' = 1, Z = 1 << 3 }\nlog(A['x-y'], A.Z)", "1 8", id="const enums"),
    pytest.param("enum A { B = 1, C = B << 2, D = B | C }\nlog(A.C, A.D)", "4 5", id="enums of flags"),
    pytest.param(
        "class P { constructor(protected n: number) {} }\n"
        "class C extends P {\n  private static readonly s = 1;\n  declare t: string;\n  u?: string;\n  v!: number;\n"
        "  constructor(public readonly a: string, b = 2) {\n    super(b);\n  }\n"
        "  override get(): string { return `${this.a}${this.n}${C.s}` }\n}\n"
        "log(new C('x').get(), Object.keys(new C('y')).join())",
        "x21 n,u,v,a",
        id="parameters that are properties",
    ),
    pytest.param(
        "abstract class A { abstract b(): void; c(): number { return 3 } }\nclass D extends A implements E { b() {} }\n"
        "interface E {}\nlog(new D().c())",
        "3",
        id="abstract classes",
    ),
    pytest.param(
        "import { readFileSync, type Stats } from 'node:fs';\nlog(typeof readFileSync)", "function", id="imports"
    ),
    pytest.param("import { Gone } from './nowhere';\nconst a: Gone = 1;\nlog(a)", "1", id="imports of types"),
    pytest.param("import Gone, * as Also from './nowhere';\nlet a: Gone | Also.B;\nlog(2)", "2", id="whole imports"),
    pytest.param("import type A from './nowhere';\nexport type { A };\nlog(3)", "3", id="type imports"),
    pytest.param("type A = 1;\nconst b = 4;\nexport { A, b };\nlog(b)", "4", id="exports of types"),
    pytest.param(
        "export interface A {}\nexport default interface B {}\nexport const c = 5;\nlog(c)", "5", id="exports"
    ),
    pytest.param(
        "const { sep } = require('node:path');\nlog(sep, typeof __dirname, typeof __filename)",
        "/ string string",
        id="what bundlers give",
    ),
    pytest.param("const é: string = 'ü€';\nlog(é as string)", "ü€", id="letters of several bytes"),
    pytest.param("log(1 ? 2 : 3, !0, [1].at(0)!, ({ a: 1 })?.a)", "2 true 1 1", id="signs that are JavaScript's"),
    pytest.param(
        "try { null!.a } catch (e: unknown) { log((e as Error).stack!.match(/:1:\\d+/)![0]) }",
        ":1:13",
        id="lines and columns",
    ),
]


@pytest.mark.node
@pytest.mark.parametrize(("source", "printed"), VALUES)
def test_what_is_left_runs(tmp_path: Path, source: str, printed: str) -> None:
    script = erased("app.ts", f"{source}\n").text
    (tmp_path / "app.mjs").write_text(script + "\nfunction log(...values) { console.log(...values) }\n")
    ran = subprocess.run(["node", "app.mjs"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (ran.stdout.strip(), ran.stderr) == (printed, "")
    assert script.count("\n") == source.count("\n") + 1


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("\n@sealed\nclass A {}", "app.ts:2: decorators need a compiler"),
        ("namespace A { export const b = 1 }", "app.ts:1: namespaces need a compiler"),
        ("import a = require('a');", "app.ts:1: import = require() needs a compiler"),
        ("const a = 1;\nexport = a;", "app.ts:2: export = needs a compiler"),
        ("const a: = 1;", "app.ts:1: "),
    ],
)
def test_what_only_a_compiler_can_do_is_said(source: str, why: str) -> None:
    with pytest.raises(NotErasable) as refused:
        erased("app.ts", source)
    assert why in str(refused.value)


def test_relative_imports_are_named() -> None:
    source = "import a from './a';\nexport * from '../b.js';\nconst c = await import('./c');\nimport 'd';\nlog(a)"
    assert erased("app.ts", source).imports == ("./a", "../b.js", "./c")


FILES = {
    "app.ts": (
        "import { answer } from './lib/answer';\nimport * as more from './more.js';\nimport data from './data.json';\n"
        "import plain from './plain';\nimport { where } from 'package';\nimport './folder';\n"
        "export const handler = async (): Promise<unknown> => "
        "[answer(), more.one, data.two, plain.three, where, process.env.LAMBDA_TASK_ROOT === process.cwd()];\n"
    ),
    "lib/answer.ts": "import { Box } from './box';\nexport const answer = (): number => new Box<number>(42).value;\n",
    "lib/box.mts": "export class Box<T> { constructor(readonly value: T) {} }\n",
    "more.ts": "export const one = 1 as const;\n",
    "data.json": '{"two": 2}',
    "plain.js": "module.exports = { three: 3 };\n",
    "folder/index.ts": "declare global { var nothing: string }\nexport {};\n",
    "node_modules/package/package.json": '{"name": "package", "main": "index.js"}',
    "node_modules/package/index.js": "exports.where = 'package';\n",
}


def invoked(folder: Path, files: dict[str, str], handler: str = "app.handler") -> InvokeResult:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    first, _ = Bench(function(handler, "nodejs22.x", folder, timeout=Known(20))).twice(handler)
    return first


@pytest.mark.node
def test_a_handler_and_what_it_imports(tmp_path: Path) -> None:
    assert invoked(tmp_path, FILES) == Payload([42, 1, 2, 3, "package", True])


@pytest.mark.node
def test_sources_of_a_bundle_are_found(tmp_path: Path) -> None:
    files = {"src/app.ts": "export const handler = async () => 'source';\n"}
    assert invoked(tmp_path, files, "dist/app.handler") == Payload("source")


@pytest.mark.node
def test_what_needs_a_compiler_tells_how_to_get_one(tmp_path: Path) -> None:
    result = invoked(tmp_path, {"app.ts": "@sealed\nclass A {}\nexport const handler = async () => 1;\n"})
    assert isinstance(result, Failed)
    assert "decorators need a compiler: npm install --save-dev esbuild" in (result.message or "")


@pytest.mark.node
def test_the_projects_own_compiler_is_used(tmp_path: Path) -> None:
    built = "exports.handler = async () => 'built';"
    esbuild = f"exports.buildSync = () => ({{ outputFiles: [{{ text: {built!r} }}] }});\n"
    files = {"app.ts": "export const handler = async () => 1;\n", "node_modules/esbuild/index.js": esbuild}
    assert invoked(tmp_path, files) == Payload("built")
