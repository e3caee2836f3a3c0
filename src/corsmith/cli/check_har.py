"""HAR files, checked: what a browser recorded, judged as the browser did."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from corsmith.api.caller import CallerFlags
from corsmith.api.model import Problem
from corsmith.api.report import Report
from corsmith.api.tree import Memory, Tree
from corsmith.live.har import Judgement, Unusable, judged, read_har

LARGEST = 1 << 30
"""The most bytes of a file that are read."""


def check_hars(files: tuple[str, ...], flags: CallerFlags, options: dict[str, Any]) -> Report:
    """Return the report on the calls that the files hold. What cannot be read is a problem of its file."""
    report = Report(Tree(Memory({})))
    for file in files:
        report = _added(report, _checked(file, flags, options))
    return report


def _checked(file: str, flags: CallerFlags, options: dict[str, Any]) -> Report:
    try:
        har = read_har(_bytes(file))
    except OSError as error:
        return _failed(file, f"cannot be read: {error.strerror or error}")
    except Unusable as error:
        return _failed(file, str(error))
    origin = flags.origins[0] if flags.origins else None
    found = judged(har, options["profile"], origin=origin, credentials=flags.credentials)
    problems = tuple(Problem(file, 1, 1, each) for each in har.problems)
    return Report(
        Tree(Memory({})), findings=found.findings, problems=problems, calls=found.calls, remarks=_remarks(file, found)
    )


def _bytes(file: str) -> bytes:
    path = Path(file)
    if path.is_file() and path.stat().st_size > LARGEST:
        raise Unusable(f"has more than {LARGEST >> 20} MiB: save only the requests that are blocked")
    return path.read_bytes()


def _remarks(file: str, found: Judgement) -> tuple[Problem, ...]:
    """Say what of the file was not judged: an empty answer must not look like a good one."""
    counts = (
        (found.same_origin, "to the page's own origin"),
        (found.others, "that CORS says nothing about"),
        (found.unknown_page, "of a page that the file does not name (--origin names it)"),
    )
    parts = [f"{number} request{'' if number == 1 else 's'} {what}" for number, what in counts if number]
    if not parts and found.calls:
        return ()
    if not found.calls:
        parts.insert(0, "no call that leaves its page's origin")
    return (Problem(file, 1, 1, "; ".join(parts) + "; not judged" if found.calls else "; ".join(parts)),)


def _failed(file: str, message: str) -> Report:
    return Report(Tree(Memory({})), problems=(Problem(file, 1, 1, message),))


def _added(report: Report, more: Report) -> Report:
    return Report(
        report.tree,
        findings=(*report.findings, *more.findings),
        problems=(*report.problems, *more.problems),
        calls=(*report.calls, *more.calls),
        remarks=(*report.remarks, *more.remarks),
    )
