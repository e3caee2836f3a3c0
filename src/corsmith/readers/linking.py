"""From a function to the file its handler is in."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct

from corsmith.api.function import Function
from corsmith.api.tree import Tree
from corsmith.api.value import Known, Text, Unknown

PYTHON = (".py",)
NODE = (".ts", ".tsx", ".mts", ".cts", ".js", ".mjs", ".cjs", ".jsx")
_OF_TEMPLATES = re.compile(
    r"(infra|infrastructure|iac|terraform|tofu|tf|deploy|deployments?|ops|aws|cloud|cloudformation|stacks?|envs?"
    r"|environments?|live|dev|development|test|staging|stage|prod|production)$"
)
"""Names of folders that hold templates: the code is beside them."""
COMPILED_TO = ("dist/", "build/", "lib/", "out/", ".build/", "built/")
"""Folders that compilers write to: their sources stand beside them, often in src."""


class Place(Struct, frozen=True):
    """Where a function's code is. `by_search`: the template does not say; the tree holds one module of that name."""

    code: Text
    by_search: bool = False


class Source(Struct, frozen=True):
    """The file a handler is in, or the reason why there is none."""

    path: str | None
    because: str = ""


def source_of(tree: Tree, function: Function) -> Source:
    """Return the file in the tree that holds the function's handler."""
    if not isinstance(function.code, Known):
        return Source(None, function.code.because)
    if not isinstance(function.handler, Known):
        return Source(None, function.handler.because)
    code = function.code.value
    if tree.is_file(code):
        return Source(code)
    for path in candidates(code, function.handler.value, _endings(function.runtime)):
        if tree.is_file(path):
            return Source(path)
    return Source(None, f"no file for the handler {function.handler.value} in {code or '.'}")


def candidates(folder: str, handler: str, endings: tuple[str, ...]) -> Iterator[str]:
    """Yield the paths at which the module of `handler` may be, the likeliest first."""
    module = module_of(handler)
    if not module:
        return
    for stem in _stems(module):
        base = posixpath.normpath(posixpath.join(folder, stem))
        for ending in endings:
            yield base + ending
        for ending in endings:
            yield posixpath.join(base, "__init__.py" if ending == ".py" else "index" + ending)


def module_of(handler: str) -> str:
    """Return the module's path of a handler string: "src/app" of "src/app.handler", "a/b" of "a.b.handler"."""
    module, dot, _ = handler.rpartition(".")
    if not dot:
        return ""
    folder, slash, last = module.rpartition("/")
    return folder + slash + last.replace(".", "/")


def located(tree: Tree, template: str, code: Text, handler: Text, entry_points: tuple[str, ...]) -> Place:
    """Return where the code of a function is, as a path from the current folder.

    `code` is relative to the template; `entry_points` are the sources that a bundler is told of.
    """
    here = posixpath.dirname(template)
    if isinstance(code, Known):
        place = _place(tree, here, code.value.strip() or ".", handler)
        if tree.is_file(place) and not place.endswith((".zip", ".jar")):
            return Place(Known(place, code.span, code.via))
        found = _entry_point(tree, place, handler, entry_points)
        if found is not None:
            return Place(Known(found, code.span, code.via))
        if not isinstance(handler, Known) or _has(tree, place, handler.value):
            return Place(Known(place, code.span, code.via))
        for beside in _sources_of(place):
            if _has(tree, beside, handler.value):
                return Place(Known(beside, code.span, code.via), by_search=True)
        searched = _search(tree, here, handler.value, within=place)
        if searched is not None and searched.by_search:
            return searched
        return Place(Known(place, code.span, code.via))
    if isinstance(code, Unknown) and isinstance(handler, Known):
        searched = _search(tree, here, handler.value, within=None)
        if searched is not None:
            return Place(_because(searched.code, code), searched.by_search)
    return Place(code)


def _sources_of(folder: str) -> tuple[str, ...]:
    """Where the sources of a folder that a compiler writes to are: in src beside it, or around it."""
    above, name = posixpath.split(folder)
    return (posixpath.join(above, "src"), above or ".") if name + "/" in COMPILED_TO else ()


def _because(found: Text, code: Unknown) -> Text:
    return found if isinstance(found, Known) else Unknown(f"{code.because}; {found.because}", code.span)


def _place(tree: Tree, here: str, code: str, handler: Text) -> str:
    """The code's folder: relative to the template, or to a folder above it, as for templates in cdk.out or .aws-sam."""
    first = posixpath.normpath(posixpath.join(here, code))
    if isinstance(handler, Known) and not code.startswith("/"):
        folder = here
        while True:
            place = posixpath.normpath(posixpath.join(folder, code))
            if tree.is_file(place) or _has(tree, place, handler.value):
                return place
            if folder in ("", ".", "/") or folder.endswith(".."):
                break
            folder = posixpath.dirname(folder)
    return first


def _has(tree: Tree, folder: str, handler: str) -> bool:
    return any(tree.is_file(path) for path in candidates(folder, handler, PYTHON + NODE))


def _entry_point(tree: Tree, folder: str, handler: Text, entry_points: tuple[str, ...]) -> str | None:
    paths = [posixpath.normpath(posixpath.join(folder, point)) for point in entry_points]
    there = [path for path in paths if tree.is_file(path)]
    if len(there) > 1 and isinstance(handler, Known):
        last = posixpath.basename(module_of(handler.value))
        there = [p for p in there if posixpath.splitext(posixpath.basename(p))[0] == last] or there
    return there[0] if there else None


def _search(tree: Tree, here: str, handler: str, within: str | None) -> Place | None:
    module = module_of(handler)
    if not module:
        return None
    ends = tuple("/" + stem + ending for stem in (module, module + "/index") for ending in PYTHON + NODE)
    for folder in dict.fromkeys(([within] if within is not None else []) + [here or ".", *_above(here)]):
        found = _ending(tree.list(folder), ends)
        if len(found) == 1:
            stem_end = len(found[0]) - len(posixpath.splitext(found[0])[1])
            base = found[0][:stem_end]
            base = base[: -len("/index")] if base.endswith("/index") and not module.endswith("index") else base
            root = base[: len(base) - len(module)].rstrip("/") or "."
            return Place(Known(root), by_search=True)
        if len(found) > 1:
            return Place(Unknown(f"{len(found)} files in the tree could hold the handler {handler}"))
    return None


@lru_cache(maxsize=512)
def _ending(files: tuple[str, ...], ends: tuple[str, ...]) -> list[str]:
    """Return those of `files` that end as one of `ends`, a slash before them counted, sorted."""
    named = _by_last(files)
    near = {path for end in ends for path in named.get(posixpath.basename(end), ())}
    return sorted(path for path in near if ("/" + path).endswith(ends))


@lru_cache(maxsize=4)
def _by_last(files: tuple[str, ...]) -> dict[str, list[str]]:
    """Return paths by their last segment: each function of a template is searched among the same files."""
    found: dict[str, list[str]] = {}
    for path in files:
        found.setdefault(posixpath.basename(path), []).append(path)
    return found


def _above(folder: str) -> Iterator[str]:
    """The folders around one that holds nothing but templates: `shop` for `shop/infra/envs/prod`."""
    while _OF_TEMPLATES.match(posixpath.basename(folder)):
        folder = posixpath.dirname(folder)
        yield folder or "."


def _stems(module: str) -> Iterator[str]:
    yield module
    for folder in COMPILED_TO:
        if module.startswith(folder):
            rest = module.removeprefix(folder)
            yield rest
            yield "src/" + rest


def _endings(runtime: Text) -> tuple[str, ...]:
    if isinstance(runtime, Known) and runtime.value.startswith("python"):
        return PYTHON
    if isinstance(runtime, Known) and runtime.value.startswith("nodejs"):
        return NODE
    return PYTHON + NODE
