"""Firefox as a judge, over WebDriver BiDi; neither geckodriver nor a patched build is needed.

The host rule is a setting (`network.dns.forceResolve`), and so is the port (`network.socket.forcePort`). BiDi's log
events do not carry CORS messages (measured with Firefox ESR 153), so they are read from the browser's console
service in its own scope; the category of a message is its identifier. The console itself keeps 250 messages, so a
listener keeps them all. Where the server closes a connection without a word, Firefox as a rule says
CORSDidNotSucceed2, but now and then, under load, another id: such a block is not about CORS, and its name means
nothing.
"""

from __future__ import annotations

import asyncio
import json
import re
import tempfile
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from .bidi import Bidi, connect
from .case import PAGE_PATH
from .failures import BrowserError
from .firefox_profile import FORCED_PORTS, forced, write_profile
from .installed import FIREFOX, program_of
from .judge import Errand, RealBrowser, Seen
from .seen import Reason

_WIDTH = 24
_PAGES = 16
_STARTED_WITHIN = 60.0
_SETTLED_WITHIN = 1.5
"""Seconds to wait for the console messages of a failed call. Some failures have none."""
_SCRIPT = files(__package__).joinpath("page.js").read_text(encoding="utf-8")
_LISTENING = re.compile(r"WebDriver BiDi listening on (ws://\S+)")
_STATUS_CODE = re.compile(r"Status code: (\d+)")
_LISTEN = """() => {
  globalThis.corsmithHeard = [];
  Services.console.registerListener({
    observe(message) {
      if (message instanceof Ci.nsIScriptError) corsmithHeard.push([message.category, message.errorMessage]);
    },
  });
  return "";
}"""
_FORGET = "() => { corsmithHeard.length = 0; return ''; }"
_FORCE_PORTS = f"(value) => {{ Services.prefs.setStringPref({FORCED_PORTS!r}, value); return ''; }}"
_MESSAGES = "() => JSON.stringify(corsmithHeard)"
_GENERIC = "CORSDidNotSucceed2"
"""Printed after the message that says why, and alone for a failure of the network."""
_WARNING = "CORSAllowHeaderFromPreflightDeprecation"


class Firefox(RealBrowser):
    """Firefox: `with Firefox() as browser: browser.judge(cases)`."""

    def __init__(self, program: str | None = None) -> None:
        super().__init__(FirefoxEngine(program))


Message = tuple[str, str]
"""A console message: its category and its text."""


class FirefoxEngine:
    """One Firefox process. `program` is its path; None looks for it."""

    chunk = 100

    def __init__(self, program: str | None) -> None:
        self._program = program
        self._profile: tempfile.TemporaryDirectory[str] | None = None
        self._process: asyncio.subprocess.Process | None = None
        self._draining: asyncio.Task[None] | None = None
        self._bidi: Bidi | None = None
        self._chrome = ""
        self._server_port = 0
        self._ports = {80, 443, 3000, 5173, 8000, 8080, 8443}
        self._pages: OrderedDict[str, str] = OrderedDict()

    async def start(self, port: int) -> None:
        """Launch the browser without a window, with a new profile."""
        self._server_port = port
        self._pages.clear()
        program = self._program or program_of(FIREFOX)
        self._profile = tempfile.TemporaryDirectory(prefix="corsmith-firefox-", ignore_cleanup_errors=True)
        write_profile(Path(self._profile.name), self._ports, port)
        try:
            self._process = await asyncio.create_subprocess_exec(
                program,
                *("--headless", "--no-remote", "--profile", self._profile.name),
                *("--remote-debugging-port", "0", "--remote-allow-system-access", "about:blank"),
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.PIPE,
            )
            address = await asyncio.wait_for(self._address(program), _STARTED_WITHIN)
        except (OSError, TimeoutError) as error:
            raise BrowserError(f"{program} does not start: {error or 'it says nothing'}") from error
        self._bidi = await connect(address)
        tree = await self._bidi.send("browsingContext.getTree", **{"moz:scope": "chrome"})
        self._chrome = tree["contexts"][0]["context"]
        await self._bidi.evaluate(self._chrome, _LISTEN)

    async def stop(self) -> None:
        """End the browser and remove its profile."""
        if self._bidi is not None:
            with suppress(BrowserError, OSError):
                await asyncio.wait_for(self._bidi.send("browser.close"), 5)
            await self._bidi.close()
        elif self._process is not None and self._process.returncode is None:
            self._process.terminate()
        if self._process is not None:
            await _ended(self._process)
        if self._draining is not None:
            self._draining.cancel()
        if self._profile is not None:
            self._profile.cleanup()

    async def run(self, origin: str, errands: Sequence[Errand]) -> list[Seen]:
        """Do errands from a page that is kept for later ones."""
        await self._reach([origin, *(errand.job["url"] for errand in errands)])
        context = self._pages.pop(origin, None) or await self._open(origin)
        self._pages[origin] = context
        if len(self._pages) > _PAGES:
            _, oldest = self._pages.popitem(last=False)
            await self._session.send("browsingContext.close", context=oldest)
        return await self._do(context, errands)

    async def run_alone(self, origin: str, errand: Errand) -> Seen:
        """Do one errand in a user context of its own."""
        await self._reach([origin, errand.job["url"]])
        user = (await self._session.send("browser.createUserContext"))["userContext"]
        try:
            return (await self._do(await self._open(origin, userContext=user), [errand]))[0]
        finally:
            await self._session.send("browser.removeUserContext", userContext=user)

    @property
    def _session(self) -> Bidi:
        if self._bidi is None:
            raise BrowserError("Firefox is not running.")
        return self._bidi

    async def _address(self, program: str) -> str:
        stderr = self._process.stderr if self._process else None
        while stderr is not None and (line := (await stderr.readline()).decode("utf-8", "replace")):
            if found := _LISTENING.search(line):
                # Firefox goes on writing, and would stop at a full pipe.
                self._draining = asyncio.ensure_future(_drain(stderr))
                return found[1]
        raise BrowserError(f"{program} ended before it could be spoken to.")

    async def _reach(self, urls: Iterable[str]) -> None:
        """Make the ports of these URLs lead to the local server as well."""
        ports = self._ports | {port for url in urls if (port := urlsplit(url).port)} - {self._server_port}
        if ports != self._ports:
            await self._session.evaluate(self._chrome, _FORCE_PORTS, forced(ports, self._server_port))
            self._ports = ports

    async def _open(self, origin: str, **where: str) -> str:
        """Open a page whose origin is `origin`."""
        session = self._session
        context: str = (await session.send("browsingContext.create", type="tab", **where))["context"]
        address = f"https://sandboxed.example{PAGE_PATH}?null" if origin == "null" else f"{origin}{PAGE_PATH}"
        try:
            await session.send("browsingContext.navigate", context=context, url=address, wait="complete")
        except BrowserError as error:
            raise BrowserError(f"Firefox cannot open a page at {origin}: {error}") from error
        found = await session.evaluate(context, "() => self.origin")
        if found != origin:
            raise BrowserError(f"Firefox calls the page's origin {found}, not {origin}.")
        return context

    async def _do(self, context: str, errands: Sequence[Errand]) -> list[Seen]:
        session = self._session
        await session.evaluate(self._chrome, _FORGET)
        text = json.dumps({"jobs": [dict(errand.job) for errand in errands], "width": _WIDTH})
        scripts: list[dict[str, Any]] = json.loads(await session.evaluate(context, _SCRIPT, text))
        failed = [e.mark for e, script in zip(errands, scripts, strict=True) if _by_the_network(script)]
        messages = await self._messages()
        with suppress(TimeoutError):
            async with asyncio.timeout(_SETTLED_WITHIN):
                while not all(any(mark in text for _, text in messages) for mark in failed):
                    await asyncio.sleep(0.02)
                    messages = await self._messages()
        return [
            (script, reason([each for each in messages if errand.mark in each[1]]))
            for errand, script in zip(errands, scripts, strict=True)
        ]

    async def _messages(self) -> list[Message]:
        found = json.loads(await self._session.evaluate(self._chrome, _MESSAGES))
        return [(category, text) for category, text in found]


def reason(messages: Sequence[Message]) -> Reason:
    """Read why a call was stopped from its console messages. The first one that says more than "failed" counts."""
    console = tuple([category, text] for category, text in messages)
    errors = [each for each in messages if each[0].startswith("CORS") and each[0] != _WARNING]
    telling = next((each for each in errors if each[0] != _GENERIC), errors[0] if errors else None)
    if telling is None:
        return Reason(console=console)
    status = _STATUS_CODE.search(telling[1])
    return Reason(telling[0], status[1] if status else None, console=console)


def _by_the_network(script: Mapping[str, Any]) -> bool:
    error = script.get("js_error")
    return error is not None and "Window.fetch:" not in error


async def _drain(stream: asyncio.StreamReader) -> None:
    while await stream.read(65536):
        pass


async def _ended(process: asyncio.subprocess.Process) -> None:
    """Wait for a process that was asked to end, and insist after some seconds."""
    try:
        await asyncio.wait_for(process.wait(), 10)
    except TimeoutError:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
