"""The values of literals: texts with their escapes, numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node as Tree

_SINGLE = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": "", "\r": "", "\r\n": ""}
_PREFIXED = {"0x": 16, "0o": 8, "0b": 2}


def text_of_string(tree: Tree) -> str:
    """Return the text that a string literal stands for."""
    return "".join(_fragment(child) for child in tree.named_children)


def pieces(tree: Tree) -> Iterator[str | Tree]:
    """Yield the texts and substitutions of a template string, in turn."""
    at = tree.start_byte + 1
    source = tree.text or b""
    for child in tree.named_children:
        if child.type == "template_substitution":
            if child.start_byte > at:
                yield _raw(source, tree, at, child.start_byte)
            yield child
            at = child.end_byte
        elif child.type in {"string_fragment", "escape_sequence"}:
            if child.start_byte > at:
                yield _raw(source, tree, at, child.start_byte)
            yield _fragment(child)
            at = child.end_byte
    if tree.end_byte - 1 > at:
        yield _raw(source, tree, at, tree.end_byte - 1)


def _raw(source: bytes, tree: Tree, start: int, end: int) -> str:
    return source[start - tree.start_byte : end - tree.start_byte].decode(errors="replace")


def _fragment(tree: Tree) -> str:
    raw = (tree.text or b"").decode(errors="replace")
    return _escape(raw[1:]) if tree.type == "escape_sequence" else raw


def _escape(rest: str) -> str:
    if rest in _SINGLE:
        return _SINGLE[rest]
    digits = re.fullmatch(r"x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]+)\}", rest)
    if digits is not None:
        code = int(next(group for group in digits.groups() if group), 16)
        return chr(code) if code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else "\ufffd"
    return rest


def number_of(literal: str) -> int | float | None:
    """Return the number of a literal; None for a BigInt, which has no place in JSON."""
    plain = literal.replace("_", "").lower()
    if plain.endswith("n") and not plain.startswith("0x"):
        return None
    try:
        if plain[:2] in _PREFIXED:
            return int(plain[2:], _PREFIXED[plain[:2]])
        return int(plain) if plain.isdigit() else float(plain)
    except ValueError:
        return None
