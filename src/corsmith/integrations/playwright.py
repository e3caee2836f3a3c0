"""A helper for end-to-end tests with Playwright: where CORS stopped a page, the test says so, and why.

    with explaining(page):
        page.get_by_role("button", name="Pay").click()
        expect(page.get_by_text("Thank you")).to_be_visible()

`async with explaining(page)` does the same for Playwright's asynchronous pages. In Chromium the preflights and answers are
read from DevTools. Firefox and WebKit do not tell of preflights: that of a call that was stopped is sent once more, from
here, and the model of that browser judges the answer.
"""

from __future__ import annotations

from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol

from .devtools_calls import DevtoolsCalls
from .event_calls import EventCalls
from .seen_calls import SeenCalls
from .waiting import waited

if TYPE_CHECKING:
    from typing import Self

_SETTLING_MS = 25
_TURNS = 120
"""How often, at most, one waits that long for what the browser is about to say of calls that it stopped."""


class Blocked(AssertionError):  # noqa: N818 - it names what happened
    """CORS stopped calls of the page. The message explains each."""


class _Page(Protocol):
    """What is used of Playwright's pages, synchronous or not."""

    context: Any

    def on(self, event: str, handler: Any, /) -> Any: ...
    def remove_listener(self, event: str, handler: Any, /) -> Any: ...
    def wait_for_timeout(self, timeout: float, /) -> Any: ...


class explaining:  # noqa: N801 - a context manager, called as contextlib's are
    """Watch a page's calls. `to` narrows it to URLs that begin so; other sites' calls are their own matter.

    Where the body of the `with` fails, the explanation is added to its exception as a note. Where it does not, and a call
    was blocked, `Blocked` is raised.
    """

    def __init__(self, page: _Page, *, to: str | tuple[str, ...] = "") -> None:
        self._page = page
        self._calls = SeenCalls(to, _profile(page))
        self._events = EventCalls(self._calls, page)
        self._session: Any = None

    @property
    def explanation(self) -> str:
        """What is known of blocked calls up to now; "" where there is none."""
        return self._calls.explanation()

    def __enter__(self) -> Self:
        self._page.on("console", self._calls.printed)
        with suppress(Exception):  # a browser that has no DevTools after all: its events are what there is
            if _may_have_devtools(self._page):
                session = self._page.context.new_cdp_session(self._page)
                DevtoolsCalls(self._calls, session)
                session.send("Network.enable")
                self._session = session
        if self._session is None:
            self._events.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(Exception):  # the page may be closed: what was seen is told all the same
            for _ in range(_TURNS):
                if not self._calls.unsettled:
                    break
                self._page.wait_for_timeout(_SETTLING_MS)
            if self._session is not None:
                self._session.detach()
        waited(self._calls.ask_again())
        self._tell(error)

    async def __aenter__(self) -> Self:
        self._page.on("console", self._calls.printed)
        with suppress(Exception):
            if _may_have_devtools(self._page):
                session = await self._page.context.new_cdp_session(self._page)
                DevtoolsCalls(self._calls, session)
                await session.send("Network.enable")
                self._session = session
        if self._session is None:
            self._events.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(Exception):
            for _ in range(_TURNS):
                if not self._calls.unsettled:
                    break
                await self._page.wait_for_timeout(_SETTLING_MS)
            if self._session is not None:
                await self._session.detach()
        await self._calls.ask_again()
        self._tell(error)

    def _tell(self, error: BaseException | None) -> None:
        self._page.remove_listener("console", self._calls.printed)
        if self._session is None:
            self._events.stop()
        text = self._calls.explanation()
        if not text:
            return
        if error is None:
            raise Blocked(text)
        if isinstance(error, Exception):
            error.add_note(text)


def _may_have_devtools(page: _Page) -> bool:
    browser = page.context.browser
    # A persistent context has no browser that could be asked; there a session is simply tried for.
    return browser is None or browser.browser_type.name == "chromium"


def _profile(page: _Page) -> str:
    """Return whose rules decide: those of the page's browser, where it has a model."""
    browser = page.context.browser
    name = browser.browser_type.name if browser is not None else ""
    return name if name in ("firefox", "webkit") else "model"
