"""What a visitor asks: one call of one page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlencode

from msgspec import Struct

from corsmith.api.caller import Caller
from corsmith.api.exchange import Headers
from corsmith.browser.methods import is_forbidden as is_forbidden_method
from corsmith.browser.url import parse_url
from corsmith.live.secrets import masked_headers, masked_url

LONGEST_URL = 4_000
LONGEST_BODY = 20_000
_MOST_HEADERS = 40
_LONGEST_HEADER = 4_000
_TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_NORMALISED = frozenset(("DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"))
STAND_IN = "https://app.example.com"
"""The page's origin where a visitor names none."""


class BadQuestion(ValueError):  # noqa: N818 - it names what was asked
    """What was asked cannot be sent. `field` is the form's field; the message says what to write instead."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class Question(Struct, frozen=True):
    """One call. `headers` are those that the page's script sets."""

    url: str
    origin: str = STAND_IN
    method: str = "GET"
    headers: Headers = ()
    credentials: bool = False
    data: str = ""

    @property
    def caller(self) -> Caller:
        """The caller, as the live check takes it."""
        body = self.data.encode() if self.data and self.method not in ("GET", "HEAD") else None
        credentials = "include" if self.credentials else "same-origin"
        return Caller(self.origin, self.method, self.headers, credentials, body)

    @property
    def link(self) -> str:
        """The query string that fills the form with this question: without the values of secrets, without the body."""
        fields = [("url", masked_url(self.url)), ("origin", self.origin), ("method", self.method)]
        fields += [("headers", lines(masked_headers(self.headers)))] if self.headers else []
        fields += [("credentials", "on")] if self.credentials else []
        return urlencode(fields)


def lines(headers: Headers) -> str:
    """Return header fields as the form shows them, one a line."""
    return "\n".join(f"{name}: {value}" for name, value in headers)


def from_form(fields: Mapping[str, str]) -> Question:
    """Read the form's fields: url, origin, method, headers (one a line), credentials, data. Raises `BadQuestion`."""
    return checked(
        Question(
            fields.get("url", "").strip(),
            fields.get("origin", "").strip() or STAND_IN,
            fields.get("method", "").strip() or "GET",
            read_headers(fields.get("headers", "").splitlines()),
            fields.get("credentials", "") in ("on", "true", "1", "include"),
            fields.get("data", ""),
        )
    )


def read_headers(written: list[str]) -> Headers:
    """Read lines of `Name: value`; empty ones are passed over. Raises `BadQuestion`."""
    pairs = []
    for line in written:
        if not line.strip():
            continue
        name, colon, value = line.partition(":")
        if not colon:
            raise BadQuestion("headers", f"“{line.strip()[:80]}” is no header. Write it as Name: value.")
        pairs.append((name.strip(), value.strip()))
    return tuple(pairs)


def checked(question: Question) -> Question:
    """Return the question as it will be asked. Raises `BadQuestion` with the first thing that is wrong with it."""
    _check_url(question.url)
    origin = parse_url(question.origin)
    if question.origin != "null" and (origin is None or not origin.is_http or not origin.host):
        raise BadQuestion("origin", f"“{question.origin[:80]}” is no origin. Write it as https://app.example.com.")
    method = question.method.upper() if question.method.upper() in _NORMALISED else question.method
    if not _TOKEN.fullmatch(method) or len(method) > 40 or is_forbidden_method(method):
        raise BadQuestion("method", f"“{question.method[:40]}” is no method that a page may use.")
    _check_headers(question.headers)
    if len(question.data) > LONGEST_BODY:
        raise BadQuestion("data", f"The body is longer than {LONGEST_BODY:,} characters.")
    sent = question.origin if origin is None or question.origin == "null" else origin.origin
    return Question(question.url, sent, method, question.headers, question.credentials, question.data)


def _check_url(text: str) -> None:
    if not text:
        raise BadQuestion("url", "Which URL does the page call? Write it as https://….")
    if len(text) > LONGEST_URL:
        raise BadQuestion("url", f"The URL is longer than {LONGEST_URL:,} characters.")
    url = parse_url(text)
    if url is None or not url.is_http or not url.host:
        raise BadQuestion("url", f"“{text[:80]}” is no http or https URL. Write it as https://….")


def _check_headers(headers: Headers) -> None:
    if len(headers) > _MOST_HEADERS:
        raise BadQuestion("headers", f"There are more than {_MOST_HEADERS} headers.")
    for name, value in headers:
        if not _TOKEN.fullmatch(name):
            raise BadQuestion("headers", f"“{name[:80]}” is no name of a header.")
        if len(value) > _LONGEST_HEADER or re.search(r"[\x00-\x08\x0a-\x1f\x7f]", value):
            raise BadQuestion("headers", f"The value of {name[:80]} cannot be sent: it is too long or not one line.")
