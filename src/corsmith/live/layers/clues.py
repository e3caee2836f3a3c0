"""What a response shows of who made it."""

from __future__ import annotations

import json
from collections.abc import Callable

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


class Clues(Struct, frozen=True):
    """A response beside its request.

    `method` is the request's; `host` is the URL's, in lower case; `preflight`: whether the request is one; `text` is the
    beginning of the body; `fields` are the header fields by their lower-case names, several of one name joined by a comma.
    """

    method: str
    host: str
    preflight: bool
    status: int
    text: str
    fields: dict[str, str]

    @property
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

    @property
    def error_type(self) -> str:
        """The kind of error that a gateway names in `x-amzn-errortype`, without what follows a colon."""
        return self.get("x-amzn-errortype").partition(":")[0]

    def get(self, name: str) -> str:
        """The value of a header field, by its name in lower case; "" where there is none."""
        return self.fields.get(name, "")

    def has(self, name: str) -> bool:
        """Whether a header field is there, by its name in lower case."""
        return name in self.fields


def clues_of(request: Request, response: Response) -> Clues:
    """Return what can be seen of who made `response`."""
    url = parse_url(request.url)
    fields: dict[str, str] = {}
    for name, value in response.headers:
        key = name.lower()
        fields[key] = f"{fields[key]}, {value}" if key in fields else value
    return Clues(
        request.method,
        (url.host or "") if url is not None else "",
        request.method == "OPTIONS" and bool(values(request.headers, "access-control-request-method")),
        response.status,
        shown_text(response),
        fields,
    )


def shown_text(response: Response) -> str:
    """Return the beginning of a body, as far as it is looked at."""
    return response.body[:_SHOWN].decode("utf-8", "replace").strip()


class Mark(Struct, frozen=True):
    """One row of a table: when `holds`, the layer is known. The first row that holds counts."""

    holds: Callable[[Clues], bool]
    made_by: str
    confidence: Confidence
    why: str


HIGH, MEDIUM, LOW = Confidence.HIGH, Confidence.MEDIUM, Confidence.LOW
