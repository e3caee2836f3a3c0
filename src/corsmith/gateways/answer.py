"""The front doors, by their type."""

from __future__ import annotations

from collections.abc import Generator

from corsmith.api.exchange import Request
from corsmith.api.function_url import FunctionUrl
from corsmith.api.http_api import HttpApi, HttpRoute
from corsmith.api.model import FrontDoor
from corsmith.api.rest_api import RestApi, RestMethod

from . import function_url, http_api, rest_api
from .address import api_host, stage_name
from .asks import Answered, Ask, Told
from .assumptions import WORKING, Assumptions
from .call import Call
from .circumstances import NORMAL, Circumstances


def answer(
    front_door: FrontDoor,
    request: Request,
    circumstances: Circumstances = NORMAL,
    assumptions: Assumptions = WORKING,
) -> Generator[Ask, Told, Answered]:
    """Return the response that `front_door` gives to `request`, asking the driver where a function or caller decides.

    Raises `corsmith.api.value.Undecided` where the answer depends on a setting that is not known.
    """
    call = Call(request, circumstances, assumptions)
    serving = circumstances.deployed or front_door
    if isinstance(serving, RestApi):
        return rest_api.answer(serving, call)
    if isinstance(serving, HttpApi):
        return http_api.answer(serving, call)
    return function_url.answer(serving, call)


def base_url(front_door: FrontDoor, stage: str | None = None) -> str:
    """Return the address AWS would give `front_door`, without a trailing slash: `https://host[/stage]`.

    `stage` None: the first stage. A stage called `$default` is no part of the address.
    """
    if isinstance(front_door, FunctionUrl):
        return f"https://{function_url.host(front_door.name)}"
    name = stage
    if name is None:
        name = stage_name(front_door.stages[0]) if front_door.stages else "$default"
    return f"https://{api_host(front_door.name)}" + ("" if name == "$default" else f"/{name}")


def match(front_door: FrontDoor, method: str, path: str) -> RestMethod | HttpRoute | FunctionUrl | None:
    """Return the declared method or route that takes `method` on `path` (no stage prefix), or None.

    A Function URL takes everything itself.
    """
    if isinstance(front_door, RestApi):
        return rest_api.match(front_door, method, path)
    if isinstance(front_door, HttpApi):
        return http_api.match(front_door, method, path)
    return front_door
