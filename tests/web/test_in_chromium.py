"""The page in a real Chromium: every cause of the storefront, accessibility, hostile servers, no script at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from corsmith.live.browsers.installed import CHROMIUM, program_of
from corsmith.local.background import LocalGateway
from corsmith.web.serving import Serving

from .serving import Site, listening, response, served

pytestmark = pytest.mark.chromium

STOREFRONT = Path(__file__).parents[2] / "examples" / "storefront"
ORIGIN = "https://app.example.com"
JSON = "Content-Type: application/json"
CAUSES = (
    ("CatalogApi", "GET", "/products", "", False, "HTTP API", "httpapi-no-cors-config"),
    ("CatalogApi", "POST", "/products/mug/reviews", JSON, False, "HTTP API", "httpapi-no-cors-config"),
    ("CartApi", "GET", "/carts/c-9999", "", False, "REST API", "handler-missing-headers-on-error"),
    ("CartApi", "POST", "/carts/c-1001/items", JSON, False, "REST API", "rest-no-options-method"),
    ("OrdersApi", "GET", "/orders", "Authorization: Bearer t", False, "REST API", "rest-options-requires-auth"),
    ("RecommendFunctionUrl", "POST", "/", JSON, False, "Function URL", "duplicate-headers-function-url"),
    ("NewsletterFunctionUrl", "POST", "/", JSON, False, "Function URL", "function-url-no-cors-config"),
)  # fmt: skip


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with served(Serving(allow_private=True, send=True)) as site:
        yield site


@pytest.fixture(scope="module")
def addresses() -> Iterator[dict[str, str]]:
    """The storefront's APIs behind the local gateway: name to address."""
    with LocalGateway(str(STOREFRONT)) as gateway:
        yield gateway.urls


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


def ask(page: Page, site: Site, url: str, *, method: str = "GET", headers: str = "", credentials: bool = False) -> None:
    page.goto(site.address)
    page.get_by_label("URL that the page calls").fill(url)
    page.get_by_label("Origin of the page").fill(ORIGIN)
    page.get_by_label("Method").fill(method)
    page.get_by_label("Headers that the page's script sets").fill(headers)
    page.get_by_label("The call includes cookies").set_checked(credentials)
    page.get_by_role("button", name="Test it").click()


@pytest.mark.parametrize(("api", "method", "path", "headers", "credentials", "door", "rule"), CAUSES)
def test_each_cause_of_the_storefront(
    page: Page,
    site: Site,
    addresses: dict[str, str],
    api: str,
    method: str,
    path: str,
    headers: str,
    *,
    credentials: bool,
    door: str,
    rule: str,
) -> None:
    ask(page, site, addresses[api].rstrip("/") + path, method=method, headers=headers, credentials=credentials)
    result = page.locator("#result")
    expect(result.get_by_role("heading", name="Blocked")).to_be_visible(timeout=15_000)
    expect(result.get_by_role("link", name=rule, exact=True)).to_be_visible()
    expect(result.get_by_role("img")).to_have_attribute("aria-label", re.compile("there the browser stops"))
    assert door in str(result.locator("svg").text_content())
    assert "has been blocked by CORS policy" in result.locator("pre.console").inner_text()
    result.get_by_text("SAM", exact=True).click()
    assert ORIGIN in result.locator("details[open] pre").inner_text()
    result.get_by_role("link", name=rule, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(rule)


BALANCER = """\
AWSTemplateFormatVersion: '2010-09-09'
Transform: AWS::Serverless-2016-10-31
Resources:
  Balancer: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: {Subnets: [subnet-1]}}
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: !Ref Balancer
      Port: 80
      Protocol: HTTP
      DefaultActions: [{Type: fixed-response, FixedResponseConfig: {StatusCode: '404'}}]
  Rule:
    Type: AWS::ElasticLoadBalancingV2::ListenerRule
    Properties:
      ListenerArn: !Ref Listener
      Priority: 1
      Conditions:
        - {Field: path-pattern, PathPatternConfig: {Values: [/items]}}
        - {Field: http-request-method, HttpRequestMethodConfig: {Values: [GET, PUT]}}
      Actions: [{Type: forward, TargetGroupArn: !Ref Group}]
  Group:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    DependsOn: Allowed
    Properties: {TargetType: lambda, Targets: [{Id: !GetAtt Items.Arn}]}
  Allowed:
    Type: AWS::Lambda::Permission
    Properties: {Action: lambda:InvokeFunction, FunctionName: !Ref Items, Principal: elasticloadbalancing.amazonaws.com}
  Items:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: .}
"""
HANDLER = """\
def handler(event, context):
    return {"statusCode": 200, "headers": {"Access-Control-Allow-Origin": "https://app.example.com"}, "body": "{}"}
"""


def test_a_load_balancer_that_does_not_route_options(page: Page, site: Site, tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(BALANCER, encoding="utf-8")
    (tmp_path / "app.py").write_text(HANDLER, encoding="utf-8")
    with LocalGateway(str(tmp_path)) as gateway:
        (address,) = gateway.urls.values()
        ask(page, site, f"{address.rstrip('/')}/items")
        expect(page.get_by_role("heading", name="Allowed")).to_be_visible(timeout=15_000)
        ask(page, site, f"{address.rstrip('/')}/items", method="PUT")
        expect(page.get_by_role("heading", name="Blocked")).to_be_visible(timeout=15_000)
        expect(page.get_by_role("link", name="alb-options-not-routed", exact=True)).to_be_visible()


def test_a_wildcard_with_credentials(page: Page, site: Site) -> None:
    with listening(response("200 OK", {"Access-Control-Allow-Origin": "*"})) as listener:
        ask(page, site, f"http://127.0.0.1:{listener.port}/", credentials=True)
        expect(page.get_by_role("link", name="wildcard-with-credentials")).to_be_visible(timeout=15_000)


def test_a_500_without_headers(page: Page, site: Site) -> None:
    with listening(response("500 Internal Server Error", {"apigw-requestid": "A1b2C3d4E5f6G7h="})) as listener:
        ask(page, site, f"http://127.0.0.1:{listener.port}/")
        expect(page.get_by_role("heading", name="Blocked")).to_be_visible(timeout=15_000)


def test_without_a_script_the_form_works_as_any_form_does(browser: Browser, site: Site) -> None:
    context = browser.new_context(java_script_enabled=False)
    with listening(response("200 OK", {"Access-Control-Allow-Origin": "*"})) as listener:
        page = context.new_page()
        ask(page, site, f"http://127.0.0.1:{listener.port}/")
        expect(page.get_by_role("heading", name="Allowed")).to_be_visible(timeout=15_000)
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_barrier_is_found(browser: Browser, site: Site, scheme: Any) -> None:
    context = browser.new_context(color_scheme=scheme, viewport={"width": 360, "height": 740}, bypass_csp=True)
    page = context.new_page()
    with listening(response("403 Forbidden", {"Access-Control-Allow-Origin": "https://other.example"})) as listener:
        ask(page, site, f"http://127.0.0.1:{listener.port}/", headers="X-A: 1", method="PUT")
        expect(page.get_by_role("heading", name="Blocked")).to_be_visible(timeout=15_000)
        found = {"the answer": Axe().run(page).response["violations"]}
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    for path in ("/", "/simulate", "/rules", "/rules/rest-no-options-method", "/none"):
        page.goto(site.address + path)
        found[path] = Axe().run(page).response["violations"]
    context.close()
    assert {where: [each["id"] for each in what] for where, what in found.items() if what} == {}


def test_the_keyboard_is_enough(page: Page, site: Site) -> None:
    with listening(response("200 OK", {})) as listener:
        page.goto(site.address)
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.get_by_label("URL that the page calls").focus()
        page.keyboard.type(f"http://127.0.0.1:{listener.port}/")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Blocked")).to_be_visible(timeout=15_000)
        assert page.evaluate("document.activeElement.id") == "result"


HOSTILE = "\"'><script>canary()</script><img src=x onerror=canary()><svg onload=canary()>{{7*7}}${canary()}"


def test_what_a_hostile_server_says_stays_text(page: Page, site: Site) -> None:
    said: list[str] = []
    page.expose_function("canary", lambda: said.append("ran"))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    headers = {"Access-Control-Allow-Origin": HOSTILE, "X-Trace": HOSTILE, "Server": HOSTILE, "Vary": HOSTILE}
    with listening(response("200 " + HOSTILE, headers, HOSTILE)) as listener:
        ask(page, site, f"http://127.0.0.1:{listener.port}/?{HOSTILE}#{HOSTILE}", headers=f"X-A: {HOSTILE}")
        expect(page.get_by_role("heading", name="Blocked")).to_be_visible(timeout=15_000)
        assert "<script>canary()" in page.locator("#result").inner_text()
    for path in (
        "/?url={0}&origin={0}&method={0}&headers={0}&data={0}&paste={0}",
        "/simulate?url={0}&status={0}",
        "/rules/{0}",
    ):
        page.goto(
            site.address + path.format("%22%27%3E%3Cscript%3Ecanary()%3C/script%3E%3Cimg%20src=x%20onerror=canary()%3E")
        )
    assert said == []
    assert page.locator("#result img, #result script").count() == 0
