"""The documentation as a site: it builds without a complaint, and a browser shows it at every width."""

from __future__ import annotations

import functools
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import sync_playwright

from corsmith.live.browsers.installed import CHROMIUM, program_of

ROOT = Path(__file__).parents[2]
SITE = ROOT / "build" / "site"
PAGES = (
    "",
    "docs/start/",
    "docs/explained/",
    "docs/commands/",
    "docs/libraries/",
    "docs/lambda-cors/",
    "docs/conformance/",
    "docs/recipes/terraform/",
    "docs/rules/rest-no-options-method/",
    "BENCHMARKS/",
)
LOOKS = (("light", 1280), ("dark", 1280), ("light", 390))


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *arguments: object) -> None:
        """Stay silent."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    told = subprocess.run([sys.executable, "-m", "scripts.site"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (told.returncode, told.stdout + told.stderr) == (0, "")
    handler = functools.partial(Quiet, directory=str(SITE))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program_of(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


def failed(request: Any) -> list[str]:
    """Return what failed; what a page still loads when the next one is opened is given up, and is none of it."""
    return [] if request.failure == "net::ERR_ABORTED" else [f"failed: {request.url}: {request.failure}"]


@pytest.mark.chromium
@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_pages_fit_and_ask_nobody_else(site: str, browser: Any, scheme: str, width: int) -> None:
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 844})
    page = context.new_page()
    elsewhere: list[str] = []
    page.on("request", lambda request: request.url.startswith((site, "data:")) or elsewhere.append(request.url))
    page.on("requestfailed", lambda request: elsewhere.extend(failed(request)))
    page.on("console", lambda message: message.type == "error" and elsewhere.append(message.text))
    try:
        for name in PAGES:
            page.goto(site + name)
            assert page.locator("h1").first.is_visible(), name
            overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert (name, overflow) == (name, 0)
            # Markdown that was not understood shows as its own marks.
            text = page.locator("article").inner_text()
            assert not re.search(r'(?m)^(=== "|!!! |\| --- )', text), name
    finally:
        context.close()
    assert elsewhere == []


def test_every_page_of_the_repository_is_in_it(site: str) -> None:
    del site
    for page in (ROOT / "docs").rglob("*.md"):
        inside = page.relative_to(ROOT).with_suffix("")
        folder = inside.parent if inside.name == "index" else inside
        assert (SITE / folder / "index.html").is_file(), page
