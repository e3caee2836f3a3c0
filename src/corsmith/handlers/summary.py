"""Summarise a handler: find its file, read it in its language, and list the ways out."""

from __future__ import annotations

from collections.abc import Sequence
from posixpath import dirname, join, normpath

from msgspec.structs import replace

from corsmith.api.function import Function
from corsmith.api.outcome import HandlerSummary
from corsmith.api.span import Span
from corsmith.api.tree import Tree
from corsmith.api.value import Known, OneOf, Text, Unknown

from .inline import in_template, place_of
from .python.modules import roots_of
from .python.reader import read as read_python

_NODE = (".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx")


def summarise(tree: Tree, function: Function) -> HandlerSummary:
    """Return the ways out of `function`'s handler. Never raises: what cannot be read is in `unread` and `problems`."""
    if function.inline is not None:
        return _inline(tree, function, function.inline)
    for setting in (function.handler, function.code):
        if not isinstance(setting, Known):
            return _unread(function.span, setting)
    assert isinstance(function.handler, Known)
    assert isinstance(function.code, Known)
    layers = tuple(layer.value for layer in function.layers if isinstance(layer, Known))
    code, handler = str(function.code.value), str(function.handler.value)
    language = _language(tree, function, code, handler)
    environment = dict(function.environment)
    if language == "node":
        return _node(tree, function, code, handler, layers)
    if language != "python":
        return _unread(function.span, Unknown(f"code for {language} is not read", function.span))
    module, _, entry = handler.rpartition(".")
    segments = tuple(part for part in module.replace("/", ".").split(".") if part)
    if not segments or not entry:
        because = f"the handler {handler} names no module and function"
        return _unread(function.span, Unknown(because, function.handler.span))
    return read_python(tree, roots_of(code, layers), segments, entry, environment, function.span)


def _inline(tree: Tree, function: Function, code: Text) -> HandlerSummary:
    """Read code that stands in the template."""
    for setting in (function.handler, code):
        if not isinstance(setting, Known):
            return _unread(function.span, setting)
    assert isinstance(code, Known)
    runtime = str(function.runtime.value) if isinstance(function.runtime, Known) else ""
    language = "python" if runtime.startswith("python") or (not runtime and "def " in str(code.value)) else "node"
    if runtime and not runtime.startswith((language, "node")):
        return _unread(function.span, Unknown(f"code for {runtime} is not read", function.span))
    path = place_of(function, language)
    folder = dirname(path)
    beside = replace(
        function,
        inline=None,
        code=Known(folder),
        runtime=Known(runtime or {"python": "python3", "node": "nodejs"}[language]),
    )
    summary = summarise(tree.with_text(path, str(code.value)), beside)
    return in_template(summary, tree, code, path)


def _language(tree: Tree, function: Function, code: str, handler: str) -> str:
    """Return "python", "node", or the runtime that is neither; where it is not known, the files tell."""
    if isinstance(function.runtime, Known):
        runtime = str(function.runtime.value)
        return next((name for name in ("python", "node") if runtime.startswith(name)), runtime)
    if code.endswith(_NODE):
        return "node"
    module = handler.rpartition(".")[0]
    here = any(tree.is_file(normpath(join(code, module + ending))) for ending in _NODE)
    return "node" if here else "python"


def _node(tree: Tree, function: Function, code: str, handler: str, layers: tuple[str, ...]) -> HandlerSummary:
    # Loaded when a function of this language is seen: start-up must be fast.
    from .javascript.finding import split_handler
    from .javascript.reader import read as read_node

    module, entry = split_handler(handler)
    if not module or not entry:
        because = f"the handler {handler} names no module and function"
        return _unread(function.span, Unknown(because, function.handler.span))
    is_file = code.endswith(_NODE)
    roots = (dirname(code) or "." if is_file or code.endswith(".zip") else code, *layers)
    runtime = str(function.runtime.value) if isinstance(function.runtime, Known) else ""
    environment = dict(function.environment)
    return read_node(tree, roots, code if is_file else module, entry, environment, function.span, runtime)


def summarise_source(
    tree: Tree, path: str, entry: str, environment: Sequence[tuple[str, Text]] = (), runtime: str = ""
) -> HandlerSummary:
    """Return the ways out of the function `entry` of the file `path`, as `summarise` does."""
    folder = dirname(path) or "."
    if path.endswith(_NODE):
        from .javascript.reader import read as read_node

        return read_node(tree, (folder,), normpath(path), entry, dict(environment), Span(path, 0, 0), runtime)
    name = normpath(path)[len(folder) + 1 if folder != "." else 0 :].removesuffix(".py")
    return read_python(tree, (folder, "."), (name,), entry, dict(environment), Span(path, 0, 0))


def _unread(span: Span, why: Unknown | OneOf[str]) -> HandlerSummary:
    return HandlerSummary((), span, unread=(Unknown(why.because, why.span),))
