"""Many URLs, checked: JSON lines out as the answers come, progress on standard error."""

from __future__ import annotations

import asyncio
import os
import sys
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from corsmith.api.caller import Caller, CallerFlags
from corsmith.api.finding import Severity
from corsmith.api.model import Problem
from corsmith.api.report import Report
from corsmith.live.check import Sending
from corsmith.live.exchange import WITHOUT_EFFECTS
from corsmith.live.many import Limits, Listed, batches, run
from corsmith.live.pool import Pool
from corsmith.live.secrets import masked_url
from corsmith.project.choose import RANK
from corsmith.report import baseline

from .ask_url import Asked, ask
from .check_url import callers_of, joined, report_on, sending_of
from .earlier import Earlier, line_key, read_earlier
from .known import Before, count_said, known_before, left_said, write_known
from .list_input import opened
from .list_output import writing
from .options import fail
from .progress import Progress, Silence
from .real_browser import judging

_AGAIN_AFTER = 0.5
"""Seconds after which a call is made once more whose connection failed."""

Done = tuple[Listed, list[Caller], Report]


def check_many(
    flags: CallerFlags,
    options: dict[str, Any],
    chosen: Callable[[Report], Report],
    render: Callable[[Report], str],
    fail_on: str,
    lines: tuple[str, ...] | None = None,
) -> int:
    """Check every URL of the list that --urls names, and return the exit code. `chosen` leaves what the filters take.

    `render` makes one document of a report, for formats that are no lines of JSON. `lines` are the list itself, where it was
    made from something else.
    """
    earlier = _earlier(options["resume"])
    with judging(options) as judged_by:
        return _check(flags, judged_by, chosen, render, fail_on, earlier, lines)


def _check(
    flags: CallerFlags,
    options: dict[str, Any],
    chosen: Callable[[Report], Report],
    render: Callable[[Report], str],
    fail_on: str,
    earlier: Earlier,
    lines: tuple[str, ...] | None,
) -> int:
    tally = _Tally(fail_on, earlier)
    file: Path | None = options["baseline"]
    before = Before(() if file is None or options["write_baseline"] else known_before(file), f"known in {file}")
    found: list[baseline.Known] = []
    with opened(options["urls"], lines) as (read, total), writing(options, render) as write:
        progress = (Silence if options["part"] else Progress)("URLs", total, earlier.count)
        many = _Many(flags, options, earlier, chosen)

        def emit(done: Done) -> None:
            listed, callers, report = done
            if options["write_baseline"]:
                found.extend(baseline.known(report))
            report = before.without_known(report)
            write(listed, callers, report)
            tally.count(report)
            progress.step(tally.said)

        try:
            interrupted = asyncio.run(many.run(read, emit))
        except BrokenPipeError:
            # Whoever read the lines has gone. What is left of the output would raise again when Python ends.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 2
        progress.end(tally.said + (" (interrupted)" if interrupted else ""))
    if interrupted:
        return 2
    if file is not None:
        _remember(file, found) if options["write_baseline"] else left_said(file, before.left)
    return 0 if options["write_baseline"] and not tally.problems else tally.exit_code


def _remember(file: Path, found: list[baseline.Known]) -> None:
    write_known(file, found)
    count_said(file, len(found))


class _Many(msgspec.Struct):
    """What all calls of a list have in common."""

    flags: CallerFlags
    options: dict[str, Any]
    earlier: Earlier
    chosen: Callable[[Report], Report]

    async def run(self, read: Callable[[], bytes], emit: Callable[[Done], None]) -> bool:
        """Work the list off. Returns whether it was interrupted."""
        options = self.options
        limits = Limits(options["concurrency"], options["per_host"])
        sending = sending_of(options)
        pool = Pool(sending.dialer, most=2 * limits.concurrency)

        async def judge(listed: Listed) -> Done:
            callers = self._callers(listed)
            if listed.wrong:
                return listed, callers, _unread(listed)
            url = joined(listed.url, self.flags.path)
            try:
                checked = [await _with_patience(url, caller, sending, pool, options) for caller in callers]
            except ValueError as error:
                return listed, callers, _unread(replace(listed, wrong=str(error)))
            return listed, callers, self.chosen(report_on(masked_url(listed.url), checked))

        try:
            await _ungrouped(run(batches(read), limits, judge, emit, self._wants))
        except asyncio.CancelledError:
            return True
        finally:
            pool.close()
        return False

    def _wants(self, listed: Listed) -> bool:
        if not self.earlier.count:
            return True
        key = line_key(masked_url(listed.url), [(each.origin, each.method) for each in self._callers(listed)])
        return not self.earlier.takes(key)

    def _callers(self, listed: Listed) -> list[Caller]:
        """Return the callers of a line: what it does not say itself is as the flags say."""
        flags = self.flags
        if listed.origin is not None:
            flags = replace(flags, origins=(listed.origin,))
        if listed.method is not None:
            flags = replace(flags, methods=(listed.method,))
        if listed.headers is not None:
            flags = replace(flags, headers=listed.headers)
        callers = callers_of(flags, self.options["data"])
        if listed.credentials is not None:
            callers = [replace(each, credentials=listed.credentials) for each in callers]
        if listed.body is not None:
            callers = [replace(each, body=listed.body) for each in callers if each.method not in ("GET", "HEAD")]
        return callers


async def _ungrouped(running: Awaitable[None]) -> None:
    """Wait for a run, and raise for a reader that has gone what raised it first."""
    try:
        await running
    except* BrokenPipeError as group:
        raise BrokenPipeError from group


async def _with_patience(url: str, caller: Caller, sending: Sending, pool: Pool, options: dict[str, Any]) -> Asked:
    """Ask, once more where the network failed before its time was up and nothing had effects."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    asked = await ask(url, caller, sending, pool, options)
    harmless = caller.method in WITHOUT_EFFECTS or not sending.send
    if asked.problems and harmless and loop.time() - began < sending.timeout:
        await asyncio.sleep(_AGAIN_AFTER)
        asked = await ask(url, caller, sending, pool, options)
    return asked


class _Tally:
    """What came of the calls so far."""

    def __init__(self, fail_on: str, earlier: Earlier) -> None:
        self._least = None if fail_on == "never" else RANK[Severity(fail_on)]
        self._verdicts: Counter[str] = Counter(earlier.verdicts)
        self.problems = 0
        blocked = self._least is not None and bool(earlier.verdicts["blocked"])
        self._failed = blocked or any(self._counts(Severity(each)) for each in earlier.severities)

    def count(self, report: Report) -> None:
        """Take the report on one line of the list."""
        self._verdicts[_verdict(report)] += 1
        self.problems += bool(report.problems)
        blocked = self._least is not None and baseline.newly_blocked(report)
        self._failed = self._failed or blocked or any(self._counts(each.severity) for each in report.findings)

    @property
    def said(self) -> str:
        """The tally in words."""
        words = [f"{self._verdicts[each]:,} {each}" for each in ("allowed", "blocked", "undecided")]
        return ", ".join((*words, *((f"{self.problems:,} not reached",) if self.problems else ())))

    @property
    def exit_code(self) -> int:
        """0, 1 or 2, as for one URL."""
        if self.problems:
            return 2
        return 1 if self._failed else 0

    def _counts(self, severity: Severity) -> bool:
        return self._least is not None and RANK[severity] >= self._least


def _verdict(report: Report) -> str:
    verdicts = {call.verdict for call in report.calls}
    return next((each for each in ("blocked", "undecided", "allowed") if each in verdicts), "undecided")


def _unread(listed: Listed) -> Report:
    shown = masked_url(listed.url[:500])
    return replace(report_on(shown, ()), problems=(Problem(shown, 1, 1, listed.wrong),))


def _earlier(file: Path | None) -> Earlier:
    if file is None:
        return Earlier()
    try:
        return read_earlier(file)
    except (OSError, ValueError) as error:
        fail(f"--resume {file}: {getattr(error, 'strerror', None) or error}")
