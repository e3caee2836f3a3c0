"""The course of a call: what is asked for, in which order, and what stops it."""

from __future__ import annotations

import pytest

from corsmith.api.exchange import NetworkFailure, Response
from corsmith.browser import Kind, Page, PageRequest, fetch

from .calls import ALLOWING, API, LOST, PAGE, allowing, judge

PROFILES = ("standard", "chromium", "firefox", "webkit")


def test_a_preflight_is_exactly_this() -> None:
    headers = (("X-B", "1"), ("Authorization", "b"), ("Accept", "a"))
    asking = fetch(Page(PAGE), PageRequest(API, "put", headers, "include", body=b"x"), "chromium")
    ask = next(asking)
    assert (ask.kind, ask.hop, ask.request.method, ask.request.url, ask.request.body) == (
        "preflight",
        0,
        "OPTIONS",
        API,
        None,
    )
    assert ask.request.headers == (
        ("Accept", "*/*"),
        ("Access-Control-Request-Method", "PUT"),
        ("Access-Control-Request-Headers", "authorization,x-b"),
        ("Origin", PAGE),
    )
    ask = asking.send(
        allowing(
            204,
            ("Access-Control-Allow-Credentials", "true"),
            ("Access-Control-Allow-Methods", "PUT"),
            ("Access-Control-Allow-Headers", "X-B,Authorization"),
        )
    )
    assert (ask.kind, ask.request.method, ask.request.body) == ("request", "PUT", b"x")
    assert ask.request.headers == (*headers, ("Content-Type", "text/plain;charset=UTF-8"), ("Origin", PAGE))
    asking.close()


def test_a_content_type_of_the_page_stays() -> None:
    verdict = judge(method="POST", body=b"x", headers=(("content-type", "text/plain"),))
    assert verdict.judged[0].request.headers == (("content-type", "text/plain"), ("Origin", PAGE))


def test_a_call_to_the_own_origin_needs_nothing() -> None:
    verdict = judge(
        Response(200, (("X-A", "1"), ("Set-Cookie", "a"))), url=PAGE + "/x", method="PUT", headers=(("X-A", "1"),)
    )
    assert verdict.allowed
    assert (verdict.tainting, verdict.exposed, verdict.preflight_sent) == ("basic", ("x-a",), False)
    assert verdict.judged[0].request.headers == (("X-A", "1"), ("Origin", PAGE))
    assert judge(Response(200), url=PAGE + "/x").judged[0].request.headers == ()


def test_opaque_origins_have_no_own() -> None:
    assert judge(Response(200), page=Page("null"), url="https://x.example/").error == "MissingAllowOriginHeader"


@pytest.mark.parametrize("profile", PROFILES)
def test_a_lost_connection_is_no_matter_of_cors(profile: str) -> None:
    verdict = judge(LOST, profile=profile)
    assert verdict.error == ("CORSDidNotSucceed2" if profile == "firefox" else "net::ERR_CONNECTION_REFUSED")
    assert judge(LOST, profile=profile, method="PUT").failure == verdict.failure.__class__(
        Kind.NETWORK, "preflight", "net::ERR_CONNECTION_REFUSED"
    )
    assert judge(NetworkFailure("the host is not known"), profile="chromium").error == "net::ERR_FAILED"


@pytest.mark.parametrize("profile", PROFILES)
def test_a_nul_makes_no_response(profile: str) -> None:
    bad = Response(200, (*ALLOWING, ("X", "a\x00")))
    for verdict, at in (
        (judge(bad, profile=profile), "request"),
        (judge(bad, profile=profile, method="PUT"), "preflight"),
    ):
        assert verdict.failure is not None
        assert (verdict.failure.kind, verdict.failure.at, verdict.failure.status) == (Kind.INVALID_RESPONSE, at, 200)


@pytest.mark.parametrize(("profile", "allowed"), [("standard", True), ("chromium", False), ("firefox", True)])
def test_a_proxy_s_answer(profile: str, allowed: bool) -> None:
    assert judge(allowing(407), profile=profile).allowed is allowed
    verdict = judge(allowing(407), profile=profile, method="PUT")
    assert (
        verdict.error
        == {
            "standard": "PreflightInvalidStatus",
            "chromium": "net::ERR_UNEXPECTED_PROXY_AUTH",
            "firefox": "CORSPreflightDidNotSucceed3",
        }[profile]
    )


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("foo:bar", Kind.SCHEME),
        ("ws://a.example/", Kind.SCHEME),
        ("https://a.example:6000/", Kind.BAD_PORT),
        ("http://a.example/", Kind.MIXED_CONTENT),
        ("http://192.168.0.1/", Kind.MIXED_CONTENT),
        ("http://localhost:3000/", None),
    ],
)
def test_what_stops_a_call_before_it_is_sent(url: str, kind: Kind | None) -> None:
    verdict = judge(url=url, profile="standard")
    assert (verdict.failure.kind if verdict.failure else None) is kind
    assert bool(verdict.judged) is (kind is None)


def test_an_http_page_may_call_http() -> None:
    assert judge(
        Response(200, (("Access-Control-Allow-Origin", "*"),)), page=Page("http://a.example"), url="http://b.example/"
    ).allowed


def test_chromium_asks_where_others_block() -> None:
    assert judge(url="http://192.168.0.1/").allowed
    assert (
        judge(url="http://192.168.0.1/", profile="firefox").failure
        == judge(url="http://x.example/", profile="firefox").failure
    )


@pytest.mark.parametrize(
    ("page", "url", "error"),
    [
        ("https://app.example.com", "http://localhost/", "LocalNetworkAccessPermissionDenied"),
        ("https://app.example.com", "https://10.0.0.1/", "LocalNetworkAccessPermissionDenied"),
        ("http://app.example.com", "http://127.0.0.1/", "InsecureLocalNetwork"),
        ("http://192.168.0.2", "http://localhost/", "InsecureLocalNetwork"),
        ("http://localhost:1", "http://localhost:2/", None),
        ("http://localhost:1", "http://10.0.0.1/", None),
        ("https://app.example.com", "https://b.example/", None),
    ],
)
def test_a_user_who_denies_the_local_network(page: str, url: str, error: str | None) -> None:
    any_origin = Response(200, (("Access-Control-Allow-Origin", "*"),))
    assert judge(any_origin, page=Page("null", "denied"), url="http://localhost/").error == "InsecureLocalNetwork"
    verdict = judge(any_origin, page=Page(page, "denied"), url=url)
    assert verdict.error == error
    assert judge(any_origin, page=Page(page, "denied"), url=url, profile="firefox").allowed
    assert judge(any_origin, page=Page(page), url=url).allowed


def test_a_sandboxed_page_is_as_secure_as_its_server() -> None:
    any_origin = Response(200, (("Access-Control-Allow-Origin", "*"),))
    assert (
        judge(any_origin, page=Page("null", delivered_by="https://a.example"), url="http://b.example/").error
        == "blocked:mixed-content"
    )
    assert judge(any_origin, page=Page("null"), url="http://b.example/").allowed


@pytest.mark.parametrize("profile", PROFILES)
def test_modes(profile: str) -> None:
    same = judge(profile=profile, mode="same-origin")
    assert same.failure is not None
    assert same.failure.kind is Kind.MODE_SAME_ORIGIN
    blind = judge(Response(200), profile=profile, mode="no-cors")
    assert (blind.allowed, blind.tainting, blind.exposed) == (True, "opaque", ())
    manual = judge(Response(200), profile=profile, mode="no-cors", redirect="manual")
    assert manual.failure is not None
    assert manual.failure.kind is Kind.MODE_NO_CORS_REDIRECT
    assert judge(profile=profile, mode="same-origin", via="xhr").tainting == "cors"
    assert judge(profile=profile, mode="another").tainting == "cors"


@pytest.mark.parametrize(
    ("policy", "url", "error"),
    [
        ("same-origin", API, "blocked:corp-not-same-origin"),
        ("same-site", API, "blocked:corp-not-same-site"),
        ("same-site", "https://api.example.com/", None),
        ("cross-origin", API, None),
        ("Same-Origin", API, None),
    ],
)
def test_a_resource_policy_counts_without_cors(policy: str, url: str, error: str | None) -> None:
    answer = Response(200, (*ALLOWING, ("Cross-Origin-Resource-Policy", policy)))
    assert judge(answer, url=url, mode="no-cors").error == error
    assert judge(answer, url=url).allowed


@pytest.mark.parametrize(
    ("profile", "body", "sent"),
    [
        ("standard", None, True),
        ("firefox", None, True),
        ("chromium", None, False),
        ("chromium", b"x", True),
        ("webkit", b"x", True),
    ],
)
def test_an_upload_listener_forces_a_preflight(profile: str, body: bytes | None, sent: bool) -> None:
    assert judge(profile=profile, method="POST", via="xhr-upload", body=body).preflight_sent is sent
    assert not judge(profile=profile, method="POST", via="xhr", body=body).preflight_sent


def test_streams() -> None:
    asking = fetch(Page(PAGE), PageRequest(API, "POST", stream=True), "chromium")
    assert next(asking).kind == "preflight"
    assert asking.send(allowing(204)).streamed
    asking.close()
    assert not judge(profile="firefox", method="POST", stream=True).preflight_sent
    # Chromium makes it a call with CORS, whatever the mode.
    assert judge(method="POST", stream=True, mode="same-origin").allowed
    assert judge(method="POST", stream=True, mode="same-origin", profile="standard").error == "DisallowedByMode"


def test_xmlhttprequest_drops_a_body_that_the_method_does_not_take() -> None:
    assert judge(via="xhr", body=b"x").judged[0].request.body is None


def test_authorization_under_a_wildcard() -> None:
    answers = (Response(204, (*ALLOWING, ("Access-Control-Allow-Headers", "*"))), allowing())
    for profile in ("chromium", "firefox", "webkit"):
        verdict = judge(*answers, profile=profile, headers=(("Authorization", "b"),))
        assert verdict.allowed
        assert [remark.code for remark in verdict.advice] == ["authorization-under-wildcard"]
    assert judge(*answers, profile="standard", headers=(("Authorization", "b"),)).failed_parameter == "authorization"


def test_the_failure_names_header_and_value() -> None:
    verdict = judge(
        Response(200, (("access-control-allow-origin", "https://a"), ("Access-Control-Allow-Origin", "https://a")))
    )
    assert verdict.failure is not None
    failure = verdict.failure
    assert (failure.header, failure.parameter, failure.at, failure.status, failure.lines) == (
        "access-control-allow-origin",
        "https://a, https://a",
        "request",
        200,
        1,
    )
    credentials = judge(Response(200, ALLOWING), credentials="include").failure
    assert credentials is not None
    assert (credentials.header, credentials.parameter) == ("access-control-allow-credentials", "")
    missing = judge(Response(500)).failure
    assert missing is not None
    assert (missing.header, missing.parameter, missing.status) == ("access-control-allow-origin", None, 500)
    method = judge(allowing(204), method="PUT").failure
    assert method is not None
    assert (method.header, method.parameter, method.at) == ("access-control-allow-methods", "PUT", "preflight")


def test_firefox_counts_lines_written_as_the_standard_writes_them() -> None:
    twice = Response(200, (("Access-Control-Allow-Origin", PAGE),) * 2)
    lower = Response(200, (("access-control-allow-origin", PAGE),) * 2)
    assert judge(twice, profile="firefox").error == "CORSMultipleAllowOriginNotAllowed"
    assert judge(lower, profile="firefox").error == "CORSAllowOriginNotMatchingOrigin"


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("https://a b", Kind.SEVERAL_ORIGINS),
        ("a,b", Kind.SEVERAL_ORIGINS),
        ("null", Kind.ORIGIN_MISMATCH),
        ("https://other.example", Kind.ORIGIN_MISMATCH),
        ("chrome-extension://abc", Kind.ORIGIN_MISMATCH),
        ("Null", Kind.INVALID_ALLOW_ORIGIN),
        ("", Kind.INVALID_ALLOW_ORIGIN),
        ("https://a\xa0", Kind.INVALID_ALLOW_ORIGIN),
        ("https://\xc3\xa9.example", Kind.ORIGIN_MISMATCH),
        ("https://\u20ac", Kind.INVALID_ALLOW_ORIGIN),
    ],
)
def test_how_a_wrong_origin_is_called(value: str, kind: Kind) -> None:
    failure = judge(Response(200, (("Access-Control-Allow-Origin", value),))).failure
    assert failure is not None
    assert failure.kind is kind


@pytest.mark.parametrize("name", ["WWW-Authenticate", "Proxy-Authenticate"])
@pytest.mark.parametrize(
    ("values", "readable"), [(("a",), True), (("a", ""), True), (("a", "b"), False), (("", "a", "b"), False)]
)
def test_firefox_hides_repeated_challenges_from_fetch(name: str, values: tuple[str, ...], readable: bool) -> None:
    answer = allowing(401, ("Access-Control-Expose-Headers", f"{name}, x"), ("X", "1"), *((name, v) for v in values))
    assert (name.lower() in judge(answer, profile="firefox").exposed) is readable
    assert name.lower() in judge(answer, profile="firefox", via="xhr").exposed
    assert name.lower() in judge(answer).exposed
    assert "x" in judge(answer, profile="firefox").exposed


@pytest.mark.parametrize(
    ("values", "firefox"), [(("", PAGE), True), ((PAGE, ""), True), ((PAGE, PAGE), False), (("*", PAGE), False)]
)
def test_an_empty_value_is_none_to_firefox(values: tuple[str, str], firefox: bool) -> None:
    names = ("Access-Control-Allow-Origin", "access-control-allow-origin")
    answer = Response(200, tuple(zip(names, values, strict=True)))
    assert judge(answer).error == "MultipleAllowOriginValues"
    assert judge(answer, profile="firefox").allowed is firefox
    assert judge(answer, profile="firefox", method="DELETE").judged[0].kind == "preflight"


def test_mixed_content_or_a_bad_port() -> None:
    assert judge(url="http://a.example:25/").error == "blocked:mixed-content"
    assert judge(url="https://a.example:25/").error == "net::ERR_UNSAFE_PORT"


def test_a_proxy_s_status_is_told() -> None:
    for method in ("GET", "PUT"):
        failure = judge(allowing(407), method=method).failure
        assert failure is not None
        assert (failure.kind, failure.status) == (Kind.PROXY_AUTHENTICATION, 407)
