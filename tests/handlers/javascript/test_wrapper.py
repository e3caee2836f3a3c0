"""This project's own wrapper around Node handlers."""

from __future__ import annotations

import pytest

from tests.handlers.reading import line

from .reading import read, short

WRAPPED = """
import { Policy, cors } from "lambda-cors";
const policy = new Policy({ origins: ["https://a.example"], methods: ["PUT"], credentials: true });
export const handler = cors(policy)(async (event) => {
  if (!event.headers.authorization) throw new Error("no");
  return { statusCode: 200, headers: { "access-control-allow-origin": "*", "X-A": "own" } };
});
"""


def test_every_response_leaves_with_the_policy() -> None:
    lines = short(WRAPPED)
    assert any(line.endswith("200 echo:list['https://a.example']") for line in lines)
    assert any(line.endswith("500 echo:list['https://a.example']") for line in lines)
    assert any(line.startswith("OPTIONS") and "204" in line for line in lines)
    assert not any("*" in line for line in lines)


def test_a_policy_that_is_refused_fails() -> None:
    lines = short(WRAPPED.replace('"https://a.example"', '"https://a.example/"'))
    assert lines == {"raises PolicyError"}


def test_a_policy_that_is_not_known_is_said() -> None:
    summary = read(WRAPPED.replace('["https://a.example"]', "globalThis.origins"))
    assert summary.frameworks == ("lambda-cors.cors",)
    assert [each.because for each in summary.unread] == [
        "the response comes from lambda-cors.cors, which is not followed"
    ]


IN_MIDDY = """
import { Policy, cors, middleware } from "lambda-cors";
import middy from "@middy/core";
import other from "elsewhere";
const policy = new Policy({ origins: ["https://a.example"] });
const route = async (event) => {
  if (!event.headers.authorization) throw new Error("no");
  return { statusCode: 200, headers: { "access-control-allow-origin": "*" } };
};
export const handler = HANDLER;
"""


def in_middy(handler: str) -> str:
    """Return the module whose handler is this expression."""
    return IN_MIDDY.replace("HANDLER", handler)


@pytest.mark.parametrize(
    "handler", ["middy(route).use(middleware(policy))", "cors(policy)(middy(route))", "middy(cors(policy)(route))"]
)
def test_every_response_of_middy_leaves_with_the_policy(handler: str) -> None:
    summary = read(in_middy(handler))
    lines = {line(outcome) for outcome in summary.outcomes}
    assert summary.unread == ()
    for status in (200, 500):
        assert any(each.endswith(f" {status} echo:list['https://a.example']") for each in lines)
    assert any(each.startswith("OPTIONS") and "204 echo" in each for each in lines)


def test_a_middleware_whose_policy_is_refused_fails() -> None:
    refused = in_middy('middy(route).use(middleware(new Policy({ origins: ["https://a.example/"] })))')
    assert {line(outcome) for outcome in read(refused).outcomes} == {"raises PolicyError"}


@pytest.mark.parametrize(
    ("handler", "because"),
    [
        (
            "middy(route).use(middleware(other()))",
            "the policy or the options of lambda-cors.middleware are not known",
        ),
        (
            'middy(route).use(middleware(policy, { owner: "front-door" }))',
            "the policy or the options of lambda-cors.middleware are not known",
        ),
        (
            "middy(route).use(middleware(policy, { onError: other }))",
            "the policy or the options of lambda-cors.middleware are not known",
        ),
        ("middy(route).use(other()).use(middleware(policy))", "the middleware elsewhere is not followed"),
        ("cors(policy)(other(route))", "the response comes from lambda-cors.cors, which is not followed"),
        ("middy(other(route))", "the response comes from @middy/core, which is not followed"),
    ],
)
def test_what_is_not_known_in_middy_is_said(handler: str, because: str) -> None:
    summary = read(in_middy(handler))
    assert [each.because for each in summary.unread] == [because]
    assert any(line(outcome).endswith("unknown") for outcome in summary.outcomes)
