"""Chromium as a judge, driven by Playwright without interception.

Request interception fakes preflights (measured with Chromium 156: a routed page sends none), so the browser is made
to reach the local server by a host rule instead, and its reasons are read from the DevTools Network, Audits and Log
domains. Local Network Access needs no flag: the page and the API are both on loopback.
"""

from __future__ import annotations

import asyncio
import json
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from .case import PAGE_PATH
from .failures import BrowserError
from .installed import CHROMIUM, package_missing, program_of
from .judge import Errand, RealBrowser, Seen
from .seen import Reason

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext, Page, Playwright

_WIDTH = 48
"""Calls in flight. From 32 to 96 the rate is the same."""
_PAGES = 16
"""Pages kept open, the latest used."""
_SETTLED_WITHIN = 3.0
"""Seconds to wait for the records of a call that the page has seen fail."""
_SCRIPT = files(__package__).joinpath("page.js").read_text(encoding="utf-8")
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--ignore-certificate-errors",
)


class Chromium(RealBrowser):
    """Chromium or Chrome: `with Chromium() as browser: browser.judge(cases)`."""

    def __init__(self, program: str | None = None) -> None:
        super().__init__(ChromiumEngine(program))


class Records(Struct, dict=True):  # Not slotted: Playwright leaves a mark on the object whose method handles an event.
    """What DevTools said about a page's requests since the last `clear`."""

    urls: dict[str, str] = field(default_factory=dict)
    failures: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    issues: list[Mapping[str, Any]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    def clear(self) -> None:
        """Forget everything."""
        self.urls.clear()
        self.failures.clear()
        self.issues.clear()
        self.texts.clear()

    def sent(self, event: Mapping[str, Any]) -> None:
        """Take Network.requestWillBeSent. A preflight is a request of its own there, and fails with its request."""
        if event["initiator"]["type"] != "preflight":
            self.urls.setdefault(event["requestId"], event["request"]["url"])

    def failed(self, event: Mapping[str, Any]) -> None:
        """Take Network.loadingFailed."""
        self.failures.setdefault(event["requestId"], event)

    def issue(self, event: Mapping[str, Any]) -> None:
        """Take Audits.issueAdded; only it names what stops a call before the network."""
        details = event["issue"].get("details", {}).get("corsIssueDetails")
        if details and not details.get("isWarning"):
            self.issues.append(details)

    def logged(self, event: Mapping[str, Any]) -> None:
        """Take Log.entryAdded, without the line that every failed load gets."""
        text = event["entry"]["text"]
        if not text.startswith("Failed to load resource"):
            self.texts.append(text)

    def reason(self, mark: str) -> Reason:
        """Return what is known of the requests whose URL contains `mark`."""
        failure = next(self._failures(mark), {})
        issue = next((each for each in self.issues if mark in each["request"]["url"]), {})
        status = failure.get("corsErrorStatus", {})
        return Reason(
            status.get("corsError") or issue.get("corsErrorStatus", {}).get("corsError"),
            status.get("failedParameter"),
            failure.get("errorText"),
            failure.get("blockedReason"),
            tuple(text for text in self.texts if mark in text),
        )

    def settled(self, mark: str) -> bool:
        """Tell whether everything that DevTools is going to say of a failed call has been said."""
        reason = self.reason(mark)
        return bool(reason.console) if reason.cors_error else bool(reason.net_error or reason.blocked)

    def _failures(self, mark: str) -> Iterator[Mapping[str, Any]]:
        return (self.failures[key] for key, url in self.urls.items() if mark in url and key in self.failures)


class Tab(Struct, frozen=True):
    """A page at some origin, and its records."""

    page: Page
    records: Records

    async def run(self, errands: Sequence[Errand]) -> list[Seen]:
        """Do the errands, and wait for what the browser says about those that failed."""
        self.records.clear()
        text = json.dumps({"jobs": [dict(errand.job) for errand in errands], "width": _WIDTH})
        scripts = await self._evaluated(text)
        failed = [e.mark for e, script in zip(errands, scripts, strict=True) if _by_the_network(script)]
        with suppress(TimeoutError):
            async with asyncio.timeout(_SETTLED_WITHIN):
                while failed := [mark for mark in failed if not self.records.settled(mark)]:
                    await asyncio.sleep(0.01)
        return [(script, self.records.reason(errand.mark)) for errand, script in zip(errands, scripts, strict=True)]

    async def _evaluated(self, text: str) -> list[dict[str, Any]]:
        from playwright.async_api import Error

        try:
            scripts: list[dict[str, Any]] = json.loads(await self.page.evaluate(_SCRIPT, text))
        except Error as error:
            raise BrowserError(f"Chromium did not do what it was told: {_first_line(error)}") from error
        return scripts


def _by_the_network(script: Mapping[str, Any]) -> bool:
    """Tell a failed call from one that the script could read, and from one that the API refused to make."""
    error = script.get("js_error")
    return error is not None and "Failed to execute" not in error


class ChromiumEngine:
    """One Chromium process. `program` is its path; None looks for it."""

    chunk = 128

    def __init__(self, program: str | None) -> None:
        self._program = program
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None
        self._context: BrowserContext | None = None
        self._tabs: OrderedDict[str, Tab] = OrderedDict()

    async def start(self, port: int) -> None:
        """Launch the browser without a window."""
        try:
            from playwright.async_api import Error, async_playwright
        except ImportError as error:
            raise package_missing("playwright") from error
        program = self._program or program_of(CHROMIUM)
        self._tabs.clear()
        rule = f"--host-resolver-rules=MAP * 127.0.0.1:{port}"
        self._playwright = await async_playwright().start()
        try:
            self._browser = await self._playwright.chromium.launch(executable_path=program, args=[*_FLAGS, rule])
        except Error as error:
            raise BrowserError(f"{program} does not start: {_first_line(error)}") from error
        self._context = await self._browser.new_context()

    async def stop(self) -> None:
        """Close the browser, then Playwright."""
        if self._browser is not None:
            await self._browser.close()
        if self._playwright is not None:
            await self._playwright.stop()

    async def run(self, origin: str, errands: Sequence[Errand]) -> list[Seen]:
        """Do errands from a page that is kept for later ones."""
        tab = self._tabs.pop(origin, None) or await _open(self._shared, origin)
        self._tabs[origin] = tab
        if len(self._tabs) > _PAGES:
            _, oldest = self._tabs.popitem(last=False)
            await oldest.page.close()
        return await tab.run(errands)

    async def run_alone(self, origin: str, errand: Errand) -> Seen:
        """Do one errand in a context of its own."""
        if self._browser is None:
            raise BrowserError("Chromium is not running.")
        context = await self._browser.new_context()
        try:
            return (await (await _open(context, origin)).run([errand]))[0]
        finally:
            await context.close()

    @property
    def _shared(self) -> BrowserContext:
        if self._context is None:
            raise BrowserError("Chromium is not running.")
        return self._context


async def _open(context: BrowserContext, origin: str) -> Tab:
    """Open a page whose origin is `origin`, and listen to what DevTools says about it."""
    from playwright.async_api import Error

    page = await context.new_page()
    address = f"https://sandboxed.example{PAGE_PATH}?null" if origin == "null" else f"{origin}{PAGE_PATH}"
    try:
        await page.goto(address, timeout=20_000)
        found = await page.evaluate("self.origin")
    except Error as error:
        await page.close()
        raise BrowserError(f"Chromium cannot open a page at {origin}: {_first_line(error)}") from error
    if found != origin:
        await page.close()
        raise BrowserError(f"Chromium calls the page's origin {found}, not {origin}.")
    records = Records()
    session = await context.new_cdp_session(page)
    session.on("Network.requestWillBeSent", records.sent)
    session.on("Network.loadingFailed", records.failed)
    session.on("Audits.issueAdded", records.issue)
    session.on("Log.entryAdded", records.logged)
    for domain in ("Network", "Audits", "Log"):
        await session.send(f"{domain}.enable")
    return Tab(page, records)


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]
