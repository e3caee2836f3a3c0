"""Many URLs, checked: JSON lines out as the answers come, progress on standard error."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

import click
import msgspec
from msgspec.structs import replace

from corsmith.api.caller import Caller, CallerFlags
from corsmith.api.model import Problem
from corsmith.api.report import Report
from corsmith.live.check import Sending
from corsmith.live.exchange import WITHOUT_EFFECTS, Carrier
from corsmith.live.many import MOST, Lane, Left, Limits, Listed, Outcome, Recall, Rest, asked_to_wait, batches, run
from corsmith.live.pool import Pool
from corsmith.live.record import Heard, Record
from corsmith.live.secrets import masked_url
from corsmith.report import baseline

from .ask_url import Asked, ask
from .caller import joined
from .check_url import ASSUMED, callers_of, report_on, sending_of
from .earlier import Earlier, line_key, read_earlier
from .known import Before, count_said, known_before, left_said, write_known
from .list_input import opened
from .list_output import Weighed, writing
from .options import fail
from .progress import Progress, Silence
from .real_browser import judging
from .tally import Scales, Tally, Weight

_AGAIN_AFTER = 0.5
"""Seconds after which a call is made once more whose connection failed."""
_ASKED_AGAIN = 2
"""How many times a call is made once more whose server asked to wait."""


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
    file: Path | None = options["baseline"]
    before = Before(() if file is None or options["write_baseline"] else known_before(file), f"known in {file}")
    scales = Scales(fail_on)
    tally = Tally(earlier, failed=scales.failed_earlier(earlier))
    found: list[baseline.Known] = []

    def counted(report: Report) -> Report:
        report = chosen(report)
        if options["write_baseline"]:
            found.extend(baseline.known(report))
        return before.without_known(report)

    with opened(options["urls"], lines) as (read, total), writing(options, render) as (weighed, write):
        progress = (Silence if options["part"] else Progress)("URLs", total, earlier.count)
        many = _Many(flags, options, earlier, counted, scales, weighed)

        def emit(done: Outcome[Weight]) -> None:
            write(done.line)
            tally.count(done.mark)
            progress.step(tally.said)

        try:
            interrupted = asyncio.run(many.run(read, emit))
        except BrokenPipeError:
            # Whoever read the lines has gone. What is left of the output would raise again when Python ends.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 2
        progress.end(tally.said() + (" (interrupted)" if interrupted else ""))
        if many.assumes and not options["part"]:
            click.echo(f"corsmith: {ASSUMED}", err=True)
    if interrupted:
        return 2
    if file is not None:
        _remember(file, found) if options["write_baseline"] else left_said(file, before.left)
    return 0 if options["write_baseline"] and not tally.problems else tally.exit_code


def _remember(file: Path, found: list[baseline.Known]) -> None:
    write_known(file, found)
    count_said(file, len(found))


class _Many(msgspec.Struct):
    """What all calls of a list have in common. `weighed` writes a report down, or puts it aside."""

    flags: CallerFlags
    options: dict[str, Any]
    earlier: Earlier
    counted: Callable[[Report], Report]
    scales: Scales
    weighed: Weighed
    assumes: bool = False
    """Whether a line was called for a page that nobody named."""

    async def run(self, read: Callable[[], bytes], emit: Callable[[Outcome[Weight]], None]) -> bool:
        """Work the list off. Returns whether it was interrupted."""
        options = self.options
        limits = Limits(options["concurrency"], options["per_host"])
        sending = sending_of(options)
        pool = Pool(sending.dialer, most=2 * limits.concurrency)
        recall = Recall(partial(self._outcome, sending, None)) if _repeats(options) else None

        def lane(over: Callable[[Listed, Outcome[Weight]], Listed | None]) -> Callable[[Listed], Awaitable[Left]]:
            assert recall is not None, "there are lanes where calls repeat"
            return Lane(recall, pool, sending.timeout, over).run

        async def judge(listed: Listed, heard: list[Heard], rest: Rest) -> Outcome[Weight]:
            if recall is None:
                return await self._outcome(sending, rest, listed, pool)
            record = Record(pool, heard)
            found = await self._outcome(sending, rest, listed, record)
            await recall.keep(listed, record.heard, found)
            return found

        try:
            await _ungrouped(run(batches(read), limits, judge, emit, self._wants, lane if recall else None))
        except asyncio.CancelledError:
            return True
        finally:
            pool.close()
        return False

    async def _outcome(self, sending: Sending, rest: Rest | None, listed: Listed, network: Carrier) -> Outcome[Weight]:
        """Make the calls of a line over a network, and write down what came of them."""
        callers = self._callers(listed)
        if listed.wrong:
            return self._written(listed, callers, _unread(listed), 0.0)
        url = joined(listed.url, self.flags.path)
        asking = _Asking(sending, network, self.options, rest and partial(rest, listed))
        try:
            checked = [await asking.ask(url, caller) for caller in callers]
        except ValueError as error:
            return self._written(listed, callers, _unread(replace(listed, wrong=str(error))), 0.0)
        report = report_on(masked_url(listed.url), checked)
        return self._written(listed, callers, report, sum(each.waited for each in checked))

    def _written(self, listed: Listed, callers: list[Caller], report: Report, waited: float) -> Outcome[Weight]:
        report = self.counted(report)
        return Outcome(self.weighed(listed, callers, report, waited), self.scales.weight(report, waited))

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
        self.assumes = self.assumes or not flags.origins
        callers = callers_of(flags, self.options["data"])
        if listed.credentials is not None:
            callers = [replace(each, credentials=listed.credentials) for each in callers]
        if listed.body is not None:
            callers = [replace(each, body=listed.body) for each in callers if each.method not in ("GET", "HEAD")]
        return callers


def _repeats(options: dict[str, Any]) -> bool:
    """Say whether calls whose answers are alike end alike: nothing beside the call itself is asked or looked up."""
    others = ("errors", "probe", "real", "send", "path", "baseline")
    return options["form"] in ("text", "json") and not any(options[each] for each in others)


async def _ungrouped(running: Awaitable[None]) -> None:
    """Wait for a run, and raise what the system refused (a reader that has gone, a full disk) as it was raised."""
    try:
        await running
    except* OSError as group:
        first: BaseException = group
        while isinstance(first, BaseExceptionGroup):
            first = first.exceptions[0]
        raise first from None


class _Asking(msgspec.Struct):
    """Asks with patience. `rest` leaves the server alone for so many seconds; None: nothing is asked twice."""

    sending: Sending
    network: Carrier
    options: dict[str, Any]
    rest: Callable[[float], Awaitable[None]] | None

    async def ask(self, url: str, caller: Caller) -> Asked:
        """Ask, once more where the network failed before its time was up or the server asked to wait.

        What may have effects is asked once.
        """
        harmless = caller.method in WITHOUT_EFFECTS or not self.sending.send
        if not harmless or self.rest is None:
            return await self._once(url, caller)
        loop = asyncio.get_running_loop()
        began = loop.time()
        asked = await self._once(url, caller)
        if asked.problems and loop.time() - began < self.sending.timeout:
            await asyncio.sleep(_AGAIN_AFTER)
            asked = await self._once(url, caller)
        return await self._waited(url, caller, asked, self.rest)

    async def _once(self, url: str, caller: Caller) -> Asked:
        return await ask(url, caller, self.sending, self.network, self.options)

    async def _waited(self, url: str, caller: Caller, asked: Asked, rest: Callable[[float], Awaitable[None]]) -> Asked:
        waited = 0.0
        times = 0
        while (seconds := _wish(asked)) is not None and times < _ASKED_AGAIN and seconds <= MOST:
            times += 1
            waited += seconds
            await rest(seconds)
            asked = await self._once(url, caller)
        said = []
        if times:
            said.append(f"the server asked to wait: it was called again after {waited:g} s")
        if seconds is not None and seconds > MOST:
            said.append(f"the server asks to wait {seconds:g} s, more than {MOST:g} s: it was not called again")
        return replace(asked, remarks=(*asked.remarks, *said), waited=waited) if said else asked


def _wish(asked: Asked) -> float | None:
    """Return for how many seconds the server asks not to be called, None where it does not."""
    exchanges = asked.call.call.exchanges
    return asked_to_wait(exchanges[-1].response) if exchanges else None


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
