"""What was repaired is still what its own tools read: Python, Node, Terraform, SAM's translator, cfn-lint."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import hcl2
import pytest
import yaml
from openapi_spec_validator import OpenAPIV30SpecValidator

from corsmith.handlers.javascript.source import parse
from tests.readers.translated import Refusal, translate

from .every import changed

TYPESCRIPT = Path(__file__).parents[2] / "runtimes" / "node" / "node_modules" / ".bin" / "tsc"
SERVERLESS = Path(__file__).parents[2] / "benchmarks" / "peers" / "serverless-offline"


@pytest.fixture(autouse=True)
def _region(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")


def test_python() -> None:
    found = list(changed(".py"))
    assert len(found) > 50
    for name, _, text in found:
        compile(text, name, "exec")


def test_node(tmp_path: Path) -> None:
    found = list(changed(".js", ".mjs", ".cjs"))
    assert len(found) > 20
    for number, (name, _, text) in enumerate(found):
        file = tmp_path / f"{number}.{name.rpartition('.')[2]}"
        file.write_text(text, encoding="utf-8")
        said = subprocess.run(["node", "--check", str(file)], capture_output=True, text=True, check=False)
        assert said.returncode == 0, (name, said.stderr, text)


def test_typescript(tmp_path: Path) -> None:
    found = list(changed(".ts"))
    assert len(found) > 20
    for number, (name, _, text) in enumerate(found):
        assert not parse(name, text).problems, text
        (tmp_path / f"{number}.ts").write_text(text, encoding="utf-8")
    compiler = [
        str(TYPESCRIPT),
        "--noEmit",
        "--noResolve",
        "--ignoreConfig",
        "--target",
        "esnext",
        "--module",
        "esnext",
    ]
    files = [f"{number}.ts" for number in range(len(found))]
    said = subprocess.run([*compiler, *files], cwd=tmp_path, capture_output=True, text=True, check=False)
    # Types of packages that are not here are not found; TS1... are errors of syntax.
    assert re.findall(r"^.*error TS1\d{3}:.*$", said.stdout, re.MULTILINE) == []
    (tmp_path / "wrong.ts").write_text("const a: = 1;\n", encoding="utf-8")
    said = subprocess.run([*compiler, "wrong.ts"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "error TS1110" in said.stdout


def test_terraform() -> None:
    found = list(changed(".tf"))
    assert len(found) > 30
    for name, _, text in found:
        assert hcl2.loads(text if text.endswith("\n") else text + "\n"), name


def test_json() -> None:
    found = list(changed(".json"))
    assert found
    for name, _, text in found:
        keys = json.loads(text, object_pairs_hook=lambda pairs: [name for name, _ in pairs])
        assert len(keys) == len(set(keys)), name


def test_openapi() -> None:
    found = [each for each in changed(".json", ".yaml", ".yml") if re.search(r"^\W*openapi\W+3\.0", each[2])]
    assert found
    for name, old, new in found:
        assert complaints(new) <= complaints(old), name


def complaints(text: str) -> set[str]:
    """Return what the validator of OpenAPI says of a definition."""
    return {str(error.message) for error in OpenAPIV30SpecValidator(yaml.load(text, _Loader)).iter_errors()}


class _Loader(yaml.SafeLoader):
    """YAML with CloudFormation's tags."""


_Loader.add_multi_constructor("!", lambda loader, suffix, node: (suffix, str(node.value)))  # type: ignore[no-untyped-call]


def test_yaml_has_every_key_once() -> None:
    for name, _, text in changed(".yaml", ".yml"):
        assert yaml.load(text, _Loader), name
        keys = [line for line in re.findall(r"^( *[\w/{}+.-]+):", text, re.MULTILINE) if not line.startswith(" ")]
        assert len(keys) == len(set(keys)), name


def test_the_translator_refuses_nothing_new() -> None:
    found = [each for each in changed("template.yaml") if "Transform: AWS::Serverless" in each[2]]
    assert len(found) > 40
    for name, old, new in found:
        assert refusals(new) <= refusals(old), (name, new)


def refusals(text: str) -> set[str]:
    """Return why the translator refuses a template; nothing where it does not."""
    try:
        translate(text)
    except Refusal as refusal:
        return set(refusal.messages)
    return set()


def test_cfn_lint_finds_nothing_new(tmp_path: Path) -> None:
    # A third of them: the linter is slow.
    templates = [each for each in changed(".yaml", ".yml", ".json") if re.search(r"^\W*Resources\W", each[2], re.M)]
    found = templates[::3]
    for when in ("before", "after"):
        (tmp_path / when).mkdir()
    for number, (_, old, new) in enumerate(found):
        (tmp_path / "before" / f"{number}.yaml").write_text(old, encoding="utf-8")
        (tmp_path / "after" / f"{number}.yaml").write_text(new, encoding="utf-8")
    before, after = (_linted(tmp_path / when, len(found)) for when in ("before", "after"))
    for number, (name, _, new) in enumerate(found):
        assert after[number] <= before[number], (name, after[number] - before[number], new)


def _linted(folder: Path, count: int) -> list[set[str]]:
    """Return the errors of each template, by the id of their rule."""
    program = str(Path(sys.executable).with_name("cfn-lint"))
    files = [str(folder / f"{number}.yaml") for number in range(count)]
    said = subprocess.run(
        [program, "--format", "json", "--regions", "us-east-1", "--", *files],
        capture_output=True,
        text=True,
        check=False,
    )
    errors: list[set[str]] = [set() for _ in range(count)]
    for each in json.loads(said.stdout):
        if each["Level"] == "Error":
            errors[int(Path(each["Filename"]).stem)].add(each["Rule"]["Id"])
    return errors


@pytest.mark.node
def test_serverless_takes_what_was_repaired(tmp_path: Path) -> None:
    """Every eighth service: each takes the framework two seconds."""
    # A service in TypeScript names a plugin that is not here.
    found = [each for each in changed("serverless.yml") if "plugins:" not in each[2]][::8]
    assert len(found) > 3
    (tmp_path / "node_modules").symlink_to(SERVERLESS / "node_modules")
    script = SERVERLESS / "node_modules" / "serverless" / "bin" / "serverless.js"
    settings = {"SLS_TELEMETRY_DISABLED": "1", "SLS_NOTIFICATIONS_MODE": "off", "SLS_DISABLE_AUTO_UPDATE": "1"}
    for name, _, text in found:
        (tmp_path / "serverless.yml").write_text(text, encoding="utf-8")
        said = subprocess.run(
            ["node", str(script), "print", "--format", "json"],
            cwd=tmp_path,
            env={**os.environ, **settings, "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert said.returncode == 0, (name, said.stdout, said.stderr)
