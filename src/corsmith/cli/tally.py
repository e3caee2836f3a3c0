"""What came of the calls of a list, counted."""

from __future__ import annotations

from collections import Counter

from msgspec import Struct

from corsmith.api.finding import Severity
from corsmith.api.report import Report
from corsmith.project.choose import RANK
from corsmith.report import baseline

from .earlier import Earlier

VERDICTS = ("allowed", "blocked", "undecided")


class Weight(Struct, frozen=True):
    """What a line counts for: its verdict, whether it was not reached or fails the run, the seconds its server asked for."""

    verdict: str
    problem: bool = False
    failed: bool = False
    waited: float = 0.0


class Scales:
    """Weighs reports. `fail_on`: "error", "warning" or "never"."""

    def __init__(self, fail_on: str) -> None:
        self._least = None if fail_on == "never" else RANK[Severity(fail_on)]

    def weight(self, report: Report, waited: float) -> Weight:
        """Weigh the report on one line of a list."""
        blocked = self._least is not None and baseline.newly_blocked(report)
        failed = blocked or any(self._counts(each.severity) for each in report.findings)
        return Weight(_verdict(report), bool(report.problems), failed, waited)

    def failed_earlier(self, earlier: Earlier) -> bool:
        """Say whether what was found before fails the run."""
        blocked = self._least is not None and bool(earlier.verdicts["blocked"])
        return blocked or any(self._counts(Severity(each)) for each in earlier.severities)

    def _counts(self, severity: Severity) -> bool:
        return self._least is not None and RANK[severity] >= self._least


class Tally:
    """The counts so far, those of an earlier run included. `failed`: what that one found fails this one as well."""

    def __init__(self, earlier: Earlier, *, failed: bool = False) -> None:
        self._verdicts: Counter[str] = Counter(earlier.verdicts)
        self.problems = 0
        self._failed = failed
        self._waits = 0
        self._waited = 0.0

    def count(self, weight: Weight) -> None:
        """Take one line."""
        self._verdicts[weight.verdict] += 1
        self.problems += weight.problem
        self._failed = self._failed or weight.failed
        if weight.waited:
            self._waits += 1
            self._waited += weight.waited

    def said(self) -> str:
        """Return the tally in words."""
        words = [f"{self._verdicts[each]:,} {each}" for each in VERDICTS]
        if self.problems:
            words.append(f"{self.problems:,} not reached")
        if self._waits:
            words.append(
                f"{self._waits:,} called again after their servers asked to wait ({self._waited:,.0f} s in all)"
            )
        return ", ".join(words)

    @property
    def exit_code(self) -> int:
        """0, 1 or 2, as for one URL."""
        if self.problems:
            return 2
        return 1 if self._failed else 0


def _verdict(report: Report) -> str:
    verdicts = {call.verdict for call in report.calls}
    return next((each for each in ("blocked", "undecided", "allowed") if each in verdicts), "undecided")
