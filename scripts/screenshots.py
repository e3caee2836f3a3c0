"""Takes the pictures of the tester page that the documentation shows.

    python -m scripts.screenshots

Serves the storefront of examples/ with `corsmith dev` and the page beside it, asks in a real Chromium, and writes
docs/images/tester-*.png.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from corsmith.live.browsers.installed import CHROMIUM, program_of

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs" / "images"


def start(*arguments: str) -> subprocess.Popen[str]:
    """Start a command of corsmith whose output is read."""
    command = [sys.executable, "-m", "corsmith", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


def ask(page: Page, tester: str, url: str) -> None:
    """Ask about a POST of JSON, and wait for the answer."""
    page.goto(tester)
    page.get_by_label("URL that the page calls").fill(url)
    page.get_by_label("Method").fill("POST")
    page.get_by_label("Headers that the page's script sets").fill("Content-Type: application/json")
    page.get_by_role("button", name="Test it").click()
    expect(page.locator("#verdict")).to_be_visible(timeout=20_000)


def main() -> None:
    """Take the pictures."""
    IMAGES.mkdir(exist_ok=True)
    gateway = start("dev", str(ROOT / "examples" / "storefront"), "--port", "0", "--format", "json")
    tester = start("serve", "--port", "0", "--allow-private")
    try:
        assert gateway.stdout is not None
        assert tester.stdout is not None
        addresses = {}
        for line in gateway.stdout:
            announced = json.loads(line)
            if "ready" in announced:
                break
            addresses[announced["api"]] = announced["url"]
        address = tester.stdout.readline().strip()
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=program_of(CHROMIUM), args=["--no-sandbox"])
            for scheme, width in (("light", 900), ("dark", 390)):
                context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 800})
                page = context.new_page()
                ask(page, address, addresses["CartApi"].rstrip("/") + "/carts/c-1001/items")
                page.screenshot(path=IMAGES / f"tester-{scheme}.png", full_page=True)
                context.close()
            browser.close()
    finally:
        for process in (gateway, tester):
            process.send_signal(signal.SIGINT)
            process.wait(20)


if __name__ == "__main__":
    main()
