"""Functions that read the project's files. Paths are relative to the root module's folder; nothing else is read.

Source: the Terraform language documentation, "Filesystem Functions".
"""

from __future__ import annotations

import hashlib
import posixpath
from collections.abc import Callable

from corsmith.api.span import Span
from corsmith.api.tree import Unreadable
from corsmith.readers.nodes import Mapping, Node, Scalar

from .patterns import matches
from .scope import Scope
from .syntax import Expression
from .templatefile import rendered
from .terms import Open, from_plain, listed, plain_text, reason, text, unknown

Evaluate = Callable[[Expression, Scope], Node]
Special = Callable[[Span, list[Node], Scope, Evaluate], Node]
"""A function that needs more than its arguments: its span, the arguments, where it stands, and what evaluates."""
_HASHES = {"filemd5": "md5", "filesha1": "sha1", "filesha256": "sha256", "filesha512": "sha512"}


def path_of(given: Node, scope: Scope) -> str:
    """Return a file's path from the current folder: it is relative to the root module's. Raises `Open`."""
    return posixpath.normpath(posixpath.join(scope.place.world.folder, plain_text(given)))


def _read(path: str, scope: Scope) -> str:
    try:
        return scope.place.world.tree.read(path)
    except Unreadable as error:
        raise Open(f"{error.reason}: {path}") from None


def _file(span: Span, given: list[Node], scope: Scope, evaluate: Evaluate) -> Node:
    path = path_of(given[0], scope)
    content = _read(path, scope)
    return Scalar(content, Span(path, 0, len(content)), "str", "file")


def file_at(name: Node, scope: Scope, span: Span) -> Node:
    """Return a file's content; unknown where there is none."""
    try:
        return _file(span, [name], scope, lambda expression, scope: unknown("", expression.span))
    except Open as error:
        return unknown(error.because, span)


def _template_file(span: Span, given: list[Node], scope: Scope, evaluate: Evaluate) -> Node:
    path = path_of(given[0], scope)
    names = given[1] if len(given) > 1 else None
    if names is not None and not isinstance(names, Mapping):
        raise Open(reason(names) or "templatefile needs an object")
    return rendered(path, _read(path, scope), names, scope, evaluate)


def _file_exists(span: Span, given: list[Node], scope: Scope, evaluate: Evaluate) -> Node:
    return from_plain(scope.place.world.tree.is_file(path_of(given[0], scope)), span)


def _file_hash(name: str) -> Callable[[Span, list[Node], Scope, Evaluate], Node]:
    def digest(span: Span, given: list[Node], scope: Scope, evaluate: Evaluate) -> Node:
        content = _read(path_of(given[0], scope), scope)
        return text(hashlib.new(name, content.encode(), usedforsecurity=False).hexdigest(), span)

    return digest


def _fileset(span: Span, given: list[Node], scope: Scope, evaluate: Evaluate) -> Node:
    folder, pattern = path_of(given[0], scope), plain_text(given[1])
    prefix = "" if folder in (".", "") else folder + "/"
    inside = (path.removeprefix(prefix) for path in scope.place.world.tree.list(folder))
    return listed((text(path, span) for path in inside if matches(pattern, path)), span)


def _absolute(span: Span, given: list[Node], scope: Scope, evaluate: Evaluate) -> Node:
    """Paths are told apart from the root module's folder on: an absolute one would say nothing more."""
    return given[0]


FILES: dict[str, Special] = {
    "abspath": _absolute,
    "file": _file,
    "fileexists": _file_exists,
    "fileset": _fileset,
    "templatefile": _template_file,
    **{name: _file_hash(digest) for name, digest in _HASHES.items()},
}
