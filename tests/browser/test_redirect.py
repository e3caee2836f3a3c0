"""Redirects: what is followed, what is stripped, whose origin is sent."""

from __future__ import annotations

import pytest

from corsmith.api.exchange import Response
from corsmith.browser import Kind, Page, PageRequest, Verdict, drive, fetch
from corsmith.browser.redirect import stripped

from .calls import ALLOWING, API, PAGE, allowing, judge


def to(location: str, status: int = 302, *more: tuple[str, str]) -> Response:
    """Return a redirect that the page may see."""
    return allowing(status, ("Location", location), *more)


def kind(verdict: Verdict) -> Kind | None:
    """Return what stopped a call."""
    return verdict.failure.kind if verdict.failure is not None else None


@pytest.mark.parametrize(
    ("status", "method", "crosses", "then", "left"),
    [
        (301, "POST", False, "GET", "ax"),
        (302, "POST", True, "GET", "x"),
        (302, "PUT", False, "PUT", "acx"),
        (303, "PUT", False, "GET", "ax"),
        (303, "HEAD", False, "HEAD", "acx"),
        (303, "GET", True, "GET", "cx"),
        (307, "POST", False, "POST", "acx"),
        (308, "POST", True, "POST", "cx"),
    ],
)
def test_what_is_left_of_a_request(status: int, method: str, crosses: bool, then: str, left: str) -> None:
    headers = (("Authorization", "b"), ("Content-Type", "c"), ("X", "x"))
    assert stripped(status, method, headers, crosses=crosses) == (
        then,
        tuple(pair for pair in headers if pair[0][0].lower() in left),
    )


def test_headers_that_stay_are_the_same_object() -> None:
    headers = (("X", "x"),)
    assert stripped(302, "POST", headers, crosses=True)[1] is headers


def test_the_origin_is_null_after_a_second_origin() -> None:
    chain = [
        to("https://b.example/"),
        to("https://c.example/"),
        to("/x"),
        Response(200, (("Access-Control-Allow-Origin", "null"),)),
    ]
    verdict = judge(
        *[Response(each.status, (("Access-Control-Allow-Origin", "*"), *each.headers[1:])) for each in chain]
    )
    origins = [dict(each.request.headers)["Origin"] for each in verdict.judged]
    assert origins == [PAGE, "null", "null", "null"]


def test_leaving_the_own_origin_taints_nothing() -> None:
    verdict = judge(Response(302, (("Location", API),)), allowing(), url=PAGE + "/x")
    assert verdict.allowed
    assert [each.origin for each in verdict.judged] == [PAGE, PAGE]
    assert [each.tainting for each in verdict.judged] == ["basic", "cors"]
    assert verdict.url == API


def test_coming_home_is_still_checked() -> None:
    verdict = judge(to(PAGE + "/x"), Response(200))
    assert verdict.error == "MissingAllowOriginHeader"
    assert verdict.judged[1].origin == "null"


def test_twenty_redirects_are_followed() -> None:
    hops = [to(f"/{at}") for at in range(20)]
    assert judge(*hops, allowing()).allowed
    assert kind(judge(*hops, to("/x"), allowing())) is Kind.TOO_MANY_REDIRECTS


@pytest.mark.parametrize("profile", ["standard", "chromium", "firefox", "webkit"])
def test_redirect_modes(profile: str) -> None:
    manual = judge(to("/x"), profile=profile, redirect="manual")
    assert (manual.allowed, manual.tainting, manual.exposed) == (True, "opaqueredirect", ())
    assert kind(judge(to("/x"), profile=profile, redirect="error")) is Kind.REDIRECT_MODE
    assert judge(to("/x"), allowing(), profile=profile, redirect="error", via="xhr").allowed
    assert judge(Response(302, (("Location", "/x"),)), profile=profile, redirect="manual").failure is not None
    assert judge(allowing(), profile=profile, redirect="error").allowed


@pytest.mark.parametrize(
    ("location", "standard", "chromium"),
    [
        ("https://", Kind.REDIRECT_INVALID, Kind.REDIRECT_INVALID),
        ("data:,x", Kind.REDIRECT_SCHEME, Kind.REDIRECT_SCHEME),
        ("foo:bar", Kind.REDIRECT_CORS_SCHEME, Kind.REDIRECT_CORS_SCHEME),
        ("ws://a/", Kind.REDIRECT_UNKNOWN_SCHEME, Kind.REDIRECT_UNKNOWN_SCHEME),
        ("https://u:p@a.example/", Kind.REDIRECT_HAS_CREDENTIALS, Kind.REDIRECT_HAS_CREDENTIALS),
        ("https://a b/", Kind.REDIRECT_INVALID, None),
        ("http://a.example/", Kind.MIXED_CONTENT, Kind.MIXED_CONTENT),
        ("https://a.example:22/", Kind.BAD_PORT, Kind.BAD_PORT),
        ("http://a.example:22/", Kind.BAD_PORT, Kind.MIXED_CONTENT),
    ],
)
def test_locations(location: str, standard: Kind, chromium: Kind | None) -> None:
    any_origin = Response(200, (("Access-Control-Allow-Origin", "*"),))
    assert kind(judge(to(location), any_origin, profile="standard")) is standard
    assert kind(judge(to(location), any_origin)) is chromium
    assert judge(to(location), any_origin, profile="firefox").error == "CORSDidNotSucceed2"


@pytest.mark.parametrize(
    ("location", "missing"),
    [
        ("https://", False),
        ("data:,x", False),
        ("http://a.example/", False),
        ("foo:bar", True),
        ("about:x", False),
        ("about:blank", True),
        ("https://u:p@a.example/", True),
    ],
)
def test_firefox_gives_up_on_some_before_it_checks(location: str, missing: bool) -> None:
    error = judge(Response(302, (("Location", location),)), profile="firefox").error
    assert error == ("CORSMissingAllowOrigin2" if missing else "CORSDidNotSucceed2")


def test_chromium_gives_up_on_no_url_in_every_mode() -> None:
    for mode in ("follow", "manual", "error"):
        assert judge(Response(302, (("Location", "https://"),)), redirect=mode).error == "net::ERR_INVALID_REDIRECT"
    assert judge(to("https://"), redirect="manual", profile="firefox").allowed
    assert kind(judge(to("https://"), redirect="error", profile="firefox")) is Kind.REDIRECT_MODE


@pytest.mark.parametrize(
    ("location", "error"),
    [
        ("data:,x", "net::ERR_UNSAFE_REDIRECT"),
        ("https://u:p@a.example/", "RedirectContainsCredentials"),
        ("foo:bar", "net::ERR_FAILED"),
    ],
)
def test_chromium_names_the_location_where_none_may_be(location: str, error: str) -> None:
    assert judge(to(location), redirect="error").error == error
    assert kind(judge(to(location), redirect="error", profile="standard")) is Kind.REDIRECT_MODE


def test_userinfo_of_another_origin_is_one() -> None:
    away = Response(302, (("Location", "https://u:p@a.example/"),))
    assert judge(away, url=PAGE + "/x").error == "RedirectContainsCredentials"


@pytest.mark.parametrize("mode", ["cors", "no-cors", "same-origin"])
def test_chromium_alone_minds_userinfo_of_the_own_origin(mode: str) -> None:
    own = Response(302, (("Location", PAGE.replace("https://", "https://u:p@") + "/y"),))
    assert judge(own, Response(200), url=PAGE + "/x", mode=mode).error == "blocked:origin"
    assert judge(own, Response(200), url=PAGE + "/x", mode=mode, profile="firefox").allowed
    assert judge(own, Response(200), url=PAGE + "/x", mode=mode, via="xhr").allowed


@pytest.mark.parametrize(
    ("location", "keepalive", "error"),
    [
        (API, False, "blocked:origin"),
        (API, True, "DisallowedByMode"),
        ("http://a.example/", True, "blocked:origin"),
        (PAGE + ":25/", True, "blocked:origin"),
        ("https://u:p@a.example/", True, "blocked:origin"),
    ],
)
def test_who_notices_that_a_call_leaves_its_origin(location: str, keepalive: bool, error: str) -> None:
    away = Response(302, (("Location", location),))
    assert judge(away, url=PAGE + "/x", mode="same-origin", keepalive=keepalive).error == error
    assert judge(away, url=PAGE + "/x", mode="same-origin").error == "blocked:origin"


@pytest.mark.parametrize("name", ["DPR", "width", "Viewport-Width", "Device-Memory", "RTT", "Downlink", "ECT"])
def test_client_hints_are_the_page_s_own(name: str) -> None:
    asked = {"headers": ((name, "x"), ("X-A", "1")), "url": PAGE + "/x"}
    leaving = [Response(302, (("Location", "/y"),)), Response(302, (("Location", API),)), allowing()]

    def unsafe(**more: object) -> list[tuple[str, ...]]:
        verdict = judge(*leaving, **asked, **more)
        names = (tuple(name.lower() for name, _ in each.request.headers) for each in verdict.judged)
        return [tuple(n for n in sent if n in (name.lower(), "x-a")) for sent in names]

    both, rest = (name.lower(), "x-a"), ("x-a",)
    assert unsafe() == [both, both, ()]  # the third is the preflight, which does not allow X-A
    assert dict(judge(*leaving, **asked).judged[2].request.headers)["Access-Control-Request-Headers"] == "x-a"
    for other in ({"profile": "standard"}, {"keepalive": True}):
        asking = judge(*leaving, **asked, **other).judged[2].request
        assert dict(asking.headers)["Access-Control-Request-Headers"] == ",".join(sorted((*rest, name.lower())))
    xhr = judge(*leaving, **asked, keepalive=True, via="xhr").judged[2].request
    assert dict(xhr.headers)["Access-Control-Request-Headers"] == "x-a"


def test_client_hints_go_home_and_nowhere_else() -> None:
    chain = [to(PAGE + "/x"), to(API), Response(200, (("Access-Control-Allow-Origin", "*"),))]
    lenient = [Response(each.status, (*each.headers[1:], ("Access-Control-Allow-Origin", "*"))) for each in chain[:2]]
    verdict = judge(*lenient, chain[2], headers=(("DPR", "1"),))
    assert verdict.allowed
    assert [("DPR", "1") in each.request.headers for each in verdict.judged] == [True, True, False]


@pytest.mark.parametrize("name", ["Save-Data", "Intervention", "Lang"])
def test_hints_that_any_origin_gets(name: str) -> None:
    verdict = judge(to("https://b.example/"), allowing(), headers=((name, "x" * 129),))
    assert verdict.judged[0].kind == "preflight"
    headers = ("Access-Control-Allow-Headers", name)
    verdict = judge(
        allowing(204, headers), to("https://b.example/"), allowing(204, headers), headers=((name, "x" * 129),)
    )
    assert [each.kind for each in verdict.judged[:3]] == ["preflight", "request", "preflight"]


def test_without_cors() -> None:
    assert judge(to("https://u:p@a.example/"), mode="no-cors").error == "blocked:origin"
    assert judge(to("https://u:p@a.example/"), Response(200), mode="no-cors", profile="firefox").allowed
    assert judge(to("foo:bar"), mode="no-cors").error == "net::ERR_UNKNOWN_URL_SCHEME"
    own = to("https://u:p@a.example/")
    assert judge(own, mode="same-origin", url=PAGE).error == "blocked:origin"
    assert judge(own, mode="same-origin", url=PAGE, profile="standard").error == "blocked:origin"
    assert judge(to(API), mode="same-origin", url=PAGE).error == "blocked:origin"
    assert judge(to("/x"), Response(200), mode="no-cors").allowed


def test_an_empty_location() -> None:
    assert judge(to("")).allowed
    assert kind(judge(to(""), profile="standard")) is Kind.TOO_MANY_REDIRECTS
    assert judge(to(""), redirect="manual").tainting == "opaqueredirect"


@pytest.mark.parametrize(
    ("location", "chromium", "firefox"),
    [
        ("/x", "PreflightDisallowedRedirect", "CORSExternalRedirectNotAllowed"),
        ("data:,x", "PreflightDisallowedRedirect", "CORSDidNotSucceed2"),
        ("foo:bar", "PreflightDisallowedRedirect", "CORSDidNotSucceed2"),
        ("https://u:p@a.example/", "PreflightDisallowedRedirect", "CORSDidNotSucceed2"),
        ("http://a.example/", "PreflightDisallowedRedirect", "CORSDidNotSucceed2"),
        ("https://", "net::ERR_INVALID_REDIRECT", "CORSDidNotSucceed2"),
        ("", "PreflightInvalidStatus", "CORSExternalRedirectNotAllowed"),
    ],
)
def test_a_redirected_preflight(location: str, chromium: str, firefox: str) -> None:
    assert judge(to(location), method="PUT").error == chromium
    assert judge(to(location), method="PUT", profile="firefox").error == firefox
    assert judge(to(location), method="PUT", profile="standard").error == "PreflightInvalidStatus"


def test_a_redirected_preflight_without_headers() -> None:
    bare = Response(301, (("Location", "/x"),))
    assert judge(bare, method="PUT").error == "PreflightDisallowedRedirect"
    assert judge(bare, method="PUT", profile="firefox").error == "CORSMissingAllowOrigin2"
    assert judge(bare, method="PUT", profile="webkit").error == "PreflightInvalidStatus"


ALLOWED = (
    ("Access-Control-Allow-Headers", "x-a, authorization, content-type"),
    ("Access-Control-Allow-Methods", "PUT"),
)


def test_each_hop_has_its_own_preflight() -> None:
    verdict = judge(
        allowing(204, *ALLOWED),
        to("/y", 307),
        allowing(204, *ALLOWED),
        allowing(),
        method="PUT",
        headers=(("X-A", "1"),),
    )
    assert [(each.kind, each.hop) for each in verdict.judged] == [
        ("preflight", 0),
        ("request", 0),
        ("preflight", 1),
        ("request", 1),
    ]


@pytest.mark.parametrize(("profile", "sent"), [("standard", 1), ("chromium", 1), ("webkit", 1), ("firefox", 2)])
def test_firefox_preflights_what_redirects_have_stripped(profile: str, sent: int) -> None:
    verdict = judge(
        allowing(204, *ALLOWED),
        to("/y"),
        allowing(),
        profile=profile,
        method="POST",
        headers=(("Content-Type", "application/json"),),
    )
    preflights = [each for each in verdict.judged if each.kind == "preflight"]
    assert len(preflights) == sent
    if sent == 2:
        assert preflights[1].request.headers == (
            ("Accept", "*/*"),
            ("Access-Control-Request-Method", "GET"),
            ("Origin", PAGE),
        )


@pytest.mark.parametrize(("profile", "sent"), [("standard", 1), ("chromium", 1), ("firefox", 2)])
def test_firefox_preflights_what_was_preflighted(profile: str, sent: int) -> None:
    verdict = judge(allowing(204, *ALLOWED), to("/y", 303), allowing(), profile=profile, method="PUT")
    assert [each.kind for each in verdict.judged].count("preflight") == sent
    home = judge(Response(303, (("Location", API),)), allowing(), profile=profile, url=PAGE, method="PUT")
    assert not home.preflight_sent


@pytest.mark.parametrize(("profile", "origin"), [("standard", "null"), ("chromium", "null"), ("firefox", PAGE)])
def test_whose_origin_a_preflight_carries_after_tainting(profile: str, origin: str) -> None:
    any_origin = (("Access-Control-Allow-Origin", "*"), ("Access-Control-Allow-Methods", "*"))
    verdict = judge(
        Response(204, any_origin),
        Response(307, (*any_origin, ("Location", "https://b.example/"))),
        Response(204, any_origin),
        Response(200, any_origin),
        profile=profile,
        method="PUT",
    )
    assert [each.origin for each in verdict.judged] == [PAGE, PAGE, origin, "null"]


def test_firefox_does_not_check_a_preflight_to_the_own_origin() -> None:
    methods = ("Access-Control-Allow-Methods", "PUT")
    home = Response(307, (*ALLOWING, ("Location", PAGE + "/x")))
    answers = (
        allowing(204, methods),
        home,
        Response(204, (methods,)),
        Response(200, (("Access-Control-Allow-Origin", "null"),)),
    )
    assert judge(*answers, profile="firefox", method="PUT").allowed
    assert judge(*answers, method="PUT").error == "PreflightMissingAllowOriginHeader"


def test_driving_by_hand() -> None:
    verdict = drive(
        fetch(Page(PAGE), PageRequest(API), "standard"), lambda ask: to("/x") if ask.hop == 0 else allowing()
    )
    assert [each.request.url for each in verdict.judged] == [API, "https://api.example.net/x"]


@pytest.mark.parametrize(
    ("mode", "via", "error"),
    [
        ("cors", "fetch", "CORSDidNotSucceed2"),
        ("cors", "xhr", "CORSDidNotSucceed2"),
        ("same-origin", "xhr", "CORSDidNotSucceed2"),
        ("no-cors", "fetch", "js:TypeError: NetworkError when attempting to fetch resource."),
        ("same-origin", "fetch", "js:TypeError: NetworkError when attempting to fetch resource."),
    ],
)
def test_firefox_speaks_of_a_bad_port_where_the_call_is_one_with_cors(mode: str, via: str, error: str) -> None:
    port = Response(302, (("Location", PAGE + ":25/"),))
    assert judge(port, url=PAGE + "/x", mode=mode, via=via, profile="firefox").error == error


@pytest.mark.parametrize("mode", ["error", "manual"])
def test_a_redirected_preflight_that_nothing_would_follow(mode: str) -> None:
    verdict = judge(to("/x"), method="PUT", redirect=mode, profile="firefox")
    assert verdict.error == "CORSPreflightDidNotSucceed3"
    assert judge(to("data:,x"), method="PUT", redirect=mode, profile="firefox").error == "CORSPreflightDidNotSucceed3"
    assert judge(to("/x"), method="PUT", redirect=mode).error == "PreflightDisallowedRedirect"


def test_a_location_s_bytes_are_utf_8_or_replaced() -> None:
    assert judge(to("/\xc3\xa9"), allowing()).url == "https://api.example.net/%C3%A9"
    assert judge(to("/\xff"), allowing()).url == "https://api.example.net/%EF%BF%BD"
