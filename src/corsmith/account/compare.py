"""What differs between two definitions of one API, as far as it matters to pages: down to the values of headers.

Used for a stage beside the working copy (REST API: what is changed takes effect only when it is deployed), and for an
account beside the project in a folder. Names of headers are compared without their case, and so are the values that an
HTTP API or a Function URL stores in lower case.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from corsmith.api.front_door import Authorizer
from corsmith.api.function_url import FunctionUrl, FunctionUrlCors
from corsmith.api.http_api import HttpApi, HttpApiCors
from corsmith.api.model import FrontDoor
from corsmith.api.rest_api import Mapped, Mock, Parameters, RestApi, RestMethod
from corsmith.api.span import Span
from corsmith.api.value import Known, OneOf, Text, Unknown

_LISTS = (
    ("AllowOrigins", "allow_origins"),
    ("AllowMethods", "allow_methods"),
    ("AllowHeaders", "allow_headers"),
    ("ExposeHeaders", "expose_headers"),
)
_SINGLE = (("MaxAge", "max_age"), ("AllowCredentials", "allow_credentials"))
_NOT_SET = "not set"


class Difference(Struct, frozen=True):
    """One thing that differs. `what` names it; `old` and `new` are its values, None where it is not there.

    `span` is where it stands in the new definition, or in the old one where the new one lacks it; `old_span` where it
    stands in the old one.
    """

    what: str
    old: str | None
    new: str | None
    span: Span | None = None
    old_span: Span | None = None


class _Unsure:
    """A value that is not known equals any other: nothing can be said of it."""

    def __eq__(self, other: object) -> bool:
        return True

    def __ne__(self, other: object) -> bool:
        return False

    __hash__ = None  # type: ignore[assignment]


_UNSURE: Any = _Unsure()


def differences(old: FrontDoor, new: FrontDoor) -> tuple[Difference, ...]:
    """Return what of `new` is not as in `old`, in the order of `new`. Front doors of different kinds are not compared."""
    if isinstance(old, RestApi) and isinstance(new, RestApi):
        return tuple(_rest(old, new))
    if isinstance(old, HttpApi) and isinstance(new, HttpApi):
        return tuple(_http(old, new))
    if isinstance(old, FunctionUrl) and isinstance(new, FunctionUrl):
        return tuple(_url(old, new))
    return ()


def _rest(old: RestApi, new: RestApi) -> Iterator[Difference]:
    was, now = ({(m.path, m.verb.upper()): m for m in each.methods} for each in (old, new))
    for key, method in now.items():
        before = was.get(key)
        label = f"{key[1]} {key[0]}"
        if before is None:
            yield Difference(label, None, "defined", method.span)
        else:
            yield from _changed(_facts(before), _facts(method), label, (before.span, method.span))
    for key, method in was.items():
        if key not in now:
            yield Difference(f"{key[1]} {key[0]}", "defined", None, method.span)
    yield from _gateway_responses(old, new)
    media = [_several(each.binary_media_types) for each in (old, new)]
    if media[0] != media[1]:
        yield Difference("the binary media types", _shown(media[0]), _shown(media[1]), new.span)


def _gateway_responses(old: RestApi, new: RestApi) -> Iterator[Difference]:
    was, now = ({g.type: g for g in each.gateway_responses} for each in (old, new))
    for type_, response in now.items():
        before = was.get(type_)
        label = f"the gateway response {type_}"
        span = response.span or new.span
        if before is None:
            yield Difference(label, None, "customised", span)
        else:
            spans = (before.span or old.span, span)
            yield from _changed(_headers(before.parameters), _headers(response.parameters), label, spans)
            statuses = [_one(before.status), _one(response.status)]
            # A status that one side does not name is the type's own.
            if None not in statuses and statuses[0] != statuses[1]:
                yield Difference(f"the status of {label}", _shown(statuses[0]), _shown(statuses[1]), span)
    for type_, response in was.items():
        if type_ not in now:
            yield Difference(f"the gateway response {type_}", "customised", None, response.span)


def _facts(method: RestMethod) -> dict[str, Any]:
    """Return what of a method decides whether a page gets through."""
    guard = method.authorizer
    kind = guard.value.kind if isinstance(guard, Known) and isinstance(guard.value, Authorizer) else None
    found: dict[str, Any] = {
        "authorization": (kind or "none") if isinstance(guard, Known) else _UNSURE,
        "an API key": "required" if _one(method.api_key_required) is True else "not required",
    }
    made = method.integration
    if isinstance(made, Mock | Mapped):
        for response in made.responses:
            named = f" with status {response.status.value}" if isinstance(response.status, Known) else ""
            several = len(made.responses) > 1
            for name, value in _headers(response.parameters).items():
                found[name + (named if several else "")] = value
    if isinstance(made, Mock):
        for media, text in made.request_templates:
            found[f"the request template for {media}"] = _squeezed(_one(text))
        found["content handling"] = _one(made.content_handling) or _NOT_SET
        found["passthrough"] = _one(made.passthrough)
    return found


def _headers(parameters: Parameters) -> dict[str, Any]:
    """Return the headers that matter to CORS, with AWS's mapping expressions as values."""
    return {
        _spelt(name): _one(value)
        for name, value in parameters
        if name.lower().startswith("access-control-") or name.lower() == "vary"
    }


def _spelt(name: str) -> str:
    return "-".join(part.capitalize() for part in name.split("-"))


def _changed(
    was: Mapping[str, Any], now: Mapping[str, Any], label: str, spans: tuple[Span, Span]
) -> Iterator[Difference]:
    for name in dict.fromkeys((*now, *was)):
        before, after = was.get(name), now.get(name)
        if before != after:
            yield Difference(f"{name} of {label}", _shown(before), _shown(after), spans[1], spans[0])


def _http(old: HttpApi, new: HttpApi) -> Iterator[Difference]:
    yield from _cors(old.cors, new.cors, new.span)
    was, now = ({(r.method, r.path): r for r in each.routes} for each in (old, new))
    for key, route in now.items():
        before = was.get(key)
        label = "$default" if key[1] == "$default" else f"{key[0]} {key[1]}"
        if before is None:
            yield Difference(label, None, "defined", route.span)
        else:
            kinds = [each.authorizer.kind if each.authorizer else "none" for each in (before, route)]
            if kinds[0] != kinds[1]:
                yield Difference(f"authorization of {label}", kinds[0], kinds[1], route.span, before.span)
    for key, route in was.items():
        if key not in now:
            label = "$default" if key[1] == "$default" else f"{key[0]} {key[1]}"
            yield Difference(label, "defined", None, route.span)


def _url(old: FunctionUrl, new: FunctionUrl) -> Iterator[Difference]:
    yield from _cors(old.cors, new.cors, new.span)
    if _one(old.auth_type) != _one(new.auth_type):
        yield Difference("AuthType", _shown(_one(old.auth_type)), _shown(_one(new.auth_type)), new.span)


def _cors(old: Any, new: Any, span: Span) -> Iterator[Difference]:
    if not (isinstance(old, Known) and isinstance(new, Known)):
        return
    was: HttpApiCors | FunctionUrlCors | None = old.value
    now: HttpApiCors | FunctionUrlCors | None = new.value
    if was is None and now is None:
        return
    if was is None or now is None:
        texts = [None if each is None else "set" for each in (was, now)]
        yield Difference("the CORS configuration", texts[0], texts[1], span)
        return
    for name, attribute in _LISTS:
        before, after = (_several(getattr(each, attribute)) for each in (was, now))
        if before != after:
            yield Difference(name, _shown(before), _shown(after), now.span or span)
    for name, attribute in _SINGLE:
        before, after = (_one(getattr(each, attribute)) for each in (was, now))
        # What is not set and what is false are one to a browser.
        if (before or None) != (after or None):
            yield Difference(name, _shown(before), _shown(after), now.span or span)


def _one(value: Any) -> Any:
    if value is None:
        return None
    if isinstance(value, Unknown | OneOf):
        return _UNSURE
    plain = value.value
    return plain.strip() if isinstance(plain, str) else plain


def _squeezed(text: Any) -> Any:
    return re.sub(r"\s+", "", text) if isinstance(text, str) else text


def _several(value: Any) -> Any:
    """Return a list setting as it is compared: in lower case, in no order; () where it is not set."""
    if value is None:
        return ()
    if not isinstance(value, Known):
        return _UNSURE
    items: list[Text] = list(value.value)
    if not all(isinstance(item, Known) for item in items):
        return _UNSURE
    return tuple(sorted({item.value.lower() for item in items if isinstance(item, Known)}))


def _shown(value: Any) -> str | None:
    if value is None or value == () or isinstance(value, _Unsure):
        return None
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def said(difference: Difference, old: str, new: str) -> str:
    """Return a difference as a phrase. `old` and `new` name the two sides: "the stage serves", "defined is"."""
    if difference.new is None and difference.old in ("defined", "customised", "set"):
        return f"{difference.what} ({old} it, {new} not)"
    if difference.old is None and difference.new in ("defined", "customised", "set"):
        return f"{difference.what} (new)"
    return f"{difference.what} ({old} {difference.old or 'none'}, {new} {difference.new or 'none'})"
