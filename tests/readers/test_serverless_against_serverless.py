"""What is read from a service is what is read from the template that Serverless packages of it."""

from __future__ import annotations

from typing import Any

import pytest

from corsmith.api.rest_api import Mapped, Mock, RestApi
from corsmith.readers import read

from .record_serverless import RECORDED
from .serverless_fixtures import NAMES, tree_of
from .translated import comparable, plain


@pytest.mark.parametrize("name", NAMES)
def test_the_model_is_that_of_what_serverless_packages(name: str) -> None:
    tree = tree_of(name)
    mine, theirs = read(tree, "serverless.yml"), read(tree, RECORDED)
    assert mine is not None
    assert theirs is not None
    assert not mine.problems
    assert not mine.refused
    assert mine.front_doors
    assert without_permissions_of_urls(comparable(mine)) == without_permissions_of_urls(comparable(theirs))
    assert functions(mine) == functions(theirs)
    for a, b in zip(rest_apis(mine), rest_apis(theirs), strict=True):
        assert sorted(plain(a.api_keys), key=str) == sorted(plain(b.api_keys), key=str)
        assert plain(a.refusals) == plain(b.refusals)
        assert handling(a) == handling(b)


def functions(api: Any) -> dict[str, Any]:
    """The functions as plain data."""
    return {
        each.name: [*map(plain, (each.runtime, each.handler, each.timeout)), dict(plain(each.environment))]
        for each in api.functions
    }


def rest_apis(api: Any) -> list[RestApi]:
    """The REST APIs among the front doors."""
    return [door for door in api.front_doors if isinstance(door, RestApi)]


def handling(api: RestApi) -> dict[str, Any]:
    """What is done about binary content, and about content types without a template."""
    return {
        f"{each.verb} {each.path}": [
            plain(each.integration.passthrough),
            sorted(name for name, _ in each.integration.request_templates),
            plain(getattr(each.integration, "content_handling", None)),
            [plain(response.content_handling) for response in each.integration.responses],
        ]
        for each in api.methods
        if isinstance(each.integration, Mock | Mapped)
    }


def without_permissions_of_urls(model: dict[str, Any]) -> dict[str, Any]:
    """Leave out which permissions a URL has: that depends on Serverless's version, and 3.40 writes only one of the two."""
    return {
        name: {k: v for k, v in door.items() if k != "may"} if isinstance(door, dict) else door
        for name, door in model.items()
    }
