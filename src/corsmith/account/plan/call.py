"""A call that changes an account, and the thing it changes."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from corsmith.account.snapshot import Place

Json = dict[str, Any]


class Thing(Struct, frozen=True):
    """The smallest part of an account that a call changes, and that is read again before and after it.

    `kind` and `part`: "method" (resource id, verb), "gateway-response" (type), "stage" (name), "http-cors" (), "route"
    (route id), "new-route" (route key), "http-stage" (name), "url-cors" (qualifier, "" for none), "permission" (qualifier,
    statement id). `owner` is the API's id or the function's name; `label` is for people: "OPTIONS /items of REST API shop".
    """

    place: Place
    kind: str
    owner: str
    part: tuple[str, ...]
    label: str

    @property
    def key(self) -> tuple[Place, str, str, tuple[str, ...]]:
        """What tells it from others, whatever it is called."""
        return (self.place, self.kind, self.owner, self.part)


class Request(Struct, frozen=True):
    """A request to AWS, in the words of its API: service "apigateway", operation "PutMethod", the parameters."""

    service: str
    operation: str
    parameters: Json


class Call(Struct, frozen=True):
    """One request that changes `thing`.

    `before` and `after` are what AWS returns of the thing, None where there is none; `after` is worked out, not yet seen.
    `why` names the rules whose findings it ends. `inverse` is what undoes it.
    """

    thing: Thing
    request: Request
    before: Json | None
    after: Json | None
    why: tuple[str, ...]
    inverse: tuple[Request, ...] = ()
    note: str = ""
    """What else it does, as a sentence: what a deployment publishes besides."""
