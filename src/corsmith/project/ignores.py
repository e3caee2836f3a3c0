"""Findings that a comment at their line sets aside, and what is wrong with such comments."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from corsmith.api.finding import Finding
from corsmith.api.model import Problem
from corsmith.api.report import Ignored, Report
from corsmith.api.tree import Memory, Tree, Unreadable

from .disk import Disk
from .rule_names import wrong_id

if TYPE_CHECKING:
    from .comments import Ignore

MARK = "corsmith:"
"""What such a comment holds. Few projects have one, and a search for this is all that the others pay."""
HOW = "# corsmith: ignore[rule-id] reason"


class Aside(Struct, frozen=True):
    """A report without what its comments set aside. `unused` is about comments that set nothing aside."""

    report: Report
    unused: tuple[Problem, ...]


def set_aside(report: Report) -> Aside:
    """Take out the findings that comments set aside; what is wrong with a comment becomes a remark."""
    written = tuple(each for path, text in _texts(report.tree) for each in _ignores(path, text))
    if not written:
        return Aside(report, ())
    usable = {
        (each.file, each.about, rule): each
        for each in written
        if each.reason
        for rule in each.rules
        if wrong_id(rule) is None
    }
    kept: list[Finding] = []
    ignored: list[Ignored] = []
    used: set[tuple[str, int, str]] = set()
    for finding in report.findings:
        key = _key(report, finding)
        comment = usable.get(key) if key is not None else None
        if key is None or comment is None:
            kept.append(finding)
        else:
            used.add(key)
            ignored.append(Ignored(finding, "comment", comment.reason))
    remarks = tuple(remark for each in written for remark in _wrong(each))
    unused = tuple(
        _remark(each, f"nothing to ignore: there is no {rule} at line {line}")
        for (_, line, rule), each in usable.items()
        if (each.file, line, rule) not in used
    )
    smaller = replace(
        report,
        findings=tuple(kept),
        ignored=(*report.ignored, *ignored),
        remarks=(*report.remarks, *remarks),
    )
    return Aside(smaller, unused)


def is_set_aside(tree: Tree, finding: Finding) -> bool:
    """Say whether a comment sets `finding` aside; `tree` holds the text that its places are in."""
    key = _key(Report(tree), finding)
    if key is None:
        return False
    file, line, rule = key
    try:
        written = _ignores(file, tree.read(file))
    except Unreadable:
        return False
    return any(each.about == line and each.reason and rule in each.rules for each in written)


def _ignores(path: str, text: str) -> tuple[Ignore, ...]:
    if MARK not in text:
        return ()
    from .comments import ignores

    return ignores(path, text)


def _key(report: Report, finding: Finding) -> tuple[str, int, str] | None:
    if not finding.spans:
        return None
    place = report.location(finding.spans[0])
    return place.file, place.line, finding.rule


def _wrong(comment: Ignore) -> Iterator[Problem]:
    if not comment.rules:
        yield _remark(comment, f"this comment names no rule, so it ignores nothing; write {HOW}")
        return
    for rule in comment.rules:
        wrong = wrong_id(rule)
        if wrong is not None:
            yield _remark(comment, wrong)
    if not comment.reason:
        named = ", ".join(comment.rules)
        yield _remark(comment, f"this comment gives no reason, so {named} is not ignored; write it behind the bracket")


def _remark(comment: Ignore, message: str) -> Problem:
    return Problem(comment.file, comment.line, comment.column, message)


def _texts(tree: Tree) -> Iterator[tuple[str, str]]:
    """Yield the files that the check has read."""
    source = tree.source
    held = source.seen if isinstance(source, Disk) else source.files if isinstance(source, Memory) else {}
    yield from sorted({**held, **tree.overlay}.items())
