"""The code that documents show: every fenced block, with its language and what stands before it."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

ROOT = Path(__file__).parents[2]
NOT_RUN = re.compile(r"<!-- not run: (\S.*?) -->\s*$")
FENCE = re.compile(r"(?ms)^(?P<indent> *)```(?P<language>[\w-]*)[^\n]*\n(?P<text>.*?)^(?P=indent)```[ ]*$")


class Block(Struct, frozen=True):
    """A block. `because` says why it is not run, in the comment above it; "" where it is."""

    page: Path
    line: int
    language: str
    text: str
    because: str = ""

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def pages() -> list[Path]:
    """Return the pages whose blocks are run. Those of rules and recipes are projects, which tests of their own check."""
    folders = (ROOT / "docs", ROOT / "examples", ROOT / "runtimes", ROOT / "hosting")
    found = [*ROOT.glob("*.md"), *(each for folder in folders for each in folder.rglob("*.md"))]
    return sorted(each for each in found if not {"recipes", "rules", "node_modules", "__pycache__"} & set(each.parts))


def blocks(page: Path) -> Iterator[Block]:
    """Yield the blocks of a page."""
    text = page.read_text(encoding="utf-8")
    for match in FENCE.finditer(text):
        before = text[: match.start()]
        reason = NOT_RUN.search(before.rstrip())
        yield Block(
            page,
            before.count("\n") + 1,
            match["language"],
            textwrap.dedent(match["text"]),
            reason[1] if reason else "",
        )


BLOCKS = [block for page in pages() for block in blocks(page)]
