"""The recorded cases, and how a recording is compared with a verdict."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
RECORDED: list[dict[str, Any]] = json.loads((DATA / "recorded.json").read_text(encoding="utf-8"))
FOUND: list[dict[str, Any]] = json.loads((DATA / "found.json").read_text(encoding="utf-8"))

# A URL's path is the recording's own.
_PATH = re.compile(r"/c/[\w-]+(?:/\d+)?")


def without_paths(text: str | None) -> str | None:
    """Return a message with the paths of recorded URLs made alike."""
    return None if text is None else _PATH.sub("/c/", text)


def about_cors(console: list[str]) -> str | None:
    """Return what a browser said first about a block by CORS, from where the URL is past; None when it said nothing."""
    for text in console:
        for mark in ("has been blocked by CORS policy: ", "Cross-Origin Request Blocked: "):
            if mark in text:
                return text.partition("CORS policy: ")[2] or "(Reason: " + text.partition("(Reason: ")[2]
    return None
