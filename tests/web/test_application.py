"""Forms, the HTTP API, and what every answer carries."""

from __future__ import annotations

import http.client
import json
import re
import threading
import time
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest

from corsmith.rules import CATALOGUE
from corsmith.web.limits import Rate
from corsmith.web.serving import Serving

from .serving import PLENTY, Listener, Site, holding, listening, response, served

ORIGIN = "https://app.example.com"
FORM = {"origin": ORIGIN, "method": "GET"}
MESSAGE = (
    "Access to fetch at 'https://abcde12345.execute-api.eu-west-1.amazonaws.com/prod/items' from origin "
    "'https://app.example.com' has been blocked by CORS policy: Response to preflight request doesn't pass access "
    "control check: It does not have HTTP ok status."
)


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with served(Serving(allow_private=True)) as site:
        yield site


@pytest.fixture
def silent() -> Iterator[Listener]:
    """A server without a CORS header."""
    with listening(response("200 OK", {"Content-Type": "application/json"})) as listener:
        yield listener


def address(listener: Listener) -> str:
    return f"http://127.0.0.1:{listener.port}/items"


def test_the_form_fills_itself_from_a_link_and_sends_nothing(site: Site, silent: Listener) -> None:
    page = site.get(f"/?url={address(silent)}&method=PUT&headers=X-A:+1&credentials=on").text
    assert f'value="{address(silent)}"' in page
    assert 'value="PUT"' in page
    assert "X-A: 1</textarea>" in page
    assert 'type="checkbox" checked' in page
    assert silent.heard == []


def test_a_question_is_answered_on_a_whole_page_without_a_script(site: Site, silent: Listener) -> None:
    answer = site.form("/check", {**FORM, "url": address(silent)})
    assert answer.status == 200
    assert answer.text.startswith("<!doctype html>")
    assert "✕ Blocked" in answer.text
    assert "No &#39;Access-Control-Allow-Origin&#39; header is present" in answer.text
    assert len(silent.heard) >= 1
    part = site.form("/check", {**FORM, "url": address(silent)}, x_part="result").text
    assert part.startswith("<section")


def test_what_is_allowed(site: Site) -> None:
    with listening(response("200 OK", {"Access-Control-Allow-Origin": "*"})) as listener:
        page = site.form("/check", {**FORM, "url": address(listener)}).text
    assert "✓ Allowed" in page
    assert "may read the answer" in page


def test_methods_with_effects_are_not_sent(site: Site) -> None:
    headers = {"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Methods": "DELETE"}
    with listening(response("204 No Content", headers, "")) as listener:
        page = site.form("/check", {**FORM, "url": address(listener), "method": "DELETE"}).text
    assert "? Undecided" in page
    assert "--send" not in page
    assert all(each.startswith(b"OPTIONS ") for each in listener.heard)


def test_secrets_are_sent_and_not_shown(site: Site, silent: Listener) -> None:
    fields = {**FORM, "url": address(silent) + "?token=hush1", "headers": "Authorization: Bearer hush2"}
    page = site.form("/check", fields, x_part="result").text
    assert "hush" not in page
    assert any(b"token=hush1" in each for each in silent.heard)


def test_a_form_that_cannot_be_sent_says_why_and_keeps_what_was_typed(site: Site) -> None:
    answer = site.form("/check", {**FORM, "url": "items", "headers": "X-A: 1"})
    assert answer.status == 400
    assert "Write it as https://" in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert "X-A: 1</textarea>" in answer.text


def test_a_curl_command_in_the_first_field(site: Site, silent: Listener) -> None:
    page = site.form("/check", {"url": f"curl {address(silent)} -H 'Origin: https://shop.example'"}).text
    assert "A page at https://shop.example may not read the answer" in page


def test_a_message_is_explained(site: Site) -> None:
    page = site.form("/check", {**FORM, "paste": MESSAGE}).text
    assert "PreflightInvalidStatus" in page
    assert 'href="/rules/rest-no-options-method"' in page
    assert site.form("/explain", {"paste": MESSAGE}).status == 200
    assert site.form("/explain", {"paste": "hello"}).status == 400


def test_simulate_sends_nothing(site: Site, silent: Listener) -> None:
    assert site.get("/simulate").status == 200
    fields = {
        **FORM,
        "url": address(silent),
        "response_headers": "Access-Control-Allow-Origin: *",
        "browser": "firefox",
    }
    assert "✓ Allowed" in site.form("/simulate", fields).text
    assert "✕ Blocked" in site.form("/simulate", {**fields, "credentials": "on"}).text
    assert silent.heard == []
    for field, value in (("status", "99"), ("status", "x"), ("browser", "lynx"), ("response_headers", "x")):
        assert site.form("/simulate", {**fields, field: value}).status == 400


def test_every_rule_has_its_page(site: Site) -> None:
    listed = site.get("/rules").text
    for rule in CATALOGUE:
        assert f'href="/rules/{rule.id}"' in listed
        page = site.get(f"/rules/{rule.id}")
        assert page.status == 200
        assert "<h1>" in page.text
    for path in ("/rules/none", "/rules/..%2f..%2fREADME", "/none", "/static/..%2fapp.py", "/static/../app.py"):
        assert site.get(path).status == 404, path


def test_the_api_checks(site: Site, silent: Listener) -> None:
    report = site.api("check", {"url": address(silent), "headers": {"X-A": "1"}}).json
    assert report["schema"] == "corsmith/1"
    assert (report["verdict"], report["error"]) == ("blocked", "PreflightMissingAllowOriginHeader")
    assert report["exchanges"][0]["kind"] == "preflight"
    pairs = site.api("check", {"url": address(silent), "headers": [["X-A", "1"]], "credentials": "include"}).json
    assert pairs["verdict"] == "blocked"


@pytest.mark.parametrize(
    ("name", "body", "field"),
    [
        ("check", {}, "url"),
        ("check", {"url": 5}, "url"),
        ("check", {"url": "https://a.example/", "headers": "x"}, "headers"),
        ("check", {"url": "https://a.example/", "headers": [["x"]]}, "headers"),
        ("check", {"url": "https://a.example/", "headers": {"x": 1}}, "headers"),
        ("check", [], "body"),
        ("explain", {"text": "hello"}, "paste"),
        ("explain", {"text": MESSAGE, "status": "403"}, "status"),
        ("explain", {"text": "x" * 200_001}, "paste"),
        ("simulate", {}, "case"),
        ("simulate", {"origin": "x", "request": 5, "response": {}}, "case"),
        ("simulate", {"browser": "lynx", "origin": "https://a.example", "request": {}, "response": {}}, "browser"),
    ],
)
def test_the_api_says_what_is_wrong(site: Site, name: str, body: object, field: str) -> None:
    answer = site.api(name, body)
    assert (answer.status, answer.json["field"]) == (400, field)
    assert answer.json["error"]


def test_the_api_takes_json_only(site: Site) -> None:
    for body in ("", "{", "[" * 100_000, b"\xff", '{"url": NaN}'):
        assert site.send("POST", "/api/check", body).status == 400
    assert site.send("POST", "/api/check", b"x" * 2_000_001).status == 400
    assert site.get("/api/check").status == 405


def test_the_api_explains_and_simulates(site: Site) -> None:
    told = site.api("explain", {"text": MESSAGE, "status": 403}).json["messages"][0]
    assert (told["error"], told["status"]) == ("PreflightInvalidStatus", 403)
    case = {"origin": "https://a.example", "request": {"method": "GET"}, "response": {"status": 200, "headers": []}}
    assert site.api("simulate", case).json["allowed"] is False


def test_the_document_names_every_route(site: Site) -> None:
    document = site.get("/openapi.json").json
    assert document["openapi"].startswith("3.")
    assert set(document["paths"]) == {"/api/check", "/api/explain", "/api/simulate"}


def test_every_answer_carries_the_policy_of_the_page(site: Site) -> None:
    for path in ("/", "/rules", "/none", "/static/page.js", "/healthz"):
        headers = site.get(path).headers
        assert headers["content-security-policy"].startswith("default-src 'none'")
        assert "unsafe" not in headers["content-security-policy"]
        assert (headers["x-content-type-options"], headers["referrer-policy"]) == ("nosniff", "same-origin")


def test_pages_are_light(site: Site) -> None:
    page = site.get("/").text
    parts = [page, *(site.get(path).text for path in set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page)))]
    assert len(parts) == 4
    assert sum(len(each.encode()) for each in parts) < 150_000


HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)>'


def test_nothing_hostile_stands_unescaped(site: Site) -> None:
    headers = {"X-<b>": "y", "Access-Control-Allow-Origin": HOSTILE, "Location": HOSTILE, "Server": HOSTILE}
    with listening(response("200 " + HOSTILE, headers, HOSTILE)) as listener:
        page = site.form(
            "/check", {**FORM, "url": address(listener) + "?" + HOSTILE, "headers": "X-A: " + HOSTILE}
        ).text
    page += site.get("/?url=" + "%22%3E%3Cscript%3E&origin=%22%3E%3Cscript%3E&headers=%3C/textarea%3E%3Cscript%3E").text
    page += site.form("/check", {"url": HOSTILE, "origin": HOSTILE, "method": HOSTILE, "paste": HOSTILE}).text
    page += site.form("/explain", {"paste": MESSAGE.replace("items", HOSTILE)}).text
    assert "<script>alert" not in page
    assert "<img" not in page
    assert page.count("<script") == page.count('<script src="/static/page.js" defer>')


def test_a_visitor_who_asks_too_much_is_told_when_to_come_again(silent: Listener) -> None:
    with served(Serving(allow_private=True), visitor=Rate(2, 0.1)) as site:
        statuses = [site.form("/check", {**FORM, "url": address(silent)}).status for _ in range(3)]
        refused = site.api("check", {"url": address(silent)})
    assert statuses == [200, 200, 429]
    assert (refused.status, int(refused.headers["retry-after"]) > 1) == (429, True)


def test_visitors_behind_a_proxy_are_told_apart(silent: Listener) -> None:
    with served(Serving(allow_private=True, trusted_proxies=1), visitor=Rate(1, 0.01)) as site:
        seen = [
            site.api("check", {"url": address(silent)}, x_forwarded_for=f"9.9.9.9, 198.51.100.{number}").status
            for number in (1, 2, 1)
        ]
    assert seen == [200, 200, 429]


def test_other_sites_cannot_use_a_visitors_own_machine(site: Site, silent: Listener) -> None:
    """A tester that calls private addresses answers its own pages only."""
    body = json.dumps({"url": address(silent)})
    cross = site.send("POST", "/api/check", body, origin="https://evil.example")
    assert (cross.status, "access-control-allow-origin" in cross.headers) == (403, False)
    asked = site.send("OPTIONS", "/api/check", origin="https://evil.example", access_control_request_method="POST")
    assert "access-control-allow-origin" not in asked.headers
    rebound = site.send("POST", "/api/check", body, host="rebound.example")
    assert rebound.status == 403
    assert site.form("/check", {**FORM, "url": address(silent)}, origin="https://evil.example").status == 403
    assert (
        site.form("/check", {**FORM, "url": address(silent)}, origin=site.address, host=f"127.0.0.1:{site.port}").status
        == 200
    )
    assert len(silent.heard) <= 2


def test_the_public_api_is_open_to_pages_of_other_sites() -> None:
    with served(Serving()) as site:
        asked = site.send(
            "OPTIONS",
            "/api/check",
            origin="https://shop.example",
            access_control_request_method="POST",
            access_control_request_headers="content-type",
        )
        assert (asked.status, asked.headers["access-control-allow-origin"]) == (204, "*")
        told = site.api("explain", {"text": MESSAGE}, origin="https://shop.example")
        assert (told.status, told.headers["access-control-allow-origin"]) == (200, "*")
        refused = site.api("explain", {"text": "hello"}, origin="https://shop.example")
        assert (refused.status, refused.headers["access-control-allow-origin"]) == (400, "*")
        assert site.form("/check", FORM, origin="https://shop.example").status == 403


class Stalling:
    """A server that says `first` when it is asked, then a piece now and then, and never ends."""

    def __init__(self, first: bytes, piece: bytes, pause: float) -> None:
        import socket

        self._socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self._socket.getsockname()[1]
        self._ended = threading.Event()
        self._first, self._piece, self._pause = first, piece, pause
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        while not self._ended.is_set():
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: object) -> None:
        try:
            connection.recv(65536)  # type: ignore[attr-defined]
            connection.sendall(self._first)  # type: ignore[attr-defined]
            while not self._ended.wait(self._pause):
                connection.sendall(self._piece)  # type: ignore[attr-defined]
        except OSError:
            pass
        finally:
            connection.close()  # type: ignore[attr-defined]

    def __enter__(self) -> Stalling:
        return self

    def __exit__(self, *args: object) -> None:
        self._ended.set()
        self._socket.close()


ENDLESS = b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: 1000000000\r\n\r\n"


@pytest.mark.parametrize(
    ("first", "piece", "pause", "verdict"),
    [(b"", b"", 0.2, "undecided"), (b"", b"H", 0.2, "undecided"), (ENDLESS, b"x" * 65536, 0.01, "allowed")],
)
def test_servers_that_never_end_hold_nobody_up(first: bytes, piece: bytes, pause: float, verdict: str) -> None:
    with (
        Stalling(first, piece, pause) as stalling,
        listening(response("200 OK", {})) as quick,
        served(Serving(allow_private=True, timeout=3.0), visitor=PLENTY) as site,
    ):
        results: list[tuple[int, str]] = []

        def ask() -> None:
            answer = site.api("check", {"url": f"http://127.0.0.1:{stalling.port}/"})
            results.append((answer.status, answer.json.get("verdict", "undecided")))

        slow = [threading.Thread(target=ask) for _ in range(5)]
        for thread in slow:
            thread.start()
        time.sleep(0.3)
        assert site.api("check", {"url": address(quick)}).json["verdict"] == "blocked"
        for thread in slow:
            thread.join(20)
    assert len(results) == 5
    assert {status for status, _ in results} <= {200, 400}
    assert {word for _, word in results} == {verdict}


def test_steps_come_as_they_happen(site: Site) -> None:
    """The target holds its answer back until the visitor has seen that the preflight was answered."""
    preflight = response(
        "204 No Content", {"Access-Control-Allow-Origin": ORIGIN, "Access-Control-Allow-Headers": "x-a"}
    )
    with holding(preflight, response("200 OK", {"Access-Control-Allow-Origin": ORIGIN})) as target:
        connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=30)
        fields = {"url": f"http://127.0.0.1:{target.port}/", "origin": ORIGIN, "headers": "x-a: 1"}
        kind = {"content-type": "application/x-www-form-urlencoded", "x-part": "steps"}
        connection.request("POST", "/check", urlencode(fields), kind)
        got = connection.getresponse()
        assert got.getheader("content-type") == "application/x-ndjson"
        first = json.loads(got.readline())
        assert "Preflight: OPTIONS" in first["step"]
        target.go_on.set()
        second, whole = (json.loads(line) for line in got.read().splitlines())
        assert "Request: GET" in second["step"]
        assert "✓ Allowed" in whole["result"]
        connection.close()


def test_a_question_that_cannot_be_asked_has_no_steps(site: Site, silent: Listener) -> None:
    got = site.form("/check", {"url": "ftp://127.0.0.1/"}, x_part="steps")
    assert (got.status, silent.heard) == (400, [])
    assert got.headers["content-type"].startswith("text/html")
    with served(Serving(allow_private=True), visitor=Rate(0.5, 0.01)) as strict:
        late = strict.form("/check", {"url": f"http://127.0.0.1:{silent.port}/"}, x_part="steps")
    assert (late.status, silent.heard) == (429, [])
    assert int(late.headers["retry-after"]) > 0
