"""What is read of a cloud assembly is what the CDK app says: `readers/cdk/app.js`, synthesized by the CDK itself.

`make node` installs the library, which needs Node.js alone.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from corsmith.api.front_door import LambdaProxy
from corsmith.api.function_url import FunctionUrl
from corsmith.api.http_api import HttpApi
from corsmith.api.model import Api
from corsmith.api.rest_api import Mock, RestApi
from corsmith.api.tree import Memory, Tree
from corsmith.api.value import Known, texts
from corsmith.project.check import Question
from corsmith.project.discover import discover
from corsmith.project.report import report
from corsmith.readers import Settings, read, source_of
from corsmith.readers.document import parse
from corsmith.readers.nodes import Mapping
from corsmith.readers.template import template_of
from corsmith.readers.values import as_text

from .fixtures import DRESSES
from .test_spans import meaning, stated, values
from .translated import plain

APP = Path(__file__).parent / "cdk"
ORIGINS = {"Alone": "https://app.example.com", "Dev": "https://dev.example.com", "Prod": "https://prod.example.com/"}


@pytest.fixture(scope="module", params=["as the command line does it", "bare"])
def tree(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Tree:
    """The files of a cloud assembly, `cdk.out`."""
    folder = tmp_path_factory.mktemp("app") / "cdk.out"
    environment = {**os.environ, "CDK_OUTDIR": str(folder), "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "1"}
    command = ["node", "app.js", *(["bare"] if request.param == "bare" else [])]
    done = subprocess.run(command, cwd=APP, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    files = (path for path in folder.rglob("*") if path.is_file())
    return Tree(
        Memory({path.relative_to(folder.parent).as_posix(): path.read_text(encoding="utf-8") for path in files})
    )


def apis(tree: Tree) -> dict[str, Api]:
    """The templates by what their stack is in: a stage, or the app."""
    found: dict[str, Api] = {}
    for template in discover(tree, "cdk.out").templates:
        api = read(tree, template)
        assert api is not None
        found[template.split("assembly-")[-1].split("/")[0] if "assembly-" in template else "Alone"] = api
    return found


@pytest.mark.timeout(300)
def test_each_stack_is_what_the_app_says(tree: Tree) -> None:
    found = apis(tree)
    assert found.keys() == ORIGINS.keys()
    for name, api in found.items():
        origin = ORIGINS[name]
        assert not api.problems
        assert not api.refused
        (function,) = (each for each in api.functions if each.name.startswith("Items"))
        assert dict(plain(function.environment)) == {"ORIGIN": origin}
        assert (source_of(tree, function).path or "").endswith("/app.py")
        assert not function.linked_by_search
        rest, http, url = (
            next(door for door in api.front_doors if isinstance(door, kind)) for kind in (RestApi, HttpApi, FunctionUrl)
        )
        methods = {f"{each.verb} {each.path}": each for each in rest.methods}
        assert methods.keys() == {"OPTIONS /", "OPTIONS /items", "PUT /items"}
        mock, put = methods["OPTIONS /items"].integration, methods["PUT /items"].integration
        assert isinstance(mock, Mock)
        assert dict(plain(mock.responses[0].parameters)) == {
            "Access-Control-Allow-Headers": "'content-type'",
            "Access-Control-Allow-Origin": f"'{origin}'",
            "Vary": "'Origin'",
            "Access-Control-Allow-Methods": "'GET,PUT'",
        }
        assert isinstance(put, LambdaProxy)
        assert plain(put.function) == function.name
        assert put.permitted == Known(True)
        assert [(each.type, plain(each.parameters)) for each in rest.gateway_responses] == [
            ("DEFAULT_4XX", [["Access-Control-Allow-Origin", f"'{origin}'"]])
        ]
        assert [plain(stage.name) for stage in rest.stages] == ["prod"]
        assert [f"{each.method} {each.path}" for each in http.routes] == ["PUT /items"]
        cors = http.cors.get()
        assert texts(cors.allow_origins) == (origin,)
        assert (plain(cors.allow_credentials), plain(cors.max_age)) == (True, 600)
        own = url.cors.get()
        assert texts(own.allow_origins) == (origin,)
        assert texts(own.allow_methods) == ("PUT",)
        assert plain(url.auth_type) == "NONE"


@pytest.mark.timeout(300)
def test_findings_name_the_stage_that_they_are_in(tree: Tree) -> None:
    found = report(Question(("cdk.out",)), tree)
    slashes = [each for each in found.findings if each.rule == "origin-trailing-slash"]
    assert {each.front_door for each in slashes} == {"rest_api", "http_api", "function_url"}
    assert {each.environments for each in slashes} == {("Prod",)}
    assert not any(cell.undecided for cell in found.cells)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("dress", ["as it is", "CRLF", "BOM"])
def test_the_cut_at_the_span_is_the_value(tree: Tree, dress: str) -> None:
    for path in discover(tree, "cdk.out").templates:
        text = DRESSES[dress](tree.read(path))
        api = read(tree.with_text(path, text), path)
        assert api is not None
        decoded = text.removeprefix("\ufeff")
        root = parse(text, path).root
        assert isinstance(root, Mapping)
        template = template_of(root, path, decoded, Settings(), {})
        found = [value for value in values(api) if stated(value)]
        for value in found:
            assert value.span is not None
            cut = decoded[value.span.start : value.span.end]
            assert as_text(value.value) in (cut, meaning(cut, template)), (value, cut)
        assert found
