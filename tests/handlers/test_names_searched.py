"""The Origin found by going through the names of all headers, and what a wrapper adds to several answers."""

from __future__ import annotations

import pytest

from corsmith.api.outcome import Echo, Object, Returned
from corsmith.api.tree import Memory, Tree
from corsmith.handlers import summarise_source

FOUND = "Object.keys(event.headers ?? {}).find((each) => each.toLowerCase() === 'origin')"
NODE = """\
const ALLOWED = ["https://a.example"];
export const handler = async (event) => {
  const name = %s;
  const origin = %s;
  const headers = { Vary: "Origin" };
  if (ALLOWED.includes(origin)) headers["Access-Control-Allow-Origin"] = origin;
  return { statusCode: 200, headers, body: "" };
};
"""
PYTHON = """\
ALLOWED = ["https://a.example"]
def handler(event, context):
    name = next((each for each in event["headers"] if each.lower() == "origin"), None)
    headers = {"Vary": "Origin"}
    if name and event["headers"][name] in ALLOWED:
        headers["Access-Control-Allow-Origin"] = event["headers"][name]
    return {"statusCode": 200, "headers": headers, "body": ""}
"""
WRAPPED = """\
const answering = (inner) => async (event) => {
  const response = await inner(event);
  return { ...response, headers: { ...response.headers, "Access-Control-Allow-Origin": "*" } };
};
export const handler = answering(async (event) => {
  if (event.httpMethod === "OPTIONS") {
    return { statusCode: 204, headers: { "Access-Control-Allow-Methods": "PUT" }, body: "" };
  }
  return { statusCode: 400, headers: {}, body: "no" };
});
"""


@pytest.mark.parametrize(
    ("file", "code"),
    [
        ("app.mjs", NODE % (FOUND, "name ? event.headers[name] : ''")),
        ("app.mjs", NODE % (FOUND, "event.headers[name] || ''")),
        ("app.py", PYTHON),
    ],
)
def test_a_name_that_was_searched_for_leads_to_the_origin(file: str, code: str) -> None:
    summary = summarise_source(Tree(Memory({file: code})), file, "handler")
    assert not summary.unread
    found = []
    for outcome in summary.outcomes:
        assert isinstance(outcome.result, Returned)
        assert isinstance(outcome.result.result, Object)
        headers = dict(outcome.result.result.entries)["headers"]
        assert isinstance(headers, Object)
        found.append(dict(headers.entries).get("Access-Control-Allow-Origin"))
    (echo,) = [each for each in found if isinstance(each, Echo)]
    assert (echo.test.items, echo.ignores_case) == (("https://a.example",), True)


def test_an_answer_that_a_wrapper_completes_keeps_its_method() -> None:
    summary = summarise_source(Tree(Memory({"app.mjs": WRAPPED})), "app.mjs", "handler")
    of_options = [each for each in summary.outcomes if each.payload == "1.0" and "OPTIONS" in (each.methods or ())]
    assert len(of_options) == 1
    assert all(each.methods is not None for each in summary.outcomes if each.payload == "1.0")
