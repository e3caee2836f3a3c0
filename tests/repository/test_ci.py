"""The hooks and the action, run as their hosts run them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml

ROOT = Path(__file__).parents[2]
TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::Serverless::HttpApi
  Hello:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.12
      Handler: hello.handler
      CodeUri: .
      Events:
        Say:
          Type: HttpApi
          Properties: {ApiId: !Ref Api, Path: /hello, Method: GET}
"""


def run(*command: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, **environment}
    return subprocess.run(
        [str(part) for part in command], cwd=cwd, env=env, capture_output=True, text=True, check=False
    )


def project(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "template.yaml").write_text(TEMPLATE, encoding="utf-8")
    (folder / "hello.py").write_text('def handler(event, context):\n    return {"statusCode": 200}\n', encoding="utf-8")
    return folder


def committed(folder: Path) -> Path:
    for command in (
        ("init", "-q"),
        ("add", "-A"),
        ("-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-qm", "all"),
    ):
        done = run("git", *command, cwd=folder)
        assert done.returncode == 0, done.stderr
    return folder


def step(name: str) -> dict[str, object]:
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    return next(each for each in action["runs"]["steps"] if each["name"] == name)


def checked(folder: Path, output: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    """Run the action's check step, its inputs as environment variables."""
    command = str(step("Check")["run"])
    corsmith = Path(sys.executable).with_name("corsmith")
    return run(
        "bash",
        "-c",
        command,
        cwd=folder,
        GITHUB_ACTION_PATH=str(ROOT),
        GITHUB_OUTPUT=str(output),
        CORSMITH=str(corsmith),
        **{"TARGETS": ".", "ARGUMENTS": "", "SARIF": "", **inputs},
    )


def test_the_action_annotates_and_writes_sarif(tmp_path: Path) -> None:
    folder = project(tmp_path / "project")
    done = checked(folder, tmp_path / "output", SARIF="found.sarif")
    assert done.returncode == 1
    assert re.search(r"^::error file=template\.yaml,line=3,", done.stdout, re.MULTILINE), done.stdout
    assert (tmp_path / "output").read_text(encoding="utf-8") == "exit-code=1\n"
    found = json.loads((folder / "found.sarif").read_text(encoding="utf-8"))
    assert [each["ruleId"] for each in found["runs"][0]["results"] if each["level"] == "error"] == [
        "httpapi-no-cors-config"
    ]


def test_the_action_passes_flags_on_and_runs_nothing_of_them(tmp_path: Path) -> None:
    folder = project(tmp_path / "project")
    assert checked(folder, tmp_path / "output", ARGUMENTS="--fail-on never").returncode == 0
    hostile = checked(folder, tmp_path / "output", TARGETS=". ; touch ran $(touch ran) `touch ran`")
    assert hostile.returncode == 2
    assert not (folder / "ran").exists()


def scripts(name: str) -> list[str]:
    """Return the commands that a recipe of docs/ci.md gives to `name`, as its host hands them to a shell."""
    text = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
    block = text.partition(f"## {name}\n")[2].partition("```yaml\n")[2].partition("```")[0]
    recipe = yaml.safe_load(block)
    if "steps" in recipe:
        return [step["script"] for step in recipe["steps"] if "script" in step]
    return ["\n".join(job["script"]) for job in recipe.values()]


@pytest.mark.parametrize("host", ["GitLab", "Azure Pipelines"])
def test_the_recipes_of_other_hosts(host: str, tmp_path: Path) -> None:
    """Their shells stop at the first command that fails; the report is there then."""
    folder = project(tmp_path / "project")
    (script,) = scripts(host)
    installs, *rest = script.strip().splitlines()
    assert "install --quiet corsmith" in installs
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = run("bash", "-e", "-c", "\n".join(rest), cwd=folder, PATH=path)
    assert done.returncode == 1, done.stderr
    report = ElementTree.parse(folder / "corsmith.xml")
    assert report.getroot().tag == "testsuites"
    assert any("httpapi-no-cors-config" in str(each.attrib) + (each.text or "") for each in report.iter("failure"))


@pytest.mark.parametrize(("host", "schema"), [("GitLab", "gitlab-ci"), ("Azure Pipelines", "azure-pipelines")])
def test_the_recipes_have_their_hosts_schema(host: str, schema: str, tmp_path: Path) -> None:
    text = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
    recipe = text.partition(f"## {host}\n")[2].partition("```yaml\n")[2].partition("```")[0]
    file = tmp_path / "recipe.yml"
    file.write_text(recipe, encoding="utf-8")
    done = run(sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}", file, cwd=tmp_path)
    assert done.returncode == 0, done.stdout


def test_the_hooks_are_a_manifest() -> None:
    done = run(sys.executable, "-m", "pre_commit", "validate-manifest", ".pre-commit-hooks.yaml", cwd=ROOT)
    assert done.returncode == 0, done.stdout


def test_every_input_of_the_action_is_used() -> None:
    text = (ROOT / "action.yml").read_text(encoding="utf-8")
    inputs = yaml.safe_load(text)["inputs"]
    for name in inputs:
        assert f"inputs.{name} }}}}" in text
    runs = " ".join(str(each.get("run", "")) for each in yaml.safe_load(text)["runs"]["steps"])
    assert "${{" not in runs


@pytest.mark.timeout(600)
def test_pre_commit_runs_the_hook(tmp_path: Path) -> None:
    """With the runtime's wheel at hand, as the package index would have it."""
    wheels = tmp_path / "wheels"
    built = run(
        sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", wheels, "runtimes/python", cwd=ROOT
    )
    assert built.returncode == 0, built.stderr
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", ".pre-commit-hooks.yaml"):
        shutil.copy(ROOT / name, hooks / name)
    shutil.copytree(ROOT / "src", hooks / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "docs" / "rules", hooks / "docs" / "rules")
    committed(hooks)
    folder = committed(project(tmp_path / "project"))
    head = run("git", "rev-parse", "HEAD", cwd=hooks).stdout.strip()
    config = {"repos": [{"repo": hooks.as_uri(), "rev": head, "hooks": [{"id": "corsmith"}]}]}
    (folder / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    links = f"{os.environ.get('PIP_FIND_LINKS', '')} {wheels}".strip()
    done = run(
        sys.executable,
        "-m",
        "pre_commit",
        "run",
        "--all-files",
        cwd=folder,
        PRE_COMMIT_HOME=str(tmp_path / "home"),
        PIP_FIND_LINKS=links,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert "httpapi-no-cors-config" in done.stdout
    text = (folder / "template.yaml").read_text(encoding="utf-8")
    allowed = "HttpApi\n    Properties:\n      CorsConfiguration:\n        AllowOrigins: ['https://app.example.com']\n"
    (folder / "template.yaml").write_text(text.replace("HttpApi\n  Hello", f"{allowed}  Hello"), encoding="utf-8")
    run("git", "add", "-A", cwd=folder)
    done = run(
        sys.executable, "-m", "pre_commit", "run", "--all-files", cwd=folder, PRE_COMMIT_HOME=str(tmp_path / "home")
    )
    assert done.returncode == 0, done.stdout
