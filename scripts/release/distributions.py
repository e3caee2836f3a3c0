"""The distributions of both registries, built so that two builds of one commit are the same bytes."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path


def build_all(root: Path, out: Path, epoch: str) -> list[Path]:
    """Build source archives and wheels of both Python distributions and the npm package; return the files."""
    out.mkdir(parents=True, exist_ok=True)
    before = set(out.iterdir())
    # What varies with a machine is fixed: the time, the mask of permissions, the order of names.
    environment = {**os.environ, "SOURCE_DATE_EPOCH": epoch, "PYTHONHASHSEED": "0", "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    for source in (root / "runtimes" / "python", root):
        command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(source)]
        _run(command, root, environment)
    with tempfile.TemporaryDirectory() as folder:
        package = Path(folder) / "package"
        _plain_copy(root / "runtimes" / "node", package)
        _run(["npm", "pack", "--silent", "--ignore-scripts", "--pack-destination", str(out)], package, environment)
    return sorted(set(out.iterdir()) - before)


def _plain_copy(source: Path, target: Path) -> None:
    """Copy a package with the permissions that files have by default: npm packs those that a clone happens to have."""
    left_out = shutil.ignore_patterns("node_modules", "tests")
    shutil.copytree(source, target, copy_function=shutil.copyfile, ignore=left_out)
    for each in target.rglob("*"):
        each.chmod(0o755 if each.is_dir() else 0o644)


def _run(command: list[str], folder: Path, environment: dict[str, str]) -> None:
    told = subprocess.run(
        command, cwd=folder, env=environment, umask=0o022, capture_output=True, text=True, check=False
    )
    if told.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{told.stdout}{told.stderr}")


def checksums(files: Iterable[Path]) -> str:
    """Return a line for each file, as `sha256sum --check` reads them."""
    return "".join(f"{hashlib.sha256(each.read_bytes()).hexdigest()}  {each.name}\n" for each in sorted(files))
