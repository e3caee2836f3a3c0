"""The Node runtime's own tests, its types, and what its package holds."""

import json
import re
import subprocess

import pytest
from clients import NODE, NODE_PACKAGE, install_node_packages

pytestmark = pytest.mark.node


def run(*command: str) -> str:
    install_node_packages()
    done = subprocess.run(command, cwd=NODE_PACKAGE, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-8000:]
    return done.stdout


def test_the_suite_passes_and_covers_every_branch() -> None:
    tests = sorted(str(path.relative_to(NODE_PACKAGE)) for path in NODE_PACKAGE.glob("tests/*.test.mjs"))
    assert len(tests) >= 3
    said = run(NODE, "--test", "--experimental-test-coverage", "--test-reporter=tap", *tests)
    counts = {name: int(count) for name, count in re.findall(r"^# (\w+) (\d+)$", said, re.MULTILINE)}
    assert counts["tests"] > 900
    assert (counts["fail"], counts["skipped"], counts["todo"]) == (0, 0, 0)
    covered = re.findall(r"^# *(?:src/)?(\w+\.m?js) +\| +([\d.]+) \| +([\d.]+) \|", said, re.MULTILINE)
    sources = {path.name for path in (NODE_PACKAGE / "src").glob("*.*js")}
    assert {name for name, *shares in covered if shares == ["100.00", "100.00"]} >= sources


def test_the_types_say_what_is_allowed() -> None:
    assert run("node_modules/.bin/tsc", "--project", "tests/types") == ""


def test_the_package_depends_on_nothing_and_holds_only_its_sources() -> None:
    package = json.loads((NODE_PACKAGE / "package.json").read_text())
    assert "dependencies" not in package
    listed = json.loads(run("npm", "pack", "--dry-run", "--json", "--ignore-scripts"))[0]
    names = {file["path"] for file in listed["files"]}
    assert {name.split("/")[0] for name in names} <= {"src", "package.json", "README.md", "LICENSE"}
    assert {"src/index.js", "src/index.mjs", "src/index.d.ts", "src/index.d.mts"} <= names


def test_the_lock_file_holds_no_address() -> None:
    lock = json.loads((NODE_PACKAGE / "package-lock.json").read_text())
    assert [name for name, package in lock["packages"].items() if "resolved" in package] == []
