"""The whole of each event, compared with what the developer guides print."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fronts import APP, HERE, OK, authorizer, call, function_url, http_api, method, rest_api, route

from corsmith.api.alb import Alb, AlbRule, AlbTarget
from corsmith.api.front_door import Stage
from corsmith.api.value import Known
from corsmith.gateways import Authorize, Granted

EXPECTED = Path(__file__).parent.parent / "fixtures" / "gateway-events.json"
HEADERS = (("Origin", APP), ("X-A", "1"), ("User-Agent", "me"), ("Cookie", "a=1; b=2"))
STAGES = (Stage(Known("prod")),)
REST = authorizer("lambda_request", "method.request.header.Origin")
FIRST = authorizer("lambda_request", "$request.header.Origin")
SECOND = authorizer("lambda_request", "$request.header.Origin", payload_format=Known("2.0"))
JWT = authorizer("jwt", "$request.header.Origin")
PASSED = Granted({"n": 1, "s": "x", "yes": True}, "ann")


def listener(multi_value):
    return Alb("Listener", HERE, (AlbRule(Known(1), AlbTarget(Known("F"), HERE, Known(multi_value)), HERE),))


DOORS = {
    "rest": (rest_api(method("PUT /items/{id}", None, REST), stages=STAGES), (PASSED, OK)),
    "rest cognito": (
        rest_api(method("PUT /items/{id}", None, authorizer("cognito", "method.request.header.Origin")), stages=STAGES),
        (PASSED, OK),
    ),
    "rest token": (
        rest_api(
            method("PUT /items/{id}", None, authorizer("lambda_token", "method.request.header.Origin")), stages=STAGES
        ),
        (PASSED, OK),
    ),
    "http 1.0": (http_api(route("PUT /items/{id}", FIRST, "1.0"), stages=STAGES), (PASSED, OK)),
    "http 1.0 jwt": (http_api(route("PUT /items/{id}", JWT, "1.0"), stages=STAGES), (PASSED, OK)),
    "http 2.0": (http_api(route("PUT /items/{id}", SECOND), stages=STAGES), (PASSED, OK)),
    "http 2.0 jwt": (http_api(route("PUT /items/{id}", JWT), stages=STAGES), (PASSED, OK)),
    "function url": (function_url(), (OK,)),
    "alb": (listener(False), (OK,)),
    "alb multi-value": (listener(True), (OK,)),
}


def events(name):
    """The events that a front door sends for one request, the authorizer's first."""
    front_door, told = DOORS[name]
    seen = call(front_door, "PUT", "/items/a%20b?q=1&q=2", HEADERS, *told, body=b"x")
    return {"authorizer" if isinstance(ask, Authorize) else "function": ask.event for ask in seen.asks}


@pytest.mark.parametrize("name", DOORS)
def test_events(name):
    assert events(name) == json.loads(EXPECTED.read_text())[name]
