"""What a response shows of who made it."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cached_property

from msgspec import Struct

from corsmith.api.exchange import Request, Response, values
from corsmith.api.finding import Confidence
from corsmith.browser.url import parse_url

_SHOWN = 4096


class Fingerprint(Struct, frozen=True):
    """Which layer answered.

    `front_door`: "rest_api", "http_api", "function_url", "alb", "cloudfront" or "unknown"; `made_by`: "handler",
    "gateway", "authorizer", "mock", "waf", "cloudfront", "alb" or "unknown". `why` is the evidence, for people.
    """

    front_door: str
    made_by: str
    confidence: Confidence
    why: str


class Clues(Struct, frozen=True, dict=True):
    """A response beside its request. Header names are asked for in lower case."""

    request: Request
    response: Response

    @cached_property
    def host(self) -> str:
        """The host of the URL, in lower case."""
        url = parse_url(self.request.url)
        return (url.host or "") if url is not None else ""

    @property
    def status(self) -> int:
        """The response's status."""
        return self.response.status

    @property
    def preflight(self) -> bool:
        """Whether the request is a preflight."""
        return self.request.method == "OPTIONS" and bool(values(self.request.headers, "access-control-request-method"))

    @cached_property
    def text(self) -> str:
        """The beginning of the body."""
        return self.response.body[:_SHOWN].decode("utf-8", "replace").strip()

    @cached_property
    def message(self) -> str | None:
        """The text under `message` or `Message`, where the body is JSON; "null" for null."""
        try:
            body = json.loads(self.text)
        except ValueError:
            return None
        if not isinstance(body, dict) or len(body) != 1:
            return None
        name, value = next(iter(body.items()))
        return None if name.lower() != "message" else "null" if value is None else str(value)

    @cached_property
    def error_type(self) -> str:
        """The kind of error that a gateway names in `x-amzn-errortype`, without what follows a colon."""
        return self.get("x-amzn-errortype").partition(":")[0]

    @cached_property
    def fields(self) -> dict[str, str]:
        """The header fields by their lower-case names; several of one name are joined by a comma."""
        found: dict[str, str] = {}
        for name, value in self.response.headers:
            key = name.lower()
            found[key] = f"{found[key]}, {value}" if key in found else value
        return found

    def get(self, name: str) -> str:
        """The value of a header field; several are joined by a comma, none is ""."""
        return self.fields.get(name, "")

    def has(self, name: str) -> bool:
        """Whether a header field is there."""
        return name in self.fields


class Mark(Struct, frozen=True):
    """One row of a table: when `holds`, the layer is known. The first row that holds counts."""

    holds: Callable[[Clues], bool]
    made_by: str
    confidence: Confidence
    why: str


HIGH, MEDIUM, LOW = Confidence.HIGH, Confidence.MEDIUM, Confidence.LOW
