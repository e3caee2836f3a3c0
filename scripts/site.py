"""Builds the documentation as a site in build/site, for any static host.

    python -m scripts.site

The pages are those of the repository, at the same paths, so that a link works in both. A link that leads nowhere is an error.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGES = ROOT / "build" / "pages"


def main() -> int:
    """Copy the pages and build; return MkDocs' exit code."""
    shutil.rmtree(PAGES, ignore_errors=True)
    files = [*ROOT.glob("*.md"), ROOT / "LICENSE", *(ROOT / "docs").rglob("*")]
    files += [*(ROOT / "examples").rglob("*"), *(ROOT / "runtimes").glob("*/*.md"), *(ROOT / "hosting").iterdir()]
    for file in files:
        if file.is_file() and "__pycache__" not in file.parts:
            target = PAGES / file.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, target)
    command = [
        sys.executable,
        "-m",
        "mkdocs",
        "build",
        "--strict",
        "--quiet",
        "--config-file",
        str(ROOT / "mkdocs.yml"),
    ]
    # The notice is about MkDocs 2; the version is pinned.
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
