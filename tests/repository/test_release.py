"""A release is the same bytes wherever it is built, and says what it consists of."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from email.parser import HeaderParser
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
PARTS = ("src", "docs/rules", "runtimes/python", "runtimes/node/src", "scripts/release", "requirements")
FILES = ("pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE", "scripts/__init__.py")
NODE = ("package.json", "README.md")
EPOCH = "1767225600"


def clone(folder: Path, changed_at: int, mode: int) -> Path:
    """Copy what a release is built from; the copy's files have times and permissions of their own."""
    left_out = shutil.ignore_patterns("__pycache__", "*.egg-info", "node_modules", "dist", ".*_cache", "mutants")
    for part in PARTS:
        shutil.copytree(ROOT / part, folder / part, ignore=left_out)
    for file in (*FILES, *(f"runtimes/node/{name}" for name in NODE)):
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / file, folder / file)
    for number, file in enumerate(sorted(folder.rglob("*"))):
        os.utime(file, (changed_at + number, changed_at + number))
        if file.is_file():
            file.chmod(mode)
    return folder


def released(folder: Path, out: Path) -> dict[str, str]:
    """Build a release; return the hash of each file."""
    told = subprocess.run(
        [sys.executable, "-m", "scripts.release", str(out)],
        cwd=folder,
        env={**os.environ, "SOURCE_DATE_EPOCH": EPOCH},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stdout + told.stderr
    return {each.name: hashlib.sha256(each.read_bytes()).hexdigest() for each in out.iterdir()}


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.mktemp("first")
    released(clone(base / "here", 1_600_000_000, 0o600), base / "out")
    return base / "out"


@pytest.mark.node
def test_two_builds_are_the_same_bytes(first: Path, tmp_path: Path) -> None:
    again = released(clone(tmp_path / "quite" / "elsewhere", 1_700_000_000, 0o664), tmp_path / "out")
    assert again == {each.name: hashlib.sha256(each.read_bytes()).hexdigest() for each in first.iterdir()}
    assert {name.rpartition("-0")[0] or name for name in again} == {
        "corsmith", "corsmith.cdx.json", "lambda-cors", "lambda_cors", "SHA256SUMS"
    }  # fmt: skip


@pytest.mark.node
def test_the_sums_are_those_of_the_files(first: Path) -> None:
    lines = (first / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    assert len(lines) == len(list(first.iterdir())) - 1
    for line in lines:
        digest, _, name = line.partition("  ")
        assert hashlib.sha256((first / name).read_bytes()).hexdigest() == digest


@pytest.mark.node
def test_the_bill_names_every_package_at_its_locked_version(first: Path) -> None:
    import tomllib

    bill = json.loads((first / "corsmith.cdx.json").read_text(encoding="utf-8"))
    components = {each["name"]: each["version"] for each in bill["components"]}
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    assert {Requirement(each).name for each in declared} <= set(components)
    locked = dict(
        line.lower().split("==")
        for line in (ROOT / "requirements" / "dev.txt").read_text(encoding="utf-8").splitlines()
    )
    assert {name: version for name, version in components.items() if locked.get(name, version) != version} == {}
    references = {each["ref"]: each.get("dependsOn", []) for each in bill["dependencies"]}
    root = bill["metadata"]["component"]
    assert len(references[root["bom-ref"]]) == len(declared)
    (wheel,) = first.glob("corsmith-*.whl")
    assert root["hashes"] == [{"alg": "SHA-256", "content": hashlib.sha256(wheel.read_bytes()).hexdigest()}]


def test_what_an_index_shows_leads_somewhere(first: Path) -> None:
    """Links of the README to files of the repository would lead nowhere there."""
    (wheel,) = first.glob("corsmith-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (each for each in archive.namelist() if each.endswith(".dist-info/METADATA"))
        metadata = HeaderParser().parsestr(archive.read(name).decode())
    links = re.findall(r"\]\(([^)\s]+)\)", metadata.get_payload())
    assert len(links) > 10
    assert [link for link in links if not link.startswith(("https://", "#"))] == []
    (start,) = {link for link in links if link.endswith("docs/start.md")}
    assert (ROOT / start.partition("/blob/main/")[2]).is_file()
    assert {each.partition(", ")[0] for each in metadata.get_all("Project-URL", ())} >= {"Documentation", "Source"}


@pytest.mark.node
def test_the_npm_package_names_its_repository_as_its_provenance_will() -> None:
    package = json.loads((ROOT / "runtimes" / "node" / "package.json").read_text(encoding="utf-8"))
    assert package["repository"]["url"] == "git+https://github.com/corsmith/corsmith.git"
    assert (ROOT / package["repository"]["directory"]).is_dir()


def test_npm_is_given_a_file_and_not_the_name_of_a_repository() -> None:
    """`npm publish dist/x.tgz` looks for a repository of the user dist."""
    text = (ROOT / ".github" / "workflows" / "release.yml").read_text(encoding="utf-8")
    assert re.findall(r"npm publish (\S+)", text) == ["./dist/lambda-cors-*.tgz"]


def test_workflows_and_action_have_no_hole_that_zizmor_knows() -> None:
    """Offline: what it would ask GitHub about is pinned by hash."""
    zizmor = Path(sys.executable).with_name("zizmor")
    told = subprocess.run(
        [zizmor, "--offline", "--quiet", "--no-progress", "--persona", "auditor", ".github/workflows", "action.yml"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stdout + told.stderr


@pytest.mark.parametrize(
    ("schema", "file"),
    [("github-workflows", each.relative_to(ROOT).as_posix()) for each in (ROOT / ".github" / "workflows").glob("*.yml")]
    + [("github-actions", "action.yml")],
)
def test_what_github_reads_has_its_schema(schema: str, file: str) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}", file]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout + told.stderr


WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.stem)
def test_a_workflow_pins_what_it_uses_and_is_granted_little(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    used = re.findall(r"(?m)^\s*(?:- )?uses: (\S+)(?: # (\S+))?$", text)
    assert len(used) == len(re.findall(r"uses:", text))
    for name, version in used:
        assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", name), name
        assert re.fullmatch(r"v\d+(\.\d+)*", version), name
    locked = (ROOT / "requirements" / "dev.txt").read_text(encoding="utf-8").splitlines()
    assert [pin for pin in re.findall(r"\b[a-z-]+==[\d.]+", text) if pin not in locked] == []
    workflow = yaml.safe_load(text)
    assert workflow["permissions"] == {}
    for name, job in workflow["jobs"].items():
        assert {key for key, value in job["permissions"].items() if value == "write"} <= MAY_WRITE.get(name, set()), (
            name
        )
        for step in job["steps"]:
            assert "${{" not in step.get("run", ""), "what comes in from outside is an environment variable"


MAY_WRITE = {"build": {"id-token", "attestations"}, "pypi": {"id-token"}, "npm": {"id-token"}, "announce": {"contents"}}


def test_what_one_job_has_built_and_attested_is_what_the_others_publish() -> None:
    jobs = yaml.safe_load((ROOT / ".github" / "workflows" / "release.yml").read_text(encoding="utf-8"))["jobs"]
    build = jobs.pop("build")
    names = [step.get("uses", "").partition("@")[0] for step in build["steps"]]
    runs = " ".join(step.get("run", "") for step in build["steps"])
    assert "scripts.release dist" in runs
    assert names.index("actions/attest-build-provenance") < names.index("actions/upload-artifact")
    for job in jobs.values():
        assert "build" in job["needs"]
        (first, *_) = job["steps"]
        assert first["uses"].startswith("actions/download-artifact@")
        assert not any(step.get("uses", "").startswith("actions/checkout@") for step in job["steps"])
