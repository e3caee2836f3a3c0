"""The code that documents show: every fenced block, with its language and what stands before it."""

from __future__ import annotations

import fnmatch
import re
import shlex
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
    """Return the pages whose blocks are run. Those of rules, recipes and first steps are projects with tests of their own."""
    folders = (ROOT / "docs", ROOT / "examples", ROOT / "runtimes", ROOT / "hosting")
    found = [*ROOT.glob("*.md"), *(each for folder in folders for each in folder.rglob("*.md"))]
    return sorted(
        each for each in found if not {"recipes", "rules", "start.md", "node_modules", "__pycache__"} & set(each.parts)
    )


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


def sessions(block: Block) -> Iterator[tuple[list[str], list[str]]]:
    """Yield each command after a prompt, and the lines that are shown of what it prints."""
    for part in re.split(r"(?m)^\$ ", block.text)[1:]:
        command, _, output = part.partition("\n")
        yield shlex.split(command), output.rstrip("\n").split("\n")


def is_shown(shown: list[str], lines: str) -> bool:
    """Say whether `lines` are what is shown: an ellipsis stands for anything, alone in a line for any number of lines."""
    pattern = "\n".join("*" if line.strip() == "…" else _pattern(line) for line in shown)
    return fnmatch.fnmatchcase(lines, pattern)


def _pattern(line: str) -> str:
    return re.sub(r"[\[\]*?]", lambda match: f"[{match[0]}]", line).replace("…", "*")
