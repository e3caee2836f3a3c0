"""The storefront behind the local gateway: the live check, and a real browser beside it, on every call of its page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from corsmith.api.caller import Caller
from corsmith.live.browsers import Chromium
from corsmith.live.check import UrlReport, check_url
from corsmith.local.background import LocalGateway

STOREFRONT = Path(__file__).parents[2] / "examples" / "storefront"
PLANNED = json.loads((STOREFRONT / "calls.json").read_text("utf-8"))
CALLS: list[dict[str, Any]] = PLANNED["calls"]
RULES = {
    ("CatalogApi", "GET", "/products"): "httpapi-no-cors-config",
    ("CatalogApi", "POST", "/products/mug/reviews"): "httpapi-no-cors-config",
    ("CartApi", "GET", "/carts/c-1001"): None,
    ("CartApi", "GET", "/carts/c-9999"): "handler-missing-headers-on-error",
    ("CartApi", "POST", "/carts/c-1001/items"): "rest-no-options-method",
    ("CartApi", "GET", "/shipping-rates?country=FR"): "handler-missing-headers",
    ("OrdersApi", "GET", "/orders"): "rest-options-requires-auth",
    ("RecommendFunctionUrl", "POST", "/"): "duplicate-headers-function-url",
    ("ClicksFunctionUrl", "POST", "/"): "allow-headers-missing-header",
    ("NewsletterFunctionUrl", "POST", "/"): "function-url-no-cors-config",
}


@pytest.fixture(scope="module")
def addresses() -> Iterator[dict[str, str]]:
    """The storefront's APIs behind the local gateway: name to address."""
    with LocalGateway(str(STOREFRONT)) as gateway:
        yield gateway.urls


def request_of(call: dict[str, Any]) -> tuple[list[list[str]], str | None]:
    headers = [[name, value] for name, value in call.get("headers", {}).items()]
    return headers, json.dumps(call["body"]) if "body" in call else None


def checked(call: dict[str, Any], address: str) -> UrlReport:
    headers, body = request_of(call)
    pairs = tuple((name, value) for name, value in headers)
    caller = Caller(PLANNED["origin"], call["method"], pairs, body=None if body is None else body.encode())
    return check_url(address + call["path"], caller, send=True, timeout=30)


def test_each_fault_is_named_from_outside(addresses: dict[str, str]) -> None:
    for call in CALLS:
        key = (call["api"], call["method"], call["path"])
        if key in RULES:
            report = checked(call, addresses[call["api"]])
            rules = [each.rule for each in report.findings if each.category == "blocked"]
            assert rules == ([RULES[key]] if RULES[key] else []), key
            assert report.problems == ()


@pytest.mark.chromium
def test_chromium_says_the_same_of_every_call(addresses: dict[str, str]) -> None:
    with Chromium() as browser:
        for call in CALLS:
            address = urlsplit(addresses[call["api"]])
            assert address.hostname
            assert address.port
            headers, body = request_of(call)
            # Under a name of the internet, over https, as the deployed page calls it.
            url = f"https://api.example.net{address.path}{call['path']}"
            request = {"url": url, "method": call["method"], "headers": headers, "body": body}
            seen = browser.call(PLANNED["origin"], request, target=(address.hostname, address.port))
            report = checked(call, addresses[call["api"]])
            assert (report.call.verdict == "allowed", report.call.error) == (seen["allowed"], seen["cors_error"]), call
