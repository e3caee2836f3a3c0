"""Where the keys of a TOML file stand: the parser of the standard library gives values alone."""

from __future__ import annotations

import re
import tomllib

Path = tuple[str, ...]
"""A key with the tables around it: `("policy", "origins")`."""

_KEY = r"""(?:[A-Za-z0-9_-]+|"(?:\\.|[^"\\\n])*"|'[^'\n]*')"""
_DOTTED = re.compile(rf"{_KEY}(?:[ \t]*\.[ \t]*{_KEY})*")
_PART = re.compile(_KEY)
_VALUE = re.compile(
    r'(?P<text>"""(?:\\.|[^\\])*?"""+|\'\'\'.*?\'\'\'+|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\')|(?P<note>#[^\n]*)'
    r"|(?P<open>[\[{])|(?P<close>[\]}])|(?P<end>\n)|[^\"'#\[\]{}\n]+",
    re.DOTALL,
)


def key_places(text: str) -> dict[Path, tuple[int, int]]:
    """Return line and column, from 1, of each key and table of a file that parses. Of what stands twice, the first."""
    found: dict[Path, tuple[int, int]] = {}
    table: Path = ()
    at = 0
    while at < len(text):
        if text[at] in " \t\r\n":
            at += 1
            continue
        if text[at] == "[":
            header = _DOTTED.search(text, at)
            table = _parts(header[0]) if header else table
            _note(found, table, text, at)
            at = _after(text, at)
            continue
        key = _DOTTED.match(text, at)
        if key is not None:
            path = (*table, *_parts(key[0]))
            for length in range(len(table) + 1, len(path) + 1):
                _note(found, path[:length], text, at)
        at = _after(text, key.end() if key is not None else at)
    return found


def place_of(places: dict[Path, tuple[int, int]], path: Path) -> tuple[int, int]:
    """Return where `path` stands, or the nearest table around it; (1, 1) where none does."""
    for length in range(len(path), 0, -1):
        if path[:length] in places:
            return places[path[:length]]
    return 1, 1


def _after(text: str, at: int) -> int:
    """Return where the statement at `at` ends: behind its line, outside strings and brackets."""
    depth = 0
    while at < len(text):
        token = _VALUE.match(text, at)
        if token is None:
            at += 1
            continue
        at = token.end()
        depth += (token["open"] is not None) - (token["close"] is not None)
        if token["end"] and depth <= 0:
            break
    return at


def _parts(dotted: str) -> Path:
    return tuple(
        next(iter(tomllib.loads(f"{part} = 0"))) if part[0] == '"' else part.strip("'")
        for part in _PART.findall(dotted)
    )


def _note(found: dict[Path, tuple[int, int]], path: Path, text: str, at: int) -> None:
    line = text.count("\n", 0, at) + 1
    found.setdefault(path, (line, at - (text.rfind("\n", 0, at) + 1) + 1))
