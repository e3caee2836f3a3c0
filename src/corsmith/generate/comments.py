"""What is said to whoever pastes the text, as comments."""

from __future__ import annotations

from collections.abc import Iterable


def hash_comments(lines: Iterable[str]) -> str:
    """Return one comment a line, as YAML, HCL, Python and shells write them."""
    return "".join(f"# {line}\n" for line in lines)


def slash_comments(lines: Iterable[str]) -> str:
    """Return one comment a line, as JavaScript writes them."""
    return "".join(f"// {line}\n" for line in lines)
