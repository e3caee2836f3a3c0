"""Forms, curl commands and links."""

from __future__ import annotations

from urllib.parse import parse_qs

import pytest

from corsmith.web.curl import is_curl, read_curl
from corsmith.web.question import BadQuestion, Question, from_form
from corsmith.web.serving import is_loopback, visitor

URL = "https://api.example.com/items"


def test_a_form_becomes_a_question() -> None:
    form = {
        "url": f" {URL} ",
        "origin": "https://App.example.com/shop",
        "method": "post",
        "headers": "Content-Type: application/json\r\n\r\nX-Trace:  1 ",
        "credentials": "on",
        "data": "{}",
    }
    assert from_form(form) == Question(
        URL, "https://app.example.com", "POST", (("Content-Type", "application/json"), ("X-Trace", "1")), True, "{}"
    )


def test_what_a_form_leaves_out() -> None:
    question = from_form({"url": URL})
    assert question == Question(URL, "https://app.example.com", "GET")
    assert (question.caller.body, question.caller.credentials) == (None, "same-origin")
    assert from_form({"url": URL, "method": "patch"}).method == "patch"
    assert from_form({"url": URL, "origin": "null"}).origin == "null"


@pytest.mark.parametrize(
    ("field", "form"),
    [
        ("url", {}),
        ("url", {"url": "items"}),
        ("url", {"url": "ftp://example.com/"}),
        ("url", {"url": "javascript:alert(1)"}),
        ("url", {"url": "file:///etc/passwd"}),
        ("url", {"url": "https://"}),
        ("url", {"url": "https://a.example/" + "x" * 5000}),
        ("origin", {"url": URL, "origin": "app.example.com"}),
        ("origin", {"url": URL, "origin": "about:blank"}),
        ("method", {"url": URL, "method": "GET /"}),
        ("method", {"url": URL, "method": "TRACE"}),
        ("method", {"url": URL, "method": "A" * 41}),
        ("headers", {"url": URL, "headers": "Content-Type"}),
        ("headers", {"url": URL, "headers": "A B: c"}),
        ("headers", {"url": URL, "headers": "X: \x07"}),
        ("headers", {"url": URL, "headers": "\n".join(f"x{n}: 1" for n in range(41))}),
        ("data", {"url": URL, "method": "POST", "data": "x" * 20_001}),
    ],
)
def test_what_cannot_be_asked(field: str, form: dict[str, str]) -> None:
    with pytest.raises(BadQuestion) as caught:
        from_form(form)
    assert caught.value.field == field
    assert str(caught.value).endswith((".", "…"))


def test_a_link_holds_the_question_without_its_secrets() -> None:
    question = from_form(
        {
            "url": URL + "?token=abc&page=2",
            "headers": "Authorization: Bearer abc\nX-Api-Key: abc\nX-Trace: 7",
            "credentials": "on",
            "method": "POST",
            "data": "abc",
        }
    )
    assert "abc" not in question.link
    linked = {name: values[0] for name, values in parse_qs(question.link).items()}
    assert linked["method"] == "POST"
    assert linked["credentials"] == "on"
    assert "X-Trace: 7" in linked["headers"]


CHROME = r"""curl 'https://api.example.com/items?id=1' \
  -H 'accept: */*' \
  -H 'accept-language: en' \
  -H 'authorization: Bearer abc' \
  -H 'content-type: application/json' \
  -H 'origin: https://app.example.com' \
  -H 'referer: https://app.example.com/shop' \
  -H 'sec-fetch-mode: cors' \
  -H 'user-agent: Mozilla/5.0' \
  -b 'session=1' \
  --data-raw '{"a":"it'\''s"}' --compressed"""


def test_a_command_that_a_browser_copied() -> None:
    question = read_curl(CHROME)
    assert (question.url, question.method, question.origin) == (
        "https://api.example.com/items?id=1",
        "POST",
        "https://app.example.com",
    )
    assert question.data == '{"a":"it\'s"}'
    assert question.credentials is True
    names = [name for name, _ in question.headers]
    assert {"authorization", "content-type", "accept"} <= set(names)
    assert not {"origin", "referer", "sec-fetch-mode", "user-agent", "cookie"} & set(names)


@pytest.mark.parametrize(
    ("command", "wanted"),
    [
        ("curl https://a.example/x", Question("https://a.example/x")),
        ("$ curl -XPUT https://a.example/x", Question("https://a.example/x", method="PUT")),
        ("curl --request=DELETE --url https://a.example/", Question("https://a.example/", method="DELETE")),
        ("curl -I https://a.example/", Question("https://a.example/", method="HEAD")),
        ("curl a.example/x -d a=1 -d b=2", Question("http://a.example/x", method="POST", data="a=1&b=2")),
        (
            "curl https://a.example/ --json '{}'",
            Question("https://a.example/", method="POST", headers=(("Content-Type", "application/json"),), data="{}"),
        ),
        (
            "curl -u me:pass https://a.example/ -o /dev/null",
            Question("https://a.example/", headers=(("Authorization", "Basic bWU6cGFzcw=="),)),
        ),
        (
            "curl -H'X-A: 1' -e https://page.example/a https://a.example/ -H 'Referer: https://shop.example/b'",
            Question("https://a.example/", "https://shop.example", headers=(("X-A", "1"),)),
        ),
    ],
)
def test_commands(command: str, wanted: Question) -> None:
    assert is_curl(command)
    assert read_curl(command) == wanted


@pytest.mark.parametrize(
    "command",
    [
        "curl",
        "curl -H",
        "curl 'https://a.example/",
        "curl -X",
        "curl file:///etc/passwd",
        "curl -H x https://a.example/",
    ],
)
def test_commands_that_say_too_little(command: str) -> None:
    with pytest.raises(BadQuestion):
        read_curl(command)


def test_what_is_no_command() -> None:
    assert not is_curl("Access to fetch at 'https://a.example/' has been blocked")
    assert not is_curl("https://curl.example/")


@pytest.mark.parametrize(
    ("peer", "forwarded", "trusted", "seen"),
    [
        ("192.0.2.1", "", 0, "192.0.2.1"),
        ("192.0.2.1", "203.0.113.9", 0, "192.0.2.1"),
        ("192.0.2.1", "203.0.113.9", 1, "203.0.113.9"),
        ("192.0.2.1", "1.2.3.4, 203.0.113.9", 1, "203.0.113.9"),
        ("192.0.2.1", "1.2.3.4, 203.0.113.9", 2, "1.2.3.4"),
        ("192.0.2.1", "203.0.113.9", 2, "192.0.2.1"),
        ("192.0.2.1", "nonsense", 1, "192.0.2.1"),
        ("2001:db8::1:2:3:4", "", 0, "2001:db8::/64"),
        ("", "", 0, ""),
    ],
)
def test_who_asks(peer: str, forwarded: str, trusted: int, seen: str) -> None:
    assert visitor(peer, forwarded, trusted) == seen


def test_loopback() -> None:
    assert [is_loopback(each) for each in ("localhost", "127.0.0.1", "127.9.9.9", "::1", "[::1]")] == [True] * 5
    assert [is_loopback(each) for each in ("0.0.0.0", "::", "example.com", "10.0.0.1")] == [False] * 4
