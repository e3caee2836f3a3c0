"""A list that several processes work off: each is this command with a part of the list, and their lines are put together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import IO, Any

import click
import msgspec
from click.core import ParameterSource

from corsmith.api.caller import CallerFlags
from corsmith.browser.origin import is_loopback
from corsmith.live.many import Lines, listed

from .check_url import ASSUMED
from .earlier import Earlier
from .list_input import opened
from .list_output import lines_into
from .progress import Progress
from .tally import Tally, Weight

_OWN = frozenset(("urls", "jobs", "output", "form", "concurrency", "part"))
"""Options that the parts of a list are not given as they are."""


class _Read(msgspec.Struct):
    """What is read of a line of results."""

    verdict: str
    problems: list[msgspec.Raw]
    waited: float = 0.0


_ROWS = msgspec.json.Decoder(_Read)
_BLOCK = 64 * 1024


def spread(caller: CallerFlags, options: dict[str, Any]) -> int:
    """Work the list of --urls off in --jobs processes, and return the exit code: the worst of theirs.

    All calls of one server go to the same process, so that `--per-host` counts; those of this machine go to all in turn.
    """
    jobs: int = options["jobs"]
    share = -(-options["concurrency"] // jobs)
    flags = [
        "--urls",
        "-",
        "--part",
        "--format",
        "json",
        "--concurrency",
        str(share),
        *_given(click.get_current_context()),
    ]
    with opened(options["urls"], None) as (read, total), lines_into(options["output"], None) as out:
        parts = _Parts([sys.executable, "-m", "corsmith", "check", *flags], jobs, out, Progress("URLs", total))
        try:
            parts.work_off(read)
            parts.wait()
        except BrokenPipeError:
            parts.interrupted = True
        except KeyboardInterrupt:
            parts.interrupt()
        code = parts.end()
    if not caller.origins:
        click.echo(f"corsmith: {ASSUMED}", err=True)
    return code


def _given(context: click.Context) -> list[str]:
    """Return the flags of the command line once more, as its options have read them."""
    flags: list[str] = []
    for option in context.command.params:
        name = option.name or ""
        if name in _OWN or context.get_parameter_source(name) is not ParameterSource.COMMANDLINE:
            continue
        value = context.params[name]
        if isinstance(value, bool):
            flags.append((option.opts if value else option.secondary_opts)[0])
            continue
        for each in value if option.multiple else (value,):
            flags += (option.opts[0], str(each))
    return flags


class _Parts:
    """The processes, and a thread for each that takes its lines."""

    def __init__(self, command: list[str], jobs: int, out: IO[bytes], progress: Progress) -> None:
        self.interrupted = False
        self._failure: OSError | None = None
        self._out = out
        self._progress = progress
        self._tally = Tally(Earlier())
        self._lock = threading.Lock()
        self._turn = 0
        # This very command, with flags that it has read. Ctrl-C reaches each of them once, from here.
        self._running = [
            subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, process_group=0)  # noqa: S603
            for _ in range(jobs)
        ]
        self._threads = [threading.Thread(target=self._collect, args=(each.stdout,)) for each in self._running]
        for thread in self._threads:
            thread.start()

    def work_off(self, read: Callable[[], bytes]) -> None:
        """Give every line of the list to one of the processes. Raises `OSError` where one has ended."""
        lines = Lines()
        while self._failure is None and (data := read()):
            for line in lines.feed(data):
                self._take(line)
            for each in self._running:
                _input(each).flush()
        for line in lines.end():
            self._take(line)

    def _take(self, line: str) -> None:
        call = listed(line)
        if call is None:
            return
        self._turn += 1
        key = self._turn if is_loopback(call.host) else hash(call.host)
        _input(self._running[key % len(self._running)]).write(line.encode("utf-8", "replace") + b"\n")

    def wait(self) -> None:
        """Wait until the processes have worked off what they were given."""
        for each in self._running:
            with suppress(BrokenPipeError):
                _input(each).close()
        for thread in self._threads:
            thread.join()

    def interrupt(self) -> None:
        """Let the processes end with what they have found so far."""
        self.interrupted = True
        for each in self._running:
            each.send_signal(signal.SIGINT)

    def end(self) -> int:
        """Wait for the processes, say how it went, and return the exit code. Raises `OSError` for a full disk."""
        try:
            self.wait()
        except KeyboardInterrupt:
            # Somebody cannot wait.
            for each in self._running:
                each.kill()
            self.wait()
        codes = [each.wait() for each in self._running]
        gone = isinstance(self._failure, BrokenPipeError)
        if gone:
            # What is left in the buffer would fail again when Python ends.
            os.dup2(os.open(os.devnull, os.O_WRONLY), self._out.fileno())
        self._progress.end(self._tally.said() + (" (interrupted)" if self.interrupted else ""))
        if self._failure is not None and not gone:
            raise self._failure
        return 2 if self.interrupted or gone or not {*codes} <= {0, 1} else max(codes)

    def _collect(self, lines: IO[bytes]) -> None:
        """Pass on what a process finds."""
        pending = b""
        with lines:
            while data := os.read(lines.fileno(), _BLOCK):
                whole, end, pending = (pending + data).rpartition(b"\n")
                if end:
                    self._pass_on(whole + end)

    def _pass_on(self, lines: bytes) -> None:
        """Count lines, and write them if that is still possible."""
        read = _ROWS.decode_lines(lines)
        with self._lock:
            for each in read:
                self._tally.count(Weight(each.verdict, bool(each.problems), waited=each.waited))
            self._progress.step(self._tally.said, len(read))
            if self._failure is not None:
                return
            try:
                self._out.write(lines)
                self._out.flush()
            except OSError as error:
                self._failure = error


def _input(process: subprocess.Popen[bytes]) -> IO[bytes]:
    assert process.stdin is not None, "it is piped"
    return process.stdin
