"""Answers of real front doors as evidence that may be shown: no names, no addresses, no ids, no secrets.

Kept are the kind of front door, what was asked (the method, the names of headers), and of the answer its status, the CORS
headers and those that tell which layer made it. Origins are replaced: the page's by one, every other by another.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from corsmith.api.cell import Exchange
from corsmith.api.exchange import Headers

from .live import Answered

PAGE, OTHER, ADDRESS = "https://page.example", "https://other.example", "https://api.example/path"
_KEPT = re.compile(
    r"access-control-.*|vary|allow|content-type|content-length|www-authenticate|x-amzn-errortype|server|via|x-cache",
    re.I,
)
_TELLING = re.compile(r"apigw-requestid|x-amzn-requestid|x-amz-apigw-id|x-amzn-trace-id|x-amz-cf-id|x-amz-cf-pop", re.I)
_ORIGIN = re.compile(r"[a-z][a-z0-9+.-]*://[^\s,;\"'/]+", re.I)


def lines(answered: Iterable[Answered]) -> str:
    """Return one line of JSON for each call."""
    return "".join(json.dumps(_call(each)) + "\n" for each in answered)


def _call(answered: Answered) -> dict[str, Any]:
    expected, call = answered.expected, answered.report.call
    origin = expected.caller.origin
    return {
        "front_door": expected.front_door,
        "method": expected.caller.method,
        "credentials": expected.caller.credentials,
        "expected": {"verdict": expected.verdict, "error": expected.error},
        "live": {"verdict": call.verdict, "error": call.error},
        "agrees": answered.agrees,
        "exchanges": [_exchange(each, origin) for each in call.exchanges],
    }


def _exchange(exchange: Exchange, origin: str) -> dict[str, Any]:
    return {
        "kind": exchange.kind,
        "request": {
            "method": exchange.request.method,
            "url": ADDRESS,
            "headers": [[name, _shown(name, value, origin)] for name, value in exchange.request.headers],
        },
        "response": {
            "status": exchange.response.status,
            "headers": [list(each) for each in _kept(exchange.response.headers, origin)],
            "made_by": exchange.response.made_by,
        },
    }


def _kept(headers: Headers, origin: str) -> Headers:
    return tuple(
        (name, _masked(value, origin) if _KEPT.fullmatch(name) else "***")
        for name, value in headers
        if _KEPT.fullmatch(name) or _TELLING.fullmatch(name)
    )


def _shown(name: str, value: str, origin: str) -> str:
    lower = name.lower()
    if lower == "origin" or lower.startswith("access-control-request-"):
        return _masked(value, origin)
    return "***"


def _masked(value: str, origin: str) -> str:
    return _ORIGIN.sub(lambda match: PAGE if match.group() == origin else OTHER, value)
