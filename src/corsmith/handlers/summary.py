"""Summarise a handler: find its file, read it in its language, and list the ways out."""

from __future__ import annotations

from collections.abc import Sequence
from posixpath import dirname, normpath

from corsmith.api.function import Function
from corsmith.api.outcome import HandlerSummary
from corsmith.api.span import Span
from corsmith.api.tree import Tree
from corsmith.api.value import Known, OneOf, Text, Unknown

from .python.modules import roots_of
from .python.reader import read as read_python


def summarise(tree: Tree, function: Function) -> HandlerSummary:
    """Return the ways out of `function`'s handler. Never raises: what cannot be read is in `unread` and `problems`."""
    for setting in (function.handler, function.code):
        if not isinstance(setting, Known):
            return _unread(function.span, setting)
    assert isinstance(function.handler, Known)
    assert isinstance(function.code, Known)
    runtime = function.runtime.value if isinstance(function.runtime, Known) else "python"
    if not str(runtime).startswith("python"):
        return _unread(function.span, Unknown(f"code for {runtime} is not read", function.span))
    module, _, entry = str(function.handler.value).rpartition(".")
    segments = tuple(part for part in module.replace("/", ".").split(".") if part)
    if not segments or not entry:
        because = f"the handler {function.handler.value} names no module and function"
        return _unread(function.span, Unknown(because, function.handler.span))
    layers = tuple(layer.value for layer in function.layers if isinstance(layer, Known))
    roots = roots_of(str(function.code.value), layers)
    return read_python(tree, roots, segments, entry, dict(function.environment), function.span)


def summarise_source(tree: Tree, path: str, entry: str, environment: Sequence[tuple[str, Text]] = ()) -> HandlerSummary:
    """Return the ways out of the function `entry` of the file `path`, as `summarise` does."""
    folder = dirname(path) or "."
    name = normpath(path)[len(folder) + 1 if folder != "." else 0 :].removesuffix(".py")
    return read_python(tree, (folder, "."), (name,), entry, dict(environment), Span(path, 0, 0))


def _unread(span: Span, why: Unknown | OneOf[str]) -> HandlerSummary:
    return HandlerSummary((), span, unread=(Unknown(why.because, why.span),))
