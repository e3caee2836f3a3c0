"""A real browser as a judge: cases and calls in, verdicts out. What is common to every browser."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from types import TracebackType
from typing import Any, Protocol, Self
from urllib.parse import urlsplit

from msgspec import Struct

from .background import BackgroundLoop
from .case import Case, Prepared, prepare
from .certificate import server_context
from .failures import BrowserError
from .seen import Reason, judged
from .server import LocalServer
from .site import Site, Upstream

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class Errand(Struct, frozen=True):
    """What a page is to do. `mark` is the text by which the browser's records of it are known; "" takes them all."""

    mark: str
    job: Mapping[str, Any]


Seen = tuple[Mapping[str, Any], Reason]
"""What the page's script saw, and why the browser stopped it if it did."""


class Engine(Protocol):
    """How one kind of browser is driven. All methods run in one event loop."""

    @property
    def chunk(self) -> int:
        """The most errands of one `run`."""

    async def start(self, port: int) -> None:
        """Start the browser so that it takes every host and port for this port of 127.0.0.1."""

    async def run(self, origin: str, errands: Sequence[Errand]) -> list[Seen]:
        """Do errands from a page at `origin`, several at a time."""

    async def run_alone(self, origin: str, errand: Errand) -> Seen:
        """Do one errand in a browser profile that knows nothing: no preflight cache, no cookies."""

    async def stop(self) -> None:
        """End the browser and leave nothing behind."""


class RealBrowser:
    """A running browser with a local server behind every URL. A context manager; not for use by several threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._site = Site()
        self._keys = (f"k{number}" for number in itertools.count())
        self._loop: BackgroundLoop | None = None
        self._server: LocalServer | None = None

    def __enter__(self) -> Self:
        """Start the local server and the browser. Raises `BrowserMissingError` when something is not installed."""
        self._server = LocalServer(self._site, server_context())
        self._loop = BackgroundLoop()
        try:
            self._loop.run(self._start(self._server))
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """End both."""
        self.close()

    def close(self) -> None:
        """End the browser and the server. A second call does nothing."""
        loop, self._loop = self._loop, None
        if loop is not None:
            try:
                loop.run(self._stop())
            finally:
                loop.close()

    def judge(self, cases: Iterable[Case]) -> list[dict[str, Any]]:
        """Judge cases in the recorded format, and return for each `name`, `allowed`, `cors_error` and `observed`.

        No case is seen by another: each has URLs of its own. Raises `BrowserError` when a page cannot be opened at
        a case's origin.
        """
        return self._running.run(self._judge(list(cases)))

    def call(
        self, page_origin: str, request: Mapping[str, Any], *, target: tuple[str, int] | None = None
    ) -> dict[str, Any]:
        """Call a real server on this machine from a page at `page_origin`.

        `request` is as in a case, with a `url`; the browser takes the URL's host for `target` (host, port), which
        speaks plain HTTP: an https URL is decrypted on the way, otherwise no byte is changed. Without `target` the
        URL must name this machine. Every call starts with an empty preflight cache. The answer is as `judge` gives
        it, and `observed` has the `body` (at most 64 Ki characters). Raises `BrowserError` when nothing answers at
        `target`, and `ValueError` for a URL without a target.
        """
        return self._running.run(self._call(page_origin, request, target))

    @property
    def _running(self) -> BackgroundLoop:
        if self._loop is None:
            raise BrowserError("The browser is not running: use it in a `with` statement.")
        return self._loop

    async def _start(self, server: LocalServer) -> None:
        await server.start()
        await self._engine.start(server.port)

    async def _stop(self) -> None:
        try:
            await self._engine.stop()
        finally:
            if self._server is not None:
                await self._server.stop()

    async def _judge(self, cases: Sequence[Case]) -> list[dict[str, Any]]:
        prepared = [prepare(case, next(self._keys)) for case in cases]
        self._site.cases = {each.key: each for each in prepared}
        by_origin: defaultdict[str, list[Prepared]] = defaultdict(list)
        for each in prepared:
            by_origin[each.origin].append(each)
        seen: dict[str, Seen] = {}
        for origin, group in by_origin.items():
            for start in range(0, len(group), self._engine.chunk):
                chunk = group[start : start + self._engine.chunk]
                results = await self._engine.run(origin, [Errand(each.mark, each.job) for each in chunk])
                seen.update(zip((each.key for each in chunk), results, strict=True))
        self._site.cases = {}
        return [
            {"name": case.get("name", each.key), **judged(*seen[each.key], each.wire)}
            for case, each in zip(cases, prepared, strict=True)
        ]

    async def _call(
        self, page_origin: str, request: Mapping[str, Any], target: tuple[str, int] | None
    ) -> dict[str, Any]:
        origin, upstream = _virtual_host(request["url"], target)
        self._site.upstreams = {origin: upstream}
        self._site.heard.clear()
        self._site.unreachable.clear()
        try:
            script, reason = await self._engine.run_alone(page_origin, Errand("", {**request, "read": True}))
        finally:
            self._site.upstreams = {}
        if self._site.unreachable:
            raise BrowserError(f"Nothing answers at {self._site.unreachable[0]}.")
        return judged(script, reason, tuple(self._site.heard))


def _virtual_host(url: str, target: tuple[str, int] | None) -> tuple[str, Upstream]:
    parts = urlsplit(url)
    default = {"http": 80, "https": 443}.get(parts.scheme)
    if default is None or not parts.hostname:
        raise ValueError(f"not an http or https URL: {url!r}")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname.encode("idna").decode("ascii")
    port = parts.port or default
    origin = f"{parts.scheme}://{host}" + ("" if port == default else f":{port}")
    if target is not None:
        return origin, Upstream(*target)
    if parts.hostname not in _LOOPBACK:
        raise ValueError(f"{url!r} does not name this machine: say which host and port answer for it (target)")
    return origin, Upstream(parts.hostname, port)
