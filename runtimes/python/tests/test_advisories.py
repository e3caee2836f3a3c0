"""What other libraries were caught with: one test for each advisory."""

import inspect
import json
import logging
from pathlib import Path
from typing import Any

import lambda_cors
import pytest
from lambda_cors import Policy, PolicyError, cors

from vectors import CASES, named

EVENT: dict[str, Any] = next(case["event"] for case in CASES if case["name"] == "http_api: preflight")


def asked(policy: Policy, **headers: str) -> dict[str, str]:
    made = {**EVENT, "headers": {**EVENT["headers"], **headers}}
    answer: dict[str, Any] = cors(policy, debug=True)(lambda event, context: {"statusCode": 200})(made, None)
    return dict(answer["headers"])


def test_a_star_with_credentials_is_refused_not_reflected() -> None:
    """CVE-2026-54290 (hono), GHSA-972r-f3fv-whm3 (RESTEasy), CVE-2024-25124 (fiber)."""
    with pytest.raises(PolicyError, match="wildcard-with-credentials"):
        Policy(origins=["*"], credentials=True)


@pytest.mark.parametrize(
    "pattern",
    [
        r"https://.*\.example\.com",
        r"^https://example\.com$",
        "https://(a|b).example.com",
        r"https://[a-z]+.example.com",
    ],
)
def test_a_regular_expression_is_no_origin(pattern: str) -> None:
    """CVE-2026-37737 (sanic-cors), and the same line in others: unanchored patterns."""
    with pytest.raises(PolicyError):
        Policy(origins=[pattern])


@pytest.mark.parametrize(
    "origin",
    [
        "https://app.example.com.evil.test",
        "https://app.example.comevil.test",
        "https://evil.test/https://app.example.com",
    ],
)
def test_the_beginning_of_an_origin_is_not_the_origin(origin: str) -> None:
    """CVE-2022-3457: `startswith`."""
    assert not named("app").allows(origin)


def test_no_private_network_header_is_ever_sent() -> None:
    """CVE-2024-6221 (flask-cors): Access-Control-Allow-Private-Network for everybody."""
    headers = asked(named("app"), **{"access-control-request-private-network": "true"})
    assert "private" not in json.dumps(headers).lower()
    assert "private-network" not in "".join(path.read_text() for path in sources()).lower()


def test_a_route_is_never_chosen_by_case_or_pattern() -> None:
    """CVE-2024-6866, -6844, -6839 (flask-cors): case, `+` and regular expressions in paths."""
    table = {"GET /items": Policy(origins="*"), "*": Policy(origins=["https://app.example.com"])}
    for path in ("/Items", "/items/", "/items+", "/ite%6ds", "//items", "/items/1"):
        http = {"method": "GET", "path": path}
        event = {
            "version": "2.0",
            "rawPath": path,
            "headers": {"origin": "https://e.test"},
            "requestContext": {"http": http},
        }
        assert (
            "Access-Control-Allow-Origin"
            not in cors(table)(lambda event, context: {"statusCode": 200})(event, None)["headers"]
        )


def test_no_line_of_the_log_is_made_by_the_request(caplog: pytest.LogCaptureFixture) -> None:
    """CVE-2024-1681 (flask-cors): line breaks of a request in the log."""
    with caplog.at_level(logging.WARNING):
        asked(named("app"), origin="https://evil.test\r\nERROR all is lost")
    assert len(caplog.messages) == 1
    assert "\n" not in caplog.messages[0]
    assert "\r" not in caplog.messages[0]


@pytest.mark.parametrize("names", ["," * 10_000, "a," * 5_000, " " * 10_000, "a" * 10_000])
def test_a_long_list_of_header_names_is_not_read(names: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """rs/cors#170, go-chi/cors#36: work per comma. Here none is done: the value is not even split."""

    class Unsplit(str):
        __slots__ = ()

        def split(self, *args: Any) -> Any:
            raise AssertionError("split")

    assert named("app").refuses("https://app.example.com", "GET", Unsplit(names)) == "headers"


def test_a_denied_response_varies_too() -> None:
    """express/cors#330, middy#1251, h3#1456, vertx-web#2880."""
    assert named("app").headers_for("https://evil.test") == {"Vary": "Origin"}
    assert named("app").headers_for(None) == {"Vary": "Origin"}


def test_the_policy_has_no_callback_and_no_default() -> None:
    parameters = inspect.signature(Policy).parameters.values()
    assert {parameter.kind for parameter in parameters} == {inspect.Parameter.KEYWORD_ONLY}
    with pytest.raises(PolicyError):
        Policy()


def sources() -> list[Path]:
    return sorted(Path(lambda_cors.__file__).parent.glob("*.py"))
