"""Every block of code in the documents that can run is run; the others say above them why they are not."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from corsmith import check_project
from corsmith.cli import main
from corsmith.project.settings_file import configuration_for

from .code_blocks import BLOCKS, ROOT, Block, is_shown, sessions

LANGUAGES = {"console", "ini", "js", "json", "lua", "python", "sh", "text", "toml", "ts", "yaml"}
OFFLINE = {"check", "explain", "fix", "generate", "init", "rules", "simulate"}
"""Commands that end by themselves and need no network, unless their target is a URL."""


def of(*languages: str) -> pytest.MarkDecorator:
    chosen = [block for block in BLOCKS if block.language in languages and not block.because]
    return pytest.mark.parametrize("block", chosen, ids=str)


@pytest.fixture
def sandbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The storefront, as the root of a repository that knows origin/main."""
    folder = tmp_path / "storefront"
    shutil.copytree(ROOT / "examples" / "storefront", folder, ignore=shutil.ignore_patterns("__pycache__"))
    git = ("git", "-c", "user.name=t", "-c", "user.email=t@example.com")
    for command in (("init", "-q"), ("add", "-A"), ("commit", "-qm", "all")):
        subprocess.run([*git, *command], cwd=folder, check=True, capture_output=True)
    subprocess.run(["git", "update-ref", "refs/remotes/origin/main", "HEAD"], cwd=folder, check=True)
    monkeypatch.chdir(folder)
    return folder


def test_every_block_names_a_language_that_is_known() -> None:
    assert {str(block): block.language for block in BLOCKS if block.language not in LANGUAGES} == {}
    assert {"python", "json", "yaml", "sh"} <= {block.language for block in BLOCKS if not block.because}


def test_what_cannot_run_is_told_only_of_what_could() -> None:
    assert [str(block) for block in BLOCKS if block.because and block.language == "text"] == []


@of("python")
def test_python(block: Block, sandbox: Path) -> None:
    is_test = re.search(r"(?m)^def test_", block.text)
    file = sandbox / ("test_block.py" if is_test else "block.py")
    file.write_text(block.text, encoding="utf-8")
    tests = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:asyncio", "-p", "no:pytest-lsp")
    command = [sys.executable, "-W", "error", *(tests if is_test else ()), str(file)]
    told = subprocess.run(command, cwd=sandbox, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout + told.stderr


@of("js")
@pytest.mark.node
def test_javascript(block: Block, tmp_path: Path) -> None:
    modules = tmp_path / "node_modules"
    modules.mkdir()
    (modules / "lambda-cors").symlink_to(ROOT / "runtimes" / "node")
    file = tmp_path / "block.mjs"
    file.write_text(block.text, encoding="utf-8")
    told = subprocess.run(["node", str(file)], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr


@of("json")
def test_json(block: Block) -> None:
    for document in (block.text,) if not _is_lines(block.text) else block.text.splitlines():
        json.loads(document)


def _is_lines(text: str) -> bool:
    lines = text.splitlines()
    return len(lines) > 1 and all(line.startswith("{") and line.endswith("}") for line in lines)


@of("toml")
def test_toml(block: Block, sandbox: Path) -> None:
    tomllib.loads(block.text)
    if "[policy]" in block.text:
        (sandbox / "corsmith.toml").write_text(block.text, encoding="utf-8")
        assert configuration_for(".").policy.origins


@of("yaml")
def test_yaml(block: Block, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    if re.search(r"(?m)^(Resources|Transform|service|openapi):", block.text):
        name = "serverless.yml" if re.search(r"(?m)^service:", block.text) else "template.yaml"
        Path(name).write_text(block.text, encoding="utf-8")
        report = check_project(name)
        assert report.problems == ()
        assert report.cells or report.passed_over == ()
        return
    read = yaml.safe_load(block.text)
    assert isinstance(read, dict | list)
    if isinstance(read, dict) and "repos" in read:
        Path(".pre-commit-config.yaml").write_text(block.text, encoding="utf-8")
        told = subprocess.run(
            [sys.executable, "-m", "pre_commit", "validate-config"], capture_output=True, text=True, check=False
        )
        assert told.returncode == 0, told.stdout


SESSIONS = [
    (block, command, shown)
    for block in BLOCKS
    if block.language in ("console", "text") and not block.because
    for command, shown in sessions(block)
]


@pytest.mark.parametrize(("block", "command", "shown"), SESSIONS, ids=[f"{block}" for block, _, _ in SESSIONS])
def test_a_session_is_what_one_sees(
    block: Block, command: list[str], shown: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An ellipsis stands for anything, alone in a line for any number of lines."""
    del block
    assert command[0] == "corsmith", "another command's session is not run: say why above it"
    monkeypatch.chdir(ROOT)
    told = CliRunner().invoke(main, command[1:], prog_name="corsmith", terminal_width=100)
    lines = "\n".join(line.rstrip() for line in told.stdout.rstrip("\n").split("\n"))
    assert is_shown(shown, lines), lines


def commands(block: Block) -> Iterator[str]:
    """Yield the commands of a block for a shell, continued lines joined."""
    for line in block.text.replace("\\\n", " ").splitlines():
        yield re.sub(r"\s+#.*", "", line).strip()


def is_offline(words: list[str]) -> bool:
    return (
        words[:1] == ["corsmith"]
        and words[1] in OFFLINE
        and not any(word.startswith("http") and not words[at - 1].startswith("-") for at, word in enumerate(words))
        and "--urls" not in words
    )


@of("sh")
def test_commands_for_a_shell(block: Block, sandbox: Path) -> None:
    """Those of corsmith that need neither network nor a person are run, in the storefront. None is a mistake."""
    (sandbox / "calls.har").write_text('{"log": {"entries": []}}', encoding="utf-8")
    for line in commands(block):
        if not line.startswith("corsmith ") or "|" in line:
            continue
        words = [word.removeprefix("examples/storefront/") for word in shlex.split(line)]
        words = ["." if word == "examples/storefront" else word for word in words]
        if not is_offline(words) or any(word.endswith(".har") for word in words):
            continue
        told = CliRunner().invoke(main, words[1:], prog_name="corsmith")
        assert told.exit_code in (0, 1), f"{line}\n{told.output}"
