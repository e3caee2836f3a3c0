"""Git, asked: where a repository begins, what changed, how a file was. Nothing here changes a repository."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path


class NoHistory(Exception):  # noqa: N818 - it names a state
    """Git has no answer: it is not installed, there is no repository, no such revision. The message is a sentence."""


def root_of(target: str) -> str:
    """Return the folder of the repository that `target`, a file or folder, is in. Raises `NoHistory`."""
    folder = Path(target) if Path(target).is_dir() else Path(target).parent
    try:
        return git(str(folder), "rev-parse", "--show-toplevel").rstrip("\n")
    except NoHistory as error:
        if "not a git repository" in str(error):
            raise NoHistory(f"{target} is in no git repository, so there is nothing to compare it with") from None
        raise


def uncommitted(root: str) -> int:
    """Return how many tracked files of a repository differ from its last commit. Raises `NoHistory`."""
    return sum(1 for entry in git(root, "status", "--porcelain", "--untracked-files=no", "-z").split("\0") if entry)


def git(folder: str, *arguments: str) -> str:
    """Return what a command of git prints, as text. Raises `NoHistory`."""
    return os.fsdecode(git_bytes(folder, *arguments))


def git_bytes(folder: str, *arguments: str) -> bytes:
    """Return what a command of git prints in `folder`. Raises `NoHistory`."""
    environment = {**os.environ, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0"}
    try:
        told = subprocess.run(  # noqa: S603 - git, with arguments of ours and a revision behind --end-of-options
            ["git", *arguments],  # noqa: S607 - the user's git
            cwd=folder,
            env=environment,
            capture_output=True,
            check=False,
        )
    except FileNotFoundError:
        if not Path(folder).is_dir():
            raise NoHistory(f"{folder}: no such folder") from None
        raise NoHistory("git is not installed, or not on PATH") from None
    if told.returncode:
        said = told.stderr.decode(errors="replace").strip().removeprefix("fatal: ")
        raise NoHistory(f"git says: {said}" if said else "git cannot say")
    return told.stdout
