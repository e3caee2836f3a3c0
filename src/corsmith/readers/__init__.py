"""Templates become the Api model. Pure: files are read through a Tree.

`read` gives an Api for every file that it can take for a template; what is wrong with the file is in `Api.problems`
(a file that cannot be parsed gives an Api with nothing but problems). None: the file is no template of a known kind.
Nothing is raised but `corsmith.api.tree.Unreadable`, where there is no text to read.
"""

from __future__ import annotations

from corsmith.api.model import Api
from corsmith.api.tree import Tree

from .collector import paused
from .dialects import DIALECTS, read_configuration
from .document import parse
from .linking import source_of
from .serverless.recognise import included, is_program, unread_program
from .settings import Settings
from .terraform.recognise import is_configuration

DEFAULT = Settings()
"""Nothing given: what the template leaves open stays open."""

TITLES = tuple(dialect.title for dialect in DIALECTS)
"""The names of the dialects that are read, for people."""

__all__ = ["TITLES", "Settings", "included", "is_program", "read", "recognise", "source_of"]


def recognise(text: str, path: str) -> str | None:
    """Return the dialect that `text` looks written in: "sam", "cloudformation", "cdk", "terraform", …; None for others.

    A look at the text, no parse: a file that is broken is recognised too.
    """
    return next((dialect.name for dialect in DIALECTS if dialect.looks(text, path)), None)


def read(tree: Tree, path: str, settings: Settings = DEFAULT) -> Api | None:
    """Return what the template at `path` deploys; None where it is no template of a known kind.

    Raises `corsmith.api.tree.Unreadable`.
    """
    with paused():
        return _read(tree, path, settings)


def _read(tree: Tree, path: str, settings: Settings) -> Api | None:
    text = tree.read(path)
    if is_program(path):
        return unread_program(path)
    if is_configuration(path):
        return read_configuration(tree, path, settings)
    document = parse(text, path)
    root = document.root
    if root is None:
        return Api(path, recognise(text, path) or "unknown", problems=document.problems)
    # What the document is counts before what its text looks like: a comment may mention anything.
    fitting = next((dialect for dialect in DIALECTS if dialect.is_one(root)), None)
    if fitting is None:
        looks = recognise(text, path)
        fitting = next((dialect for dialect in DIALECTS if dialect.name == looks), None)
    return fitting.read(tree, path, document, settings) if fitting is not None else None
