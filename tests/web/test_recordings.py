"""A HAR file on the page: judged, with nothing sent, and without its secrets leaving the browser."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect, sync_playwright

from corsmith.live.browsers.installed import CHROMIUM, program_of
from corsmith.web.limits import Rate
from corsmith.web.serving import Serving

from .serving import Answer, Site, served

PAGE = "https://app.example.com"
SECRETS = ("hunter2", "eyJhbGciOi", "s3cr3t-cookie", "tok-1234", "in-the-body")


def entry(path: str, response: dict[str, Any], *, kind: str = "fetch", method: str = "GET") -> dict[str, Any]:
    headers = [
        {"name": "Origin", "value": PAGE},
        {"name": "Referer", "value": f"{PAGE}/cart?token=tok-1234#tok-1234"},
        {"name": "Authorization", "value": "Bearer eyJhbGciOi"},
        {"name": "Cookie", "value": "session=s3cr3t-cookie"},
        {"name": "X-Api-Key", "value": "hunter2"},
        {"name": "Sec-Fetch-Mode", "value": "no-cors" if kind == "image" else "cors"},
    ]
    request = {"method": method, "url": f"https://u:hunter2@api.example.net{path}?token=tok-1234", "headers": headers}
    return {"_resourceType": kind, "request": {**request, "postData": {"text": "in-the-body"}}, "response": response}


def answer(status: int, **headers: str) -> dict[str, Any]:
    fields = [{"name": name.replace("_", "-"), "value": value} for name, value in headers.items()]
    fields.append({"name": "Set-Cookie", "value": "a=s3cr3t-cookie"})
    return {"status": status, "headers": fields, "content": {"text": "in-the-body"}}


RECORDED = {
    "log": {
        "pages": [{"id": "page_1", "title": f"{PAGE}/?token=tok-1234"}],
        "entries": [
            entry("/logo", answer(200), kind="image"),
            entry("/shut", answer(200)),
            entry("/open", answer(200, access_control_allow_origin=PAGE, access_control_allow_credentials="true")),
        ],
    }
}


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with served(Serving(allow_private=True)) as site:
        yield site


def posted(site: Site, body: str) -> Answer:
    return site.send("POST", "/recorded", body, content_type="application/json", x_part="steps")


def test_each_call_has_its_verdict_and_its_cause(site: Site) -> None:
    got = posted(site, json.dumps(RECORDED))
    assert got.status == 200
    assert "2 calls to another origin: 1 blocked, 1 allowed." in got.text
    assert "has been blocked by CORS policy" in got.text
    assert "1 other request is no matter of CORS" in got.text
    assert not [secret for secret in SECRETS if secret in got.text]


@pytest.mark.parametrize("body", ["", "{}", "[1]", '{"log": {"entries": []}}', "<html>", '{"log":{"entries":[{}]}}'])
def test_what_is_no_recording_is_said_in_a_sentence(site: Site, body: str) -> None:
    got = posted(site, body)
    assert got.status in (200, 400)
    assert "The file" in got.text or "0 calls" in got.text


def test_a_recording_that_is_too_large_is_refused(site: Site) -> None:
    assert posted(site, json.dumps({"log": {"entries": [], "x": "x" * 2_000_001}})).status == 400


def test_a_visitor_may_not_have_as_many_as_he_likes() -> None:
    with served(Serving(), visitor=Rate(1, 0.01)) as site:
        assert posted(site, json.dumps(RECORDED)).status == 200
        assert posted(site, json.dumps(RECORDED)).status == 429


def test_calls_beyond_what_is_shown_are_counted(site: Site) -> None:
    many = {"log": {"entries": [entry(f"/{number}", answer(200)) for number in range(230)]}}
    assert "30 more calls are not shown" in posted(site, json.dumps(many)).text


def test_one_visitor_does_not_take_the_time_of_all(site: Site) -> None:
    small = {
        "request": {"method": "GET", "url": "https://api.example.net/", "headers": [{"name": "Origin", "value": PAGE}]}
    }
    got = posted(site, json.dumps({"log": {"entries": [small] * 2100}}))
    assert "100 more entries were not looked at" in got.text


@pytest.mark.chromium
def test_no_secret_leaves_the_browser(site: Site, tmp_path: Path) -> None:
    file = tmp_path / "shop.har"
    file.write_text(json.dumps(RECORDED), encoding="utf-8")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program_of(CHROMIUM), args=["--no-sandbox"])
        page = browser.new_page()
        sent: list[str] = []
        page.on("request", lambda request: sent.append(f"{request.url} {request.post_data or ''}"))
        page.goto(site.address)
        page.get_by_label("a HAR file").set_input_files(file)
        expect(page.get_by_text("2 calls to another origin: 1 blocked, 1 allowed.")).to_be_visible(timeout=15_000)
        assert page.evaluate("document.activeElement.id") == "result"
        browser.close()
    assert any("/recorded" in each and "api.example.net/shut" in each for each in sent)
    assert not [secret for secret in SECRETS if any(secret in each for each in sent)]
