"""Request validators of a definition: what a request must bring."""

from __future__ import annotations

from corsmith.api.value import Known
from corsmith.readers.nodes import Mapping, Sequence
from corsmith.readers.reading import Reading

_KEY = "x-amazon-apigateway-request-validator"
_PLACES = {"header": "header", "query": "querystring", "path": "path"}


def validates(reading: Reading, root: Mapping, item: Mapping | None, operation: Mapping) -> tuple[str, ...]:
    """Return what the validator of an operation checks: "body", "header x-tenant", "querystring page"."""
    name = reading.text(operation.get(_KEY)) or reading.text(root.get(_KEY))
    if not isinstance(name, Known):
        return ()
    validator = reading.mapping(reading.at(root, _KEY + "s", name.value))
    if validator is None:
        return ()
    found: list[str] = []
    if reading.is_on(validator.get("validateRequestBody")) and _has_model(reading, operation):
        found.append("body")
    if reading.is_on(validator.get("validateRequestParameters")):
        for holder in (item, operation):
            listed = holder.get("parameters") if holder is not None else None
            for each in listed.items if isinstance(listed, Sequence) else ():
                parameter = reading.mapping(each)
                place = reading.text(parameter.get("in")) if parameter is not None else None
                named = reading.text(parameter.get("name")) if parameter is not None else None
                if parameter is None or not isinstance(place, Known) or not isinstance(named, Known):
                    continue
                if place.value in ("header", "query") and reading.is_on(parameter.get("required")):
                    found.append(f"{_PLACES[place.value]} {named.value}")
    return tuple(found)


def _has_model(reading: Reading, operation: Mapping) -> bool:
    """Say whether an operation says what a body is like: without that none is validated."""
    if operation.get("requestBody") is not None:
        return True
    listed = operation.get("parameters")
    places = (
        reading.text(own.get("in"))
        for each in (listed.items if isinstance(listed, Sequence) else ())
        if (own := reading.mapping(each)) is not None
    )
    return any(isinstance(place, Known) and place.value == "body" for place in places)
