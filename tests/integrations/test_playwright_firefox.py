"""The helper in end-to-end tests with a real Firefox, which tells Playwright neither of preflights nor why a call failed."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import async_playwright
from playwright.sync_api import Page, sync_playwright

from corsmith.integrations.playwright import Blocked, explaining

from .firefox_bridge import program
from .test_playwright import CALL, serving

pytestmark = pytest.mark.firefox
CHANNEL = "moz-firefox"


@pytest.fixture(scope="module")
def api() -> Iterator[str]:
    with serving() as address:
        yield address


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with serving() as address:
        yield address


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with sync_playwright() as driver:
        browser = driver.firefox.launch(channel=CHANNEL, executable_path=program(tmp_path_factory.mktemp("firefox")))
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Any, site: str) -> Iterator[Page]:
    page = browser.new_page()
    page.goto(f"{site}/page")
    yield page
    page.close()


def test_a_refused_preflight_is_sent_again_and_explained(page: Page, api: str, site: str) -> None:
    with pytest.raises(Blocked) as blocked, explaining(page):
        page.evaluate(CALL, [f"{api}/refused", {"method": "PUT", "headers": {"x-trace": "1"}}])
    text = str(blocked.value)
    assert text.startswith("corsmith: the browser stopped 1 call of this page\n")
    assert f"blocked {api}/refused (PreflightMissingAllowOriginHeader)" in text
    assert f"preflight: OPTIONS {api}/refused -> 403" in text
    assert "the browser prints: Cross-Origin Request Blocked" in text
    assert site not in text.partition("the browser prints:")[0]


def test_an_answer_without_headers(page: Page, api: str) -> None:
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


def test_what_passes_is_not_spoken_of(page: Page, api: str, site: str) -> None:
    with explaining(page) as watched:
        assert page.evaluate(CALL, [f"{api}/open", {}]) == 200
        assert page.evaluate(CALL, [f"{api}/closed", {"mode": "no-cors"}]) == 0
        assert page.evaluate(CALL, [f"{site}/closed", {"method": "PUT"}]) == 200
    assert watched.explanation == ""


def test_a_server_that_is_gone_is_no_matter_of_cors(page: Page) -> None:
    with serving() as gone:
        pass
    with explaining(page) as watched:
        assert "NetworkError" in page.evaluate(CALL, [f"{gone}/refused", {"method": "PUT"}])
        assert "NetworkError" in page.evaluate(CALL, [f"{gone}/closed", {}])
    assert watched.explanation == ""


def test_a_call_that_the_page_gives_up(page: Page, api: str) -> None:
    call = """url => {
        const stop = new AbortController();
        const made = fetch(url, {method: 'PUT', signal: stop.signal}).catch(String);
        stop.abort();
        return made;
    }"""
    with explaining(page) as watched:
        assert "AbortError" in page.evaluate(call, f"{api}/refused")
    assert watched.explanation == ""


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


def test_calls_to_others_are_their_own_matter(page: Page, api: str) -> None:
    with explaining(page, to="https://api.example.com/"):
        page.evaluate(CALL, [f"{api}/closed", {}])
        page.evaluate(CALL, [f"{api}/refused", {"method": "PUT"}])


def test_asynchronous_pages(api: str, site: str, tmp_path: Path) -> None:
    async def run() -> str:
        async with async_playwright() as driver:
            browser = await driver.firefox.launch(channel=CHANNEL, executable_path=program(tmp_path))
            page = await browser.new_page()
            await page.goto(f"{site}/page")
            try:
                async with explaining(page):
                    await page.evaluate(CALL, [f"{api}/refused", {"method": "PUT"}])
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
    assert "(PreflightMissingAllowOriginHeader)" in told[0]
