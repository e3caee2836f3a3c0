"""Front doors as the wrapper tells them apart."""

from typing import Any

import pytest
from lambda_cors.events import (
    ALB,
    ALB_MULTI,
    FUNCTION_URL,
    HTTP_API,
    HTTP_API_1,
    LATTICE_1,
    LATTICE_2,
    REST_API,
    Door,
    read_event,
)

from vectors import CASES

EVENTS: dict[str, Any] = {case["name"]: case["event"] for case in CASES}


def test_a_door_says_what_it_takes() -> None:
    door = Door("name", "more", "and more", infers=True, multi=False, lists=True)
    assert door.name == "name"
    assert door.keys == {"statusCode", "headers", "body", "isBase64Encoded", "more", "and more"}
    assert (door.infers, door.multi, door.lists) == (True, False, True)
    plain = Door("plain", multi=True)
    assert (plain.infers, plain.multi, plain.lists) == (False, True, False)
    assert plain.keys == {"statusCode", "headers", "body", "isBase64Encoded"}
    bare = Door("bare")
    assert (bare.infers, bare.multi, bare.lists) == (False, False, False)


@pytest.mark.parametrize(
    ("name", "door"),
    [
        ("rest_api", REST_API), ("http_api_1", HTTP_API_1), ("http_api", HTTP_API), ("function_url", FUNCTION_URL),
        ("alb", ALB), ("alb_multi", ALB_MULTI), ("vpc_lattice_1", LATTICE_1), ("vpc_lattice_2", LATTICE_2),
    ],
)  # fmt: skip
def test_each_event_is_of_its_door(name: str, door: Door) -> None:
    assert read_event(EVENTS[f"{name}: allowed"]) == (door, "GET")
    assert read_event(EVENTS[f"{name}: preflight"]) == (door, "OPTIONS")


def test_a_custom_domain_does_not_hide_a_function_url() -> None:
    context = {"http": {"method": "PUT"}, "domainName": "abc.lambda-url.eu-west-1.on.aws"}
    assert read_event({"headers": {"host": "api.example.com"}, "requestContext": context}) == (FUNCTION_URL, "PUT")
    for odd in (None, 7, "abc.execute-api.eu-west-1.amazonaws.com"):
        assert read_event({"requestContext": {**context, "domainName": odd}}) == (HTTP_API, "PUT")
