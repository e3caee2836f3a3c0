"""The pages of the rules: `docs/rules` in the repository, `corsmith/pages` in the installed package."""

from __future__ import annotations

import re
from pathlib import Path

_PACKAGE = Path(__file__).parent.parent
_PLACES = (_PACKAGE / "pages", _PACKAGE.parent.parent / "docs" / "rules")


def page(rule: str) -> str | None:
    """Return the page of a rule as Markdown; None where there is none of that id."""
    if re.fullmatch(r"[a-z0-9-]+", rule) is None:
        return None
    for place in _PLACES:
        file = place / f"{rule}.md"
        if file.is_file():
            return file.read_text(encoding="utf-8")
    return None
