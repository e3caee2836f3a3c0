"""This project's own wrapper around Node handlers."""

from __future__ import annotations

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
