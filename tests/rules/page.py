"""A rule's page as a test: the project before, the call, what is printed, the project after."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from msgspec import Struct

FOLDER = Path(__file__).parents[2] / "docs" / "rules"
_SECTION = re.compile(r"^## (.+)$", re.MULTILINE)
_FILE = re.compile(r'^```\w+ title="([^"]+)"\n(.*?)^```$', re.MULTILINE | re.DOTALL)
_COMMAND = re.compile(r"^\$ corsmith check (.*)$", re.MULTILINE)
_PRINTS = re.compile(r"^> (Access to .*)$", re.MULTILINE)


class Page(Struct, frozen=True):
    """One page. `arguments` are those of its `corsmith check` line; `prints` the console message it promises."""

    rule: str
    title: str
    lead: str
    sections: dict[str, str]
    before: dict[str, str]
    after: dict[str, str]
    arguments: list[str]
    prints: str | None


def load(path: Path) -> Page:
    """Return the page at `path`."""
    text = path.read_text(encoding="utf-8")
    parts = _SECTION.split(text)
    sections = dict(zip(parts[1::2], parts[2::2], strict=True))
    head = parts[0].strip().split("\n", 1)
    command = _COMMAND.search(sections.get("Before", ""))
    prints = _PRINTS.search(sections.get("What the browser prints", ""))
    return Page(
        rule=path.stem,
        title=head[0].removeprefix("# "),
        lead=head[1].strip() if len(head) > 1 else "",
        sections=sections,
        before=dict(_FILE.findall(sections.get("Before", ""))),
        after=dict(_FILE.findall(sections.get("After", ""))),
        arguments=shlex.split(command[1]) if command else [],
        prints=prints[1] if prints else None,
    )
