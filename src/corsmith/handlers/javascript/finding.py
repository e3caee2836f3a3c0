"""Finding modules: relative paths, index files, layers, paths of a tsconfig; sources behind compiled paths."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from posixpath import basename, dirname, join, normpath, splitext
from typing import Any

from msgspec import Struct

from ..remembered import Watched

ENDINGS = (".ts", ".tsx", ".mts", ".cts", ".js", ".mjs", ".cjs", ".jsx")
_COMPILED_TO = ("dist/", "build/", "lib/", "out/", ".build/", "built/", "src/")
_WRITTEN_FOR = {".js": (".ts", ".tsx", ".jsx"), ".mjs": (".mts",), ".cjs": (".cts",), ".jsx": (".tsx",)}
_COMMENTS = re.compile(r'("(?:\\.|[^"\\])*")|//[^\n]*|/\*[\s\S]*?\*/')
_LAST_COMMAS = re.compile(r",(?=\s*[}\]])")
_FOLDERS_AT_MOST = 12
_EXTENDED_AT_MOST = 4


class Finder(Struct, eq=False):
    """Finds modules by what an import says. `roots`: the code's folder, then layers."""

    tree: Watched
    roots: tuple[str, ...]
    settings: dict[str, tuple[tuple[str, dict[str, Any]] | None, tuple[str, ...]]] = {}
    """What each tsconfig says, and the files that say it."""

    def find(self, name: str, importer: str) -> str | None:
        """Return the path of a module's file, None where the tree has none."""
        if name.startswith((".", "/")):
            return self._relative(name, importer)
        if name.startswith("node:"):
            return None
        return self._mapped(name, importer) or self._of_layer(f"nodejs/node_modules/{name}")

    def entry(self, module: str) -> str | None:
        """Return the file that a handler's module is in, sources before what was compiled from them."""
        for root in self.roots[:1]:
            for stem in _stems(module):
                found = self._file(normpath(join(root, stem)))
                if found is not None:
                    return found
        return None

    def _relative(self, name: str, importer: str) -> str | None:
        if name.startswith("/"):
            return self._of_layer(name.removeprefix("/opt/")) if name.startswith("/opt/") else None
        return self._file(normpath(join(dirname(importer), name)))

    def _of_layer(self, name: str) -> str | None:
        for root in self.roots[1:]:
            for stem in (name, name.removeprefix("nodejs/")):
                found = self._file(normpath(join(root, stem)))
                if found is not None:
                    return found
        return None

    def _file(self, base: str) -> str | None:
        is_file = self.tree.is_file
        stem, ending = splitext(base)
        if ending in (*ENDINGS, ".json"):
            for other in (ending, *_WRITTEN_FOR.get(ending, ())):
                if is_file(stem + other):
                    return stem + other
        for other in (*ENDINGS, ".json"):
            if is_file(base + other):
                return base + other
        for other in ENDINGS:
            if is_file(f"{base}/index{other}"):
                return f"{base}/index{other}"
        return None

    def _mapped(self, name: str, importer: str) -> str | None:
        """`@lib/x` by the `paths` of the nearest tsconfig, else a module below its `baseUrl`."""
        found = self._settings(dirname(importer))
        if found is None:
            return None
        folder, options = found
        base = options.get("baseUrl")
        root = normpath(join(folder, base)) if isinstance(base, str) else folder
        paths = options.get("paths")
        for pattern, targets in paths.items() if isinstance(paths, dict) else ():
            rest = _wildcard(pattern, name)
            if rest is not None and isinstance(targets, list):
                for target in targets:
                    file = self._file(normpath(join(root, str(target).replace("*", rest))))
                    if file is not None:
                        return file
        return self._file(normpath(join(root, name))) if isinstance(base, str) else None

    def _settings(self, folder: str) -> tuple[str, dict[str, Any]] | None:
        at = folder
        for _ in range(_FOLDERS_AT_MOST):
            path = join(at, "tsconfig.json") if at else "tsconfig.json"
            if path not in self.settings:
                files: dict[str, None] = {}
                self.settings[path] = (self._read(path, at, files), tuple(files))
            found, read = self.settings[path]
            self.tree.again(read)
            if found is not None:
                return found
            if at in ("", ".", "/"):
                return None
            at = dirname(at)
        return None

    def _read(self, path: str, folder: str, files: dict[str, None], deep: int = 0) -> tuple[str, dict[str, Any]] | None:
        """Return the compiler options of a tsconfig, with those of the file that it extends; name the `files`."""
        files[path] = None
        if not self.tree.is_file(path) or deep > _EXTENDED_AT_MOST:
            return None
        try:
            text = _COMMENTS.sub(lambda found: found[1] or "", self.tree.read(path))
            settings = json.loads(_LAST_COMMAS.sub("", text))
            options, base = settings.get("compilerOptions"), settings.get("extends")
        except Exception:  # noqa: BLE001 - settings that cannot be read map nothing
            return folder, {}
        own = options if isinstance(options, dict) else {}
        if isinstance(base, str) and base.startswith("."):
            file = normpath(join(folder, base))
            inherited = self._read(file if file.endswith(".json") else file + ".json", dirname(file), files, deep + 1)
            if inherited is not None:
                own = {**inherited[1], **own}
        return folder, own


def _wildcard(pattern: str, name: str) -> str | None:
    before, star, after = pattern.partition("*")
    if not star:
        return "" if pattern == name else None
    if name.startswith(before) and name.endswith(after) and len(name) >= len(before) + len(after):
        return name[len(before) : len(name) - len(after)]
    return None


def _stems(module: str) -> Iterator[str]:
    yield module
    for folder in _COMPILED_TO:
        if module.startswith(folder):
            rest = module.removeprefix(folder)
            yield rest
            yield "src/" + rest
    yield "src/" + module


def split_handler(handler: str) -> tuple[str, str]:
    """Return the module and the export that a handler names: the first dot of the last part divides them."""
    folder, last = dirname(handler), basename(handler)
    module, _, entry = last.partition(".")
    return (join(folder, module) if folder else module), entry
