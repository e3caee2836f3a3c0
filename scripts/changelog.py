"""Holds CHANGELOG.md to its grammar, so that people and programs can read it.

    python -m scripts.changelog [--release VERSION]

With --release, VERSION must be the toolkit's and the changelog's first heading, with its date; otherwise the first heading is
"Unreleased" or the toolkit's version. Prints what is wrong, a line each, and exits 1.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from corsmith import __version__

PAGE = Path(__file__).parents[1] / "CHANGELOG.md"
KINDS = ("Added", "Changed", "Deprecated", "Removed", "Fixed", "Security")
"""The sections of a version, in this order, each at most once."""
_VERSION = re.compile(r"(\d+)\.(\d+)\.(\d+) - (\d{4}-\d\d-\d\d)")


def complaints(text: str) -> Iterator[str]:
    """Yield what is wrong with a changelog, with its line."""
    lines = text.split("\n")
    if lines[0] != "# Changelog":
        yield "line 1: the title is '# Changelog'"
    earlier: tuple[int, ...] | None = None
    version, kind = "", ""
    kinds: list[str] = []
    for number, line in enumerate(lines, 1):
        if line.startswith("## "):
            if version and not kinds:
                yield f"line {number}: {version} before it says nothing"
            version, kind, kinds = line[3:], "", []
            match = _VERSION.fullmatch(version)
            if version == "Unreleased":
                if earlier is not None:
                    yield f"line {number}: Unreleased comes first"
                earlier = (sys.maxsize,)
            elif match is None or not _is_date(match[4]):
                yield f"line {number}: a version is '## 1.2.3 - 2026-01-31', not {line!r}"
            else:
                here = tuple(map(int, match.group(1, 2, 3)))
                if earlier is not None and here >= earlier:
                    yield f"line {number}: {version} does not come before the version above it"
                earlier = here
        elif line.startswith("#") and number > 1:
            kind = line.removeprefix("### ")
            if kind not in KINDS or not version:
                yield f"line {number}: a section is one of {', '.join(KINDS)}, under a version, not {line!r}"
            elif kind in kinds or any(KINDS.index(each) > KINDS.index(kind) for each in kinds if each in KINDS):
                yield f"line {number}: {kind} stands twice, or out of order"
            kinds.append(kind)
        elif line.startswith("- "):
            if not kind:
                yield f"line {number}: an entry stands in a section"
        elif line.strip() and kind and not line.startswith("  "):
            yield f"line {number}: an entry begins with '- ', and goes on with two blanks"
        elif line.startswith(("* ", "+ ")):
            yield f"line {number}: an entry begins with '- '"
    if earlier is None:
        yield "there is no version in it"


def first_heading(text: str) -> str:
    """Return the text of the first version's heading."""
    match = re.search(r"(?m)^## (.+)$", text)
    return match[1] if match else ""


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def main(arguments: list[str]) -> int:
    """Check; return the exit code."""
    text = PAGE.read_text(encoding="utf-8")
    found = list(complaints(text))
    first = first_heading(text)
    if arguments[:1] == ["--release"]:
        wanted = arguments[1]
        if wanted != __version__:
            found.append(f"the tag says {wanted}, the toolkit {__version__}")
        if not first.startswith(f"{wanted} - "):
            found.append(f"the first version is {first!r}, not {wanted} with its date")
    elif first != "Unreleased" and not first.startswith(f"{__version__} - "):
        found.append(f"the first version is {first!r}: neither Unreleased nor {__version__}")
    for each in found:
        print(f"CHANGELOG.md: {each}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
