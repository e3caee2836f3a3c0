"""Requests and answers between the wire and Python, by botocore's service models: REST with JSON bodies."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any
from urllib.parse import parse_qs, unquote

import botocore.session
from botocore.model import OperationModel, Shape

SERVICES = ("apigateway", "apigatewayv2", "lambda")


class Operation:
    """An operation with the pattern of its address."""

    def __init__(self, service: str, model: OperationModel) -> None:
        self.service = service
        self.name = model.name
        self.model = model
        uri = model.http["requestUri"].partition("?")[0].rstrip("/")
        names = re.findall(r"{(\w+)\+?}", uri)
        pattern = re.escape(uri)
        for name in names:
            pattern = pattern.replace(re.escape("{" + name + "}"), f"(?P<{name}>[^/]+)")
            pattern = pattern.replace(re.escape("{" + name + "+}"), f"(?P<{name}>.+)")
        self.method = model.http["method"]
        self.pattern = re.compile(pattern + "/?$")
        # What is fixed says more than a name.
        self.rank = (len(names), -len(uri))


@cache
def operations() -> tuple[Operation, ...]:
    session = botocore.session.Session()
    found = []
    for service in SERVICES:
        model = session.get_service_model(service)
        found += [Operation(service, model.operation_model(name)) for name in model.operation_names]
    return tuple(sorted(found, key=lambda each: each.rank))


def read(method: str, target: str, headers: dict[str, str], body: bytes) -> tuple[Operation, dict[str, Any]] | None:
    """Return the operation that a request asks for, and its parameters by their members' names."""
    path, _, query = target.partition("?")
    for operation in operations():
        matched = operation.pattern.match(path) if operation.method == method else None
        if matched is None:
            continue
        shape = operation.model.input_shape
        given: dict[str, Any] = {}
        sent = json.loads(body) if body else {}
        asked = parse_qs(query, keep_blank_values=True)
        for name, member in shape.members.items() if shape is not None else ():
            place, wire = member.serialization.get("location"), member.serialization.get("name", name)
            if place == "uri":
                given[name] = unquote(matched[wire])
            elif place == "querystring" and member.type_name == "map":
                given[name] = {key: each[0] for key, each in asked.items() if key not in ("mode",)}
            elif place == "querystring" and wire in asked:
                given[name] = asked[wire] if member.type_name == "list" else asked[wire][0]
            elif place == "header" and wire in headers:
                given[name] = headers[wire]
            elif place is None and wire in sent:
                given[name] = from_wire(member, sent[wire])
        return operation, given
    return None


def from_wire(shape: Shape, value: Any) -> Any:
    """Return a value with members' names in place of those on the wire."""
    if value is None:
        return None
    if shape.type_name == "structure":
        names = {member.serialization.get("name", name): (name, member) for name, member in shape.members.items()}
        return {names[key][0]: from_wire(names[key][1], each) for key, each in value.items()}
    if shape.type_name == "list":
        return [from_wire(shape.member, each) for each in value]
    if shape.type_name == "map":
        return {key: from_wire(shape.value, each) for key, each in value.items()}
    return value


def to_wire(shape: Shape | None, value: Any) -> Any:
    """Return a value with the names on the wire; what the shape does not have is left out."""
    if shape is None or value is None:
        return value
    if shape.type_name == "structure":
        return {
            member.serialization.get("name", name): to_wire(member, value[name])
            for name, member in shape.members.items()
            if name in value and value[name] is not None
        }
    if shape.type_name == "list":
        return [to_wire(shape.member, each) for each in value]
    if shape.type_name == "map":
        return {key: to_wire(shape.value, each) for key, each in value.items()}
    return value
