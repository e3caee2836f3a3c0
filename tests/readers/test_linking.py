"""From a function to the file its handler is in."""

from __future__ import annotations

import pytest

from corsmith.api.tree import Memory, Tree
from corsmith.api.value import Known, Unknown
from corsmith.readers import read, source_of
from corsmith.readers.linking import located

TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  F:
    Type: AWS::Serverless::Function
    Metadata: {metadata}
    Properties: {{ Runtime: {runtime}, Handler: "{handler}"{code} }}
"""
HERE = ", CodeUri: code/"

LINKED = {
    "a Python module": ("python3.13", "app.handler", HERE, ["code/app.py"], "code/app.py", False),
    "a module in a folder, with a slash": (
        "python3.13",
        "src/app.handler",
        HERE,
        ["code/src/app.py"],
        "code/src/app.py",
        False,
    ),
    "a module in a package, with a dot": (
        "python3.13",
        "src.app.handler",
        HERE,
        ["code/src/app.py"],
        "code/src/app.py",
        False,
    ),
    "a package": ("python3.13", "app.handler", HERE, ["code/app/__init__.py"], "code/app/__init__.py", False),
    "a CommonJS module": ("nodejs22.x", "index.handler", HERE, ["code/index.cjs"], "code/index.cjs", False),
    "an ES module": ("nodejs22.x", "index.handler", HERE, ["code/index.mjs"], "code/index.mjs", False),
    "TypeScript before what it compiles to": (
        "nodejs22.x",
        "app.handler",
        HERE,
        ["code/app.js", "code/app.ts"],
        "code/app.ts",
        False,
    ),
    "a folder with an index": ("nodejs22.x", "api.handler", HERE, ["code/api/index.ts"], "code/api/index.ts", False),
    "TSX": ("nodejs22.x", "page.handler", HERE, ["code/page.tsx"], "code/page.tsx", False),
    "the source beside a compiled path": (
        "nodejs22.x",
        "dist/app.handler",
        HERE,
        ["code/src/app.ts"],
        "code/src/app.ts",
        False,
    ),
    "no CodeUri: found by search": ("python3.13", "app.handler", "", ["lib/app.py"], "lib/app.py", True),
    "code in S3: found by search": (
        "python3.13",
        "pkg/app.handler",
        ", CodeUri: 's3://b/k'",
        ["svc/pkg/app.py"],
        "svc/pkg/app.py",
        True,
    ),
    "a code folder that is built later: found by search": (
        "nodejs22.x",
        "index.handler",
        ", CodeUri: dist/",
        ["src/index.ts"],
        "src/index.ts",
        True,
    ),
    "the template's own folder": ("python3.13", "app.handler", ", CodeUri: .", ["app.py"], "app.py", False),
}


def function(files: list[str], runtime: str, handler: str, code: str, metadata: str = "{}", at: str = "t.yaml"):  # type: ignore[no-untyped-def]
    text = TEMPLATE.format(runtime=runtime, handler=handler, code=code, metadata=metadata)
    tree = Tree(Memory({at: text, **dict.fromkeys(files, "")}))
    api = read(tree, at)
    assert api is not None
    return tree, api.functions[0]


@pytest.mark.parametrize("name", LINKED)
def test_a_handler_is_found(name: str) -> None:
    runtime, handler, code, files, expected, by_search = LINKED[name]
    tree, found = function(files, runtime, handler, code)
    assert source_of(tree, found).path == expected
    assert found.linked_by_search is by_search


def test_code_is_relative_to_the_template() -> None:
    tree, found = function(["stacks/code/app.py"], "python3.13", "app.handler", HERE, at="stacks/t.yaml")
    assert source_of(tree, found).path == "stacks/code/app.py"
    tree, found = function(["shared/app.py"], "python3.13", "app.handler", ", CodeUri: ../shared", at="stacks/t.yaml")
    assert source_of(tree, found).path == "shared/app.py"


def test_a_bundlers_entry_point_is_the_source() -> None:
    metadata = "{ BuildMethod: esbuild, BuildProperties: { EntryPoints: [src/other.ts, src/api.ts] } }"
    tree, found = function(["code/src/api.ts", "code/src/other.ts"], "nodejs22.x", "api.handler", HERE, metadata)
    assert source_of(tree, found).path == "code/src/api.ts"


UNLINKED = {
    "two candidates": (
        "python3.13",
        "app.handler",
        "",
        ["a/app.py", "b/app.py"],
        "2 files in the tree could hold the handler app.handler",
    ),
    "no candidate": (
        "python3.13",
        "app.handler",
        HERE,
        ["code/other.py"],
        "no file for the handler app.handler in code",
    ),
    "inline code": (
        "python3.13",
        "index.handler",
        ", InlineCode: 'x'",
        ["index.js"],
        "the code stands inline in the template",
    ),
    "an image": ("python3.13", "x.handler", ", PackageType: Image", [], "the code is in a container image"),
    "a handler that names no module": (
        "python3.13",
        "handler",
        HERE,
        ["code/handler.py"],
        "no file for the handler handler in code",
    ),
}


@pytest.mark.parametrize("name", UNLINKED)
def test_a_handler_that_is_not_found_has_a_reason(name: str) -> None:
    runtime, handler, code, files, because = UNLINKED[name]
    tree, found = function(files, runtime, handler, code)
    source = source_of(tree, found)
    assert source.path is None
    assert because in source.because


def test_the_environment_has_the_values_of_the_template_and_its_globals() -> None:
    text = """\
Transform: AWS::Serverless-2016-10-31
Parameters: { Site: { Type: String, Default: "https://s.example.com" } }
Globals: { Function: { Environment: { Variables: { A: 1, B: global } } } }
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties: { Handler: a.b, Runtime: python3.13, CodeUri: ., Environment: { Variables: { B: own, ORIGIN: !Ref Site } } }
"""
    api = read(Tree(Memory({"t.yaml": text})), "t.yaml")
    assert api is not None
    environment = dict(api.functions[0].environment)
    assert {name: value.get() for name, value in environment.items()} == {
        "A": "1",
        "B": "own",
        "ORIGIN": "https://s.example.com",
    }
    origin = environment["ORIGIN"]
    assert isinstance(origin, Known)
    assert origin.via[0].what == "parameter Site, its default"


@pytest.mark.parametrize(
    ("template", "found"),
    [("infra/main.tf", True), ("infra/envs/prod/main.tf", True), ("terraform/main.tf", True), ("shop/main.tf", False)],
)
def test_code_is_looked_for_beside_folders_that_hold_templates(template: str, found: bool) -> None:
    tree = Tree(Memory({template: "", "src/app.py": ""}))
    place = located(tree, template, Unknown("it is a package"), Known("app.handler"), ())
    assert isinstance(place.code, Known) is found
    assert place.by_search is found
