"""The vectors of both runtimes, as this language reads them."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lambda_cors import Policy, cors

FOLDER = next(folder / "vectors" for folder in Path(__file__).parents if (folder / "vectors/requests.json").exists())
POLICIES: list[dict[str, Any]] = json.loads((FOLDER / "policies.json").read_text())
SETTINGS: list[dict[str, Any]] = json.loads((FOLDER / "settings.json").read_text())
REQUESTS: dict[str, Any] = json.loads((FOLDER / "requests.json").read_text())
CASES: list[dict[str, Any]] = REQUESTS["cases"]


class Context:
    """What Lambda passes as the context, as far as the wrapper looks at it."""

    def __init__(self, milliseconds: int) -> None:
        self.end = time.monotonic() + milliseconds / 1000

    def get_remaining_time_in_millis(self) -> int:
        return int((self.end - time.monotonic()) * 1000)


def named(name: str) -> Policy:
    """One of the policies that the cases name."""
    return Policy(**REQUESTS["policies"][name])


def handler_of(case: dict[str, Any]) -> Callable[[Any, Any], Any]:
    """The handler that a case describes, wrapped as the case says."""
    does = case["handler"]

    def handler(event: object, context: object) -> object:
        if "raises" in does:
            raise RuntimeError(does["raises"])
        if "sleeps" in does:
            time.sleep(does["sleeps"])
        return does.get("returns")

    options = dict(case["options"])
    policy: Any = named(case["policy"])
    if "routes" in options:
        policy = {key: named(name) for key, name in options.pop("routes").items()}
    if "policy_for" in options:
        policy, tenant = None, options["policy_for"]
        options["policy_for"] = lambda event: {"app": named("app")}.get(event["headers"][tenant])
    if "on_error" in options:
        said = options["on_error"]
        options["on_error"] = lambda error, event: said.get("response", f"{said.get('body')}{error}")
    return cors(policy, **options)(handler)


def leaves(response: dict[str, Any]) -> dict[str, Any]:
    """What leaves the front door: status, headers by lower-case name, body and cookies. No header is in two places."""
    maps = [m for m in (response.get("headers"), response.get("multiValueHeaders")) if m]
    names = [name.lower() for held in maps for name in held]
    assert len(names) == len(set(names)), f"a header in two places: {names}"
    headers = {
        name.lower(): value[0] if isinstance(value, list) and len(value) == 1 else value
        for held in maps
        for name, value in held.items()
    }
    said = {"status": response["statusCode"], "headers": headers, "body": response.get("body")}
    return {**said, "cookies": response["cookies"]} if "cookies" in response else said


def agrees(case: dict[str, Any], response: Any) -> None:
    """Fails where the response is not what the case expects."""
    expect = case["expect"]
    if "untouched" in expect:
        assert response == case["handler"]["returns"]
        return
    said = leaves(response)
    assert {key: said.get(key) for key in expect} == expect
    context = case["event"].get("requestContext") or {}
    assert ("headers" in response) == ("headers" in case["event"] or "elb" not in context)
