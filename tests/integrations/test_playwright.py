"""The helper in end-to-end tests with a real Chromium, whose page calls a server of this machine."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.async_api import async_playwright
from playwright.sync_api import Page, sync_playwright

from corsmith.integrations.playwright import Blocked, explaining
from corsmith.live.browsers.installed import CHROMIUM, program_of

pytestmark = pytest.mark.chromium

CALL = "([url, init]) => fetch(url, init).then(r => r.status, e => String(e))"
FLAGS = ["--no-sandbox", "--disable-gpu"]


class Api(BaseHTTPRequestHandler):
    """Pages at /page; answers that lack what the path says."""

    def do_GET(self) -> None:
        page = self.path == "/page"
        self.send_response(200)
        self.send_header("Content-Type", "text/html" if page else "application/json")
        if not page and "open" in self.path:
            self.send_header("Access-Control-Allow-Origin", self.headers.get("Origin", "*"))
        if not page and "star" in self.path:
            self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("Content-Length", "2")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(b"{}")

    def do_PUT(self) -> None:
        self.do_GET()

    def do_OPTIONS(self) -> None:
        self.send_response(403 if "refused" in self.path else 204)
        if "refused" not in self.path:
            self.send_header("Access-Control-Allow-Origin", self.headers.get("Origin", "*"))
            self.send_header("Access-Control-Allow-Methods", "GET")
        self.end_headers()

    def log_message(self, *arguments: object) -> None:
        """Stay silent."""


@contextmanager
def serving() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Api) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def api() -> Iterator[str]:
    with serving() as address:
        yield address


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with serving() as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program_of(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Any, site: str) -> Iterator[Page]:
    page = browser.new_page()
    page.goto(f"{site}/page")
    yield page
    page.close()


def test_a_refused_preflight_is_explained(page: Page, api: str, site: str) -> None:
    with pytest.raises(Blocked) as blocked, explaining(page):
        page.evaluate(CALL, [f"{api}/refused", {"method": "PUT", "headers": {"x-trace": "1"}}])
    text = str(blocked.value)
    assert text.startswith("corsmith: the browser stopped 1 call of this page\n")
    assert f"blocked {api}/refused (PreflightMissingAllowOriginHeader)" in text
    assert f"preflight: OPTIONS {api}/refused -> 403" in text
    assert f"from origin '{site}' has been blocked by CORS policy" in text
    assert "error[" in text


def test_a_failure_of_the_test_itself_gets_a_note(page: Page, api: str) -> None:
    def checkout() -> None:
        with explaining(page):
            page.evaluate(CALL, [f"{api}/closed", {}])
            raise AssertionError("no thanks")

    with pytest.raises(AssertionError, match="no thanks") as failed:
        checkout()
    (note,) = failed.value.__notes__
    assert "(MissingAllowOriginHeader)" in note
    assert f"request: GET {api}/closed -> 200" in note


def test_a_method_that_the_preflight_does_not_allow(page: Page, api: str) -> None:
    with pytest.raises(Blocked, match="MethodDisallowedByPreflightResponse"), explaining(page):
        page.evaluate(CALL, [f"{api}/open", {"method": "PUT"}])


def test_what_passes_is_not_spoken_of(page: Page, api: str) -> None:
    with explaining(page) as watched:
        assert page.evaluate(CALL, [f"{api}/open", {}]) == 200
    assert watched.explanation == ""

    def checkout() -> None:
        with explaining(page):
            page.evaluate(CALL, [f"{api}/open", {}])
            raise ValueError("mine")

    with pytest.raises(ValueError, match="mine") as failed:
        checkout()
    assert not hasattr(failed.value, "__notes__")


def test_calls_to_others_are_their_own_matter(page: Page, api: str) -> None:
    with explaining(page, to="https://api.example.com/"):
        page.evaluate(CALL, [f"{api}/closed", {}])
    with pytest.raises(Blocked), explaining(page, to=("https://api.example.com/", api)):
        page.evaluate(CALL, [f"{api}/closed", {}])


def test_the_same_call_again_and_again_is_explained_once(page: Page, api: str) -> None:
    def checkout() -> None:
        with explaining(page):
            for _ in range(3):
                page.evaluate(CALL, [f"{api}/refused", {"method": "PUT"}])
            page.evaluate(CALL, [f"{api}/closed", {}])

    with pytest.raises(Blocked) as blocked:
        checkout()
    text = str(blocked.value)
    assert text.startswith("corsmith: the browser stopped 4 calls of this page\n")
    assert text.count(f"blocked {api}/refused") == 1
    assert text.index("/refused") < text.index("/closed")


def test_a_call_that_nobody_waits_for(page: Page, api: str) -> None:
    call = "([url]) => new Promise(done => { fetch(url, {method: 'PUT'}).catch(() => 0); setTimeout(done, 50) })"
    with pytest.raises(Blocked, match="/refused"), explaining(page):
        page.evaluate(call, [f"{api}/refused"])


def test_a_page_that_was_closed_meanwhile(browser: Any, site: str, api: str) -> None:
    page = browser.new_page()
    page.goto(f"{site}/page")

    def checkout() -> None:
        with explaining(page):
            page.evaluate(CALL, [f"{api}/closed", {}])
            page.close()

    with pytest.raises(Blocked):
        checkout()


def test_what_only_the_console_tells(page: Page, api: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in browsers without DevTools' protocol, of a server that cannot be asked from here."""

    async def nobody(*given: object) -> None:
        """Answer nothing."""

    monkeypatch.setattr("corsmith.integrations.playwright._may_have_devtools", lambda page: False)
    monkeypatch.setattr("corsmith.integrations.seen_calls.preflight_again", nobody)

    def checkout() -> None:
        with explaining(page):
            page.evaluate(CALL, [f"{api}/refused", {"method": "PUT"}])
            page.wait_for_timeout(100)

    with pytest.raises(Blocked) as blocked:
        checkout()
    text = str(blocked.value)
    assert f"blocked {api}/refused (PreflightMissingAllowOriginHeader)" in text
    assert "likely: rest-no-options-method" in text
    assert "to be sure: corsmith check" in text


def test_what_events_tell_and_the_preflight_sent_again(page: Page, api: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in browsers without DevTools' protocol: what the console tells is not told twice."""
    monkeypatch.setattr("corsmith.integrations.playwright._may_have_devtools", lambda page: False)
    with pytest.raises(Blocked) as blocked, explaining(page):
        page.evaluate(CALL, [f"{api}/refused", {"method": "PUT"}])
    text = str(blocked.value)
    assert text.startswith("corsmith: the browser stopped 1 call of this page\n")
    assert f"preflight: OPTIONS {api}/refused -> 403" in text
    assert text.count(f"blocked {api}/refused") == 1


def test_credentials_are_told_from_the_error(page: Page, api: str) -> None:
    """Without a cookie nothing else says that the call has some."""
    with pytest.raises(Blocked) as blocked, explaining(page):
        page.evaluate(CALL, [f"{api}/star", {"credentials": "include"}])
    text = str(blocked.value)
    assert f"blocked {api}/star (WildcardOriginNotAllowed)" in text
    assert f"request: GET {api}/star -> 200" in text


def test_a_browser_without_devtools_after_all(page: Page, api: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(page.context), "new_cdp_session", lambda *given: 1 / 0)
    with pytest.raises(Blocked, match="MissingAllowOriginHeader"), explaining(page):
        page.evaluate(
            f"url => ({CALL})" + "([url, {}]).then(() => new Promise(done => setTimeout(done, 100)))", f"{api}/closed"
        )


def test_asynchronous_pages(api: str, site: str) -> None:
    async def run() -> str:
        async with async_playwright() as driver:
            browser = await driver.chromium.launch(executable_path=program_of(CHROMIUM), args=FLAGS)
            page = await browser.new_page()
            await page.goto(f"{site}/page")
            try:
                async with explaining(page):
                    await page.evaluate(CALL, [f"{api}/closed", {}])
            except Blocked as blocked:
                return str(blocked)
            finally:
                await browser.close()
        return "nothing was blocked"

    # Playwright's synchronous driver keeps a loop running in this thread.
    told: list[str] = []
    thread = threading.Thread(target=lambda: told.append(asyncio.run(run())))
    thread.start()
    thread.join()
    assert "(MissingAllowOriginHeader)" in told[0]
