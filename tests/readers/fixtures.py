"""The SAM templates of this folder's tests, as they are and in the byte dress that editors give them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "fixtures" / "sam"
NAMES = tuple(sorted(path.name for path in FOLDER.iterdir()))

DRESSES: dict[str, Callable[[str], str]] = {
    "as it is": lambda text: text,
    "CRLF": lambda text: text.replace("\n", "\r\n"),
    "BOM": lambda text: "\ufeff" + text,
    "no final newline": lambda text: text.rstrip("\n"),
    "comments at the end": lambda text: text + "\n\n# the end\n   # really\n",
}


def text_of(name: str) -> str:
    """Return a fixture's text, line ends as they are."""
    return (FOLDER / name).read_bytes().decode()
