"""The changelog's grammar: the file keeps to it, and what does not is found."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from corsmith import __version__
from scripts.changelog import complaints

ROOT = Path(__file__).parents[2]
GOOD = """\
# Changelog

What changed.

## Unreleased

### Added

- A thing,
  told in two lines.

## 0.2.0 - 2026-03-01

### Changed

- Another.

### Fixed

- A third.

## 0.1.0 - 2026-01-31

### Added

- The first.
"""


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "scripts.changelog", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_the_changelog_keeps_to_its_grammar() -> None:
    told = run()
    assert (told.returncode, told.stdout) == (0, "")


def test_a_good_one_passes() -> None:
    assert list(complaints(GOOD)) == []


@pytest.mark.parametrize(
    ("before", "after", "complaint"),
    [
        ("# Changelog\n", "# News\n", "line 1: the title"),
        ("## 0.2.0 - 2026-03-01", "## 0.2 - 2026-03-01", "line 12: a version is"),
        ("## 0.2.0 - 2026-03-01", "## 0.2.0", "line 12: a version is"),
        ("## 0.2.0 - 2026-03-01", "## 0.2.0 - 2026-13-01", "line 12: a version is"),
        ("## 0.2.0 - 2026-03-01", "## 0.0.9 - 2026-03-01", "line 22: 0.1.0 - 2026-01-31 does not come before"),
        ("## 0.1.0 - 2026-01-31", "## Unreleased", "line 22: Unreleased comes first"),
        ("### Changed", "### Improved", "line 14: a section is one of"),
        ("### Fixed", "### Added", "line 18: Added stands twice, or out of order"),
        ("### Fixed", "### Changed", "line 18: Changed stands twice"),
        ("- Another.", "* Another.", "line 16: an entry begins with '- '"),
        ("  told in", "told in", "line 10: an entry begins with"),
        (
            "### Changed\n\n- Another.\n\n### Fixed\n\n- A third.\n",
            "",
            "line 15: 0.2.0 - 2026-03-01 before it says nothing",
        ),
        ("### Added\n\n- A thing,", "- A thing,", "line 7: an entry stands in a section"),
    ],
)
def test_what_breaks_it_is_found(before: str, after: str, complaint: str) -> None:
    text = GOOD.replace(before, after, 1)
    assert text != GOOD
    assert any(each.startswith(complaint) for each in complaints(text)), list(complaints(text))


def test_nothing_is_no_changelog() -> None:
    assert list(complaints("")) == ["line 1: the title is '# Changelog'", "there is no version in it"]


def test_a_release_needs_its_version_and_its_date() -> None:
    told = run("--release", "9.9.9")
    assert told.returncode == 1
    assert f"the tag says 9.9.9, the toolkit {__version__}" in told.stdout
    assert "not 9.9.9 with its date" in told.stdout
