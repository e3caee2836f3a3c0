"""FunctionUrlConfig of SAM functions. Source: the SAM developer guide, "FunctionUrlConfig"."""

from __future__ import annotations

from corsmith.api.function_url import FunctionUrl, FunctionUrlCors
from corsmith.api.span import Span
from corsmith.api.value import Known, Step, Text, Unknown, Value
from corsmith.readers.cloudformation.url import cors_from, permissions
from corsmith.readers.intrinsics import intrinsic
from corsmith.readers.nodes import Entry, Mapping, Scalar, Sequence
from corsmith.readers.reading import Reading
from corsmith.readers.refusals import Refusals
from corsmith.readers.template import Resource

KEYS = ("AllowOrigins", "AllowMethods", "AllowCredentials", "AllowHeaders", "ExposeHeaders", "MaxAge")


def function_url(reading: Reading, resource: Resource, properties: Mapping, refusals: Refusals) -> FunctionUrl | None:
    """Return the Function URL of a SAM function, None where it has none."""
    entry = properties.entry("FunctionUrlConfig")
    config = reading.mapping(entry.value) if entry is not None else None
    if entry is None or config is None:
        return None
    name = resource.name + "Url"
    auth = reading.text(config.get("AuthType"))
    if auth is None or (isinstance(auth, Known) and auth.value not in ("NONE", "AWS_IAM")):
        message = f"FunctionUrlConfig of {resource.name} needs an AuthType of NONE or AWS_IAM."
        node = config.get("AuthType")
        refusals.add("missing", node.span if node is not None else entry.span, message, api=name)
    return FunctionUrl(
        name,
        entry.span,
        Known(resource.name, resource.span),
        auth or Unknown("AuthType is not set", entry.span),
        reading.text(config.get("InvokeMode")) or Known("BUFFERED"),
        cors_of(reading, config, name, refusals),
        *_permissions(reading, resource, auth, entry.value.span),
    )


def _permissions(
    reading: Reading, resource: Resource, auth: Text | None, span: Span
) -> tuple[Value[bool], Value[bool]]:
    """SAM writes both for NONE and neither for AWS_IAM; then those count that the template writes itself."""
    if isinstance(auth, Known) and auth.value == "NONE":
        return _written(span), _written(span)
    return permissions(reading, resource.name)


def _written(span: Span) -> Known[bool]:
    return Known(True, span, (Step("made by SAM from FunctionUrlConfig", span),))


def cors_of(reading: Reading, config: Mapping, name: str, refusals: Refusals) -> Value[FunctionUrlCors | None]:
    """Return the Cors settings of a Function URL."""

    def settings(own: object, span: Span) -> FunctionUrlCors | None:
        if not isinstance(own, Mapping):
            refusals.add(
                "wrong-type", span, f"Cors of {name} must be a mapping with AllowOrigins.", api=name, key="Cors"
            )
            return None
        for entry in own.entries:
            if entry.key.text not in KEYS:
                message = f"Cors of {name} has no setting {entry.key.text}; it has {', '.join(KEYS)}."
                refusals.add("unknown-key", entry.key.span, message, api=name, key=entry.key.text)
            else:
                _check_type(reading, entry, name, refusals)
        return cors_from(reading, own)

    return reading.built(config.get("Cors"), settings)


def _check_type(reading: Reading, entry: Entry, name: str, refusals: Refusals) -> None:
    """Note a value of the wrong type; what a function of the template gives is not looked at, as SAM has it."""
    node, key = entry.value, entry.key.text
    if intrinsic(node) is not None:
        return
    if key == "AllowCredentials":
        fits, wanted = isinstance(node, Scalar) and node.kind == "bool", "true or false"
    elif key == "MaxAge":
        fits, wanted = isinstance(node, Scalar) and node.kind in ("int", "bool"), "a number of seconds"
    else:
        fits, wanted = isinstance(node, Sequence), "a list"
    if not fits:
        refusals.add("wrong-type", node.span, f"{key} of {name} must be {wanted}.", api=name, key=key)
