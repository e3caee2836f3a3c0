"""How a function is started: which interpreter, which runtime client, in which folder."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path

from msgspec import Struct

from corsmith.api.function import Function
from corsmith.api.value import Known, Text
from corsmith.readers.linking import NODE, candidates

from .environment import lambda_environment, unknown_variables
from .process import Command
from .typed import ENDINGS, write_erased

_RUNTIMES = Path(__file__).parent / "runtimes"


class Interpreters(Struct, frozen=True):
    """What runs the functions. `project` is the folder in which a virtual environment is looked for first."""

    project: Path
    python: str | None = None
    node: str | None = None
    real_credentials: bool = False

    def python_path(self, outer: Mapping[str, str]) -> str:
        """Return the Python that has the project's packages: the one asked for, the project's, the active, corsmith's."""
        if self.python is not None:
            return _program(self.python)
        active = outer.get("VIRTUAL_ENV")
        folders = [place / name for place in (self.project, Path()) for name in (".venv", "venv")]
        for folder in [*folders, *([Path(active)] if active else [])]:
            for place in ("bin/python", "Scripts/python.exe"):
                found = folder / place
                if found.is_file():
                    # Not resolved: the link's own place is what makes it the virtual environment's.
                    return str(found.absolute())
        return sys.executable

    def node_path(self) -> str:
        """Return the Node.js that was asked for, or the one on PATH."""
        return _program(self.node or shutil.which("node") or "node")

    def refuse_missing(self) -> None:
        """Raise `CannotStart` where an interpreter that was asked for cannot be run."""
        _check("--python", self.python, "python3")
        _check("--node", self.node, "node")


def _program(name: str) -> str:
    # It is started from the function's folder, where a relative path would lead elsewhere.
    return str(Path(name).absolute()) if "/" in name else name


def _check(flag: str, name: str | None, usual: str) -> None:
    if name is None or shutil.which(_program(name)) is not None:
        return
    place = Path(name)
    if place.is_dir():
        inside = next(
            (each for each in (place / "bin" / usual, place / usual) if each.is_file()), place / "bin" / usual
        )
        raise CannotStart(f"{flag} {name} is a folder; write {flag} {inside}")
    if place.is_file():
        why = (
            "is no program (it cannot be executed)"
            if "/" in name
            else f"is not on PATH; write ./{name} for the file here"
        )
    else:
        why = "does not exist" if "/" in name else "is not on PATH"
    raise CannotStart(f"{flag} {name} {why}; write the path of an interpreter, such as {shutil.which(usual) or usual}")


class CannotStart(Exception):  # noqa: N818 - it names the function's state
    """A function cannot be run here; the message says why and what would help."""


def remarks(function: Function) -> Iterator[str]:
    """Yield what a person should know of a function before it runs."""
    if function.inline is not None and isinstance(function.handler, Known):
        module, _, member = function.handler.value.partition(".")
        if module != "index":
            yield (
                f"code that stands in the template becomes the module index, on AWS too, but Handler names {module}; "
                f"write index.{member}"
            )
    for variable, because in unknown_variables(function):
        yield f"environment variable {variable} is not set here: {because}"


def command(function: Function, interpreters: Interpreters, outer: Mapping[str, str], scratch: Path) -> Command:
    """Return how to start `function`. Raises `CannotStart`.

    Code that stands inline in the template is written below the folder `scratch`.
    """
    handler = _known(function.handler, "Handler")
    if function.inline is not None:
        folder = _written(function, _known(function.inline, "its inline code"), scratch)
    else:
        folder = _folder(_known(function.code, "where its code is"))
    language = _language(function, folder, handler)
    folder, handler = _entry(function, folder, handler, language)
    environment = lambda_environment(function, str(folder), outer, real_credentials=interpreters.real_credentials)
    layers = [Path(layer.value) for layer in function.layers if isinstance(layer, Known)]
    if language == "python":
        own = Path(find_spec("awslambdaric").origin or "").parent.parent  # type: ignore[union-attr]
        libraries = [str((layer / "python").resolve()) for layer in layers if (layer / "python").is_dir()]
        argv = [interpreters.python_path(outer), str(_RUNTIMES / "python_function.py"), str(own), handler, *libraries]
    else:
        modules = [str((layer / "nodejs/node_modules").resolve()) for layer in layers]
        environment.setdefault("NODE_PATH", os.pathsep.join(modules))
        argv = [interpreters.node_path(), *_node_arguments(folder, handler, scratch / function.name)]
    return Command(tuple(argv), str(folder), tuple(environment.items()))


def _node_arguments(folder: Path, handler: str, scratch: Path) -> list[str]:
    typed = next((place for ending in ENDINGS if (place := folder / (_stem(handler) + ending)).is_file()), None)
    if typed is not None:
        return [str(_RUNTIMES / "node_function.mjs"), handler, str(write_erased(typed, scratch))]
    for above in (folder, *folder.parents):
        official = above / "node_modules/aws-lambda-ric/bin/index.mjs"
        if official.is_file():
            return ["--require", str(_RUNTIMES / "native_client.cjs"), str(official), handler]
    return [str(_RUNTIMES / "node_function.mjs"), handler]


def _stem(handler: str) -> str:
    """The module's path of a Node.js handler, which ends at the first dot of its last part."""
    folder, slash, last = handler.rpartition("/")
    return folder + slash + last.partition(".")[0]


def _entry(function: Function, folder: Path, handler: str, language: str) -> tuple[Path, str]:
    """Return folder and handler as they are before packaging: a bundler is told of the source, and names it otherwise."""
    code = Path(function.code.value) if isinstance(function.code, Known) else folder
    member = handler.rpartition("/")[2].partition(".")[2]
    if language != "node" or not member:
        return folder, handler
    if code.suffix in NODE and code.is_file():
        return folder, f"{code.stem}.{member}"
    if any((folder / (_stem(handler) + ending)).is_file() for ending in NODE):
        return folder, handler
    for path in candidates(".", handler, NODE):
        if (folder / path).is_file():
            return folder, f"{path.removesuffix(Path(path).suffix)}.{member}"
    return folder, handler


def _language(function: Function, folder: Path, handler: str) -> str:
    if isinstance(function.runtime, Known):
        runtime = str(function.runtime.value)
        for language, prefix in (("python", "python"), ("node", "nodejs")):
            if runtime.startswith(prefix):
                return language
        raise CannotStart(f"{function.name}: runtime {runtime} is not run here; Python and Node.js are")
    stem = folder / handler.rpartition(".")[0].replace(".", "/")
    return "python" if stem.with_name(stem.name + ".py").is_file() else "node"


def _written(function: Function, source: str, scratch: Path) -> Path:
    # Always CommonJS for Node.js (AWS::Lambda::Function Code, ZipFile).
    python = str(_known(function.runtime, "Runtime")).startswith("python")
    folder = scratch / function.name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / ("index.py" if python else "index.js")).write_text(source, encoding="utf-8")
    return folder


def _folder(code: str) -> Path:
    place = Path(code).resolve()
    if place.is_dir():
        return place
    if place.is_file() and place.suffix not in (".zip", ".jar"):
        # The code is one file: its folder is the root.
        return place.parent
    what = "is an archive; point the template to the folder" if place.is_file() else "does not exist"
    raise CannotStart(f"{code} {what}")


def _known(value: Text, what: str) -> str:
    if isinstance(value, Known):
        return str(value.value)
    raise CannotStart(f"{what} is not known: {value.because}")
