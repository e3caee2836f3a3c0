"""Cases given as data, the model, and what other browsers would have decided."""

from __future__ import annotations

from typing import Any

import pytest

from corsmith.api.exchange import Response
from corsmith.browser import (
    MODEL,
    PROFILES,
    BadCase,
    Page,
    PageRequest,
    drive,
    fetch,
    simulate,
)
from corsmith.browser.case_form import complaint
from corsmith.browser.replay import Recorded, replay

from .calls import ALLOWING, API, PAGE, allowing, judge

ALL = (*PROFILES, MODEL)


def case(**more: Any) -> dict[str, Any]:
    """Return a case that is allowed, changed by `more`."""
    answer = {"status": 200, "headers": [["Access-Control-Allow-Origin", PAGE]]}
    return {"origin": PAGE, "request": {"method": "GET"}, "preflight": None, "response": answer, **more}


def test_the_least_case() -> None:
    assert (
        simulate({"origin": PAGE, "request": {}, "response": {"status": 200, "headers": []}}).error
        == "MissingAllowOriginHeader"
    )


def test_no_preflight_answer_is_404() -> None:
    verdict = simulate(case(request={"method": "PUT"}))
    assert verdict.failure is not None
    assert (verdict.error, verdict.failure.status) == ("PreflightMissingAllowOriginHeader", 404)


def test_what_a_case_can_say() -> None:
    request = {
        "method": "POST",
        "headers": [["X-A", "1"]],
        "credentials": "include",
        "body": "é",
        "via": "xhr",
        "mode": "cors",
    }
    verdict = simulate(case(request=request, base="https://b.example"))
    assert verdict.asked == PageRequest(
        "https://b.example/c/0", "POST", (("X-A", "1"),), "include", "cors", "follow", "é".encode(), "xhr"
    )
    assert simulate(case(request={"method": "POST", "body": b"x"})).asked.body == b"x"


def test_an_opaque_page_comes_from_a_server() -> None:
    for origin in ("null", None):
        page = simulate(case(origin=origin)).page
        assert (page.origin, page.delivered_by) == ("null", "https://sandboxed.example")


def test_hops() -> None:
    star = ["Access-Control-Allow-Origin", "*"]
    hops = [
        {"response": {"status": 302, "headers": [star, ["Location", "{next}"]]}},
        {
            "base": "https://b.example",
            "response": {
                "status": 302,
                "headers": [star, ["location", "{origin}/c/2?x"]],
            },
        },
        {"response": {"status": 200, "headers": [["Access-Control-Allow-Origin", "null"], ["X", "{next}"]]}},
    ]
    verdict = simulate(case(hops=hops))
    assert verdict.allowed
    assert [each.request.url for each in verdict.judged] == [
        "https://api.example.net/c/0",
        "https://b.example/c/1",
        f"{PAGE}/c/2?x",
    ]
    last = verdict.judged[-1].response
    assert isinstance(last, Response)
    assert last.headers[1:] == (("X", "{next}"), ("Content-Length", "2"))


@pytest.mark.parametrize("location", ["/elsewhere", "/c/9", "/c/x", "/c/-1", "/c/٣"])
def test_other_addresses_are_not_there(location: str) -> None:
    answer = {"status": 302, "headers": [["Access-Control-Allow-Origin", PAGE], ["Location", location]]}
    verdict = simulate(case(response=answer))
    assert verdict.failure is not None
    assert (verdict.error, verdict.failure.status) == ("MissingAllowOriginHeader", 404)


def test_a_loop() -> None:
    answer = {"status": 307, "headers": [["Access-Control-Allow-Origin", PAGE], ["Location", "{self}"]]}
    assert simulate(case(response=answer)).error == "net::ERR_TOO_MANY_REDIRECTS"


@pytest.mark.parametrize("status", [204, 205, 304])
def test_some_answers_have_no_length(status: int) -> None:
    assert simulate(case(response={"status": status, "headers": [["Access-Control-Allow-Origin", PAGE]]})).exposed == ()


OK = {"status": 200, "headers": []}


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (7, "a number is no case"),
        (None, "null is no case"),
        ([], "a list is no case"),
        ({}, "origin is missing"),
        ({"origin": 7, "request": {}, "response": OK}, "origin is 7;"),
        (
            {"origin": "https://app.example.com/", "request": {}, "response": OK},
            "origin is 'https://app.example.com/';",
        ),
        ({"origin": "app.example.com", "request": {}, "response": OK}, "origin is 'app.example.com';"),
        ({"origin": PAGE}, "request is missing"),
        ({"origin": PAGE, "request": None, "response": {}}, "request is null, not an object"),
        ({"origin": PAGE, "request": True, "response": OK}, "request is true or false, not an object"),
        ({"origin": PAGE, "request": {"headers": [["a"]]}, "response": OK}, "request.headers[0] is ['a'], not"),
        ({"origin": PAGE, "request": {"headers": 7}, "response": OK}, "request.headers is a number, not a list"),
        ({"origin": PAGE, "request": {"headers": {"a": "b"}}, "response": OK}, "request.headers is an object, not"),
        ({"origin": PAGE, "request": {"method": 7}, "response": OK}, "request.method is a number, not text"),
        (
            {"origin": PAGE, "request": {"credentials": "yes"}, "response": OK},
            "request.credentials is 'yes'; it can be omit",
        ),
        (
            {"origin": PAGE, "request": {"mode": "navigate"}, "response": OK},
            "request.mode is 'navigate'; it can be cors, no-",
        ),
        (
            {"origin": PAGE, "request": {"redirect": 7}, "response": OK},
            "request.redirect is 7; it can be follow, error, m",
        ),
        (
            {"origin": PAGE, "request": {"via": ["xhr"]}, "response": OK},
            "request.via is ['xhr']; it can be fetch, xhr, xhr-",
        ),
        ({"origin": PAGE, "request": {"body": 7}, "response": OK}, "request.body is a number, not text"),
        ({"origin": PAGE, "request": {}}, "response is missing"),
        ({"origin": PAGE, "request": {}, "response": 7}, "response is a number, not an object with status"),
        ({"origin": PAGE, "request": {}, "response": {"status": 200}}, "response.headers is null, not a list"),
        ({"origin": PAGE, "request": {}, "response": {"headers": []}}, "response.status is None, not a whole number"),
        (
            {"origin": PAGE, "request": {}, "response": {"status": "200", "headers": []}},
            "response.status is '200', not",
        ),
        ({"origin": PAGE, "request": {}, "response": {"status": True, "headers": []}}, "response.status is True, not"),
        ({"origin": PAGE, "request": {}, "response": {"status": 99, "headers": []}}, "response.status is 99, not"),
        ({"origin": PAGE, "request": {}, "response": {"status": 1000, "headers": []}}, "response.status is 1000, not"),
        (
            {"origin": PAGE, "request": {}, "response": {"status": 200, "headers": [["a", 7]]}},
            "response.headers[0] is ['a', 7]",
        ),
        (
            {"origin": PAGE, "request": {"method": "PUT"}, "preflight": "x", "response": OK},
            "preflight is text, not an obj",
        ),
        ({"origin": PAGE, "request": {}, "base": 7, "response": OK}, "base is a number, not an origin"),
        ({"origin": PAGE, "request": {}, "hops": 7}, "hops is a number, not a list"),
        ({"origin": PAGE, "request": {}, "hops": [None]}, "hops[0] is null, not an object with a response"),
        ({"origin": PAGE, "request": {}, "hops": [{"base": "https://b.example"}]}, "hops[0].response is missing"),
        ({"origin": PAGE, "request": {}, "hops": [{"response": {"status": 0}}]}, "hops[0].response.status is 0, not"),
    ],
)
def test_bad_cases_say_so(bad: Any, said: str) -> None:
    for profile in ("chromium", "firefox", MODEL):
        with pytest.raises(BadCase) as raised:
            simulate(bad, profile)
        assert str(raised.value).startswith(said)


@pytest.mark.parametrize("status", [100, 999])
def test_any_status_that_http_has(status: int) -> None:
    assert simulate(case(response={"status": status, "headers": [["Access-Control-Allow-Origin", PAGE]]})).allowed


@pytest.mark.parametrize("origin", ["chrome-extension://abcdef", "http://localhost:3000", "https://[::1]:8443"])
def test_pages_at_any_origin(origin: str) -> None:
    answer = {"status": 200, "headers": [["Access-Control-Allow-Origin", origin]]}
    assert simulate(case(origin=origin, response=answer)).allowed


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"origin": None, "base": "https://b.example", "hops": []},
        {"response": {"close": True}},
        {
            "request": {
                "headers": [("A", "b")],
                "body": b"x",
                "method": None,
                "via": None,
                "mode": "",
                "redirect": "manual",
            }
        },
        {"hops": ({"response": OK, "preflight": OK, "base": None}, {"response": OK})},
    ],
)
def test_a_case_that_is_in_order_has_no_complaint(more: dict[str, Any]) -> None:
    assert complaint(case(**more)) == ""
    simulate(case(**more))


def test_all_that_is_wrong_is_said() -> None:
    assert complaint({"hops": [{}, 7]}) == (
        "origin is missing: the page's, such as https://app.example.com, or null; request is missing: an object, which may be "
        "empty; hops[0].response is missing: an object with status and headers, or close; hops[1] is a number, not an object "
        "with a response"
    )
    assert complaint({"origin": PAGE, "request": {"headers": [7, ["a", "b"]]}, "response": {"headers": ""}}) == (
        "request.headers[0] is 7, not [name, value], both text; response.status is None, not a whole number from 100 to 999; "
        "response.headers is text, not a list of [name, value]"
    )


def test_an_unknown_profile() -> None:
    with pytest.raises(KeyError):
        simulate(case(), "netscape")
    with pytest.raises(KeyError):
        next(fetch(Page(PAGE), PageRequest(API), "netscape"))


def test_what_differs() -> None:
    hint = case(request={"method": "GET", "headers": [["DPR", "1"]]})
    assert simulate(hint, "chromium").differs == ("firefox", "webkit")
    assert simulate(hint, "firefox").differs == ("chromium",)
    model = simulate(hint, MODEL)
    assert (model.allowed, model.differs, model.decided_by) == (False, ("chromium",), "firefox")
    assert model.error == "PreflightMissingAllowOriginHeader"
    assert str(model.console).startswith("Cross-Origin Request Blocked")
    assert simulate(case(), MODEL).differs == ()


def test_the_model_exposes_what_both_expose() -> None:
    verdict = judge(allowing(200, ("ETag", "e"), ("Access-Control-Expose-Headers", "etag")), profile=MODEL)
    assert verdict.exposed == ("etag",)
    assert (verdict.profile, verdict.decided_by, verdict.error, verdict.console) == (MODEL, "firefox", None, None)


def test_the_model_asks_nothing_twice() -> None:
    asked = []

    def answer(ask: Any) -> Response:
        asked.append((ask.kind, ask.hop))
        return allowing(204, ("Access-Control-Allow-Methods", "PUT"))

    assert drive(fetch(Page(PAGE), PageRequest(API, "PUT")), answer).allowed
    assert asked == [("preflight", 0), ("request", 0)]


def test_the_model_asks_for_what_firefox_alone_sends() -> None:
    asked = []

    def answer(ask: Any) -> Response:
        asked.append(ask.kind)
        return Response(403) if ask.kind == "preflight" else allowing()

    verdict = drive(fetch(Page(PAGE), PageRequest(API, headers=(("DPR", "1"),))), answer)
    assert asked == ["request", "preflight"]
    assert [each.kind for each in verdict.judged] == ["preflight"]
    assert [each.kind for each in verdict.witnesses] == ["request", "preflight"]
    assert verdict.differs == ("chromium",)


def test_the_model_stops_where_chromium_stops() -> None:
    verdict = judge(Response(403), profile=MODEL, method="PUT")
    assert (verdict.decided_by, verdict.error, verdict.differs) == ("chromium", "PreflightMissingAllowOriginHeader", ())


def test_other_opinions_need_the_answers() -> None:
    # Firefox would have been asked for a preflight, which was not made.
    assert judge(allowing(), headers=(("DPR", "1"),)).differs == ()
    assert (
        judge(
            allowing(204, ("Access-Control-Allow-Headers", "dpr")), headers=(("DPR", "1"),), profile="firefox"
        ).differs
        == ()
    )


def test_a_replay_takes_answers_in_turn() -> None:
    verdict = judge(*[allowing(307, ("Location", "/items")) for _ in range(3)], allowing())
    again = replay(fetch(Page(PAGE), PageRequest(API), "standard"), verdict.judged)
    assert again is not None
    assert [each.response for each in again.judged] == [each.response for each in verdict.judged]
    assert replay(fetch(Page(PAGE), PageRequest(API), "standard"), verdict.judged[:2]) is None


def test_a_recording_grows() -> None:
    recorded = Recorded()
    first = recorded.extend(fetch(Page(PAGE), PageRequest(API), "standard"))
    assert next(first).request.url == API
    with pytest.raises(StopIteration):
        first.send(allowing())
    second = recorded.extend(fetch(Page(PAGE), PageRequest(API), "chromium"))
    with pytest.raises(StopIteration) as stop:
        next(second)
    assert stop.value.value.allowed


def test_verdicts_are_alike_when_they_say_the_same() -> None:
    assert simulate(case()) == simulate(case())
    assert simulate(case()) != simulate(case(), "firefox")
    assert "simulate" not in repr(simulate(case()))
    assert len({simulate(case()).rival, simulate(case()).rival}) == 1


def test_allowing_pairs_are_what_they_say() -> None:
    assert allowing().headers == ALLOWING
