"""The page in a real Chromium: it asks nobody for anything, hostile names stay text, and the keyboard opens every cell."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from corsmith.live.browsers.installed import CHROMIUM, program_of

from .hostile import NAMES, SCRIPT, check

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.chromium


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=program_of(CHROMIUM), args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    opened = browser.new_page()
    yield opened
    opened.close()


def shown(page: Page, tmp_path: Path, *arguments: str) -> None:
    """Write the report of a check, open it, and see that it asks for nothing and complains of nothing."""
    target = tmp_path / "report.html"
    check(*arguments, "--format", "html", "--output", str(target))
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    page.goto(target.as_uri())
    assert asked == [target.as_uri()]
    assert said == []
    assert page.evaluate("getComputedStyle(document.querySelector('.mark')).borderTopWidth") == "2px"


@pytest.fixture
def storefront(page: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Page:
    monkeypatch.chdir(ROOT)
    shown(page, tmp_path, "examples/storefront")
    return page


def test_the_matrix_has_a_mark_for_every_cell(storefront: Page) -> None:
    import json

    summary = json.loads(check("examples/storefront", "--format", "json").stdout)["summary"]
    for verdict, mark in (("allowed", "✓"), ("blocked", "✕"), ("undecided", "?")):
        marks = storefront.locator(f"table button.{verdict}")
        assert marks.count() == summary[verdict]
        assert set(marks.all_inner_texts()) <= {mark}
    names = storefront.locator("table button.mark").evaluate_all("marks => marks.map(mark => mark.ariaLabel)")
    assert "GET /carts/1, throttled: blocked" in names


def test_a_cell_opens_its_exchange_the_console_message_and_the_fix_by_keyboard(storefront: Page) -> None:
    mark = storefront.get_by_role("button", name="POST /carts/1/items, stopped at the preflight: blocked")
    mark.focus()
    storefront.keyboard.press("Enter")
    dialog = storefront.get_by_role("dialog", name="POST /carts/1/items: blocked")
    assert dialog.is_visible()
    text = dialog.inner_text()
    assert "has been blocked by CORS policy" in text
    assert "OPTIONS https://" in text
    assert "403, made by gateway" in text
    assert "Fix: Configure CORS on CartApi" in text
    assert storefront.evaluate("document.activeElement.textContent") == "close"
    storefront.keyboard.press("Escape")
    assert dialog.is_hidden()
    assert storefront.evaluate("document.activeElement.ariaLabel").startswith("POST /carts/1/items")


def test_a_cell_leads_to_its_finding_with_the_code_and_the_difference(storefront: Page) -> None:
    storefront.get_by_role("button", name="POST /carts/1/items, stopped at the preflight: blocked").click()
    storefront.get_by_role("dialog").get_by_role("link", name="rest-no-options-method").click()
    article = storefront.locator("article:target")
    assert article.locator("h3").inner_text().endswith("rest-no-options-method")
    article.locator("details.fix summary").first.click()
    assert "Cors:" in "".join(article.locator("details.fix ins").all_inner_texts())
    assert article.locator("figure mark").first.inner_text() == "CartApi"


def test_hostile_names_stay_text(page: Page, tmp_path: Path, hostile: Path) -> None:
    shown(page, tmp_path, str(hostile))
    assert page.locator("script, img, b[onclick], iframe").count() == 0
    assert page.locator("h1").all_inner_texts() == ["corsmith"]
    heads = page.locator("tbody th").all_text_contents()
    assert {f"GET /{name}" for name in NAMES} == set(heads)
    assert SCRIPT in page.locator("article").first.inner_text()


def test_a_page_without_cells_and_one_of_a_failure_are_whole(page: Page, tmp_path: Path) -> None:
    target = tmp_path / "report.html"
    result = check("nowhere", "--format", "html", "--output", str(target))
    assert result.exit_code == 2
    page.goto(target.as_uri())
    assert "nowhere:1:1: no such file or folder" in page.locator("main").inner_text()


class _Balanced(HTMLParser):
    """Notes elements that are closed in another order than they were opened."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        del attrs
        if tag not in ("meta", "link", "br", "hr"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


def test_every_element_is_closed(hostile: Path) -> None:
    parser = _Balanced()
    parser.feed(check(str(hostile), "--format", "html").stdout)
    assert (parser.open, parser.wrong) == ([], [])
