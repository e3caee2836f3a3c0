"""The services of this folder's tests as trees, in the byte dress that editors give them."""

from __future__ import annotations

from collections.abc import Callable

from corsmith.api.model import Api
from corsmith.api.tree import Memory, Tree
from corsmith.readers import Settings, read

from .record_serverless import FOLDER, NAMES, RECORDED

__all__ = ["NAMES", "api_of", "files_of", "tree_of"]


def files_of(name: str, dress: Callable[[str], str] = str) -> dict[str, str]:
    """Return the files of a fixture, line ends as they are."""
    paths = sorted(path for path in (FOLDER / name).rglob("*") if path.is_file() and path.name != RECORDED)
    return {path.relative_to(FOLDER / name).as_posix(): dress(path.read_bytes().decode()) for path in paths}


def tree_of(name: str) -> Tree:
    """Return a fixture with what Serverless packages of it."""
    return Tree(Memory({**files_of(name), RECORDED: (FOLDER / name / RECORDED).read_text()}))


def api_of(text: str, settings: Settings | None = None, **files: str) -> Api:
    """Return the Api of a service that is written out; `files` by name, with `_` for dots and `__` for slashes."""
    others = {path.replace("__", "/").replace("_", "."): content for path, content in files.items()}
    api = read(Tree(Memory({"serverless.yml": text, **others})), "serverless.yml", settings or Settings())
    assert api is not None
    return api
