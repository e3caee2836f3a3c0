"""HAR files: what is read of them, which calls are judged, and how; the recorded cases as files."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corsmith.live.har import Har, Judgement, Unusable, judged, read_har

APP = "https://app.example.com"
API = "https://api.example.net/items"
RECORDED = json.loads((Path(__file__).parents[2] / "browser" / "data" / "recorded.json").read_text("utf-8"))

Pairs = Sequence[Sequence[str]]


def named(pairs: Pairs) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in pairs]


def entry(
    method: str = "GET", url: str = API, sent: Pairs = (), status: Any = 200, got: Pairs = (), **more: Any
) -> dict[str, Any]:
    return {
        "request": {
            "method": method,
            "url": url,
            "headers": named([("Origin", APP), ("Sec-Fetch-Mode", "cors"), *sent]),
        },
        "response": {"status": status, "headers": named(got), "content": {"size": 0}},
        **more,
    }


def preflight(method: str, headers: str = "", status: int = 204, got: Pairs = (), url: str = API) -> dict[str, Any]:
    asked = [("Access-Control-Request-Method", method)]
    asked += [("Access-Control-Request-Headers", headers)] if headers else []
    return entry("OPTIONS", url, asked, status, got)


def har(*entries: Any, **log: Any) -> bytes:
    return json.dumps({"log": {"version": "1.2", "entries": list(entries), **log}}).encode()


def checked(*entries: Any, **flags: Any) -> Judgement:
    return judged(read_har(har(*entries)), **flags)


OPEN = (("access-control-allow-origin", "*"),)
CONSENT = (*OPEN, ("access-control-allow-methods", "PUT"), ("access-control-allow-headers", "content-type, x-a"))


def test_a_call_is_judged_by_what_was_recorded() -> None:
    found = checked(entry(got=OPEN), entry(url=API + "/2"))
    assert [(each.verdict, each.error) for each in found.calls] == [
        ("allowed", None),
        ("blocked", "MissingAllowOriginHeader"),
    ]
    assert [each.rule for each in found.findings] == ["handler-missing-headers"]


@pytest.mark.parametrize("before", [True, False])
def test_a_preflight_belongs_to_its_call_before_or_after_it(*, before: bool) -> None:
    call = entry("PUT", sent=[("X-A", "1")], got=OPEN)
    for answer, verdict in (((CONSENT), "allowed"), (OPEN, "blocked")):
        asked = preflight("PUT", "x-a", got=answer)
        found = checked(*((asked, call) if before else (call, asked)))
        assert [each.verdict for each in found.calls] == [verdict]
        assert found.calls[0].exchanges[0].kind == "preflight"


def test_a_call_whose_preflight_is_missing_was_let_through() -> None:
    (call,) = checked(entry("PUT", sent=[("X-A", "1")], got=OPEN)).calls
    assert (call.verdict, [each.kind for each in call.exchanges]) == ("allowed", ["request"])
    assert "it passed, for the request was sent" in call.unproven


def test_a_preflight_alone_can_block_its_call() -> None:
    found = checked(preflight("DELETE", status=403))
    assert [(each.verdict, each.error) for each in found.calls] == [("blocked", "PreflightMissingAllowOriginHeader")]
    assert checked(preflight("PUT", got=CONSENT)).calls == ()


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("net::ERR_FAILED", "kept no answer (net::ERR_FAILED). Likely, in this order: its preflight was refused"),
        ("", "kept no answer. Likely, in this order: its preflight was refused"),
        (
            "net::ERR_NAME_NOT_RESOLVED",
            "The network failed (net::ERR_NAME_NOT_RESOLVED), which says nothing about CORS",
        ),
    ],
)
def test_what_was_not_kept_is_undecided_and_can_be_asked(error: str, words: str) -> None:
    lost = entry("PUT", sent=[("X-Api-Key", "s3cr3t"), ("Cookie", "a=b")], status=0)
    lost["response"]["_error"] = error
    (call,) = checked(lost).calls
    assert call.verdict == "undecided"
    assert words in call.unproven
    assert "corsmith check https://api.example.net/items --origin https://app.example.com --method PUT" in call.unproven
    assert "'X-Api-Key: ***' --credentials" in call.unproven
    assert "s3cr3t" not in str(call)


def test_after_a_preflight_that_passed_the_answer_is_at_fault() -> None:
    (call,) = checked(preflight("PUT", got=CONSENT), entry("PUT", status=0)).calls
    assert "its preflight passed" in call.unproven


def test_redirects_are_one_call() -> None:
    away = "https://other.example.org/new"
    hop = entry(status=302, got=[("Location", away), *OPEN])
    last = entry(url=away, sent=[("Origin", "null")], got=OPEN)
    last["request"]["headers"] = named([("Origin", "null"), ("Sec-Fetch-Mode", "cors")])
    (call,) = checked(hop, last).calls
    assert (call.verdict, call.url, len(call.exchanges)) == ("allowed", API, 2)
    (call,) = checked(hop).calls
    assert f"The redirect to {away} is not in the file" in call.unproven


def test_credentials_are_told_by_the_cookie() -> None:
    (call,) = checked(entry(sent=[("cookie", "a=b")], got=OPEN)).calls
    assert call.error == "WildcardOriginNotAllowed"
    without = entry(got=OPEN)
    without["request"]["cookies"] = [{"name": "a", "value": "b"}]
    assert checked(without).calls[0].error == "WildcardOriginNotAllowed"
    assert checked(without, credentials=False).calls[0].verdict == "allowed"


@pytest.mark.parametrize(
    "made",
    [
        {"sent": [("Sec-Fetch-Mode", "no-cors")]},
        {"sent": [("Sec-Fetch-Mode", "navigate")]},
        {"_resourceType": "image"},
        {"_resourceType": "document"},
        {"sent": [("Accept", "text/html,*/*")]},
        {"url": "wss://api.example.net/"},
        {"url": "data:text/plain,hi"},
        {"status": 101},
    ],
)
def test_what_cors_does_not_decide_is_left_alone(made: dict[str, Any]) -> None:
    other = entry(**made)
    modes = [pair for pair in made.get("sent", ()) if pair[0] == "Sec-Fetch-Mode"]
    other["request"]["headers"] = (
        named([("Origin", APP), *made.get("sent", ())]) if made.get("sent") else named([("Origin", APP)])
    )
    assert (len(modes) <= 1, checked(other).calls, checked(other).others) == (True, (), 1)


def test_calls_to_the_own_origin_are_counted() -> None:
    found = checked(entry(url=APP + "/data"))
    assert (found.calls, found.same_origin) == ((), 1)


def test_the_page_is_found_where_browsers_say_it() -> None:
    def without_origin(**more: Any) -> dict[str, Any]:
        made = entry(**more)
        made["request"]["headers"] = named([("Sec-Fetch-Mode", "cors"), *more.get("sent", ())])
        return made

    assert checked(without_origin()).unknown_page == 1
    assert checked(without_origin(), origin=APP).calls[0].verdict == "blocked"
    assert APP in (checked(without_origin(sent=[("Referer", APP + "/cart?x")])).calls[0].console or "")
    titled = har(without_origin(pageref="page_1"), pages=[{"id": "page_1", "title": f"{APP}/cart"}])
    assert APP in (judged(read_har(titled)).calls[0].console or "")
    document = entry(url=APP + "/", _resourceType="document", sent=[("Sec-Fetch-Mode", "navigate")])
    document["request"]["headers"] = named([("Sec-Fetch-Mode", "navigate")])
    assert APP in (checked(document, without_origin()).calls[0].console or "")


def test_the_layer_is_known_by_the_body() -> None:
    text = '{"message":"Not Found"}'
    for content in ({"text": text}, {"text": base64.b64encode(text.encode()).decode(), "encoding": "base64"}):
        lost = entry(status=404, got=[("apigw-requestid", "x")])
        lost["response"]["content"] = content
        assert [each.rule for each in checked(lost).findings] == ["httpapi-no-cors-config"]


def test_no_secret_is_shown() -> None:
    secret = "s3cr3t"
    sent = [("Authorization", f"Bearer {secret}"), ("X-Api-Key", secret), ("Cookie", f"sid={secret}")]
    got = [("Set-Cookie", f"sid={secret}"), ("Location", f"https://x.example/?token={secret}")]
    found = checked(
        entry("PUT", f"{API}?access_token={secret}", sent, 302, got),
        preflight("PUT", "authorization", 403, url=f"{API}?access_token={secret}"),
        entry("POST", f"https://me:{secret}@api.example.net/", sent, 0),
    )
    assert len(found.calls) == 2
    assert secret not in str(found)


def test_a_token_that_was_left_out_still_counts() -> None:
    # Chromium leaves Authorization out of the file; the preflight names it.
    answers = preflight("GET", "authorization", got=OPEN), entry(got=OPEN)
    (call,) = checked(*answers).calls
    assert (call.verdict, call.error) == ("blocked", "HeaderDisallowedByPreflightResponse")


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "is empty"),
        (b"  \n", "is empty"),
        (b"[]", "is no HAR file"),
        (b"<html>", "is no HAR file: it is no JSON object"),
        (b'{"log": {}}', "is no HAR file"),
        (b'{"log": {"entries": 7}}', "is no HAR file"),
        (b'{"log": {"entries": [7', "has no entry that can be read"),
        (b"\x00\xff" * 100, "is no HAR file"),
        (b'{"log":' * 50_000, "is nested too deeply"),
    ],
)
def test_what_is_no_har_is_said(raw: bytes, words: str) -> None:
    with pytest.raises(Unusable, match=words):
        read_har(raw)


def test_a_file_that_was_cut_off_is_read_as_far_as_it_goes() -> None:
    whole = har(entry(got=OPEN), entry(url=API + "/2", got=OPEN), entry(url=API + "/3"))
    found = read_har(whole[:-100])
    assert len(found.entries) == 2
    assert "2 entries before that were read" in found.problems[0]
    assert [each.verdict for each in judged(found).calls] == ["allowed", "allowed"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_marks_at_the_beginning_do_not_matter(encoding: str) -> None:
    assert len(read_har(har(entry()).decode().encode(encoding)).entries) == 1


def test_odd_entries_are_named_and_the_others_read() -> None:
    odd: list[Any] = [
        7,
        None,
        {},
        {"request": {}},
        {"request": {"url": API}},
        {"request": {"url": "x", "method": "GET"}},
    ]
    found = read_har(har(*odd, entry()))
    assert len(found.entries) == 1
    assert found.problems[0] == "entry 1 has no request with a method and a url"
    assert found.problems[-1] == "1 more entries cannot be read"


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("headers", None),
        ("headers", 7),
        ("headers", [None, 7, {}, {"name": 1, "value": 2}, {"name": ":status", "value": "200"}]),
        ("status", None),
        ("status", -1),
        ("status", "abc"),
        ("status", 99999),
        ("content", 7),
        ("content", {"text": 7}),
        ("content", {"text": "a", "encoding": "base64"}),
        ("content", {"text": "ä!", "encoding": "base64"}),
    ],
)
def test_missing_members_are_no_accident(member: str, value: Any) -> None:
    strange = entry()
    strange["response"][member] = value
    assert len(checked(strange).calls) == 1
    strange["response"] = value
    assert len(checked(strange).calls) == 1


def test_lines_that_were_joined_are_parted() -> None:
    (call,) = checked(entry(got=[("Access-Control-Allow-Origin", f"{APP}\n{APP}")])).calls
    assert call.error == "MultipleAllowOriginValues"


def test_a_status_may_be_text() -> None:
    assert checked(entry(status="200", got=OPEN)).calls[0].verdict == "allowed"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["request", "response", "url", "method", "headers", "name", "value", "status", "content", "text"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(JSON, max_size=4), st.integers(0, 400))
def test_no_file_is_too_strange(entries: list[Any], cut: int) -> None:
    raw = har(*entries, entry())
    for data in (raw, raw[:cut], raw.replace(b'"', b"'", 1)):
        try:
            found = read_har(data)
        except Unusable:
            continue
        judged(found)


def recorded_as_har(case: dict[str, Any], wire: list[dict[str, str]]) -> Har:
    """Return a recorded case as the file that a browser would have saved. `wire` is what the server saw."""
    request, url = case["request"], "https://api.example.net/c/1"
    # What a browser does not let a script set never gets into the file.
    own = [pair for pair in request["headers"] if pair[0].lower() not in ("cookie", "host", "origin", "referer")]
    cookie = [("Cookie", "a=b")] if request.get("credentials") == "include" else []
    names = next((sent.get("access-control-request-headers", "") for sent in wire if sent["method"] == "OPTIONS"), "")
    answer = case["response"]
    made = {
        "request": {
            "method": request["method"],
            "url": url,
            "headers": named([("Origin", case["origin"]), ("Sec-Fetch-Mode", "cors"), *own, *cookie]),
        },
        "response": {"status": answer["status"], "headers": named(answer["headers"])},
    }
    asked = preflight(request["method"], names, 404, url=url)
    if case.get("preflight"):
        asked["response"] = {"status": case["preflight"]["status"], "headers": named(case["preflight"]["headers"])}
    return read_har(har(asked, made))


def test_a_page_that_asks_a_thousand_times_is_judged_a_thousand_times() -> None:
    entries: list[Any] = []
    for number in range(1000):
        # Every third call finds its preflight in the browser's cache; every fifth is refused.
        if number % 3:
            entries.append(preflight("PUT", "x-a", got=OPEN if number % 5 == 0 else CONSENT))
        entries.append(entry("PUT", sent=[("X-A", "1")], status=0 if number % 3 and number % 5 == 0 else 200, got=OPEN))
    found = checked(*entries)
    assert len(found.calls) == 1000
    assert [each.verdict for each in found.calls].count("blocked") >= 133


def usual(request: dict[str, Any]) -> bool:
    known = {"mode": "cors", "redirect": "follow", "via": "fetch", "stream": False, "keepalive": False}
    return all(request.get(key) in (None, value) for key, value in known.items())


def test_recorded_cases_are_judged_as_chromium_did() -> None:
    plain = [
        each
        for each in RECORDED
        if usual(each["case"]["request"])
        and not each["case"].get("hops")
        and "close" not in (each["case"].get("preflight") or {})
        and "close" not in each["case"]["response"]
        and each["case"].get("base") in (None, "https://api.example.net")
        and each["case"]["origin"] != "https://api.example.net"
        # A browser unfolds a line before it is in a file, where a line feed parts two lines.
        and each["case"]["name"] != "wpt-acao-newline-folded"
        and not (each["chromium"]["error"] or "").startswith(("js:", "net:"))
    ]
    assert len(plain) > 300
    wrong = []
    for each in plain:
        (call,) = judged(recorded_as_har(each["case"], each["chromium"]["wire"]), "chromium").calls
        known = each["chromium"]
        if (call.verdict == "allowed", call.error) != (known["allowed"], known["error"]):
            wrong.append((each["case"]["name"], call.verdict, call.error))
    assert wrong == []
