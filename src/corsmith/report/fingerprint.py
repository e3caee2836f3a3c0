"""What stays the same of a finding when lines move: its rule, its front door, its file, and the code at its place."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from corsmith.api.finding import Finding
from corsmith.api.report import Report
from corsmith.api.span import line_of
from corsmith.api.tree import Unreadable


class Fingerprint(NamedTuple):
    """A finding without its line. `code` is the line's text with single blanks; `file` is "" where it has no place."""

    rule: str
    api: str
    file: str
    code: str

    def digest(self, ordinal: int) -> str:
        """Return 32 hexadecimal digits; `ordinal` tells findings with the same fingerprint apart, from 0."""
        said = "\0".join((*self, str(ordinal)))
        return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def fingerprint(report: Report, finding: Finding) -> Fingerprint:
    """Return the fingerprint of a finding of `report`."""
    if not finding.spans:
        return Fingerprint(finding.rule, finding.api, "", "")
    place = report.location(finding.spans[0])
    try:
        line = line_of(report.tree.read(place.file), place.line)
    except Unreadable:
        line = ""
    return Fingerprint(finding.rule, finding.api, place.file, " ".join(line.split()))


def digests(report: Report, findings: Iterable[Finding]) -> Iterator[str]:
    """Yield the digest of each finding, in order."""
    seen: dict[Fingerprint, int] = {}
    for finding in findings:
        found = fingerprint(report, finding)
        seen[found] = seen.get(found, -1) + 1
        yield found.digest(seen[found])
