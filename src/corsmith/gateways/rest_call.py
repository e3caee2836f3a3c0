"""One request inside a REST API: the API, the place, and the method that took it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from corsmith.api.exchange import Headers, Response
from corsmith.api.rest_api import GatewayResponse, RestApi, RestMethod

from .address import ACCOUNT, Place, identifier
from .asks import Event
from .call import Call
from .events import rest as events
from .rest_errors import GatewayError, respond
from .rest_expressions import RequestScope


class RestCall:
    """What the steps of a REST API share.

    `resource` is "" until a method was found; `authorizer` is what an authorizer that let the caller pass hands on.
    """

    __slots__ = ("api", "authorizer", "call", "errors", "path_parameters", "place", "resource")

    def __init__(self, api: RestApi, call: Call, errors: Mapping[str, GatewayResponse], place: Place | None) -> None:
        self.api = api
        self.call = call
        self.errors = errors
        self.place = place
        self.resource = ""
        self.path_parameters: dict[str, str] = {}
        self.authorizer: dict[str, Any] | None = None

    def take(self, method: RestMethod, path_parameters: dict[str, str]) -> None:
        """Note the method that takes the request."""
        self.resource = method.path
        self.path_parameters = path_parameters

    @property
    def found(self) -> Place:
        """The place, once the address was understood."""
        assert self.place is not None
        return self.place

    def error(self, error: GatewayError, detail: str = "") -> Response:
        """Return a gateway response. `detail` fills the gap in its message. Raises `Undecided`."""
        if detail:
            error = replace(error, body=error.body.replace(b"%s", detail.encode()))
        return respond(error, self.errors, self.call, self.scope())

    def scope(self, returned: Headers | None = ()) -> RequestScope:
        """Return what mapping expressions can name."""
        return RequestScope(self.call, self.path_parameters, self.context, returned)

    def context(self) -> dict[str, str]:
        """Return the variables of `$context` that are text, under their dotted names."""
        circumstances = self.call.circumstances
        found = {
            "accountId": ACCOUNT,
            "apiId": identifier(self.api.name),
            "httpMethod": self.call.method,
            "identity.sourceIp": circumstances.source_ip,
            "identity.userAgent": self.call.header("user-agent") or "",
            "path": "" if self.place is None else self.place.prefix + self.place.path,
            "protocol": circumstances.protocol,
            "requestId": circumstances.request_id,
            "resourcePath": self.resource,
            "stage": "" if self.place is None else self.place.name,
        }
        for name, value in (self.authorizer or {}).items():
            if name == "claims":
                found.update((f"authorizer.claims.{claim}", text) for claim, text in value.items())
            else:
                found[f"authorizer.{name}"] = value
        return found

    def is_binary(self, media_types: tuple[str, ...]) -> bool:
        """Say whether one of `media_types` is among the API's binary media types."""
        binary = self.binary_types()
        return any(each == "*/*" or each in media_types for each in binary)

    def binary_types(self) -> tuple[str, ...]:
        """Return the API's binary media types, without their JSON-pointer escapes. Raises `Undecided`."""
        items = self.api.binary_media_types.get()
        return tuple(item.get().replace("~1", "/").lower() for item in items) if items else ()

    def event(self) -> Event:
        """Return the event of a Lambda proxy integration."""
        event = events.proxy(self.api.name, self.call, self.found, self.resource, self.path_parameters)
        if self.authorizer is not None:
            event["requestContext"]["authorizer"] = self.authorizer
        body = self.call.request.body
        if body and self.is_binary((media_type(self.call),)):
            return events.with_binary_body(event, body)
        return event


def media_type(call: Call) -> str:
    """Return the request's media type without parameters, in lower case; application/json where none is named."""
    return (call.header("content-type") or "application/json").partition(";")[0].strip().lower()


def accepted(call: Call) -> str:
    """Return the first media type of the Accept header, in lower case; application/json without one."""
    return (call.header("accept") or "application/json").partition(",")[0].partition(";")[0].strip().lower()
