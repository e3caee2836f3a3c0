"""The page at /__corsmith in a real Chromium: it lists the routes, makes a call, and says why it would be blocked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from corsmith.live.browsers.installed import CHROMIUM, program_of
from corsmith.local.background import LocalGateway

PROJECT = Path(__file__).parents[1] / "fixtures" / "served" / "sam-rest-handler-without-headers"

pytestmark = pytest.mark.chromium


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    monkeypatch.chdir(PROJECT)
    with LocalGateway(".") as gateway, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program_of(CHROMIUM), args=["--no-sandbox"])
        opened = browser.new_page()
        opened.goto(f"http://{urlsplit(gateway.urls['Baskets']).netloc}/__corsmith")
        yield opened
        browser.close()


def test_a_call_is_made_and_explained(page: Page) -> None:
    expect(page.locator("#routes")).to_contain_text("POST     /baskets  Fill")
    page.get_by_label("Origin").fill("https://shop.example")
    page.get_by_label("Method").fill("POST")
    page.get_by_label("Path").fill("/live/baskets")
    page.get_by_label("Headers").fill("content-type: application/json")
    page.get_by_label("Body").fill("{}")
    page.get_by_role("button", name="Call").click()
    result = page.locator("#result")
    expect(result).to_contain_text("BLOCKED", timeout=30_000)
    expect(result).to_contain_text("No 'Access-Control-Allow-Origin' header is present")
    # The preflight passed, the call did not.
    expect(result.locator("summary")).to_contain_text(["200 OPTIONS", "201 POST"])
    result.locator("summary").nth(1).click()
    expect(result).to_contain_text("handler-missing-headers at code/fill.py:5")
    expect(page.locator("#exchanges summary").first).to_contain_text("201 POST")
    page.get_by_label("Origin").fill("https://other.example")
    page.get_by_role("button", name="Call").click()
    expect(result.locator("summary")).to_have_count(1, timeout=30_000)
    expect(result).to_contain_text("that is not equal to the supplied origin")
