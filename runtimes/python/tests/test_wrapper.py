"""What the vectors cannot say of the wrapper: forms of handlers, logs, arguments, time."""

import copy
import json
import logging
import sys
from asyncio import CancelledError
from collections.abc import Iterator
from decimal import Decimal
from http import HTTPStatus
from typing import Any

import pytest
from lambda_cors import Policy, PolicyError, cors

from vectors import CASES, named

EVENTS = {case["name"]: case["event"] for case in CASES}
GET = EVENTS["http_api: allowed"]
PREFLIGHT = EVENTS["http_api: preflight"]
APP = "https://app.example.com"
POLICY = named("app")
CRASH = '{"message":"Internal Server Error"}'


def answered(result: object, event: object = GET, **options: Any) -> Any:
    return cors(POLICY, **options)(lambda event, context: result)(event, None)


class Callable:
    """As Mangum and Powertools' resolvers are: an instance that is called."""

    def __call__(self, event: Any, context: Any) -> Any:
        return {"statusCode": 200, "body": context}

    def resolve(self, event: Any, context: Any) -> Any:
        return self(event, context)


def test_functions_methods_and_instances_are_handlers() -> None:
    for handler in (Callable(), Callable().resolve):
        assert cors(POLICY)(handler)(GET, "context")["body"] == "context"


def test_the_wrapped_handler_keeps_its_name_and_can_be_called_without_a_context() -> None:
    @cors(POLICY)
    def my_handler(event: Any, context: Any) -> Any:
        """What it does."""
        return context

    assert (my_handler.__name__, my_handler.__doc__) == ("my_handler", "What it does.")
    assert my_handler.__wrapped__(None, 3) == 3  # type: ignore[attr-defined]
    assert my_handler(GET)["body"] == "null"  # type: ignore[call-arg]


def test_an_exception_is_logged_with_its_trace_and_stays_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    @cors(POLICY)
    def handler(event: Any, context: Any) -> Any:
        raise KeyError("secret")

    response = handler(GET, None)
    assert "secret" not in json.dumps(response)
    assert caplog.records[0].name == "lambda_cors"
    assert caplog.records[0].levelno == logging.ERROR
    assert caplog.records[0].exc_info[0] is KeyError  # type: ignore[index]
    assert caplog.messages == ["the handler failed: 'secret'"]


class UnspeakableError(Exception):
    """An error that cannot say what it is."""

    def __str__(self) -> str:
        raise RuntimeError("no text")

    __repr__ = __str__


def test_an_error_that_cannot_be_written_is_answered_all_the_same(caplog: pytest.LogCaptureFixture) -> None:
    @cors(POLICY)
    def handler(event: Any, context: Any) -> Any:
        raise UnspeakableError

    assert handler(GET, None)["statusCode"] == 500
    assert caplog.messages == ["the handler failed: UnspeakableError"]


def test_a_log_that_refuses_a_message_gets_another(caplog: pytest.LogCaptureFixture) -> None:
    class Strict(logging.Handler):
        """As Lambda's: what fails here fails where it is logged."""

        def emit(self, record: logging.LogRecord) -> None:
            lines.append(self.format(record).encode())

    lines: list[bytes] = []
    strict = Strict()
    logging.getLogger("lambda_cors").addHandler(strict)
    try:
        for result in (ValueError("\ud800"), SystemExit("\ud800")):

            @cors(POLICY)
            def handler(event: Any, context: Any, result: Any = result) -> Any:
                raise result

            assert handler(GET, None)["headers"]["Access-Control-Allow-Origin"] == APP
    finally:
        logging.getLogger("lambda_cors").removeHandler(strict)
    assert lines == [
        b"the handler failed: ValueError",
        b"the handler failed: SystemExit",
    ]


@pytest.mark.parametrize("error", [SystemExit(3), GeneratorExit(), CancelledError()])
def test_leaving_by_another_door_is_an_error_too(error: BaseException) -> None:
    def handler(event: Any, context: Any) -> Any:
        raise error

    assert cors(POLICY)(handler)(GET, None)["statusCode"] == 500


def test_an_interrupt_is_not_caught() -> None:
    def handler(event: Any, context: Any) -> Any:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cors(POLICY)(handler)(GET, None)


def test_on_error_may_raise_on() -> None:
    def on_error(error: BaseException, event: Any) -> Any:
        assert event is GET
        raise error

    with pytest.raises(ZeroDivisionError):
        cors(POLICY, on_error=on_error)(lambda event, context: 1 / 0)(GET, None)


async def coroutine() -> None:
    """A handler that should not have been async."""


def generator() -> Iterator[int]:
    yield 1


class Odd:
    """Something JSON does not know."""


@pytest.mark.parametrize(
    ("result", "why"),
    [
        (lambda: coroutine(), "not JSON: a coroutine (the handler is async: use asyncio.run)"),
        (lambda: generator(), "not JSON: a generator"),
        (lambda: {1, 2}, "not JSON: a set"),
        (lambda: b"x", "not JSON: a bytes"),
        (lambda: {"a": Odd()}, "not JSON: a Odd"),
        (lambda: float("nan"), "not JSON: Out of range float values are not JSON compliant"),
        (lambda: Decimal("NaN"), "not JSON: "),
        (lambda: {"statusCode": 200, "body": "\ud800"}, "body is a str, not text: use json.dumps"),
        (lambda: {"statusCode": 200, "headers": {"a": "\ud800"}}, "the header 'a' is '\\ud800', not a line of text"),
        (lambda: {"statusCode": 200, "headers": {7: "x"}}, "headers is {7: 'x'}, no dict of header names"),
        (
            lambda: {"statusCode": 200, "multiValueHeaders": {"a": ["x", {}]}},
            "the header 'a' is {}, not a line of text",
        ),
        (lambda: {"statusCode": 200, "body": b"x"}, "body is a bytes, not text: use json.dumps"),
        (lambda: {"statusCode": "ten"}, "statusCode is 'ten', not a number from 100 to 599"),
        (lambda: {"statusCode": 200, "a": 1, 5: 2}, "http_api knows no 'a', 5 at the top of a response"),
        (lambda: {"statusCode": 200, "headers": {"a": ["x"]}}, "headers holds a list"),
        (lambda: {"statusCode": 200, "multiValueHeaders": {"a": "x"}}, "multiValueHeaders holds what is not a list"),
        (lambda: {"statusCode": 200, "isBase64Encoded": None}, "isBase64Encoded is neither True nor False"),
        (lambda: {"statusCode": 200, "cookies": [1]}, "1 is neither a cookie nor a statusDescription"),
    ],
)  # fmt: skip
def test_what_cannot_be_a_response_becomes_a_500_that_says_why(
    result: Any, why: str, caplog: pytest.LogCaptureFixture
) -> None:
    response = answered(result())
    assert (response["statusCode"], response["body"]) == (500, CRASH)
    assert response["headers"]["Access-Control-Allow-Origin"] == APP
    assert len(caplog.messages) == 1
    assert caplog.messages[0].startswith(f"the handler failed: {why}")
    assert caplog.records[0].exc_info is None


def test_a_coroutine_for_a_rest_api_is_closed_and_explained(caplog: pytest.LogCaptureFixture) -> None:
    assert answered(coroutine(), EVENTS["rest_api: allowed"])["statusCode"] == 500
    assert caplog.messages == [
        "the handler failed: rest_api takes no coroutine without statusCode (the handler is async: use asyncio.run)"
    ]


def test_only_a_coroutine_is_closed(caplog: pytest.LogCaptureFixture) -> None:
    made = generator()
    assert answered(made)["statusCode"] == 500
    assert next(made) == 1
    assert caplog.messages == ["the handler failed: not JSON: a generator"]


def test_a_circle_and_a_deep_result_become_a_500() -> None:
    circle: list[Any] = []
    circle.append(circle)
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]
    assert answered(circle)["statusCode"] == 500
    assert answered(deep)["statusCode"] == 500


@pytest.mark.parametrize(
    ("result", "body"),
    [
        ({"a": Decimal("1.5"), "b": Decimal(3)}, '{"a":1.5,"b":3}'),
        ((1, 2), "[1,2]"),
        ({"statusCode": HTTPStatus.CREATED, "body": "x"}, "x"),
        ("ü", "ü"),
    ],
)
def test_what_lambda_would_have_taken_is_taken(result: object, body: str) -> None:
    assert answered(result)["body"] == body


def test_an_int_enum_becomes_a_number() -> None:
    response = answered({"statusCode": HTTPStatus.CREATED})
    assert type(response["statusCode"]) is int
    assert response["statusCode"] == 201


def test_the_first_and_last_status_may_be_enums() -> None:
    assert answered({"statusCode": HTTPStatus.CONTINUE})["statusCode"] == 100
    assert answered({"statusCode": "100"})["statusCode"] == 100


def test_two_calls_share_nothing() -> None:
    result = {"statusCode": 200, "headers": {"a": "b"}, "multiValueHeaders": {"Vary": ["x"]}}
    before = copy.deepcopy(result)
    handler = cors(POLICY)(lambda event, context: result)
    first = handler(GET, None)
    first["headers"]["evil"] = "1"
    assert handler(GET, None)["headers"].get("evil") is None
    assert result == before
    crash = cors(POLICY)(lambda event, context: 1 / 0)
    crash(GET, None)["headers"]["evil"] = "1"
    assert "evil" not in crash(GET, None)["headers"]
    preflight = cors(POLICY)(lambda event, context: None)
    preflight(PREFLIGHT, None)["headers"]["evil"] = "1"
    assert "evil" not in preflight(PREFLIGHT, None)["headers"]


DECIDES = "is not the one thing that decides; write cors(policy) [policy]"
ROUTE = "names no route; write 'GET /items', 'ANY /items' or '*' [route]"
SECONDS = "is not a number of seconds; write deadline=0.5 [deadline-range]"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({}, f"policy: None {DECIDES}"),
        ({"policy": {}}, f"policy: {{}} {DECIDES}"),
        ({"policy": 7}, "policy: 7 is not a Policy; write cors(Policy(origins=…)) [policy]"),
        ({"policy": POLICY, "policy_for": lambda event: POLICY}, f"policy: {POLICY!r} {DECIDES}"),
        ({"policy": {"/x": POLICY}}, f"policy: '/x' {ROUTE}"),
        ({"policy": {"get /x": POLICY}}, f"policy: 'get /x' {ROUTE}"),
        ({"policy": {"GET x": POLICY}}, f"policy: 'GET x' {ROUTE}"),
        ({"policy": {"GET": POLICY}}, f"policy: 'GET' {ROUTE}"),
        ({"policy": {"GET /x": {}}}, "policy: {} is not a Policy; write cors(Policy(origins=…)) [policy]"),
        (
            {"policy": POLICY, "owner": "gateway"},
            "owner: 'gateway' owns nothing; write 'function' or 'front-door' [owner]",
        ),
        (
            {"policy": POLICY, "on_error": {"statusCode": 500}},
            "on_error: {'statusCode': 500} is no function; write one [on-error]",
        ),
        ({"policy": POLICY, "deadline": 0}, f"deadline: 0 {SECONDS}"),
        ({"policy": POLICY, "deadline": 900}, f"deadline: 900 {SECONDS}"),
        ({"policy": POLICY, "deadline": True}, f"deadline: True {SECONDS}"),
        ({"policy": POLICY, "deadline": "1"}, f"deadline: '1' {SECONDS}"),
    ],
)
def test_arguments_without_a_meaning_are_refused(arguments: dict[str, Any], said: str) -> None:
    with pytest.raises(PolicyError) as error:
        cors(**arguments)
    assert [str(problem) for problem in error.value.problems] == [said]


@pytest.mark.parametrize("deadline", [0.001, 1, 899.5])
def test_a_deadline_is_a_number_of_seconds(deadline: float) -> None:
    assert answered({"statusCode": 200}, deadline=deadline)["statusCode"] == 200


def test_every_kind_of_route_is_a_key() -> None:
    cors({"GET /x": POLICY, "ANY $default": POLICY, "M-SEARCH /": POLICY, "*": POLICY})


def test_the_front_door_may_own_cors_without_a_policy() -> None:
    handler = cors(owner="front-door")(lambda event, context: {"statusCode": 200, "headers": {"Vary": "a"}})
    assert handler(GET, None) == {"statusCode": 200, "headers": {"Vary": "a"}}
    assert cors(owner="front-door", policy_for=lambda event: POLICY)(lambda event, context: 1 / 0)(GET, None)[
        "headers"
    ] == {"content-type": "application/json"}


def test_what_is_not_http_may_raise() -> None:
    with pytest.raises(ZeroDivisionError):
        cors(POLICY, deadline=1)(lambda event, context: 1 / 0)({"Records": []}, None)


def test_a_policy_for_that_fails_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    def tenant(event: Any) -> Any:
        return {"unknown": Policy(origins=["https://a.example"])}["known"]

    response = cors(policy_for=tenant)(lambda event, context: None)(GET, None)
    assert response["statusCode"] == 500
    assert response["headers"] == {"content-type": "application/json", "Vary": "Origin"}
    assert caplog.messages == ["no policy for this request: 'known'"]
    assert caplog.records[0].exc_info[0] is KeyError  # type: ignore[index]


def test_routes_are_looked_up_by_the_closest_name() -> None:
    table = {
        f"GET {path}": Policy(origins=[f"https://{n}.example"])
        for n, path in enumerate(("/{proxy+}", "/a", "$default"))
    }

    def owner_of(**event: Any) -> str | None:
        made = {"headers": {"origin": event.pop("origin")}, "httpMethod": "GET", **event}
        headers: dict[str, str] = cors(table)(lambda event, context: {"statusCode": 200})(made, None)["headers"]
        return headers.get("Access-Control-Allow-Origin")

    assert owner_of(origin="https://0.example", resource="/{proxy+}", path="/a") == "https://0.example"
    assert owner_of(origin="https://1.example", resource="/none", path="/a?x=1") == "https://1.example"
    assert owner_of(origin="https://2.example", routeKey="GET $default", rawPath="/a") == "https://2.example"
    assert owner_of(origin="https://1.example", routeKey="$default", rawPath="/a") == "https://1.example"
    assert owner_of(origin="https://1.example", path="/A") is None
    assert owner_of(origin="https://1.example", path=7, resource={"a": 1}, raw_path="/a") == "https://1.example"
    assert owner_of(origin="https://1.example", raw_path="/a") == "https://1.example"


def test_names_are_remembered_up_to_a_bound() -> None:
    names = (sys.modules.get("lambda_cors.responses") or sys.modules["lambda_cors"])._PLAIN
    names.clear()
    for number in range(200):
        headers = {f"x-{number}": "1"}
        assert answered({"statusCode": 200, "headers": headers})["headers"][f"x-{number}"] == "1"
    assert len(names) == 64
