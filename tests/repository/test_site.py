"""The documentation as a site: it builds, every link leads somewhere, and a browser shows it without asking anyone else."""

from __future__ import annotations

import functools
import http.server
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from corsmith.live.browsers.installed import CHROMIUM, program_of

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """Build the site, strictly, and serve it on loopback; yield its address."""
    built = subprocess.run(
        [sys.executable, "-m", "scripts.site"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert built.returncode == 0, built.stdout + built.stderr

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *args: object) -> None:
            del args

    handler = functools.partial(Quiet, directory=str(ROOT / "build" / "site"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.mark.chromium
def test_pages_are_shown_and_ask_nobody_else(site: str) -> None:
    asked: list[str] = []
    failed: list[str] = []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program_of(CHROMIUM), args=["--no-sandbox"])
        page = browser.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: failed.append(str(error)))
        page.on("response", lambda answer: failed.append(answer.url) if answer.status >= 400 else None)
        for path in (
            "/",
            "/docs/explained/",
            "/docs/without-cors/",
            "/docs/rules/rest-no-options-method/",
            "/docs/serve/",
        ):
            page.goto(site + path)
            assert page.locator("h1").first.is_visible(), path
            width = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
            assert width[0] <= width[1], path
        browser.close()
    assert failed == []
    assert [url for url in asked if not url.startswith((site, "data:"))] == []
