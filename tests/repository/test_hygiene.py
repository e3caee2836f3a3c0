"""Nothing of one machine is in the repository, and every fact stands in one place."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# Put together here, so that this file does not hold what it looks for.
HOME = tuple("/" + folder + "/" for folder in ("root", "home", "Users", "work"))
REGISTRIES = tuple(
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("files", "pythonhosted", "org"),
        ("registry", "npmjs", "org"),
        ("registry", "yarnpkg", "com"),
        ("proxy", "golang", "org"),
    )
)


def tracked() -> list[Path]:
    """Return the files under version control, or, in an unpacked archive, all that is not ignored there."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert listed.returncode == 0, listed.stderr
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


FILES = tracked()
LOCKS = [path for path in FILES if path.name == "package-lock.json" or path.parent.name == "requirements"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_file_speaks_of_a_machine(path: Path) -> None:
    text = path.read_text(encoding="utf-8", errors="replace")
    for found in (*HOME, str(ROOT) + os.sep):
        # A route may well be called /home/…: a path of a machine stands alone, not behind a host or a name.
        assert not re.search(rf"(?<![\w.}}/]){re.escape(found)}(?=[\w.]+/)", text), f"{path}: {found}"
    for host in REGISTRIES:
        assert host not in text, f"{path}: {host}"


def test_lock_files_pin_versions_and_hold_no_address() -> None:
    assert LOCKS
    for path in LOCKS:
        if path.suffix == ".json":
            packages = json.loads(path.read_text(encoding="utf-8"))["packages"]
            assert not [name for name, entry in packages.items() if "resolved" in entry and not entry.get("link")]
        else:
            lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
            names = [line.split("==")[0].lower() for line in lines]
            assert len(names) == len(set(names))
            assert [line for line in lines if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.]+", line)] == []


def test_the_toolkits_version_stands_in_one_place() -> None:
    from corsmith import __version__

    assert "version" not in re.findall(r"(?m)^(\w+) =", (ROOT / "pyproject.toml").read_text().split("[project.")[0])
    literal = f'"{__version__}"'
    holders = {
        str(path.relative_to(ROOT))
        for path in FILES
        if path.suffix in {".py", ".toml"} and literal in path.read_text(encoding="utf-8")
    }
    assert holders - {"runtimes/python/src/lambda_cors/__init__.py"} == {"src/corsmith/__init__.py"}


def test_both_runtimes_have_one_version() -> None:
    from lambda_cors import __version__

    package = json.loads((ROOT / "runtimes" / "node" / "package.json").read_text(encoding="utf-8"))
    assert package["version"] == __version__
    lock = json.loads((ROOT / "runtimes" / "node" / "package-lock.json").read_text(encoding="utf-8"))
    assert lock["packages"][""]["version"] == __version__


def test_the_changelog_begins_with_the_version_or_with_what_is_to_come() -> None:
    from corsmith import __version__

    headings = re.findall(r"(?m)^## (.+)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))
    assert headings[0] == "Unreleased" or headings[0].startswith(__version__)


def test_sources_are_utf8_with_line_feeds() -> None:
    for path in FILES:
        if path.suffix in {".py", ".md", ".toml", ".yaml", ".mjs", ".ts"} and "fixtures" not in path.parts:
            data = path.read_bytes()
            data.decode("utf-8")
            assert b"\r" not in data, path
            assert not data or data.endswith(b"\n"), path
