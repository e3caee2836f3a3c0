"""The TypeScript that a handler loads, written for Node.js in one file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

ENDINGS = (".ts", ".mts", ".cts")


def write_erased(entry: Path, scratch: Path) -> Path:
    """Write `entry` and all TypeScript that it imports by relative paths, without types; return the file's path.

    The file holds `sources`, by address, or the `problem` that a compiler would have to solve.
    """
    # Loads a parser, which few projects need.
    from .typescript import NotErasable, erased

    sources: dict[str, str] = {}
    waiting = [entry]
    content: dict[str, object] = {"sources": sources}
    try:
        while waiting:
            file = waiting.pop()
            if file.as_uri() not in sources:
                script = erased(str(file), file.read_text(encoding="utf-8", errors="replace"))
                sources[file.as_uri()] = script.text
                waiting += [found for name in script.imports for found in _found(file.parent, name)]
    except NotErasable as reason:
        content = {"problem": str(reason)}
    scratch.mkdir(parents=True, exist_ok=True)
    place = scratch / "erased.json"
    place.write_text(json.dumps(content), encoding="utf-8")
    return place


def _found(folder: Path, name: str) -> Iterator[Path]:
    base = (folder / name).resolve()
    named = [base.with_name(base.name + ending) for ending in ENDINGS] + [base / f"index{ENDINGS[0]}"]
    if base.suffix in (".js", ".mjs", ".cjs"):
        named.append(base.with_suffix(base.suffix.replace("js", "ts")))
    if base.suffix in ENDINGS:
        named.insert(0, base)
    for place in named:
        if place.is_file():
            yield place
            return
