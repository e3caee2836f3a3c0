"""What to paste where a call to a URL is blocked: in the dialect of the current folder, if it has one."""

from __future__ import annotations

import shlex
from pathlib import Path

from corsmith.api.finding import Category, Finding
from corsmith.api.report import Report
from corsmith.readers import recognise

_WRITTEN = ("sam", "cloudformation", "cdk", "serverless", "terraform", "openapi")
"""Dialects that `corsmith generate` writes and that a file in the folder tells."""
_DOORS = ("rest_api", "http_api", "function_url", "alb", "cloudfront")
_ENDINGS = (".yaml", ".yml", ".json", ".tf", ".template")
_LARGEST = 1 << 20


def suggested(report: Report, folder: Path) -> str:
    """Return the command that writes the settings for the blocked calls of `report`, "" where no front door is known."""
    blocked = [each for each in report.findings if each.category is Category.BLOCKED and each.front_door in _DOORS]
    if not blocked or len({each.front_door for each in blocked}) > 1:
        return ""
    dialect = dialect_of(folder)
    parts = [
        "corsmith",
        "generate",
        "--for",
        dialect or "DIALECT",
        "--front-door",
        blocked[0].front_door,
        *_caller(blocked),
    ]
    others = "" if dialect else f" (DIALECT: {', '.join(_WRITTEN)}, aws-cli, console, python or node)"
    return f"settings that let this call through: {shlex.join(parts)}{others}"


def dialect_of(folder: Path) -> str:
    """Return the dialect of the first template that lies in `folder` itself, "" where none does."""
    for file in sorted(folder.iterdir()):
        try:
            if file.suffix.lower() not in _ENDINGS or not file.is_file() or file.stat().st_size > _LARGEST:
                continue
            dialect = recognise(file.read_text(encoding="utf-8-sig"), file.as_posix())
        except (OSError, UnicodeDecodeError):
            continue
        if dialect in _WRITTEN:
            return dialect or ""
    return ""


def _caller(blocked: list[Finding]) -> list[str]:
    seen: dict[tuple[str, str], None] = {}
    for finding in blocked:
        evidence = finding.evidence
        assert evidence is not None, "what is blocked live has its evidence"
        seen["--origin", evidence.origin] = None
        seen["--method", finding.route.partition(" ")[0]] = None
        for name, _ in evidence.asked:
            if name.lower() != "cookie":
                seen["--header", name.lower()] = None
        if evidence.credentials == "include":
            seen["--credentials", ""] = None
    return [part for pair in seen for part in pair if part]
