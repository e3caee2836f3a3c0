"""Changes take effect with the next request; those of REST APIs wait for a deployment when asked to."""

from __future__ import annotations

import http.client
from pathlib import Path

import pytest

from corsmith.api.function import Function
from corsmith.api.model import Api
from corsmith.api.span import Span
from corsmith.api.value import Known
from corsmith.local.background import LocalGateway
from corsmith.local.project import Project
from corsmith.local.server import DEPLOY
from corsmith.local.watch import Watch

PYTHON = 'def handler(event, context):\n    return {"statusCode": 200, "body": "%s"}\n'
NODE = "export const handler = async () => ({ statusCode: 200, body: '%s' });\n"
FUNCTION = """\
  One:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: %s
      Handler: app.handler
      CodeUri: src/
      Events:
        Get: {Type: %s, Properties: {Path: /one, Method: get}}
"""
HTTP = "Transform: AWS::Serverless-2016-10-31\nResources:\n" + FUNCTION
LANGUAGES = [
    pytest.param("python3.13", "app.py", PYTHON, id="python"),
    pytest.param("nodejs22.x", "app.mjs", NODE, id="node", marks=pytest.mark.node),
]


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)


def call(url: str, path: str = "/one", method: str = "GET") -> tuple[int, str]:
    address, _, stage = url.removeprefix("http://").partition("/")
    connection = http.client.HTTPConnection(address, timeout=30)
    connection.request(method, (f"/{stage}" if stage else "") + path)
    answer = connection.getresponse()
    body = answer.read().decode()
    connection.close()
    return answer.status, body


@pytest.mark.parametrize(("runtime", "file", "code"), LANGUAGES)
def test_a_change_of_code_is_served_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, runtime: str, file: str, code: str
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, {"template.yaml": HTTP % (runtime, "HttpApi"), f"src/{file}": code % "v0"})
    with LocalGateway(".", reload=True) as gateway:
        (url,) = gateway.urls.values()
        for version in ("v1", "v2", "v3"):
            assert call(url) == (200, f"v{int(version[1]) - 1}")
            # The same size, and perhaps the same second.
            write(tmp_path, {f"src/{file}": code % version})
            assert call(url) == (200, version)


def test_a_change_of_a_layer_is_served_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    layer = "  Shared:\n    Type: AWS::Serverless::LayerVersion\n    Properties: {ContentUri: layer/}\n"
    template = (HTTP % ("python3.13", "HttpApi")).replace("CodeUri: src/", "CodeUri: src/\n      Layers: [!Ref Shared]")
    code = "import shared\n\n\ndef handler(event, context):\n    return shared.VALUE\n"
    files = {"template.yaml": template + layer, "src/app.py": code}
    write(tmp_path, files)
    (tmp_path / "layer" / "python").mkdir(parents=True)
    shared = tmp_path / "layer" / "python" / "shared.py"
    shared.write_text("VALUE = 'v0'\n")
    with LocalGateway("template.yaml", reload=True) as gateway:
        (url,) = gateway.urls.values()
        assert call(url) == (200, "v0")
        shared.write_text("VALUE = 'v1'\n")
        assert call(url) == (200, "v1")


def test_places_inside_of_others_are_looked_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, {"src/app.py": "", ".aws-sam/app.py": "", "a.yaml": "", "b.log": ""})
    one = Function("One", Span("a.yaml", 0, 0), code=Known("src"))
    built = Function("Two", Span("a.yaml", 0, 0), code=Known(".aws-sam"))
    api = Api("a.yaml", "sam", functions=(one, built))
    project = Project((api,), ("a.yaml",), (".",), ())
    watch = Watch()
    assert watch.look(project) is not None
    assert watch.look(project) is None
    (tmp_path / "b.log").write_text("more")
    assert watch.look(project) is None
    (tmp_path / ".aws-sam" / "app.py").write_text("more")
    change = watch.look(project)
    assert change is not None
    assert (str(change), change.touches(one), change.touches(built)) == ("app.py", False, True)


def test_a_log_in_the_folder_starts_nothing_afresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    counts = "count = 0\n\n\ndef handler(event, context):\n    global count\n    count += 1\n    return str(count)\n"
    write(tmp_path, {"template.yaml": HTTP % ("python3.13", "HttpApi"), "src/app.py": counts})
    with LocalGateway(".", reload=True) as gateway:
        (url,) = gateway.urls.values()
        for number in range(1, 4):
            write(tmp_path, {"src/dev.log": "x" * number, "dev.log": "x" * number})
            assert call(url) == (200, str(number))


def test_without_reload_nothing_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, {"template.yaml": HTTP % ("python3.13", "HttpApi"), "src/app.py": PYTHON % "v0"})
    with LocalGateway("template.yaml") as gateway:
        (url,) = gateway.urls.values()
        assert call(url) == (200, "v0")
        write(tmp_path, {"src/app.py": PYTHON % "v1"})
        assert call(url) == (200, "v0")


def test_a_change_of_the_template_is_served_at_once_and_a_broken_one_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    template = HTTP % ("python3.13", "HttpApi")
    write(tmp_path, {"template.yaml": template, "src/app.py": PYTHON % "v0"})
    with LocalGateway("template.yaml", reload=True) as gateway:
        (url,) = gateway.urls.values()
        assert call(url, "/two") == (404, '{"message":"Not Found"}')
        write(tmp_path, {"template.yaml": template.replace("/one", "/two")})
        assert call(url, "/two") == (200, "v0")
        write(tmp_path, {"template.yaml": "Resources: ["})
        assert call(url, "/two") == (200, "v0")
        assert any("template.yaml" in message for message in gateway.told)
        write(tmp_path, {"template.yaml": template})
        assert call(url, "/one") == (200, "v0")


def test_a_change_of_the_environment_starts_the_function_afresh(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    template = HTTP % ("python3.13", "HttpApi") + "      Environment: {Variables: {WHO: ann}}\n"
    code = 'import os\n\ndef handler(event, context):\n    return {"statusCode": 200, "body": os.environ["WHO"]}\n'
    write(tmp_path, {"template.yaml": template, "src/app.py": code})
    with LocalGateway("template.yaml", reload=True) as gateway:
        (url,) = gateway.urls.values()
        assert call(url) == (200, "ann")
        write(tmp_path, {"template.yaml": template.replace("ann", "eve")})
        assert call(url) == (200, "eve")


def test_changes_of_a_rest_api_wait_for_a_deployment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    template = HTTP % ("python3.13", "Api")
    write(tmp_path, {"template.yaml": template, "src/app.py": PYTHON % "v0"})
    with LocalGateway("template.yaml", reload=True, manual_deploy=True) as gateway:
        (url,) = gateway.urls.values()
        write(tmp_path, {"template.yaml": template.replace("/one", "/two"), "src/app.py": PYTHON % "v1"})
        assert call(url, "/two")[0] == 403
        # A function's code needs no deployment of the API.
        assert call(url, "/one") == (200, "v1")
        assert any("not deployed" in message for message in gateway.told)
        base = url.rpartition("/")[0]
        assert call(base, DEPLOY, "POST") == (200, "deployed: 1\n")
        assert call(url, "/two") == (200, "v1")
        assert call(url, "/one")[0] == 403


def test_a_front_door_that_leaves_the_template_answers_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    url_only = (HTTP % ("python3.13", "HttpApi")).partition("      Events")[
        0
    ] + "      FunctionUrlConfig: {AuthType: NONE}\n"
    both = url_only + (HTTP % ("python3.13", "HttpApi")).partition("CodeUri: src/\n")[2]
    write(tmp_path, {"template.yaml": both, "src/app.py": PYTHON % "v0"})
    with LocalGateway("template.yaml", reload=True) as gateway:
        api = next(address.url for address in gateway.addresses if address.front_door == "http_api")
        url = next(address.url for address in gateway.addresses if address.front_door == "function_url")
        assert (call(api)[0], call(url)[0]) == (200, 200)
        write(tmp_path, {"template.yaml": url_only})
        assert call(url) == (200, "v0")
        assert call(api)[0] == 404
        write(tmp_path, {"template.yaml": both})
        assert call(api) == (200, "v0")


def test_a_front_door_that_is_new_gets_an_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    template = HTTP % ("python3.13", "HttpApi")
    write(tmp_path, {"template.yaml": template, "src/app.py": PYTHON % "v0"})
    with LocalGateway("template.yaml", reload=True) as gateway:
        (url,) = gateway.urls.values()
        write(tmp_path, {"template.yaml": template + "      FunctionUrlConfig: {AuthType: NONE}\n"})
        assert call(url) == (200, "v0")
        new = next(message for message in gateway.told if message.startswith("OneUrl is new: "))
        assert call(new.partition(": ")[2]) == (200, "v0")


@pytest.mark.parametrize("target", [".", "main.tf"])
def test_a_new_file_of_a_module_is_served_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: str) -> None:
    monkeypatch.chdir(tmp_path)
    function = """
resource "aws_lambda_function" "one" {
  function_name = "one"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "src"
}

resource "aws_apigatewayv2_api" "api" {
  name          = "api"
  protocol_type = "HTTP"
}

resource "aws_apigatewayv2_stage" "all" {
  api_id      = aws_apigatewayv2_api.api.id
  name        = "$default"
  auto_deploy = true
}

resource "aws_lambda_permission" "api" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.one.function_name
  principal     = "apigateway.amazonaws.com"
}
"""
    route = """
resource "aws_apigatewayv2_integration" "one" {
  api_id                 = aws_apigatewayv2_api.api.id
  integration_type       = "AWS_PROXY"
  integration_uri        = aws_lambda_function.one.invoke_arn
  payload_format_version = "2.0"
}

resource "aws_apigatewayv2_route" "one" {
  api_id    = aws_apigatewayv2_api.api.id
  route_key = "GET /one"
  target    = "integrations/${aws_apigatewayv2_integration.one.id}"
}
"""
    write(tmp_path, {"main.tf": function, "src/app.py": PYTHON % "v0"})
    with LocalGateway(target, reload=True) as gateway:
        (url,) = gateway.urls.values()
        assert call(url)[0] == 404
        write(tmp_path, {"routes.tf": route})
        assert call(url) == (200, "v0")
        (tmp_path / "routes.tf").unlink()
        assert call(url)[0] == 404


def test_a_new_template_in_the_folder_gets_an_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    template = HTTP % ("python3.13", "HttpApi")
    write(tmp_path, {"template.yaml": template, "src/app.py": PYTHON % "v0"})
    with LocalGateway(".", reload=True) as gateway:
        (url,) = gateway.urls.values()
        write(tmp_path, {"other.yaml": template.replace("One:", "Two:")})
        assert call(url) == (200, "v0")
        new = next(message for message in gateway.told if " is new: " in message)
        assert call(new.partition(": ")[2]) == (200, "v0")
