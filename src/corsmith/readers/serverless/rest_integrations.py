"""The integrations of http events, and the responses of those that are no proxies.

Source: the guide "REST API (API Gateway v1)", "Lambda Integration", "Request templates", "Responses".
"""

from __future__ import annotations

from msgspec import Struct

from corsmith.api.span import Span
from corsmith.readers.nodes import Mapping, Node, Scalar

from .parts import Unresolved, attribute, entries_of, get, is_on, listed, made, on, record, term, text_of
from .rest_calls import Call
from .rest_cors import origin_of_responses
from .rest_templates import FORM_EVENT, JSON_EVENT

_HEADER = "method.response.header."
_ANY = "[\\s\\S]*"
_PATTERNS = {
    "200": "",
    **{code: f"{_ANY}\\[{code}\\]{_ANY}" for code in ("400", "401", "403", "404", "422")},
    "500": f"{_ANY}(Process\\s?exited\\s?before\\s?completing\\s?request|\\[500\\]){_ANY}",
    "502": f"{_ANY}\\[502\\]{_ANY}",
    "504": f"({_ANY}\\[504\\]{_ANY})|(.*Task timed out after \\d+\\.\\d+ seconds$)",
}
"""Which errors of the function become which status, where the service does not say."""
_MAPPED = ("AWS", "HTTP", "MOCK")


def integration(call: Call) -> Node:
    """Return the integration of a method."""
    span, kind, request = call.span, call.integration, call.settings.get("request")
    own: list[tuple[str, Node | None]] = [("Type", term(kind) if kind else call.settings.get("integration"))]
    if kind in ("AWS", "AWS_PROXY"):
        own.append(("Uri", attribute(call.event.function.id, "Arn", span)))
    elif kind in ("HTTP", "HTTP_PROXY"):
        own.append(("Uri", get(request, "uri")))
    if kind in _MAPPED:
        passing = get(request, "passThrough")
        if passing is None and kind == "AWS":
            passing = made("NEVER", span, "no passThrough")
        own += [
            ("PassthroughBehavior", passing),
            ("ContentHandling", get(request, "contentHandling")),
            ("RequestTemplates", _request_templates(call, request, span)),
            ("IntegrationResponses", _responses(call)),
        ]
    return record(span, own)


def _request_templates(call: Call, request: Node | None, span: Span) -> Node:
    found: dict[str, Node] = {}
    if call.integration == "AWS":
        found["application/json"] = made(JSON_EVENT, span, "integration")
        found["application/x-www-form-urlencoded"] = made(FORM_EVENT, span, "integration")
    for entry in entries_of(get(request, "template")):
        if get(request, "template", entry.key.text) is None:
            found.pop(entry.key.text, None)
        else:
            found[entry.key.text] = entry.value
    return record(span, found.items())


class Status(Struct, frozen=True):
    """A status of a non-proxy method: its code, its settings, and its pattern where Serverless makes that."""

    code: Scalar
    settings: Node | None = None
    pattern: Node | None = None


def _statuses(call: Call) -> tuple[Status, ...]:
    response = call.settings.get("response")
    given = entries_of(get(response, "statusCodes"))
    if not given:
        if response is None and call.integration != "AWS":
            return ()
        span = response.span if response is not None else call.span
        return tuple(
            Status(made(code, span, "integration"), pattern=made(pattern, span, "integration"))
            for code, pattern in _PATTERNS.items()
        )
    found = {entry.key.text: Status(entry.key, entry.value) for entry in given}
    if not any(text_of(get(entry.value, "pattern")) == "" for entry in given):
        span = given[0].key.span
        found["200"] = Status(made("200", span, "statusCodes"), pattern=made("", span, "statusCodes"))
    return tuple(sorted(found.values(), key=lambda each: (len(each.code.text), each.code.text)))


def _headers(call: Call) -> list[tuple[str, Node]]:
    """Return the headers that every status sends."""
    found: dict[str, Node] = {}
    cors = call.cors
    if cors is not None:
        found["Access-Control-Allow-Origin"] = origin_of_responses(cors)
        credentials = get(cors, "allowCredentials")
        if credentials is not None and is_on(credentials):
            unknown = isinstance(credentials, Unresolved)
            value = credentials if unknown else made("true", credentials.span, "allowCredentials")
            found["Access-Control-Allow-Credentials"] = value
    for entry in entries_of(get(call.settings.get("response"), "headers")):
        found[entry.key.text] = entry.value
    return list(found.items())


def _of_status(call: Call, settings: Node | None) -> list[tuple[str, Node]]:
    found = dict(_headers(call))
    found.update((entry.key.text, entry.value) for entry in entries_of(get(settings, "headers")))
    return list(found.items())


def _responses(call: Call) -> Node:
    span = call.span
    template = get(call.settings.get("response"), "template")
    handling = get(call.settings.get("response"), "contentHandling")
    items: list[Node] = []
    for status in _statuses(call):
        code, settings, default = status.code, status.settings, status.pattern
        place = settings.span if settings is not None else span
        templates: dict[str, Node] = {}
        if template is not None:
            templates["application/json"] = template
        own = get(settings, "template")
        if isinstance(own, Mapping):
            templates.update({entry.key.text: entry.value for entry in own.entries})
        elif own is not None:
            templates["application/json"] = own
        items.append(
            record(
                place,
                [
                    ("StatusCode", code),
                    ("SelectionPattern", get(settings, "pattern") or default or made("", place, "statusCodes")),
                    ("ResponseParameters", record(place, [(_HEADER + n, v) for n, v in _of_status(call, settings)])),
                    ("ResponseTemplates", record(place, templates.items())),
                    ("ContentHandling", handling if code.text.startswith("2") else None),
                ],
            )
        )
    return listed(span, items)


def method_responses(call: Call) -> Node | None:
    """Return the statuses and headers that a non-proxy method declares."""
    if call.integration not in _MAPPED:
        return None
    items: list[Node] = []
    for status in _statuses(call):
        names = [(_HEADER + name, on(call.span)) for name, _ in _of_status(call, status.settings)]
        items.append(record(call.span, [("StatusCode", status.code), ("ResponseParameters", record(call.span, names))]))
    return listed(call.span, items)
