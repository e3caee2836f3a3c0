"""What would repair a REST API's methods and responses, and the credentials that a front door does not allow."""

from __future__ import annotations

from collections.abc import Iterator

from corsmith.api.fix import Edit, Fix
from corsmith.api.rest_api import Mock, RestApi, RestMethod
from corsmith.api.value import Known
from corsmith.fixes import sam, templates
from corsmith.fixes.cors_settings import CREDENTIALS, add_setting
from corsmith.fixes.literals import write_text
from corsmith.fixes.python_headers import replace_text
from corsmith.fixes.rest import headers_of_preflight, headers_of_response

from .blocked import ALLOW_ORIGIN, Blocked
from .proposals import add_headers, configure_cors, lets_everybody_in, settings_of
from .rule import by_hand


def free_preflight(blocked: Blocked) -> Iterator[Fix]:
    """Take the authorizer and the API key off the OPTIONS method."""
    edits = templates.free_preflight(blocked.tree, blocked.cell.api, blocked.front_door)
    if edits:
        yield Fix("Let preflights pass without the authorizer and the API key", safe=True, edits=edits)
    if isinstance(blocked.takes, RestMethod):
        path = blocked.takes.path
        for edits in (
            sam.free_options_event(blocked.tree, blocked.cell.api, path),
            templates.free_method(blocked.tree, blocked.takes),
        ):
            if edits:
                yield Fix(f"Take the authorizer off OPTIONS {path}", safe=True, edits=edits)
    if isinstance(blocked.takes, RestMethod) and blocked.takes.verb != "OPTIONS":
        # ANY takes OPTIONS too: a method of its own has no authorizer.
        yield from configure_cors(blocked)


def gateway_responses(blocked: Blocked) -> Iterator[Fix]:
    """Give API Gateway's own errors the headers."""
    edits = templates.gateway_responses(blocked.tree, blocked.cell.api, blocked.front_door, blocked.wanted)
    if edits:
        safe = not lets_everybody_in(blocked, edits)
        yield Fix("Send the CORS headers with API Gateway's own errors", safe=safe, edits=edits)
    door = blocked.front_door
    if len(blocked.wanted.origins) > 1 and blocked.wanted.credentials:
        yield from by_hand("Choose the page that sees API Gateway's own errors", _ONE_PAGE)
    if not isinstance(door, RestApi) or len(blocked.wanted.origins) < 2 or blocked.wanted.credentials:
        return
    opened: list[Edit] = []
    for answer in door.gateway_responses:
        for name, value in answer.parameters:
            if name.lower() == ALLOW_ORIGIN and isinstance(value, Known) and value.span is not None:
                bare = value.value.strip("'")
                edits = write_text(blocked.tree, value.span, value.value, "'*'")
                opened += edits or replace_text(blocked.tree, value.span, bare, "*")
    if opened:
        title = "Let every page see API Gateway's own errors: a literal names one, and several call"
        yield Fix(title, safe=False, edits=tuple(dict.fromkeys(opened)))


_ONE_PAGE = (
    "A gateway response names one origin, and several pages call with credentials: write the origin of the page for which the "
    "real error matters most. Do not map the request's Origin there: every site could then read these answers."
)


def map_headers(blocked: Blocked) -> Iterator[Fix]:
    """Let the mapped integration or the mock that answered send the CORS headers."""
    door = blocked.front_door
    method = blocked.takes if blocked.at_preflight else blocked.cell.route.declared
    if not isinstance(door, RestApi) or not isinstance(method, RestMethod):
        return
    mock = blocked.at_preflight and isinstance(method.integration, Mock)
    wanted = blocked.wanted
    headers = headers_of_preflight(door, wanted, method.path) if mock else headers_of_response(wanted)
    edits = templates.map_headers(blocked.tree, blocked.cell.api, method, headers) if headers is not None else ()
    if edits:
        safe = not lets_everybody_in(blocked, edits)
        yield Fix(f"Map the CORS headers in {method.verb} {method.path}", safe=safe, edits=edits)


def mend_mock(blocked: Blocked) -> Iterator[Fix]:
    """Let the mock of OPTIONS choose the status of its responses, and send the CORS headers."""
    method = blocked.takes
    if not isinstance(method, RestMethod):
        return
    edits = templates.answer_with_status(blocked.tree, method)
    if edits:
        yield Fix(f"Let the mock of OPTIONS {method.path} choose its status", safe=True, edits=edits)
    for more in map_headers(blocked):
        yield Fix(f"Let the mock of OPTIONS {method.path} answer", more.safe, (*edits, *more.edits))


def take_as_text(blocked: Blocked) -> Iterator[Fix]:
    """Let the mock of OPTIONS take the preflight's body for text."""
    if isinstance(blocked.takes, RestMethod):
        edits = templates.as_text(blocked.tree, blocked.takes)
        if edits:
            yield Fix("Set contentHandling CONVERT_TO_TEXT on the mock", safe=True, edits=edits)


def allow_credentials(blocked: Blocked) -> Iterator[Fix]:
    """Say in the front door's settings, in its mapped responses, and in the code, that credentials are allowed."""
    settings = settings_of(blocked)
    if settings is not None:
        edits = add_setting(blocked.tree, blocked.cell.api, blocked.front_door, settings, CREDENTIALS, blocked.wanted)
        if edits:
            yield Fix(f"Allow credentials on {blocked.front_door.name}", safe=True, edits=edits)
    yield from map_headers(blocked)
    yield from add_headers(blocked)
